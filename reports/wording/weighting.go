package wording

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// HowWeighted says in sentences how the weights were made, and what has to hold
// for them to do their work.
func HowWeighted(w *survey.WeightingReport) []string {
	var out []string
	if len(w.Steps) > 0 {
		out = append(out, "The weights were "+strings.Join(w.Steps, "; then ")+".")
	}
	if w.Assumption != "" {
		out = append(out, "They remove bias if this is true: "+w.Assumption+".")
	}
	return out
}

// Weighted adds to HowWeighted what the weights cost, and their warnings.
func Weighted(w *survey.WeightingReport) []string {
	out := HowWeighted(w)
	if w.Modelled {
		out = append(out, "They depend on a model of who takes part, so the precision of the figures is modelled, too.")
	}
	cost := fmt.Sprintf("%s respondents are worth %s with equal weights: a design effect of %s (Kish: n times the sum of the squared weights over the square of their sum)",
		figure.Count(w.Distribution.N), figure.Number(w.NEffective, 0), figure.Number(w.KishDeff, 4))
	if w.KishDeffSample.Exists() {
		cost += fmt.Sprintf(", or %s with the n − 1 variance, as some panels publish it", figure.Number(w.KishDeffSample.Float(), 4))
	}
	out = append(out, cost+".")
	for _, n := range w.Warnings {
		out = append(out, "Warning: "+n.Text)
	}
	return out
}

// Weighting lays out what weighting did: the margins, the weights, the cost by
// group, the answers that moved most, the thin categories. A grid without rows
// is left out.
func Weighting(w *survey.WeightingReport) []Grid {
	g := Grid{Title: "Weights by size", Note: "How many weights lie between two multiples of their mean.", Head: []string{"Times the mean", "Weights"}}
	for _, b := range w.Distribution.Bins {
		g.Rows = append(g.Rows, []Item{word(Bin(b)), count(b.N)})
	}
	small := Grid{Title: "Thin categories", Note: "A few respondents represent many here; combined with the category named, they would have less weight.", Head: []string{"Variable", "Category", "Respondents", "Factor", "Collect with"}}
	for _, x := range w.Thin {
		small.Rows = append(small.Rows, append(words(x.Variable, joined(x.Category, x.Group)), count(x.Rows), quantity(x.Factor, 2), word(x.Collapse)))
	}
	most := Grid{Title: "Answers moved by the weighting", Note: "The answers that moved most: shares, or means where no answer is named; the shift is in standard deviations of the answer.", Head: []string{"Variable", "Answer", "Before", "After", "Shift"}}
	for _, x := range w.Moved {
		write := portion
		if x.Category == "" {
			write = func(x float64) Item { return quantity(x, 2) }
		}
		most.Rows = append(most.Rows, append(words(x.Variable, x.Category), write(x.Before), write(x.After), number(x.Size, figure.SignedNumber(x.Size, 2), `+0.00;"−"0.00;0.00`)))
	}
	groups := Grid{Title: "Cost of the weighting by group", Note: "The design effect of unequal weights and the effective number of respondents in each group.", Head: []string{"Variable", "Category", "Respondents", "Sum of weights", "Design effect", "Effective n"}}
	for _, x := range w.Groups {
		groups.Rows = append(groups.Rows, append(words(x.Variable, x.Category), count(x.N), quantity(x.Sum, 1), quantity(x.KishDeff, 3), quantity(x.NEffective, 0)))
	}
	all := []Grid{margins(w.Margins), distribution(w), g, groups, most, small}
	return slices.DeleteFunc(all, func(g Grid) bool { return len(g.Rows) == 0 })
}

// margins compare totals with their targets, and as shares of their variable.
func margins(all []survey.WeightMargin) Grid {
	g := Grid{
		Title: "Margins of the weighting", Note: "Totals before weighting, as asked for and as reached; then each as a share of its variable; then by how much of the target the total reached misses it.",
		Head: []string{"Variable", "Category", "Before", "Target", "After", "Before, share", "Target, share", "After, share", "Misfit"},
	}
	sums := map[[2]string][3]float64{}
	largest := 0.0
	for _, m := range all {
		key := [2]string{m.Variable, m.Group}
		sum := sums[key]
		for i, x := range totals(m) {
			sum[i] += x
			largest = max(largest, x)
		}
		sums[key] = sum
	}
	for _, m := range all {
		row, shares := words(m.Variable, joined(m.Category, m.Group)), []Item{}
		sum := sums[[2]string{m.Variable, m.Group}]
		for i, x := range totals(m) {
			total, share := quantity(x, decimals(largest)), word("")
			if m.Category != "" {
				share = portion(x / sum[i])
			}
			if i == 1 && m.Kept {
				total, share = word("kept"), word("kept")
			}
			row, shares = append(row, total), append(shares, share)
		}
		g.Rows = append(g.Rows, append(append(row, shares...), missed(m)))
	}
	return g
}

