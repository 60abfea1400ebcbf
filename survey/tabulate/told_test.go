package tabulate_test

import (
	"strings"
	"testing"

	"surveykit/survey"
)

// TestWhatFindingsLeaveOut: codes that no label names, what the fieldwork wrote
// and the items of one group are marked in rows and columns.
func TestWhatFindingsLeaveOut(t *testing.T) {
	table := &survey.Table{Rows: 4}
	for _, name := range []string{"a", "b", "bare", "lang", "g"} {
		v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 1, 2})}
		if name != "bare" {
			v.Codes = []survey.Code{{Value: survey.NumberValue(1), Label: "One"}, {Value: survey.NumberValue(2), Label: "Two"}}
		}
		table = table.With(v)
	}
	out := made(t, table, &survey.Study{Groups: []survey.ItemGroup{{Name: "ab", Items: []string{"a", "b"}}}, Tables: []survey.TableSpec{{ID: "t",
		Rows: []survey.RowSpec{{Variable: "a"}, {Variable: "bare"}, {Variable: "lang"}, {Share: "g == 1"}}, Columns: names("b", "bare", "lang", "g")}}})
	var rows, columns []string
	mark := func(untold bool, battery string) string {
		if untold {
			return "untold"
		}
		return battery
	}
	for _, r := range out.Rows {
		rows = append(rows, mark(r.Untold, r.Battery))
	}
	for _, c := range out.Columns {
		columns = append(columns, mark(c.Untold, c.Battery))
	}
	if got := strings.Join(rows, ","); got != "ab,ab,untold,untold,untold,untold," {
		t.Errorf("rows %q", got)
	}
	if got := strings.Join(columns, ","); got != ",ab,ab,untold,untold,untold,untold,," {
		t.Errorf("columns %q", got)
	}
}
