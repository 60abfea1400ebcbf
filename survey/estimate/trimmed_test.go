package estimate_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats/recorded"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// TestTrimmedMeansAgainstR compares with the means of pseudovalues by R's svymean.
func TestTrimmedMeansAgainstR(t *testing.T) {
	var want struct {
		Rows []struct {
			Variable, Bracket                    string
			Percent, Estimate, SE, Low, High, DF float64
		}
	}
	recorded.Read(t, "trimmed.json", &want)
	table, design := referenceTable(t, "twostage.csv"), survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}
	for _, w := range want.Rows {
		where := ""
		if w.Bracket != "" {
			where = "age_bracket == '" + w.Bracket + "'"
		}
		records, err := sampletest.In(t, table, design, estimate.Options{Where: where}).TrimmedMeans(estimate.Trim{Variable: w.Variable, Percent: w.Percent})
		if err != nil {
			t.Fatal(err)
		}
		r := records[0]
		for _, pair := range [][2]float64{{r.Value.Float(), w.Estimate}, {r.SE.Float(), w.SE}, {r.Low.Float(), w.Low}, {r.High.Float(), w.High}, {r.DF.Float(), w.DF}} {
			if math.Abs(pair[0]-pair[1]) > 1e-9*math.Max(1, math.Abs(pair[1])) {
				t.Errorf("%s in %q, %g%%: %v, R has %v", w.Variable, w.Bracket, w.Percent, pair[0], pair[1])
			}
		}
	}
}

// By hand: without 20% at each end of 1, 2, 3, 4 and 100 the mean is that of 2, 3 and
// 4. The Winsorised answers 2, 2, 3, 4 and 4 have a variance of 1, so the standard
// error is √(1/5)/0.6. Of 1, 2 and 10 with weights 1, 2 and 1, without 12.5%, half of
// the 1 and of the 10 stays: (0.5 + 4 + 5)/3.
func TestTrimmedMeanByHand(t *testing.T) {
	for _, c := range []struct {
		y, w              []float64
		percent, want, se float64
	}{
		{[]float64{3, 100, 1, 2, 4}, []float64{1, 1, 1, 1, 1}, 20, 3, math.Sqrt(0.2) / 0.6},
		{[]float64{10, 1, 2}, []float64{1, 1, 2}, 12.5, 9.5 / 3, math.NaN()},
	} {
		s := sampletest.Of(t, tableOf(number("y", c.y...), number("w", c.w...)), survey.Design{Weight: "w"})
		records, err := s.TrimmedMeans(estimate.Trim{Variable: "y", Percent: c.percent})
		if err != nil {
			t.Fatal(err)
		}
		if r := records[0]; !near(r.Value, c.want, 1e-14) || !math.IsNaN(c.se) && !near(r.SE, c.se, 1e-14) {
			t.Errorf("%v: %v with a standard error of %v, want %v and %v", c.y, r.Value.Float(), r.SE.Float(), c.want, c.se)
		}
	}
}

// TestTrimmedMeanIsThatOfTheMiddle: what is left of the weights between α and 1 − α
// of them, answers in order, has this mean; the answers mirrored and far from zero
// have the mirrored mean and the same standard error.
func TestTrimmedMeanIsThatOfTheMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, estimate.Options{})
		percent := float64(rapid.IntRange(1, 49).Draw(t, "percent"))
		variable := rapid.SampledFrom([]string{"b", "r"}).Draw(t, "variable")
		r := single(t, s, "trimmed_mean", variable+":"+survey.FormatNumber(percent))
		y, w := s.Table().Lookup(variable).Numbers.Slice(), s.Table().Lookup("w").Numbers.Slice()
		order := make([]int, len(y))
		total := 0.0
		for i := range y {
			order[i] = i
			total += w[i]
		}
		slices.SortFunc(order, func(i, j int) int { return cmp.Compare(y[i], y[j]) })
		upTo, sum, from, to := 0.0, 0.0, percent/100*total, (1-percent/100)*total
		for _, i := range order {
			if part := math.Min(upTo+w[i], to) - math.Max(upTo, from); part > 0 {
				sum += part * y[i]
			}
			upTo += w[i]
		}
		if !near(r.Value, sum/(to-from), exact) {
			t.Errorf("%v, want %v", r.Value.Float(), sum/(to-from))
		}
		mirror := make([]float64, len(y))
		for i := range y {
			mirror[i] = 1e6 - y[i]
		}
		m := single(t, s.With(number(variable, mirror...)), "trimmed_mean", variable+":"+survey.FormatNumber(percent))
		if !near(m.Value, 1e6-r.Value.Float(), 1e-12) || !near(m.SE, r.SE.Float(), 1e-6) {
			t.Errorf("mirrored %v with %v, not mirrored %v with %v", m.Value.Float(), m.SE.Float(), r.Value.Float(), r.SE.Float())
		}
	})
}

func TestTrimmedMeanRefusals(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("y", 1, 2, 3, 4)), survey.Design{})
	for _, trim := range []estimate.Trim{{Variable: "y"}, {Variable: "y", Percent: 50}, {Variable: "y", Percent: math.NaN()}, {Variable: "z", Percent: 10}} {
		if records, err := s.TrimmedMeans(trim); err == nil {
			t.Errorf("%v: %v", trim, records)
		}
	}
	for _, text := range []string{"y", "y:0", "y:50", ":10", "y:ten", "y:NaN"} {
		if _, err := estimate.ParseTrim(text); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}
