package letters

import (
	"surveykit/stats"
	"surveykit/survey"
)

// correct fills in the adjusted p-values and returns the size of the largest
// family. The family is the table without its nets, in which a comparison that
// the table makes more than once counts once and has one p-value; nets are a
// family of their own. SPSS corrects within a row of a group.
func (s Tests) correct(comparisons []survey.LetterTest, identities []Identity) int {
	families := map[Family][]int{}
	first := map[Identity]int{}
	of := make([]int, len(comparisons))
	for i, id := range identities {
		if _, ok := first[id]; !ok {
			first[id] = i
			families[id.Family] = append(families[id.Family], i)
		}
		of[i] = first[id]
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

// Family is what the p-values of some comparisons are corrected over: the nets of a
// table, its other rows or, as SPSS does, a row of a group of columns.
type Family struct {
	nets  bool
	row   int
	group string
}

// Family is that of a comparison in a row of a kind under a column of a group.
func (s Tests) Family(row int, kind survey.RowKind, group string) Family {
	if s.Mimic == MimicSPSS {
		return Family{row: row, group: group}
	}
	return Family{nets: kind == survey.RowNet}
}

// adjusted corrects the p-values of one family.
func (s Tests) adjusted(comparisons []survey.LetterTest, members []int) {
	p := make([]float64, len(members))
	for k, i := range members {
		p[k] = float64(comparisons[i].P)
	}
	switch s.Adjust {
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

// Identity is all that a comparison is: the number of the figure of its row, of the
// people on either side, and the family that it is corrected in. Two comparisons of
// a table are one test only if it is equal.
type Identity struct {
	Family                Family
	Figure, Side, Another int
}
