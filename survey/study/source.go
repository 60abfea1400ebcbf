package study

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"surveykit/survey/spec"
)

// Source is the text of a study file with the faults that are found in it: it
// shows people where they are.
type Source struct {
	*spec.Source

	// names are the unsound ones among so many faults.
	mu      sync.Mutex
	names   map[string]bool
	namesOf int
}

// Faulty reports whether a fault lies in the value at a path, or in what the value
// names: a recode, segments, a set or a group.
func (s *Source) Faulty(path string) bool {
	if s.Unsound() == 0 {
		return false
	}
	e, exact := s.Find(path)
	if !exact {
		return false
	}
	if s.UnsoundIn(e) {
		return true
	}
	unsound := s.unsound()
	return len(unsound) > 0 && mentions(e.Value, unsound)
}

// unsound are the names of what the study makes and has a fault in, or makes of
// something unsound.
func (s *Source) unsound() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.Unsound()
	if s.names != nil && s.namesOf == n {
		return s.names
	}
	names := map[string]bool{}
	visit := func(name string, e spec.Entry) {
		if s.UnsoundIn(e) || mentions(e.Value, names) {
			names[strings.TrimPrefix(name, "$")] = true
		}
	}
	if e := s.Root.Find("variables"); e != nil {
		for _, v := range e.Value.Entries {
			visit(v.Key.Text, v)
		}
	}
	for _, list := range []string{"groups", "recodes", "segments", "sets", "groups"} {
		for _, item := range s.Root.ItemsOf(list) {
			if name := item.Find("name"); name != nil {
				visit(name.Value.Text, spec.Entry{Value: item})
			}
		}
	}
	s.names, s.namesOf = names, n
	return names
}

// mentions reports whether a value names any of some names, alone or within an
// expression.
func mentions(n *spec.Node, names map[string]bool) bool {
	if n.IsScalar() {
		words := strings.FieldsFunc(n.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
		return names[n.Text] || slices.ContainsFunc(words, func(w string) bool { return names[w] })
	}
	return slices.ContainsFunc(n.Items, func(item *spec.Node) bool { return mentions(item, names) }) ||
		slices.ContainsFunc(n.Entries, func(e spec.Entry) bool { return mentions(e.Value, names) })
}
