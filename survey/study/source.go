package study

import (
	"fmt"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/yamltree"
)

// Source is the text of a study file: it shows people where a fault is.
type Source struct {
	tree *yamltree.Tree
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
	return s.tree.Mark(locate(s.tree.Root, s.asWritten(yamlPath)), p)
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

// locate is the place of a path, or of the nearest value above it.
func locate(root *yamltree.Node, path string) yamltree.Place {
	at, here := root.At, root
	for rest := strings.TrimPrefix(path, "$"); rest != ""; {
		e, after := step(here, rest)
		if e == nil {
			break
		}
		at, here, rest = e.Place(), e.Value, after
	}
	return at
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
