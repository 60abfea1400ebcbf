package drivers

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"surveykit/stats"
	"surveykit/stats/importance"
	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

const (
	// shakes is the number of pairs of shaken weights: enough for a term that only
	// matters where a part is near zero, to about a tenth of itself.
	shakes = 50
	// shakenBy is how far a PSU's weights go up or down, small enough that none
	// turns negative.
	shakenBy = 0.5
)

// measure computes the importances on the full sample, and as its spread asks
// for them under other weights.
func (m *model) measure(ctx context.Context, o importance.Orders) error {
	c, latent := m.covariance(m.centred, m.fit)
	m.latent = latent
	frame := m.sample.Frame()
	full := importance.Moments{Covariance: c, Drivers: m.groups, ValuesOnly: frame.Replicates != nil}
	m.parts = full.Parts(o)
	if frame.Replicates != nil {
		m.replicates = make([]*importance.Parts, len(frame.ByRow.Replicates))
		return parallel.Each(ctx, len(m.replicates), func(r int) {
			m.replicates[r] = m.under(m.pick(frame.ByRow.Replicates[r]), o)
		})
	}
	m.shaken = make([][2]*importance.Parts, shakes)
	return parallel.Each(ctx, shakes, func(r int) {
		shake := m.shake(rand.New(rand.NewPCG(o.Seed, uint64(r))))
		for k, by := range []float64{shakenBy, -shakenBy} {
			w := make([]float64, len(m.weights))
			for k, i := range m.rows {
				w[k] = m.weights[k] * (1 + by*shake[frame.ByRow.PSU[i]])
			}
			m.shaken[r][k] = m.under(w, o)
		}
	})
}

// shake draws a factor for each PSU whose spread, times the weights, is that of
// the design's first stage.
func (m *model) shake(r *rand.Rand) []float64 {
	frame := m.sample.Frame()
	z := make([]float64, frame.PSUs)
	for _, p := range m.psus {
		z[p] = float64(2*r.IntN(2) - 1)
	}
	return frame.Stages[0].Deviations(z, nil, frame.Lonely, nil)
}

// under are the importances under other weights of the model's rows.
func (m *model) under(weights []float64, o importance.Orders) *importance.Parts {
	var fit *stats.Fit
	if !m.linear() {
		fit = m.fitted(weights, m.fit.Beta)
	}
	c, _ := m.covariance(importance.Data{Columns: m.columns, Weights: weights}.Centred(), fit)
	other := importance.Moments{Covariance: c, Drivers: m.groups, ValuesOnly: true}
	return other.Parts(o)
}

// covariance is that of the drivers' columns and the outcome, or the tendency of which it is the sign.
func (m *model) covariance(centred importance.Data, fit *stats.Fit) (*mat.SymDense, importance.Latent) {
	c := centred.Covariance()
	if m.linear() {
		return c, importance.Latent{}
	}
	l := importance.Latent{Columns: c, Beta: fit.Beta[1:]}
	return l.Covariance(), l
}

// record is the record of a figure; share says that it lies between 0 and 1.
// With replicate weights its standard error is their spread. Otherwise it is the
// root of the linearised variance plus the mean square of the second-order term
// of the figure's expansion in the weights: a part near zero has hardly any
// slope, and its linearised error alone would promise far too much. The variance
// that sampled orders leave is added in either case.
func (m *model) record(statistic, variable string, share bool, figure func(*importance.Parts) importance.Figure) survey.Estimate {
	var r survey.Estimate
	if m.separated() {
		r = estimate.Blank(m.sample.Level())
		r.Statistic, r.Variable = statistic, variable
		r.N, r.NWeighted, r.NEffective, r.DF = m.base.N, survey.FigureOf(m.base.NWeighted), survey.FigureOf(m.base.NEffective), survey.FigureOf(m.base.DF)
		r.Flags = append(r.Flags, survey.FlagNotEstimable)
		return r
	}
	f := figure(m.parts)
	if m.replicates != nil {
		theta := make([]float64, len(m.replicates))
		for k, p := range m.replicates {
			theta[k] = figure(p).Value
		}
		r = m.sample.Influenced(m.base, false, f.Value, theta)
	} else {
		r = m.sample.Influenced(m.base, false, f.Value, m.influence(f.Gradient))
		m.widen(&r, m.secondOrder(figure))
	}
	m.widen(&r, f.Error*f.Error)
	if share {
		r.Low, r.High = survey.FigureOf(max(r.Low.Float(), 0)), survey.FigureOf(min(r.High.Float(), 1))
	}
	r.Statistic, r.Variable = statistic, variable
	return r
}

// influence is the influence of each row of the table on a figure of that gradient.
func (m *model) influence(gradient *mat.SymDense) []float64 {
	columns, beta := gradient, []float64(nil)
	if !m.linear() {
		columns, beta = m.latent.Chain(gradient)
	}
	u := m.centred.Influence(columns)
	if beta != nil {
		stats.AddScaled(u, 1, m.fit.InfluenceOn(append([]float64{0}, beta...)))
	}
	out := make([]float64, m.sample.Table().Rows)
	for k, i := range m.rows {
		out[i] = u[k]
	}
	return out
}

// secondOrder is the mean square of (θ(+ε) + θ(−ε) − 2θ)/2ε² over the pairs.
func (m *model) secondOrder(figure func(*importance.Parts) importance.Figure) float64 {
	at := figure(m.parts).Value
	var square float64
	for _, pair := range m.shaken {
		term := (figure(pair[0]).Value + figure(pair[1]).Value - 2*at) / (2 * shakenBy * shakenBy)
		square += term * term / shakes
	}
	return square
}

// widen adds a variance to a record's.
func (m *model) widen(r *survey.Estimate, variance float64) {
	if !r.SE.Exists() || variance == 0 {
		return
	}
	se := math.Sqrt(r.SE.Float()*r.SE.Float() + variance)
	low, high := stats.MeanLimits(r.Value.Float(), se, r.DF.Float(), r.Level.Float())
	r.SE, r.Low, r.High = survey.FigureOf(se), survey.FigureOf(low), survey.FigureOf(high)
}
