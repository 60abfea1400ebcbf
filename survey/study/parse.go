// Package study reads the study file: the yaml file in which an analyst says
// which data to read, how the sample was drawn, what the variables mean and
// which tables to make. Every fault is shown at its place, all at once.
package study

import (
	"fmt"
	"reflect"

	"surveykit/survey"
)

//go:generate go test -run TestSchemaIsGenerated -update

// Parse reads a study file's text; path names the file in problems. It checks
// the file by itself: its form against the JSON Schema, keys that stand twice,
// names that are given twice. Whether its variables exist is known only with
// the data (see Load). The Source shows where later faults are. The error is
// survey.Problems, every fault with line, column and excerpt.
func Parse(data []byte, path string) (study *survey.Study, source *Source, err error) {
	source = &Source{path: path}
	defer func() {
		if cause := recover(); cause != nil {
			study, source = nil, nil
			err = survey.Problems{{File: path, Message: fmt.Sprintf("this cannot be read as YAML: %v", cause), Remedy: "check quotes, brackets and indentation"}}
		}
	}()
	if len(data) > maxBytes {
		return nil, nil, survey.Problems{{File: path, Message: fmt.Sprintf("the study file is longer than %d MiB", maxBytes>>20), Remedy: "give a study file, not a data file"}}
	}
	source.lines = splitLines(data)
	root, faults := read(source)
	if root != nil {
		faults = append(append(faults, validate(root)...), check(root)...)
	}
	if len(faults) > 0 {
		return nil, nil, source.problems(faults)
	}
	source.root = root
	study = &survey.Study{}
	decode(root, reflect.ValueOf(study).Elem())
	return study, source, nil
}
