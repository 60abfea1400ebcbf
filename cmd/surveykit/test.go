package main

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

type testOptions struct {
	sampleOptions
	differences, ttests []string
	between             string
	paired              []string
	parts               []string
	of                  string
	against             estimate.Against
	association         []string
	methods             []stats.AssociationMethod
	ranks               []string
	groups              string
	comparisons         []comparison
	adjustment          estimate.Adjustment
	rankMethod          estimate.RankMethod
}

// comparison is a comparison, or a few, wanted of a sample.
type comparison func(*estimate.Sample) ([]estimate.DifferenceRecord, error)

func newTest() *cobra.Command {
	o := testOptions{against: estimate.Rest, methods: []stats.AssociationMethod{stats.RaoScottF}, rankMethod: estimate.KruskalWallis, adjustment: estimate.NoAdjustment}
	c := &cobra.Command{
		Use:   "test DATA",
		Short: "Differences between groups, items and parts, rank tests and tests of association",
		Long: `test compares, with the covariance that the design gives:

  groups        --difference V --between VAR:FROM,TO, the two-sample t test (--ttest is the same)
  items         --paired A,B, the paired t test over rows that answered both
  a part        --part V --of VAR[:LEVEL], a category against the rest or the total
  distributions --rank V --groups G, design-based rank tests
  two questions --association A,B, Rao and Scott's and Wald's tests

The comparisons of one call are one family for --adjust.`,
		Example: `  surveykit test waves.yaml --difference opted_out --between wave:2008,2011 --by age_bracket --adjust holm
  surveykit test wave.csv --weight w --part trust --of region
  surveykit test wave.csv --weight w --association concern,age_bracket`,
	}
	o.register(c)
	o.design.domains(c)
	o.design.data.named = true
	f := c.Flags()
	f.StringSliceVar(&o.differences, "difference", nil, "means of `V,V...` to compare")
	f.StringSliceVar(&o.ttests, "ttest", nil, "two-sample t tests of `V,V...`: the same as --difference")
	f.StringVar(&o.between, "between", "", "two groups, `VAR:FROM,TO`")
	f.StringArrayVar(&o.paired, "paired", nil, "`A,B`: mean of A minus mean of B over rows that answered both")
	f.StringSliceVar(&o.parts, "part", nil, "means of `V,V...` in a part to compare with the rest")
	f.StringVar(&o.of, "of", "", "the part `VAR:LEVEL`; without LEVEL each category in turn")
	choice(c, &o.against, "against", []estimate.Against{estimate.Rest, estimate.Whole}, "what a part is compared with")
	f.StringSliceVar(&o.association, "association", nil, "test whether `A,B` are independent")
	choices(c, &o.methods, "method", stats.AssociationMethods, "tests of association")
	f.StringSliceVar(&o.ranks, "rank", nil, "test whether `V,V...` are distributed alike in all groups")
	f.StringVar(&o.groups, "groups", "", "groups `G` of the rank test")
	choice(c, &o.rankMethod, "rank-test", estimate.RankMethods, "rank test")
	choice(c, &o.adjustment, "adjust", estimate.Adjustments, "correct p for the number of tests")
	c.Args = oneData
	c.RunE = func(c *cobra.Command, args []string) error { return o.run(c, args[0]) }
	return c
}

func (o *testOptions) check() error {
	o.differences = append(o.differences, o.ttests...)
	compares := len(o.differences)+len(o.paired)+len(o.parts) > 0
	switch {
	case count(compares, len(o.association) > 0, len(o.ranks) > 0) != 1:
		return usageError{errors.New("give comparisons (--difference with --between, --paired, --part with --of), or --rank with --groups, or --association")}
	case (len(o.differences) > 0) != (o.between != ""):
		return usageError{errors.New("--difference and --between VAR:FROM,TO go together")}
	case (len(o.parts) > 0) != (o.of != ""):
		return usageError{errors.New("--part and --of VAR:LEVEL go together")}
	case (len(o.ranks) > 0) != (o.groups != ""):
		return usageError{errors.New("--rank and --groups G go together")}
	case len(o.association) > 0 && len(o.association) != 2:
		return usageError{errors.New("--association takes two variables, A,B")}
	case len(o.association) > 0 && len(o.methods) > 1 && o.adjustment != estimate.NoAdjustment:
		return usageError{errors.New("--adjust corrects over domains: give one --method")}
	}
	if err := o.parse(); err != nil {
		return usageError{err}
	}
	return o.design.check()
}

