package tabulate_test

import (
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// TestRowStatisticsAreEstimates: a row of every statistic has the figures of its
// estimator, and a change of it is the difference of two.
func TestRowStatisticsAreEstimates(t *testing.T) {
	var y, g []float64
	for i := range 60 {
		y, g = append(y, float64(i*i%101)), append(g, float64(i%2))
	}
	table := &survey.Table{Rows: len(y), Variables: []*survey.Variable{
		{Name: "y", Kind: survey.Number, Numbers: survey.NewNumbers(y)}, {Name: "g", Kind: survey.Number, Numbers: survey.NewNumbers(g)},
	}}
	out := made(t, table, &survey.Study{Tables: []survey.TableSpec{{ID: "t", Columns: []survey.ColumnSpec{{Where: "g == 1", Label: "Ones"}},
		Changes: []survey.ChangeSpec{{Variable: "g", From: survey.NumberValue(0), To: survey.NumberValue(1)}},
		Rows:    []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{"mean", "median", "sd", "p90", "trimmed10"}}}}}})
	f, err := engine.NewFrame(table, survey.Design{})
	if err != nil {
		t.Fatal(err)
	}
	record := func(statistic, where, of string, prob float64) survey.Estimate {
		s, err := estimate.New(table, f, estimate.Options{Where: where, Probs: []float64{prob}})
		if err != nil {
			t.Fatal(err)
		}
		for _, known := range estimate.Statistics() {
			if known.Name == statistic {
				request, err := known.Parse(of)
				if err != nil {
					t.Fatal(err)
				}
				records, err := request(s)
				if err != nil {
					t.Fatal(err)
				}
				return records[0]
			}
		}
		t.Fatalf("no statistic %q", statistic)
		return survey.Estimate{}
	}
	changed := slices.IndexFunc(out.Columns, func(c survey.Column) bool { return c.Change })
	for r, c := range []struct {
		label, statistic, of string
		prob                 float64
	}{
		{"Mean", "mean", "y", 0}, {"Median", "quantile", "y", 0.5}, {"Standard deviation", "sd", "y", 0},
		{"Percentile 90", "quantile", "y", 0.9}, {"Mean without 10% at each end", "trimmed_mean", "y:10", 0},
	} {
		ones, zeros := record(c.statistic, "g == 1", c.of, c.prob), record(c.statistic, "g == 0", c.of, c.prob)
		if out.Rows[r].Label != c.label || out.Cells[r][1].Statistic != c.statistic {
			t.Errorf("row %d is %q of %q, want %q of %q", r, out.Rows[r].Label, out.Cells[r][1].Statistic, c.label, c.statistic)
		}
		if got := out.Cells[r][1]; !near(got.Value.Float(), ones.Value.Float()) || got.SE.Exists() != ones.SE.Exists() || got.SE.Exists() && !near(got.SE.Float(), ones.SE.Float()) || got.Category != ones.Category {
			t.Errorf("%s: %v (%v), the estimate is %v (%v)", c.label, got.Value.Float(), got.SE.Float(), ones.Value.Float(), ones.SE.Float())
		}
		if change := out.Cells[r][changed]; !near(change.Value.Float(), ones.Value.Float()-zeros.Value.Float()) || !(change.P.Float() < 1) && c.statistic != "quantile" {
			t.Errorf("%s: change %v, p %v, want %v", c.label, change.Value.Float(), change.P.Float(), ones.Value.Float()-zeros.Value.Float())
		}
	}
}

func TestUnknownRowStatistics(t *testing.T) {
	table := &survey.Table{Rows: 2, Variables: []*survey.Variable{{Name: "y", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2})}}}
	for _, name := range []survey.Statistic{"mode", "p0", "p100", "trimmed", "trimmed50", "xp90"} {
		_, err := tables(t, table, &survey.Study{Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{name}}}}}})
		if err == nil || !strings.Contains(err.Error(), string(name)) || !strings.Contains(err.Error(), "trimmed10") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
