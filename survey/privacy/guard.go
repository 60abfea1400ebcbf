package privacy

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// Guard leaves out of the data files what a study names, one file after another.
type Guard struct {
	spec    survey.PrivacySpec
	matched []bool
	names   []string
}

// NewGuard is the guard of a study's privacy section; an empty one leaves nothing out.
func NewGuard(spec survey.PrivacySpec) *Guard {
	return &Guard{spec: spec, matched: make([]bool, len(spec.Drop))}
}

// Apply is the table without the rows that have no consent and without the
// dropped columns; the rest shares no text with them, and no notice is about them.
// The error is survey.Problems of the consent: it does not compile, or no row has it.
func (g *Guard) Apply(t *survey.Table) (*survey.Table, error) {
	drop := g.columns(t)
	if len(drop) == 0 && g.spec.Consent == "" {
		return t, nil
	}
	if t.Groups != nil && g.spec.Consent != "" {
		return nil, survey.Problems{{Value: g.spec.Consent, Message: "rows without consent are left out as data are read, and the rows of these stay where they are",
			Remedy: "give a query that selects the rows with consent, or say rows: allow"}}
	}
	out := *t
	out.Variables, out.Sources = slices.Clone(t.Variables), slices.Clone(t.Sources)
	if err := g.consent(&out); err != nil {
		return nil, err
	}
	out.Variables = slices.DeleteFunc(out.Variables, func(v *survey.Variable) bool { return drop[v.Name] })
	for i, v := range out.Variables {
		out.Variables[i] = detached(v)
	}
	out.Sets = nil
	for _, s := range t.Sets {
		s.Variables = slices.DeleteFunc(slices.Clone(s.Variables), func(name string) bool { return drop[name] })
		if len(s.Variables) > 0 {
			out.Sets = append(out.Sets, s)
		}
	}
	if drop[t.Weight] {
		out.Weight = ""
	}
	out.Notices = slices.DeleteFunc(slices.Clone(t.Notices), func(n survey.Notice) bool { return gone(n, t, &out) })
	if g.spec.Consent != "" {
		out.Notices.Note(survey.NoticeConsent, nil, "%s of %s rows have no consent (%s is false) and were left out before anything was counted",
			survey.FormatCount(t.Rows-out.Rows), survey.FormatCount(t.Rows), g.spec.Consent)
	}
	if len(drop) > 0 {
		names := slices.DeleteFunc(t.Names(), func(name string) bool { return !drop[name] })
		out.Notices.Note(survey.NoticeDropped, names, "dropped while the file was read: %s", strings.Join(names, ", "))
	}
	if len(out.Sources) > 0 {
		out.Sources[0].Dropped = len(t.Variables) - len(out.Variables)
		out.Sources[0].WithoutConsent = t.Rows - out.Rows
	}
	return &out, nil
}

// columns are the columns of a table whose name, or the name of their set, fits a
// pattern of the study.
func (g *Guard) columns(t *survey.Table) map[string]bool {
	drop := map[string]bool{}
	g.names = append(g.names, t.Known()...)
	for k, pattern := range g.spec.Drop {
		for _, v := range t.Variables {
			if fits(pattern, v.Name) {
				drop[v.Name], g.matched[k] = true, true
			}
		}
		for _, s := range t.Sets {
			if !fits(pattern, strings.TrimPrefix(s.Name, "$")) && !fits(pattern, s.Name) {
				continue
			}
			g.matched[k] = true
			for _, name := range s.Variables {
				drop[name] = true
			}
		}
	}
	return drop
}

func fits(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return pattern == name || err == nil && ok
}

// Drops reports whether the study drops a column of the name.
func (g *Guard) Drops(name string) bool {
	return slices.ContainsFunc(g.spec.Drop, func(pattern string) bool { return fits(pattern, name) })
}

