package estimate

import (
	"strings"

	"surveykit/survey"
)

// Request asks a sample for figures.
type Request func(*Sample) ([]survey.Estimate, error)

// Statistic is an estimator that is asked for by its name and a text. The flags of
// commands, their help and the list in METHODS are made from it.
type Statistic struct {
	Estimator
	// Usage says what is estimated, with the form of the text in backquotes.
	Usage string
	// Whole is true of texts that may hold commas; others are lists of texts.
	Whole bool
	// Parse reads a text. The error is survey.Problems where it has not the form.
	Parse func(text string) (Request, error)
	// Derives says what one figure Explain derives of it, as Usage does; "" is none.
	Derives string

	subject func(*Sample, Question) (*subject, error)
}

// Flag is the name as a flag is spelt: geometric-mean.
func (s Statistic) Flag() string { return strings.ReplaceAll(s.Name, "_", "-") }

// Statistics lists the statistics in the order in which records are printed. A new
// one is a value in a file of its own and an entry here.
func Statistics() []Statistic {
	return []Statistic{
		{Mean, "means of `V,V...`", false, ofVariable((*Sample).Means), "the mean of `V`",
			func(s *Sample, q Question) (*subject, error) { return s.momentSubject(Mean, q.Of) }},
		{Total, "population totals of `V,V...`", false, ofVariable((*Sample).Totals), "the population total of `V`",
			func(s *Sample, q Question) (*subject, error) { return s.momentSubject(Total, q.Of) }},
		{Ratio, "ratio of totals, `NUM/DEN`", false, ofForm(ParseRatio, (*Sample).ratios), "the ratio of two totals, `NUM/DEN`", (*Sample).ratioSubject},
		{Proportion, "share of every category of `V,V...` among its valid answers", false, ofVariable((*Sample).Proportions),
			"the share of --category among the valid answers of `V`", (*Sample).categorySubject},
		{Quantile, "quantiles of `V,V...`", false, ofVariable(func(s *Sample, names []string) ([]survey.Estimate, error) { return s.Quantiles(names, s.probs...) }),
			"a quantile of `V`, its median without --prob", (*Sample).quantileSubject},
		{Share, "share of rows for which `EXPR` holds", true, ofText((*Sample).Share), "the share of rows for which `EXPR` holds", (*Sample).shareSubject},
		{Estimator: Variance, Usage: "variances of `V,V...`", Parse: ofVariable((*Sample).Variances)},
		{Estimator: StandardDeviation, Usage: "standard deviations of `V,V...`", Parse: ofVariable((*Sample).StandardDeviations)},
		{Estimator: Correlation, Usage: "Pearson's correlation of `A,B`", Whole: true, Parse: ofForm(parsePair, func(s *Sample, p [2]string) ([]survey.Estimate, error) { return s.Correlations(p[0], p[1]) })},
		{Estimator: GeometricMean, Usage: "geometric means of `V,V...`, which must be positive", Parse: ofVariable((*Sample).GeometricMeans)},
		{Estimator: TrimmedMean, Usage: "means without the lowest and the highest P percent of the people, `V:P`", Parse: ofForm(ParseTrim, (*Sample).TrimmedMeans)},
		{Estimator: Index, Usage: "mean of `V`, or share of a condition, in each domain; everybody's is 100", Whole: true, Parse: ofText((*Sample).Indexes)},
		{Estimator: TopBox, Usage: "share in the K highest codes, `V:K`", Parse: ofForm(ParseBox, (*Sample).TopBoxes)},
		{Estimator: BottomBox, Usage: "share in the K lowest codes, `V:K`", Parse: ofForm(ParseBox, (*Sample).BottomBoxes)},
		{Estimator: NetPromoter, Usage: "share of promoters minus detractors, `V` or V:9-10,0-6", Whole: true, Parse: ofForm(ParsePromoters, (*Sample).NetPromoters)},
		{Estimator: Contrast, Usage: "any smooth `EXPR` of mean(v), total(v) and share(condition)", Whole: true, Parse: ofText((*Sample).Contrast)},
	}
}

// Estimators lists those of Statistics and the comparisons of two figures, which are
// asked for in ways of their own.
func Estimators() (out []Estimator) {
	for _, s := range Statistics() {
		out = append(out, s.Estimator)
	}
	return append(out, Difference, PairedDifference, RelativeLikelihood)
}

// statisticOf is the statistic of a name; ok is false where there is none.
func statisticOf(name string) (s Statistic, ok bool) {
	for _, s := range Statistics() {
		if s.Name == name {
			return s, true
		}
	}
	return s, false
}

// KindOf says how the figures of a statistic are shown.
func KindOf(name string) survey.RowKind {
	if s, ok := statisticOf(name); ok && s.Kind != "" {
		return s.Kind
	}
	return survey.RowMean
}

func ofVariable(f func(*Sample, []string) ([]survey.Estimate, error)) func(string) (Request, error) {
	return ofText(func(s *Sample, name string) ([]survey.Estimate, error) { return f(s, []string{name}) })
}

func ofText(f func(*Sample, string) ([]survey.Estimate, error)) func(string) (Request, error) {
	return func(text string) (Request, error) {
		return func(s *Sample) ([]survey.Estimate, error) { return f(s, text) }, nil
	}
}

func ofForm[T any](parse func(string) (T, error), f func(*Sample, T) ([]survey.Estimate, error)) func(string) (Request, error) {
	return func(text string) (Request, error) {
		of, err := parse(text)
		return func(s *Sample) ([]survey.Estimate, error) { return f(s, of) }, err
	}
}

func parsePair(text string) (pair [2]string, err error) {
	pair[0], pair[1], err = ParsePair(text)
	return pair, err
}

// Fraction is a ratio of the totals of two variables.
type Fraction struct{ Numerator, Denominator string }

// ParseRatio reads a ratio such as spend/hours.
func ParseRatio(text string) (Fraction, error) {
	numerator, denominator, ok := strings.Cut(text, "/")
	if !ok || numerator == "" || denominator == "" {
		return Fraction{}, survey.Problems{{Value: text, Message: "the ratio is not of the form NUM/DEN", Remedy: "name two variables"}}
	}
	return Fraction{numerator, denominator}, nil
}

func (s *Sample) ratios(f Fraction) ([]survey.Estimate, error) {
	return s.Ratios(f.Numerator, f.Denominator)
}