// missed is |after − target| as a part of the target, or of the total where the
// target is 0; a category without a target misses none. What rounds to 0 and is
// not is under a hundredth of a percent.
func missed(m survey.WeightMargin) Item {
	x := math.Abs(m.After - m.Target)
	if m.Target != 0 {
		x /= math.Abs(m.Target)
	}
	switch {
	case m.Kept:
		return word("")
	case !(x > 0) || x >= 5e-5:
		return number(x, figure.Percent(x, 2), "0.00%")
	}
	return number(x, "under 0.01%", `[<0.00005]"under "0.01%;0.00%`)
}

// totals are those before, asked for and after; a category without a target
// asks for what it has.
func totals(m survey.WeightMargin) [3]float64 {
	if m.Kept {
		return [3]float64{m.Before, m.After, m.After}
	}
	return [3]float64{m.Before, m.Target, m.After}
}

// decimals are those of totals up to the largest one.
func decimals(largest float64) int {
	switch {
	case largest >= 10_000:
		return 0
	case largest >= 10:
		return 1
	}
	return 4
}

// joined names a category, and the part of the sample where there are several.
func joined(category, group string) string {
	if category == "" || group == "" {
		return category + group
	}
	return category + ", " + group
}

func distribution(w *survey.WeightingReport) Grid {
	d := w.Distribution
	g := Grid{Title: "Distribution of the weights", Note: "The weights other than zero, and what they are times their mean.", Head: []string{"Measure", "Weight", "Times the mean"}}
	if d.N == 0 {
		return g
	}
	weight := func(name string, x survey.Figure) {
		if x.Exists() {
			g.Rows = append(g.Rows, []Item{word(name), quantity(x.Float(), 3), quantity(x.Float()*float64(d.N)/w.Sum, 3)})
		}
	}
	weight("Smallest", d.Min)
	weight("1st percentile", d.P1)
	weight("5th percentile", d.P5)
	weight("Median", d.Median)
	weight("95th percentile", d.P95)
	weight("99th percentile", d.P99)
	weight("Largest", d.Max)
	if w.Trim != nil {
		weight("Trimmed to no less than", w.Trim.Lower)
		weight("Trimmed to no more than", w.Trim.Upper)
	}
	add := func(name string, x Item) { g.Rows = append(g.Rows, []Item{word(name), x, word("")}) }
	add("Coefficient of variation", quantity(d.CV.Float(), 3))
	add("Weights other than zero", count(d.N))
	add("Weights of zero", count(d.Zero))
	add("Sum of the weights", quantity(w.Sum, 1))
	add("Design effect (Kish)", quantity(w.KishDeff, 4))
	add("Design effect with the n − 1 variance", quantity(w.KishDeffSample.Float(), 4))
	add("Effective number of respondents", quantity(w.NEffective, 1))
	add("Iterations", count(w.Iterations))
	return g
}

// Bin names a range of weights: "0.48 to 1.12".
func Bin(b survey.WeightBin) string {
	return figure.Number(b.From, 2) + " to " + figure.Number(b.To, 2)
}

// Grid is a small table about the survey itself, such as what weighting
// did: a column of words for each of the first heads, numbers under the others.
type Grid struct {
	// Title heads the grid, in 31 characters at most so that it can name a sheet;
	// Note says in a sentence how to read it.
	Title, Note string
	Head        []string
	Rows        [][]Item
}

// Item is a word or a number of a Grid.
type Item struct {
	// Text is what people read; "" where there is nothing to say.
	Text string
	// Value is the number in full precision; it does not exist for a word.
	Value survey.Figure
	// Format is the number's format in a workbook.
	Format string
}

// Numeric reports whether a column holds numbers.
func (g Grid) Numeric(column int) bool {
	return slices.ContainsFunc(g.Rows, func(row []Item) bool { return row[column].Value.Exists() })
}

func word(text string) Item { return Item{Text: text} }

// words are several words.
func words(texts ...string) []Item {
	items := make([]Item, len(texts))
	for i, text := range texts {
		items[i] = word(text)
	}
	return items
}

func count(n int) Item { return quantity(float64(n), 0) }

// quantity is a number with the given decimals and thousands apart.
func quantity(x float64, decimals int) Item {
	return number(x, figure.Number(x, decimals), "#,##0"+places(decimals))
}

// portion is a proportion 0–1, as a percentage.
func portion(x float64) Item { return number(x, figure.Percent(x, 1), "0.0%") }

func places(decimals int) string {
	if decimals == 0 {
		return ""
	}
	return "." + strings.Repeat("0", decimals)
}

// number is a word where the number does not exist.
func number(x float64, text, format string) Item {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return word("")
	}
	return Item{Text: text, Value: survey.FigureOf(x), Format: format}
}
