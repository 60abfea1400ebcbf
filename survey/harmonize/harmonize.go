// Package harmonize fits the codebooks of several files together: which
// question of one file is which of the other, what changed between them, and
// what only a person can decide (Compare). From the mapping that comes of it,
// once reviewed, it stacks the files (Stack). Nothing is merged on a guess: a
// pair that is in doubt stays apart, and the mapping says why.
package harmonize

import (
	"surveykit/survey"
)

// File is one of the files to fit together.
type File struct {
	// Path is the file as the mapping is to name it.
	Path  string
	Table *survey.Table
	// Design is what the file's study declares; its weight stands in for the
	// file's own.
	Design survey.Design
}

// Version of the mapping's format.
const Version = "mapping/1"

// Mapping says how the variables of several files fit together.
type Mapping struct {
	// Version is mapping/1.
	Version string `yaml:"surveykit" json:"surveykit" jsonschema:"enum=mapping/1"`
	// WaveVariable holds the wave of each row in the stacked data.
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
	// Confidence (0–1) says how sure it is that they are the same; 1 for one of its own.
	Confidence float64 `yaml:"confidence,omitempty" json:"confidence"`
	// Recodes turn a file's values into those of the stacked data.
	Recodes []Recode `yaml:"recode,omitempty" json:"recode"`
	// Changes say what differs between the files.
	Changes []Change `yaml:"-" json:"changes"`
}

// Recode turns values of one file, by its place from 1, into others; those that
// are not listed stay.
type Recode struct {
	File   int             `yaml:"file" json:"file"`
	Values survey.CodeList `yaml:"values" json:"-"`
}

// ChangeKind is a way in which a question differs between two files.
type ChangeKind string

// The changes that Compare tells apart.
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

// Change is one difference of a file, by its place from 1, from those before it.
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
