package estimate

import (
	"math"
	"slices"
	"sort"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// QuantileInterval names the interval for the distribution function that is
// turned into limits of a quantile.
type QuantileInterval string

// The intervals of quantiles: Woodruff's by the interval of a proportion, or
// Francisco and Fuller's inversion of a score test.
const (
	QuantileMean   QuantileInterval = "mean"
	QuantileBeta   QuantileInterval = "beta"
	QuantileXLogit QuantileInterval = "xlogit"
	QuantileAsin   QuantileInterval = "asin"
	QuantileScore  QuantileInterval = "score"
)

// QuantileOptions say which quantiles are wanted.
type QuantileOptions struct {
	Probs    []float64
	Rule     stats.QuantileRule
	Interval QuantileInterval
}

// Quantiles estimates quantiles of each variable in each domain. With F the
// weighted share at or under the estimate q, limits for F by the method asked
// are turned back into limits of the quantile by the same rule, and
// se = (high - low)/(2t). A limit of F outside 0–1 gives no limit there.
// Source: Woodruff 1952; Francisco & Fuller 1991 for the score interval.
// Equals R survey::svyquantile.
func (s *Sample) Quantiles(names []string, o QuantileOptions) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	for _, name := range names {
		v, err := s.numeric(name)
		if err != nil {
			problems = append(problems, err...)
			continue
		}
		out = append(out, s.quantiles(v, o)...)
	}
	return out, problems.Err()
}

// distribution is a variable's answers, sorted by domain.
type distribution struct {
	*Sample
	x      []float64
	valid  []bool
	sorted []stats.Sorted
	values [][]float64 // the answers of each domain, ascending
}

func (s *Sample) quantiles(v *survey.Variable, o QuantileOptions) []survey.Estimate {
	d := s.distribution(v)
	var out []survey.Estimate
	for _, p := range o.Probs {
		q := make([]float64, len(d.sorted))
		for k := range q {
			q[k] = d.sorted[k].Quantile(p, o.Rule)
		}
		totals := d.under(q)
		for k := range q {
			r := s.record("quantile", v.Name, k)
			r.Quantile = survey.Figure(p)
			if setBase(&r, totals.Base([]int{totals.Index(k, 0)})) {
				r.Value = survey.Figure(q[k])
				r.Interval = string(o.Interval)
				if o.Interval == QuantileScore {
					d.scoreLimits(&r, k, p, o.Rule)
				} else {
					d.woodruff(&r, totals, k, o)
				}
			}
			out = append(out, r)
		}
	}
	return out
}

func (s *Sample) distribution(v *survey.Variable) distribution {
	d := distribution{Sample: s, x: v.Numbers, valid: v.Valid()}
	x, w := make([][]float64, len(s.cells.group)), make([][]float64, len(s.cells.group))
	for i, c := range s.cells.cell {
		if c >= 0 && d.valid[i] {
			x[c] = append(x[c], v.Numbers[i])
			w[c] = append(w[c], s.Frame.Weights[i])
		}
	}
	for c := range x {
		d.sorted = append(d.sorted, stats.Sort(x[c], w[c]))
		values := slices.Clone(x[c])
		slices.Sort(values)
		d.values = append(d.values, values)
	}
	return d
}

// under totals 1 and "at or under q of its domain" over the valid rows.
func (d distribution) under(q []float64) *engine.Totals {
	return d.totalsOf(figure{terms: d.underTerms(q)})
}

func (d distribution) underTerms(q []float64) *engine.Terms {
	at := make([]float64, len(d.x))
	for i, c := range d.cells.cell {
		if c >= 0 && d.valid[i] && d.x[i] <= q[c] {
			at[i] = 1
		}
	}
	return engine.Columns(d.valid, ones(len(d.x)), at)
}

// below is the share at or under the domain's quantile with its standard error.
func below(totals *engine.Totals, k int) (f, se float64) {
	arguments := at(totals, k, 1, 0)
	return totals.At(ratio, arguments), standardError(totals.Deviations(ratio, arguments))
}

func (d distribution) woodruff(r *survey.Estimate, totals *engine.Totals, k int, o QuantileOptions) {
	if r.DF <= 0 {
		return
	}
	f, se := below(totals, k)
	df, level := float64(r.DF), float64(r.Level)
	var low, high float64
	if o.Interval == QuantileMean {
		low, high = stats.MeanLimits(f, se, df, level)
	} else {
		in := stats.Proportion{P: f, SE: se, LogitSE: math.NaN(), N: float64(r.N), DF: df, Level: level}
		low, high, _ = in.Interval(stats.IntervalMethod(o.Interval))
	}
	setQuantileLimits(r, d.sorted[k].Quantile(ended(low), o.Rule), d.sorted[k].Quantile(ended(high), o.Rule))
}

// ended takes a share that rounding put a hair outside 0–1 for the end itself.
func ended(share float64) float64 {
	const hair = 1e-12
	if end := math.Min(1, math.Max(0, share)); math.Abs(share-end) < hair {
		return end
	}
	return share
}

func setQuantileLimits(r *survey.Estimate, low, high float64) {
	t := stats.TQuantile((1+float64(r.Level))/2, float64(r.DF))
	r.Low, r.High, r.SE = survey.Figure(low), survey.Figure(high), survey.Figure((high-low)/(2*t))
}

// scoreLimits are read off at the answers whose score, F(θ) - p over its own
// standard error, comes nearest to -t and to t. The reference reads the share
// of rows up to such an answer, unweighted, and takes the weighted quantile
// there; so does this, for the interval would otherwise not be the one that
// its name stands for.
func (d distribution) scoreLimits(r *survey.Estimate, k int, p float64, rule stats.QuantileRule) {
	if r.DF <= 0 {
		return
	}
	t := stats.TQuantile((1+float64(r.Level))/2, float64(r.DF))
	answers := d.values[k]
	distinct := slices.Compact(slices.Clone(answers))
	score := func(i int) float64 {
		q := make([]float64, len(d.sorted))
		q[k] = distinct[i]
		f, se := below(d.under(q), k)
		if se == 0 && f == p {
			return 0
		}
		return (f - p) / se
	}
	limit := func(target float64) float64 {
		i := sort.Search(len(distinct)-1, func(i int) bool { return score(i) >= target })
		if i > 0 && math.Abs(score(i-1)-target) < math.Abs(score(i)-target) {
			i--
		}
		upTo, _ := slices.BinarySearchFunc(answers, distinct[i], func(x, v float64) int {
			if x <= v {
				return -1
			}
			return 1
		})
		return d.sorted[k].Quantile(float64(upTo)/float64(len(answers)), rule)
	}
	setQuantileLimits(r, limit(-t), limit(t))
}
