package tabulate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/prepare"
)

// answers are 400 people's independent answers a to e, each 0 or 1.
func answers(seed uint64) *survey.Table {
	r := rand.New(rand.NewPCG(seed, 1))
	t := &survey.Table{Rows: 400}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		xs := make([]float64, t.Rows)
		for i := range xs {
			xs[i] = float64(r.IntN(2))
		}
		t.Variables = append(t.Variables, number(name, xs))
	}
	return t
}

// recoded is what prepare makes of a table for a study.
func recoded(t fataler, table *survey.Table, s *survey.Study) *survey.Table {
	out, faults, _ := prepare.Apply([]*survey.Table{table}, s, "")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return out
}

// isOne is name == 1, also where no row has that code.
func isOne(name string) string { return "(" + name + " >= 1 and " + name + " <= 1)" }

// Columns are tested in a row exactly where no variable that the row is made of
// is one that the columns are made of, over random chains of recodes.
func TestNothingThatHoldsByConstructionIsTested(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &survey.Study{Data: []survey.DataFile{{}}}
		leaves := map[string][]string{"a": {"a"}, "b": {"b"}, "c": {"c"}, "d": {"d"}, "e": {"e"}}
		names := []string{"a", "b", "c", "d", "e"}
		for k := range rapid.IntRange(0, 4).Draw(t, "recodes") {
			from := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 2, rapid.ID).Draw(t, "from")
			r := survey.Recode{Name: fmt.Sprint("r", k)}
			switch rapid.IntRange(0, 2).Draw(t, "way") {
			case 0: // of values that occur
				from = rapid.SliceOfNDistinct(rapid.SampledFrom(names[:5]), 1, 2, rapid.ID).Draw(t, "items")
				r.Count = &survey.CountSpec{Items: from, Values: []survey.Value{survey.NumberValue(1)}}
			case 1:
				r.Expression = isOne(from[0]) + " or " + isOne(from[len(from)-1])
			default:
				r.Rules = []survey.Rule{{Label: "all", Where: strings.Join(from, " >= 1 and ") + " >= 1"}, {Label: "others"}}
			}
			s.Recodes = append(s.Recodes, r)
			for _, name := range from {
				leaves[r.Name] = append(leaves[r.Name], leaves[name]...)
			}
			names = append(names, r.Name)
		}
		row, column := rapid.SampledFrom(names).Draw(t, "row"), rapid.SampledFrom(names).Draw(t, "column")
		shared := slices.ContainsFunc(leaves[row], func(x string) bool { return slices.Contains(leaves[column], x) })
		spec := survey.TableSpec{ID: "t", Columns: []survey.ColumnSpec{
			rapid.SampledFrom([]survey.ColumnSpec{{Variable: column}, {Where: isOne(column), Group: "g"}, {Nest: []string{"e", column}}}).Draw(t, "columns")}}
		if spec.Columns[0].Nest != nil {
			shared = shared || slices.Contains(leaves[row], "e")
		}
		spec.Rows = []survey.RowSpec{rapid.SampledFrom([]survey.RowSpec{{Variable: row}, {Share: isOne(row)}, {Mean: row}}).Draw(t, "rows")}
		spec.Tests.Against = rapid.SampledFrom([]string{"pairs", "rest", "previous"}).Draw(t, "against")
		s.Tables = []survey.TableSpec{spec}
		out := madeBy(t, recoded(t, answers(rapid.Uint64().Draw(t, "seed")), s), s)
		if shared && len(out.Comparisons) > 0 {
			t.Fatalf("%s by %s: %d tests", row, column, len(out.Comparisons))
		}
		for r := range out.Cells {
			for c := 1; c < len(out.Columns); c++ {
				if slices.Contains(out.Cells[r][c].Flags, survey.FlagCircular) != shared {
					t.Fatalf("%s by %s: flags %v, made of the same %t", row, column, out.Cells[r][c].Flags, shared)
				}
			}
		}
		told := slices.ContainsFunc(out.Legend, func(s string) bool { return strings.Contains(s, "by construction") })
		if pairs := len(out.Columns) > 2 || spec.Tests.Against == "rest"; told != (shared && pairs) && spec.Columns[0].Nest == nil {
			t.Fatalf("%s by %s, %s: legend %q", row, column, spec.Tests.Against, out.Legend)
		}
	})
}

