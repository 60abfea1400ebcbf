package study

import (
	"fmt"
	"strings"

	"surveykit/survey"
)

// check finds what a JSON Schema cannot say, or not in words for people.
func check(root *node) []fault {
	out := repeated(root)
	for i, recode := range root.itemsOf("recodes") {
		out = append(out, idle(recode, fmt.Sprintf("recodes[%d]", i), "from", "brackets", "map", "reverse")...)
	}
	for i, table := range root.itemsOf("tables") {
		if e := table.find("id"); e != nil && e.value.isScalar() && len(e.value.text) > maxID {
			out = append(out, fault{e.value.at, survey.Problem{Message: fmt.Sprintf("the id of tables[%d] is longer than %d characters", i, maxID), Remedy: "shorten it: it names files"}})
		}
		out = append(out, sortOrder(table, fmt.Sprintf("tables[%d].sort", i))...)
		for j, row := range table.itemsOf("rows") {
			out = append(out, idle(row, fmt.Sprintf("tables[%d].rows[%d]", i, j), "by", "share", "gap", "mean", "total", "ratio")...)
		}
	}
	return append(append(out, theme(root)...), outputFolder(root)...)
}

// sortOrder finds a sort: that is a word but no order.
func sortOrder(table *node, shown string) []fault {
	e := table.find("sort")
	if e == nil || !e.value.isScalar() || e.value.text == "descending" || e.value.text == "ascending" {
		return nil
	}
	return []fault{{e.value.at, survey.Problem{Message: fmt.Sprintf("%s cannot be %q", shown, e.value.text), Remedy: "write descending or ascending"}}}
}

// idle finds a key that none of its readers stands beside: it would do nothing.
func idle(n *node, shown, key string, readers ...string) []fault {
	e := n.find(key)
	if e == nil {
		return nil
	}
	for _, r := range readers {
		if n.find(r) != nil {
			return nil
		}
	}
	return []fault{{e.place(), survey.Problem{
		Message: fmt.Sprintf("%s has %s, which nothing there reads", shown, key),
		Remedy:  fmt.Sprintf("%s goes with %s", key, strings.Join(readers, ", ")),
	}}}
}

// unique names the lists whose entries must differ in a key.
var unique = []struct{ list, key string }{
	{"data", "wave"}, {"weights", "name"}, {"recodes", "name"}, {"segments", "name"}, {"sets", "name"}, {"groups", "name"}, {"tables", "id"},
}

// repeated finds names that are given twice.
func repeated(root *node) []fault {
	var out []fault
	for _, u := range unique {
		lines := map[string]int{}
		for _, item := range root.itemsOf(u.list) {
			name := item.find(u.key)
			if name == nil || !name.value.isScalar() || name.value.form == null {
				continue
			}
			text, remedy := name.value.text, "give each its own"
			if u.key == "id" {
				text, remedy = strings.ToLower(text), "give each its own, capitals apart: it names files"
			}
			if line, ok := lines[text]; ok {
				out = append(out, fault{name.value.at, survey.Problem{
					Message: fmt.Sprintf("the %s %q of %s stands already in line %d", u.key, name.value.text, u.list, line),
					Remedy:  remedy,
				}})
				continue
			}
			lines[text] = name.value.at.line
		}
	}
	return out
}
