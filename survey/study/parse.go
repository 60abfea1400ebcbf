// Package study reads the study file: the yaml file in which an analyst says
// which data to read, how the sample was drawn, what the variables mean and
// which tables to make. Every fault is shown at its place, all at once.
package study

import (
	_ "embed"
	"reflect"

	"surveykit/survey"
	"surveykit/survey/analysis"
	"surveykit/survey/spec"
)

//go:generate go test -run TestSchemaIsGenerated -update

// Parse reads a study file's text; path names the file in problems. It checks
// the file by itself: its form against the JSON Schema, keys that occur twice,
// names that are given twice. Whether its variables exist is known only with
// the data (see Load). The Source shows where later faults are. The error is
// survey.Problems, every fault with line, column and excerpt.
func Parse(data []byte, path string) (*survey.Study, *Source, error) {
	study, source := parse(data, path)
	if err := source.Err(); err != nil {
		return nil, nil, err
	}
	return study, source, nil
}

// parse reads what is sound of a study file; the source has the faults. The study
// is nil where the text cannot be read at all.
func parse(data []byte, path string) (*survey.Study, *Source) {
	study := &survey.Study{}
	source := &Source{Source: studyFile.Read(data, path, study)}
	if source.Root == nil {
		return nil, source
	}
	return study, source
}

// Schema is the JSON Schema of the study file, for editors: generated from
// survey.Study, whose comments are its descriptions.
//
//go:embed schema.json
var Schema []byte

var studyFile = &spec.Format{
	Name:   "study file",
	Begin:  "surveykit init DATA writes a first one",
	Split:  "split the study, or describe variables in a codebook",
	Schema: Schema,
	Added:  added,
	Kinds:  analysis.Kinds,
	Check:  check,
}

// added are the analyses by the part of a study that has their keys.
var added = map[reflect.Type][]survey.Analysis{
	reflect.TypeFor[survey.Study]():     analyses(analysis.Models),
	reflect.TypeFor[survey.Recode]():    analyses(analysis.Recodes),
	reflect.TypeFor[survey.TableSpec](): analyses(analysis.Tables),
}

func analyses[A survey.Analysis](list []A) (out []survey.Analysis) {
	for _, a := range list {
		out = append(out, a)
	}
	return out
}
