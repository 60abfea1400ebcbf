package tabulate_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/ingest"
)

// replicated are people with balanced repeated replicates.
func replicated(t testing.TB) (*survey.Table, survey.Design) {
	t.Helper()
	table, err := ingest.Open("../../datasets/reference/replicates.csv", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table, survey.Design{Weight: "weight", Replicates: &survey.ReplicateSpec{Columns: "brr_*", Type: "brr"}}
}

// distribution asks for figures that are no function of the totals of shares.
func distribution() []survey.RowSpec {
	return []survey.RowSpec{
		{Summary: "hours_online", Statistics: []survey.Statistic{"sd", "median", "p90"}},
		{Group: "online", Correlation: "trust"},
	}
}

func online() []survey.ItemGroup {
	return []survey.ItemGroup{{Name: "online", Items: []string{"hours_online"}}}
}

// TestChangesAgainstR: changes of a standard deviation, a median, a percentile
// and a correlation with their standard errors (testdata/changes.R, R 4.2.2,
// survey 4.1.1), by clusters that both waves share and by replicate weights.
func TestChangesAgainstR(t *testing.T) {
	var recorded struct{ Twostage, BRR map[string][2]float64 }
	if b, err := os.ReadFile("testdata/changes.json"); err != nil {
		t.Fatal(err)
	} else if err := json.Unmarshal(b, &recorded); err != nil {
		t.Fatal(err)
	}
	waves := survey.ChangeSpec{Variable: "wave", From: survey.NumberValue(2008), To: survey.NumberValue(2011)}
	sexes := survey.ChangeSpec{Variable: "gender", From: survey.TextValue("male"), To: survey.TextValue("female")}
	for _, c := range []struct {
		name   string
		sample func(testing.TB) (*survey.Table, survey.Design)
		change survey.ChangeSpec
		want   map[string][2]float64
	}{{"two stages", twostage, waves, recorded.Twostage}, {"replicates", replicated, sexes, recorded.BRR}} {
		table, design := c.sample(t)
		out := made(t, table, &survey.Study{Design: design, Groups: online(), Tables: []survey.TableSpec{
			{ID: "t", Rows: distribution(), Changes: []survey.ChangeSpec{c.change}}}})
		for r, name := range []string{"sd", "median", "p90", "correlation"} {
			cell := out.Cells[r][1]
			closeTo(t, c.name+": change of "+name, cell.Value, c.want[name][0], contrastTolerance)
			closeTo(t, c.name+": its error", cell.SE, c.want[name][1], contrastTolerance)
			if cell.N != out.Cells[r][0].N {
				t.Errorf("%s, %s: a base of %d, everybody's is %d", c.name, name, cell.N, out.Cells[r][0].N)
			}
			if !cell.P.Exists() || !(cell.Low.Float() < cell.Value.Float() && cell.Value.Float() < cell.High.Float()) || len(cell.Flags) > 0 {
				t.Errorf("%s, %s: p %v, limits %v to %v, flags %v", c.name, name, cell.P.Float(), cell.Low.Float(), cell.High.Float(), cell.Flags)
			}
		}
		if !strings.Contains(strings.Join(out.Legend, " "), "Woodruff") {
			t.Errorf("%s: legend %q", c.name, out.Legend)
		}
	}
}

// Two sides that share no stratum have no covariance: the square of a change's
// error is the sum of both sides' squares. Two copies of the same people in the
// same PSUs have no change, and no error to test it by. All kinds of figures
// obey both.
func TestChangesOfIndependentAndEqualSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genSurvey(t)
		side := number("side", make([]float64, in.Rows))
		for i := range side.Numbers.Len() {
			side.Numbers.Set(i, 1+math.Mod(in.Lookup("psu").Numbers.At(i), 2))
		}
		y := number("y", make([]float64, in.Rows))
		for i := range y.Numbers.Len() {
			y.Numbers.Set(i, rapid.Float64Range(0, 10).Draw(t, "y"))
		}
		in.Variables = append(in.Variables, side, y)
		in = twice(in)
		rows := []survey.RowSpec{{Share: "y > 5"}, {Summary: "y", Statistics: []survey.Statistic{"mean", "sd", "median", "p90"}}, {Group: "items", Correlation: "w"}}
		out := madeBy(t, in, &survey.Study{
			Design: survey.Design{Weight: "w", Strata: "side", PSU: []string{"psu"}}, Quality: everyBase(),
			Groups: []survey.ItemGroup{{Name: "items", Items: []string{"y"}}},
			Tables: []survey.TableSpec{{ID: "t", Rows: rows, Columns: []survey.ColumnSpec{{Variable: "side"}, {Variable: "copy"}}, Changes: []survey.ChangeSpec{
				{Variable: "side", Label: "Sides", From: survey.NumberValue(1), To: survey.NumberValue(2)},
				{Variable: "copy", Label: "Copies", From: survey.NumberValue(1), To: survey.NumberValue(2)},
			}}},
		})
		all := func(heading string) int {
			return slices.IndexFunc(out.Columns, func(c survey.Column) bool { return c.Group == heading && c.Label == "All" })
		}
		for r, row := range out.Cells {
			same := row[all("Copies")]
			if same.Value.Exists() && math.Abs(same.Value.Float()) > digits || same.SE.Float() > 1e-6 || same.P.Exists() && same.SE.Float() == 0 {
				t.Fatalf("%s: the copies differ by %v ± %v, p %v", out.Rows[r].Label, same.Value.Float(), same.SE.Float(), same.P.Float())
			}
			from, to, change := row[1], row[2], row[all("Sides")]
			if change.Quantile.Exists() && !change.SE.Exists() {
				continue // answers that tie
			}
			edge := slices.Contains(change.Flags, survey.FlagEdgeTest) || slices.Contains(change.Flags, survey.FlagNoVariance)
			if unequal(change.Value.Float(), to.Value.Float()-from.Value.Float()) || change.SE.Exists() == edge || !edge && unequal(change.SE.Float(), math.Hypot(from.SE.Float(), to.SE.Float())) {
				t.Fatalf("%s: %v ± %v from %v ± %v to %v ± %v", out.Rows[r].Label, change.Value.Float(), change.SE.Float(), from.Value.Float(), from.SE.Float(), to.Value.Float(), to.SE.Float())
			}
		}
	})
}

