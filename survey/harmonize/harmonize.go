// Package harmonize fits the codebooks of several files together: which
// question of one file is which of the other, what changed between them, and
// what only a person can decide (Compare). From the reviewed mapping it stacks the
// files (Stack). Nothing is merged on a guess: a pair in doubt stays separate, and
// the mapping says why.
package harmonize

import (
	_ "embed"
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// File is one of the files to fit together.
type File struct {
	// Path is the name of the file in the mapping.
	Path  string
	Table *survey.Table
	// Design is what the file's study declares; its weight takes the place of the
	// file's own.
	Design survey.Design
}

// Version of the mapping's format.
const Version = "mapping/1"

// Mapping says how the variables of several files fit together.
type Mapping struct {
	// Version is mapping/1.
	Version string `yaml:"surveykit" json:"surveykit" jsonschema:"enum=mapping/1"`
	// WaveVariable has the wave of each row in the stacked data.
	WaveVariable string `yaml:"wave_variable" json:"wave_variable" jsonschema:"minLength=1"`
	// Files are stacked in this order, each with its wave.
	Files []survey.DataFile `yaml:"files" json:"files" jsonschema:"minItems=2"`
	// Design names variables of the stacked data.
	Design Design `yaml:"design,omitempty" json:"design"`
	// Variables of the stacked data, in their order.
	Variables []Variable `yaml:"variables" json:"variables"`
	// Doubts are pairs that a person has to decide on.
	Doubts []Doubt `yaml:"-" json:"doubts"`
}

// Design is the part of a sample design that stacking has to know.
type Design struct {
	Weight string   `yaml:"weight,omitempty" json:"weight"`
	Strata string   `yaml:"strata,omitempty" json:"strata"`
	PSU    []string `yaml:"psu,omitempty" json:"psu"`
	// Waves are independent samples (the default), whose strata and PSU ids get
	// the wave in front, or a panel, whose ids are the same in all waves.
	Waves string `yaml:"waves,omitempty" json:"waves" jsonschema:"enum=independent,enum=panel"`
}

// Variable is one variable of the stacked data.
type Variable struct {
	Name string `yaml:"name" json:"name" jsonschema:"minLength=1"`
	// From names the variable of each file, "" where a file has none.
	From []string `yaml:"from" json:"from"`
	// Confidence (0–1) says how certain it is that they are the same; 1 where only one
	// file has it.
	Confidence float64 `yaml:"confidence,omitempty" json:"confidence"`
	// Recodes turn a file's values into the values of the stacked data.
	Recodes []Recode `yaml:"recode,omitempty" json:"recode"`
	// Changes say what differs between the files.
	Changes []Change `yaml:"-" json:"changes"`
}

// Recode changes values of one file, by its position from 1, into others; values
// that are not listed stay.
type Recode struct {
	File   int             `yaml:"file" json:"file"`
	Values survey.CodeList `yaml:"values" json:"-"`
}

// ChangeKind is a way in which a question differs between two files.
type ChangeKind string

// The changes that Compare distinguishes.
const (
	Renamed       ChangeKind = "renamed"
	Reworded      ChangeKind = "wording"
	CodeRelabeled ChangeKind = "code label"
	CodeAdded     ChangeKind = "code added"
	CodeRemoved   ChangeKind = "code removed"
	CodeMoved     ChangeKind = "code moved"
	Reversed      ChangeKind = "reversed scale"
	MissingRules  ChangeKind = "missing values"
	TypeChanged   ChangeKind = "type"
)

// Change is one difference of a file, by its position from 1, from those before it.
type Change struct {
	File int        `json:"file"`
	Kind ChangeKind `json:"kind"`
	Text string     `json:"text"`
}

// Doubt is a pair that may or may not be the same question: a variable of the
// stacked data, and one of a file.
type Doubt struct {
	Variable   string   `json:"variable"`
	File       int      `json:"file"`
	Other      string   `json:"other"`
	Confidence float64  `json:"confidence"`
	Why        string   `json:"why"`
	Changes    []Change `json:"changes"`
}

// Parse reads a reviewed mapping; path names it in problems. The error is
// survey.Problems with line, column and excerpt: what does not follow the
// format, lists that are not as long as the files, names and columns given twice.
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
			fail(at+".name", fmt.Sprintf("the name %q is given twice", v.Name), "give each variable a name of its own")
		}
		names[v.Name] = true
		if len(v.From) != len(m.Files) {
			fail(at+".from", fmt.Sprintf("from has %d names for %d files", len(v.From), len(m.Files)), "give one for each file, in their order, ~ where a file has none")
		}
		for k, column := range v.From {
			key := fmt.Sprintf("%d %s", k, column)
			if column != "" && used[key] {
				fail(fmt.Sprintf("%s.from[%d]", at, k), fmt.Sprintf("%s of file %d is already in another variable", column, k+1), "use each column once")
			}
			used[key] = true
		}
		for j, r := range v.Recodes {
			if r.File < 1 || r.File > len(v.From) || v.From[min(r.File, len(v.From))-1] == "" {
				fail(fmt.Sprintf("%s.recode[%d].file", at, j), fmt.Sprintf("the variable is not in file %d", r.File), "give the number of a file that has the variable, counted from 1")
			}
		}
	}
	for i, f := range m.Files {
		if f.File == "" {
			fail(fmt.Sprintf("$.files[%d]", i), "a mapping is of files, and this is not one", "write the table into a file with surveykit convert, and name that")
		}
	}
	parts := []designPart{{"$.design.weight", m.Design.Weight}, {"$.design.strata", m.Design.Strata}}
	for i, name := range m.Design.PSU {
		parts = append(parts, designPart{fmt.Sprintf("$.design.psu[%d]", i), name})
	}
	for _, part := range slices.DeleteFunc(parts, func(p designPart) bool { return p.name == "" }) {
		if !names[part.name] {
			known := make([]string, len(m.Variables))
			for i, v := range m.Variables {
				known[i] = v.Name
			}
			p := survey.UnknownName("variable", part.name, known)
			out = append(out, fault{part.path, p})
		}
	}
	return out
}

type designPart struct{ path, name string }
