// Package portrait makes a page of each segment out of a table of answers by
// segment: how many they are, what tells them from everybody else, and how
// certain it is who belongs. The words are templates around the table's figures.
package portrait

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// most answers that a portrait shows, and that its words name.
const (
	mostShown = 8
	mostNamed = 3
)

// threshold is the adjusted p-value up to which an answer tells a segment.
const threshold = 0.05

// Pages puts a page a segment in the place of each table of portraits; other
// tables stay as they are.
func Pages(tables []*survey.Tabulation) []*survey.Tabulation {
	var out []*survey.Tabulation
	for _, t := range tables {
		if t.Kind != survey.TablePortraits {
			out = append(out, t)
			continue
		}
		for c := 1; c < len(t.Columns); c++ {
			out = append(out, page(t, c))
		}
	}
	return out
}

// subject is what a table of portraits says of one segment.
type subject struct {
	*survey.Tabulation
	column int
	// size is the row of its share, certain the row of its members' mean
	// probability; -1 where there is none.
	size, certain int
	// tested are its answers that were tested against everybody else, strongest
	// first, telling those that tell it, made those that the segments are made of.
	tested, telling, made []trait
}

// trait is an answer of a segment: its difference from everybody else or, where
// that was not tested, from everybody, and the strength of that.
type trait struct {
	row                  int
	difference, strength float64
}

// page is the portrait of the segment under a column.
func page(t *survey.Tabulation, c int) *survey.Tabulation {
	s := study(t, c)
	name := t.Columns[c].Label
	out := &survey.Tabulation{
		ID: fmt.Sprintf("%s_%d", t.ID, c), Title: strings.TrimSuffix(fmt.Sprintf("%s: %s", name, s.share()), ": "),
		Base: t.Base, Filter: t.Filter, Legend: slices.Concat(s.words(), t.Legend), Rounding: t.Rounding,
		Notes: slices.Concat([]string{"Answers are chosen by how strongly they tell the segment from everybody else, of all that the study asks for; the columns beside each other are the segment and everybody, the segment included."}, t.Notes),
	}
	segment, everybody := t.Columns[c], t.Columns[0]
	segment.Group, segment.Letter, everybody.Label = "", "", "Everybody"
	out.Columns = []survey.Column{segment, everybody}
	for _, r := range s.shown() {
		row := t.Rows[r]
		row.Label, row.Group, row.Indent = s.answer(r), "", 0
		out.Rows = append(out.Rows, row)
		out.Cells = append(out.Cells, []survey.Cell{t.Cells[r][c], t.Cells[r][0]})
	}
	if len(s.telling)+len(s.made) > 0 && drawable(out) {
		out.Chart = &survey.Chart{Kind: survey.ChartDots, Title: s.headline(), Columns: []string{segment.Label, everybody.Label}}
	}
	return out
}

// drawable reports whether all rows are shares, which one scale can hold.
func drawable(t *survey.Tabulation) bool {
	return !slices.ContainsFunc(t.Rows, func(r survey.Row) bool { return !figure.IsShare(r.Kind) })
}

func study(t *survey.Tabulation, c int) subject {
	s := subject{Tabulation: t, column: c, size: -1, certain: -1}
	name := variable(t, c)
	for r := range t.Rows {
		switch e := t.Cells[r][0].Estimate; {
		case e.Variable == name && s.size < 0 && r == c-1:
			s.size = r
		case e.Variable == survey.MembershipName(name, c):
			s.certain = r
		}
	}
	for _, test := range t.Comparisons {
		if test.Column != c || test.Against != survey.Rest || !(test.SE > 0 || test.Edge != nil) {
			continue
		}
		found := trait{test.Row, float64(test.Difference), s.strength(test)}
		if s.tested = append(s.tested, found); test.PAdjusted <= threshold {
			s.telling = append(s.telling, found)
		}
	}
	for r := range t.Rows {
		own := t.Cells[r][c]
		if wording.Has(own, survey.FlagCircular) && !s.isMembership(own.Variable, name) {
			if found, ok := s.beside(r); ok {
				s.made = append(s.made, found)
			}
		}
	}
	for _, traits := range [][]trait{s.tested, s.telling, s.made} {
		slices.SortStableFunc(traits, stronger)
	}
	return s
}

