// Package ooxmltest holds the parts of Office files to the order of their
// schemas, for the tests of what writes them: programs call a file damaged whose
// elements are in another order.
package ooxmltest

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

// prefixes name the namespaces in the tables of order; a part may use others.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":           "x",
	"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr",
	"http://schemas.openxmlformats.org/drawingml/2006/main":               "a",
	"http://schemas.openxmlformats.org/drawingml/2006/chart":              "c",
	"http://schemas.openxmlformats.org/presentationml/2006/main":          "p",
}

// Faults lists the elements of a part that are where the schema does not
// take them, or that the tables of order do not know.
func Faults(part string) []string {
	var faults, path []string
	var at []int
	dec := xml.NewDecoder(strings.NewReader(part))
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return faults
		}
		if err != nil {
			return append(faults, err.Error())
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := prefixes[e.Name.Space] + ":" + e.Name.Local
			if len(path) > 0 {
				last := len(at) - 1
				i := place(kindOf(path), name)
				if i < at[last] {
					faults = append(faults, fmt.Sprintf("%s in %s", name, strings.Join(path, "/")))
				}
				at[last] = max(i, at[last])
			}
			path, at = append(path, name), append(at, 0)
		case xml.EndElement:
			path, at = path[:len(path)-1], at[:len(at)-1]
		}
	}
}

// place is the rank of a child in its parent, -1 for one that the parent does
// not take. Children of one rank are a choice, joined by |.
func place(parent, child string) int {
	prefix, _, _ := strings.Cut(parent, ":")
	return slices.IndexFunc(strings.Fields(order[parent]), func(choice string) bool {
		return slices.ContainsFunc(strings.Split(choice, "|"), func(name string) bool {
			if !strings.Contains(name, ":") {
				name = prefix + ":" + name
			}
			return name == child
		})
	})
}

// kindOf tells apart the elements that share a name.
func kindOf(path []string) string {
	name := path[len(path)-1]
	parent := ""
	if len(path) > 1 {
		parent = path[len(path)-2]
	}
	switch {
	case name == "c:ser":
		return strings.TrimSuffix(parent, "Chart") + "Ser"
	case name == "c:marker" && parent != "c:lineChart":
		return "c:seriesMarker"
	case strings.HasSuffix(name, ":spPr"):
		return "a:spPr"
	}
	return name
}
