package tabulate_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/estimate"
)

// rated are people in PSUs with two ratings from 1 to 4 and an outcome.
func rated(rows int) *survey.Table {
	r := rand.New(rand.NewPCG(4, 2))
	var columns []*survey.Variable
	for _, name := range []string{"app", "shop", "overall", "psu", "w"} {
		columns = append(columns, number(name, make([]float64, rows)))
	}
	for i := range rows {
		mood := r.NormFloat64()
		for k, v := range columns[:2] {
			v.Numbers.Set(i, max(1, min(4, math.Round(2.5+float64(k)/2+mood+r.NormFloat64()))))
		}
		columns[2].Numbers.Set(i, 2*columns[0].Numbers.At(i)+columns[1].Numbers.At(i)+r.NormFloat64())
		columns[3].Numbers.Set(i, float64(i%20))
		columns[4].Numbers.Set(i, 1+r.Float64())
	}
	return &survey.Table{Rows: rows, Variables: columns}
}

// ratings makes the tables of a study of rated people.
func ratings(t *testing.T, table *survey.Table, q survey.QualitySpec, specs ...survey.TableSpec) []*survey.Tabulation {
	t.Helper()
	out, err := tables(t, table, &survey.Study{Design: survey.Design{Weight: "w", PSU: []string{"psu"}}, Quality: q, Tables: specs,
		Groups: []survey.ItemGroup{{Name: "points", Items: []string{"app", "shop"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func moved(top int) survey.TableSpec {
	return survey.TableSpec{ID: "moved", Analysis: drivers.Spec{Outcome: "overall", Items: []string{"points:scale"}, Top: top}, Chart: &survey.Chart{}}
}

// find is the record of a statistic of a variable.
func find(t *testing.T, table *survey.Tabulation, statistic, variable string) survey.Estimate {
	t.Helper()
	for _, row := range table.Cells {
		if row[0].Statistic == statistic && row[0].Variable == variable {
			return row[0].Estimate
		}
	}
	t.Fatalf("no %s of %s", statistic, variable)
	return survey.Estimate{}
}

// Performance is the figure that another table of the study gives, and the
// study's bases and wishes for the chart hold.
func TestDriversFollowTheStudy(t *testing.T) {
	table := rated(400)
	least := 401
	out := ratings(t, table, survey.QualitySpec{}, moved(2), survey.TableSpec{ID: "app", Rows: []survey.RowSpec{{Variable: "app", Top: 2}}})
	box, own := find(t, out[0], estimate.TopBox.Name, "app"), out[1].Cells[len(out[1].Cells)-1][0].Estimate
	if unequal(box.Value.Float(), own.Value.Float()) || unequal(box.SE.Float(), own.SE.Float()) || box.Level.Float() != 0.95 {
		t.Errorf("top box %+v, in a table of its own %+v", box, own)
	}
	if c := out[0].Chart; c.Kind != survey.ChartQuadrant || len(c.Groups) != 2 {
		t.Errorf("the chart is %+v", c)
	}
	bars := moved(0)
	bars.Chart.Kind = survey.ChartDots
	for _, row := range ratings(t, table, survey.QualitySpec{MinimumBase: &least}, bars)[0].Cells {
		if !slices.Contains(row[0].Flags, survey.FlagSuppressed) {
			t.Errorf("%s of %s is shown on %d rows", row[0].Statistic, row[0].Variable, row[0].N)
		}
	}
	if c := ratings(t, table, survey.QualitySpec{}, bars)[0].Chart; c.Kind != survey.ChartDots || len(c.Groups) != 1 {
		t.Errorf("a chart of dots shows %v", c.Groups)
	}
}

// A share of a driver's highest codes is hidden where it would give away a count
// that another table hides.
func TestDriversKeepSmallCounts(t *testing.T) {
	table := rated(400)
	app := table.Lookup("app").Numbers
	for i, x := range app.All() { // three people in the highest code
		if app.Set(i, min(x, 3)); i < 3 {
			app.Set(i, 4)
		}
	}
	confidential := survey.QualitySpec{Confidential: 5}
	for top, hidden := range map[int]bool{0: false, 1: true} {
		out := ratings(t, table, confidential, moved(top))[0]
		r := find(t, out, map[int]string{0: estimate.Mean.Name, 1: estimate.TopBox.Name}[top], "app")
		if slices.Contains(r.Flags, survey.FlagConfidential) != hidden || r.Value.Exists() == hidden {
			t.Errorf("top %d: %v, flags %v", top, r.Value.Float(), r.Flags)
		}
	}
	none := 0
	for top, hidden := range map[int]bool{0: false, 2: true} { // the standards are for shares
		out := ratings(t, rated(25), survey.QualitySpec{Standard: "nchs", MinimumBase: &none}, moved(top))[0]
		r := find(t, out, map[int]string{0: estimate.Mean.Name, 2: estimate.TopBox.Name}[top], "shop")
		if slices.Contains(r.Flags, survey.FlagSuppressed) != hidden {
			t.Errorf("top %d of 25 people by the NCHS standards: flags %v", top, r.Flags)
		}
	}
}
