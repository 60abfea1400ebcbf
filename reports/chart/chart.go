// Package chart draws a tabulation: dots with whiskers, grouped bars, stacked
// and diverging scale bars, slopes and lines over waves, heat tables, panels on
// one scale, reach curves and quadrants; flows between partitions (Alluvial);
// and how weights are distributed (Weights). All of them as SVG, PNG and PDF.
//
// Draw chooses what is drawn (choose.go), lays it out as a scene of shapes and
// lines of text (sheet.go and one file a kind), and the scene is written in
// either format (svg.go, png.go, pdf.go). On one machine the same input gives
// the same bytes; on any machine where the built-in letters are enough.
// Lines in other scripts are set by package typeset.
package chart

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"surveykit/reports/chart/typeset"
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

// Picture is a drawn tabulation, 1040 CSS pixels wide, or half of that, and as high as its rows need.
type Picture struct {
	scene
	id, title, description string
	font                   string // of the theme, "" for the house's
}

// Draw draws the tabulation as its Chart asks. Without a kind a whole ordered
// scale is stacked (diverging where its polarity is rising or falling), two
// waves are a slope, more are lines, and all else is dots with whiskers.
//
// Chart.Rows and Chart.Columns choose by label, in their order within each
// group. Without a choice of columns the total column is drawn only where it
// stands alone, and rows are those of the first row's unit. Change columns
// are never drawn; a slope prints the change that a column holds.
//   - dots, bars, heat: rows on the axis and columns as series, the other way
//     round with SeriesByRow. More than four series of dots or bars are listed
//     under each other.
//   - stacked, diverging: every column (and every group of rows) is a bar, its
//     rows of shares are the parts, its nets stand beside it; in a table of items
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
// with an ellipsis behind them; a picture is at most 16,000 CSS pixels high.
//
// The error is a survey.Problems that lists everything that cannot be drawn:
// labels that do not exist, parts that add up to more than 100%, rows of
// different units, more marks than a reader can take in.
func Draw(t *survey.Tabulation, o Options) (*Picture, error) {
	g, problems := choose(t)
	l, faults := newLook(o.Theme)
	if err := append(problems, faults...).Err(); err != nil {
		return nil, err
	}
	g.inMillions()
	s := &sheet{options: o, look: l, table: t, grid: g, shortened: g.shorten()}
	id := t.ID
	if o.Narrow && g.narrow {
		s.width, id = narrowWidth, id+"-narrow"
		if len(g.nets) > 1 { // their columns would leave no room for the bars
			g.nets = nil
		}
	}
	s.header()
	g.draw(s)
	s.foot(s.notes())
	if err := s.fits(); err != nil {
		return nil, err
	}
	return &Picture{scene: s.scene, id: id, title: Shortened(title(t), longestText), description: g.describe(), font: o.Theme.Font}, nil
}

// Narrow reports whether the picture is drawn for a phone.
func (p *Picture) Narrow() bool { return p.width == narrowWidth }

// Lacking names the scripts of which the picture has letters that no font of
// this machine has, in alphabetical order: "Devanagari", "Han"; "other signs"
// for letters of no script. They are empty boxes in PNG and PDF. The SVG has
// them as text, for the reader's fonts.
func (p *Picture) Lacking() []string {
	scripts := map[string]bool{}
	for _, m := range p.marks {
		t, ok := m.(text)
		if !ok {
			continue
		}
		for _, run := range t.runs {
			for _, r := range run.words {
				if setter.Lacking(r, run.style.bold) {
					scripts[scriptOf(r)] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(scripts))
}

// scriptOf names the script of a letter.
func scriptOf(r rune) string {
	switch name := typeset.Script(r); name {
	case "", "Common", "Inherited":
		return "other signs"
	default:
		return strings.ReplaceAll(name, "_", " ")
	}
}

// LackingNotice says which scripts no font of this machine has, and what to do
// about it; it is empty where there are none.
func LackingNotice(scripts []string) string {
	if len(scripts) == 0 {
		return ""
	}
	return "no font on this machine has the letters of " + strings.Join(scripts, ", ") +
		": charts as PNG and PDF show empty boxes in their place; install a font that has them (Noto Sans, with Noto Sans CJK for Han, kana and hangul) and run again"
}

// title is the finding, or what stands in for it.
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
		s += " (" + figure.Interval(g.unit, float64(c.Low), float64(c.High), g.places) + ")"
	}
	return s
}
