package letters

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
)

// Edges says how shares at or near an edge are compared.
const Edges = "Near 0% or 100%, where a column has fewer than five effective answers of one kind, Fisher's exact test (doubled mid-p, on effective bases) takes the place of the t test."

// explain says how columns were compared: the mark, the test, the level, the
// correction and its family, the columns and the least base that is compared.
func (s Tests) explain(out *survey.Tabulation, groups [][]int, family, least int) []string {
	if len(out.Comparisons) == 0 {
		return []string{fmt.Sprintf("No columns could be compared: the base of either side must be %d or more, and a standard error known.", least)}
	}
	method := s.method()
	if slices.ContainsFunc(out.Comparisons, func(c survey.LetterTest) bool { return c.Edge != nil }) {
		method += " " + Edges
	}
	var compared []string
	for _, g := range groups {
		if !slices.ContainsFunc(out.Comparisons, func(c survey.LetterTest) bool { return slices.Contains(g, c.Column) }) {
			continue
		}
		name := out.Columns[g[0]].Group
		if s.Against == AgainstPairs {
			name += fmt.Sprintf(" (%s–%s)", letter(0), letter(len(g)-1))
		}
		compared = append(compared, name)
	}
	bases := "Bases"
	if s.Mimic == MimicQuantum {
		bases = "Effective bases"
	}
	return []string{
		s.marks() + " " + method,
		s.correction(family) + fmt.Sprintf(" Compared: %s. %s under %d are not compared.", strings.Join(compared, ", "), bases, least),
	}
}

// marks explains the letters or the arrows.
func (s Tests) marks() string {
	if s.Against == AgainstPairs {
		levels := s.levels("capitals", "lower case")
		return "A letter names a column of the same group whose figure is significantly lower, " + levels + "."
	}
	levels := s.levels("filled", "open")
	return "An arrow marks a figure that is significantly above or below that of " + s.opponent() + ", " + levels + "."
}

// levels names the level, or both with the marks that show them.
func (s Tests) levels(first, second string) string {
	if s.Second == 0 {
		return fmt.Sprintf("at the %s level", s.Level)
	}
	return fmt.Sprintf("at the %s level (%s) or the %s level (%s)", s.Level, first, s.Second, second)
}

func (s Tests) opponent() string {
	switch s.Against {
	case AgainstRest:
		return "everybody outside its column"
	case AgainstPrevious:
		return "the column before it in its group"
	}
	return "the column " + s.Against
}

func (s Tests) method() string {
	switch s.Mimic {
	case MimicSPSS:
		return "For reconciling only: the tests of SPSS on shares (z, pooled) and means (t, the variance pooled over the group of columns), on Kish's effective bases; it ignores the clusters and strata of the design."
	case MimicQuantum:
		return "For reconciling only: the t tests of Quantum on shares and means, pooled, on Kish's effective bases less the overlap; it ignores the clusters and strata of the design."
	}
	return "Test: two-sided t test of the difference, which allows for the sample design and for people who are in both columns."
}

func (s Tests) correction(family int) string {
	name := map[string]string{adjustBH: "Benjamini–Hochberg", adjustHolm: "Holm", adjustBonferroni: "Bonferroni"}[s.Adjust]
	over := survey.FormatCount(family) + " tests"
	if family == 1 {
		over = "1 test"
	}
	switch {
	case s.Adjust == adjustNone:
		return "P-values are not adjusted for the number of tests."
	case s.Mimic == MimicSPSS:
		return fmt.Sprintf("P-values are adjusted by %s within each row of a group of columns (up to %s).", name, over)
	}
	return fmt.Sprintf("P-values are adjusted by %s for the %s of this table. Nets are adjusted by themselves; repeated rows and columns count once.", name, over)
}
