package study

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Source is the text of a study file: it shows people where a fault is.
type Source struct {
	path  string
	lines []string
	root  *node
	// data is the entry of the study under data that each data file comes from,
	// nil while they are the same.
	data []int
}

// Annotate adds the file, line, column and an excerpt with a caret to a
// problem of the value at a path such as $.tables[2].rows[0].variable. Keys
// stand in the path as they are, also those with dots or blanks. Where the
// path leads to nothing, the nearest value above it is shown; without any
// place only the file is added.
func (s *Source) Annotate(yamlPath string, p survey.Problem) survey.Problem {
	if s.root == nil {
		p.File = s.path
		return p
	}
	return s.mark(s.locate(s.asWritten(yamlPath)), p)
}

// asWritten is the path of a data file's entry in the study, which can stand
// for several files.
func (s *Source) asWritten(yamlPath string) string {
	number, rest, ok := strings.Cut(strings.TrimPrefix(yamlPath, "$.data["), "]")
	i, err := strconv.Atoi(number)
	if !ok || err != nil || !strings.HasPrefix(yamlPath, "$.data[") || i >= len(s.data) {
		return yamlPath
	}
	return fmt.Sprintf("$.data[%d]%s", s.data[i], rest)
}

// mark adds a place to a problem. An excerpt that it has is nearer to the
// fault, as inside an expression, and stays.
func (s *Source) mark(at place, p survey.Problem) survey.Problem {
	p.File, p.Line, p.Column = s.path, at.line, at.column
	if p.Excerpt == "" {
		p.Excerpt = s.excerpt(at)
	}
	return p
}

// maxShown is how many faults people are shown at once.
const maxShown = 100

// problems lays faults out in the order of the file.
func (s *Source) problems(faults []fault) survey.Problems {
	slices.SortFunc(faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.column, b.at.column),
			cmp.Compare(a.problem.Message, b.problem.Message))
	})
	var out survey.Problems
	for i, f := range faults {
		if i == maxShown {
			return append(out, survey.Problem{File: s.path, Message: fmt.Sprintf("%d more faults are not shown", len(faults)-i), Remedy: "mend these first"})
		}
		out = append(out, s.mark(f.at, f.problem))
	}
	return out
}

// locate is the place of a path, or of the nearest value above it.
func (s *Source) locate(path string) place {
	at, here := s.root.at, s.root
	for rest := strings.TrimPrefix(path, "$"); rest != ""; {
		e, after := step(here, rest)
		if e == nil {
			break
		}
		at, here, rest = e.place(), e.value, after
	}
	return at
}

// step follows the first part of a path; the longest key that fits is meant.
func step(n *node, path string) (next *entry, rest string) {
	if n.form == list {
		index, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(n.items) {
			return nil, ""
		}
		return &entry{value: n.items[i]}, rest
	}
	path = strings.TrimPrefix(path, ".")
	longest := -1
	for i := range n.entries {
		name := n.entries[i].key.name()
		after, ok := strings.CutPrefix(path, name)
		if ok && len(name) > longest && (after == "" || after[0] == '.' || after[0] == '[') {
			next, rest, longest = &n.entries[i], after, len(name)
		}
	}
	return next, rest
}

// place is where people look for the entry: at a single value, else at its key.
func (e entry) place() place {
	if e.key == nil || e.value.isScalar() && e.value.form != null {
		return e.value.at
	}
	return e.key.at
}

// excerptWidth keeps excerpts of long lines within a terminal's width.
const excerptWidth = 100

// excerpt shows the line of a place under the line before it, with a caret.
func (s *Source) excerpt(at place) string {
	if at.line < 1 || at.line > len(s.lines) {
		return ""
	}
	line, column := window([]rune(s.lines[at.line-1]), at.column)
	var b strings.Builder
	if at.line > 1 && strings.TrimSpace(s.lines[at.line-2]) != "" {
		before, _ := window([]rune(s.lines[at.line-2]), 1)
		fmt.Fprintf(&b, "%6d | %s\n", at.line-1, string(before))
	}
	fmt.Fprintf(&b, "%6d | %s\n", at.line, string(line))
	fmt.Fprintf(&b, "       | %s^\n", indent(line, column-1))
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

// indent is as wide as the first n characters of a line: tabs stay tabs.
func indent(line []rune, n int) string {
	var b strings.Builder
	for i := range n {
		if i < len(line) && line[i] == '\t' {
			b.WriteByte('\t')
			continue
		}
		b.WriteByte(' ')
	}
	return b.String()
}