// A change between the categories of a variable has no test in its own rows.
func TestChangesThatHoldByConstruction(t *testing.T) {
	s := &survey.Study{Data: []survey.DataFile{{}}, Recodes: []survey.Recode{{Name: "score", Mean: []string{"a", "b"}}}, Tables: []survey.TableSpec{{ID: "t",
		Rows: []survey.RowSpec{{Mean: "score"}, {Mean: "c"}}, Changes: []survey.ChangeSpec{{Variable: "a", From: survey.NumberValue(0), To: survey.NumberValue(1)}}}}}
	out := made(t, recoded(t, answers(1), s), s)
	own, other := out.Cells[0][1], out.Cells[1][1]
	if own.P.Exists() || own.T.Exists() || !own.Value.Exists() || !slices.Contains(own.Flags, survey.FlagCircular) {
		t.Errorf("own: %v p %v flags %v", own.Value.Float(), own.P.Float(), own.Flags)
	}
	if !other.P.Exists() || len(other.Flags) > 0 {
		t.Errorf("other: p %v flags %v", other.P.Float(), other.Flags)
	}
}

// A question asked under another name in each wave is made of its answers, so
// that waves are compared in it.
func TestAQuestionUnderOtherNamesByWave(t *testing.T) {
	table := answers(2)
	wave := table.Lookup("e")
	for i, w := range wave.Numbers.All() {
		if w == 1 {
			table.Lookup("a").Numbers.Set(i, 0)
		}
	}
	s := &survey.Study{Data: []survey.DataFile{{}}, Design: survey.Design{WaveVariable: "e"},
		Recodes: []survey.Recode{{Name: "q", Expression: "e == 0 and a == 1 or e == 1 and b == 1"}},
		Tables: []survey.TableSpec{{ID: "t", Columns: names("e"), Rows: []survey.RowSpec{{Variable: "q"}, {Share: "e == 0 and a == 1 or e == 1 and b == 1"}}},
			{ID: "own", Columns: names("e"), Rows: []survey.RowSpec{{Share: "e == 1"}}}}}
	out, err := tables(t, recoded(t, table, s), s)
	if err != nil {
		t.Fatal(err)
	}
	if len(out[0].Comparisons) != 3 || len(out[1].Comparisons) != 0 {
		t.Errorf("%d and %d tests", len(out[0].Comparisons), len(out[1].Comparisons))
	}
}

func unweighted(s *survey.Study) { s.Design.Weight = "" }

// A set by its own answers is not tested, nets of it included; another question is.
func TestASetByItself(t *testing.T) {
	table := answers(3)
	yes := survey.NumberValue(1)
	table.Sets = []survey.MultipleResponse{{Name: "ms", Label: "Media", Variables: []string{"a", "b", "c"}, Counted: &yes}}
	out := makeTable(t, table, survey.TableSpec{ID: "t", Columns: names("ms"), Rows: []survey.RowSpec{
		{Variable: "ms", Nets: survey.NetList{{Label: "a or b", Values: []survey.Value{survey.TextValue("a"), survey.TextValue("b")}}}}, {Mean: "d"}}}, unweighted)
	for _, c := range out.Comparisons {
		if out.Rows[c.Row].Label != "d" {
			t.Errorf("%s is tested", out.Rows[c.Row].Label)
		}
	}
	if len(out.Comparisons) != 3 {
		t.Errorf("%d tests of another question, want 3", len(out.Comparisons))
	}
}

// The mean of a number is compared under its own ranges, as books of tables do,
// and is flagged so that no finding rests on it; shares of the number are not.
func TestMeansUnderRangesOfTheirNumber(t *testing.T) {
	s := &survey.Study{Data: []survey.DataFile{{}}, Recodes: []survey.Recode{{Name: "range", From: "age", Brackets: []string{"20-29", "30+"}}},
		Tables: []survey.TableSpec{{ID: "t", Columns: names("range"), Rows: []survey.RowSpec{{Mean: "age"}, {Variable: "age"}, {Mean: "range"}, {Mean: "c"}}}}}
	table := answers(1)
	ages := make([]float64, table.Rows)
	for i := range ages {
		ages[i] = float64(20 + i%20)
	}
	table.Variables = append(table.Variables, number("age", ages))
	out := made(t, recoded(t, table, s), s)
	for _, c := range out.Comparisons {
		if v := out.Cells[c.Row][0].Variable; out.Rows[c.Row].Kind != survey.RowMean || v == "range" {
			t.Errorf("%s %s is compared", out.Rows[c.Row].Label, v)
		}
	}
	if len(out.Comparisons) != 2 {
		t.Errorf("%d tests, want those of the means of age and c", len(out.Comparisons))
	}
	for r := range out.Cells {
		if own := out.Cells[r][0].Variable != "c"; slices.Contains(out.Cells[r][1].Flags, survey.FlagCircular) != own {
			t.Errorf("row %d: flags %v", r, out.Cells[r][1].Flags)
		}
	}
}
