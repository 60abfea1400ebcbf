package study

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"surveykit/survey"
	"surveykit/survey/yamltree"
)

// Source is the text of a study file with the faults that are found in it: it
// shows people where they are.
type Source struct {
	tree *yamltree.Tree
	// faults are those found so far; the first of them, as many as written, are
	// faults of the file by itself.
	faults  []yamltree.Fault
	written int
	// skipped are the places of what could not be checked.
	skipped []yamltree.Place

	// names are the unsound ones among so many faults.
	mu      sync.Mutex
	names   map[string]bool
	namesOf int
	// data is the entry of the study under data that each data file comes from,
	// nil while they are the same.
	data []int
}

// Annotate adds the file, line, column and an excerpt with a caret to a
// problem of the value at a path such as $.tables[2].rows[0].variable. Keys
// stand in the path as they are, also those with dots or blanks. Where the
// path leads to nothing, the nearest value above it is shown. An excerpt that the
// problem has stays: it is nearer to the fault.
func (s *Source) Annotate(yamlPath string, p survey.Problem) survey.Problem {
	return s.tree.Mark(s.entry(yamlPath).Place(), p)
}

// asWritten is the path of a data file's entry in the study, which can stand
// for several files.
func (s *Source) asWritten(yamlPath string) string {
	number, rest, ok := strings.Cut(strings.TrimPrefix(yamlPath, "$.data["), "]")
	i, err := strconv.Atoi(number)
	if !ok || err != nil || !strings.HasPrefix(yamlPath, "$.data[") || i < 0 || i >= len(s.data) {
		return yamlPath
	}
	return fmt.Sprintf("$.data[%d]%s", s.data[i], rest)
}

// entry is the value at a path, or the nearest one above it.
func (s *Source) entry(yamlPath string) yamltree.Entry {
	e, _ := s.find(yamlPath)
	return e
}

// find is entry; exact is true where there is a value at the path.
func (s *Source) find(yamlPath string) (e yamltree.Entry, exact bool) {
	e = yamltree.Entry{Value: s.tree.Root}
	for rest := strings.TrimPrefix(s.asWritten(yamlPath), "$"); rest != ""; {
		next, after := step(e.Value, rest)
		if next == nil {
			return e, false
		}
		e, rest = *next, after
	}
	return e, true
}

// step follows the first part of a path; the longest key that fits is meant.
func step(n *yamltree.Node, path string) (next *yamltree.Entry, rest string) {
	if n.Form == yamltree.List {
		index, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(n.Items) {
			return nil, ""
		}
		return &yamltree.Entry{Value: n.Items[i]}, rest
	}
	path = strings.TrimPrefix(path, ".")
	longest := -1
	for i := range n.Entries {
		name := n.Entries[i].Key.Name()
		after, ok := strings.CutPrefix(path, name)
		if ok && len(name) > longest && (after == "" || after[0] == '.' || after[0] == '[') {
			next, rest, longest = &n.Entries[i], after, len(name)
		}
	}
	return next, rest
}
