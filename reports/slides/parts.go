package slides

import (
	"fmt"
	"html"
	"strings"

	"surveykit/reports/brand"
	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// Namespaces and kinds of relation.
const (
	drawingML      = "http://schemas.openxmlformats.org/drawingml/2006/main"
	presentationML = "http://schemas.openxmlformats.org/presentationml/2006/main"
	chartML        = "http://schemas.openxmlformats.org/drawingml/2006/chart"
	spreadsheetML  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationML     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageML      = "http://schemas.openxmlformats.org/package/2006/"
)

var (
	el   = ooxml.El
	text = ooxml.Text
)

// pixel are the English Metric Units of one pixel.
const pixel = 9525

// relation is what one part says of another.
type relation struct{ kind, target string }

// relations are numbered rId1, rId2 … in their order.
func relations(of ...relation) []byte {
	root := el("Relationships").With("xmlns", packageML+"relationships")
	for i, r := range of {
		kind := r.kind
		if !strings.HasPrefix(kind, "http") {
			kind = relationML + "/" + kind
		}
		root = root.Add(el("Relationship").With("Id", relationID(i)).With("Type", kind).With("Target", r.target))
	}
	return root.Part()
}

func relationID(i int) string { return fmt.Sprintf("rId%d", i+1) }

// exhibit is what stands on a slide beside its texts, and the part that it shows.
type exhibit struct {
	element ooxml.Element
	relation
}

// slide adds a slide with a title, lines of text and what else stands on it. Its
// first relation is the layout, the next ones are those of the exhibits.
func (d *deck) slide(layout int, title string, lines []string, more ...exhibit) {
	d.slides++
	tree := el("p:spTree",
		el("p:nvGrpSpPr", el("p:cNvPr").With("id", 1).With("name", ""), el("p:cNvGrpSpPr"), el("p:nvPr")), el("p:grpSpPr"),
		placeholder(2, "Title", el("p:ph").With("type", "title"), []string{title}, titleSize(title)))
	for _, e := range more {
		tree = tree.Add(e.element)
	}
	if len(lines) > 0 {
		tree = tree.Add(placeholder(3, "Text", el("p:ph").With("type", "body").With("idx", 1), lines, 0))
	}
	root := el("p:sld", el("p:cSld", tree), el("p:clrMapOvr", el("a:masterClrMapping"))).
		With("xmlns:a", drawingML).With("xmlns:r", relationML).With("xmlns:p", presentationML)
	of := []relation{{"slideLayout", fmt.Sprintf("../slideLayouts/slideLayout%d.xml", layout)}}
	for _, e := range more {
		of = append(of, e.relation)
	}
	d.put(fmt.Sprintf("ppt/slides/slide%d.xml", d.slides), root.Part())
	d.put(fmt.Sprintf("ppt/slides/_rels/slide%d.xml.rels", d.slides), relations(of...))
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

// frame is the place of a chart on its slide, with what a screen reader says.
func frame(number int, alt string) exhibit {
	return exhibit{chartFrame(number, alt), relation{"chart", fmt.Sprintf("../charts/chart%d.xml", number)}}
}

func chartFrame(number int, alt string) ooxml.Element {
	return el("p:graphicFrame",
		el("p:nvGraphicFramePr",
			el("p:cNvPr").With("id", 4).With("name", fmt.Sprintf("Chart %d", number)).With("descr", alt),
			el("p:cNvGraphicFramePr", el("a:graphicFrameLocks").With("noGrp", 1)), el("p:nvPr")),
		el("p:xfrm", el("a:off").With("x", chartLeft*pixel).With("y", chartTop*pixel), el("a:ext").With("cx", chartWidth*pixel).With("cy", chartHeight*pixel)),
		el("a:graphic", el("a:graphicData", el("c:chart").With("xmlns:c", chartML).With("r:id", "rId2")).With("uri", chartML)))
}

// The room of the logo on the title slide, in pixels.
const logoRight, logoBottom, logoWidth, logoHeight = 1232, 672, 240, 72

// logo is the client's mark in the lower right corner of the title slide, none
// where there is none in pixels.
func (d *deck) logo() []exhibit {
	look := brand.Of(d.book.Theme)
	if look.Logo == nil || look.Size.Vector {
		return nil
	}
	d.put("ppt/media/logo.png", look.Logo)
	width, height := look.Fit(logoWidth, logoHeight)
	picture := el("p:pic",
		el("p:nvPicPr", el("p:cNvPr").With("id", 5).With("name", "Logo").With("descr", "Logo"), el("p:cNvPicPr", el("a:picLocks").With("noChangeAspect", 1)), el("p:nvPr")),
		el("p:blipFill", el("a:blip").With("r:embed", "rId2"), el("a:stretch", el("a:fillRect"))),
		el("p:spPr",
			el("a:xfrm", el("a:off").With("x", int((logoRight-width)*pixel)).With("y", int((logoBottom-height)*pixel)), el("a:ext").With("cx", int(width*pixel)).With("cy", int(height*pixel))),
			el("a:prstGeom", el("a:avLst")).With("prst", "rect")))
	return []exhibit{{picture, relation{"image", "../media/logo.png"}}}
}

// chartParts adds the last chart and the workbook with its numbers.
func (d *deck) chartParts(c *ooxml.Chart) {
	numbers, err := numbers(c)
	if err != nil {
		d.err = err
		return
	}
	d.put(fmt.Sprintf("ppt/charts/chart%d.xml", d.charts), c.Part(el("c:externalData", ooxml.Val("c:autoUpdate", 0)).With("r:id", "rId1")))
	d.put(fmt.Sprintf("ppt/charts/_rels/chart%d.xml.rels", d.charts), relations(relation{"package", fmt.Sprintf("../embeddings/numbers%d.xlsx", d.charts)}))
	d.put(fmt.Sprintf("ppt/embeddings/numbers%d.xlsx", d.charts), numbers)
}

// bind adds the parts that hold the slides together.
func (d *deck) bind() {
	for _, p := range []struct{ from, to string }{
		{"theme1.xml", "ppt/theme/"}, {"slideMaster1.xml", "ppt/slideMasters/"}, {"slideLayout1.xml", "ppt/slideLayouts/"}, {"slideLayout2.xml", "ppt/slideLayouts/"},
	} {
		content, err := parts.ReadFile("parts/" + p.from)
		if err != nil {
			d.err = err
			return
		}
		d.put(p.to+p.from, d.themed(content))
	}
	master := relation{"slideMaster", "../slideMasters/slideMaster1.xml"}
	d.put("ppt/slideLayouts/_rels/slideLayout1.xml.rels", relations(master))
	d.put("ppt/slideLayouts/_rels/slideLayout2.xml.rels", relations(master))
	d.put("ppt/slideMasters/_rels/slideMaster1.xml.rels", relations(
		relation{"slideLayout", "../slideLayouts/slideLayout1.xml"}, relation{"slideLayout", "../slideLayouts/slideLayout2.xml"}, relation{"theme", "../theme/theme1.xml"}))
	d.presentation()
	d.properties()
	d.put("_rels/.rels", relations(relation{"officeDocument", "ppt/presentation.xml"},
		relation{packageML + "relationships/metadata/core-properties", "docProps/core.xml"}, relation{"extended-properties", "docProps/app.xml"}))
	d.contentTypes()
}

// themed puts the client's colours and font in the place of the house's.
func (d *deck) themed(part []byte) []byte {
	look := brand.Of(d.book.Theme)
	swaps := []string{
		`<a:dk2><a:srgbClr val="` + ooxml.Navy, `<a:dk2><a:srgbClr val="` + look.Strong,
		`<a:lt2><a:srgbClr val="E8EEF4`, `<a:lt2><a:srgbClr val="` + look.Pale,
		`typeface="` + ooxml.FontName, `typeface="` + html.EscapeString(look.Font),
	}
	house, client := ooxml.Palette(survey.Theme{}), ooxml.Palette(d.book.Theme)
	for i := range house {
		accent := fmt.Sprintf(`<a:accent%d><a:srgbClr val="`, i+1)
		swaps = append(swaps, accent+house[i], accent+client[i])
	}
	return []byte(strings.NewReplacer(swaps...).Replace(string(part)))
}

func (d *deck) presentation() {
	of := []relation{{"slideMaster", "slideMasters/slideMaster1.xml"}, {"theme", "theme/theme1.xml"}}
	list := el("p:sldIdLst")
	for i := range d.slides {
		list = list.Add(el("p:sldId").With("id", 256+i).With("r:id", relationID(len(of))))
		of = append(of, relation{"slide", fmt.Sprintf("slides/slide%d.xml", i+1)})
	}
	root := el("p:presentation",
		el("p:sldMasterIdLst", el("p:sldMasterId").With("id", 2147483648).With("r:id", "rId1")), list,
		el("p:sldSz").With("cx", 12192000).With("cy", 6858000), el("p:notesSz").With("cx", 6858000).With("cy", 9144000)).
		With("xmlns:a", drawingML).With("xmlns:r", relationML).With("xmlns:p", presentationML)
	d.put("ppt/presentation.xml", root.Part())
	d.put("ppt/_rels/presentation.xml.rels", relations(of...))
}

// properties name the document. A date would make the bytes differ from run to
// run: the manifest tells when a run was made.
func (d *deck) properties() {
	d.put("docProps/core.xml", el("cp:coreProperties",
		text("dc:title", d.book.Title), text("dc:subject", d.book.Subtitle), text("dc:creator", "surveykit"), text("dc:language", "en-GB")).
		With("xmlns:cp", packageML+"metadata/core-properties").With("xmlns:dc", "http://purl.org/dc/elements/1.1/").Part())
	d.put("docProps/app.xml", el("Properties", text("Application", "surveykit")).
		With("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties").Part())
}

func (d *deck) contentTypes() {
	const office = "application/vnd.openxmlformats-officedocument."
	const present = office + "presentationml."
	root := el("Types",
		el("Default").With("Extension", "rels").With("ContentType", "application/vnd.openxmlformats-package.relationships+xml"),
		el("Default").With("Extension", "xml").With("ContentType", "application/xml"),
		el("Default").With("Extension", "png").With("ContentType", "image/png"),
		el("Default").With("Extension", "xlsx").With("ContentType", office+"spreadsheetml.sheet")).
		With("xmlns", packageML+"content-types")
	add := func(part, kind string) {
		root = root.Add(el("Override").With("PartName", part).With("ContentType", kind))
	}
	add("/ppt/presentation.xml", present+"presentation.main+xml")
	add("/ppt/slideMasters/slideMaster1.xml", present+"slideMaster+xml")
	add("/ppt/slideLayouts/slideLayout1.xml", present+"slideLayout+xml")
	add("/ppt/slideLayouts/slideLayout2.xml", present+"slideLayout+xml")
	add("/ppt/theme/theme1.xml", office+"theme+xml")
	add("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	add("/docProps/app.xml", office+"extended-properties+xml")
	for i := range d.slides {
		add(fmt.Sprintf("/ppt/slides/slide%d.xml", i+1), present+"slide+xml")
	}
	for i := range d.charts {
		add(fmt.Sprintf("/ppt/charts/chart%d.xml", i+1), office+"drawingml.chart+xml")
	}
	d.put("[Content_Types].xml", root.Part())
}
