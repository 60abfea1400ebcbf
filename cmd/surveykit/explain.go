package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

type explainOptions struct {
	sampleOptions
	question estimate.Question
	// asked are the statistics that can be derived, with the value of their flags.
	asked []*derivable
}

type derivable struct {
	estimate.Statistic
	value string
}

func newExplain() *cobra.Command {
	var o explainOptions
	o.question.Prob = 0.5
	c := &cobra.Command{
		Use:   "explain DATA",
		Short: "Derive one figure step by step, with the R and Stata calls that give it too",
		Example: `  surveykit explain wave.csv --weight w --strata stratum --psu psu --proportion opted_out --category Yes
  surveykit explain study.yaml --share 'concern >= 4' --where 'age >= 55'`,
	}
	o.register(c)
	o.design.domains(c)
	o.design.data.named = true
	f := c.Flags()
	for _, of := range estimate.Statistics() {
		if of.Derives != "" {
			d := &derivable{Statistic: of}
			f.StringVar(&d.value, of.Flag(), "", of.Derives)
			o.asked = append(o.asked, d)
		}
	}
	number(f, &o.question.Prob, "prob", from0to1, "the probability of --quantile")
	f.StringVar(&o.question.Category, "category", "", "label or value `C` of the category of --proportion")
	method(c, &o.design.Interval, "ci", stats.Names(stats.IntervalMethods), "interval of proportions")
	answer(c, &o.sampleOptions, o.check, func(_ context.Context, s *estimate.Sample, in *reports.Data) ([]estimate.Explanation, error) {
		return in.Explain(s, o.question, o.design.domain.Where)
	}, printExplanations)
	return c
}

func (o *explainOptions) check() error {
	var given, forms []string
	for _, d := range o.asked {
		flag := o.design.command.Flags().Lookup(d.Flag())
		form, _ := pflag.UnquoteUsage(flag)
		forms = append(forms, "--"+d.Flag()+" "+form)
		if d.value != "" {
			given = append(given, d.Flag())
			o.question.Statistic, o.question.Of = d.Name, d.value
			if _, err := d.Parse(d.value); err != nil {
				return usageError{err}
			}
		}
	}
	if len(given) != 1 {
		return usageError{fmt.Errorf("give one of %s", strings.Join(forms, ", "))}
	}
	if (o.question.Statistic == estimate.Proportion.Name) != (o.question.Category != "") {
		return usageError{errors.New("--proportion V and --category C go together")}
	}
	return nil
}

func printExplanations(w io.Writer, explained []estimate.Explanation) {
	for k, e := range explained {
		if k > 0 {
			fmt.Fprint(w, "\n\n")
		}
		explanation{w, e}.print()
	}
}

// explanation is laid out for a person, section by section.
type explanation struct {
	io.Writer
	estimate.Explanation
}

func (e explanation) print() {
	r, kind := e.Record, estimate.KindOf(e.Record.Statistic)
	e.line("%s", e.Question)
	if r.Value.Exists() {
		e.line("%s, %s%% interval %s, standard error %s", show(kind, r.Value), survey.FormatNumber(100*r.Level.Float()),
			interval(kind, r), show(kind, r.SE))
	} else {
		e.line("The figure is not estimable.")
	}
	e.base()
	if r.Value.Exists() {
		e.estimate()
		e.variance()
		e.interval()
		e.designEffect()
	}
	e.flags()
	in, stata := "R", "Stata (same estimate and standard error; it counts degrees of freedom in its own way)"
	if slices.Contains(e.Record.Flags, survey.FlagEdge) {
		in = "R (same estimate; it has no interval of use at 0% and 100%)"
	}
	if e.quantile() {
		stata = "Stata (the share whose interval is turned back into answers; at a share met exactly it takes the middle of two)"
	}
	e.script(in, e.R)
	e.script(stata, e.Stata)
}

func (e explanation) quantile() bool { return e.Record.Quantile.Exists() }

func (e explanation) line(format string, args ...any) { fmt.Fprintf(e, format+"\n", args...) }