// Unmatched returns a problem for each entry of the study's list that fits no column
// of any file so far: a misspelt name would not drop its column.
func (g *Guard) Unmatched() map[int]survey.Problem {
	problems := map[int]survey.Problem{}
	for k, ok := range g.matched {
		if !ok {
			p := survey.UnknownName("column", g.spec.Drop[k], g.names)
			p.Message += " to drop"
			problems[k] = p
		}
	}
	return problems
}

// consent leaves out the rows for which the condition is not true.
func (g *Guard) consent(t *survey.Table) error {
	if g.spec.Consent == "" {
		return nil
	}
	e, err := expression.CompilePart(g.spec.Consent, t)
	if err != nil {
		return err
	}
	holds, _ := e.Truth()
	kept := 0
	for _, ok := range holds {
		if ok {
			kept++
		}
	}
	if kept == 0 && t.Rows > 0 {
		return survey.Problems{{Value: g.spec.Consent, Message: "no row has consent", Remedy: "check the condition and the file's codes, which surveykit inspect shows"}}
	}
	for i, v := range t.Variables {
		t.Variables[i] = onlyRows(v, holds, kept)
	}
	t.Rows = kept
	return nil
}

// onlyRows is a variable with the chosen rows, n of them.
func onlyRows(v *survey.Variable, chosen []bool, n int) *survey.Variable {
	out := *v
	if v.IsText() {
		out.Texts = &survey.TextColumn{Index: survey.Places{}, Values: v.Texts.Values}
		for i, k := range v.Texts.Index.All() {
			if chosen[i] {
				out.Texts.Index.Append(k)
			}
		}
		return &out
	}
	out.Numbers = &survey.NumberColumn{}
	for i, x := range v.Numbers.All() {
		if chosen[i] {
			out.Numbers.Append(x)
		}
	}
	return &out
}

// detached is a variable whose texts are copies of the texts in its rows: readers take
// texts from one block of memory, which would keep the texts of dropped columns and
// rows in memory.
func detached(v *survey.Variable) *survey.Variable {
	if !v.IsText() {
		return v
	}
	out := *v
	out.Texts = &survey.TextColumn{Index: survey.RepeatedPlaces(-1, v.Len())}
	to := make([]int32, len(v.Texts.Values)) // place + 1
	for i, k := range v.Texts.Index.All() {
		if k < 0 {
			continue
		}
		if to[k] == 0 {
			out.Texts.Values = append(out.Texts.Values, strings.Clone(v.Texts.Values[k]))
			to[k] = int32(len(out.Texts.Values))
		}
		out.Texts.Index.Set(i, to[k]-1)
	}
	return &out
}

// gone reports whether a notice is left out too: the columns that it is about are all
// dropped, or none of them has the text that it quotes any longer.
func gone(n survey.Notice, before, after *survey.Table) bool {
	left := slices.ContainsFunc(n.Variables, func(name string) bool { return before.Lookup(name) == nil || after.Lookup(name) != nil })
	if len(n.Variables) > 0 && !left {
		return true
	}
	quoted := func(t *survey.Table) bool {
		return slices.ContainsFunc(t.Variables, func(v *survey.Variable) bool {
			return (len(n.Variables) == 0 || slices.Contains(n.Variables, v.Name)) && v.IsText() && slices.Contains(v.Texts.Values, n.Value)
		})
	}
	return n.Value != "" && quoted(before) && !quoted(after)
}

// Sentences say in a report what was left out of the data files, in counts; nil where
// nothing was.
func Sentences(sources []survey.Source) []string {
	var rows, without, dropped int
	for _, s := range sources {
		rows, without, dropped = rows+s.Rows, without+s.WithoutConsent, dropped+s.Dropped
	}
	var out []string
	if without > 0 {
		out = append(out, fmt.Sprintf("%s of %s interviews (%.1f%%) are without consent to this use and were left out before anything was counted.",
			survey.FormatCount(without), survey.FormatCount(rows), math.Round(1000*float64(without)/float64(rows))/10))
	}
	if dropped > 0 {
		out = append(out, fmt.Sprintf("%d columns that could identify people were left out as the files were read.", dropped))
	}
	return out
}
