package survey

import (
	"slices"
	"strings"
)

// CompleteReach says whom a table of reach counts.
const CompleteReach = "The base is everybody who answered all items; people who left one of them out do not count, unless the rows say what stands for no answer."

// expandReach joins the items one after the other, among the people who answered
// all of them: a step's base would otherwise shrink with each item, and reach
// could fall.
func expandReach(s *TableSpec) *Problem {
	if p := s.shares(2, "two rows of share or more, one for each item in the order in which they join"); p != nil {
		return p
	}
	var answered []string
	for _, item := range s.Rows {
		answered = append(answered, "(("+item.Share+") or not ("+item.Share+"))")
	}
	among, reached := strings.Join(answered, " and "), ""
	for i, item := range s.Rows {
		s.Rows[i].Among = among
		if i == 0 {
			reached = "(" + item.Share + ")"
			continue
		}
		reached += " or (" + item.Share + ")"
		s.Rows[i].Share, s.Rows[i].Label = reached, "+ "+item.title()
	}
	s.Notes = append(slices.Clone(s.Notes), CompleteReach)
	if s.Chart != nil && s.Chart.Kind == "" {
		drawn := *s.Chart
		drawn.Kind = ChartReach
		s.Chart = &drawn
	}
	return nil
}
