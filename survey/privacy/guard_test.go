package privacy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"surveykit/survey"
)

func people() *survey.Table {
	t := table(
		numbers("gave_consent", 1, 2, 1, math.NaN()),
		texts("email", "ada@example.org", "kim@example.org", "ana@example.org", "jo@example.org"),
		texts("town", "Oslo", "Rome", "Oslo", "Bern"),
		numbers("phone_home", 1, 2, 3, 4), numbers("phone_work", 1, 2, 3, 4), numbers("q1", 5, 4, 3, 2),
	)
	one := survey.NumberValue(1)
	t.Sets = []survey.MultipleResponse{{Name: "$phones", Variables: []string{"phone_home", "phone_work"}, Counted: &one}, {Name: "both", Variables: []string{"phone_home", "q1"}}}
	t.Weight = "phone_work"
	t.Notices = survey.Notices{
		{Variables: []string{"email"}, Text: "email is text: 4 of its 4 values are not plain numbers, first in row 1"},
		{Variables: []string{"town"}, Value: "Oslo", Text: "town: first Oslo"}, {Variables: []string{"town"}, Value: "Bern", Text: "town: last Bern"},
		{Variables: []string{"town", "email"}, Text: "cells of email, of town and of phones"}, {Text: "the text was read with ; and phones"},
	}
	return t
}

func apply(t *testing.T, spec survey.PrivacySpec) *survey.Table {
	t.Helper()
	out, err := NewGuard(spec).Apply(people())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGuardDropsColumns(t *testing.T) {
	out := apply(t, survey.PrivacySpec{Drop: []string{"email", "phones"}})
	if got := strings.Join(out.Names(), " "); got != "gave_consent town q1" {
		t.Errorf("columns %s", got)
	}
	if len(out.Sets) != 1 || !slices.Equal(out.Sets[0].Variables, []string{"q1"}) || out.Weight != "" {
		t.Errorf("sets %v, weight %q", out.Sets, out.Weight)
	}
	want := []string{"town: first Oslo", "town: last Bern", "cells of email, of town and of phones", "the text was read with ; and phones", "dropped while the file was read: email, phone_home, phone_work"}
	if !slices.Equal(out.Notices.Texts(), want) {
		t.Errorf("notices %q", out.Notices)
	}
	if s := out.Sources[0]; s.Dropped != 3 || s.WithoutConsent != 0 || s.Rows != 4 {
		t.Errorf("source %+v", s)
	}
}

func TestGuardAsksForConsent(t *testing.T) {
	out := apply(t, survey.PrivacySpec{Drop: []string{"gave_*"}, Consent: "gave_consent == 1"})
	if out.Rows != 2 || out.Lookup("gave_consent") != nil || !slices.Equal(out.Lookup("q1").Numbers.Slice(), []float64{5, 3}) {
		t.Errorf("%d rows, %v", out.Rows, out.Names())
	}
	if town := out.Lookup("town").Texts; !slices.Equal(town.Values, []string{"Oslo"}) || !slices.Equal(town.Index.Slice(), []int32{0, 0}) {
		t.Errorf("towns %v: those of people without consent are gone", town.Values)
	}
	if got := strings.Join(out.Notices.Texts(), "\n"); strings.Contains(got, "Bern") || !strings.Contains(got, "2 of 4 rows have no consent (gave_consent == 1 is false)") {
		t.Errorf("notices %s", got)
	}
	if got := Sentences(out.Sources); len(got) != 2 || !strings.HasPrefix(got[0], "2 of 4 interviews (50.0%) are without consent") || !strings.HasPrefix(got[1], "1 columns") {
		t.Errorf("sentences %q", got)
	}
	if before := people(); before.Rows != 4 || before.Sources[0].Dropped != 0 {
		t.Error("the table that was read has changed")
	}
}

// Readers cut texts out of one block: what stays must not keep the block.
func TestGuardCopiesWhatStays(t *testing.T) {
	block := strings.Repeat("Oslo,ada@example.org;", 2)
	town, email := texts("town"), texts("email")
	town.Texts = &survey.TextColumn{Index: survey.NewPlaces([]int32{0}), Values: []string{block[:4]}}
	email.Texts = &survey.TextColumn{Index: survey.NewPlaces([]int32{0}), Values: []string{block[5:20]}}
	out, err := NewGuard(survey.PrivacySpec{Drop: []string{"email"}}).Apply(table(town, email))
	if err != nil {
		t.Fatal(err)
	}
	if kept := out.Lookup("town").Texts.Values[0]; kept != "Oslo" || unsafe.StringData(kept) == unsafe.StringData(block) {
		t.Errorf("%q still stands in the reader's block", kept)
	}
}

func TestGuardLetsEverythingThrough(t *testing.T) {
	in := people()
	if out, err := NewGuard(survey.PrivacySpec{}).Apply(in); out != in || err != nil || Sentences(in.Sources) != nil {
		t.Errorf("%v, %v", out, err)
	}
}

func TestGuardProblems(t *testing.T) {
	for consent, want := range map[string]string{"town == 'Paris'": "no category has this label", "agreed == 1": "no variable", "q1 > 9": "no row has consent", "q1 +": ""} {
		if _, err := NewGuard(survey.PrivacySpec{Consent: consent}).Apply(people()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v does not say %q", consent, err, want)
		}
	}
	g := NewGuard(survey.PrivacySpec{Drop: []string{"emial", "town", "[", "q1*"}})
	if _, err := g.Apply(people()); err != nil {
		t.Fatal(err)
	}
	unmatched := g.Unmatched()
	if len(unmatched) != 2 || unmatched[0].Remedy != "did you mean email?" || unmatched[2].Message == "" {
		t.Errorf("unmatched %v", unmatched)
	}
	if !g.Drops("q12") || g.Drops("email") {
		t.Error("Drops follows the patterns")
	}
}

// Whatever is dropped and whoever consents, the rows that stay are those of a
// plain filter, and columns that stay have them.
func TestGuardIsAFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "rows")
		consent, text, want := numbers("consent"), []string{}, []string{}
		for i := range n {
			x := float64(rapid.IntRange(0, 1).Draw(t, "consents"))
			consent.Numbers.Append(x)
			text = append(text, rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "answer"))
			if x == 1 {
				want = append(want, text[i])
			}
		}
		consent.Codes = []survey.Code{{Value: survey.NumberValue(1), Label: "Yes"}}
		out, err := NewGuard(survey.PrivacySpec{Consent: "consent == 1"}).Apply(table(consent, texts("q", text...)))
		if len(want) == 0 {
			if err == nil {
				t.Fatal("nobody consents, and there is a table")
			}
			return
		}
		q := out.Lookup("q")
		var got []string
		for i := range q.Len() {
			x, _ := q.At(i)
			got = append(got, x.Text)
		}
		if err != nil || out.Rows != len(want) || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%q, want %q (%v)", got, want, err)
		}
	})
}
