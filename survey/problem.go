package survey

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"surveykit/survey/near"

	"golang.org/x/text/width"
)

// ErrChanged says that somebody wrote into a file while it was read: no problem
// of its content, and reading it again may help.
var ErrChanged = errors.New("changed while it was read")

// Unreachable is a database that does not answer, or failed: nothing is known to be wrong
// with the data, and trying again may help. The command line ends with exit status 5 on it.
type Unreachable struct {
	// Source names the database, without secrets.
	Source string
	// Message says what happened, Remedy what to do.
	Message, Remedy string
}

// Error lays it out as a Problem is.
func (u *Unreachable) Error() string {
	return Problem{File: u.Source, Message: u.Message, Remedy: u.Remedy}.Error()
}

// Problem is one fault of the input or of a study file, said so that a person
// can mend it. Fields that do not apply stay zero.
type Problem struct {
	// File is the file's path as the person gave it.
	File string
	// Line and Column are 1-based places in a text file.
	Line, Column int
	// Row is the 1-based data row; Variable the column's name.
	Row      int
	Variable string
	// Value is the one offending value, as the file has it.
	Value string
	// Message says what is wrong, Remedy what to do.
	Message string
	Remedy  string
	// Excerpt is the source with a caret under the fault, already laid out.
	Excerpt string
}

// Error lays the problem out as "file:line:column: row R, column V, value X: message. Remedy".
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
			if p.Column > 0 {
				fmt.Fprintf(&b, ":%d", p.Column)
			}
		}
		b.WriteString(": ")
	}
	var where []string
	if p.Row > 0 {
		where = append(where, fmt.Sprintf("row %d", p.Row))
	}
	if p.Variable != "" {
		where = append(where, fmt.Sprintf("column %s", p.Variable))
	}
	if p.Value != "" {
		where = append(where, fmt.Sprintf("value %q", p.Value))
	}
	if len(where) > 0 {
		b.WriteString(strings.Join(where, ", ") + ": ")
	}
	b.WriteString(p.Message)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	if p.Excerpt != "" {
		b.WriteString("\n" + strings.TrimRight(p.Excerpt, "\n"))
	}
	return b.String()
}

// Fault is a problem of the study's value at a path such as $.recodes[2].from.
// Keys are in a path as they are.
type Fault struct {
	Path    string
	Problem Problem
	// Within is the part of a text that is at fault, "" for all of it.
	Within string
}

// Faults are problems of a study's values, an error where there is at least one.
type Faults []Fault

// Error lists every problem on a line of its own.
func (fs Faults) Error() string { return fs.Problems().Error() }

// Problems are the faults without their paths.
func (fs Faults) Problems() Problems {
	var out Problems
	for _, f := range fs {
		out = append(out, f.Problem)
	}
	return out
}

// Err is nil where there are no faults.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}

// Problems are all faults found, an error where there is at least one. The
// command line ends with exit status 3 on it.
type Problems []Problem

// Error lists every problem on a line of its own.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is nil where there are no problems.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// UnknownName is the problem of a name that does not exist among names, with
// the nearest ones as the remedy. What says what was looked for: "variable".
func UnknownName(what, name string, names []string) Problem {
	p := Problem{Message: fmt.Sprintf("there is no %s %q", what, name)}
	if found := near.Names(name, names, 3); len(found) > 0 {
		p.Remedy = "did you mean " + strings.Join(found, ", ") + "?"
	}
	return p
}

// Caret is a line that puts ^ under the character at an offset of a line, both
// printed in letters of one width. East Asian characters take two places, marks
// that combine with the letter before them none; tabs are kept. An offset past
// the end of the line counts on in single places.
func Caret(line string, offset int) string {
	var b strings.Builder
	at := 0
	for _, r := range line {
		if at == offset {
			break
		}
		at++
		switch k := width.LookupRune(r).Kind(); {
		case r == '\t':
			b.WriteByte('\t')
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			b.WriteString("  ")
		case !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
			b.WriteByte(' ')
		}
	}
	return b.String() + strings.Repeat(" ", max(0, offset-at)) + "^"
}