// isMembership reports whether a variable is that of the segments, or of the
// probabilities to belong to one.
func (s subject) isMembership(variable, segments string) bool {
	for k := 1; k < len(s.Columns); k++ {
		if variable == survey.MembershipName(segments, k) {
			return true
		}
	}
	return variable == segments
}

func stronger(a, b trait) int { return cmp.Compare(b.strength, a.strength) }

// strength is the difference from everybody else in standard deviations of the
// answer: √(p(1−p)) of a share of everybody, and otherwise, where the deviation
// is not at hand, from t ≈ difference / deviation · √n.
func (s subject) strength(test survey.LetterTest) float64 {
	if p := float64(s.Cells[test.Row][0].Value); test.Edge != nil || figure.IsShare(s.Rows[test.Row].Kind) {
		return math.Abs(float64(test.Difference)) / math.Sqrt(p*(1-p))
	}
	return math.Abs(float64(test.T)) / math.Sqrt(float64(s.Cells[test.Row][s.column].NEffective))
}

// beside is an answer that differs by construction, which nobody tested: its
// difference from everybody in standard deviations of the answer, for anything
// but a share by the standard error of everybody's figure.
func (s subject) beside(r int) (found trait, ok bool) {
	own, all := s.Cells[r][s.column], s.Cells[r][0]
	found = trait{row: r, difference: float64(own.Value - all.Value)}
	deviation := float64(all.SE) * math.Sqrt(float64(all.NEffective))
	if p := float64(all.Value); figure.IsShare(s.Rows[r].Kind) {
		deviation = math.Sqrt(p * (1 - p))
	}
	found.strength = math.Abs(found.difference) / deviation
	kind := s.Rows[r].Kind
	shown := !wording.Has(own, survey.FlagSuppressed) && !wording.Has(all, survey.FlagSuppressed)
	return found, shown && deviation > 0 && found.strength > 0 && kind != survey.RowCount && kind != survey.RowTotal
}

// variable of a column's segments.
func variable(t *survey.Tabulation, c int) string {
	group := t.Cells[0][c].GroupCodes
	return group[len(group)-1].Variable
}

// shown are the rows of the page: the strongest shares that tell the segment or
// that the segments are made of, or where there are none the strongest of all;
// where nothing tells it, those that come nearest, and its size where there are
// none.
func (s subject) shown() []int {
	traits := slices.Concat(s.telling, s.made)
	if len(traits) == 0 {
		traits = s.tested
	}
	slices.SortStableFunc(traits, stronger)
	var shares, all []int
	for _, found := range traits {
		all = append(all, found.row)
		if figure.IsShare(s.Rows[found.row].Kind) {
			shares = append(shares, found.row)
		}
	}
	if len(shares) == 0 {
		shares = all
	}
	if len(shares) == 0 && s.size >= 0 {
		return []int{s.size}
	}
	return shares[:min(mostShown, len(shares))]
}

// answer names a row with the question that it answers.
func (s subject) answer(r int) string {
	row := s.Rows[r]
	if row.Group == "" || row.Group == row.Label {
		return row.Label
	}
	return row.Group + ": " + row.Label
}

// share is the segment's size in words, "" where it is not shown.
func (s subject) share() string {
	r, c := s.size, 0
	if s.certain >= 0 && s.inPart() {
		r = s.certain
	}
	if r < 0 || !s.Cells[r][c].Value.Exists() || wording.Has(s.Cells[r][c], survey.FlagSuppressed) {
		return ""
	}
	e := s.Cells[r][c]
	return fmt.Sprintf("%s of people (%s)", figure.Percent(float64(e.Value), 0), figure.Interval(survey.RowShare, float64(e.Low), float64(e.High), 0))
}

// inPart reports whether people count by probability: nobody's membership in
// the column is whole, so its own share is not 100%.
func (s subject) inPart() bool {
	if s.size < 0 {
		return false
	}
	own := s.Cells[s.size][s.column].Value
	return own.Exists() && own < 1
}
