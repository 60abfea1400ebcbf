package tabulate

import (
	"regexp"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// RowStatistic is a figure of a number's distribution that a row shows. The schema of
// studies is made from the list of them.
type RowStatistic struct {
	// Pattern is a regular expression of its names in studies, the last digits of
	// which, if any, are a percentage; Words say what it is.
	Pattern, Words string
	// estimator and category are what its records name, label is what its rows say; %s
	// is the percentage.
	estimator, category, label string
	// sample estimates it of a variable and a percentage; nil is the mean.
	sample func(variable string, percent float64) rowwise
}

// RowStatistics lists the statistics of rows. A new one is an entry here.
var RowStatistics = []RowStatistic{
	{Pattern: "mean", Words: "mean", estimator: estimate.Mean.Name, label: "Mean"},
	{Pattern: "median", Words: "median", estimator: estimate.Quantile.Name, label: "Median",
		sample: func(variable string, _ float64) rowwise { return quantile(variable, 50) }},
	{Pattern: "sd", Words: "sd, the standard deviation", estimator: estimate.StandardDeviation.Name, label: "Standard deviation",
		sample: func(variable string, _ float64) rowwise {
			return func(s *estimate.Sample) (estimate.Linearised, error) { return s.StandardDeviation(variable) }
		}},
	{Pattern: "p[1-9][0-9]?", Words: "a percentile such as p90", estimator: estimate.Quantile.Name, label: "Percentile %s", sample: quantile},
	{Pattern: "trimmed([1-9]|[1-4][0-9])", Words: "a mean without so many percent of the people at each end, such as trimmed10", estimator: estimate.TrimmedMean.Name, category: "%s% at each end", label: "Mean without %s% at each end",
		sample: func(variable string, percent float64) rowwise {
			return func(s *estimate.Sample) (estimate.Linearised, error) {
				return s.TrimmedMean(estimate.Trim{Variable: variable, Percent: percent})
			}
		}},
}

// rowStatistic finds the statistic of a name in studies and its percentage.
func rowStatistic(name survey.Statistic) (RowStatistic, string, *survey.Problem) {
	var known []string
	for _, s := range RowStatistics {
		if regexp.MustCompile("^(" + s.Pattern + ")$").MatchString(string(name)) {
			return s, strings.TrimLeft(string(name), "abcdefghijklmnopqrstuvwxyz"), nil
		}
		known = append(known, s.Words)
	}
	return RowStatistic{}, "", &survey.Problem{Value: string(name), Message: "is not a statistic of a row", Remedy: "use " + strings.Join(known, "; ")}
}

// rowwise estimates a statistic of a sample's only domain that is no function
// of the totals of a block.
type rowwise func(s *estimate.Sample) (estimate.Linearised, error)

// statistics gives a row for each statistic of a number.
func (t *tabling) statistics(name, title string, wanted []survey.Statistic) ([]block, survey.Problems) {
	if len(wanted) == 0 {
		return nil, nil
	}
	y, problems := t.numbers(name)
	if len(problems) > 0 {
		return nil, problems
	}
	b := block{title: title, reads: []string{name}, numbers: y.Mean(), centre: y.Centre}
	for _, asked := range wanted {
		s, percent, problem := rowStatistic(asked)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		filled := func(text string) string { return strings.ReplaceAll(text, "%s", percent) }
		l := line{
			Row:       survey.Row{Group: title, Label: filled(s.label), Kind: survey.RowMean},
			statistic: s.estimator, variable: name, category: filled(s.category), count: []int{0}, base: []int{0}, fixed: true,
		}
		if s.sample != nil {
			value, _ := strconv.ParseFloat(percent, 64)
			l.of, l.sample = string(asked), s.sample(name, value)
		}
		b.lines = append(b.lines, l)
	}
	return []block{b}, problems
}

// numbers are a variable's answers, centred.
func (t *tabling) numbers(name string) (estimate.Answers, survey.Problems) {
	t.read(name)
	v := t.Table.Lookup(name)
	if v == nil {
		return estimate.Answers{}, survey.Problems{t.Table.Unknown(name)}
	}
	if v = v.Numeric(); v == nil {
		return estimate.Answers{}, survey.Problems{{Variable: name, Message: "is text, and these statistics need numbers", Remedy: "recode it to numbers"}}
	}
	y, err := estimate.Centred(t.ctx, t.Answering(), engine.Answer{Column: name})
	return y, asProblems(err)
}

func quantile(variable string, percent float64) rowwise {
	return func(s *estimate.Sample) (estimate.Linearised, error) { return s.Quantile(variable, percent/100) }
}

// correlation is a row for an item of a group: its correlation with an outcome.
func (t *tabling) correlation(item, outcome string) (line, survey.Problems) {
	for _, name := range []string{item, outcome} {
		if _, problems := t.numbers(name); len(problems) > 0 {
			return line{}, problems
		}
	}
	return line{
		Row:       survey.Row{Kind: survey.RowMean},
		statistic: estimate.Correlation.Name, variable: item, of: outcome,
		sample: func(s *estimate.Sample) (estimate.Linearised, error) { return s.Correlation(item, outcome) },
	}, nil
}

// quantileTests says how quantiles are compared.
const quantileTests = "Medians and percentiles are compared by Woodruff's standard errors and the covariance of the shares up to them; where more answers tie at one than its interval spans, as on short scales, there is no test."

// within is a line's statistic over the rows of a point.
func (x *crossing) within(l line, point int) estimate.Linearised {
	s := x.samples[point]
	if s == nil {
		s = x.sampleOf(x.banner.domain(point, nil))
		x.samples[point] = s
	}
	return l.over(s)
}

func (x *crossing) sampleOf(in engine.Axis) *estimate.Sample {
	o := x.options
	o.In = in
	s, err := estimate.New(x.Table, x.frame, o)
	if err != nil {
		x.making.fail(err)
		return &estimate.Sample{}
	}
	return s
}

// over is the line's statistic over a sample.
func (l line) over(s *estimate.Sample) estimate.Linearised {
	figure, _ := l.sample(s) // what could fail was checked when the row was laid out
	return figure
}
