package typing

import (
	"fmt"
	"math"
	"strings"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// The columns of the sheet of parameters; the segments' own follow.
const (
	numberColumn = 1 // the position of the answer, from 1
	codeColumn   = 2
	labelColumn  = 3
	firstSegment = 4
)

// sharesRow has ln π_k, under the names of the segments.
const (
	namesRow  = 1
	sharesRow = 2
)

// block is the place of an item's parameters. Of a nominal or ordinal item: a
// line of zeros for no answer, then a line for each answer with ln p_k. Of a
// scale: three lines with the mean, the deviation and −ln deviation − ln √2π.
type block struct {
	first, answers int
}

// scale reports whether the item has no list of answers.
func (x block) scale() bool { return x.answers == 0 }

// listed is the range of a column of the answers, without the line of zeros.
func (x block) listed(column int) string {
	return fmt.Sprintf("%s!%s:%s", modelSheet, fixed(column, x.first+1), fixed(column, x.first+x.answers))
}

// line is a parameter of a segment.
func (x block) line(n, segment int) string {
	return modelSheet + "!" + fixed(firstSegment+segment, x.first+n)
}

// smallest keeps logarithms finite; it is too small to change a posterior.
const smallest = math.SmallestNonzeroFloat64

// writeModel writes the parameters, in full precision.
func (b *book) writeModel() {
	for n, head := range []string{"Place", "Code", "Answer"} {
		b.text(modelSheet, at(n+1, namesRow), head, "")
	}
	b.text(modelSheet, at(labelColumn, sharesRow), "Logarithm of the segment's share", "")
	for k, name := range b.Model.Names {
		b.text(modelSheet, at(firstSegment+k, namesRow), name, "")
		b.number(modelSheet, at(firstSegment+k, sharesRow), math.Log(max(b.Model.LatentClass.Shares[k], smallest)), "")
	}
	row := sharesRow + 2
	for j, item := range b.Model.Items {
		b.text(modelSheet, at(labelColumn, row), item.Label, "")
		b.text(modelSheet, at(codeColumn, row), item.Variable, "")
		if item.Measure == survey.Scale {
			row++
			b.blocks = append(b.blocks, block{first: row})
			p := b.Model.LatentClass.Items[j]
			for n, label := range []string{"Mean", "Standard deviation", "Constant of the density"} {
				b.text(modelSheet, at(labelColumn, row+n), label, "")
			}
			for k := range p.Mean {
				b.number(modelSheet, at(firstSegment+k, row), p.Mean[k], "")
				b.number(modelSheet, at(firstSegment+k, row+1), p.SD[k], "")
				b.number(modelSheet, at(firstSegment+k, row+2), -math.Log(p.SD[k])-math.Log(2*math.Pi)/2, "")
			}
			row += 4
		} else {
			row = b.writeAnswers(j, row+1)
		}
	}
}

func (b *book) writeAnswers(j, row int) (next int) {
	item := b.Model.Items[j]
	b.blocks = append(b.blocks, block{row, len(item.Values)})
	p := b.Model.LatentClass.Items[j].Probability
	labels, codes := answers(item)
	b.text(modelSheet, at(labelColumn, row), "(not answered)", "")
	for c := -1; c < len(labels); c++ {
		b.number(modelSheet, at(numberColumn, row+1+c), float64(c+1), "")
		for k := range p {
			ln := 0.0
			if c >= 0 {
				ln = math.Log(max(p[k][c], smallest))
			}
			b.number(modelSheet, at(firstSegment+k, row+1+c), ln, "")
		}
		if c >= 0 {
			b.text(modelSheet, at(codeColumn, row+1+c), codes[c], "")
			b.text(modelSheet, at(labelColumn, row+1+c), labels[c], "")
		}
	}
	return row + len(labels) + 2
}

// answers are the labels of an item, each once, and its codes; a code that is
// the label of another answer is left out, because it would mean two things.
func answers(x segment.ModelItem) (labels, codes []string) {
	count := map[string]int{}
	for _, label := range x.Labels {
		count[label]++
	}
	taken := map[string]int{}
	for c, v := range x.Values {
		label := x.Labels[c]
		if label == "" || count[label] > 1 {
			label += " (" + v.String() + ")"
		}
		labels = append(labels, label)
		taken[label] = c
	}
	for c, v := range x.Values {
		code := v.String()
		if other, is := taken[code]; is && other != c {
			code = ""
		}
		codes = append(codes, code)
	}
	return labels, codes
}

// person is where one person's answers, working and result are, as references for
// formulas on the sheet of the working.
type person struct {
	// inputs are the cells of the answers.
	inputs []string
	// sheet, row and first are the place of the working: for each item the position of
	// its answer, for each segment the logarithm of its joint probability and its
	// probability, then the numbers of answers and of unknown answers.
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

// placeOf is the position of an answer in its item's list, 0 where it is blank or
// unknown; for a scale 1 where it is a number. EXACT compares letter by
// letter: other look-ups read * and ? as patterns and ignore case.
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
			parts = append(parts, fmt.Sprintf("INDEX(%s!%s:%s,%s+1)", modelSheet, fixed(firstSegment+k, x.first), fixed(firstSegment+k, x.first+x.answers), p.place(j)))
		}
	}
	return strings.Join(parts, "+")
}

// result is a formula: blank where nothing was answered, a message where an answer is
// unknown, and otherwise then. sheet precedes references to the working.
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

// certainty is the highest probability in words.
func (p person) certainty(sheet string) string {
	top := fmt.Sprintf("MAX(%s%s)", sheet, p.probabilities())
	return fmt.Sprintf(`IF(%s>=%g,"sure",IF(%s>=%g,"fairly sure","not sure"))`, top, sure, top, fairlySure)
}