func (e explanation) section(title string) { e.line("\n%s", title) }

func (e explanation) base() {
	e.section("Base")
	var domain []string
	for _, g := range e.Record.Group {
		domain = append(domain, g.Variable+": "+g.Value.String())
	}
	if e.Where != "" {
		domain = append(domain, e.Where)
	}
	if len(domain) == 0 {
		domain = []string{"everybody"}
	}
	e.line("  domain      %s", strings.Join(domain, ", and "))
	e.line("  rows        %s in the file, %s in the domain, %s with an answer", figure.Count(e.Base.Rows), figure.Count(e.Base.InDomain), figure.Count(e.Base.Answered))
	if e.Base.ZeroWeight > 0 {
		e.line("              %s of them with a weight of zero, which do not count", figure.Count(e.Base.ZeroWeight))
	}
	e.line("  weighted    %s", digits(e.Record.NWeighted.Float()))
	e.line("  effective   %s (Kish: the square of Σw over Σw²)", digits(e.Record.NEffective.Float()))
}

func (e explanation) estimate() {
	e.section("Estimate")
	sums := make([]string, len(e.Sums))
	for k, term := range e.Sums {
		sums[k] = digits(term.Value.Float())
	}
	value := digits(e.Record.Value.Float())
	switch {
	case e.quantile():
		e.line("  q = %s with p = %s: %s", e.Formula, survey.FormatNumber(e.Record.Quantile.Float()), value)
		for k, term := range e.Sums[:2] {
			e.line("  %s / Σw = %s / %s = %s", term.Symbol, sums[k], sums[2], digits(term.Value.Float()/e.Sums[2].Value.Float()))
		}
	case len(sums) == 1:
		e.line("  %s = %s", e.Formula, value)
	default:
		e.line("  %s = %s / %s = %s", e.Formula, sums[0], sums[1], value)
	}
	e.line("  %s; %s", e.Source, e.Reference)
}

func (e explanation) variance() {
	e.section("Variance")
	if e.quantile() {
		e.line("  of F, the share at or under the estimate")
	}
	if e.Replicates != nil {
		e.spread(e.Replicates)
	} else {
		e.strata()
	}
	if se := e.PartsSE.Float(); e.PartsSE.Exists() {
		e.line("  standard error      √%s = %s", digits(se*se), digits(se))
	} else {
		e.line("  standard error      unknown: one PSU has no spread")
	}
	if e.Replicates != nil {
		e.line("  degrees of freedom  %s (the rank of the replicate weights over the base, minus one)", figure.Number(e.Record.DF.Float(), 0))
		return
	}
	psus, strata := 0, 0
	for _, s := range e.Strata {
		psus += s.WithMembers
		if s.WithMembers > 0 {
			strata++
		}
	}
	e.line("  degrees of freedom  %s PSUs with members − %s strata with members = %s", figure.Count(psus), figure.Count(strata), figure.Number(e.Record.DF.Float(), 0))
	if e.LonelyPolicy != "" {
		e.line("  lonely strata       have one PSU, and so no spread of their own; policy: %s", e.LonelyPolicy)
	}
}

func (e explanation) spread(r *estimate.ReplicateSpread) {
	centre := "their mean"
	if r.MSE {
		centre = "the estimate"
	}
	e.line("  %s replicates from %s to %s about %s, %s", figure.Count(r.Replicates), digits(r.Min), digits(r.Max), centre, digits(r.Centre))
	e.line("  variance = scale · Σ rscales (replicate − centre)², scale %s", digits(r.Scale))
	e.line("  %s is farthest and gives %s of the variance", r.Farthest, figure.Percent(r.FarthestShare.Float(), 1))
}

// mostStrata is how many strata a table shows before it sums up the smaller ones.
const mostStrata = 30

