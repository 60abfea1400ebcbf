// Package quality holds the rules that say whether a figure may be shown, as
// functions of plain values: minimum bases, the presentation standards of the
// US National Center for Health Statistics, and the hiding of counts that
// would give somebody away.
package quality

import (
	"fmt"
	"math"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
)

// House returns the flags of a figure on n unweighted rows: suppressed under
// the minimum, low_base under the caution limit, none otherwise.
func House(n int, r survey.BaseLimits) []string {
	switch {
	case n < r.Minimum:
		return []string{survey.FlagSuppressed}
	case n < r.Caution:
		return []string{survey.FlagLowBase}
	}
	return nil
}

// The limits of the NCHS standards.
const (
	leastEffective = 30   // effective sample under which a proportion is suppressed
	narrowWidth    = 0.05 // interval width up to which it is always shown
	wideWidth      = 0.30 // interval width from which it never is
	widestRelative = 1.30 // interval width over the proportion
	fewDF          = 8    // degrees of freedom under which a person reviews it
	leastCount     = 10   // effective sample under which a count is suppressed
	widestCount    = 1.60 // interval width over the count
)

// Proportion returns the flags of a proportion (0–1) under the NCHS standards.
// With n* Korn and Graubard's effective sample, at most N, and w the width of
// their interval (0 at a share of 0 or 1): suppressed and unreliable where n* < 30, w ≥ 0.30,
// or w > 0.05 and w/P > 1.30; of what is shown, complement where
// w/(1 − P) > 1.30, review where DF < 8 or P is 0 or 1. Nobody in the base and
// DF ≤ 0 are hidden likewise.
// Source: Parker et al. 2017, NCHS Vital and Health Statistics 2(175).
func Proportion(p stats.Proportion) []string {
	effective, width := presence(p)
	edge := p.P <= 0 || p.P >= 1
	switch {
	case !(effective >= leastEffective) || !(width < wideWidth),
		width > narrowWidth && width/p.P > widestRelative:
		return hidden()
	}
	var flags []string
	if !edge && width/(1-p.P) > widestRelative {
		flags = append(flags, survey.FlagComplement)
	}
	if p.DF < fewDF || edge {
		flags = append(flags, survey.FlagReview)
	}
	return flags
}

// hidden are the flags of a figure that a presentation standard holds back.
func hidden() []string { return []string{survey.FlagSuppressed, survey.FlagUnreliable} }

// presence is the effective sample and the width of the interval.
func presence(p stats.Proportion) (effective, width float64) {
	switch {
	case p.DF <= 0 || p.N < 1:
		return 0, math.NaN()
	case p.P <= 0 || p.P >= 1 || p.SE == 0:
		return p.N, 0
	}
	variance := p.P * (1 - p.P)
	ratio := stats.TCritical(p.Level, p.N-1) / stats.TCritical(p.Level, p.DF)
	effective = math.Min(p.N, variance/(p.SE*p.SE)*ratio*ratio)
	p.SE = ratio * math.Sqrt(variance/effective) // so that the interval is that of n*
	low, high, _ := p.Interval(stats.BetaInterval)
	return effective, high - low
}

// Count returns the flags of a population count under the NCHS standards:
// suppressed and unreliable where Kish's effective sample of the cell is under 10 or the
// interval exp(ln x ± t·se/x), t with effective − 1 degrees of freedom, is wider
// than 1.60 times the count. So is a count of zero or less.
// Source: Parker et al. 2023, NCHS Vital and Health Statistics 2(200).
func Count(x, se, effective, level float64) []string {
	low, high := stats.LogLimits(x, se, effective-1, level)
	if effective >= leastCount && high-low <= widestCount*x {
		return nil
	}
	return hidden()
}

// flagged are the flags that a reader must know of, with what they mean.
var flagged = []struct{ flag, meaning string }{
	{survey.FlagSuppressed, "not shown"},
	{survey.FlagUnreliable, "of these as too uncertain under the presentation standard"},
	{survey.FlagConfidential, "of these for confidentiality"},
	{survey.FlagLowBase, "on a low base"},
	{survey.FlagReview, "for review (few degrees of freedom, or 0% or 100%)"},
	{survey.FlagComplement, "whose complement is too uncertain to be shown"},
}

// Summary says in a sentence how many figures of the tables the quality rules
// have flagged, or that none was.
func Summary(tables []*survey.Tabulation) string {
	figures, counts := 0, map[string]int{}
	for _, t := range tables {
		for _, row := range t.Cells {
			for _, c := range row {
				figures++
				for _, f := range c.Flags {
					counts[f]++
				}
			}
		}
	}
	var parts []string
	for _, f := range flagged {
		if n := counts[f.flag]; n > 0 {
			parts = append(parts, survey.FormatCount(n)+" "+f.meaning)
		}
	}
	if len(parts) == 0 {
		return fmt.Sprintf("The quality rules flagged none of the %s figures.", survey.FormatCount(figures))
	}
	return fmt.Sprintf("Of %s figures the quality rules flagged: %s.", survey.FormatCount(figures), strings.Join(parts, ", "))
}
