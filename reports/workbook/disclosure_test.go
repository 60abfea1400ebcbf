package workbook

import (
	"slices"
	"strings"
	"testing"

	"surveykit/reports/disclosure"
	"surveykit/reports/figure"
	"surveykit/survey"
)

func TestDisclosures(t *testing.T) {
	b := sampleBook()
	b.Disclosure = disclosure.Facts(survey.Disclosure{Sponsor: "A foundation", Contact: "us@example.org", Published: "example.org"})
	items := disclosures(b)
	var stated []string
	for _, d := range items {
		if d.stated() {
			stated = append(stated, d.Label)
		}
	}
	if want := []string{"Sponsor", "Published at", "Contact", "Sample size and precision", "Question wording"}; !slices.Equal(stated, want) {
		t.Errorf("stated %v, want %v", stated, want)
	}
	lines := summary(items)
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "BPC: 5 of ") || strings.Contains(lines[0], "Languages") || !strings.Contains(lines[1], "Languages") {
		t.Errorf("summary %q", lines)
	}
	f := opened(t, b)
	_, row := find(t, f, disclosureSheet, "Languages")
	for column, want := range map[int]string{2: "Not stated", 4: figure.Missing, 5: unstatedText, 6: figure.Missing} {
		if got := raw(t, f, disclosureSheet, column, row); got != want {
			t.Errorf("languages, column %d: %q, want %q", column, got, want)
		}
	}
	_, row = find(t, f, disclosureSheet, "Published at")
	if got := raw(t, f, disclosureSheet, 4, row); got != statedText {
		t.Errorf("published under BPC: %q", got)
	}
}

func TestWordingText(t *testing.T) {
	with, without := &survey.Tabulation{Question: "Why?"}, &survey.Tabulation{}
	for want, tables := range map[string][]*survey.Tabulation{
		"": {without}, "The question is above every table.": {with, with}, "The question is above 1 of 2 tables.": {with, without},
	} {
		if got := wordingText(&survey.Book{Tables: tables}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
