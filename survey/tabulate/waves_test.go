package tabulate_test

import (
	"math"
	"strings"
	"testing"

	"surveykit/survey"
)

// sumTolerance is what adding a few figures in another order costs.
const sumTolerance = 1e-12

func closeTo(t *testing.T, what string, got survey.Figure, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got.Float()-want) <= tolerance*(1+math.Abs(want))) {
		t.Errorf("%s is %v, want %v", what, got.Float(), want)
	}
}

// people makes a table of numbers, one column a name.
func people(columns map[string][]float64) *survey.Table {
	out := &survey.Table{}
	for name, x := range columns {
		out.Rows = len(x)
		out.Variables = append(out.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)})
	}
	return out
}

// everyBase lets a table of a few people show and compare all figures.
func everyBase() survey.QualitySpec {
	none := 0
	return survey.QualitySpec{MinimumBase: &none, TestBase: &none, CautionBase: &none}
}

// TestDecompositionByHand: before, 3 of 4 people are young; after, 1 of 4. The
// young go from 0 of 3 to 0 of 1, the old from 0 of 1 to 2 of 3. At the mix of
// before the share after were 3/4·0 + 1/4·2/3 = 1/6, so attitude is 1/6 and the
// rest of the change of 1/2, 1/3, is composition.
func TestDecompositionByHand(t *testing.T) {
	table := people(map[string][]float64{
		"wave":  {1, 1, 1, 1, 2, 2, 2, 2},
		"old":   {0, 0, 0, 1, 0, 1, 1, 1},
		"agree": {0, 0, 0, 0, 0, 1, 1, 0},
	})
	out := made(t, table, &survey.Study{Quality: everyBase(), Tables: []survey.TableSpec{{ID: "t",
		Rows:    []survey.RowSpec{{Share: "agree == 1"}, {Mean: "agree"}, {Total: "agree"}},
		Changes: []survey.ChangeSpec{{Variable: "wave", From: survey.NumberValue(1), To: survey.NumberValue(2), Decompose: &survey.DecomposeSpec{By: []string{"old"}}}},
	}}})
	for r := range 2 {
		for c, want := range []float64{0.25, 0.5, 1.0 / 3, 1.0 / 6} {
			closeTo(t, out.Rows[r].Label+" under "+out.Columns[c].Group, out.Cells[r][c].Value, want, sumTolerance)
		}
	}
	if flags := out.Cells[2][2].Flags; len(flags) == 0 || out.Cells[2][2].Value.Exists() {
		t.Errorf("the part of a change of a total: %v %v", out.Cells[2][2].Value.Float(), flags)
	}
	if !strings.Contains(strings.Join(out.Legend, " "), "split by old") {
		t.Errorf("legend %q", out.Legend)
	}
}

// TestEmptyMixCellHasNoFigure: nobody old is there after, so nothing can be
// said about the change at the earlier mix.
func TestEmptyMixCellHasNoFigure(t *testing.T) {
	table := people(map[string][]float64{"wave": {1, 1, 2, 2}, "old": {0, 1, 0, 0}, "agree": {0, 1, 0, 1}})
	out := made(t, table, &survey.Study{Quality: everyBase(), Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Share: "agree == 1"}},
		Changes: []survey.ChangeSpec{{Variable: "wave", From: survey.NumberValue(1), To: survey.NumberValue(2), Decompose: &survey.DecomposeSpec{By: []string{"old"}}}},
	}}})
	if c := out.Cells[0][3]; c.Value.Exists() || c.Flags[0] != survey.FlagZeroDivisor {
		t.Errorf("%v %v, want no figure and a flag", c.Value.Float(), c.Flags)
	}
}

// partsFromR are the change, what is due to composition and what to attitude,
// each with its standard error.
var partsFromR = [][2]float64{
	{-0.00630504910931795, 0.02928789707066006},
	{0.00461361300399543, 0.00743923614139618},
	{-0.0109186621133134, 0.0291317593453486},
}

// TestDecompositionAgainstR: the parts of a change with their standard errors
// as svycontrast of the totals of the cells gives them (testdata/parts.R, R
// 4.2.2, survey 4.1.1), and the parts add up.
func TestDecompositionAgainstR(t *testing.T) {
	table, design := twostage(t)
	out := made(t, table, &survey.Study{Design: design, Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Share: "concern_identity >= 4"}},
		Changes: []survey.ChangeSpec{{Variable: "wave", From: survey.NumberValue(2008), To: survey.NumberValue(2011), Decompose: &survey.DecomposeSpec{By: []string{"age_bracket", "gender"}}}},
	}}})
	for c, want := range partsFromR {
		closeTo(t, out.Columns[c+1].Group, out.Cells[0][c+1].Value, want[0], contrastTolerance)
		closeTo(t, "error of "+out.Columns[c+1].Group, out.Cells[0][c+1].SE, want[1], contrastTolerance)
	}
	row := out.Cells[0]
	closeTo(t, "sum of the parts", survey.FigureOf(row[2].Value.Float()+row[3].Value.Float()), row[1].Value.Float(), sumTolerance)
}

// TestTrendOfAStraightLine: 2, 4, 8 and 10 people of 20 agree in the years 1, 2,
// 4 and 5: the line climbs 0.1 a year, 0.4 over the period.
func TestTrendOfAStraightLine(t *testing.T) {
	var wave, agree []float64
	for _, w := range []struct{ year, n int }{{1, 2}, {2, 4}, {4, 8}, {5, 10}} {
		for i := range 20 {
			wave = append(wave, float64(w.year))
			agree = append(agree, map[bool]float64{true: 1}[i < w.n])
		}
	}
	out := made(t, people(map[string][]float64{"wave": wave, "agree": agree}), &survey.Study{Quality: everyBase(), Tables: []survey.TableSpec{{ID: "t",
		Rows: []survey.RowSpec{{Share: "agree == 1"}}, Columns: []survey.ColumnSpec{{Variable: "wave"}}, Trends: []survey.TrendSpec{{Variable: "wave"}},
	}}})
	c := out.Cells[0][5]
	closeTo(t, "trend", c.Value, 0.4, sumTolerance)
	// Var(p) of each wave is p(1−p)/20·80/79, weighted by (4(x − 3)/10)².
	var variance float64
	for _, w := range [][2]float64{{1, 0.1}, {2, 0.2}, {4, 0.4}, {5, 0.5}} {
		weight := 0.4 * (w[0] - 3)
		variance += weight * weight * w[1] * (1 - w[1]) / 20 * 80 / 79
	}
	closeTo(t, "its error", c.SE, math.Sqrt(variance), sumTolerance)
	if !c.P.Exists() || c.DF.Float() != 79 {
		t.Errorf("p %v, df %v", c.P.Float(), c.DF.Float())
	}
}
