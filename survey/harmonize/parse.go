package harmonize

import (
	_ "embed"
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// Parse reads a reviewed mapping; path names it in problems. The error is
// survey.Problems with line, column and excerpt: what is not of the mapping's
// form, lists of another length than files, names and columns that stand twice.
func Parse(data []byte, path string) (*Mapping, *spec.Source, error) {
	m := &Mapping{}
	source, err := mappingFile.Decode(data, path, m)
	if err != nil {
		return nil, nil, err
	}
	var problems survey.Problems
	for _, f := range m.check() {
		problems = append(problems, source.Annotate(f.path, f.problem))
	}
	return m, source, problems.Err()
}

// Schema is the JSON Schema of mappings.
//
//go:embed schema.json
var Schema []byte

//go:generate go test -run TestSchemaIsGenerated -update

var mappingFile = &spec.Format{Name: "mapping", Begin: "surveykit harmonize A B -o mapping.yaml writes one", Schema: Schema}

// fault is a problem of the mapping's value at a path.
type fault struct {
	path    string
	problem survey.Problem
}

func (m *Mapping) check() []fault {
	var out []fault
	fail := func(path, message, remedy string) {
		out = append(out, fault{path, survey.Problem{Message: message, Remedy: remedy}})
	}
	names, used := map[string]bool{}, map[string]bool{}
	for i, v := range m.Variables {
		at := fmt.Sprintf("$.variables[%d]", i)
		if names[v.Name] {
			fail(at+".name", fmt.Sprintf("the name %q is given twice", v.Name), "give each variable its own")
		}
		names[v.Name] = true
		if len(v.From) != len(m.Files) {
			fail(at+".from", fmt.Sprintf("from has %d names for %d files", len(v.From), len(m.Files)), "give one for each file, in their order, ~ where a file has none")
		}
		for k, column := range v.From {
			key := fmt.Sprintf("%d %s", k, column)
			if column != "" && used[key] {
				fail(fmt.Sprintf("%s.from[%d]", at, k), fmt.Sprintf("%s of file %d stands in another variable already", column, k+1), "use each column once")
			}
			used[key] = true
		}
		for j, r := range v.Recodes {
			if r.File < 1 || r.File > len(v.From) || v.From[min(r.File, len(v.From))-1] == "" {
				fail(fmt.Sprintf("%s.recode[%d].file", at, j), fmt.Sprintf("there is no variable of file %d here", r.File), "count the files from 1")
			}
		}
	}
	for _, part := range m.designParts() {
		if !names[part.name] {
			p := survey.UnknownName("variable", part.name, m.names())
			out = append(out, fault{part.path, p})
		}
	}
	return out
}

type designPart struct{ path, name string }

// designParts are the variables that the design names.
func (m *Mapping) designParts() []designPart {
	parts := []designPart{{"$.design.weight", m.Design.Weight}, {"$.design.strata", m.Design.Strata}}
	for i, name := range m.Design.PSU {
		parts = append(parts, designPart{fmt.Sprintf("$.design.psu[%d]", i), name})
	}
	return slices.DeleteFunc(parts, func(p designPart) bool { return p.name == "" })
}

func (m *Mapping) names() []string {
	names := make([]string, len(m.Variables))
	for i, v := range m.Variables {
		names[i] = v.Name
	}
	return names
}
