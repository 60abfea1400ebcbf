package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/coverage"
)

func checkCoverage(c *cobra.Command, o coverage.Simulation) error {
	scenarios, err := o.Intervals(c.Context(), samplesProgress(c.ErrOrStderr(), o.Draws()))
	if err != nil {
		return err
	}
	printCoverage(c.OutOrStdout(), o, scenarios)
	return nil
}

func checkLetters(c *cobra.Command, o coverage.Simulation) error {
	settings, power, err := o.Letters(c.Context(), samplesProgress(c.ErrOrStderr(), o.LetterDraws()))
	if err != nil {
		return err
	}
	printLetters(c.OutOrStdout(), o, settings, power)
	return nil
}

// samplesProgress shows a person at a terminal how many samples are done.
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
func printCoverage(w io.Writer, o coverage.Simulation, scenarios []coverage.Scenario) {
	fmt.Fprintf(w, "%s samples of each size (strata × PSUs × persons), seed %d, %s%% intervals\n"+
		"WEIGHTS is the mean of Kish's design effect of the weights\n",
		figure.Count(o.Samples), o.Seed, survey.FormatNumber(100*coverage.Level))
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
			for k := 0; k < len(s.Results); k += len(stats.IntervalMethods) {
				first := s.Results[k]
				cells := []string{s.Size.String(), figure.Number(first.Weighting, 2), first.Target.Name, figure.Percent(first.Target.Truth, 2), figure.Percent(float64(first.Answered)/float64(first.Samples), 1)}
				for _, r := range s.Results[k : k+len(stats.IntervalMethods)] {
					cells = append(cells, part.cell(r))
				}
				t.row(cells...)
			}
		}
		t.flush()
	}
}

// printLetters lays out one table a kind of letter, then the largest rates.
func printLetters(w io.Writer, o coverage.Simulation, settings []coverage.LetterSetting, power coverage.LetterCount) {
	fmt.Fprintf(w, "%s samples of each setting, seed %d: comparisons with p < 0.05 where all columns have the same true share\n"+
		"A rate of 5%% has a simulation error of %s\n", figure.Count(o.Samples), o.Seed, figure.Percent(math.Sqrt(0.05*0.95/float64(o.Samples)), 1))
	for k, kind := range coverage.LetterKinds {
		if k > 0 && sameLetters(settings, k) {
			fmt.Fprintf(w, "\n%s: the same rates\n", kind)
			continue
		}
		fmt.Fprintf(w, "\n%s\n", kind)
		header := []string{"PSUS", "WEIGHTS", "BASE"}
		for _, share := range coverage.LetterShares {
			header = append(header, figure.Percent(share, 1))
		}
		t := newTable(w, header...)
		for _, s := range settings {
			psus, weights := "none", "equal"
			if s.PSUs > 0 {
				psus = strconv.Itoa(s.PSUs)
			}
			if s.Spread > 0 {
				weights = "cv " + figure.Number(s.Spread, 1)
			}
			cells := []string{psus, weights, figure.Count(s.Base)}
			for _, c := range s.Of(k) {
				rate, _ := c.Rate()
				cells = append(cells, figure.Percent(rate, 1))
			}
			t.row(cells...)
		}
		t.flush()
	}
	fmt.Fprintln(w)
	printLargest(w, fmt.Sprintf("People one by one, or %d PSUs and more", coverage.EnoughPSUs), coverage.SumLetters(settings, coverage.LetterSetting.Enough))
	printLargest(w, "Fewer PSUs", coverage.SumLetters(settings, func(s coverage.LetterSetting) bool { return !s.Enough() }))
	rate, se := power.Rate()
	fmt.Fprintf(w, "0%% of 60 and 15%% of 360 differ significantly in %s of the samples (± %s)\n", figure.Percent(rate, 1), figure.Percent(se, 1))
}

// printLargest says how far the rates of some settings go.
func printLargest(w io.Writer, what string, r coverage.LetterRates) {
	mean, _ := r.All.Rate()
	rate, se := r.Largest.Rate()
	fmt.Fprintf(w, "%s: %s on average, %s ± %s at most; %s of %s rates are above %s by more than %d simulation errors\n", what,
		figure.Percent(mean, 1), figure.Percent(rate, 1), figure.Percent(se, 1), figure.Count(r.Above), figure.Count(r.Rates), figure.Percent(coverage.LetterLimit, 0), coverage.LetterErrors)
}

// sameLetters reports whether a kind has the counts of the one before everywhere.
func sameLetters(settings []coverage.LetterSetting, k int) bool {
	for _, s := range settings {
		before := s.Of(k - 1)
		for i, c := range s.Of(k) {
			if c.Compared != before[i].Compared || c.Told != before[i].Told {
				return false
			}
		}
	}
	return true
}
