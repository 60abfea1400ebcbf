package portrait

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// words are the portrait's sentences: what tells the segment, what it is made of
// and how certain membership is.
func (s subject) words() []string {
	var out []string
	for _, way := range []struct {
		word   string
		wanted func(difference float64) bool
	}{
		{"more", func(difference float64) bool { return difference > 0 }},
		{"less", func(difference float64) bool { return difference < 0 }},
	} {
		if told := s.named(s.telling, way.wanted); told != "" {
			out = append(out, fmt.Sprintf("They stand out by %s of: %s.", way.word, told))
		}
		if made := s.named(s.made, way.wanted); made != "" {
			out = append(out, fmt.Sprintf("By the answers that the segments are made of, which are not tested, they have %s of: %s.", way.word, made))
		}
	}
	switch {
	case len(out) == 0:
		out = append(out, fmt.Sprintf("Nothing that was asked here tells them from everybody else at the %s level.", survey.Level(threshold)))
	case len(s.telling) == 0 && len(s.tested) > 0:
		out = append(out, fmt.Sprintf("Nothing else that was asked here tells them from everybody else at the %s level.", survey.Level(threshold)))
	}
	if certainty := s.certainty(); certainty != "" {
		out = append(out, certainty)
	}
	return out
}

// headline is the strongest answer that tells the segment in words, or what the
// page shows where only the answers that made the segments differ.
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

// named are the strongest of some answers in a direction, one a question, with
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

// certainty says how sure membership is, "" where nothing is known of it.
func (s subject) certainty() string {
	if s.certain < 0 {
		return ""
	}
	e := s.Cells[s.certain][s.column]
	if !e.Value.Exists() || wording.Has(e, survey.FlagSuppressed) {
		return ""
	}
	p := float64(e.Value)
	return fmt.Sprintf("Who belongs is an estimate: on average its people belong to it with a probability of %s, %s.", figure.Percent(p, 0), trust(p))
}

// The mean probabilities from which a segment's figures may be read as those of
// a group with clear borders, and as those of one with blurred ones.
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
