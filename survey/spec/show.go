package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/survey"
)

// Fault is a problem at a place. A problem that names a file is that file's own:
// it is told where it came up, and shown as it is.
type Fault struct {
	At      Place
	Problem survey.Problem
}

// Fault is a problem at the place.
func (at Place) Fault(p survey.Problem) Fault { return Fault{at, p} }

// Tree is a file that was read: its values, and its text, which shows people
// where a fault is.
type Tree struct {
	Path  string
	Root  *Node
	lines []string
}

// Mark adds the file, a place and an excerpt with a caret to a problem. An
// excerpt that it has is nearer to the fault, as inside an expression, and stays.
func (t *Tree) Mark(at Place, p survey.Problem) survey.Problem {
	p.File, p.Line, p.Column = t.Path, at.Line, at.Column
	if p.Excerpt == "" {
		p.Excerpt = t.excerpt(at)
	}
	return p
}

// Within is the place of a part of the text that is at a place or in the
// lines below it; the place itself where it is not found.
func (t *Tree) Within(at Place, part string) Place {
	if part == "" {
		return at
	}
	const lines = 20 // of a text over several lines
	for k := at.Line; k <= min(len(t.lines), at.Line+lines); k++ {
		line := []rune(t.lines[k-1])
		from := 0
		if k == at.Line {
			from = min(at.Column-1, len(line))
		}
		if before, _, ok := strings.Cut(string(line[from:]), part); ok {
			return Place{k, from + utf8.RuneCountInString(before) + 1}
		}
	}
	return at
}

// maxShown is how many faults people are shown at once.
const maxShown = 100

// Problems lays faults out in the order of the file.
func (t *Tree) Problems(faults []Fault) survey.Problems {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column),
			cmp.Compare(a.Problem.File, b.Problem.File),
			cmp.Compare(a.Problem.Row, b.Problem.Row), cmp.Compare(a.Problem.Message, b.Problem.Message))
	})
	var out survey.Problems
	for i, f := range faults {
		if i == maxShown {
			return append(out, survey.Problem{File: t.Path, Message: fmt.Sprintf("%d more problems are not shown", len(faults)-i), Remedy: "correct these first"})
		}
		if f.Problem.File == "" {
			f.Problem = t.Mark(f.At, f.Problem)
		}
		out = append(out, f.Problem)
	}
	return out
}

// excerptWidth keeps excerpts of long lines within a terminal's width.
const excerptWidth = 100

// excerpt shows the line of a place under the line before it, with a caret.
func (t *Tree) excerpt(at Place) string {
	if at.Line < 1 || at.Line > len(t.lines) {
		return ""
	}
	line, column := window([]rune(t.lines[at.Line-1]), at.Column)
	var b strings.Builder
	if at.Line > 1 && strings.TrimSpace(t.lines[at.Line-2]) != "" {
		before, _ := window([]rune(t.lines[at.Line-2]), 1)
		fmt.Fprintf(&b, "%6d | %s\n", at.Line-1, string(before))
	}
	fmt.Fprintf(&b, "%6d | %s\n", at.Line, string(line))
	fmt.Fprintf(&b, "       | %s\n", survey.Caret(string(line), column-1))
	return b.String()
}

// window cuts a long line to the part around the column.
func window(line []rune, column int) ([]rune, int) {
	start := 0
	if column > excerptWidth {
		start = column - excerptWidth/2
	}
	start = min(start, len(line))
	return line[start:min(len(line), start+excerptWidth)], column - start
}
