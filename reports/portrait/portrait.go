// Package portrait makes a page for each segment from a table of answers by segment:
// its size, how it differs from everybody else, and how certain membership is. The
// words are templates around the table's figures.
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
	"surveykit/survey/analysis/segment"
)

// mostShown is the most answers of a portrait, mostNamed the most in its words.
const (
	mostShown = 8
	mostNamed = 3
)

// threshold is the adjusted p-value up to which an answer distinguishes a segment.
const threshold = 0.05

// Pages replaces each table of portraits by a page for each segment; other tables
// stay unchanged.
func Pages(tables []*survey.Tabulation) []*survey.Tabulation {
	var out []*survey.Tabulation
	for _, t := range tables {
		if t.Kind != segment.Portraits.Name {
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
	// tested are its answers that were tested against everybody else, strongest first,
	// telling those that differ, made those that the segments are made of.
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
		Notes: slices.Concat([]string{"Of all answers, those that differ most between the segment and everybody else are shown; the two columns are the segment and everybody, the segment included."}, t.Notes),
	}
	own, everybody := t.Columns[c], t.Columns[0]
	own.Group, own.Letter, everybody.Label = "", "", "Everybody"
	out.Columns = []survey.Column{own, everybody}
	for _, r := range s.shown() {
		row := t.Rows[r]
		row.Label, row.Group, row.Indent = s.answer(r), "", 0
		out.Rows = append(out.Rows, row)
		out.Cells = append(out.Cells, []survey.Cell{t.Cells[r][c], t.Cells[r][0]})
	}
	onlyShares := !slices.ContainsFunc(out.Rows, func(r survey.Row) bool { return !figure.IsShare(r.Kind) })
	if len(s.telling)+len(s.made) > 0 && onlyShares {
		out.Chart = &survey.Chart{Kind: survey.ChartDots, Title: s.headline(), Columns: []string{own.Label, everybody.Label}}
	}
	return out
}

func study(t *survey.Tabulation, c int) subject {
	s := subject{Tabulation: t, column: c, size: -1, certain: -1}
	group := t.Cells[0][c].GroupCodes // the last is of the segments
	name := group[len(group)-1].Variable
	for r := range t.Rows {
		switch e := t.Cells[r][0].Estimate; {
		case e.Variable == name && s.size < 0 && r == c-1:
			s.size = r
		case e.Variable == survey.MembershipName(name, c):
			s.certain = r
		}
	}
	for _, test := range t.Comparisons {
		if test.Column != c || test.Against != survey.Rest || !(test.SE.Float() > 0 || test.Edge != nil) {
			continue
		}
		found := trait{test.Row, test.Difference.Float(), s.strength(test)}
		if s.tested = append(s.tested, found); test.PAdjusted.Float() <= threshold {
			s.telling = append(s.telling, found)
		}
	}
	for r := range t.Rows {
		own := t.Cells[r][c]
		if wording.Has(own, survey.FlagCircular) && !s.isMembership(own.Variable, name) {
			if found, ok := s.untested(r); ok {
				s.made = append(s.made, found)
			}
		}
	}
	for _, traits := range [][]trait{s.tested, s.telling, s.made} {
		slices.SortStableFunc(traits, stronger)
	}
	return s
}

// isMembership reports whether a variable is the segments or the probability of
// belonging to one.
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
// is not known, from t ≈ difference / deviation · √n.
func (s subject) strength(test survey.LetterTest) float64 {
	if p := s.Cells[test.Row][0].Value.Float(); test.Edge != nil || figure.IsShare(s.Rows[test.Row].Kind) {
		return math.Abs(test.Difference.Float()) / math.Sqrt(p*(1-p))
	}
	return math.Abs(test.T.Float()) / math.Sqrt(s.Cells[test.Row][s.column].NEffective.Float())
}

// untested is an answer that differs by construction and is not tested: its difference
// from everybody in standard deviations of the answer; for anything but a share from
// the standard error of everybody's figure.
func (s subject) untested(r int) (found trait, ok bool) {
	own, all := s.Cells[r][s.column], s.Cells[r][0]
	found = trait{row: r, difference: own.Value.Float() - all.Value.Float()}
	deviation := all.SE.Float() * math.Sqrt(all.NEffective.Float())
	if p := all.Value.Float(); figure.IsShare(s.Rows[r].Kind) {
		deviation = math.Sqrt(p * (1 - p))
	}
	found.strength = math.Abs(found.difference) / deviation
	kind := s.Rows[r].Kind
	shown := !wording.Has(own, survey.FlagSuppressed) && !wording.Has(all, survey.FlagSuppressed)
	return found, shown && deviation > 0 && found.strength > 0 && kind != survey.RowCount && kind != survey.RowTotal
}

// shown are the rows of the page: the strongest shares that distinguish the segment or
// that the segments are made of, or without shares the strongest other answers; where
// nothing distinguishes it, the strongest of all, and without answers its size.
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
	return fmt.Sprintf("%s of people (%s)", figure.Percent(e.Value.Float(), 0), figure.Interval(survey.RowShare, e.Low.Float(), e.High.Float(), 0))
}

