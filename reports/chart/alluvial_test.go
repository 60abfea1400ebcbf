package chart_test

import (
	"strings"
	"testing"

	"surveykit/reports/chart"
	"surveykit/reports/chart/draw"
)

func drawFlows(f chart.Flows) func(chart.Options) (*draw.Picture, error) {
	return func(o chart.Options) (*draw.Picture, error) { return chart.Alluvial(f, o) }
}

// between are the flows from one stage to the next, row by row.
func between(stage int, rows ...[]float64) (all []chart.Flow) {
	for from, row := range rows {
		for to, w := range row {
			all = append(all, chart.Flow{Stage: stage, From: from, To: to, Weight: w})
		}
	}
	return all
}

// solutions compares three segments with four, whose order is of no meaning.
func solutions() chart.Flows {
	return chart.Flows{ID: "solutions", Title: "The fourth segment comes out of the pragmatists", Base: "all adults", N: 4272,
		Stages: []chart.Stage{
			{Name: "Three segments", Categories: []string{"Fundamentalists", "Pragmatists", "Unconcerned"}},
			{Name: "Four segments", Categories: []string{"Unconcerned", "Bargainers: give data away where a reward is offered", "Fundamentalists", "Pragmatists"}},
		},
		Flows: between(0, []float64{2, 5, 230, 13}, []float64{21, 160, 12, 290}, []float64{240, 24, 0, 3})}
}

// panel follows the same people through three waves of an ordered question.
func panel() chart.Flows {
	scale := []string{"Very concerned", "Somewhat concerned", "Not too concerned", "Not at all concerned", "Not asked again"}
	return chart.Flows{ID: "panel", Subtitle: "“How concerned are you about how companies use your data?”", Base: "panel members of 2019", N: 1204,
		Stages: []chart.Stage{{Name: "2019", Categories: scale[:4], Ordered: true}, {Name: "2021", Categories: scale, Ordered: true}, {Name: "2023", Categories: scale, Ordered: true}},
		Flows: append(between(0, []float64{210, 40, 10, 2, 30}, []float64{90, 240, 50, 10, 60}, []float64{20, 90, 130, 30, 40}, []float64{5, 20, 30, 60, 37}),
			between(1, []float64{260, 30, 8, 2, 25}, []float64{80, 230, 40, 5, 35}, []float64{10, 50, 110, 20, 30}, []float64{2, 10, 20, 50, 20}, []float64{0, 0, 0, 0, 167})...)}
}

// growing compares solutions of two to six segments.
func growing() chart.Flows {
	f := chart.Flows{ID: "growing", Title: "Segments divide as their number grows"}
	names := []string{"Fundamentalists", "Unconcerned", "Pragmatists", "Bargainers", "データを共有する人", "Undecided"}
	for n := 2; n <= 6; n++ {
		f.Stages = append(f.Stages, chart.Stage{Name: string(rune('0'+n)) + " segments", Categories: names[:n]})
	}
	share := []float64{0.55, 0.45}
	for s := range 4 {
		next := append(append([]float64{}, share...), 0)
		for c, w := range share {
			stay := w
			if c == s%len(share) {
				stay = w * 0.55
				f.Flows = append(f.Flows, chart.Flow{Stage: s, From: c, To: len(share), Weight: w - stay})
				next[c], next[len(share)] = stay, next[len(share)]+w-stay
			}
			f.Flows = append(f.Flows, chart.Flow{Stage: s, From: c, To: c, Weight: stay})
		}
		share = next
	}
	return f
}

func TestAlluvialSaysItsFlows(t *testing.T) {
	p, err := chart.Alluvial(chart.Flows{ID: "x",
		Stages: []chart.Stage{{Name: "Then", Categories: []string{"a", "b"}}, {Name: "Now", Categories: []string{"c", "d"}}},
		Flows:  append(between(0, []float64{1, 498}, []float64{300, 1}), chart.Flow{From: 1, To: 0, Weight: 200})}, chart.Options{})
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	root := parse(t, drawn)
	want := "Flows between groups. Then: a 50%, b 50%. From a: 50% to d, 0.1% to c. From b: 50% to c, 0.1% to d. Now: d 50%, c 50%."
	if root.Title != "Then → Now" || root.Desc != want {
		t.Errorf("%s: %s", root.Title, root.Desc)
	}
}

func TestAlluvialProblems(t *testing.T) {
	two := []chart.Stage{{Name: "Then", Categories: []string{"a", "b"}}, {Name: "Now", Categories: []string{"c"}}}
	for _, c := range []struct {
		name  string
		flows chart.Flows
		want  []string
	}{
		{"one stage", chart.Flows{Stages: two[:1]}, []string{"there are 1 stages", "2 to 5"}},
		{"an empty stage", chart.Flows{Stages: []chart.Stage{two[0], {Name: "Now"}}}, []string{`"Now" has 0 categories`}},
		{"nothing", chart.Flows{Stages: two}, []string{"nothing flows"}},
		{"all told", chart.Flows{Stages: two, Flows: []chart.Flow{{From: 2}, {Stage: 1}, {Stage: -1}, {From: 1, Weight: -1}}},
			[]string{"category 2 of stage 0", "category 0 of stage 1", "stage -1", `from "b" to "c" has the weight -1`}},
		{"lost people", chart.Flows{Stages: append(two, two[0]), Flows: []chart.Flow{{Weight: 100}, {Stage: 1, To: 1, Weight: 90}}},
			[]string{`100 come into "c" of "Now" and 90 leave it`, "a category of their own"}},
	} {
		c.flows.ID = "moves"
		_, err := chart.Alluvial(c.flows, chart.Options{})
		if err == nil {
			t.Errorf("%s: drawn all the same", c.name)
			continue
		}
		for _, want := range append(c.want, `the flows "moves"`) {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\ndoes not say %q", c.name, err, want)
			}
		}
	}
}
