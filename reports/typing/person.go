package typing

import (
	"fmt"
	"strings"
)

// person is where one person's answers, the working and the result stand, as
// references that formulas on the working's sheet can use.
type person struct {
	// inputs are the cells of the answers.
	inputs []string
	// sheet, row and first are where the working goes: for each item the place of
	// its answer, for each segment the logarithm of its joint probability and its
	// probability, then counts of answers and of answers that are not known.
	sheet      string
	row, first int
	segments   int
}

func (p person) place(item int) string { return at(p.first+item, p.row) }

func (p person) joint(k int) string { return at(p.first+len(p.inputs)+k, p.row) }

func (p person) probability(k int) string {
	return at(p.first+len(p.inputs)+p.segments+k, p.row)
}

func (p person) answered() string { return at(p.first+len(p.inputs)+2*p.segments, p.row) }

func (p person) unknown() string { return at(p.first+len(p.inputs)+2*p.segments+1, p.row) }

// last is the last column of the working.
func (p person) last() int { return p.first + len(p.inputs) + 2*p.segments + 1 }

func (p person) probabilities() string {
	return p.probability(0) + ":" + p.probability(p.segments-1)
}

// working writes a person's formulas.
func (b *book) working(p person) {
	known := make([]string, len(p.inputs))
	given := make([]string, len(p.inputs))
	for j, x := range p.inputs {
		given[j] = fmt.Sprintf(`(%s<>"")`, x)
		b.formula(p.sheet, p.place(j), b.placeOf(b.blocks[j], x), "")
		known[j] = fmt.Sprintf("(%s>0)", p.place(j))
	}
	for k := range p.segments {
		b.formula(p.sheet, p.joint(k), b.jointOf(p, k), "")
	}
	all := p.joint(0) + ":" + p.joint(p.segments-1)
	for k := range p.segments {
		b.formula(p.sheet, p.probability(k), fmt.Sprintf("EXP(%s-MAX(%s))/SUMPRODUCT(EXP(%s-MAX(%s)))", p.joint(k), all, all, all), "")
	}
	b.formula(p.sheet, p.answered(), strings.Join(given, "+"), "")
	b.formula(p.sheet, p.unknown(), fmt.Sprintf("%s-(%s)", p.answered(), strings.Join(known, "+")), "")
}

// placeOf is the place of an answer in its item's list, 0 where there is none or
// it is not known; for a scale 1 where it is a number. EXACT compares letter by
// letter: other look-ups take * and ? for patterns and capitals for small.
func (b *book) placeOf(x block, input string) string {
	if x.scale() {
		return fmt.Sprintf("IF(ISNUMBER(%s),1,0)", input)
	}
	return fmt.Sprintf(`(%s<>"")*SUMPRODUCT(SIGN(EXACT(%s,%s)+EXACT(%s,%s)),%s)`,
		input, input, x.listed(labelColumn), input, x.listed(codeColumn), x.listed(numberColumn))
}

// jointOf is ln π_k + Σ ln p_jk.
func (b *book) jointOf(p person, k int) string {
	parts := []string{modelSheet + "!" + fixed(firstSegment+k, sharesRow)}
	for j, x := range b.blocks {
		if x.scale() {
			parts = append(parts, fmt.Sprintf("IF(%s=1,%s-((%s-%s)/%s)^2/2,0)", p.place(j), x.line(2, k), p.inputs[j], x.line(0, k), x.line(1, k)))
		} else {
			parts = append(parts, fmt.Sprintf("INDEX(%s,%s+1)", x.whole(k), p.place(j)))
		}
	}
	return strings.Join(parts, "+")
}

// result is a formula that gives nothing where nothing was answered, says so
// where an answer is not known, and otherwise is then. sheet is put before
// references to the working.
func (p person) result(sheet, blank, then string) string {
	return fmt.Sprintf(`IF(%s%s=0,%q,IF(%s%s>0,"Check the answers",%s))`, sheet, p.answered(), blank, sheet, p.unknown(), then)
}

// segment is the name of the most probable segment, the first of equals.
func (p person) segment(sheet string) string {
	names := fmt.Sprintf("%s!%s:%s", modelSheet, fixed(firstSegment, namesRow), fixed(firstSegment+p.segments-1, namesRow))
	return fmt.Sprintf("INDEX(%s,MATCH(MAX(%s%s),%s%s,0))", names, sheet, p.probabilities(), sheet, p.probabilities())
}

// The probabilities from which a result is called sure, and fairly sure.
const (
	sure       = 0.9
	fairlySure = 0.7
)

// certainty puts the highest probability into words.
func (p person) certainty(sheet string) string {
	top := fmt.Sprintf("MAX(%s%s)", sheet, p.probabilities())
	return fmt.Sprintf(`IF(%s>=%g,"sure",IF(%s>=%g,"fairly sure","not sure"))`, top, sure, top, fairlySure)
}
