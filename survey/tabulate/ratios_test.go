package tabulate_test

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
)

// recordedRatio is a line of testdata/ratios.csv: a ratio of shares or the
// difference of two, with its standard error, and the same on the log.
type recordedRatio struct{ value, se, log, logSE, df float64 }

func recordedRatios(t *testing.T) map[string]recordedRatio {
	t.Helper()
	f, err := os.Open("testdata/ratios.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]recordedRatio{}
	for _, l := range lines[1:] {
		var x [5]float64
		for k := range x {
			if x[k], err = strconv.ParseFloat(l[k+1], 64); err != nil {
				t.Fatal(err)
			}
		}
		out[l[0]] = recordedRatio{x[0], x[1], x[2], x[3], x[4]}
	}
	return out
}

// TestRatiosAgainstR holds limits and tests of ratios of shares against contrasts
// of logarithms (testdata/ratios.R), by column, between columns, with the rest
// and over time.
func TestRatiosAgainstR(t *testing.T) {
	table, design := twostage(t)
	recorded := recordedRatios(t)
	spec := func(against string) *survey.Tabulation {
		return made(t, table, &survey.Study{Design: design, Tables: []survey.TableSpec{{
			ID: "t", Columns: names("gender", "wave"), Tests: survey.TestSpec{Against: against},
			Changes: []survey.ChangeSpec{{Variable: "wave", From: survey.NumberValue(2008), To: survey.NumberValue(2011)}},
			Rows:    []survey.RowSpec{{Ratio: &survey.RatioSpec{Share: "concern_identity >= 3", Over: "concern_selfid >= 3"}}},
		}}})
	}
	pairs := spec("pairs")
	cell := func(label string) survey.Cell {
		return pairs.Cells[0][slices.IndexFunc(pairs.Columns, func(c survey.Column) bool { return c.Label == label })]
	}
	for label, name := range map[string]string{"Total": "all", "male": "male", "female": "female", "2008": "w2008", "2011": "w2011"} {
		want, got := recorded[name], cell(label)
		half := stats.TCritical(0.95, want.df) * want.logSE
		closeTo(t, label, got.Value, want.value, contrastTolerance)
		closeTo(t, label+" se", got.SE, want.se, contrastTolerance)
		closeTo(t, label+" low", got.Low, math.Exp(want.log-half), contrastTolerance)
		closeTo(t, label+" high", got.High, math.Exp(want.log+half), contrastTolerance)
		if got.Interval != "log" || got.DF.Float() != want.df {
			t.Errorf("%s: interval %s, df %v", label, got.Interval, got.DF.Float())
		}
	}
	for name, out := range map[string]*survey.Tabulation{"female against male": pairs, "female against the rest": spec("rest")} {
		got, want := out.Comparisons[0], recorded["female-male"]
		closeTo(t, name, got.Difference, want.value, contrastTolerance)
		closeTo(t, name+" se", got.SE, want.se, contrastTolerance)
		closeTo(t, name+" t", got.T, want.log/want.logSE, contrastTolerance)
		closeTo(t, name+" p", got.P, stats.TTwoSided(math.Abs(want.log/want.logSE), want.df), contrastTolerance)
	}
	before, after, change := recorded["w2008"], recorded["w2011"], recorded["w2011-w2008"]
	covariance := (before.se*before.se + after.se*after.se - change.se*change.se) / 2
	correlation, q := covariance/(before.se*after.se), stats.TCritical(0.95, change.df)
	limit := func(up float64) float64 {
		a, b := after.value*math.Abs(math.Expm1(up*q*after.logSE)), before.value*math.Abs(math.Expm1(-up*q*before.logSE))
		return change.value + up*math.Sqrt(a*a+b*b-2*correlation*a*b)
	}
	got := cell("All")
	closeTo(t, "change", got.Value, change.value, contrastTolerance)
	closeTo(t, "change se", got.SE, change.se, contrastTolerance)
	closeTo(t, "change low", got.Low, limit(-1), contrastTolerance)
	closeTo(t, "change high", got.High, limit(1), contrastTolerance)
	closeTo(t, "change t", got.T, change.log/change.logSE, contrastTolerance)
}

// A ratio turned round has the reciprocal limits and the same tests, its limits
// are over zero, its base is the smaller of the two. Where it is 0 it has
// neither limits nor tests.
func TestRatiosTurnedRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genLabelled(t)
		answers := number("r", make([]float64, in.Rows), "Yes")
		for i := range answers.Numbers.Len() {
			answers.Numbers.Set(i, rapid.SampledFrom([]float64{0, 1, 1, math.NaN()}).Draw(t, "r"))
		}
		in = in.With(answers)
		out := tabulated(t, in, 0, survey.TableSpec{
			Columns: names("g", "h"), Tests: survey.TestSpec{Against: rapid.SampledFrom([]string{"pairs", "rest"}).Draw(t, "against")},
			Changes: []survey.ChangeSpec{{Variable: "h", From: survey.NumberValue(1), To: survey.NumberValue(2)}},
			Rows: []survey.RowSpec{
				{Ratio: &survey.RatioSpec{Share: "q >= 3", Over: "r == 1"}}, {Ratio: &survey.RatioSpec{Share: "r == 1", Over: "q >= 3"}},
				{Share: "q >= 3"}, {Share: "r == 1"},
			},
		})
		for c, col := range out.Columns {
			a, b := out.Cells[0][c], out.Cells[1][c]
			if a.N != b.N || a.NOther != b.NOther || unequal(a.DF.Float(), b.DF.Float()) {
				t.Fatalf("%s: bases %d and %d, turned round %d and %d", col.Label, a.N, a.NOther, b.N, b.NOther)
			}
			n, m := out.Cells[2][c].N, out.Cells[3][c].N
			if !col.Change && (a.N != min(n, m) || a.NOther != max(n, m) && a.NOther != 0 || (a.NOther == 0) != (n == m)) {
				t.Fatalf("%s: bases %d and %d of shares on %d and %d", col.Label, a.N, a.NOther, n, m)
			}
			if (a.Value.Float() == 0 && !col.Change || !a.Value.Exists()) && (a.Low.Exists() || a.P.Exists() || len(a.Flags) == 0) {
				t.Fatalf("%s: %v has limits from %v, p %v, flags %v", col.Label, a.Value.Float(), a.Low.Float(), a.P.Float(), a.Flags)
			}
			if !a.Low.Exists() || !b.Low.Exists() {
				continue
			}
			if !col.Change && (unequal(a.Low.Float()*b.High.Float(), 1) || unequal(a.High.Float()*b.Low.Float(), 1) || !(a.Low.Float() > 0)) {
				t.Fatalf("%s: %v to %v, turned round %v to %v", col.Label, a.Low.Float(), a.High.Float(), b.Low.Float(), b.High.Float())
			}
			if unequal(a.P.Float(), b.P.Float()) {
				t.Fatalf("%s: p %v, turned round %v", col.Label, a.P.Float(), b.P.Float())
			}
		}
		p := map[[3]int]survey.Figure{}
		for _, c := range out.Comparisons {
			p[[3]int{c.Row, c.Column, c.Against}] = c.P
			if c.Row < 2 && (out.Cells[c.Row][c.Column].Value.Float() == 0 || c.Against != survey.Rest && out.Cells[c.Row][c.Against].Value.Float() == 0) {
				t.Fatalf("row %d: a ratio of 0 is tested, p %v", c.Row, c.P.Float())
			}
		}
		for k, x := range p {
			if y, ok := p[[3]int{1, k[1], k[2]}]; k[0] == 0 && ok && unequal(x.Float(), y.Float()) {
				t.Fatalf("columns %d and %d: p %v, turned round %v", k[1], k[2], x.Float(), y.Float())
			}
		}
	})
}
