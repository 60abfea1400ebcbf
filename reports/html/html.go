// Package html writes a book as one self-contained web page: it needs no network, no
// other file, and no script to be read. It follows the reader's light or dark setting,
// prints, and fits a phone.
//
// The page is page.tmpl filled with the values of view.go; page.css is its
// look and page.js adds searching and sorting. The same book gives the same
// bytes.
package html

import (
	"bufio"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"surveykit/reports/brand"
	"surveykit/reports/chart"
	"surveykit/reports/figure"
	"surveykit/reports/finding"
	"surveykit/reports/wording"
	"surveykit/survey"
)

var (
	//go:embed page.tmpl
	layout string
	//go:embed page.css
	style template.CSS
	//go:embed page.js
	script template.JS
)

var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(layout)) })

// Write writes the book as an HTML page: findings, a section for each table with
// its chart, then design, methods, precision, disclosure and sources. Everything
// from the book is escaped. The error of a chart that cannot be drawn names
// its table; nothing is written then.
func Write(w io.Writer, b *survey.Book) error {
	v, err := newView(b)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if err := page().Execute(out, v); err != nil {
		return err
	}
	return out.Flush()
}

// view is what the page's template reads.
type view struct {
	*survey.Book
	// Look is the client's, Themed true where there is one; Logo is its picture
	// as a data address, "" for none.
	Look            brand.Look
	Themed          bool
	Logo            template.URL
	Style           template.CSS
	Script          template.JS
	SyntheticText   string
	Rule, None      string
	Findings        []findingView
	Sections        []tableView
	SourceFacts     []survey.Fact
	AboutParagraphs []paragraphs
	// Weighed describes weights that the run made, Grids are their diagnostics; both
	// are empty where the weights came with the data.
	Weighed []string
	Grids   []wording.Grid
	Weights template.HTML
}

type paragraphs struct {
	ID, Heading string
	Sentences   []string
}

type findingView struct {
	finding.Finding
	Anchor string
}

func newView(b *survey.Book) (*view, error) {
	look := brand.Of(b.Theme)
	v := &view{
		Look: look, Themed: len(b.Theme.Colours) > 0 || b.Theme.Font != "", Logo: logo(look),
		Book: b, Style: style, Script: script, SyntheticText: wording.Synthetic,
		Rule: finding.Rule, None: finding.None, SourceFacts: wording.Sources(b),
	}
	for _, p := range []paragraphs{
		{"warnings", "Warnings", b.Warnings.Texts()}, {"design", "Design", b.Design},
		{"methods", "Methods", b.Methods}, {"precision", "Precision", b.Precision},
	} {
		if len(p.Sentences) > 0 {
			v.AboutParagraphs = append(v.AboutParagraphs, p)
		}
	}
	if b.Weighting != nil {
		v.Weighed, v.Grids = wording.Weighted(b.Weighting), wording.Weighting(b.Weighting)
		var err error
		if v.Weights, err = weightsDrawing(b); err != nil {
			return nil, err
		}
	}
	for _, f := range finding.Choose(b) {
		v.Findings = append(v.Findings, findingView{f, anchor(f.Table)})
	}
	for _, t := range b.Tables {
		s, err := newTable(b, t)
		if err != nil {
			return nil, err
		}
		v.Sections = append(v.Sections, s)
	}
	return v, nil
}

