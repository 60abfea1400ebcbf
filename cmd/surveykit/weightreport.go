package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// printWeighting prints what weighting did and what it cost.
func printWeighting(out io.Writer, w *survey.WeightingReport) {
	fmt.Fprintf(out, "Weights: %s\n", strings.Join(w.Steps, "; then "))
	printMargins(out, w.Margins)
	printDistribution(out, w)
	printGroups(out, w.Groups)
	printMoved(out, w.Moved)
	printThin(out, w.Thin)
}

func printMargins(out io.Writer, margins []survey.WeightMargin) {
	t := newSection(out, "", "VARIABLE", "CATEGORY", "BEFORE", "TARGET", "AFTER")
	for _, m := range margins {
		category, target := m.Category, figure.Number(m.Target, 1)
		if m.Group != "" {
			category = strings.TrimPrefix(category+", "+m.Group, ", ")
		}
		if m.Kept {
			target = "kept"
		}
		t.row(m.Variable, category, figure.Number(m.Before, 1), target, figure.Number(m.After, 1))
	}
	t.flush()
}

func printDistribution(out io.Writer, w *survey.WeightingReport) {
	d := w.Distribution
	fmt.Fprintf(out, "\n%s weights, sum %s; iterations: %s", figure.Count(d.N), figure.Number(w.Sum, 1), figure.Count(w.Iterations))
	if len(w.Margins) > 0 {
		fmt.Fprintf(out, ", largest misfit %.1e of a total", w.Misfit)
	}
	if d.Zero > 0 {
		fmt.Fprintf(out, "; %s rows have a weight of zero", figure.Count(d.Zero))
	}
	t := newSection(out, "", "MIN", "1%", "5%", "MEDIAN", "95%", "99%", "MAX", "CV")
	t.row(digits(d.Min.Float()), digits(d.P1.Float()), digits(d.P5.Float()), digits(d.Median.Float()), digits(d.P95.Float()), digits(d.P99.Float()), digits(d.Max.Float()), figure.Number(d.CV.Float(), 3))
	t.flush()
	printBins(out, d.Bins)
	fmt.Fprintf(out, "\nKish design effect %s (%s with the n − 1 variance, as some panels publish it): %s rows are worth %s with equal weights\n",
		figure.Number(w.KishDeff, 4), figure.Number(w.KishDeffSample.Float(), 4), figure.Count(d.N), figure.Number(w.NEffective, 0))
}

// barWidth is the length of the longest bar, in characters.
const barWidth = 40

func printBins(out io.Writer, bins []survey.WeightBin) {
	most := 1
	for _, b := range bins {
		most = max(most, b.N)
	}
	t := newTable(out, "TIMES THE MEAN", "WEIGHTS", "")
	for _, b := range bins {
		bar := strings.Repeat("█", int(math.Ceil(float64(barWidth*b.N)/float64(most))))
		t.row(figure.Number(b.From, 2)+" to "+figure.Number(b.To, 2), figure.Count(b.N), bar)
	}
	t.flush()
}

func printGroups(out io.Writer, groups []survey.WeightGroup) {
	t := newSection(out, "", "GROUP", "", "N", "SUM", "KISH DEFF", "EFFECTIVE N")
	for _, g := range groups {
		t.row(g.Variable, g.Category, figure.Count(g.N), figure.Number(g.Sum, 1), figure.Number(g.KishDeff, 3), figure.Number(g.NEffective, 0))
	}
	t.flush()
}

func printMoved(out io.Writer, moved []survey.MovedItem) {
	t := newSection(out, "Answers that moved most, in standard deviations", "VARIABLE", "ANSWER", "BEFORE", "AFTER", "MOVED BY")
	for _, m := range moved {
		before, after := figure.Percent(m.Before, 1), figure.Percent(m.After, 1)
		if m.Category == "" {
			before, after = digits(m.Before), digits(m.After)
		}
		t.row(m.Variable, m.Category, before, after, figure.SignedNumber(m.Size, 2))
	}
	t.flush()
}

func printThin(out io.Writer, thin []survey.ThinCell) {
	t := newSection(out, "Thin categories: a few rows represent many", "VARIABLE", "CATEGORY", "ROWS", "FACTOR", "COULD BE COLLECTED WITH")
	for _, c := range thin {
		category := c.Category
		if c.Group != "" {
			category += ", " + c.Group
		}
		t.row(c.Variable, category, figure.Count(c.Rows), figure.Number(c.Factor, 2), c.Collapse)
	}
	t.flush()
}
