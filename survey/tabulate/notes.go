package tabulate

import (
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// What a table reads goes through the methods below, so that it carries the
// notes of every variable that it shows, and of those that they are made of.

func (t *tabling) read(names ...string) { t.reads = append(t.reads, names...) }

// classify sorts a variable that the table reads.
func (t *tabling) classify(name string) (survey.Classes, survey.Problems) {
	t.read(name)
	return t.making.classify(name)
}

// compile binds an expression over variables that the table reads.
func (t *tabling) compile(source string) (*expression.Expression, survey.Problems) {
	e, problems := t.making.compile(source)
	if e != nil {
		t.read(e.Variables()...)
	}
	return e, problems
}

// filter is a domain by variables that the table reads; nil means everybody.
func (t *tabling) filter(source string) ([]engine.Condition, survey.Problems) {
	if source != "" {
		t.compile(source)
	}
	return t.making.filter(source)
}

// bannerOf lays out a banner over variables that the table reads.
func (t *tabling) bannerOf(spec survey.TableSpec, parts [][]int) (banner, []survey.Fault) {
	b, faults := t.making.bannerOf(spec, parts)
	for _, c := range b.columns {
		t.read(c.reads...)
	}
	return b, faults
}

// variableNotes are what the variables that the table read say of themselves,
// each once: a note that another one begins with is part of that.
func (t *tabling) variableNotes() []string {
	var out []string
	for _, name := range t.Table.Origins(t.reads...) {
		v := t.Table.Lookup(name)
		if v == nil || v.Note == "" || slices.ContainsFunc(out, func(s string) bool { return strings.HasPrefix(s, v.Note) }) {
			continue
		}
		out = append(slices.DeleteFunc(out, func(s string) bool { return strings.HasPrefix(v.Note, s) }), v.Note)
	}
	return out
}
