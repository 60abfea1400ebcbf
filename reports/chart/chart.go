// Package chart draws a tabulation: dots with whiskers, grouped bars, stacked
// and diverging scale bars, slopes and lines over waves, heat tables, panels on
// one scale, reach curves and quadrants; flows between partitions (Alluvial);
// and how weights are distributed (Weights). All of them as SVG, PNG and PDF.
//
// Draw chooses what is drawn (choose.go) and lays it out (sheet.go and one file a
// kind): where each shape and each line of text is, in CSS pixels. Package draw writes
// what is laid out.
package chart

import (
	"fmt"
	"strings"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// Options are what a picture says beyond its tabulation. The zero value is fine.
type Options struct {
	// Source is the line under the picture.
	Source string
	// Synthetic marks simulated data; the picture says so.
	Synthetic bool
	// Level is the confidence level (0–1) of the intervals; where it is zero
	// the cells' own level is named.
	Level float64
	// Narrow draws half as wide, for a phone, what can be read so, without the nets
	// beside bars where there are several; what cannot stays as wide as it is.
	Narrow bool
	// Theme is the colours, typeface and logo; its zero value is the house's look.
	Theme survey.Theme
}

// Draw draws the tabulation as its Chart asks. Without a kind a whole ordered
// scale is stacked (diverging where its polarity is rising or falling), two
// waves are a slope, more are lines, and all else is dots with whiskers.
//
// Chart.Rows and Chart.Columns choose by label, in their order within each
// group. Without a choice of columns the total column is drawn only where it
// is alone, and rows are those of the first row's unit. Change columns
// are never drawn; a slope prints the change that a column holds.
//   - dots, bars, heat: rows on the axis and columns as series, the other way
//     round with SeriesByRow. More than four series of dots or bars are listed
//     under each other.
//   - stacked, diverging: every column (and every group of rows) is a bar, its
//     rows of shares are the parts, its nets are beside it; in a table of items
//     by the answers of their scale every row is a bar. Diverging bars
//     have their negative side left of zero, a middle answer half on each side.
//   - slope: exactly two columns; every row is a line.
//   - line: two columns or more; every row is a line with its intervals as a
//     ribbon, more than four rows are panels.
//   - multiples: a panel for each column (each row with SeriesByRow, and where
//     the columns are waves), all on one scale.
//   - reach: one column whose rows are cumulative, each a step.
//   - quadrant: every row is a point, its two columns (or the two groups that
//     the rows form in one column) are the measures; lines at both means.
//   - waffle: every share is a field of a hundred squares.
//
// A figure that does not exist or is suppressed is said in words, a low base
// is a hollow mark. Limits outside a share's 0–1 are drawn as they are. Of a
// label the first 300 letters are drawn, of a title, a question or a note 1,500,
// with an ellipsis after them; a picture is at most 16,000 CSS pixels high.
//
// The error is a survey.Problems that lists everything that cannot be drawn:
// labels that do not exist, parts that add up to more than 100%, rows of
// different units. It is a TooLarge where more would be drawn than a reader can take in.
func Draw(t *survey.Tabulation, o Options) (*draw.Picture, error) {
	g, problems := choose(t)
	l, faults := newLook(o.Theme)
	if err := append(problems, faults...).Err(); err != nil {
		return nil, err
	}
	if n := len(g.items) * len(g.series); n > mostMarks {
		return nil, tooLarge(t, fmt.Sprintf("it would hold %s figures, and %d are the most that can be read", figure.Count(n), mostMarks), "choose some of its rows or columns")
	}
	g.inMillions()
	s := &sheet{options: o, look: l, table: t, grid: g, shortened: g.shorten()}
	id := t.ID
	if o.Narrow && g.narrow {
		s.Width, id = narrowWidth, id+"-narrow"
		if len(g.nets) > 1 { // their columns would leave no room for the bars
			g.nets = nil
		}
	}
	s.head(title(s.table), subtitle(s.table), s.facts())
	g.draw(s)
	s.foot(s.notes())
	if err := s.fits(); err != nil {
		return nil, err
	}
	return &draw.Picture{Scene: s.Scene, ID: id, Title: draw.Shortened(title(t), draw.LongestText), Description: g.describe(), Narrow: s.Width == narrowWidth, Font: o.Theme.Font}, nil
}

// TooLarge is the error of a picture that would be sound but that nobody could read.
type TooLarge struct{ survey.Problem }

// Unwrap is the problem.
func (e *TooLarge) Unwrap() error { return e.Problem }

func tooLarge(t *survey.Tabulation, message, remedy string) error {
	return &TooLarge{survey.Problem{Message: fmt.Sprintf("the chart of table %q: %s", t.ID, message), Remedy: remedy}}
}

// title is the finding, or what replaces it.
func title(t *survey.Tabulation) string {
	if t.Chart != nil && t.Chart.Title != "" {
		return t.Chart.Title
	}
	for _, s := range []string{t.Title, t.Question} {
		if s != "" {
			return s
		}
	}
	return t.ID
}

// describe says in words everything that the picture shows.
func (g *grid) describe() string {
	var b strings.Builder
	b.WriteString(g.words)
	if g.millions {
		b.WriteString(", in millions")
	}
	b.WriteString(".")
	for i, item := range g.items {
		fmt.Fprintf(&b, " %s:", item.full())
		said := g.named(g.series, g.cells[i])
		if len(g.nets) > 0 {
			said = append(said, g.named(g.nets, g.netCells[i])...)
		}
		b.WriteString(strings.Join(said, ",") + ".")
	}
	return b.String()
}

// named says cells behind the names of what they are of.
func (g *grid) named(entries []entry, cells []survey.Cell) []string {
	said := make([]string, len(entries))
	for k, e := range entries {
		said[k] = " " + g.inWords(k, cells[k])
		if e.full() != "" {
			said[k] = " " + e.full() + said[k]
		}
	}
	return said
}

func (g *grid) inWords(series int, c survey.Cell) string {
	if !shown(c) {
		return whyNot(c)
	}
	g = g.measure(series)
	s := g.value(c)
	if hasInterval(c) && g.whiskers {
		s += " (" + figure.Interval(g.unit, c.Low.Float(), c.High.Float(), g.places) + ")"
	}
	return s
}

// Choice is what the chart of a tabulation draws, for renderers that draw it
// by their own means, such as a workbook: the same marks as in the picture.
type Choice struct {
	// Drawn is the kind of the picture; Kind is the one of dots, bars, stacked,
	// slope (a line through all points) and quadrant that comes nearest to it.
	Drawn, Kind survey.ChartKind
	// Unit is the kind of the figures: RowShare or RowNet for proportions. Units
	// are those of a quadrant's two series, empty in other charts.
	Unit  survey.RowKind
	Units [2]survey.RowKind
	Title string
	// Points are the places on the axis, Series the colours at each; a lone
	// series may be nameless.
	Points, Series []string
	// Cells[i][k] is the figure of series k at point i.
	Cells [][]survey.Cell
	grid  *grid
}

// Colours are those of the parts of stacked bars in a theme, as six hexadecimal
// digits each, nil for other kinds.
func (c *Choice) Colours(theme survey.Theme) []string {
	l, faults := newLook(theme)
	if c.grid == nil || !c.grid.parts || len(faults) > 0 {
		return nil
	}
	var out []string
	for _, of := range c.grid.colours(l) {
		out = append(out, fmt.Sprintf("%02X%02X%02X", of.R, of.G, of.B))
	}
	return out
}

// Choose picks what Draw would draw, without the nets beside stacked bars; names
// are as long as Draw draws them. The error is that of Draw.
func Choose(t *survey.Tabulation) (*Choice, error) {
	g, problems := choose(t)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	g.shorten()
	c := &Choice{Drawn: g.name, Kind: g.native, Unit: g.unit, Units: g.units, Title: draw.Shortened(title(t), draw.LongestText), Cells: g.cells, grid: g}
	for _, item := range g.items {
		c.Points = append(c.Points, item.full())
	}
	for _, s := range g.series {
		c.Series = append(c.Series, s.full())
	}
	return c, nil
}

const (
	// longestLabel is how many letters of a label are drawn: seven lines.
	longestLabel = 300
	// tallest is the greatest height of a picture in CSS pixels: its PNG has twice
	// as many, and many programs show no more than 32,767.
	tallest = 16_000
)

// shorten cuts the names that are longer than a picture can show, and reports
// whether there were any.
func (g *grid) shorten() (any bool) {
	for _, entries := range [][]entry{g.items, g.series, g.nets} {
		for i, e := range entries {
			cut := entry{draw.Shortened(e.heading, longestLabel), draw.Shortened(e.label, longestLabel), e.strong}
			any = any || cut != e
			entries[i] = cut
		}
	}
	return any
}

// fits holds a finished sheet to the greatest height.
func (s *sheet) fits() error {
	if s.Height <= tallest {
		return nil
	}
	return tooLarge(s.table, fmt.Sprintf("it would be %s pixels high, and %s are the most that can be shown", figure.Count(int(s.Height)), figure.Count(tallest)),
		"choose some of its rows or columns, or shorten their labels")
}
