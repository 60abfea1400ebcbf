package triples

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// hierarchy reads the levels, each with the values of those above it, and
// returns the last of those that have no level below.
func (f *folder) hierarchy(levels []level, path string) (*survey.Table, error) {
	tables := map[string]*survey.Table{}
	inner := map[string]bool{}
	lowest := ""
	for _, l := range levels {
		content, at, err := f.file(l.Href, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, problem(path, "there is no file "+l.Href+", which defines the level "+l.Ident, "put it next to the definition")
		}
		if err != nil {
			return nil, err
		}
		d, err := parse(content, at)
		if err != nil {
			return nil, err
		}
		t, err := f.level(d, at)
		if err != nil {
			return nil, err
		}
		for _, above := range l.Parents {
			inner[above.Level] = true
			if tables[above.Level] == nil {
				return nil, problem(path, "the level "+above.Level+", parent of "+l.Ident+", must be defined before it", "define the levels from the top down")
			}
			if t, err = join(t, tables[above.Level], above, path); err != nil {
				return nil, err
			}
		}
		tables[l.Ident] = t
	}
	var names []string
	for _, l := range levels {
		names = append(names, l.Ident)
		if !inner[l.Ident] {
			lowest = l.Ident
		}
	}
	t := tables[lowest]
	if t == nil {
		return nil, problem(path, "the hierarchy has no levels", "export it again")
	}
	var notices survey.Notices
	notices.Note(survey.NoticeLevels, nil, "the level %q was read, of the levels %s; every record has the values of the levels above", lowest, strings.Join(names, ", "))
	t.Notices = append(notices, t.Notices...)
	return t, nil
}

// join adds to each record of t the values of the record above with the same link.
func join(t, above *survey.Table, by parent, path string) (*survey.Table, error) {
	child, key := t.Lookup(by.Linkvar), above.Lookup(by.Linkvar)
	if child == nil || key == nil {
		return nil, survey.Problems{{File: path, Variable: by.Linkvar, Message: "both levels need the variable that links them", Remedy: "define it in both"}}
	}
	places := map[survey.Value]int{}
	for i := range above.Rows {
		x, ok := key.At(i)
		if _, twice := places[x]; twice && ok {
			return nil, survey.Problems{{File: path, Row: i + 1, Variable: by.Linkvar, Value: x.String(),
				Message: "two records of the level " + by.Level + " have the same number", Remedy: "number the records of a level"}}
		}
		if ok {
			places[x] = i
		}
	}
	rows := make([]int, t.Rows)
	orphans := 0
	for i := range rows {
		rows[i] = -1
		if x, ok := child.At(i); ok {
			if k, found := places[x]; found {
				rows[i] = k
			}
		}
		if rows[i] < 0 {
			orphans++
		}
	}
	joined := *t
	notices := slices.Clone(t.Notices)
	if orphans > 0 {
		notices.Note(survey.NoticeLevels, nil, "%s records have no record of the level %s above them: those values are missing", survey.FormatCount(orphans), by.Level)
	}
	taken := raw.Names{}
	for _, name := range joined.Names() {
		taken[name] = true
	}
	renamed := map[string]string{}
	for _, v := range above.Variables {
		if v == key {
			renamed[v.Name] = v.Name
			continue
		}
		copied := picked(v, rows)
		copied.Name = taken.Free(v.Name, len(joined.Variables)+1, &notices)
		renamed[v.Name] = copied.Name
		joined.Variables = append(joined.Variables, copied)
	}
	for _, set := range above.Sets {
		set.Variables = slices.Clone(set.Variables)
		for k, name := range set.Variables {
			set.Variables[k] = renamed[name]
		}
		if joined.Set(set.Name) == nil {
			joined.Sets = append(joined.Sets, set)
		}
	}
	joined.Notices = append(notices, above.Notices...)
	return &joined, nil
}

// picked is the variable with the values of the rows, missing where the row is -1.
func picked(v *survey.Variable, rows []int) *survey.Variable {
	out := *v
	if v.IsText() {
		out.Texts = &survey.TextColumn{Index: survey.RepeatedPlaces(-1, len(rows)), Values: v.Texts.Values}
	} else {
		out.Numbers = survey.MissingNumbers(len(rows))
	}
	for i, row := range rows {
		switch {
		case row < 0:
		case v.IsText():
			out.Texts.Index.Set(i, v.Texts.Index.At(row))
		default:
			out.Numbers.Set(i, v.Numbers.At(row))
		}
	}
	return &out
}
