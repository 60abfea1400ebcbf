package tabulate_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// Two sides of which each gives one answer only say nothing of their difference:
// a change and a gap have a value, neither limits nor a test, and a flag.
func TestNoVariationHasNoInterval(t *testing.T) {
	wave, y, z := make([]float64, 120), make([]float64, 120), make([]float64, 120)
	for i := range wave {
		wave[i], z[i] = float64(1+i%2), 1
	}
	in := people(map[string][]float64{"wave": wave, "y": y, "z": z, "w": slices.Repeat([]float64{1.7}, 120)})
	out := makeTable(t, in, survey.TableSpec{
		Columns: names("wave"), Changes: []survey.ChangeSpec{{Variable: "wave", From: survey.NumberValue(1), To: survey.NumberValue(2)}},
		Rows: []survey.RowSpec{{Share: "y == 1"}, {Share: "z == 1"}, {Mean: "y"}, {Mean: "z"}, {Gap: &survey.GapSpec{Share: "y == 1", Minus: "z == 1"}}},
	})
	for r, row := range out.Rows {
		for c, column := range out.Columns {
			cell := out.Cells[r][c]
			if !column.Change && row.Kind != survey.RowGap {
				continue
			}
			if !cell.Value.Exists() || cell.Low.Exists() || cell.High.Exists() || cell.P.Exists() || !slices.Contains(cell.Flags, survey.FlagNoVariance) {
				t.Errorf("%s, %s: %v (%v to %v), p %v, flags %v", row.Label, column.Label, cell.Value.Float(), cell.Low.Float(), cell.High.Float(), cell.P.Float(), cell.Flags)
			}
		}
	}
}

// What a standard hides is compared with nothing: it has no letter, and neither
// a change, a trend, a gap, a ratio nor an index number that rests on it is shown.
func TestHiddenFiguresAreNotCompared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genLabelled(t)
		in = twice(twice(in)) // enough people for some figures to be shown
		share := survey.RowSpec{Share: "q >= 3"}
		other := survey.RowSpec{Share: "h == 1"}
		least, none := 10, 0
		spec := survey.TableSpec{
			ID: "t", Columns: names("g"), Tests: survey.TestSpec{Against: rapid.SampledFrom([]string{"pairs", "rest"}).Draw(t, "against")},
			Changes: []survey.ChangeSpec{{Variable: "g", From: survey.NumberValue(1), To: survey.NumberValue(2)}},
			Trends:  []survey.TrendSpec{{Variable: "g"}},
			Rows: []survey.RowSpec{share, other, {Gap: &survey.GapSpec{Share: "q >= 3", Minus: "h == 1"}}, {Ratio: &survey.RatioSpec{Share: "q >= 3", Over: "h == 1"}},
				{Share: "q >= 3", Among: "h == h"}, {Share: "h == 1", Among: "q == q"}},
		}
		g := in.Lookup("g")
		for k := range 3 {
			if !slices.Contains(g.Numbers.Slice(), float64(k+1)) {
				return
			}
		}
		standard := rapid.SampledFrom([]string{"nchs", "house"}).Draw(t, "standard")
		study := &survey.Study{Design: survey.Design{Weight: "w", PSU: []string{"psu"}},
			Quality: survey.QualitySpec{Standard: standard, MinimumBase: &least, CautionBase: &none, TestBase: &none}, Tables: []survey.TableSpec{spec}}
		out := madeBy(t, in, study)
		hidden := func(r, c int) bool { return slices.Contains(out.Cells[r][c].Flags, survey.FlagSuppressed) }
		for _, c := range out.Comparisons {
			if hidden(c.Row, c.Column) || c.Against != survey.Rest && hidden(c.Row, c.Against) {
				t.Fatalf("row %d, columns %d and %d: a hidden figure is compared, p %v", c.Row, c.Column, c.Against, c.P.Float())
			}
		}
		for r := range out.Rows {
			if change, trend := 4, 5; hidden(r, 1) || hidden(r, 2) {
				if !hidden(r, change) || !hidden(r, trend) {
					t.Fatalf("row %d: its change %v and trend %v are shown, its sides are not", r, out.Cells[r][change].Value.Float(), out.Cells[r][trend].Value.Float())
				}
			}
		}
		for c, column := range out.Columns {
			if column.Change {
				continue
			}
			if (hidden(4, c) || hidden(5, c)) && !hidden(2, c) {
				t.Fatalf("column %d: the gap %v of a hidden share is shown", c, out.Cells[2][c].Value.Float())
			}
			if (hidden(0, c) || hidden(1, c)) && !hidden(3, c) && !math.IsNaN(out.Cells[3][c].Value.Float()) {
				t.Fatalf("column %d: the ratio %v of a hidden share is shown", c, out.Cells[3][c].Value.Float())
			}
		}
	})
}
