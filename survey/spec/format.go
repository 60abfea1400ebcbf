// Package spec reads the files that people write in YAML: studies, weightings,
// jobs, mappings. A Format says what a file is and gives its JSON Schema; Decode
// fills Go types from a file that holds to it. Every value knows its place, so
// that a fault is shown with its line, and all faults are found at once. A file
// made to exhaust memory, stack or patience is a plain fault.
package spec

import (
	"reflect"
	"sync"

	"surveykit/survey"
)

// Format is a kind of file.
type Format struct {
	// Name is what people call such a file: "study file".
	Name string
	// Begin says how an empty file is begun, Split what to do where one has too
	// many keys.
	Begin string
	Split string
	// Schema is the JSON Schema of the file.
	Schema []byte
	// Added are the analyses that add a key to a struct of the file, Kinds the kinds of
	// table that it may name.
	Added map[reflect.Type][]survey.Analysis
	Kinds []*survey.TableKind
	// Check finds what a schema cannot say; it may be nil.
	Check func(root *Node) []Fault

	once     sync.Once
	compiled schema
}

func (f *Format) schema() schema {
	f.once.Do(func() { f.compiled = compile(f.Schema) })
	return f.compiled
}

// Keys are the keys of the whole file.
func (f *Format) Keys() []string { return rule(f.schema().document).keys() }

// Decode reads a file's text into target, a pointer to a struct with yaml names;
// path names the file in problems. The Source shows where later faults are. The
// error is survey.Problems, every fault with line, column and excerpt.
func (f *Format) Decode(data []byte, path string, target any) (*Source, error) {
	source := f.Read(data, path, target)
	if err := source.Err(); err != nil {
		return nil, err
	}
	return source, nil
}

// Read is Decode for those who find more faults in what is sound of a file: the
// source has the faults so far and takes more. Its Root is nil where the text
// cannot be read at all.
func (f *Format) Read(data []byte, path string, target any) *Source {
	tree, faults := f.parse(data, path)
	if tree.Root != nil {
		f.decode(tree.Root, reflect.ValueOf(target).Elem())
	}
	return &Source{Tree: tree, faults: faults, written: len(faults)}
}
