package ingest

import (
	"slices"
	"strings"

	"surveykit/survey"
)

// inert is a table as it goes into CSV: no spreadsheet takes one of its names or
// texts for a formula. The notice says in which columns there are such.
func inert(t *survey.Table) (*survey.Table, survey.Notices) {
	out, touched := rewritten(t, survey.Guarded)
	if len(touched) == 0 {
		return t, nil
	}
	return out, survey.Notices{{Code: survey.NoticeNotKept, Variables: touched,
		Text: "texts that a spreadsheet would run as formulas have an apostrophe before them, which surveykit takes away when it reads them: " + strings.Join(touched, ", ")}}
}

// exact is a table that was read from CSV, with the texts as they were before
// inert. Where any text could run, the file is not of inert, and stays as it is.
func exact(t *survey.Table, err error) (*survey.Table, error) {
	if err != nil {
		return nil, err
	}
	loose := slices.ContainsFunc(t.Names(), isLoose)
	for _, v := range t.Variables {
		loose = loose || v.Texts != nil && slices.ContainsFunc(v.Texts.Values, isLoose)
	}
	if loose {
		return t, nil
	}
	out, _ := rewritten(t, survey.Unguarded)
	return out, nil
}

func isLoose(text string) bool { return !strings.HasPrefix(text, "'") && survey.Guarded(text) != text }

// rewritten is a table with its names and texts changed, and lists the columns
// that are.
func rewritten(t *survey.Table, change func(string) string) (out *survey.Table, touched []string) {
	changed := *t
	changed.Variables = slices.Clone(t.Variables)
	for i, v := range t.Variables {
		w := *v
		w.Name = change(v.Name)
		differs := w.Name != v.Name
		if v.Texts != nil {
			w.Texts = &survey.TextColumn{Index: v.Texts.Index, Values: make([]string, len(v.Texts.Values))}
			for k, s := range v.Texts.Values {
				w.Texts.Values[k] = change(s)
				differs = differs || w.Texts.Values[k] != s
			}
		}
		if differs {
			changed.Variables[i], touched = &w, append(touched, v.Name)
		}
	}
	return &changed, touched
}
