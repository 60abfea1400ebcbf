package survey

import (
	"cmp"
	"fmt"
)

// Analysis is what a study asks of an analysis: the value of a key that the
// analysis adds to the study, to a recode or to a table. Package analysis lists
// them all; the packages that read and make a study name none.
type Analysis interface {
	// Key is the key that the value has in the study file.
	Key() string
}

// Model is an analysis that makes a variable of the respondents once their
// weights are known. The values of its key are a list.
type Model interface {
	Analysis
	// Makes is the name of the variable.
	Makes() string
}

// ModelPath is the path of the k-th model in the study file.
func (s *Study) ModelPath(k int) string {
	place := 0
	for _, m := range s.Models[:k] {
		if m.Key() == s.Models[k].Key() {
			place++
		}
	}
	return fmt.Sprintf("$.%s[%d]", s.Models[k].Key(), place)
}

// TableKind lays tables out in a way of its own.
type TableKind struct {
	// Name is how studies call it, Draws what it makes of one, for the schema.
	Name, Draws string
	// Expand returns the ordinary table that one of the kind means; rows that it adds
	// come first. The data are those of the study. The problem says what the kind lacks.
	Expand func(TableSpec, *Table) (TableSpec, *Problem)
	// Check finds what is wrong with the rows that the table comes to have; nil finds nothing.
	Check func([]Row) *Problem
	// Finish adds to the finished table what the kind has to say; nil adds nothing.
	Finish func(*Tabulation)
}

// String is the kind's name.
func (k *TableKind) String() string {
	if k == nil {
		return ""
	}
	return k.Name
}

// MarshalText writes the kind's name.
func (k *TableKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Equal reports whether two kinds are the same one.
func (k *TableKind) Equal(other *TableKind) bool { return k == other }

// TableLacks is the problem of a table that is not what its kind needs.
func TableLacks(what string) *Problem {
	return &Problem{Message: "this kind of table needs " + what, Remedy: "change its rows, or leave kind out"}
}

// Title is the label of a row of a share, or else its condition.
func (r RowSpec) Title() string { return cmp.Or(r.Label, r.Share) }
