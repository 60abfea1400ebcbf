package spec

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Source is a file that was read, with the faults that are found in it: it shows
// people where they are.
type Source struct {
	*Tree
	// Written is the path in the file of the value at a path; nil where the
	// values are those of the file.
	Written func(path string) string

	// faults are those found so far; the first of them, as many as written, are
	// faults of the file by itself.
	faults  []Fault
	written int
	// skipped are the places of what could not be checked.
	skipped []Place
}

// Annotate adds the file, line, column and an excerpt with a caret to a
// problem of the value at a path such as $.tables[2].rows[0].variable. Keys
// are in the path as they are, also those with dots or blanks. Where the
// path leads to nothing, the nearest value above it is shown. An excerpt that the
// problem has stays: it is nearer to the fault.
func (s *Source) Annotate(yamlPath string, p survey.Problem) survey.Problem {
	return s.Mark(s.Entry(yamlPath).Place(), p)
}

// Entry is the value at a path, or the nearest one above it.
func (s *Source) Entry(yamlPath string) Entry {
	e, _ := s.Find(yamlPath)
	return e
}

// Find is Entry; exact is true where there is a value at the path.
func (s *Source) Find(yamlPath string) (e Entry, exact bool) {
	e = Entry{Value: s.Root}
	if s.Written != nil {
		yamlPath = s.Written(yamlPath)
	}
	for rest := strings.TrimPrefix(yamlPath, "$"); rest != ""; {
		next, after := step(e.Value, rest)
		if next == nil {
			return e, false
		}
		e, rest = *next, after
	}
	return e, true
}

// step follows the first part of a path; the longest key that fits is meant.
func step(n *Node, path string) (next *Entry, rest string) {
	if n.Form == List {
		index, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(n.Items) {
			return nil, ""
		}
		return &Entry{Value: n.Items[i]}, rest
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

// Fail adds faults of the file's values. One of a value that the file itself has
// a fault in, or of a value that is shown in its place, only follows from it and
// is left out; what is found twice is one fault.
func (s *Source) Fail(faults ...survey.Fault) {
	for _, f := range faults {
		e := s.Entry(f.Path)
		if slices.ContainsFunc(s.faults[:s.written], func(w Fault) bool { return holds(e, w.At) }) {
			continue
		}
		f.Problem.File = "" // it is the file's
		s.add(Fault{At: s.Within(e.Place(), f.Within), Problem: f.Problem})
	}
}

// FailAt adds a problem at a place; one that names a file is that file's own. It
// is left out where the file itself has a fault at the place.
func (s *Source) FailAt(at Place, p survey.Problem) {
	if !slices.ContainsFunc(s.faults[:s.written], func(w Fault) bool { return w.At == at }) {
		s.add(Fault{at, p})
	}
}

// Add adds the problems of an error: those without a file of their own are of the
// file's value at a path. An error of another kind is returned.
func (s *Source) Add(path string, err error) error {
	var faults survey.Faults
	var many survey.Problems
	var one survey.Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &faults):
		s.Fail(faults...)
	case errors.As(err, &many):
	case errors.As(err, &one):
		many = survey.Problems{one}
	default:
		return err
	}
	for _, p := range many {
		if p.File == "" {
			s.Fail(survey.Fault{Path: path, Problem: p})
			continue
		}
		s.add(Fault{At: Place{Line: lineAmong(p, s.Path), Column: p.Column}, Problem: p})
	}
	return nil
}

// lineAmong is where a problem that has its file is among those of this one:
// at its line, or after them all.
func lineAmong(p survey.Problem, path string) int {
	if p.File == path {
		return p.Line
	}
	return math.MaxInt
}

func (s *Source) add(f Fault) {
	same := func(g Fault) bool {
		return f.At == g.At && f.Problem.Message == g.Problem.Message && f.Problem.Variable == g.Problem.Variable && f.Problem.Value == g.Problem.Value
	}
	if !slices.ContainsFunc(s.faults, same) {
		s.faults = append(s.faults, f)
	}
}

// Skip says that the value at a path could not be checked, so that nothing which
// rests on it can be.
func (s *Source) Skip(path string) { s.skipped = append(s.skipped, s.Entry(path).Place()) }

// Err are all faults as survey.Problems, in the order of the file.
func (s *Source) Err() error { return s.Problems(slices.Clone(s.faults)).Err() }

// Unsound counts the faults and what could not be checked.
func (s *Source) Unsound() int { return len(s.faults) + len(s.skipped) }

// UnsoundIn reports whether a fault, or what could not be checked, lies in an entry.
func (s *Source) UnsoundIn(e Entry) bool {
	return slices.ContainsFunc(s.faults, func(f Fault) bool { return holds(e, f.At) }) ||
		slices.ContainsFunc(s.skipped, func(at Place) bool { return holds(e, at) })
}

// holds reports whether a place is one of an entry's.
func holds(e Entry, at Place) bool {
	if e.Key != nil && e.Key.At == at || e.Value.At == at {
		return true
	}
	return slices.ContainsFunc(e.Value.Items, func(item *Node) bool { return holds(Entry{Value: item}, at) }) ||
		slices.ContainsFunc(e.Value.Entries, func(inner Entry) bool { return holds(inner, at) })
}
