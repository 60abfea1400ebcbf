package typing

import (
	"fmt"
	"math"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// The columns of the sheet of parameters; the segments' own follow.
const (
	numberColumn = 1 // the place of the answer, from 1
	codeColumn   = 2
	labelColumn  = 3
	firstSegment = 4
)

// sharesRow holds ln π_k, under the segments' names.
const (
	namesRow  = 1
	sharesRow = 2
)

// block is where an item's parameters stand. Of a nominal or ordinal item: a
// line of zeros for no answer, then a line for each answer with ln p_k. Of a
// scale: three lines with the mean, the deviation and −ln deviation − ln √2π.
type block struct {
	first, answers int
}

// scale has no list of answers.
func (x block) scale() bool { return x.answers == 0 }

// listed is the range of a column beside the answers, without the line of zeros.
func (x block) listed(column int) string {
	return fmt.Sprintf("%s!%s:%s", modelSheet, fixed(column, x.first+1), fixed(column, x.first+x.answers))
}

// line is a parameter of a segment.
func (x block) line(n, segment int) string {
	return modelSheet + "!" + fixed(firstSegment+segment, x.first+n)
}

// whole is a segment's column with the line of zeros.
func (x block) whole(segment int) string {
	return fmt.Sprintf("%s!%s:%s", modelSheet, fixed(firstSegment+segment, x.first), fixed(firstSegment+segment, x.first+x.answers))
}

// smallest keeps logarithms finite; nothing so small changes a posterior.
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
			row = b.writeScale(j, row+1)
		} else {
			row = b.writeAnswers(j, row+1)
		}
	}
}

func (b *book) writeScale(j, row int) (next int) {
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
	return row + 4
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

// answers are the labels of an item, each once, and its codes; codes that are
// another answer's label are left out, for they would mean two things.
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
