package ooxml

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"surveykit/survey"
)

// What a sheet holds at most.
const (
	MaxRows    = 1 << 20
	MaxColumns = 1 << 14
	MaxText    = 32767 // UTF-16 units in a cell
	MaxHeight  = 409.0 // points of a row
)

// Workbook is a spreadsheet file in the making. Sheets are written one after
// the other, and Save writes the file.
type Workbook struct {
	pkg    Package
	font   string
	sheets []Element
	// names are those of cells, styles the styles in the order of their ids, and
	// fonts, fills, borders and formats what they refer to.
	names, styles, fonts, fills, borders []Element
	formats                              []string
	// The parts of each kind so far.
	tables, drawings, charts, pictures int
	// spare is room for the rows of the next sheet.
	spare []byte
	err   error
}

// The parts that all sheets share.
const (
	workbookPart = "xl/workbook.xml"
	stylesPart   = "xl/styles.xml"
)

// NewWorkbook starts a workbook in the look of a theme.
func NewWorkbook(theme survey.Theme) *Workbook {
	w := &Workbook{font: cmp.Or(theme.Font, FontName)}
	pattern := func(name string) Element { return El("fill", El("patternFill").With("patternType", name)) }
	w.fills = []Element{pattern("none"), pattern("gray125")} // reserved
	w.Style(Style{Size: 10, Color: Ink})                     // of columns and empty cells: widths are in its digits
	const theTheme = "xl/theme/theme1.xml"
	w.pkg.Put(theTheme, Office+"theme+xml", Theme(theme))
	w.pkg.Relate("", "officeDocument", workbookPart)
	w.pkg.Relate(workbookPart, "theme", theTheme)
	w.pkg.Relate(workbookPart, "styles", stylesPart)
	return w
}

// Describe adds the document's properties.
func (w *Workbook) Describe(p Properties) { w.pkg.Describe(p) }

// Style is how a cell looks. Colours are six hexadecimal digits.
type Style struct {
	Size                    float64 // of the font, in points
	Bold, Italic, Underline bool
	Color, Fill             string // no fill where it is empty
	// Format is the number format, General where it is empty.
	Format string
	// Align and Vertical are names of the format: "right", "center", "top" …
	Align, Vertical string
	Indent          int
	Wrap            bool
	// Left, Top and Bottom are the colours of thin rules, "" for none.
	Left, Top, Bottom string
}

// Style is the id of a style, for cells. It makes a new one at each call.
func (w *Workbook) Style(s Style) int {
	font := El("font")
	for _, on := range []struct {
		name string
		on   bool
	}{{"b", s.Bold}, {"i", s.Italic}, {"u", s.Underline}} {
		if on.on {
			font = font.Add(El(on.name))
		}
	}
	font = font.Add(Val("sz", s.Size), color("color", s.Color), Val("name", w.font), Val("family", 2))
	fill := w.fills[0]
	if s.Fill != "" {
		fill = El("fill", El("patternFill", color("fgColor", s.Fill)).With("patternType", "solid"))
	}
	border := El("border")
	for _, side := range []struct{ name, color string }{{"left", s.Left}, {"right", ""}, {"top", s.Top}, {"bottom", s.Bottom}, {"diagonal", ""}} {
		if side.color == "" {
			border = border.Add(El(side.name))
		} else {
			border = border.Add(El(side.name, color("color", side.color)).With("style", "thin"))
		}
	}
	format := 0
	if s.Format != "" {
		const firstOwn = 164
		if format = slices.Index(w.formats, s.Format); format < 0 {
			format, w.formats = len(w.formats), append(w.formats, s.Format)
		}
		format += firstOwn
	}
	alignment := El("alignment").With("horizontal", cmp.Or(s.Align, "general")).With("vertical", cmp.Or(s.Vertical, "bottom")).With("wrapText", s.Wrap).With("indent", s.Indent)
	w.styles = append(w.styles, El("xf", alignment).
		With("numFmtId", format).With("fontId", idOf(&w.fonts, font)).With("fillId", idOf(&w.fills, fill)).With("borderId", idOf(&w.borders, border)).
		With("xfId", 0).With("applyNumberFormat", true).With("applyFont", true).With("applyFill", true).With("applyBorder", true).With("applyAlignment", true))
	return len(w.styles) - 1
}

// color is an element that holds a colour without transparency.
func color(name, digits string) Element { return El(name).With("rgb", "FF"+digits) }

// idOf is the place of an element in a list, to which it is added where it is
// not there.
func idOf(list *[]Element, e Element) int {
	id := slices.IndexFunc(*list, func(other Element) bool { return string(other.Bytes()) == string(e.Bytes()) })
	if id < 0 {
		id = len(*list)
		*list = append(*list, e)
	}
	return id
}

// Name gives cells of the workbook a name: 'Sheet'!$A$1:$B$2.
func (w *Workbook) Name(name, cells string) {
	w.names = append(w.names, Text("definedName", cells).With("name", name))
}

// Reference names cells of a sheet in formulas and links: 'Q1'!$B$3.
func Reference(sheet, cells string) string { return "'" + sheet + "'!" + cells }

// Save ends the last sheet and writes the file. The error is that of the writer,
// or names a sheet with more rows than the format holds.
func (w *Workbook) Save(out io.Writer) error {
	if w.err != nil {
		return w.err
	}
	const firstOwn = 164
	var formats []Element
	for i, code := range w.formats {
		formats = append(formats, El("numFmt").With("numFmtId", firstOwn+i).With("formatCode", code))
	}
	base := El("xf").With("numFmtId", 0).With("fontId", 0).With("fillId", 0).With("borderId", 0)
	normal := El("cellStyle").With("name", "Normal").With("xfId", 0).With("builtinId", 0)
	w.pkg.Put(stylesPart, spreadsheetType+"styles+xml", El("styleSheet", some("numFmts", formats), El("fonts", w.fonts...), El("fills", w.fills...), El("borders", w.borders...),
		El("cellStyleXfs", base), El("cellXfs", w.styles...), El("cellStyles", normal)).With("xmlns", SpreadsheetML).Part())
	w.pkg.Put(workbookPart, spreadsheetType+"sheet.main+xml", El("workbook", El("bookViews", El("workbookView")), El("sheets", w.sheets...), some("definedNames", w.names)).
		With("xmlns", SpreadsheetML).With("xmlns:r", RelationML).Part())
	return w.pkg.Save(out)
}

// some is an element with its children, none where it has none.
func some(name string, kids []Element) Element {
	if len(kids) == 0 {
		return Element{}
	}
	return El(name, kids...)
}

// numbered is the name of the next part of a kind.
func numbered(n *int, format string) string {
	*n++
	return fmt.Sprintf(format, *n)
}
