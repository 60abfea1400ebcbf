package estimate

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

func TestDuplicatedRowsChangeNothing(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		var twice []int
		for i := range table.Rows {
			twice = append(twice, i, i)
		}
		once := sampleOf(t, table, clusters, Options{By: []string{"g"}})
		doubled := sampleOf(t, pick(table, twice), clusters, Options{By: []string{"g"}})
		// At p = 0 or 1 the interval is Korn and Graubard's from the number of rows,
		// which also gives the limits of the largest answer.
		same(t, inner(everything(t, doubled)), inner(everything(t, once)), 2, rounding)
	})
}

// inner leaves out the shares of nobody and of everybody, and quantiles at an end
// of the data.
func inner(records []survey.Estimate) []survey.Estimate {
	var out []survey.Estimate
	for _, r := range records {
		if slices.Contains(r.Flags, survey.FlagOneSided) || slices.Contains(r.Flags, survey.FlagBeyond) {
			continue
		}
		if edge := r.Statistic == "proportion" || r.Statistic == "share"; !edge || r.Value.Float() > 0 && r.Value.Float() < 1 {
			out = append(out, r)
		}
	}
	return out
}

func TestScaleOfTheWeightsMovesOnlyTotals(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table, c := drawTable(t), rapid.Float64Range(1e-8, 1e8).Draw(t, "constant")
		scaled := mapped(table, "w", func(w float64) float64 { return c * w })
		same(t, everything(t, sampleOf(t, scaled, clusters, Options{})), everything(t, sampleOf(t, table, clusters, Options{})), c, rounding)
	})
}

func TestOrderOfRowsAndNamesOfUnitsAreNothing(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		order := rapid.Permutation(counting(table.Rows)).Draw(t, "order")
		moved := pick(table, order)
		moved = mapped(moved, "h", func(h float64) float64 { return 100 - 7*h })
		moved = mapped(moved, "j", func(j float64) float64 { return -3 * j })
		same(t, everything(t, sampleOf(t, moved, clusters, Options{})), everything(t, sampleOf(t, table, clusters, Options{})), 1, rounding)
	})
}

func counting(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestDomainMeanIsRatioOfTotals(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		y, g := table.Lookup("y").Numbers.Slice(), table.Lookup("g").Numbers.Slice()
		inside, answer := make([]float64, len(y)), make([]float64, len(y))
		for i := range y {
			if g[i] == 1 && !math.IsNaN(y[i]) {
				inside[i], answer[i] = 1, y[i]
			}
		}
		mean, err := sampleOf(t, table, clusters, Options{Where: "g == 1"}).Means([]string{"y"})
		if err != nil {
			t.Fatal(err)
		}
		with := table.With(&survey.Variable{Name: "inside", Kind: survey.Number, Numbers: survey.NewNumbers(inside)}, &survey.Variable{Name: "answer", Kind: survey.Number, Numbers: survey.NewNumbers(answer)})
		ratio, err := sampleOf(t, with, clusters, Options{}).Ratios("answer", "inside")
		if err != nil {
			t.Fatal(err)
		}
		nearly(t, "mean", mean[0].Value, ratio[0].Value, 1, rounding)
		if mean[0].SE.Exists() || mean[0].DF.Float() > 0 {
			nearly(t, "se", mean[0].SE, ratio[0].SE, 1, rounding)
		}
	})
}

func TestSharesSumToOne(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		shares, err := sampleOf(t, drawTable(t), clusters, Options{By: []string{"g"}}).Proportions([]string{"q"})
		if err != nil {
			t.Fatal(err)
		}
		sum := map[string]float64{}
		for _, r := range shares {
			sum[r.Group[0].Value.Text] += r.Value.Float()
		}
		for g, total := range sum {
			if !math.IsNaN(total) {
				nearly(t, "shares of group "+g, survey.FigureOf(total), survey.FigureOf(1), 1, rounding)
			}
		}
	})
}

func TestJackknifeOfATotalIsLinearised(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		s := sampleOf(t, table, clusters, Options{})
		jackknife, err := s.frame.Stages[0].StratifiedJackknife(stats.LonelyFail)
		if err != nil {
			t.Fatal(err)
		}
		theta := make([]float64, len(jackknife.Factors))
		estimate := 0.0
		for i, y := range table.Lookup("y").Numbers.All() {
			if math.IsNaN(y) {
				continue
			}
			estimate += s.frame.ByRow.Weights[i] * y
			for r, factors := range jackknife.Factors {
				theta[r] += factors[s.frame.ByRow.PSU[i]] * s.frame.ByRow.Weights[i] * y
			}
		}
		total, err := s.Totals([]string{"y"})
		if err != nil {
			t.Fatal(err)
		}
		const cancelled = 1e-9 // the replicates are far larger than their differences
		nearly(t, "se", total[0].SE, survey.FigureOf(math.Sqrt(jackknife.Variance(theta, estimate, true))), 1, cancelled)
	})
}

// Every estimator's gradient is what its value does when a total moves a little.
func TestGradientsAreSlopes(t *testing.T) {
	const tolerance = 1e-7 // of a difference of the fourth order with a step of a thousandth
	for _, e := range Estimators() {
		if e.Gradient == nil {
			continue // a quantile is no function of totals, a contrast any function
		}
		t.Run(e.Name, func(t *testing.T) {
			onDesigns(t, func(t *rapid.T) {
				at := drawTotals(t, e)
				for k, got := range e.Gradient(at) {
					want, finer := slope(e, at, k, 1e-3), slope(e, at, k, 5e-4)
					scale := math.Max(1, math.Abs(want))
					if math.Abs(want-finer) > tolerance*scale {
						return // too near a pole for a finite step
					}
					if !(math.Abs(got-want) <= tolerance*scale) {
						t.Errorf("argument %d: %v, the slope is %v", k, got, want)
					}
				}
			})
		})
	}
}