// inPart reports whether people belong by probability: memberships in the column are
// below 1, so its own share is not 100%.
func (s subject) inPart() bool {
	if s.size < 0 {
		return false
	}
	own := s.Cells[s.size][s.column].Value
	return own.Exists() && own.Float() < 1
}

// words are the portrait's sentences: how the segment differs, also by the answers that
// it is made of, and how certain membership is.
func (s subject) words() []string {
	var out []string
	for _, way := range []struct {
		word   string
		wanted func(difference float64) bool
	}{
		{"more", func(difference float64) bool { return difference > 0 }},
		{"less", func(difference float64) bool { return difference < 0 }},
	} {
		if differ := s.named(s.telling, way.wanted); differ != "" {
			out = append(out, fmt.Sprintf("They stand out by %s of: %s.", way.word, differ))
		}
		if made := s.named(s.made, way.wanted); made != "" {
			out = append(out, fmt.Sprintf("By the answers that the segments are made of, which are not tested, they have %s of: %s.", way.word, made))
		}
	}
	switch {
	case len(out) == 0:
		out = append(out, fmt.Sprintf("No answer here differs from everybody else's at the %s level.", survey.Level(threshold)))
	case len(s.telling) == 0 && len(s.tested) > 0:
		out = append(out, fmt.Sprintf("No other answer here differs from everybody else's at the %s level.", survey.Level(threshold)))
	}
	if certainty := s.certainty(); certainty != "" {
		out = append(out, certainty)
	}
	return out
}

// headline is the strongest answer that distinguishes the segment in words, or what
// the page shows where only the answers that the segments are made of differ.
func (s subject) headline() string {
	shown := s.shown()
	k := slices.IndexFunc(s.telling, func(found trait) bool { return slices.Contains(shown, found.row) })
	if k < 0 {
		return fmt.Sprintf("%s: the answers that the segments are made of", s.Columns[s.column].Label)
	}
	word := "fewer"
	if s.telling[k].difference > 0 {
		word = "more"
	}
	return fmt.Sprintf("%s: %s of them than of others say %s", s.Columns[s.column].Label, word, s.answer(s.telling[k].row))
}

// named are the strongest of some answers in a direction, one for each question, with
// their figures.
func (s subject) named(traits []trait, wanted func(difference float64) bool) string {
	var parts []string
	seen := map[string]bool{}
	for _, found := range traits {
		question := s.Cells[found.row][0].Variable
		if !wanted(found.difference) || len(parts) == mostNamed || seen[question] {
			continue
		}
		own, all := wording.Of(s.Tabulation, found.row, s.column), wording.Of(s.Tabulation, found.row, 0)
		_, ownless := wording.InPlace(s.Cells[found.row][s.column])
		_, allless := wording.InPlace(s.Cells[found.row][0])
		if ownless || allless {
			continue
		}
		seen[question] = true
		parts = append(parts, fmt.Sprintf("%s (%s, everybody %s)", s.answer(found.row), own.Figure, all.Figure))
	}
	return strings.Join(parts, "; ")
}

// certainty says how certain membership is, "" where it is not known.
func (s subject) certainty() string {
	if s.certain < 0 {
		return ""
	}
	e := s.Cells[s.certain][s.column]
	if !e.Value.Exists() || wording.Has(e, survey.FlagSuppressed) {
		return ""
	}
	p := e.Value.Float()
	return fmt.Sprintf("Who belongs is an estimate: on average its people belong to it with a probability of %s, %s.", figure.Percent(p, 0), trust(p))
}

// The mean probabilities from which a segment counts as a group with clear borders, and
// with somewhat blurred ones.
const (
	clear   = 0.9
	blurred = 0.7
)

func trust(p float64) string {
	switch {
	case p >= clear:
		return "so its borders are clear"
	case p >= blurred:
		return "so its borders are somewhat blurred"
	}
	return "so its borders are blurred: read it as a tendency, not as a group"
}
