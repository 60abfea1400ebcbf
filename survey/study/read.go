package study

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"surveykit/survey"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The bounds keep a hostile file from taking all memory or all of the stack.
// A study of a thousand tables is a tenth of each.
const (
	maxBytes  = 1 << 20
	maxValues = 200_000
	maxDepth  = 64
	maxIndent = 256
	// maxKeys is more than a study of a thousand tables has.
	maxKeys = 30_000
	// maxText is the longest text in bytes: a chart draws what it is given.
	maxText = 10_000
	// maxID is the longest id of a table, which names files.
	maxID = 100
)

// read turns the file's text into a tree, or says why that cannot be done.
func read(s *Source) (*node, []fault) {
	if f := unreadable(s); f != nil {
		return nil, []fault{*f}
	}
	tokens := lexer.Tokenize(strings.Join(s.lines, "\n"))
	if f := tooDeep(tokens); f != nil {
		return nil, []fault{*f}
	}
	if f := tooMany(tokens); f != nil {
		return nil, []fault{*f}
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, []fault{syntaxFault(err)}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, []fault{{place{1, 1}, survey.Problem{Message: "the study file is empty", Remedy: "surveykit init DATA writes one to begin with"}}}
	}
	b := &builder{anchors: map[string]*node{}}
	root := b.build(file.Docs[0].Body)
	if len(file.Docs) > 1 {
		b.fail(placeOf(file.Docs[1].Start), "a second document begins here", "keep one study a file")
	}
	if root.size > maxValues {
		b.fail(root.at, fmt.Sprintf("the file holds more than %d values", maxValues), "look for an alias (*) that repeats itself")
		return nil, b.problems
	}
	return root, b.problems
}

// unreadable finds what no YAML reader could cope with.
func unreadable(s *Source) *fault {
	for i, line := range s.lines {
		column := 1
		for at, r := range line {
			if _, n := utf8.DecodeRuneInString(line[at:]); r == utf8.RuneError && n == 1 {
				return &fault{place{i + 1, column}, survey.Problem{Message: "the text is not UTF-8", Remedy: "save the file as UTF-8"}}
			}
			if r == 0 {
				return &fault{place{i + 1, column}, survey.Problem{Message: "the text holds a NUL byte", Remedy: "give a study file, not a data file"}}
			}
			column++
		}
	}
	return nil
}

// splitLines takes the byte order mark and the line ends off.
func splitLines(data []byte) []string {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	clean := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.Split(strings.ReplaceAll(clean, "\r", "\n"), "\n")
}

// tooDeep guards the parser, which recurses once a level: levels are open
// brackets, dashes and the like on one line, and columns of indentation.
func tooDeep(tokens token.Tokens) *fault {
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
			return &fault{placeOf(t), survey.Problem{Message: "values are nested too deeply", Remedy: fmt.Sprintf("a study needs fewer than %d levels", maxDepth)}}
		}
	}
	return nil
}

// tooMany guards against texts whose keys take minutes to compare.
func tooMany(tokens token.Tokens) *fault {
	keys := 0
	for _, t := range tokens {
		if t.Type != token.MappingValueType {
			continue
		}
		if keys++; keys > maxKeys {
			return &fault{placeOf(t), survey.Problem{Message: fmt.Sprintf("the file has more than %d keys", maxKeys), Remedy: "split the study, or describe variables in a codebook"}}
		}
	}
	return nil
}

// syntaxFault carries the place of the parser's complaint over. Its Error
// method is not called: it prints the whole file.
func syntaxFault(err error) fault {
	out := fault{place{1, 1}, survey.Problem{Message: "this is not YAML", Remedy: "check quotes, brackets and indentation"}}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		out.at = placeOf(syntax.GetToken())
		out.problem.Message += ": " + syntax.GetMessage()
	}
	return out
}
