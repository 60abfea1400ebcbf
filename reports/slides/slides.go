// Package slides writes a book as PowerPoint slides: a title, the findings, a
// slide for each finding and for each chart, and what a reader must know about the
// survey. The charts are native, their numbers in a small workbook inside, so that
// they can be edited and restyled. The same book gives the same bytes.
package slides

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io"
	"path"
	"slices"

	"surveykit/reports/brand"
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
	d.slide(textLayout, d.book.Title, present(d.book.Subtitle, synthetic(d.book), wording.Source(d.book)), d.logo())
	if err := d.findingsSlides(); err != nil {
		return err
	}
	for _, t := range b.Tables {
		if err := d.tableSlide(t); err != nil {
			return err
		}
	}
	var facts []string
	for _, f := range d.book.Disclosure {
		facts = append(facts, f.Label+": "+f.Text)
	}
	d.textSlides("Design and precision", slices.Concat(d.book.Design, d.book.Precision))
	d.textSlides("Methods", d.book.Methods)
	d.textSlides("About the survey", facts)
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

// synthetic is written on every slide of simulated data, "" for others.
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

const presentationML = "http://schemas.openxmlformats.org/presentationml/2006/main"

var (
	el   = ooxml.El
	text = ooxml.Text
)

// pixel are the English Metric Units of one pixel.
const pixel = 9525

// presentType begins the content types of a presentation's parts.
const presentType = ooxml.Office + "presentationml."

// The parts that hold the slides together.
const (
	presentationPart = "ppt/presentation.xml"
	masterPart       = "ppt/slideMasters/slideMaster1.xml"
	themePart        = "ppt/theme/theme1.xml"
)

func layoutPart(layout int) string { return fmt.Sprintf("ppt/slideLayouts/slideLayout%d.xml", layout) }

// root is a part's outermost element.
func root(name string, kids ...ooxml.Element) []byte {
	return el(name, kids...).With("xmlns:a", ooxml.DrawingML).With("xmlns:r", ooxml.RelationML).With("xmlns:p", presentationML).Part()
}

// exhibit makes what a slide shows next to its texts, and relates the slide's part
// to it.
type exhibit func(slide string) ooxml.Element

// slide adds a slide with a title, lines of text and an exhibit, nil for none.
func (d *deck) slide(layout int, title string, lines []string, shown exhibit) {
	part := fmt.Sprintf("ppt/slides/slide%d.xml", len(d.slides)+1)
	d.pkg.Relate(part, "slideLayout", layoutPart(layout))
	d.slides = append(d.slides, part)
	tree := el("p:spTree",
		el("p:nvGrpSpPr", el("p:cNvPr").With("id", 1).With("name", ""), el("p:cNvGrpSpPr"), el("p:nvPr")), el("p:grpSpPr"),
		placeholder(2, "Title", el("p:ph").With("type", "title"), []string{title}, titleSize(title)))
	if shown != nil {
		tree = tree.Add(shown(part))
	}
	if len(lines) > 0 {
		tree = tree.Add(placeholder(3, "Text", el("p:ph").With("type", "body").With("idx", 1), lines, 0))
	}
	d.pkg.Put(part, presentType+"slide+xml", root("p:sld", el("p:cSld", tree), el("p:clrMapOvr", el("a:masterClrMapping"))))
}

// titleSize is the size of a title that is too long for its place at the size of
// the master, in hundredths of a point; 0 leaves it to the master. Programs shrink
// a text to its place only when somebody edits it.
func titleSize(title string) int {
	for _, s := range []struct{ size, room, lines int }{{0, 58, 2}, {2000, 76, 3}, {1600, 96, 3}} {
		if len(ooxml.WrapLines(title, s.room)) <= s.lines {
			return s.size
		}
	}
	return 1200
}

// placeholder is a shape that the layout places, with a paragraph for each line,
// at a size in hundredths of a point or, where it is 0, at the layout's.
func placeholder(id int, name string, kind ooxml.Element, lines []string, size int) ooxml.Element {
	look := el("a:rPr").With("lang", "en-GB")
	if size > 0 {
		look = look.With("sz", size)
	}
	body := el("p:txBody", el("a:bodyPr"), el("a:lstStyle"))
	for _, line := range lines {
		body = body.Add(el("a:p", el("a:r", look, text("a:t", line))))
	}
	return el("p:sp",
		el("p:nvSpPr", el("p:cNvPr").With("id", id).With("name", name), el("p:cNvSpPr", el("a:spLocks").With("noGrp", 1)), el("p:nvPr", kind)),
		el("p:spPr"), body)
}

