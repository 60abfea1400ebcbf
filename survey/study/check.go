package study

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/analysis"
	"surveykit/survey/spec"
)

// maxID is the longest id of a table, which names files.
const maxID = 100

// check finds what a JSON Schema cannot say, or not in words for people.
func check(root *spec.Node) []spec.Fault {
	out := append(repeated(root), data(root)...)
	for i, recode := range root.ItemsOf("recodes") {
		out = append(out, idle(recode, fmt.Sprintf("recodes[%d]", i), "from", "brackets", "map", "reverse")...)
	}
	for i, table := range root.ItemsOf("tables") {
		if e := table.Find("id"); e != nil && e.Value.IsScalar() && len(e.Value.Text) > maxID {
			out = append(out, e.Value.At.Fault(survey.Problem{Message: fmt.Sprintf("the id of tables[%d] is longer than %d characters", i, maxID), Remedy: "shorten it: it names files"}))
		}
		out = append(out, sortOrder(table, fmt.Sprintf("tables[%d].sort", i))...)
		for j, row := range table.ItemsOf("rows") {
			out = append(out, idle(row, fmt.Sprintf("tables[%d].rows[%d]", i, j), "by", survey.RowKeys(true)...)...)
		}
	}
	return append(append(out, theme(root)...), outputFolder(root)...)
}

// data finds entries of data that name no data, or two, and keys that go with others.
func data(root *spec.Node) (out []spec.Fault) {
	for i, entry := range root.ItemsOf("data") {
		shown := fmt.Sprintf("data[%d]", i)
		one := func(remedy string, keys ...string) {
			given := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return entry.Find(key) == nil })
			at := entry.At
			if len(given) == 1 {
				return
			}
			message := fmt.Sprintf("%s has neither %s", shown, strings.Join(keys, " nor "))
			if len(given) > 1 {
				at, message = entry.Find(given[1]).Place(), fmt.Sprintf("%s has both %s", shown, strings.Join(keys, " and "))
			}
			out = append(out, at.Fault(survey.Problem{Message: message, Remedy: remedy}))
		}
		one("name a file, or a database with a table", "file", "sql")
		if entry.Find("sql") != nil {
			one("name a table, or give a query in place of it", "table", "query")
		}
		if shards := entry.Find("shards"); shards != nil && entry.Find("rows") != nil {
			out = append(out, shards.Place().Fault(survey.Problem{Message: shown + " has shards, whose rows are not read", Remedy: "take rows out, or make a view of all shards in one database"}))
		}
		for _, key := range []string{"table", "query", "rows", "shards"} {
			out = append(out, idle(entry, shown, key, "sql")...)
		}
		for _, key := range []string{"sheet", "catalog", "options"} {
			out = append(out, idle(entry, shown, key, "file")...)
		}
	}
	return out
}

// sortOrder finds a sort: that is a word but no order.
func sortOrder(table *spec.Node, shown string) []spec.Fault {
	e := table.Find("sort")
	if e == nil || !e.Value.IsScalar() || e.Value.Text == "descending" || e.Value.Text == "ascending" {
		return nil
	}
	return []spec.Fault{e.Value.At.Fault(survey.Problem{Message: fmt.Sprintf("%s cannot be %q", shown, e.Value.Text), Remedy: "write descending or ascending"})}
}

// idle finds a key that none of its readers is beside: it would do nothing.
func idle(n *spec.Node, shown, key string, readers ...string) []spec.Fault {
	e := n.Find(key)
	if e == nil {
		return nil
	}
	for _, r := range readers {
		if n.Find(r) != nil {
			return nil
		}
	}
	return []spec.Fault{e.Place().Fault(survey.Problem{
		Message: fmt.Sprintf("%s has %s, which it does not use", shown, key),
		Remedy:  fmt.Sprintf("%s goes with %s", key, strings.Join(readers, ", ")),
	})}
}

// repeated finds names that are given twice in a list.
func repeated(root *spec.Node) []spec.Fault {
	type unique struct{ list, key string }
	lists := []unique{{"data", "wave"}, {"weights", "name"}, {"recodes", "name"}, {"sets", "name"}, {"groups", "name"}, {"tables", "id"}}
	for _, m := range analysis.Models {
		lists = append(lists, unique{m.Key(), "name"})
	}
	var out []spec.Fault
	for _, u := range lists {
		lines := map[string]int{}
		for _, item := range root.ItemsOf(u.list) {
			name := item.Find(u.key)
			if name == nil || !name.Value.IsScalar() || name.Value.Form == spec.Null {
				continue
			}
			text, remedy := name.Value.Text, "give each a different one"
			if u.key == "id" {
				text, remedy = strings.ToLower(text), "give each its own: it names files, and capital and small letters count as the same"
			}
			if line, ok := lines[text]; ok {
				out = append(out, name.Value.At.Fault(survey.Problem{
					Message: fmt.Sprintf("the %s %q of %s is already in line %d", u.key, name.Value.Text, u.list, line),
					Remedy:  remedy,
				}))
				continue
			}
			lines[text] = name.Value.At.Line
		}
	}
	return out
}

// outputFolder finds a folder of results that is not below the study's own.
func outputFolder(root *spec.Node) []spec.Fault {
	output := root.Find("output")
	if output == nil {
		return nil
	}
	e := output.Value.Find("folder")
	if e == nil || !e.Value.IsScalar() || e.Value.Text == "" || filepath.IsLocal(filepath.FromSlash(e.Value.Text)) {
		return nil
	}
	return []spec.Fault{e.Value.At.Fault(survey.Problem{Value: e.Value.Text,
		Message: "the folder of the results is outside the study's folder", Remedy: "name a folder inside it, or use --output DIR"})}
}
