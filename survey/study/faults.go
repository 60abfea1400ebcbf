package study

import (
	"errors"
	"math"
	"slices"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/yamltree"
)

// Fail adds faults of the study's values. One of a value that the file itself has
// a fault in, or of a value that is shown in its place, only follows from it and
// is left out; what is found twice is one fault.
func (s *Source) Fail(faults ...survey.Fault) {
	for _, f := range faults {
		e := s.entry(f.Path)
		if slices.ContainsFunc(s.faults[:s.written], func(w yamltree.Fault) bool { return holds(e, w.At) }) {
			continue
		}
		f.Problem.File = "" // it is the study's
		s.add(yamltree.Fault{At: s.tree.Within(e.Place(), f.Within), Problem: f.Problem})
	}
}

// Add adds the problems of an error: those without a file of their own are of the
// study's value at a path. An error of another kind is returned.
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
		s.add(yamltree.Fault{At: yamltree.Place{Line: lineAmong(p, s.tree.Path), Column: p.Column}, Problem: p})
	}
	return nil
}

// lineAmong is where a problem that has its file stands among those of the study:
// at its line, or after them all.
func lineAmong(p survey.Problem, study string) int {
	if p.File == study {
		return p.Line
	}
	return math.MaxInt
}

func (s *Source) add(f yamltree.Fault) {
	same := func(g yamltree.Fault) bool {
		return f.At == g.At && f.Problem.Message == g.Problem.Message && f.Problem.Variable == g.Problem.Variable && f.Problem.Value == g.Problem.Value
	}
	if !slices.ContainsFunc(s.faults, same) {
		s.faults = append(s.faults, f)
	}
}

// Skip says that the value at a path could not be checked, so that nothing which
// rests on it can be.
func (s *Source) Skip(path string) { s.skipped = append(s.skipped, s.entry(path).Place()) }

// Err are all faults as survey.Problems, in the order of the file.
func (s *Source) Err() error { return s.tree.Problems(slices.Clone(s.faults)).Err() }

// Faulty reports whether a fault lies in the value at a path, or in what the value
// names: a recode, segments, a set or a group.
func (s *Source) Faulty(path string) bool {
	if len(s.faults)+len(s.skipped) == 0 {
		return false
	}
	e, exact := s.find(path)
	if !exact {
		return false
	}
	if s.unsoundIn(e) {
		return true
	}
	unsound := s.unsound()
	return len(unsound) > 0 && mentions(e.Value, unsound)
}

// unsoundIn reports whether a fault, or what could not be checked, lies in an entry.
func (s *Source) unsoundIn(e yamltree.Entry) bool {
	return slices.ContainsFunc(s.faults, func(f yamltree.Fault) bool { return holds(e, f.At) }) ||
		slices.ContainsFunc(s.skipped, func(at yamltree.Place) bool { return holds(e, at) })
}

// holds reports whether a place is one of an entry's.
func holds(e yamltree.Entry, at yamltree.Place) bool {
	if e.Key != nil && e.Key.At == at || e.Value.At == at {
		return true
	}
	return slices.ContainsFunc(e.Value.Items, func(item *yamltree.Node) bool { return holds(yamltree.Entry{Value: item}, at) }) ||
		slices.ContainsFunc(e.Value.Entries, func(inner yamltree.Entry) bool { return holds(inner, at) })
}

// unsound are the names of what the study makes and has a fault in, or makes of
// something unsound.
func (s *Source) unsound() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.faults) + len(s.skipped); s.names == nil || s.namesOf != n {
		s.names, s.namesOf = s.findUnsound(), n
	}
	return s.names
}

func (s *Source) findUnsound() map[string]bool {
	names := map[string]bool{}
	visit := func(name string, e yamltree.Entry) {
		if s.unsoundIn(e) || mentions(e.Value, names) {
			names[strings.TrimPrefix(name, "$")] = true
		}
	}
	if e := s.tree.Root.Find("variables"); e != nil {
		for _, v := range e.Value.Entries {
			visit(v.Key.Text, v)
		}
	}
	for _, list := range []string{"groups", "recodes", "segments", "sets", "groups"} {
		for _, item := range s.tree.Root.ItemsOf(list) {
			if name := item.Find("name"); name != nil {
				visit(name.Value.Text, yamltree.Entry{Value: item})
			}
		}
	}
	return names
}

// mentions reports whether a value names any of some names, alone or within an
// expression.
func mentions(n *yamltree.Node, names map[string]bool) bool {
	if n.IsScalar() {
		words := strings.FieldsFunc(n.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
		return names[n.Text] || slices.ContainsFunc(words, func(w string) bool { return names[w] })
	}
	return slices.ContainsFunc(n.Items, func(item *yamltree.Node) bool { return mentions(item, names) }) ||
		slices.ContainsFunc(n.Entries, func(e yamltree.Entry) bool { return mentions(e.Value, names) })
}
