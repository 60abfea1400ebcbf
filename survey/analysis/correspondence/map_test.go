package correspondence_test

import (
	"math"
	"strings"
	"testing"

	"surveykit/datasets/reference"
	"surveykit/survey"
	"surveykit/survey/analysis/correspondence"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// rounding is what a decomposition loses, and sums in another order.
const rounding = 1e-8

func sample(t *testing.T, text string, d survey.Design, by ...string) *estimate.Sample {
	t.Helper()
	return over(t, sampletest.Read(t, text), d, by...)
}

func over(t *testing.T, table *survey.Table, d survey.Design, by ...string) *estimate.Sample {
	t.Helper()
	return sampletest.In(t, table, d, estimate.Options{By: by})
}

func twostage(t *testing.T) string {
	t.Helper()
	raw, err := reference.File("twostage.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var design = survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}

// The table of smokers by rank (Greenacre 1984), people by weights: figures as
// R package ca 0.71 prints them, and the mass of a rank its share of the 193.
func TestPublishedTableByWeights(t *testing.T) {
	ranks := []string{"SM", "JM", "SE", "JE", "SC"}
	var b strings.Builder
	b.WriteString("rank,smokes,w\n")
	for i, row := range [][]string{{"4", "2", "3", "2"}, {"4", "3", "7", "4"}, {"25", "10", "12", "4"}, {"18", "24", "33", "13"}, {"10", "6", "7", "2"}} {
		for j, n := range row {
			b.WriteString(ranks[i] + "," + []string{"none", "light", "medium", "heavy"}[j] + "," + n + "\n")
		}
	}
	m, err := correspondence.Make(sample(t, b.String(), survey.Design{Weight: "w"}), correspondence.Options{Rows: "rank", Columns: []string{"smokes"}})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(m.Inertia.Float()-0.08519) > 1e-5 || math.Abs(m.Axes[0].Share.Float()-0.878) > 5e-4 {
		t.Errorf("inertia %.5f, of it %.4f on the first axis; by ca 0.08519 and 0.878", m.Inertia.Float(), m.Axes[0].Share.Float())
	}
	for _, p := range m.Points {
		if p.Label == "SE" && (math.Abs(math.Abs(p.Coordinates[0].Value.Float())-0.3806) > 1e-4 || math.Abs(p.Mass.Float()-51./193) > rounding || math.Abs(p.Contributions[0].Float()-0.512) > 5e-4) {
			t.Errorf("senior employees: %+v, by ca ±0.3806", p)
		}
	}
}

// A group's coordinate is the mean of its answers' standard coordinates, an
// answer's that of its groups', with the errors that means have; a supplementary
// variable that is the groups' own lies where they do.
func TestPointsAreMeans(t *testing.T) {
	s := sample(t, twostage(t), design)
	m, err := correspondence.Make(s, correspondence.Options{Rows: "age_bracket", Columns: []string{"trust"}, Supplementary: []string{"age_bracket", "gender"}})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[correspondence.Kind][]correspondence.Point{}
	for _, p := range m.Points {
		kinds[p.Kind] = append(kinds[p.Kind], p)
	}
	groups, answers := kinds[correspondence.Group], kinds[correspondence.Answer]
	againstMeans(t, s.Table(), "age_bracket", "trust", groups, answers, m.Axes)
	againstMeans(t, s.Table(), "trust", "age_bracket", answers, groups, m.Axes)
	for i, p := range groups {
		q := kinds[correspondence.Supplementary][i]
		if q.Label != p.Label || !same(p.Coordinates[0], q.Coordinates[0]) || !same(p.Coordinates[1], q.Coordinates[1]) || math.Abs(p.Quality.Float()-q.Quality.Float()) > rounding {
			t.Errorf("%s as group %+v, as supplementary %+v", p.Label, p, q)
		}
	}
	var parts, masses float64
	for _, p := range groups {
		parts, masses = parts+p.Inertia.Float(), masses+p.Mass.Float()
		e := p.Ellipse
		if !(e.Major.Float() >= e.Minor.Float() && e.Minor.Float() > 0) || e.Major.Float() < 2*max(p.Coordinates[0].SE.Float(), p.Coordinates[1].SE.Float()) {
			t.Errorf("%s: ellipse %+v around errors of %g and %g", p.Label, e, p.Coordinates[0].SE.Float(), p.Coordinates[1].SE.Float())
		}
	}
	if math.Abs(parts-1) > rounding || math.Abs(masses-1) > rounding {
		t.Errorf("inertias of the groups add to %g, masses to %g", parts, masses)
	}
}

// againstMeans holds points to Sample.Means of the other side's standard
// coordinates, which are principal ones over the root of the inertia.
func againstMeans(t *testing.T, table *survey.Table, of, by string, points, others []correspondence.Point, axes []correspondence.Axis) {
	t.Helper()
	c := survey.Classify(table.Lookup(by))
	at := map[string]correspondence.Point{}
	for _, p := range others {
		at[p.Label] = p
	}
	for d := range 2 {
		v := &survey.Variable{Name: "standard", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
		for i, k := range c.Index.All() {
			if v.Numbers.Set(i, math.NaN()); k >= 0 {
				v.Numbers.Set(i, at[c.Labels[k]].Coordinates[d].Value.Float()/math.Sqrt(axes[d].Inertia.Float()))
			}
		}
		means, err := over(t, table.With(v), design, of).Means([]string{"standard"})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range points {
			if !same(p.Coordinates[d], means[i]) {
				t.Errorf("%s %s, axis %d: %+v, as a mean %+v", of, p.Label, d+1, p.Coordinates[d], means[i])
			}
		}
	}
}

func same(a, b survey.Estimate) bool {
	return a.N == b.N && a.DF.Float() == b.DF.Float() && math.Abs(a.Value.Float()-b.Value.Float()) < rounding && math.Abs(a.SE.Float()-b.SE.Float()) < rounding
}

// A set counts each chosen item, and several variables stand side by side: the
// table's total is the number of answers.
func TestSetsAndSeveralVariables(t *testing.T) {
	s := sample(t, twostage(t), design)
	one := survey.NumberValue(1)
	table := *s.Table()
	table.Sets = []survey.MultipleResponse{{Name: "rewards", Variables: []string{"reward_cash", "reward_points", "reward_discount"}, Counted: &one}}
	s = over(t, &table, design)
	m, err := correspondence.Make(s, correspondence.Options{Rows: "age_bracket", Columns: []string{"rewards", "gender"}})
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, p := range m.Points {
		if p.Kind == correspondence.Answer {
			labels = append(labels, p.Variable+" "+p.Label)
		}
	}
	if got := strings.Join(labels, "; "); got != "rewards reward_cash; rewards reward_points; rewards reward_discount; gender female; gender male" {
		t.Errorf("answers %s", got)
	}
}

func TestWhatCannotBeMapped(t *testing.T) {
	s := sample(t, twostage(t), design)
	for _, c := range []struct {
		ask  correspondence.Options
		want []string
	}{
		{correspondence.Options{Rows: "age_braket", Columns: []string{"trsut", "gender", "gender"}, Supplementary: []string{"gendr"}},
			[]string{"did you mean age_bracket", "did you mean trust", "given twice", "did you mean gender"}},
		{correspondence.Options{Rows: "gender", Columns: []string{"trust"}}, []string{"2 groups and", "a map needs 3 of each"}},
		{correspondence.Options{Rows: "age_bracket", Columns: []string{"spend"}}, []string{"different answers; a map takes at most 100"}},
	} {
		_, err := correspondence.Make(s, c.ask)
		if _, ok := err.(survey.Problems); !ok {
			t.Errorf("%+v: %v is no list of problems", c.ask, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v\ndoes not say %q", err, want)
			}
		}
	}
}
