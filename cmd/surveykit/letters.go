package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/survey/coverage"
)

// letterSetting is what the tables of check --letters are made of.
type letterSetting struct {
	psus   int
	spread float64
	base   int
	counts []coverage.LetterCount
}

// The settings of check --letters: PSUs of a column (none where people are drawn
// one by one), coefficients of variation of the weights, people of the smaller
// column, and the share of all columns.
var (
	letterPSUs    = []int{0, 80, 40, 20, 8}
	letterSpreads = []float64{0, 0.6}
	letterBases   = []int{60, 150, 400, 1000}
	letterShares  = []float64{0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5}
)

const (
	// letterLarge are the fewest people of the larger column; it has half as many
	// again as the smaller one where that is more.
	letterLarge = 600
	// enoughPSUs are those of a column from which no rate should be above letterLimit.
	enoughPSUs  = 20
	letterLimit = 0.06
	// letterErrors are the simulation errors by which a rate may be above it by chance:
	// one of 740 is.
	letterErrors = 3
)

// enough reports whether the columns hold PSUs enough, as people drawn one by one are.
func (s letterSetting) enough() bool { return s.psus == 0 || s.psus >= enoughPSUs }

func letterSettings() (out []letterSetting) {
	for _, psus := range letterPSUs {
		for _, spread := range letterSpreads {
			for _, base := range letterBases {
				out = append(out, letterSetting{psus: psus, spread: spread, base: base})
			}
		}
	}
	return out
}

func (o coverageOptions) letters(c *cobra.Command) error {
	settings := letterSettings()
	progress := samplesProgress(c.ErrOrStderr(), o.samples*(len(settings)+1))
	if err := o.countLetters(c.Context(), settings, progress); err != nil {
		return err
	}
	power, err := o.letterPower(c.Context(), func(done int) { progress(o.samples*len(settings) + done) })
	if err != nil {
		return err
	}
	printLetters(c.OutOrStdout(), o, settings, power)
	return nil
}

// countLetters draws the samples of every setting, all columns of which have one
// share, and counts the letters.
func (o coverageOptions) countLetters(ctx context.Context, settings []letterSetting, progress func(done int)) error {
	var same []coverage.Outcome
	for _, share := range letterShares {
		same = append(same, coverage.Outcome{Small: share, Others: share})
	}
	for k := range settings {
		s := &settings[k]
		l := coverage.Letters{Samples: o.samples, Seed: o.seed<<32 + uint64(k), Small: s.base, Large: max(letterLarge, s.base*3/2), PSUs: s.psus, Spread: s.spread, Outcomes: same}
		var err error
		if s.counts, err = l.Run(ctx, func(done int) { progress(k*o.samples + done) }); err != nil {
			return err
		}
	}
	return nil
}

// letterPower counts letters where they are due: nobody of 60 people says yes, and
// 15% of the rest do.
func (o coverageOptions) letterPower(ctx context.Context, progress func(done int)) ([]coverage.LetterCount, error) {
	return coverage.Letters{Samples: o.samples, Seed: o.seed<<32 + 1<<31, Small: 60, Large: 360, Outcomes: []coverage.Outcome{{Small: 0, Others: 0.15}}}.Run(ctx, progress)
}

// printLetters lays out one table a kind of letter, then the largest rates.
func printLetters(w io.Writer, o coverageOptions, settings []letterSetting, power []coverage.LetterCount) {
	fmt.Fprintf(w, "%s samples of each setting, seed %d: comparisons with p < 0.05 where all columns have one share\n"+
		"A rate of 5%% has a simulation error of %s\n", figure.Count(o.samples), o.seed, figure.Percent(math.Sqrt(0.05*0.95/float64(o.samples)), 1))
	for k, kind := range coverage.LetterKinds {
		if k > 0 && sameLetters(settings, k) {
			fmt.Fprintf(w, "\n%s: the same rates\n", kind)
			continue
		}
		fmt.Fprintf(w, "\n%s\n", kind)
		header := []string{"PSUS", "WEIGHTS", "BASE"}
		for _, share := range letterShares {
			header = append(header, figure.Percent(share, 1))
		}
		t := newTable(w, header...)
		for _, s := range settings {
			cells := []string{s.psuWords(), s.weightWords(), figure.Count(s.base)}
			for _, c := range s.kind(k) {
				rate, _ := c.Rate()
				cells = append(cells, figure.Percent(rate, 1))
			}
			t.row(cells...)
		}
		t.flush()
	}
	fmt.Fprintln(w)
	printLargest(w, fmt.Sprintf("People one by one, or %d PSUs and more", enoughPSUs), settings, letterSetting.enough)
	printLargest(w, "Fewer PSUs", settings, func(s letterSetting) bool { return !s.enough() })
	rate, se := power[0].Rate()
	fmt.Fprintf(w, "0%% of 60 and 15%% of 360 are told apart in %s of the samples (± %s)\n", figure.Percent(rate, 1), figure.Percent(se, 1))
}

// printLargest says how far the rates of some settings go.
func printLargest(w io.Writer, what string, settings []letterSetting, of func(letterSetting) bool) {
	var all, largest coverage.LetterCount
	rates, above := 0, 0
	for _, s := range settings {
		if !of(s) {
			continue
		}
		for _, c := range s.counts {
			rate, _ := c.Rate()
			if most, _ := largest.Rate(); !(rate <= most) {
				largest = c
			}
			if aboveLimit(c) {
				above++
			}
			rates, all.Told, all.Compared = rates+1, all.Told+c.Told, all.Compared+c.Compared
		}
	}
	mean, _ := all.Rate()
	rate, se := largest.Rate()
	fmt.Fprintf(w, "%s: %s on average, %s ± %s at most; %s of %s rates are above %s by more than %d simulation errors\n", what,
		figure.Percent(mean, 1), figure.Percent(rate, 1), figure.Percent(se, 1), figure.Count(above), figure.Count(rates), figure.Percent(letterLimit, 0), letterErrors)
}

// aboveLimit reports whether a rate is above letterLimit by more than chance.
func aboveLimit(c coverage.LetterCount) bool {
	rate, _ := c.Rate()
	return rate > letterLimit+letterErrors*math.Sqrt(letterLimit*(1-letterLimit)/float64(c.Compared))
}

// kind are the counts of a kind of letter.
func (s letterSetting) kind(k int) []coverage.LetterCount {
	return s.counts[k*len(letterShares) : (k+1)*len(letterShares)]
}

// sameLetters reports whether a kind has the counts of the one before everywhere.
func sameLetters(settings []letterSetting, k int) bool {
	for _, s := range settings {
		before := s.kind(k - 1)
		for i, c := range s.kind(k) {
			if c.Compared != before[i].Compared || c.Told != before[i].Told {
				return false
			}
		}
	}
	return true
}

func (s letterSetting) psuWords() string {
	if s.psus == 0 {
		return "none"
	}
	return strconv.Itoa(s.psus)
}

func (s letterSetting) weightWords() string {
	if s.spread == 0 {
		return "equal"
	}
	return "cv " + figure.Number(s.spread, 1)
}
