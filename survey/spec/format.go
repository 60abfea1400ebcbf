// Package spec reads the files that people write in YAML: studies, weightings,
// jobs, mappings. A Format says what a file is and gives its JSON Schema; Decode
// fills Go types from a file that holds to it. Every value knows its place, so
// that a fault is shown with its line, and all faults are found at once. A file
// made to exhaust memory, stack or patience is a plain fault.
package spec

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

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
	compiled *rule
}

func (f *Format) schema() *rule {
	f.once.Do(func() { f.compiled = compile(f.Schema) })
	return f.compiled
}

// Keys are the keys of the whole file.
func (f *Format) Keys() []string { return slices.Sorted(maps.Keys(f.schema().Properties)) }

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

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 1 << 20

// The bounds keep a hostile file from taking all memory or all of the stack.
// A study of a thousand tables is a tenth of each.
const (
	maxValues = 200_000
	maxDepth  = 64
	maxIndent = 256
	// maxKeys is more than a study of a thousand tables has.
	maxKeys = 30_000
	// maxText is the longest text in bytes: a chart draws what it is given.
	maxText = 10_000
)

// parse reads a text into a tree and finds its faults; the root is nil where it
// cannot be read at all.
func (f *Format) parse(data []byte, path string) (tree *Tree, faults []Fault) {
	tree = &Tree{Path: path}
	whole := func(message, remedy string) []Fault {
		return []Fault{{Problem: survey.Problem{File: path, Message: message, Remedy: remedy}}}
	}
	defer func() {
		if cause := recover(); cause != nil {
			tree.Root, faults = nil, whole(fmt.Sprintf("this cannot be parsed as YAML: %v", cause), "check quotes, brackets and indentation")
		}
	}()
	if len(data) > MaxBytes {
		return tree, whole(fmt.Sprintf("the %s is longer than %d MiB", f.Name, MaxBytes>>20), "give a "+f.Name+", not a data file")
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	tree.lines = strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	root, faults := tree.parse(f)
	if root != nil && f.Schema != nil {
		faults = append(faults, f.validate(root)...)
	}
	if root != nil && f.Check != nil {
		faults = append(faults, f.Check(root)...)
	}
	tree.Root = root
	return tree, faults
}

// parse makes the tree, or says why that cannot be done.
func (t *Tree) parse(f *Format) (*Node, []Fault) {
	if fault := t.unreadable(f); fault != nil {
		return nil, []Fault{*fault}
	}
	tokens := lexer.Tokenize(strings.Join(t.lines, "\n"))
	if fault := cmp.Or(tooDeep(tokens, f), tooMany(tokens, f)); fault != nil {
		return nil, []Fault{*fault}
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, []Fault{syntaxFault(err)}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, []Fault{{Place{1, 1}, survey.Problem{Message: "the " + f.Name + " is empty", Remedy: cmp.Or(f.Begin, "give another file")}}}
	}
	b := &builder{anchors: map[string]*Node{}}
	root := b.build(file.Docs[0].Body)
	if len(file.Docs) > 1 {
		b.fail(placeOf(file.Docs[1].Start), "a second YAML document begins here", "put it in a separate file")
	}
	if root.size > maxValues {
		b.fail(root.At, fmt.Sprintf("the file holds more than %d values", maxValues), "look for an alias (*) that is repeated")
		return nil, b.problems
	}
	return root, b.problems
}

// unreadable finds what no YAML reader could cope with.
func (t *Tree) unreadable(f *Format) *Fault {
	for i, line := range t.lines {
		column := 1
		for at, r := range line {
			if _, n := utf8.DecodeRuneInString(line[at:]); r == utf8.RuneError && n == 1 {
				return &Fault{Place{i + 1, column}, survey.Problem{Message: "the text is not UTF-8", Remedy: "save the file as UTF-8"}}
			}
			if r == 0 {
				return &Fault{Place{i + 1, column}, survey.Problem{Message: "the text holds a NUL byte", Remedy: "give a " + f.Name + ", not a data file"}}
			}
			column++
		}
	}
	return nil
}

// tooDeep guards the parser, which recurses once a level: levels are open
// brackets, dashes and the like on one line, and columns of indentation.
func tooDeep(tokens token.Tokens, f *Format) *Fault {
	brackets, openers, line := 0, 0, 0
	for _, t := range tokens {
		first := t.Position.Line != line
		if first {
			openers, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			openers++
		case token.CommentType:
			continue
		}
		if brackets+openers > maxDepth || first && brackets == 0 && t.Position.Column > maxIndent {
			return &Fault{placeOf(t), survey.Problem{Message: "values are nested too deeply", Remedy: fmt.Sprintf("a %s needs fewer than %d levels", f.Name, maxDepth)}}
		}
	}
	return nil
}

// tooMany guards against texts whose keys take minutes to compare.
func tooMany(tokens token.Tokens, f *Format) *Fault {
	keys := 0
	for _, t := range tokens {
		if t.Type != token.MappingValueType && t.Type != token.MappingKeyType {
			continue
		}
		if keys++; keys > maxKeys {
			return &Fault{placeOf(t), survey.Problem{Message: fmt.Sprintf("the file has more than %d keys", maxKeys), Remedy: cmp.Or(f.Split, "split it")}}
		}
	}
	return nil
}

// syntaxFault carries the place of the parser's complaint over. Its Error
// method is not called: it prints the whole file.
func syntaxFault(err error) Fault {
	out := Fault{Place{1, 1}, survey.Problem{Message: "this is not valid YAML", Remedy: "check quotes, brackets and indentation"}}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		out.At = placeOf(syntax.GetToken())
		out.Problem.Message += ": " + syntax.GetMessage()
	}
	return out
}
