package survey

import (
	"slices"
)

// TableKind names a table that is laid out in a way of its own.
type TableKind string

// The kinds of table.
const (
	// TableQuadrants sorts items into four quadrants by two figures each, both
	// against the mean over the items. Rows: two blocks with a row for each item
	// (importance and performance, willingness and benefit).
	TableQuadrants TableKind = "importance_performance"
	// TableReach holds how many people the items reach one after the other: who
	// wants the first, who wants the first or the second, and so on. Rows: a share an
	// item, in the order in which they join, such as surveykit turf finds it.
	TableReach TableKind = "reach"
	// TableProfile holds every row by segment, as percentages and as index
	// numbers against everybody. Columns: the segments.
	TableProfile TableKind = "profile"
	// TablePortraits is a page a segment: its size, what tells its people from
	// everybody else, how certain membership is. Columns: the segments.
	TablePortraits TableKind = "portraits"
)

// Expand returns the ordinary table that a table of a kind stands for; one
// without a kind is its own. The problem says what the kind lacks.
func (s TableSpec) Expand() (TableSpec, *Problem) {
	kinds := map[TableKind]func(*TableSpec) *Problem{
		TableQuadrants: expandQuadrants, TableReach: expandReach, TableProfile: expandProfile, TablePortraits: expandPortraits,
	}
	if s.Kind == "" {
		return s, nil
	}
	expand := kinds[s.Kind]
	if expand == nil {
		p := UnknownName("kind of table", string(s.Kind), []string{string(TableQuadrants), string(TableReach), string(TableProfile), string(TablePortraits)})
		return s, &p
	}
	s.Rows = slices.Clone(s.Rows)
	return s, expand(&s)
}

// needs words what the rows of a kind must be.
func (s *TableSpec) needs(what string) *Problem {
	return &Problem{Value: string(s.Kind), Message: "this kind of table needs " + what, Remedy: "change its rows, or leave kind out"}
}

// shares checks that the rows are plain shares, at least so many of them.
func (s *TableSpec) shares(least int, what string) *Problem {
	for _, r := range s.Rows {
		if r.Share == "" || r.By != "" || r.Among != "" {
			return s.needs(what)
		}
	}
	if len(s.Rows) < least {
		return s.needs(what)
	}
	return nil
}

func (r RowSpec) title() string {
	if r.Label != "" {
		return r.Label
	}
	return r.Share
}

func expandQuadrants(s *TableSpec) *Problem {
	if len(s.Rows) != 2 || s.Rows[0].Group == "" || s.Rows[1].Group == "" {
		return s.needs("two rows of group, one for each direction of the quadrants")
	}
	return nil
}

func expandProfile(s *TableSpec) *Problem {
	if len(s.Rows) == 0 || len(s.Columns) == 0 {
		return s.needs("rows, and the segments as columns")
	}
	if len(s.Show) == 0 {
		s.Show = []ShownAs{AsPercent, AsIndex}
	}
	return nil
}

func expandPortraits(s *TableSpec) *Problem {
	switch {
	case len(s.Rows) == 0 || len(s.Columns) != 1 || s.Columns[0].Variable == "" && s.Columns[0].Membership == "":
		return s.needs("rows, and one variable of segments as its columns")
	case s.Total != nil && !*s.Total || len(s.Show) > 0 || s.Sort != nil || len(s.Changes)+len(s.Trends) > 0:
		return s.needs("its column of everybody, and neither show, sort, changes nor trends")
	}
	if s.Tests.Against == "" {
		s.Tests.Against = "rest"
	}
	return nil
}
