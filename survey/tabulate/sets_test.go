package tabulate_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// media are nine people and a set of three. Four answered, one of them that
// none applies; 5 refused, 6 left all blank, 7 and 8 were not asked, and 9 was
// asked one item of three, which it refused.
func media() *survey.Table {
	nan := math.NaN()
	one := survey.NumberValue(1)
	t := people(map[string][]float64{
		"tv":    {1, 1, 0, 0, 9, nan, 8, 8, 8},
		"radio": {1, 0, 0, 0, 9, nan, 8, nan, 9},
		"web":   {0, 0, 1, 0, 9, nan, 8, nan, 8},
		"w":     {1, 2, 1, 2, 1, 2, 4, 5, 1},
	})
	for _, v := range t.Variables {
		if v.Name != "w" {
			v.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused), survey.MissingNumber(8, survey.NotAsked)}
		}
	}
	t.Sets = []survey.MultipleResponse{{Name: "media", Variables: []string{"tv", "radio", "web"}, Counted: &one}}
	return t
}

func broadcast() survey.NetList {
	return survey.NetList{{Label: "Broadcast", Values: []survey.Value{survey.TextValue("tv"), survey.TextValue("radio")}}}
}

// TestSetBases: of 6 by weight who answered, 3 chose television, 1 the radio
// too: the net is 3 of 6, where a sum would be 4 of 6. Another 2 were asked, and 4
// where leaving all items blank is an answer that was not given.
func TestSetBases(t *testing.T) {
	for base, c := range map[string]struct {
		rows   string
		shares []float64
		n      int
	}{
		"":          {"tv, radio, web, Broadcast", []float64{3 / 6., 1 / 6., 1 / 6., 3 / 6.}, 4},
		"valid":     {"tv, radio, web, Broadcast", []float64{3 / 6., 1 / 6., 1 / 6., 3 / 6.}, 4},
		"all":       {"tv, radio, web, No answer, Broadcast", []float64{3 / 8., 1 / 8., 1 / 8., 2 / 8., 3 / 8.}, 6},
		"blank":     {"tv, radio, web, No answer, Broadcast", []float64{3 / 10., 1 / 10., 1 / 10., 4 / 10., 3 / 10.}, 7},
		"responses": {"tv, radio, web", []float64{3 / 5., 1 / 5., 1 / 5.}, 4},
	} {
		row := survey.RowSpec{Variable: "media", Base: base, Nets: broadcast()}
		if base == "responses" {
			row.Nets = nil
		}
		table := media()
		if base == "blank" {
			leftBlank(table, "tv", "radio", "web")
			row.Base = "all"
		}
		out := makeTable(t, table, survey.TableSpec{Rows: []survey.RowSpec{row}})
		wantText(t, base, stub(out), c.rows)
		want(t, base, column(out, 0), c.shares...)
		if base != "responses" && out.Columns[0].N != c.n {
			t.Errorf("base %q on %d, want %d", base, out.Columns[0].N, c.n)
		}
		if legend := strings.Join(out.Legend, " "); strings.Contains(legend, "everybody who was asked") != (row.Base == "all") {
			t.Errorf("base %q: legend %s", base, legend)
		}
	}
}

// TestSetRowsInPlace: nets of a set stand over their answers, all are sorted
// but for the pinned one, and those without an answer stay last.
func TestSetRowsInPlace(t *testing.T) {
	row := survey.RowSpec{Variable: "media", Base: "all", Nets: broadcast(), Place: "above"}
	out := makeTable(t, media(), survey.TableSpec{Rows: []survey.RowSpec{row}, Sort: &survey.SortSpec{Order: "descending", Pin: []string{"tv"}}})
	wantText(t, "above, descending", stub(out), "Broadcast, >radio, >tv, web, No answer")
	row.Place, row.Categories = "", []survey.Value{survey.TextValue("web"), survey.TextValue("tv")}
	out = makeTable(t, media(), survey.TableSpec{Rows: []survey.RowSpec{row}})
	wantText(t, "chosen answers", stub(out), "web, tv, Broadcast")
}

