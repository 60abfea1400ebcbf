package survey

// expandReach joins the items one after the other.
func expandReach(s *TableSpec) *Problem {
	if p := s.shares(2, "two rows of share or more, one for each item in the order in which they join"); p != nil {
		return p
	}
	reached := ""
	for i, item := range s.Rows {
		if i == 0 {
			reached = "(" + item.Share + ")"
			continue
		}
		reached += " or (" + item.Share + ")"
		s.Rows[i].Share, s.Rows[i].Label = reached, "+ "+item.title()
	}
	if s.Chart != nil && s.Chart.Kind == "" {
		drawn := *s.Chart
		drawn.Kind = ChartReach
		s.Chart = &drawn
	}
	return nil
}
