// Package markdown writes a book as Markdown (CommonMark with the tables of
// GitHub): findings, tables, methods, sources, for wikis, version control and
// other programs that read text.
package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/finding"
	"surveykit/reports/wording"
	"surveykit/survey"
	"surveykit/survey/pattern"
)

// Write writes the book as Markdown. Texts are escaped, so that none
// becomes mark-up; the same book gives the same bytes. The error comes from w.
func Write(w io.Writer, b *survey.Book) error {
	p := &printer{bufio.NewWriter(w)}
	p.print("# %s\n", escape(b.Title))
	if b.Subtitle != "" {
		p.print("\n%s\n", escape(b.Subtitle))
	}
	if b.Synthetic {
		p.print("\n**%s**\n", escape(wording.Synthetic))
	}
	p.print("\n## Findings\n\n")
	found := finding.Choose(b)
	if len(found) == 0 {
		p.print("%s\n", escape(finding.None))
	}
	for _, f := range found {
		p.print("- **%s.** %s. *%s*\n", escape(f.Claim), escape(f.Evidence), escape(f.Place()))
	}
	p.print("\n%s\n", escape(finding.Rule))
	for _, t := range b.Tables {
		p.table(b, t)
	}
	p.weighting(b)
	p.about(b)
	return p.Flush()
}

// printer remembers the first error of its writer until Flush.
type printer struct{ *bufio.Writer }

func (p *printer) print(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *printer) table(b *survey.Book, t *survey.Tabulation) {
	p.print("\n## %s\n", escape(t.Title))
	if t.Question != "" {
		p.print("\n*%s*\n", escape(t.Question))
	}
	if base := wording.Base(t); base != "" {
		p.print("\n%s\n", escape(base))
	}
	p.print("\nFigures with %s in brackets.\n\n", wording.Limits(t))
	p.grid(t)
	p.print("\n")
	for _, text := range wording.Explanations(t) {
		p.print("- %s\n", escape(text))
	}
	if source := wording.Source(b); source != "" {
		p.print("- %s\n", escape(source))
	}
}

// grid writes the table itself: head, bases, figures.
func (p *printer) grid(t *survey.Tabulation) {
	heads, rule := []string{""}, []string{"---"}
	for _, c := range t.Columns {
		name := c.Label
		if c.Group != "" {
			name = c.Group + ": " + name
		}
		if c.Letter != "" {
			name += " (" + c.Letter + ")"
		}
		heads, rule = append(heads, escape(name)), append(rule, "---:")
	}
	p.line(heads)
	p.line(rule)
	own := wording.OwnBases(t)
	for _, base := range wording.Bases(t) {
		cells := []string{base.Label}
		for _, r := range base.Columns {
			cells = append(cells, r.String())
		}
		p.line(cells)
	}
	for r, row := range t.Rows {
		if row.Group != "" && (r == 0 || row.Group != t.Rows[r-1].Group) {
			p.line(append([]string{"**" + escape(row.Group) + "**"}, make([]string, len(t.Columns))...))
		}
		label := strings.Repeat("&emsp;", t.Rows[r].Indent) + escape(t.Rows[r].Label)
		if t.Rows[r].Kind == survey.RowNet {
			label = "**" + label + "**"
		}
		cells := []string{label}
		for c, column := range t.Columns {
			words := wording.Of(t, r, c)
			text := inline.Replace(words.Figure + words.Mark)
			if words.Limits != "" {
				text += " (" + words.Limits + ")"
			}
			var rest []string
			if own && !column.Change {
				rest = append(rest, figure.Base(t.Cells[r][c].Estimate))
			}
			for _, s := range append(rest, words.P, words.Letters) {
				if s != "" {
					text += " " + inline.Replace(s)
				}
			}
			cells = append(cells, text)
		}
		p.line(cells)
	}
}

func (p *printer) line(cells []string) { p.print("| %s |\n", strings.Join(cells, " | ")) }

// weighting writes about weights that the run made.
func (p *printer) weighting(b *survey.Book) {
	if b.Weighting == nil {
		return
	}
	p.print("\n## Weighting\n\n")
	for _, s := range wording.Weighted(b.Weighting) {
		p.print("- %s\n", escape(s))
	}
	for _, g := range wording.Weighting(b.Weighting) {
		p.print("\n### %s\n\n%s\n\n", escape(g.Title), escape(g.Note))
		heads, rules := []string{}, []string{}
		for i, text := range g.Head {
			rule := "---"
			if g.Numeric(i) {
				rule = "---:"
			}
			heads, rules = append(heads, escape(text)), append(rules, rule)
		}
		p.line(heads)
		p.line(rules)
		for _, row := range g.Rows {
			var cells []string
			for _, item := range row {
				cells = append(cells, inline.Replace(item.Text))
			}
			p.line(cells)
		}
	}
}

func (p *printer) about(b *survey.Book) {
	p.print("\n## About this report\n")
	for _, part := range []struct {
		heading   string
		sentences []string
	}{{"Warnings", b.Warnings.Texts()}, {"Design", b.Design}, {"Methods", b.Methods}, {"Precision", b.Precision}} {
		if len(part.sentences) == 0 {
			continue
		}
		p.print("\n### %s\n\n", part.heading)
		for _, s := range part.sentences {
			p.print("- %s\n", escape(s))
		}
	}
	p.facts("Disclosure", b.Disclosure)
	p.facts("Sources", wording.Sources(b))
}

func (p *printer) facts(heading string, facts []survey.Fact) {
	if len(facts) == 0 {
		return
	}
	p.print("\n### %s\n\n", heading)
	for _, f := range facts {
		p.print("- **%s**: %s\n", escape(f.Label), escape(f.Text))
	}
}

// inline are the characters with a meaning inside a line or a cell of a table.
var inline = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", `\<`, ">", `\>`, "|", `\|`, "~", `\~`, "&", `\&`, "#", `\#`, "$", `\$`,
)

// opening are the characters that make a list, a heading or a rule of a line: a
// number with its point or bracket, or one of + - =.
var opening = pattern.Lazy(`^(\d{0,9})([+=.)-])`)

// escape makes a text on one line mean itself, wherever it is put.
func escape(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return opening().ReplaceAllString(inline.Replace(s), `$1\$2`)
}