func TestSetRefuses(t *testing.T) {
	for want, row := range map[string]survey.RowSpec{
		"not a share of the responses": {Variable: "media", Base: "responses", Nets: broadcast()},
		"no scale":                     {Variable: "media", Top: 1},
		`no category "tvv"`:            {Variable: "media", Categories: []survey.Value{survey.TextValue("tvv")}},
	} {
		if _, err := tryTable(t, media(), survey.TableSpec{Rows: []survey.RowSpec{row}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from: %v", want, err)
		}
	}
}

// A net of a set is the share of those for whom an expression joins its answers
// by or: figure, standard error, limits, df and base. It is never under its
// largest answer and never over their sum.
func TestSetNetIsAUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genSurvey(t)
		for _, name := range []string{"a", "b"} {
			v := number(name, make([]float64, in.Rows))
			for i := range v.Numbers.Len() {
				v.Numbers.Set(i, float64(rapid.IntRange(0, 1).Draw(t, name)))
			}
			in.Variables = append(in.Variables, v)
		}
		one := survey.NumberValue(1)
		in.Sets = []survey.MultipleResponse{{Name: "set", Variables: []string{"a", "b"}, Counted: &one}}
		either := survey.NetList{{Label: "Either", Values: []survey.Value{survey.TextValue("a"), survey.TextValue("b")}}}
		out := tabulated(t, in, 0, survey.TableSpec{Columns: names("g"), Rows: []survey.RowSpec{{Variable: "set", Nets: either}, {Share: "a == 1 or b == 1"}}})
		for c := range out.Columns {
			net, share := out.Cells[2][c].Estimate, out.Cells[3][c].Estimate
			same := func(a, b survey.Figure) bool { return !unequal(a.Float(), b.Float()) }
			if net.N != share.N || !same(net.Value, share.Value) || !same(net.SE, share.SE) || !same(net.Low, share.Low) || !same(net.DF, share.DF) {
				t.Fatalf("column %d: net %+v, share %+v", c, net, share)
			}
			a, b := value(out, 0, c), value(out, 1, c)
			if x := value(out, 2, c); x < max(a, b)-digits || x > a+b+digits {
				t.Fatalf("net %v of %v and %v", x, a, b)
			}
		}
	})
}

// TestColumnsOfASetOverlap: columns of a set share respondents. Of 120 people 60
// chose a, 60 chose b and 20 both; 40 and 20 of those agree, 10 of them in both.
// The difference 1/3 has the variance Σ(u_a − u_b)²·120/119 with u the
// respondents' parts (y − p)/60, summed below by kind of respondent.
func TestColumnsOfASetOverlap(t *testing.T) {
	one := survey.NumberValue(1)
	columns := map[string][]float64{}
	var sum float64
	for _, kind := range []struct{ a, b, agree, n float64 }{{1, 0, 1, 30}, {1, 0, 0, 10}, {0, 1, 1, 10}, {0, 1, 0, 30}, {1, 1, 1, 10}, {1, 1, 0, 10}, {0, 0, 1, 5}, {0, 0, 0, 15}} {
		u := (kind.a*(kind.agree-2/3.) - kind.b*(kind.agree-1/3.)) / 60
		sum += kind.n * u * u
		for range int(kind.n) {
			columns["a"], columns["b"], columns["agree"] = append(columns["a"], kind.a), append(columns["b"], kind.b), append(columns["agree"], kind.agree)
		}
	}
	table := people(columns)
	table.Sets = []survey.MultipleResponse{{Name: "set", Variables: []string{"a", "b"}, Counted: &one}}
	out := made(t, table, &survey.Study{Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Share: "agree == 1"}}, Columns: names("set")}}})
	i := slices.IndexFunc(out.Comparisons, func(c survey.LetterTest) bool { return c.Column == 1 && c.Against == 2 })
	if i < 0 {
		t.Fatalf("comparisons %+v", out.Comparisons)
	}
	closeTo(t, "difference", out.Comparisons[i].Difference, 1/3., sumTolerance)
	closeTo(t, "its error", out.Comparisons[i].SE, math.Sqrt(sum*120/119), sumTolerance)
	if out.Cells[0][1].Letters != "B" {
		t.Errorf("letters %q and %q", out.Cells[0][1].Letters, out.Cells[0][2].Letters)
	}
}

// TestNetsOfASetTellNothingHidden: 3 people of group 1 chose a, so its figures
// are hidden; the net of a and b less b would tell of them, that of b and c not.
func TestNetsOfASetTellNothingHidden(t *testing.T) {
	one := survey.NumberValue(1)
	columns := map[string][]float64{}
	for _, kind := range []struct{ group, a, b, c, n float64 }{
		{1, 1, 0, 0, 3}, {1, 0, 1, 0, 40}, {1, 0, 0, 1, 40}, {1, 0, 0, 0, 40},
		{2, 1, 0, 0, 40}, {2, 0, 1, 0, 40}, {2, 0, 0, 1, 40}, {2, 0, 0, 0, 40},
	} {
		for range int(kind.n) {
			for name, x := range map[string]float64{"group": kind.group, "a": kind.a, "b": kind.b, "c": kind.c} {
				columns[name] = append(columns[name], x)
			}
		}
	}
	table := people(columns)
	table.Sets = []survey.MultipleResponse{{Name: "set", Variables: []string{"a", "b", "c"}, Counted: &one}}
	label := func(names ...string) (out []survey.Value) {
		for _, n := range names {
			out = append(out, survey.TextValue(n))
		}
		return out
	}
	nets := survey.NetList{{Label: "a or b", Values: label("a", "b")}, {Label: "b or c", Values: label("b", "c")}}
	out := made(t, table, &survey.Study{Quality: survey.QualitySpec{Confidential: 5}, Tables: []survey.TableSpec{
		{ID: "t", Rows: []survey.RowSpec{{Variable: "set", Nets: nets}}, Columns: names("group")}}})
	hidden := strings.Join(hiddenCells(out), ", ")
	if !strings.Contains(hidden, "a|1") || !strings.Contains(hidden, "a or b|Total, a or b|1, a or b|2") || strings.Contains(hidden, "b or c") {
		t.Errorf("hidden %s", hidden)
	}
}
