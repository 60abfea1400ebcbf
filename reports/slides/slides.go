// Package slides writes a book as PowerPoint slides: a title, a slide for each
// chart of the book and what a reader must know about the survey. The charts
// are native, their numbers in a small workbook inside, so that they can be
// edited and restyled. The same book gives the same bytes.
package slides

import (
	"embed"
	"io"
	"strings"

	"surveykit/reports/chart"
	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// parts are the look of the slides: theme, master and two layouts.
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
	for _, t := range b.Tables {
		if err := d.tableSlide(t); err != nil {
			return err
		}
	}
	d.aboutSlides()
	d.bind()
	if d.err != nil {
		return d.err
	}
	return d.pkg.Save(w)
}

// deck is a presentation in the making. The first error stays and makes every
// later put do nothing.
type deck struct {
	book           *survey.Book
	pkg            ooxml.Package
	slides, charts int
	err            error
}

func (d *deck) put(name string, content []byte) {
	if d.err == nil {
		d.err = d.pkg.Put(name, content)
	}
}

func (d *deck) titleSlide() {
	lines := []string{}
	for _, text := range []string{d.book.Subtitle, synthetic(d.book), d.book.Source} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	d.slide(textLayout, d.book.Title, lines)
}

// synthetic is what stands on every slide of simulated data, "" for others.
func synthetic(b *survey.Book) string {
	if !b.Synthetic {
		return ""
	}
	return "Synthetic data: the answers are simulated, no real person gave them."
}

// tableSlide draws the chart of a table, where it has one that can be native.
func (d *deck) tableSlide(t *survey.Tabulation) error {
	if t.Chart == nil {
		return nil
	}
	choice, err := chart.Choose(t)
	if err != nil {
		return err
	}
	c, err := ooxml.NewChart(choice, t.Rounding, d.book.Theme)
	if err != nil {
		return nil // no native form
	}
	title := c.Title
	c.Subtitle = t.Chart.Subtitle
	alt := c.AltText()
	d.fit(c)
	d.charts++
	d.chartParts(c)
	d.slide(chartLayout, title, d.sources(t), frame(d.charts, alt))
	return nil
}

// The room of a chart on a slide, in pixels of 96 to the inch.
const (
	chartLeft   = 48
	chartTop    = 134
	chartWidth  = 1184
	chartHeight = 490
)

// fit gives the chart the slide's room and texts as large as it allows; the
// title is the slide's.
func (d *deck) fit(c *ooxml.Chart) {
	const smallest, largest = 0.9, 1.35
	c.Zoom = largest
	if c.Kind != survey.ChartSlope { // whose height does not grow with its points
		c.Zoom = min(max(chartHeight/c.Height, smallest), largest)
	}
	c.Width, c.Height, c.Title = chartWidth, chartHeight, ""
	c.Sheet, c.Top = numbersSheet, 1
}

// sources are the lines under a chart: who was asked, and where the data come from.
func (d *deck) sources(t *survey.Tabulation) []string {
	var base []string
	if t.Base != "" {
		base = append(base, "Base: "+t.Base)
	}
	if t.Filter != "" {
		base = append(base, "("+t.Filter+")")
	}
	var lines []string
	for _, text := range []string{strings.Join(base, " "), synthetic(d.book), sourceLine(d.book)} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}

func sourceLine(b *survey.Book) string {
	if b.Source == "" {
		return ""
	}
	return "Source: " + strings.TrimPrefix(b.Source, "Source: ")
}

// aboutSlides say what a reader must know about the survey.
func (d *deck) aboutSlides() {
	var facts []string
	for _, f := range d.book.Disclosure {
		facts = append(facts, f.Label+": "+f.Text)
	}
	for _, part := range []struct {
		title string
		lines []string
	}{
		{"Design and precision", append(append([]string(nil), d.book.Design...), d.book.Precision...)},
		{"Methods", d.book.Methods}, {"About the survey", facts},
	} {
		for i, lines := range pages(part.lines) {
			title := part.title
			if i > 0 {
				title += " (continued)"
			}
			d.slide(textLayout, title, lines)
		}
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
