package estimate_test

import (
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// A contrast's figures may hold parentheses, quotes and odd names.
func TestContrastArguments(t *testing.T) {
	text := &survey.Variable{Name: "t (x)", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, 1}), Values: []string{`a) "b`, `it's`}}}
	s := sampletest.Of(t, tableOf(number("y", 0, 5, 10), number("a b", 1, 2, 3), text), survey.Design{})
	for of, want := range map[string]float64{
		"mean((y + `a b`) * 2) - 1":           13,
		"share(`t (x)` == 'a) \"b')":          1.0 / 3,
		`share(` + "`t (x)`" + ` == "it's")`:  2.0 / 3,
		`share(` + "`t (x)`" + ` == 'it\'s')`: 2.0 / 3,
		"mean(y>3) + total( y ) / 1e1":        2.0/3 + 1.5,
		"2 * -mean(y) - - 1.5":                -8.5,
	} {
		records, err := s.Contrast(of)
		if r := one(t, records, err); !near(r.Value, want, exact) {
			t.Errorf("%s is %v, want %v", of, r.Value.Float(), want)
		}
	}
}

// FuzzContrast: any text is a contrast or a list of problems.
func FuzzContrast(f *testing.F) {
	for _, s := range []string{"mean(y) / mean(x) - 1", "share(y >= 4) - share(x in [1, 2])", "exp(log(total(y)))", "-sqrt(mean(`y`))", "mean(share(y))", "mean", "mean()", "y.mean(x)", "mean(y)(x)"} {
		f.Add(s)
	}
	s := sampletest.Of(f, tableOf(number("y", 1, 2, 4), number("x", 3, 2, 2)), survey.Design{})
	f.Fuzz(func(t *testing.T, source string) {
		records, err := s.Contrast(source)
		if _, ok := err.(survey.Problems); err != nil && !ok {
			t.Errorf("%q: %v", source, err)
		}
		if err == nil && len(records) != 1 {
			t.Errorf("%q: %d records", source, len(records))
		}
	})
}

// Answers far from zero keep the digits of their spread.
func TestContrastKeepsDigits(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("w", 1, 2, 2, 5), number("y", 1, 2, 4, 7), number("far", 1e12+1, 1e12+2, 1e12+4, 1e12+7)), survey.Design{Weight: "w"})
	records, err := s.Contrast("mean(y)")
	plain := one(t, records, err)
	records, err = s.Contrast("mean(far) - 1000000000000")
	if far := one(t, records, err); !near(far.SE, plain.SE.Float(), exact) {
		t.Errorf("SE %v, from far %v", plain.SE.Float(), far.SE.Float())
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{"", "v", "v:", "v:0", "v:-1", ":2", "v:x"} {
		if b, err := estimate.ParseBox(bad); err == nil {
			t.Errorf("box %q is %v", bad, b)
		}
	}
	for _, bad := range []string{":9-10,0-6", "v:", "v:9", "v:9-10,9-10", "v:10-9,0", "v:a,b", "v:5-7,0-5", "v:1.2.3,0"} {
		if p, err := estimate.ParsePromoters(bad); err == nil {
			t.Errorf("promoters %q are %v", bad, p)
		}
	}
	p, err := estimate.ParsePromoters("a:b:1-2,-3--1")
	if want := (estimate.Promoters{Variable: "a:b", Promoting: estimate.Range{Low: 1, High: 2}, Detracting: estimate.Range{Low: -3, High: -1}}); err != nil || p != want {
		t.Errorf("%v, %v", p, err)
	}
	for _, bad := range []string{"", "a", "a,", ",b", "a,b,c"} {
		if a, b, err := estimate.ParsePair(bad); err == nil {
			t.Errorf("pair %q is %s, %s", bad, a, b)
		}
	}
	for _, bad := range []string{"", ":", "v:", ":x"} {
		if p, err := estimate.ParsePart(bad, estimate.Rest); err == nil {
			t.Errorf("part %q is %v", bad, p)
		}
	}
}

// What cannot be estimated is refused with the fault named.
func TestRefusals(t *testing.T) {
	text := &survey.Variable{Name: "t", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 0, 0}), Values: []string{"x"}}}
	s := sampletest.Of(t, tableOf(number("y", 0, 5, 11), number("a b", 1, 2, 3), text), survey.Design{})
	for _, c := range []struct{ statistic, of, message string }{
		{"geometric_mean", "y", `row 1, column y, value "0"`},
		{"nps", "y", `row 3, column y, value "11"`},
		{"top_box", "y:3", "contains all 3 codes"},
		{"variance", "t", "is text"},
		{"correlation", "y,why", `no variable "why"`},
		{"correlation", "wye,why", `no variable "wye"`},
		{"contrast", "mean(t)", "text"},
		{"contrast", "mean(why) + total(wye)", `no variable "wye"`},
		{"contrast", "y / 2", "write mean(y)"},
		{"contrast", "1 + 2", "has no figures"},
		{"contrast", "", "unexpected token EOF"},
		{"contrast", "mean(y", "unexpected"},
		{"contrast", "mean(y) ** 2", "not part of a contrast"},
		{"contrast", "mean(y) > 2", "not part of a contrast"},
		{"contrast", "median(y)", `no function "median"`},
		{"contrast", "max(mean(y), 1)", `no function "max"`},
		{"contrast", "exp(mean(y), 2)", "takes one argument"},
		{"contrast", "mean(y, t)", "takes one argument"},
		{"contrast", "share(y)", "not a condition"},
		{"contrast", strings.Repeat("(", 3000), "more than"},
	} {
		_, err := estimated(t, s, c.statistic, c.of)
		if _, ok := err.(survey.Problems); !ok || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s %s: %v, want %q", c.statistic, c.of, err, c.message)
		}
	}
}
