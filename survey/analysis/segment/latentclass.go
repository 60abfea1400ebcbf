package segment

import (
	"context"
	"fmt"
	"math"

	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// LatentClassMethod is the latent class model of package stats/mixture.
var LatentClassMethod = &Method{
	Name:  "latent-class",
	Short: "Latent class models: segments within which answers differ only by chance",
	Example: `  surveykit segment latent-class wave.csv --weight w --psu psu --items trust,worry,age:scale --classes 2-6 --seed 1
  surveykit segment latent-class study.yaml --items privacy --classes 4 --model segments.json`,
	Formula: "max Σ w_i ln Σ_k π_k Π_j p_jk(y_ij) over shares π and answers p",
	Source:  "McLachlan & Peel 2000; Patterson, Dayton & Graubard 2002",
	find:    latentClasses,
	fits:    (*Model).fitsProbabilities,
	assign:  (*Model).assignProbably,
}

// LatentClassOptions ask for latent class models.
type LatentClassOptions struct {
	// Items are as Indicators reads them. Required.
	Items []string
	// Classes are the numbers of classes that are tried. Required.
	Classes []int
	// Starts and Seed are those of mixture.Options.
	Starts int
	Seed   uint64
	// Replicate asks how well the segments are found again: across random Halves
	// of the PSUs, or across the values of the variable that it names; "" does not ask.
	Replicate string
	// Covariates are the right side of a formula that membership is explained by,
	// "" for none.
	Covariates string
}

// LatentClass is a fitted latent class model with the figures of its segments.
type LatentClass struct {
	Classes int `json:"classes"`
	// Chosen marks the model of the lowest BIC among those tried.
	Chosen        bool          `json:"chosen"`
	LogLikelihood survey.Figure `json:"log_likelihood"`
	AIC           survey.Figure `json:"aic"`
	BIC           survey.Figure `json:"bic"`
	CAIC          survey.Figure `json:"caic"`
	EntropyR2     survey.Figure `json:"entropy_r2"`
	Parameters    int           `json:"parameters"`
	// Rows have a weight and an answer to some item.
	Rows      int  `json:"rows"`
	Starts    int  `json:"starts"`
	Reached   int  `json:"starts_reached"`
	Converged bool `json:"converged"`
	// Shares of the segments, largest first, 0–1.
	Shares []survey.Figure `json:"shares"`
	// Replications hold parts of the sample against each other, where asked for.
	Replications []Replication `json:"replications,omitempty"`
	// Segments describe them; only of the chosen model.
	Segments []Segment `json:"segments,omitempty"`
	// Residuals are the pairs of items that the segments explain least, worst first.
	Residuals []Pair `json:"bivariate_residuals,omitempty"`
	// Covariates explain who is in each segment; only of the chosen model.
	Covariates []ClassLogit `json:"covariates,omitempty"`

	fitted *mixture.Fitted
}

// Segment is one segment with its size and what its people answer.
type Segment struct {
	// Name is made of the segment's most telling answers.
	Name string `json:"name"`
	// Size is its share of the sample's rows.
	Size survey.Estimate `json:"size"`
	// Answers are the probabilities of each category, or the mean, by item.
	Answers []survey.Estimate `json:"answers"`
}

// Pair is a pair of items with their bivariate residual.
type Pair struct {
	A     string        `json:"a"`
	B     string        `json:"b"`
	Value survey.Figure `json:"value"`
}

// shownResiduals are as many pairs as a person looks at.
const shownResiduals = 10

// LatentClasses fits a latent class model for each number of classes and
// describes the one with the lowest BIC, which comes first; the others follow
// in the order asked. Weights are those of the sample, rows outside its domain
// keep out. Sizes and probabilities have design-based errors: the sandwich over
// PSUs, or the spread of fits under each replicate's weights. The error is
// survey.Problems: unknown items, too many categories, nobody to fit.
func LatentClasses(ctx context.Context, s *estimate.Sample, o LatentClassOptions) ([]LatentClass, *Solution, error) {
	if err := s.NeedsRows("a latent class analysis"); err != nil {
		return nil, nil, err
	}
	r, err := fitClasses(ctx, s, o)
	if err != nil {
		return nil, nil, err
	}
	out, err := r.summaries(ctx, s, o)
	if err != nil {
		return nil, nil, err
	}
	m, err := measure(ctx, s, r.fits[r.best], r.in, r.weights)
	if err != nil {
		return nil, nil, err
	}
	found := r.solution(LatentClassMethod)
	out[0].describe(m, r)
	if o.Covariates != "" {
		if out[0].Covariates, err = r.explain(m, found.Names, o.Covariates); err != nil {
			return nil, nil, err
		}
	}
	return out, found, nil
}

// summaries are the records of all models, the chosen one first.
func (r *classesFitted) summaries(ctx context.Context, s *estimate.Sample, o LatentClassOptions) ([]LatentClass, error) {
	again := make([][]Replication, len(r.fits))
	if o.Replicate != "" {
		var err error
		if again, err = r.replicate(ctx, s, o); err != nil {
			return nil, err
		}
	}
	var out []LatentClass
	for i, f := range r.fits {
		c := summary(f, r.in, r.weights)
		c.Replications = again[i]
		if i == r.best {
			out = append([]LatentClass{c}, out...)
		} else {
			out = append(out, c)
		}
	}
	return out, nil
}

// classesFitted are the models of each number of classes.
type classesFitted struct {
	items   []Indicator
	in      []mixture.Item
	weights []float64
	fits    []*mixture.Fitted
	// best has the lowest BIC.
	best int
}

func fitClasses(ctx context.Context, s *estimate.Sample, o LatentClassOptions) (*classesFitted, error) {
	items, err := Indicators(s.Table(), o.Items)
	if err != nil {
		return nil, err
	}
	r := &classesFitted{items: items}
	r.in, r.weights = inputs(s, items)
	r.fits, err = mixture.Fit(ctx, r.in, r.weights, o.Classes, mixture.Options{Starts: o.Starts, Seed: o.Seed})
	if err == mixture.ErrNoRows {
		return nil, survey.Problems{{Message: "nobody with a weight answered any of the items", Remedy: "check the items, the weight and --where"}}
	}
	if err != nil {
		return nil, err
	}
	for i, f := range r.fits {
		if f.BIC() < r.fits[r.best].BIC() {
			r.best = i
		}
	}
	return r, nil
}

// inputs are the items and the weights of the rows in the sample's domain.
func inputs(s *estimate.Sample, items []Indicator) ([]mixture.Item, []float64) {
	weights := make([]float64, s.Table().Rows)
	for i, in := range s.Rows() {
		if in {
			weights[i] = s.Frame().ByRow.Weights[i]
		}
	}
	return observations(items), weights
}

func observations(items []Indicator) []mixture.Item {
	out := make([]mixture.Item, len(items))
	for j, x := range items {
		if x.Measure == survey.Scale {
			out[j] = mixture.Item{Value: x.Numbers}
			continue
		}
		out[j] = mixture.Item{Categories: len(x.Classes.Values), Ordinal: x.Measure == survey.Ordinal, Code: x.Classes.Index.Slice()}
	}
	return out
}

func summary(f *mixture.Fitted, in []mixture.Item, weights []float64) LatentClass {
	c := LatentClass{
		Classes: f.Classes(), LogLikelihood: survey.FigureOf(f.LogLikelihood),
		AIC: survey.FigureOf(f.AIC()), BIC: survey.FigureOf(f.BIC()), CAIC: survey.FigureOf(f.CAIC()),
		EntropyR2:  survey.FigureOf(mixture.EntropyR2(f.Posterior(in), weights)),
		Parameters: f.Parameters(), Rows: f.Rows, Starts: f.Starts, Reached: f.Reached, Converged: f.Converged, fitted: f,
	}
	for _, share := range f.Shares {
		c.Shares = append(c.Shares, survey.FigureOf(share))
	}
	return c
}

// describe fills in the segments of the chosen model.
func (c *LatentClass) describe(m *measured, r *classesFitted) {
	c.Chosen = true
	names := names(r.items, &c.fitted.Model)
	for k := range c.Classes {
		g := Segment{Name: names[k], Size: m.share(k)}
		g.Size.Statistic, g.Size.Category = "segment", names[k]
		for j, x := range r.items {
			g.Answers = append(g.Answers, m.answers(x, j, k)...)
		}
		c.Segments = append(c.Segments, g)
	}
	c.Residuals = worst(c.fitted.Residuals(r.in, r.weights), r.items)
}

// measured gives figures of a model their design-based errors.
type measured struct {
	sample *estimate.Sample
	model  *mixture.Model
	base   engine.Base
	// in are the answers, members the people's probabilities of the classes.
	in      []mixture.Item
	weights []float64
	members [][]float64
	// influences are those of the model; replicates, in their place, are the
	// models under each replicate's weights.
	influences *mixture.Influences
	replicates []*mixture.Fitted
}

func measure(ctx context.Context, s *estimate.Sample, f *mixture.Fitted, in []mixture.Item, weights []float64) (*measured, error) {
	m := &measured{sample: s, model: &f.Model, in: in, weights: weights, members: f.Posterior(in)}
	m.base = s.Base(func(i int) bool { return weights[i] != 0 && answersAny(in, i) })
	if s.Frame().Replicates == nil {
		m.influences = f.Influences(in, weights)
		return m, nil
	}
	exact, err := f.Refit(ctx, in, weights)
	if err != nil {
		return nil, err
	}
	m.model = &exact.Model
	for _, w := range s.Frame().ByRow.Replicates {
		replicate := make([]float64, len(w))
		for i := range w {
			if weights[i] != 0 {
				replicate[i] = w[i]
			}
		}
		r, err := exact.Refit(ctx, in, replicate)
		if err != nil {
			return nil, err
		}
		m.replicates = append(m.replicates, r)
	}
	return m, nil
}

func answersAny(in []mixture.Item, i int) bool {
	for _, x := range in {
		if x.Categories > 0 && x.Code[i] >= 0 || x.Categories == 0 && !math.IsNaN(x.Value[i]) {
			return true
		}
	}
	return false
}

func (m *measured) record(share bool, influence func(*mixture.Influences) []float64, value func(*mixture.Model) float64) survey.Estimate {
	if m.influences != nil {
		return m.sample.Influenced(m.base, share, value(m.model), influence(m.influences))
	}
	theta := make([]float64, len(m.replicates))
	for r, f := range m.replicates {
		theta[r] = value(&f.Model)
	}
	return m.sample.Influenced(m.base, share, value(m.model), theta)
}

func (m *measured) share(k int) survey.Estimate {
	return m.record(true,
		func(x *mixture.Influences) []float64 { return x.Share(k) },
		func(f *mixture.Model) float64 { return f.Shares[k] })
}

// answers are the records of one item in one class.
func (m *measured) answers(x Indicator, j, k int) []survey.Estimate {
	if x.Measure == survey.Scale {
		r := m.record(false,
			func(x *mixture.Influences) []float64 { return x.Mean(j, k) },
			func(f *mixture.Model) float64 { return f.Items[j].Mean[k] })
		r.Statistic, r.Variable = "mean", x.Variable.Name
		return []survey.Estimate{r}
	}
	out := make([]survey.Estimate, len(x.Classes.Values))
	for c, value := range x.Classes.Values {
		out[c] = m.record(true,
			func(x *mixture.Influences) []float64 { return x.Probability(j, k, c) },
			func(f *mixture.Model) float64 { return f.Items[j].Probability[k][c] })
		m.widenRare(&out[c], j, k)
		out[c].Statistic, out[c].Variable = "proportion", x.Variable.Name
		out[c].Category, out[c].Code = x.Classes.Labels[c], &value
	}
	return out
}

// worst lists the largest residuals.
func worst(residuals []mixture.Residual, items []Indicator) []Pair {
	sortResiduals(residuals)
	var out []Pair
	for _, r := range residuals[:min(len(residuals), shownResiduals)] {
		out = append(out, Pair{A: items[r.A].Variable.Name, B: items[r.B].Variable.Name, Value: survey.FigureOf(r.Value)})
	}
	return out
}

// String is the model in a few words.
func (c *LatentClass) String() string { return fmt.Sprintf("latent classes, %d", c.Classes) }
