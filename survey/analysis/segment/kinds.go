package segment

import (
	"cmp"

	"surveykit/survey"
)

// Profile is the kind of table that holds every row by segment, as percentages
// and as index numbers against everybody. Its columns are the segments.
var Profile = &survey.TableKind{
	Name: "profile", Draws: "all rows by segment, as percentages and as index numbers",
	Expand: func(s survey.TableSpec, _ *survey.Table) (survey.TableSpec, *survey.Problem) {
		if len(s.Rows) == 0 || len(s.Columns) == 0 {
			return s, survey.TableLacks("rows, and the segments as columns")
		}
		if len(s.Show) == 0 {
			s.Show = []survey.ShownAs{survey.AsPercent, survey.AsIndex}
		}
		return s, nil
	},
}

// Portraits is the kind of table that is a page a segment: its size, what tells
// its people from everybody else, how certain membership is. Its column is one
// variable of segments.
var Portraits = &survey.TableKind{Name: "portraits", Draws: "a page for each segment", Expand: portrayed}

// portrayed begins with rows of the segments' sizes: the share of each and, where
// there are probabilities of membership, the mean of each. Nothing of it is
// tested: that everybody of a segment is in it is no finding.
func portrayed(s survey.TableSpec, t *survey.Table) (survey.TableSpec, *survey.Problem) {
	switch {
	case len(s.Rows) == 0 || len(s.Columns) != 1 || s.Columns[0].Variable == "" && s.Columns[0].Membership == "":
		return s, survey.TableLacks("rows, and one variable of segments as its columns")
	case s.Total != nil && !*s.Total || len(s.Show) > 0 || s.Sort != nil || len(s.Changes)+len(s.Trends) > 0:
		return s, survey.TableLacks("its column of everybody, and neither show, sort, changes nor trends")
	}
	s.Tests.Against = cmp.Or(s.Tests.Against, "rest")
	name := cmp.Or(s.Columns[0].Variable, s.Columns[0].Membership)
	sizes := []survey.RowSpec{{Variable: name, Untested: true}}
	for k := 1; t.Lookup(survey.MembershipName(name, k)) != nil; k++ {
		sizes = append(sizes, survey.RowSpec{Mean: survey.MembershipName(name, k), Untested: true})
	}
	s.Rows = append(sizes, s.Rows...)
	return s, nil
}