// twice repeats every row in its own PSU as a second copy of all of them.
func twice(in *survey.Table) *survey.Table {
	out := &survey.Table{Rows: 2 * in.Rows}
	copyOf := number("copy", nil)
	for k := range 2 {
		for range in.Rows {
			copyOf.Numbers.Append(float64(k + 1))
		}
	}
	for _, v := range in.Variables {
		doubled := *v
		doubled.Numbers = survey.NewNumbers(slices.Concat(v.Numbers.Slice(), v.Numbers.Slice()))
		out.Variables = append(out.Variables, &doubled)
	}
	out.Variables = append(out.Variables, copyOf)
	return out
}

// TestChangeOfTiedMediansHasNoTest: on a scale of five answers Woodruff's limits
// jump from one answer to the next, and so would a test: the change is shown
// without. The same answers spread over the scale have one.
func TestChangeOfTiedMediansHasNoTest(t *testing.T) {
	for _, spread := range []float64{0, 1} {
		columns := map[string][]float64{}
		for wave, shift := range []int{0, 60} {
			for i := range 500 {
				columns["wave"] = append(columns["wave"], float64(wave+1))
				columns["y"] = append(columns["y"], float64((i+shift)/112+1)+spread*float64(i)/600)
			}
		}
		out := made(t, people(columns), &survey.Study{Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{"median"}}},
			Changes: []survey.ChangeSpec{{Variable: "wave", From: survey.NumberValue(1), To: survey.NumberValue(2)}}}}})
		change := out.Cells[0][1]
		if tested := change.P.Exists(); !change.Value.Exists() || tested != (spread > 0) || slices.Contains(change.Flags, survey.FlagNoVariance) == tested {
			t.Errorf("spread %v: change %v ± %v, p %v, flags %v", spread, change.Value.Float(), change.SE.Float(), change.P.Float(), change.Flags)
		}
	}
}

// TestTrendOfMedians: three waves in strata of their own, whose medians are 1, 3
// and 4. The line through them climbs 1.5 a wave, 3 over the period, by weights
// of −1, 0 and 1: the middle wave adds no error.
func TestTrendOfMedians(t *testing.T) {
	columns := map[string][]float64{}
	for wave, median := range []float64{1, 3, 4} {
		for i := range 101 {
			columns["wave"] = append(columns["wave"], float64(wave+1))
			columns["y"] = append(columns["y"], median+float64(i-50)/100)
		}
	}
	out := made(t, people(columns), &survey.Study{Design: survey.Design{Strata: "wave"}, Tables: []survey.TableSpec{{ID: "t",
		Rows: []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{"median"}}}, Columns: names("wave"), Trends: []survey.TrendSpec{{Variable: "wave"}},
	}}})
	row := out.Cells[0]
	closeTo(t, "trend", row[4].Value, 3, sumTolerance)
	closeTo(t, "its error", row[4].SE, math.Hypot(row[1].SE.Float(), row[3].SE.Float()), sumTolerance)
	if row[4].Quantile.Float() != 0.5 || row[4].N != 303 {
		t.Errorf("quantile %v on %d", row[4].Quantile.Float(), row[4].N)
	}
}
