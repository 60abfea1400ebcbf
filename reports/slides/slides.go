// Package slides writes a book as PowerPoint slides: a title, the findings, a
// slide for each finding and for each chart, and what a reader must know about the survey. The charts
// are native, their numbers in a small workbook inside, so that they can be
// edited and restyled. The same book gives the same bytes.
package slides

import (
	"cmp"
	"embed"
	"io"
	"slices"

	"surveykit/reports/chart"
	"surveykit/reports/finding"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// parts are the look of the slides: a master and two layouts.
//
//go:embed parts
var parts embed.FS

// The layouts.
const (
	textLayout  = 1
	chartLayout = 2
)

// Write writes the book as a .pptx file. Tables without a chart, and charts of
// a kind that PowerPoint does not draw, have no slide. The error of a chart that
// cannot be drawn names its table.
func Write(w io.Writer, b *survey.Book) error {
	d := &deck{book: b}
	d.titleSlide()
	if err := d.findingsSlides(); err != nil {
		return err
	}
	for _, t := range b.Tables {
		if err := d.tableSlide(t); err != nil {
			return err
		}
	}
	d.aboutSlides()
	d.bind()
	return d.pkg.Save(w)
}

// deck is a presentation in the making.
type deck struct {
	book   *survey.Book
	pkg    ooxml.Package
	slides []string // their parts
	charts int
}

func (d *deck) titleSlide() {
	d.slide(textLayout, d.book.Title, present(d.book.Subtitle, synthetic(d.book), wording.Source(d.book)), d.logo())
}

// synthetic is what stands on every slide of simulated data, "" for others.
func synthetic(b *survey.Book) string {
	if !b.Synthetic {
		return ""
	}
	return wording.Synthetic
}

// findingsSlides say what the numbers show most clearly, all together and then
// one a slide.
func (d *deck) findingsSlides() error {
	found := finding.Choose(d.book)
	if len(found) == 0 {
		return nil
	}
	var lines []string
	for _, f := range found {
		lines = append(lines, f.Claim)
	}
	d.textSlides("Findings", append(lines, finding.Rule))
	for _, f := range found {
		if err := d.findingSlide(f); err != nil {
			return err
		}
	}
	return nil
}

// findingSlide shows one finding: its claim, its row along the banner, and the
// evidence.
func (d *deck) findingSlide(f finding.Finding) error {
	t := excerpt(f)
	lines := append([]string{f.Evidence + "."}, d.sources(t)...)
	if len(t.Columns) == 0 {
		d.slide(textLayout, f.Claim, append([]string{f.Table.Title}, lines...), nil)
		return nil
	}
	return d.chartSlide(t, f.Claim, lines)
}

// excerpt is the row of a finding under the columns of its banner.
func excerpt(f finding.Finding) *survey.Tabulation {
	t := *f.Table
	group := t.Columns[f.Columns[len(f.Columns)-1]].Group
	cells := t.Cells[f.Row]
	t.Chart = &survey.Chart{Title: f.Claim, Subtitle: f.Table.Title}
	t.Rows, t.Columns, t.Cells, t.Comparisons = t.Rows[f.Row:f.Row+1], nil, [][]survey.Cell{nil}, nil
	for c, column := range f.Table.Columns {
		if column.Group == group && !column.Change {
			t.Columns, t.Cells[0] = append(t.Columns, column), append(t.Cells[0], cells[c])
		}
	}
	return &t
}

// tableSlide draws the chart of a table, where it has one.
func (d *deck) tableSlide(t *survey.Tabulation) error {
	if t.Chart == nil {
		return nil
	}
	return d.chartSlide(t, "", d.sources(t))
}

// chartSlide draws a table's chart under a title, its own where none is given,
// and each panel of several on a slide of its own.
func (d *deck) chartSlide(t *survey.Tabulation, title string, lines []string) error {
	choice, err := chart.Choose(t)
	if err != nil {
		return err
	}
	charts, err := ooxml.NewCharts(choice, t.Rounding, d.book.Theme)
	if err != nil {
		return nil // no native form
	}
	for _, c := range charts {
		head := cmp.Or(title, c.Title)
		c.Title, c.Subtitle = head, t.Chart.Subtitle
		alt := c.AltText()
		c.Fill(chartWidth, chartHeight)
		c.Title, c.Sheet, c.Top = "", numbersSheet, 1 // the title is the slide's
		d.slide(chartLayout, head, lines, d.chart(c, alt))
	}
	return nil
}

// The room of a chart on a slide, in pixels of 96 to the inch.
const (
	chartLeft   = 48
	chartTop    = 134
	chartWidth  = 1184
	chartHeight = 490
)

// sources are the lines under a chart: who was asked, and where the data come from.
func (d *deck) sources(t *survey.Tabulation) []string {
	return present(wording.BaseAndN(t), synthetic(d.book), wording.Source(d.book))
}

// present are the texts that are not empty.
func present(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

// aboutSlides say what a reader must know about the survey.
func (d *deck) aboutSlides() {
	var facts []string
	for _, f := range d.book.Disclosure {
		facts = append(facts, f.Label+": "+f.Text)
	}
	d.textSlides("Design and precision", slices.Concat(d.book.Design, d.book.Precision))
	d.textSlides("Methods", d.book.Methods)
	d.textSlides("About the survey", facts)
}

// textSlides deals texts out to as many slides as they need, none for none.
func (d *deck) textSlides(title string, texts []string) {
	for i, lines := range pages(texts) {
		if i == 1 {
			title += " (continued)"
		}
		d.slide(textLayout, title, lines, nil)
	}
}

// The room of a slide of text, in lines and in characters of a line.
const (
	pageLines = 20
	lineRoom  = 120
)

// pages deals texts out to slides, in order; none for none. A text longer than
// a slide has one to itself, and the program shrinks it.
func pages(texts []string) [][]string {
	var out [][]string
	used := pageLines
	for _, text := range texts {
		n := len(ooxml.WrapLines(text, lineRoom))
		if used+n > pageLines {
			out, used = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], text)
		used += n
	}
	return out
}