// chart is the place of a chart on its slide; alt is what a screen reader says.
// The chart's numbers are in a workbook of its own.
func (d *deck) chart(c *ooxml.Chart, alt string) exhibit {
	return func(slide string) ooxml.Element {
		d.charts++
		part, numbers := fmt.Sprintf("ppt/charts/chart%d.xml", d.charts), fmt.Sprintf("ppt/embeddings/numbers%d.xlsx", d.charts)
		w := ooxml.NewWorkbook(d.book.Theme)
		s := w.Sheet(numbersSheet, ooxml.Layout{})
		for _, values := range c.Block() {
			row := make([]ooxml.Cell, len(values))
			for k, value := range values {
				row[k].Value = value
			}
			s.Add(0, row...)
		}
		s.Close()
		var b bytes.Buffer
		_ = w.Save(&b) // a chart's rows are fewer than a sheet's, and a buffer takes everything
		d.pkg.Put(numbers, ooxml.Office+"spreadsheetml.sheet", b.Bytes())
		d.pkg.Put(part, ooxml.Office+"drawingml.chart+xml", c.Part(el("c:externalData", ooxml.Val("c:autoUpdate", 0)).With("r:id", d.pkg.Relate(part, "package", numbers))))
		return el("p:graphicFrame",
			el("p:nvGraphicFramePr",
				el("p:cNvPr").With("id", 4).With("name", fmt.Sprintf("Chart %d", d.charts)).With("descr", alt),
				el("p:cNvGraphicFramePr", el("a:graphicFrameLocks").With("noGrp", 1)), el("p:nvPr")),
			el("p:xfrm", el("a:off").With("x", chartLeft*pixel).With("y", chartTop*pixel), el("a:ext").With("cx", chartWidth*pixel).With("cy", chartHeight*pixel)),
			el("a:graphic", el("a:graphicData", el("c:chart").With("xmlns:c", ooxml.ChartML).With("r:id", d.pkg.Relate(slide, "chart", part))).With("uri", ooxml.ChartML)))
	}
}

// The room of the logo on the title slide, in pixels.
const logoRight, logoBottom, logoWidth, logoHeight = 1232, 672, 240, 72

// logo is the client's mark in the lower right corner of the title slide, nil
// where there is none in pixels.
func (d *deck) logo() exhibit {
	look := brand.Of(d.book.Theme)
	if look.Logo == nil || look.Size.Vector {
		return nil
	}
	return func(slide string) ooxml.Element {
		const part = "ppt/media/logo.png"
		d.pkg.Put(part, ooxml.PNG, look.Logo)
		width, height := look.Fit(logoWidth, logoHeight)
		return el("p:pic",
			el("p:nvPicPr", el("p:cNvPr").With("id", 5).With("name", "Logo").With("descr", "Logo"), el("p:cNvPicPr", el("a:picLocks").With("noChangeAspect", 1)), el("p:nvPr")),
			el("p:blipFill", el("a:blip").With("r:embed", d.pkg.Relate(slide, "image", part)), el("a:stretch", el("a:fillRect"))),
			el("p:spPr",
				el("a:xfrm", el("a:off").With("x", int((logoRight-width)*pixel)).With("y", int((logoBottom-height)*pixel)), el("a:ext").With("cx", int(width*pixel)).With("cy", int(height*pixel))),
				el("a:prstGeom", el("a:avLst")).With("prst", "rect")))
	}
}

// bind adds the parts that hold the slides together.
func (d *deck) bind() {
	put := func(part, kind string) {
		content, _ := parts.ReadFile("parts/" + path.Base(part)) // embedded
		d.pkg.Put(part, presentType+kind+"+xml", content)
	}
	put(masterPart, "slideMaster")
	for _, layout := range []int{textLayout, chartLayout} { // the ids that the master's part names
		put(layoutPart(layout), "slideLayout")
		d.pkg.Relate(layoutPart(layout), "slideMaster", masterPart)
		d.pkg.Relate(masterPart, "slideLayout", layoutPart(layout))
	}
	d.pkg.Put(themePart, ooxml.Office+"theme+xml", ooxml.Theme(d.book.Theme))
	d.pkg.Relate(masterPart, "theme", themePart)
	master := el("p:sldMasterId").With("id", 2147483648).With("r:id", d.pkg.Relate(presentationPart, "slideMaster", masterPart))
	d.pkg.Relate(presentationPart, "theme", themePart)
	list := el("p:sldIdLst")
	for i, slide := range d.slides {
		list = list.Add(el("p:sldId").With("id", 256+i).With("r:id", d.pkg.Relate(presentationPart, "slide", slide)))
	}
	d.pkg.Put(presentationPart, presentType+"presentation.main+xml", root("p:presentation",
		el("p:sldMasterIdLst", master), list,
		el("p:sldSz").With("cx", 12192000).With("cy", 6858000), el("p:notesSz").With("cx", 6858000).With("cy", 9144000)))
	d.pkg.Relate("", "officeDocument", presentationPart)
	d.pkg.Describe(ooxml.Properties{Title: d.book.Title, Subject: d.book.Subtitle})
}

// numbersSheet is the sheet of a chart's own workbook.
const numbersSheet = "Numbers"
