package survey

import (
	"fmt"
	"slices"
)

// TableKind names a table of the field of personal data and privacy: what its
// rows are made of.
type TableKind string

// The kinds of table. Each takes its shares from the table's rows.
const (
	// TableConcern adds how many times likelier each category of data is to
	// concern people than each one after it. Rows: a share a category.
	TableConcern TableKind = "concern"
	// TableRewards sorts the rewards by how many they would move, and keeps the
	// shares that follow, such as who gives data for nothing. Rows: the set of
	// rewards, then shares.
	TableRewards TableKind = "rewards"
	// TableFunnel adds to each step the share of those who took the step before.
	// Rows: a share a step, in order (asked, read, abandoned).
	TableFunnel TableKind = "opt_out_funnel"
	// TableGap holds what people say against what they do. Rows: the share who
	// say it, the share who act on it.
	TableGap TableKind = "attitude_behaviour_gap"
	// TableChannels sorts the channels. Rows: the set of channels, and the one
	// preferred most where it was asked.
	TableChannels TableKind = "channels"
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
		TableConcern: expandConcern, TableRewards: expandSorted, TableFunnel: expandFunnel,
		TableGap: expandGap, TableChannels: expandSorted, TableQuadrants: expandQuadrants, TableReach: expandReach,
		TableProfile: expandProfile, TablePortraits: expandPortraits,
	}
	if s.Kind == "" {
		return s, nil
	}
	expand := kinds[s.Kind]
	if expand == nil {
		p := UnknownName("kind of table", string(s.Kind), []string{string(TableConcern), string(TableRewards), string(TableFunnel), string(TableGap), string(TableChannels), string(TableQuadrants), string(TableReach), string(TableProfile), string(TablePortraits)})
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

func expandConcern(s *TableSpec) *Problem {
	if p := s.shares(2, "two rows of share or more, one for each category"); p != nil {
		return p
	}
	categories := s.Rows
	for i, a := range categories {
		for _, b := range categories[i+1:] {
			s.Rows = append(s.Rows, RowSpec{
				Ratio: &RatioSpec{Share: a.Share, Over: b.Share},
				Label: a.title() + " to " + b.title(),
			})
		}
	}
	return nil
}

// expandSorted orders a set by its figures.
func expandSorted(s *TableSpec) *Problem {
	if len(s.Rows) == 0 || s.Rows[0].Variable == "" {
		return s.needs("a variable or set as its first row")
	}
	if s.Sort == nil {
		s.Sort = &SortSpec{}
	}
	return nil
}

func expandFunnel(s *TableSpec) *Problem {
	if p := s.shares(2, "two rows of share or more, one for each step"); p != nil {
		return p
	}
	steps := s.Rows
	for i, step := range steps[1:] {
		before := steps[i]
		s.Rows = append(s.Rows, RowSpec{
			Share: step.Share, Among: before.Share,
			Label: fmt.Sprintf("%s, of: %s", step.title(), before.title()),
		})
	}
	return nil
}

func expandGap(s *TableSpec) *Problem {
	if p := s.shares(2, "two rows of share: what people say, what they do"); p != nil {
		return p
	}
	if len(s.Rows) > 2 {
		return s.needs("two rows of share: what people say, what they do")
	}
	say, act := s.Rows[0], s.Rows[1]
	s.Rows = append(s.Rows,
		RowSpec{Share: fmt.Sprintf("(%s) and not (%s)", say.Share, act.Share), Label: fmt.Sprintf("%s, but not: %s", say.title(), act.title())},
		RowSpec{Share: fmt.Sprintf("not (%s)", act.Share), Among: say.Share, Label: fmt.Sprintf("Not: %s, of: %s", act.title(), say.title())},
		RowSpec{Gap: &GapSpec{Share: say.Share, Minus: act.Share}, Label: fmt.Sprintf("Gap: %s less %s", say.title(), act.title())},
	)
	return nil
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
