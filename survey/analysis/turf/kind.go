package turf

import (
	"slices"
	"strings"

	"surveykit/survey"
)

// Reach is the kind of table that holds how many people the items reach one after
// the other: who wants the first, who wants the first or the second, and so on. Its
// rows are shares, one for each item, in the order in which they join, such as
// Search finds it.
var Reach = &survey.TableKind{Name: "reach", Draws: "how many people items reach one after the other", Expand: joined}

// complete says whom a table of reach counts.
const complete = "The base is everybody who answered all items; people who left one of them out do not count, unless the rows say what counts as no answer."

// joined joins the items one after the other, among the people who answered
// all of them: a step's base would otherwise shrink with each item, and reach
// could fall.
func joined(s survey.TableSpec, _ *survey.Table) (survey.TableSpec, *survey.Problem) {
	own := func(r survey.RowSpec) bool { return r.Share == "" || r.By != "" || r.Among != "" }
	if len(s.Rows) < 2 || slices.ContainsFunc(s.Rows, own) {
		return s, survey.TableLacks("two rows of share or more, one for each item in the order in which they join")
	}
	var answered []string
	for _, item := range s.Rows {
		answered = append(answered, "(("+item.Share+") or not ("+item.Share+"))")
	}
	among, reached := strings.Join(answered, " and "), ""
	s.Rows = slices.Clone(s.Rows)
	for i, item := range s.Rows {
		s.Rows[i].Among = among
		if i == 0 {
			reached = "(" + item.Share + ")"
			continue
		}
		reached += " or (" + item.Share + ")"
		s.Rows[i].Share, s.Rows[i].Label = reached, "+ "+item.Title()
	}
	s.Notes = append(slices.Clone(s.Notes), complete)
	if s.Chart != nil && s.Chart.Kind == "" {
		drawn := *s.Chart
		drawn.Kind = survey.ChartReach
		s.Chart = &drawn
	}
	return s, nil
}
