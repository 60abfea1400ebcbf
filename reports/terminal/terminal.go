// Package terminal writes a table as plain text for a terminal.
package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"surveykit/reports/wording"
	"surveykit/survey"
)

const (
	// gap is the blank between columns.
	gap = 2
	// labelWidth and columnWidth are how wide a row's and a column's label may be.
	labelWidth, columnWidth = 34, 12
)

// Write lays the table out within a width in characters: columns that do not
// fit beside each other follow below, with the rows once more. Under it are
// what its marks mean, its legend and its notes.
func Write(w io.Writer, t *survey.Tabulation, width int) error {
	var b strings.Builder
	lines(&b, wrap(t.Title, width))
	if base := wording.Base(t); base != "" {
		lines(&b, wrap(base, width))
	}
	l := layOut(t)
	for from := 0; from < len(l.columns); {
		to, used := from, l.stub
		for to < len(l.columns) && (to == from || used+gap+l.widths[to] <= width) {
			used += gap + l.widths[to]
			to++
		}
		b.WriteByte('\n')
		l.panel(&b, from, to)
		from = to
	}
	b.WriteByte('\n')
	for _, remark := range wording.Explanations(t) {
		lines(&b, wrap(remark, width))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// layout is a table as texts.
type layout struct {
	rows    []survey.Row
	columns []survey.Column
	bases   []string
	cells   [][]string
	// stub is the width of the rows' labels, widths those of the columns.
	stub   int
	widths []int
}

func layOut(t *survey.Tabulation) layout {
	l := layout{rows: t.Rows, columns: t.Columns, widths: make([]int, len(t.Columns)), stub: len("Respondents")}
	for c, r := range wording.Bases(t)[0].Columns {
		base := r.String()
		l.bases = append(l.bases, base)
		for _, part := range append(wrap(l.head(c), columnWidth), base) {
			l.widths[c] = max(l.widths[c], utf8.RuneCountInString(part))
		}
	}
	l.cells = make([][]string, len(t.Rows))
	for r, row := range t.Rows {
		l.cells[r] = make([]string, len(t.Columns))
		for _, text := range []string{row.Group, label(row)} {
			l.stub = max(l.stub, min(utf8.RuneCountInString(text), labelWidth))
		}
	}
	for c := range t.Columns {
		widest := 0
		behind := make([]string, len(t.Rows))
		for r := range t.Rows {
			of := wording.Of(t, r, c)
			behind[r] = strings.TrimRight(of.Mark+" "+of.Letters, " ")
			widest = max(widest, utf8.RuneCountInString(behind[r]))
		}
		for r := range t.Rows {
			text := wording.Of(t, r, c).Figure + behind[r]
			l.cells[r][c] = text + strings.Repeat(" ", widest-utf8.RuneCountInString(behind[r]))
			l.widths[c] = max(l.widths[c], utf8.RuneCountInString(l.cells[r][c]))
		}
	}
	return l
}

// head is a column's label with its letter.
func (l layout) head(c int) string {
	column := l.columns[c]
	if column.Letter == "" {
		return column.Label
	}
	return fmt.Sprintf("%s (%s)", column.Label, column.Letter)
}

func label(r survey.Row) string { return strings.Repeat("  ", r.Indent) + r.Label }

// panel writes the columns from one to before another.
func (l layout) panel(b *strings.Builder, from, to int) {
	text := strings.Repeat(" ", l.stub)
	end := l.stub
	last := ""
	for c := from; c < to; c++ {
		if g := l.columns[c].Group; g != "" && g != last {
			text = pad(text, end+gap) + g
		}
		last = l.columns[c].Group
		end += gap + l.widths[c]
	}
	if strings.TrimSpace(text) != "" {
		lines(b, []string{strings.TrimRight(text, " ")})
	}
	heads := make([][]string, to-from)
	deepest := 0
	for i := range heads {
		heads[i] = wrap(l.head(from+i), columnWidth)
		deepest = max(deepest, len(heads[i]))
	}
	for k := range deepest {
		texts := make([]string, len(heads))
		for i, h := range heads {
			if at := k - (deepest - len(h)); at >= 0 {
				texts[i] = h[at]
			}
		}
		l.line(b, "", texts, from)
	}
	if strings.Join(l.bases[from:to], "") != "" {
		l.line(b, "Respondents", l.bases[from:to], from)
	}
	group := ""
	for r, row := range l.rows {
		if row.Group != group {
			group = row.Group
			b.WriteByte('\n')
			if group != "" {
				lines(b, wrap(group, labelWidth))
			}
		}
		parts := wrap(label(row), labelWidth)
		for _, part := range parts[:len(parts)-1] {
			lines(b, []string{part})
		}
		l.line(b, parts[len(parts)-1], l.cells[r][from:to], from)
	}
}

// line writes a row: its label, then the texts flush right.
func (l layout) line(b *strings.Builder, label string, texts []string, from int) {
	line := pad(label, l.stub)
	for i, text := range texts {
		line += strings.Repeat(" ", gap+l.widths[from+i]-utf8.RuneCountInString(text)) + text
	}
	lines(b, []string{strings.TrimRight(line, " ")})
}

func lines(b *strings.Builder, texts []string) {
	for _, text := range texts {
		b.WriteString(text)
		b.WriteByte('\n')
	}
}

// pad fills a text up with blanks, with one blank more where it is longer.
func pad(s string, width int) string {
	if n := utf8.RuneCountInString(s); n < width {
		return s + strings.Repeat(" ", width-n)
	} else if n > width {
		return s + " "
	}
	return s
}

// wrap breaks a text between words into lines of at most so many characters; a
// longer word is broken. The blanks that it begins with stay on every line.
func wrap(s string, width int) []string {
	indent := s[:len(s)-len(strings.TrimLeft(s, " "))]
	var out []string
	line := indent
	for _, word := range strings.Fields(s) {
		for utf8.RuneCountInString(indent+word) > width && width > len(indent) {
			if line != indent {
				out, line = append(out, line), indent
			}
			head := []rune(word)[:width-len(indent)]
			out, word = append(out, indent+string(head)), word[len(string(head)):]
		}
		switch {
		case line == indent:
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			out, line = append(out, line), indent+word
		default:
			line += " " + word
		}
	}
	return append(out, line)
}