// slope is the central difference of fourth order of an estimator in one total.
func slope(e Estimator, at []float64, k int, step float64) float64 {
	h := step * at[k]
	moved := func(by float64) float64 {
		to := append([]float64(nil), at...)
		to[k] += by
		return e.Value(to)
	}
	return (8*(moved(h)-moved(-h)) - (moved(2*h) - moved(-2*h))) / (12 * h)
}

// drawTotals are totals that suit any estimator: a difference takes two pairs,
// the others at most six, of which correlation needs the squares to be large.
func drawTotals(t *rapid.T, e Estimator) []float64 {
	at := []float64{4, 1, 1, 9, 1, 9}
	if e.Name == Difference.Name {
		at = at[:4]
	}
	for k := range at {
		at[k] *= rapid.Float64Range(0.7, 1.3).Draw(t, "total")
	}
	return at
}

func TestIntervalsHoldTheEstimateAndWiden(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		method := rapid.SampledFrom(stats.IntervalMethods).Draw(t, "method")
		at := func(level float64) []survey.Estimate {
			s := sampleOf(t, table, clusters, Options{By: []string{"g"}})
			s.level, s.interval = level, method
			return everything(t, s)
		}
		narrow, wide := at(0.9), at(0.99)
		for k, r := range narrow {
			w := wide[k]
			if !r.Low.Exists() || r.Statistic == "quantile" {
				continue
			}
			if !(w.Low.Float() <= r.Low.Float() && r.Low.Float() <= r.Value.Float() && r.Value.Float() <= r.High.Float() && r.High.Float() <= w.High.Float()) {
				t.Errorf("%s %s by %s: %v in [%v, %v] at 90%%, [%v, %v] at 99%%", r.Statistic, r.Category, method, r.Value.Float(), r.Low.Float(), r.High.Float(), w.Low.Float(), w.High.Float())
			}
			share := r.Statistic == "proportion" || r.Statistic == "share"
			if share && method != stats.MeanInterval && (w.Low.Float() < 0 || w.High.Float() > 1) {
				t.Errorf("%s by %s leaves 0 to 1: [%v, %v]", r.Statistic, method, w.Low.Float(), w.High.Float())
			}
		}
	})
}

// A domain is never a filter: the PSUs that have nobody in it still count, so
// the error is that of the design in full.
func TestDomainKeepsThePSUs(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		s := sampleOf(t, drawTable(t), clusters, Options{Where: "g == 1 and q == 2"})
		explained, err := s.Explain(Question{Statistic: "mean", Of: "y"}, clusters, "g == 1 and q == 2")
		if err != nil {
			t.Fatal(err)
		}
		psus := 0
		for _, part := range explained[0].Strata {
			psus += part.PSUs
		}
		if explained[0].Record.Value.Exists() && psus != s.frame.PSUs {
			t.Errorf("%d PSUs, the design has %d", psus, s.frame.PSUs)
		}
	})
}

func TestCoresChangeNoBit(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		on := func(cores int) []survey.Estimate {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
			return everything(t, sampleOf(t, table, clusters, Options{By: []string{"g"}}))
		}
		same(t, on(2), on(1), 1, 0)
	})
}

func TestVarianceOfADifference(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		s := sampleOf(t, table, clusters, Options{By: []string{"g"}})
		if len(s.cells.group) < 2 {
			return
		}
		whole := sampleOf(t, table, clusters, Options{})
		difference, err := whole.Differences([]string{"y"}, Between{"g", "0", "1"})
		if err != nil {
			t.Fatal(err)
		}
		if !difference[0].SE.Exists() {
			return
		}
		y, _ := s.centred(engine.Answer{Column: "y"})
		totals, err := s.Sums(engine.Query{Numbers: y.Mean()})
		if err != nil {
			t.Fatal(err)
		}
		a, b := totals.Deviations(ratio, at(totals, 0, 1, 0)), totals.Deviations(ratio, at(totals, 1, 1, 0))
		want := stats.Dot(a, a) + stats.Dot(b, b) - 2*stats.Dot(a, b)
		nearly(t, "variance", survey.FigureOf(difference[0].SE.Float()*difference[0].SE.Float()), survey.FigureOf(want), 1, 1e-11)
	})
}

// Where next to none of the PSUs are drawn, the stages below the first add nothing.
func TestStagesBelowAFractionOfZeroAddNothing(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		table = table.With(
			&survey.Variable{Name: "unit", Kind: survey.Number, Numbers: survey.NewNumbers(rowNumbers(table.Rows))},
			&survey.Variable{Name: "f1", Kind: survey.Number, Numbers: survey.NewNumbers(repeated(table.Rows, 1e-30))},
			&survey.Variable{Name: "f2", Kind: survey.Number, Numbers: survey.NewNumbers(repeated(table.Rows, 0.5))})
		two := survey.Design{Weight: "w", Strata: "h", PSU: []string{"j", "unit"}, FPC: []string{"f1", "f2"}, LonelyPSU: "certainty"}
		same(t, everything(t, sampleOf(t, table, two, Options{})), everything(t, sampleOf(t, table, clusters, Options{})), 1, 1e-11)
	})
}
