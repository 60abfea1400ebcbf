package workbook

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/reports/disclosure"
	"surveykit/reports/figure"
	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// disclosed is an item of the codes of practice with what the book says on it,
// "" for nothing.
type disclosed struct {
	disclosure.Item
	text string
}

// stated reports whether the book says anything on the item.
func (d disclosed) stated() bool { return d.text != "" }

// disclosures pairs the items that the codes ask for with the book's facts, and
// adds those that the tables answer by themselves.
func disclosures(b *survey.Book) []disclosed {
	var out []disclosed
	for _, item := range disclosure.Items() {
		d := disclosed{Item: item}
		for _, f := range b.Disclosure {
			if f.Label == item.Label {
				d.text = f.Text
			}
		}
		out = append(out, d)
	}
	all := []disclosure.Code{disclosure.BPC, disclosure.AAPOR, disclosure.ESOMAR}
	return append(out,
		disclosed{disclosure.Item{Label: "Sample size and precision", Asks: "the number of interviews and the margin of error", Codes: all}, strings.Join(b.Precision, "\n")},
		disclosed{disclosure.Item{Label: "Question wording", Asks: "the question as it was asked, with each table", Codes: all}, wordingText(b)})
}

// wordingText says how many tables have their question, "" for none.
func wordingText(b *survey.Book) string {
	n := 0
	for _, t := range b.Tables {
		if t.Question != "" {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case len(b.Tables):
		return "The question is above every table."
	}
	return fmt.Sprintf("The question is above %d of %d tables.", n, len(b.Tables))
}

// codes are the codes of practice in the order of their columns.
var codes = []disclosure.Code{disclosure.BPC, disclosure.AAPOR, disclosure.ESOMAR}

// The words for an item under a code.
const (
	statedText   = "stated"
	unstatedText = "missing"
)

// under says whether an item is stated as a code asks; none means that the code
// does not ask.
func (d disclosed) under(code disclosure.Code, none string) string {
	switch {
	case !slices.Contains(d.Codes, code):
		return none
	case d.stated():
		return statedText
	}
	return unstatedText
}

// summary says for each code how many of its items are stated, and which are not.
func summary(items []disclosed) []string {
	var out []string
	for _, code := range codes {
		asked := 0
		var missing []string
		for _, d := range items {
			if slices.Contains(d.Codes, code) {
				asked++
				if !d.stated() {
					missing = append(missing, d.Label)
				}
			}
		}
		text := fmt.Sprintf("%s: all of %d items stated.", code, asked)
		if len(missing) > 0 {
			text = fmt.Sprintf("%s: %d of %d items stated. Missing: %s.", code, asked-len(missing), asked, strings.Join(missing, ", "))
		}
		out = append(out, text)
	}
	return out
}

// The columns of the disclosure sheet: item, text, what is asked, one a code.
var disclosureWidths = []float64{26, 78, 46, 10, 10, 10}

// disclosure writes how the sample was drawn and what the codes of practice ask
// a published survey to disclose, with what is missing.
func (m *maker) disclosure() {
	s := m.open(disclosureSheet, ooxml.Layout{Widths: disclosureWidths, Tab: navy})
	s.put(rowHeight(1, title.size), s.cell("Design and disclosure", title))
	s.syntheticBanner(len(disclosureWidths))
	s.put(0, s.cell("← Contents", linked))
	s.Link(1, contentsSheet)
	s.skip(1)
	const room = 26 + 78 + 46
	for _, text := range m.book.Design {
		s.paragraph(text, wrapped, 3, room)
	}
	items := disclosures(m.book)
	for _, text := range summary(items) {
		s.paragraph(text, wrapped, 3, room)
	}
	s.skip(1)
	head := []ooxml.Cell{s.cell("Item", header), s.cell("What this survey says", header), s.cell("What is asked for", header)}
	centred := header
	centred.align = "center"
	for _, code := range codes {
		head = append(head, s.cell(string(code), centred))
	}
	s.put(rowHeight(1, fontSize), head...)
	for _, d := range items {
		s.disclosureRow(d)
	}
	s.Close()
}

func (s *sheet) disclosureRow(d disclosed) {
	text, answer := d.text, look{wrap: true, under: true}
	if !d.stated() {
		text = "Not stated"
		answer.italic, answer.color = true, grey
	}
	row := []ooxml.Cell{
		s.cell(d.Label, look{bold: true, wrap: true, under: true}), s.cell(text, answer),
		s.cell(d.Asks, look{wrap: true, under: true, color: grey}),
	}
	for _, code := range codes {
		mark := look{under: true, align: "center", color: grey}
		word := d.under(code, figure.Missing)
		if word == unstatedText {
			mark.bold, mark.color = true, ink
		}
		row = append(row, s.cell(word, mark))
	}
	n := max(lines(d.Label, disclosureWidths[0]), lines(text, disclosureWidths[1]), lines(d.Asks, disclosureWidths[2]))
	s.put(rowHeight(n, fontSize), row...)
}
