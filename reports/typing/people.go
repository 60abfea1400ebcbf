package typing

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// The rows of the sheet for many people.
const (
	peopleLead  = 2
	peopleNames = 4
	firstPerson = 5
)

// writePeople writes the sheet on which each line is a person: an identifier,
// the answers (labels or codes), the segment, its probability and certainty, and the
// probability of every segment; the working is in hidden columns after them.
func (b *book) writePeople() {
	s, items, segments := peopleSheet, len(b.Model.Items), len(b.Model.Names)
	result := 2 + items
	b.text(s, "A1", "Many people", "title")
	b.height(s, 1, 28)
	b.text(s, at(1, peopleLead), fmt.Sprintf("One person a line, up to %s. Type or paste answers as their labels or their codes; leave blank what was not answered.", figure.Count(b.People)), "lead")
	b.do(b.file.MergeCell(s, at(1, peopleLead), at(max(7, result+2), peopleLead)))
	b.peopleHeads(result)
	for n := range b.People {
		b.person(firstPerson+n, result)
	}
	last := firstPerson + b.People - 1
	for j := range b.Model.Items {
		b.validate(s, at(2+j, firstPerson)+":"+at(2+j, last), j)
	}
	work := result + 3 + segments
	end := person{inputs: make([]string, items), first: work, segments: segments}.last()
	b.do(b.file.SetColVisible(s, column(work)+":"+column(end), false))
	b.do(b.file.SetPanes(s, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: peopleNames, TopLeftCell: at(2, firstPerson), ActivePane: "bottomRight"}))
	no := false
	b.do(b.file.SetSheetView(s, 0, &excelize.ViewOptions{ShowGridLines: &no}))
	landscape, fit, one, any := "landscape", true, 1, 0
	b.do(b.file.SetSheetProps(s, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.file.SetPageLayout(s, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &one, FitToHeight: &any}))
}

func (b *book) peopleHeads(result int) {
	s := peopleSheet
	b.text(s, at(1, peopleNames), "Person", "head")
	b.width(s, "A", "A", 12)
	tall := 1.0
	for j, item := range b.Model.Items {
		b.text(s, at(2+j, peopleNames), item.Label, "head")
		tall = max(tall, lines(item.Label, 18))
	}
	b.width(s, "B", column(result-1), 20)
	heads := []string{"Segment", "Probability", "How certain"}
	for n, head := range append(heads, b.Model.Names...) {
		style := "headNumber"
		if n == 0 || n == 2 {
			style = "head"
		}
		b.text(s, at(result+n, peopleNames), head, style)
		tall = max(tall, lines(head, 15))
	}
	b.width(s, column(result), column(result), 36)
	b.style(s, at(result, peopleNames), at(result, peopleNames), "headInset")
	b.style(s, at(result+2, peopleNames), at(result+2, peopleNames), "headInset")
	b.width(s, column(result+1), column(result+2+len(b.Model.Names)), 17)
	b.height(s, peopleNames, min(13*tall+8, 200))
}

// person writes one line.
func (b *book) person(row, result int) {
	s := peopleSheet
	p := person{sheet: s, row: row, segments: len(b.Model.Names), first: result + 3 + len(b.Model.Names)}
	b.style(s, at(1, row), at(1, row), "person")
	for j := range b.Model.Items {
		p.inputs = append(p.inputs, at(2+j, row))
		style := "cell"
		if b.blocks[j].scale() {
			style = "cellNumber"
		}
		b.style(s, at(2+j, row), at(2+j, row), style)
	}
	b.working(p)
	b.formula(s, at(result, row), p.result("", "", p.segment("")), "found")
	b.formula(s, at(result+1, row), p.result("", "", fmt.Sprintf("MAX(%s)", p.probabilities())), "foundPercent")
	b.formula(s, at(result+2, row), p.result("", "", p.certainty("")), "plain")
	for k := range p.segments {
		b.formula(s, at(result+3+k, row), p.result("", "", p.probability(k)), "foundPercent")
	}
}

// writeQuality writes the sheet on how good the tool is.
func (b *book) writeQuality() {
	s, t := qualitySheet, b.Typing
	b.width(s, "A", "A", 2.5)
	b.width(s, "B", "B", 48)
	b.width(s, "C", column(3+len(t.Segments)), 18)
	b.text(s, "B2", "How good it is", "title")
	b.height(s, 2, 30)
	lead := fmt.Sprintf("The sample was divided into %d parts of whole clusters. Each part was left out in turn while the questions were chosen, and was then typed, so people were never used to choose the questions that typed them. Intervals are design-based.", t.Folds)
	b.text(s, "B3", lead, "lead")
	b.do(b.file.MergeCell(s, "B3", at(3+len(t.Segments), 3)))
	b.height(s, 3, 15*lines(lead, 48+18*float64(len(t.Segments)+1))+6)
	next := b.confusion(5)
	b.steps(next + 1)
	no := false
	b.do(b.file.SetSheetView(s, 0, &excelize.ViewOptions{ShowGridLines: &no}))
	landscape, fit, one := "landscape", true, 1
	b.do(b.file.SetSheetProps(s, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.file.SetPageLayout(s, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &one}))
}

// confusion shows into which segments the people of each segment were put.
func (b *book) confusion(row int) (next int) {
	s, t := qualitySheet, b.Typing
	b.text(s, at(2, row), "People of", "head")
	b.text(s, at(3, row), "Put right", "headNumber")
	tall := 1.0
	for l, g := range t.Segments {
		b.text(s, at(4+l, row), "put into: "+g.Name, "headNumber")
		tall = max(tall, lines("put into: "+g.Name, 16))
	}
	b.height(s, row, 13*tall+8)
	for _, g := range append([]segment.Typed{{Name: "Everybody", Accuracy: t.Accuracy}}, t.Segments...) {
		row++
		b.text(s, at(2, row), g.Name, "question")
		b.text(s, at(3, row), fmt.Sprintf("%s (%s)", figure.Percent(g.Accuracy.Value.Float(), 1), figure.Interval(survey.RowShare, g.Accuracy.Low.Float(), g.Accuracy.High.Float(), 1)), "chance")
		for l, share := range g.Into {
			b.number(s, at(4+l, row), share.Float(), "chance")
		}
		b.height(s, row, 15*lines(g.Name, 44)+6)
	}
	return row + 1
}

// steps lists the best sets of 1, 2 … questions.
func (b *book) steps(row int) {
	s := qualitySheet
	for n, head := range []string{"Questions", "Put right"} {
		b.text(s, at(2+n, row), head, []string{"head", "headNumber"}[n])
	}
	for _, step := range b.Typing.Steps {
		row++
		text := fmt.Sprintf("%d: ", len(step.Items))
		for n, item := range step.Items {
			if n > 0 {
				text += ", "
			}
			text += item
		}
		b.text(s, at(2, row), text, "question")
		b.number(s, at(3, row), step.Accuracy.Float(), "chance")
		b.height(s, row, 15*lines(text, 52)+6)
	}
}
