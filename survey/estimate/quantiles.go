package estimate

import (
	"math"
	"slices"
	"sort"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// A QuantileInterval puts limits around a quantile. Flags, studies, METHODS,
// legends and explanations are made from its fields. A new one is a value and an
// entry of QuantileIntervals.
type QuantileInterval struct {
	// Name is how flags and studies spell it, and the interval.type of R's
	// survey::svyquantile.
	Name string
	// Formula is written with F the share at or under the estimate, se_F its standard
	// error, Q(F) the quantile at F and p its probability.
	Formula string
	// Source is paper or book.
	Source string

	// share is the method of Woodruff's limits for F; nil where limits are others.
	share *stats.IntervalMethod
}

// String is the name of the interval.
func (i *QuantileInterval) String() string { return i.Name }

// The intervals of quantiles: Woodruff's by the limits of F of a method for
// proportions, or Francisco and Fuller's inversion of a score test.
var (
	QuantileMean   = woodruffBy(stats.MeanInterval, "Q(F − t·se_F) to Q(F + t·se_F)")
	QuantileBeta   = woodruffBy(stats.BetaInterval, "Q at Korn and Graubard's limits of F")
	QuantileXLogit = woodruffBy(stats.XLogit, "Q at the logit limits of F")
	QuantileAsin   = woodruffBy(stats.Asin, "Q at the arcsine limits of F")
	QuantileScore  = &QuantileInterval{Name: "score", Formula: "all θ for which F(θ) differs from p by at most t·se_F(θ)", Source: "Francisco & Fuller 1991"}
)

func woodruffBy(m *stats.IntervalMethod, formula string) *QuantileInterval {
	return &QuantileInterval{Name: m.Name, Formula: formula, Source: "Woodruff 1952", share: m}
}

// QuantileIntervals lists the intervals, the default first.
var QuantileIntervals = []*QuantileInterval{QuantileMean, QuantileBeta, QuantileXLogit, QuantileAsin, QuantileScore}

// Quantiles estimates quantiles of each variable in each domain, for probabilities
// from 0 to 1, by the rule and the interval of the sample's options. With F the
// weighted share at or under the estimate q, limits for F
// are turned back into limits of the quantile by the same rule, and
// se = (high - low)/(2t). A limit of F that is not within (0, 1) gives no limit
// there, nor a standard error. Where q is the largest answer F is 1, and its
// limits are Korn and Graubard's. See scoreLimits for the score interval.
// Source: Woodruff 1952; Francisco & Fuller 1991 for the score interval.
// Equals R survey::svyquantile, but for those edges and the score interval.
func (s *Sample) Quantiles(names []string, probs ...float64) ([]survey.Estimate, error) {
	problems := checkProbabilities(probs)
	if len(problems) > 0 {
		return nil, problems
	}
	var out []survey.Estimate
	for _, name := range names {
		if _, err := s.numeric(name); err != nil {
			problems = append(problems, err...)
			continue
		}
		records, err := s.quantiles(name, probs...)
		if err != nil {
			return nil, err
		}
		out = append(out, records...)
	}
	return out, problems.Err()
}

func checkProbabilities(probs []float64) (problems survey.Problems) {
	for _, p := range probs {
		if !(p >= 0 && p <= 1) {
			problems = append(problems, survey.Problem{Value: survey.FormatNumber(p), Message: "the probability of a quantile is not between 0 and 1", Remedy: "give 0.5 for the median"})
		}
	}
	return problems
}

// distribution is a variable's answers by domain.
type distribution struct {
	*Sample
	x      engine.Answer
	sorted []stats.Sorted
	ties   [][]stats.Tie
}

func (s *Sample) quantiles(name string, probs ...float64) ([]survey.Estimate, error) {
	d, err := s.distribution(name)
	if err != nil {
		return nil, err
	}
	var out []survey.Estimate
	for _, p := range probs {
		q := make([]float64, len(d.sorted))
		for k := range q {
			q[k] = d.sorted[k].Quantile(p, s.rule)
		}
		totals, err := d.under(q)
		if err != nil {
			return nil, err
		}
		for k := range q {
			r := s.record("quantile", name, k)
			r.Quantile = survey.FigureOf(p)
			if base := totals.Base([]int{totals.Index(k, 0)}); setBase(&r, base) {
				r.Value = survey.FigureOf(q[k])
				r.Interval = s.quantileInterval.Name
				switch {
				case base.DF <= 0:
				case base.Certain:
					r.SE, r.Low, r.High = survey.FigureOf(0), r.Value, r.Value
				case s.quantileInterval.share == nil:
					if err := d.scoreLimits(&r, k, p); err != nil {
						return nil, err
					}
				default:
					d.woodruff(&r, totals, k)
				}
			}
			out = append(out, r)
		}
	}
	return out, nil
}

func (s *Sample) distribution(name string) (d distribution, err error) {
	d = distribution{Sample: s, x: engine.Answer{Column: name}}
	d.ties, err = s.engine.Distribution(s.ctx, s.frame, d.x, s.within(engine.Query{}))
	for _, ties := range d.ties {
		if s.rule.ByRow && slices.ContainsFunc(ties, func(t stats.Tie) bool { return math.IsNaN(t.First) }) {
			return d, survey.Problems{{Variable: name, Message: "quantiles by the rule " + s.rule.Name + " depend on the order of the rows, and the engine of the data answers with sums only", Remedy: "use the rule " + stats.QuantileRules[0].Name + ", or " + survey.ReadRows}}
		}
		d.sorted = append(d.sorted, stats.SortTies(ties))
	}
	return d, err
}

// under totals 1 and "at or under q of its domain" over the answers.
func (d distribution) under(q []float64) (*engine.Totals, error) {
	return d.Sums(engine.Query{Numbers: d.atMost(q)})
}

func (d distribution) atMost(q []float64) []engine.Number {
	return []engine.Number{engine.Given{d.x}, engine.AtMost{Of: d.x, Limits: slices.Clone(q)}}
}

// below is the share at or under the domain's quantile with its standard error,
// and the replicates that the error leaves out.
func below(totals *engine.Totals, k int) (f, se float64, leftOut int) {
	arguments := at(totals, k, 1, 0)
	f, se = totals.At(ratio, arguments), standardError(totals.Deviations(ratio, arguments))
	const rounding = 1e-12
	if se <= rounding {
		se = 0
	}
	return f, se, totals.LeftOut(ratio, arguments)
}

func (d distribution) woodruff(r *survey.Estimate, totals *engine.Totals, k int) {
	f, se, leftOut := below(totals, k)
	setLeftOut(r, leftOut)
	share := stats.Proportion{P: f, SE: se, LogitSE: math.NaN(), N: float64(r.N), DF: r.DF.Float(), Level: r.Level.Float()}
	low, high, used := share.Interval(d.quantileInterval.share)
	if !(se > 0) && used != stats.KornGraubard {
		r.Flag(survey.FlagNoVariance) // every PSU has the same share under it
		return
	}
	limit := func(share float64) float64 {
		const hair = 1e-12
		if share <= hair || share >= 1-hair {
			return math.NaN()
		}
		return d.sorted[k].Quantile(share, d.rule)
	}
	setQuantileLimits(r, limit(low), limit(high))
}

// setQuantileLimits fills in the limits that exist, a flag where one does not,
// and se = (high − low)/2t.
func setQuantileLimits(r *survey.Estimate, low, high float64) {
	t := stats.TQuantile((1+r.Level.Float())/2, r.DF.Float())
	r.Low, r.High, r.SE = survey.FigureOf(low), survey.FigureOf(high), survey.FigureOf((high-low)/(2*t))
	switch {
	case !r.Low.Exists() && !r.High.Exists():
		r.Flag(survey.FlagBeyond)
	case !r.SE.Exists():
		r.Flag(survey.FlagOneSided)
	case low == high:
		r.Flag(survey.FlagNoVariance)
	}
}

// scoreLimits invert the test of F(θ) = p. An answer θ is accepted where the
// weighted share F(θ) differs from p by at most t of its own standard errors;
// where F is 0 or 1, whose standard error is 0, where p is within Korn and
// Graubard's limits. The interval holds the estimate and the accepted answers
// next to it on both sides. Where all of a side are accepted and F = 0 or 1
// beyond them is too, there is no limit.
// Source: Francisco & Fuller 1991, section 3.
func (d distribution) scoreLimits(r *survey.Estimate, k int, p float64) (failure error) {
	share := stats.Proportion{LogitSE: math.NaN(), N: float64(r.N), DF: r.DF.Float(), Level: r.Level.Float()}
	holds := func(f, se float64) bool {
		const rounding = 1e-12
		share.P, share.SE = f, se
		low, high, _ := share.Interval(stats.MeanInterval)
		return low <= p+rounding && p <= high+rounding
	}
	var answers []float64
	for _, tie := range d.ties[k] {
		if tie.N > 0 {
			answers = append(answers, tie.Value)
		}
	}
	q := make([]float64, len(d.sorted))
	accepted := func(i int) bool {
		q[k] = answers[i]
		totals, err := d.under(q)
		if err != nil {
			failure = err
			return false
		}
		f, se, leftOut := below(totals, k)
		setLeftOut(r, max(r.LeftOut, leftOut))
		return holds(f, se)
	}
	value := r.Value.Float()
	under, _ := slices.BinarySearch(answers, value)
	over := under
	if under < len(answers) && answers[under] == value {
		over++
	}
	downward := sort.Search(under, func(i int) bool { return !accepted(under - 1 - i) })
	upward := sort.Search(len(answers)-over, func(i int) bool { return !accepted(over + i) })
	low, high := value, value
	if downward > 0 {
		low = answers[under-downward]
	}
	if upward > 0 {
		high = answers[over+upward-1]
	}
	if downward == under && holds(0, 0) {
		low = math.NaN()
	}
	if upward == len(answers)-over && holds(1, 0) {
		high = math.NaN()
	}
	setQuantileLimits(r, low, high)
	return failure
}
