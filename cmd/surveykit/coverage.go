package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"surveykit/datasets/population"
	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/coverage"
)

// coverageOptions are the flags of check --coverage and check --letters.
type coverageOptions struct {
	samples int
	seed    uint64
}

// coverageDesign is a sample size: PSUs a stratum and persons a PSU, in the ten
// strata of the population.
type coverageDesign struct{ psus, persons int }

var coverageDesigns = []coverageDesign{{2, 10}, {6, 12}, {20, 15}}

// coverageChances are the spreads of the logs of the persons' chances to be drawn:
// all alike, and such that Kish's design effect of the weights is near 2.
var coverageChances = []float64{0, 0.85}

const (
	coverageStrata = 10
	// coveragePSUs a stratum are so many that the samples take a twentieth at most.
	coveragePSUs  = 400
	coverageLevel = 0.95
)

func (d coverageDesign) String() string {
	return fmt.Sprintf("%d × %d × %d", coverageStrata, d.psus, d.persons)
}

// scenario is the study of one sample size, by one kind of chances.
type scenario struct {
	design  coverageDesign
	chances float64
	results []coverage.Result
}

func (o coverageOptions) run(c *cobra.Command) error {
	scenarios, err := o.scenarios(c.Context(), samplesProgress(c.ErrOrStderr(), o.samples*len(coverageDesigns)*len(coverageChances)))
	if err != nil {
		return err
	}
	printCoverage(c.OutOrStdout(), o, scenarios)
	return nil
}

// scenarios draws the samples of every size, with chances that are alike and that
// are not, from one population, and counts what the intervals cover.
func (o coverageOptions) scenarios(ctx context.Context, progress func(done int)) ([]scenario, error) {
	populations := make([]*population.Population, len(coverageChances))
	for k, chances := range coverageChances {
		var err error
		if populations[k], err = population.New(population.Options{Seed: o.seed, Strata: coverageStrata, PSUsPerStratum: coveragePSUs, Chances: chances}); err != nil {
			return nil, err
		}
	}
	var out []scenario
	for _, d := range coverageDesigns {
		for k, p := range populations {
			before := len(out) * o.samples
			results, err := o.study(p, d).Run(ctx, func(done int) { progress(before + done) })
			if err != nil {
				return nil, err
			}
			out = append(out, scenario{d, coverageChances[k], results})
		}
	}
	return out, nil
}

func (o coverageOptions) study(p *population.Population, d coverageDesign) coverage.Study {
	return coverage.Study{
		Design:  survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}},
		Samples: o.samples,
		Draw: func(k int) (*survey.Table, error) {
			rows, err := p.Draw(o.seed<<32+uint64(k), d.psus, d.persons)
			if err != nil {
				return nil, err
			}
			return populationTable(rows), nil
		},
		Targets: []coverage.Target{
			{Name: "common", Share: "common == 1", Truth: p.Mean(p.Common, nil)},
			{Name: "rare", Share: "rare == 1", Truth: p.Mean(p.Rare, nil)},
			{Name: "common, small domain", Share: "common == 1", Where: "small == 1", Truth: p.Mean(p.Common, p.Small)},
			{Name: "rare, small domain", Share: "rare == 1", Where: "small == 1", Truth: p.Mean(p.Rare, p.Small)},
		},
		Methods: stats.IntervalMethods,
		Level:   coverageLevel,
	}
}

// populationTable makes a survey of a sample's rows.
func populationTable(rows *population.Rows) *survey.Table {
	small := make([]float64, len(rows.Small))
	for i, in := range rows.Small {
		if in {
			small[i] = 1
		}
	}
	number := func(name string, x []float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: x}
	}
	return &survey.Table{Rows: len(small), Variables: []*survey.Variable{
		number("stratum", floats(rows.Stratum)), number("psu", floats(rows.PSU)), number("weight", rows.Weight),
		number("common", rows.Common), number("rare", rows.Rare), number("small", small),
	}}
}

func floats(x []int) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// samplesProgress tells a person at a terminal how many samples are done.
func samplesProgress(w io.Writer, total int) func(done int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(int) {}
	}
	return func(done int) {
		if done%100 == 0 || done == total {
			fmt.Fprintf(f, "\r%s of %s samples\033[K", figure.Count(done), figure.Count(total))
		}
		if done == total {
			fmt.Fprint(f, "\r\033[K")
		}
	}
}

// printCoverage lays out three tables: how often the truth is held, how wide
// the intervals are, and on which side it is missed.
func printCoverage(w io.Writer, o coverageOptions, scenarios []scenario) {
	fmt.Fprintf(w, "%s samples of each size (strata × PSUs × persons), seed %d, %s%% intervals\n"+
		"WEIGHTS is the mean of Kish's design effect of the weights\n",
		figure.Count(o.samples), o.seed, survey.FormatNumber(100*coverageLevel))
	for _, part := range []struct {
		title string
		cell  func(coverage.Result) string
	}{
		{"Intervals that hold the truth", func(r coverage.Result) string { return figure.Percent(r.Coverage(), 1) }},
		{"Mean width, in points", func(r coverage.Result) string { return figure.Number(100*r.Width, 2) }},
		{"Truth missed on the left and on the right", func(r coverage.Result) string {
			n := float64(r.Answered)
			return figure.Percent(float64(r.Left)/n, 1) + " " + figure.Percent(float64(r.Right)/n, 1)
		}},
	} {
		fmt.Fprintf(w, "\n%s\n", part.title)
		header := []string{"SAMPLE", "WEIGHTS", "PROPORTION", "TRUTH", "WITH INTERVAL"}
		for _, m := range stats.IntervalMethods {
			header = append(header, m.Name)
		}
		t := newTable(w, header...)
		for _, s := range scenarios {
			for k := 0; k < len(s.results); k += len(stats.IntervalMethods) {
				first := s.results[k]
				cells := []string{s.design.String(), figure.Number(first.Weighting, 2), first.Target.Name, figure.Percent(first.Target.Truth, 2), figure.Percent(float64(first.Answered)/float64(first.Samples), 1)}
				for _, r := range s.results[k : k+len(stats.IntervalMethods)] {
					cells = append(cells, part.cell(r))
				}
				t.row(cells...)
			}
		}
		t.flush()
	}
}
