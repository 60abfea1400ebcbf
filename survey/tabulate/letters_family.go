package tabulate

import (
	"fmt"

	"surveykit/stats"
	"surveykit/survey"
)

// correct fills in the adjusted p-values and returns the size of the largest
// family. The family is the table without its nets and without rows or columns
// that repeat others; nets are a family of their own, repeated comparisons take
// over the p-value of the first. SPSS corrects within a row of a group.
func (s tests) correct(comparisons []survey.Comparison, entries []entry, b banner) int {
	rows, columns := rowNames(entries), columnNames(b.columns)
	families := map[string][]int{}
	first := map[[3]int]int{}
	of := make([]int, len(comparisons))
	for i, c := range comparisons {
		key := [3]int{rows[c.Row], columns[c.Column], survey.Rest}
		if c.Against != survey.Rest {
			key[2] = columns[c.Against]
		}
		if _, ok := first[key]; !ok {
			first[key] = i
			name := s.family(entries[c.Row], c, b)
			families[name] = append(families[name], i)
		}
		of[i] = first[key]
	}
	size := 0
	for _, members := range families {
		s.adjusted(comparisons, members)
		size = max(size, len(members))
	}
	for i, k := range of {
		comparisons[i].PAdjusted = comparisons[k].PAdjusted
	}
	return size
}

// family names the family of a comparison.
func (s tests) family(e entry, c survey.Comparison, b banner) string {
	if s.mimic == mimicSPSS {
		return fmt.Sprint(c.Row, " ", b.columns[c.Column].Group)
	}
	return fmt.Sprint(e.Kind == survey.RowNet)
}

// adjusted corrects the p-values of one family.
func (s tests) adjusted(comparisons []survey.Comparison, members []int) {
	p := make([]float64, len(members))
	for k, i := range members {
		p[k] = float64(comparisons[i].P)
	}
	switch s.adjust {
	case adjustBH:
		p = stats.BenjaminiHochberg(p)
	case adjustHolm:
		p = stats.Holm(p)
	case adjustBonferroni:
		p = stats.Bonferroni(p)
	}
	for k, i := range members {
		comparisons[i].PAdjusted = survey.Figure(p[k])
	}
}

// rowNames number the rows so that those which show the same have one number.
func rowNames(entries []entry) []int {
	return numbered(entries, func(e entry) string {
		code := ""
		if e.code != nil {
			code = e.code.String()
		}
		return fmt.Sprint(e.statistic, "|", e.of, "|", e.variable, "|", e.category, "|", code, "|", e.group, e.count, e.base, e.otherCount, e.otherBase)
	})
}

func columnNames(columns []column) []int {
	return numbered(columns, func(c column) string { return fmt.Sprint(c.group) })
}

func numbered[T any](items []T, name func(T) string) []int {
	seen := map[string]int{}
	out := make([]int, len(items))
	for i, item := range items {
		key := name(item)
		if _, ok := seen[key]; !ok {
			seen[key] = len(seen)
		}
		out[i] = seen[key]
	}
	return out
}