func (e explanation) strata() {
	var shown []estimate.StratumPart
	var outside, smaller pooled
	for _, s := range e.Strata {
		if s.WithMembers > 0 || s.Variance > 0 {
			shown = append(shown, s)
		} else {
			outside.add(s)
		}
	}
	if len(shown) > mostStrata {
		slices.SortStableFunc(shown, func(a, b estimate.StratumPart) int { return cmp.Compare(b.Variance, a.Variance) })
		for _, s := range shown[mostStrata:] {
			smaller.add(s)
		}
		shown = shown[:mostStrata]
	}
	t := newTable(e, "  STRATUM", "PSUS", "WITH MEMBERS", "ADDS TO VARIANCE", "SHARE")
	row := func(name string, s estimate.StratumPart) {
		t.row("  "+name, figure.Count(s.PSUs), figure.Count(s.WithMembers), digits(s.Variance), figure.Percent(s.Share.Float(), 1))
	}
	for _, s := range shown {
		row(s.Stratum+lonelyMark(s.Lonely), s)
	}
	if smaller.strata > 0 {
		row(figure.Count(smaller.strata)+" smaller ones", smaller.StratumPart)
	}
	if outside.strata > 0 {
		row(figure.Count(outside.strata)+" without members", outside.StratumPart)
	}
	t.flush()
}

// pooled is several strata in one row.
type pooled struct {
	strata int
	estimate.StratumPart
}

func (p *pooled) add(s estimate.StratumPart) {
	if p.strata++; p.strata == 1 {
		p.Share = survey.FigureOf(0)
	}
	p.PSUs, p.WithMembers = p.PSUs+s.PSUs, p.WithMembers+s.WithMembers
	p.Variance, p.Share = p.Variance+s.Variance, survey.FigureOf(p.Share.Float()+s.Share.Float())
}

func lonelyMark(lonely bool) string {
	if lonely {
		return " (lonely)"
	}
	return ""
}

func (e explanation) interval() {
	if e.quantile() && e.PartsSE.Exists() && !e.Record.SE.Exists() {
		e.line("\nThere is no interval: a limit of F lies outside 0 to 1, where there are no answers.")
	}
	if len(e.Interval.Terms) == 0 {
		return
	}
	e.section("Interval (" + e.Interval.Method + ")")
	e.line("  %s", e.Interval.Formula)
	parts := make([]string, len(e.Interval.Terms))
	for k, t := range e.Interval.Terms {
		parts[k] = t.Symbol + " = " + digits(t.Value.Float())
	}
	e.line("  %s", strings.Join(parts, ", "))
	e.line("  t is Student's for %s%% and %s degrees of freedom", survey.FormatNumber(100*e.Record.Level.Float()), figure.Number(e.Record.DF.Float(), 0))
	e.line("  %s to %s", digits(e.Record.Low.Float()), digits(e.Record.High.Float()))
	if e.quantile() {
		e.line("  standard error of the estimate: %s", digits(e.Record.SE.Float()))
	}
}

func (e explanation) designEffect() {
	if !e.Record.Deff.Exists() || e.Record.Deff.Float() == 0 {
		return
	}
	e.section("Design effect")
	e.line("  %s: %s rows are worth %s of a simple random sample", figure.Number(e.Record.Deff.Float(), 3), figure.Count(e.Record.N), figure.Number(e.DesignN.Float(), 0))
}

func (e explanation) flags() {
	if len(e.Flags) == 0 {
		return
	}
	e.section("Flags")
	for _, f := range e.Flags {
		e.line("  %s: %s", f.Flag, f.Why)
	}
}

func (e explanation) script(title, lines string) {
	e.section(title)
	for _, l := range strings.Split(lines, "\n") {
		e.line("  %s", l)
	}
}

// digits writes a number with six significant digits, enough to check a step by
// hand, and a whole number as it is.
func digits(x float64) string {
	magnitude := math.Abs(x)
	switch {
	case x == math.Trunc(x) && magnitude < 1e12:
		return figure.Number(x, 0)
	case magnitude < 1e-4 || magnitude >= 1e12:
		return strconv.FormatFloat(x, 'e', 5, 64)
	}
	return figure.Number(x, max(0, 5-int(math.Floor(math.Log10(magnitude)))))
}