// count is how many of the conditions hold.
func count(conditions ...bool) int {
	n := 0
	for _, holds := range conditions {
		if holds {
			n++
		}
	}
	return n
}

// parse reads the values that have a form of their own.
func (o *testOptions) parse() error {
	if len(o.differences) > 0 {
		between, err := estimate.ParseBetween(o.between)
		if err != nil {
			return err
		}
		o.compare(func(s *estimate.Sample) ([]estimate.DifferenceRecord, error) {
			return s.Differences(o.differences, between)
		})
	}
	for _, pair := range o.paired {
		a, b, err := estimate.ParsePair(pair)
		if err != nil {
			return err
		}
		o.compare(func(s *estimate.Sample) ([]estimate.DifferenceRecord, error) { return s.Paired(a, b) })
	}
	if len(o.parts) > 0 {
		part, err := estimate.ParsePart(o.of, o.against)
		if err != nil {
			return err
		}
		o.compare(func(s *estimate.Sample) ([]estimate.DifferenceRecord, error) { return s.Parts(o.parts, part) })
	}
	return nil
}

func (o *testOptions) compare(c comparison) { o.comparisons = append(o.comparisons, c) }

func (o *testOptions) run(c *cobra.Command, path string) error {
	if err := o.check(); err != nil {
		return err
	}
	s, in, err := o.design.sample(path)
	if err != nil {
		return err
	}
	defer in.Close()
	if len(o.comparisons) > 0 {
		records, err := estimate.Together(s, o.comparisons)
		if err != nil {
			return err
		}
		o.adjustment.AdjustComparisons(records)
		s.RemarkComparisons(records)
		return write(c, o.output, s, records, printComparisons)
	}
	records, err := o.tests(s)
	if err != nil {
		return err
	}
	o.adjustment.AdjustTests(records)
	return write(c, o.output, s, records, printTests)
}

// tests runs the test of association or the rank tests.
func (o *testOptions) tests(s *estimate.Sample) ([]estimate.TestRecord, error) {
	if len(o.association) > 0 {
		return s.Association(o.association[0], o.association[1], o.methods)
	}
	var wanted []func(*estimate.Sample) ([]estimate.TestRecord, error)
	for _, v := range o.ranks {
		wanted = append(wanted, func(s *estimate.Sample) ([]estimate.TestRecord, error) { return s.RankTest(v, o.groups, o.rankMethod) })
	}
	return estimate.Together(s, wanted)
}

func printComparisons(w io.Writer, records []estimate.DifferenceRecord) {
	t := newTable(w, "VARIABLE", "DOMAIN", "FROM", "TO", "DIFFERENCE", "SE", "INTERVAL", "T", "DF", "P", "FLAGS")
	kind := survey.RowMean
	for _, r := range records {
		t.row(r.Variable, groupText(r.Group), r.From+" "+show(kind, r.FromMean), r.To+" "+show(kind, r.ToMean),
			figure.SignedNumber(r.Value.Float(), 3), show(kind, r.SE), figure.Interval(kind, r.Low.Float(), r.High.Float(), 3),
			figure.Number(r.T.Float(), 2), figure.Number(r.DF.Float(), 0), chance(r.P, r.Adjusted)+byCounts(r.PCounts), strings.Join(r.Flags, " "))
	}
	t.flush()
}

func byCounts(p *survey.Figure) string {
	if p == nil {
		return ""
	}
	return " (by counts " + figure.P((*p).Float()) + ")"
}

func printTests(w io.Writer, records []estimate.TestRecord) {
	t := newTable(w, "TEST", "VARIABLES", "DOMAIN", "STATISTIC", "NDF", "DDF", "P", "N", "FLAGS")
	for _, r := range records {
		t.row(r.Test, r.Variables[0]+" × "+r.Variables[1], groupText(r.Group), figure.Number(r.Statistic.Float(), 3),
			figure.Number(r.NDF.Float(), 2), figure.Number(r.DDF.Float(), 2), chance(r.P, r.Adjusted), figure.Count(r.N), strings.Join(r.Flags, " "))
	}
	t.flush()
}

// chance writes a p-value, with the adjusted one where there is one.
func chance(p, adjusted survey.Figure) string {
	if !adjusted.Exists() {
		return figure.P(p.Float())
	}
	return figure.P(p.Float()) + " (adjusted " + figure.P(adjusted.Float()) + ")"
}