// logo is the client's logo within the page. A drawing shown as an image runs no
// scripts and loads nothing.
func logo(l brand.Look) template.URL {
	if l.Logo == nil {
		return ""
	}
	kind := "png"
	if l.Size.Vector {
		kind = "svg+xml"
	}
	return template.URL("data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(l.Logo))
}

// anchor is the id of a table's section.
func anchor(t *survey.Tabulation) string { return "table-" + t.ID }

// tableView is one table, laid out.
type tableView struct {
	*survey.Tabulation
	Anchor, BaseText, Limits, SourceLine string
	Chart                                template.HTML
	// Grouped is true where the banner takes two rows.
	Grouped      bool
	Headings     []heading
	Points       []point
	Bases        []baseRow
	Blocks       []block
	Explanations []string
}

// heading is a run of neighbouring columns under one group label; a column
// without a group is a heading of its own over both rows.
type heading struct {
	Label string
	Span  int
	Opens bool
	Alone *point
}

// Class marks where a group begins, and a label that is long for the width of its
// columns.
func (h heading) Class() string {
	var classes []string
	if h.Opens {
		classes = append(classes, "opens")
	}
	if utf8.RuneCountInString(h.Label) > 15*h.Span {
		classes = append(classes, "long")
	}
	return strings.Join(classes, " ")
}

// point is one column's head.
type point struct {
	survey.Column
	Index int
	// Opens is true where a new group begins.
	Opens bool
}

type baseRow struct {
	Label string
	Cells []baseCell
}

type baseCell struct {
	Text  string
	Opens bool
}

// block is a run of rows under one group label.
type block struct {
	Label string
	Rows  []row
}

type row struct {
	survey.Row
	Net   bool
	Cells []cell
}

type cell struct {
	Words wording.Cell
	// N is the cell's own base, "" where the column has one for all.
	N string
	// Sort is the figure in full precision, "" where none is shown.
	Sort          string
	Opens, Change bool
	// Low is true on a small base.
	Low bool
}

func newTable(b *survey.Book, t *survey.Tabulation) (tableView, error) {
	v := tableView{
		Tabulation: t, Anchor: anchor(t), BaseText: wording.Base(t), Limits: wording.Limits(t),
		SourceLine: wording.Source(b), Explanations: wording.Explanations(t),
	}
	var err error
	if v.Chart, err = drawing(b, t); err != nil {
		return v, err
	}
	for i, c := range v.Columns {
		p := point{Column: c, Index: i, Opens: i > 0 && (c.Group == "" || c.Group != v.Columns[i-1].Group)}
		v.Points = append(v.Points, p)
		v.Grouped = v.Grouped || c.Group != ""
		switch {
		case c.Group == "":
			v.Headings = append(v.Headings, heading{Span: 1, Alone: &p})
		case i == 0 || p.Opens:
			v.Headings = append(v.Headings, heading{Label: c.Group, Span: 1, Opens: p.Opens})
		default:
			v.Headings[len(v.Headings)-1].Span++
		}
	}
	own := wording.OwnBases(t)
	for _, base := range wording.Bases(t) {
		line := baseRow{Label: base.Label}
		for c, r := range base.Columns {
			line.Cells = append(line.Cells, baseCell{r.String(), v.Points[c].Opens})
		}
		v.Bases = append(v.Bases, line)
	}
	for r, head := range t.Rows {
		if r == 0 || head.Group != t.Rows[r-1].Group {
			v.Blocks = append(v.Blocks, block{Label: head.Group})
		}
		last := &v.Blocks[len(v.Blocks)-1]
		line := row{Row: v.Rows[r], Net: v.Rows[r].Kind == survey.RowNet}
		for c, p := range v.Points {
			words := wording.Of(v.Tabulation, r, c)
			shown := cell{Words: words, Opens: p.Opens, Change: p.Change, Low: wording.Has(v.Cells[r][c], survey.FlagLowBase)}
			if e := v.Cells[r][c]; !wording.Has(e, survey.FlagSuppressed) && e.Value.Exists() {
				shown.Sort = survey.FormatNumber(e.Value.Float())
			}
			if own && !p.Change {
				shown.N = figure.Base(v.Cells[r][c].Estimate)
			}
			line.Cells = append(line.Cells, shown)
		}
		last.Rows = append(last.Rows, line)
	}
	return v, nil
}

// drawing is the table's chart as SVG, "" where it has none, and after it a narrow
// one for phones where it can be read so. The SVG comes from this program, which
// escapes the texts in it.
func drawing(b *survey.Book, t *survey.Tabulation) (template.HTML, error) {
	if t.Chart == nil {
		return "", nil
	}
	var both []byte
	for _, narrow := range []bool{false, true} {
		p, err := chart.Draw(t, chart.Options{Source: b.Source, Synthetic: b.Synthetic, Theme: b.Theme, Narrow: narrow})
		if err != nil {
			return "", fmt.Errorf("chart of table %s: %w", t.ID, err)
		}
		if narrow && !p.Narrow {
			break
		}
		svg, err := p.SVG()
		if err != nil {
			return "", err
		}
		both = append(both, svg...)
	}
	return template.HTML(both), nil
}

// weightsDrawing is the chart of weights, "" where there is no weight to draw.
func weightsDrawing(b *survey.Book) (template.HTML, error) {
	if len(b.Weighting.Distribution.Bins) == 0 {
		return "", nil
	}
	p, err := chart.Weights(b.Weighting, chart.Options{Source: b.Source, Synthetic: b.Synthetic, Theme: b.Theme})
	if err != nil {
		return "", fmt.Errorf("chart of the weights: %w", err)
	}
	svg, err := p.SVG()
	return template.HTML(svg), err
}
