package tabulate_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/analysis/turf"
)

// A condition that takes what people left out as not wanted keeps them in the base.
func TestReachOfAnybody(t *testing.T) {
	table := answers(1)
	table.Lookup("a").Numbers.Set(0, math.NaN())
	table.Lookup("b").Numbers.Set(1, math.NaN())
	out := made(t, table, &survey.Study{Tables: []survey.TableSpec{{ID: "t", Kind: turf.Reach,
		Rows: []survey.RowSpec{{Share: "answer(a, 0) == 1"}, {Share: "answer(b, 0) == 1"}}}}})
	if n := out.Cells[1][0].N; n != table.Rows {
		t.Errorf("%d of %d people", n, table.Rows)
	}
}

// Every step of a table of reach is among the people who answered all items, so
// that no step reaches fewer than the one before, whoever left items out.
func TestReachIsAmongThoseWhoAnsweredAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := answers(rapid.Uint64().Draw(t, "seed"))
		complete := table.Rows
		for i := range table.Rows {
			left := false
			for _, name := range []string{"a", "b", "c"} {
				if (i*7+len(name))%5 == 0 || rapid.IntRange(0, 9).Draw(t, "left out") == 0 {
					table.Lookup(name).Numbers.Set(i, math.NaN())
					left = true
				}
			}
			if left {
				complete--
			}
		}
		out := madeBy(t, table, &survey.Study{Tables: []survey.TableSpec{{ID: "t", Kind: turf.Reach,
			Rows: []survey.RowSpec{{Share: "a == 1"}, {Share: "b == 1"}, {Share: "c == 1"}}}}})
		for r := range out.Rows {
			if e := out.Cells[r][0]; e.N != complete || r > 0 && e.Value.Float() < out.Cells[r-1][0].Value.Float() {
				t.Fatalf("step %d: %v of %d, want %d", r+1, e.Value.Float(), e.N, complete)
			}
		}
		if !strings.Contains(strings.Join(out.Notes, " "), "everybody who answered all items") {
			t.Fatalf("notes %q", out.Notes)
		}
	})
}
