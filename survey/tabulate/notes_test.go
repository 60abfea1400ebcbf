package tabulate_test

import (
	"slices"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/analysis/turf"
)

// Every table that shows a variable carries its note, whatever the table's kind
// and wherever the variable stands in it, and so does one that shows a recode of
// it; a table that does not show it carries none.
func TestNotesOfVariables(t *testing.T) {
	const note = "The validity of q is contested."
	yes := survey.NumberValue(1)
	y, q, net := survey.RowSpec{Share: "b == 1"}, survey.RowSpec{Share: "q == 1"}, survey.NetList{{Label: "net", Values: []survey.Value{yes}}}
	kinds := map[string]survey.TableSpec{
		"variable":     {Rows: []survey.RowSpec{{Variable: "q"}}},
		"nets":         {Rows: []survey.RowSpec{{Variable: "q", Nets: net}}},
		"set":          {Rows: []survey.RowSpec{{Variable: "ms"}}},
		"share":        {Rows: []survey.RowSpec{q}},
		"among":        {Rows: []survey.RowSpec{{Share: "b == 1", Among: "q == 1"}}},
		"by":           {Rows: []survey.RowSpec{{Share: "b == 1", By: "q"}}},
		"gap":          {Rows: []survey.RowSpec{{Gap: &survey.GapSpec{Share: "b == 1", Minus: "q == 1"}}}},
		"ratio":        {Rows: []survey.RowSpec{{Ratio: &survey.RatioSpec{Share: "b == 1", Over: "q == 1"}}}},
		"mean":         {Rows: []survey.RowSpec{{Mean: "q"}}},
		"total":        {Rows: []survey.RowSpec{{Total: "q"}}},
		"summary":      {Rows: []survey.RowSpec{{Summary: "q"}}},
		"verbatim":     {Rows: []survey.RowSpec{{Verbatim: "text", AtLeast: 3}}},
		"group":        {Rows: []survey.RowSpec{{Group: "items", Values: []survey.Value{yes}}}},
		"group means":  {Rows: []survey.RowSpec{{Group: "items"}}},
		"correlation":  {Rows: []survey.RowSpec{{Group: "others", Correlation: "q"}}},
		"recode":       {Rows: []survey.RowSpec{{Mean: "made"}}},
		"banner":       {Rows: []survey.RowSpec{y}, Columns: names("q")},
		"banner set":   {Rows: []survey.RowSpec{y}, Columns: names("ms")},
		"where":        {Rows: []survey.RowSpec{y}, Columns: []survey.ColumnSpec{{Where: "q == 1"}}},
		"nest":         {Rows: []survey.RowSpec{y}, Columns: []survey.ColumnSpec{{Nest: []string{"c", "q"}}}},
		"membership":   {Rows: []survey.RowSpec{y}, Columns: []survey.ColumnSpec{{Membership: "seg"}}},
		"filter":       {Rows: []survey.RowSpec{y}, Filter: "q == 1"},
		"changes":      {Rows: []survey.RowSpec{y}, Changes: []survey.ChangeSpec{{Variable: "q", From: survey.NumberValue(0), To: yes}}},
		"decompose":    {Rows: []survey.RowSpec{y}, Changes: []survey.ChangeSpec{{Variable: "c", From: survey.NumberValue(0), To: yes, Decompose: &survey.DecomposeSpec{By: []string{"q"}}}}},
		"trends":       {Rows: []survey.RowSpec{y}, Trends: []survey.TrendSpec{{Variable: "three"}}},
		"grid":         {Grid: &survey.GridSpec{Group: "items"}},
		"cohorts":      {Rows: []survey.RowSpec{q}, Cohorts: &survey.CohortSpec{Variable: "year", Age: "age", From: survey.NumberValue(2010), To: survey.NumberValue(2020), Brackets: []string{"30-49", "50+"}}},
		"cohorts' age": {Rows: []survey.RowSpec{y}, Cohorts: &survey.CohortSpec{Variable: "year", Age: "noted_age", From: survey.NumberValue(2010), To: survey.NumberValue(2020), Brackets: []string{"30-49", "50+"}}},
		"drivers":      {Analysis: drivers.Spec{Outcome: "b", Items: []string{"q", "c"}}},
		"outcome":      {Analysis: drivers.Spec{Outcome: "q == 1", Items: []string{"b", "c"}}},
		"sorted":       {Sort: &survey.SortSpec{}, Rows: []survey.RowSpec{{Variable: "ms"}}},
		"quadrants":    {Kind: drivers.ImportancePerformance, Rows: []survey.RowSpec{{Group: "items"}, {Group: "items", Values: []survey.Value{yes}}}},
		"reach":        {Kind: turf.Reach, Rows: []survey.RowSpec{y, q}},
		"profile":      {Kind: segment.Profile, Rows: []survey.RowSpec{y}, Columns: names("q")},
		"portraits":    {Kind: segment.Portraits, Rows: []survey.RowSpec{y}, Columns: names("q")},
		"portraits of": {Kind: segment.Portraits, Rows: []survey.RowSpec{q}, Columns: names("c")},
		"none":         {Rows: []survey.RowSpec{y, {Mean: "c"}}, Columns: names("d"), Filter: "e == 1"},
	}
	table := answers(4)
	q1 := *table.Lookup("a")
	q1.Name, q1.Note = "q", note
	half, segments, year, age, three := make([]float64, table.Rows), make([]float64, table.Rows), make([]float64, table.Rows), make([]float64, table.Rows), make([]float64, table.Rows)
	said := make([]string, table.Rows)
	for i := range half {
		half[i], segments[i], year[i], age[i], three[i], said[i] = 0.5, float64(1+i%2), float64(2010+10*(i%2)), float64(18+i%60), float64(1+i%3), "so"
	}
	noted := func(v *survey.Variable) *survey.Variable { v.Note = note; return v }
	made := number("made", q1.Numbers.Slice())
	made.MadeOf = []string{"q"}
	table = table.With(&q1, made, number("seg", segments, "first", "second"), noted(number("seg_1", half)), noted(number("seg_2", half)),
		number("year", year), number("age", age), noted(number("noted_age", age)), noted(number("three", three)), noted(text("text", said...)))
	table.Sets = []survey.MultipleResponse{{Name: "ms", Variables: []string{"b", "q"}, Counted: &yes}}
	for name, spec := range kinds {
		spec.ID = "t"
		out := makeTable(t, table, spec, unweighted, func(s *survey.Study) {
			s.Groups = []survey.ItemGroup{{Name: "items", Items: []string{"b", "q"}}, {Name: "others", Items: []string{"b", "c"}}}
		})
		if has := slices.Contains(out.Notes, note); has != (name != "none") {
			t.Errorf("%s: notes %q", name, out.Notes)
		}
	}
}
