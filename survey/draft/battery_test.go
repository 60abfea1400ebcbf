package draft

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// Items of one question are found by names, wordings and answers alike; questions that
// are merely numbered, or have other answers, stay alone.
func TestBatteries(t *testing.T) {
	const n = 40
	nan := math.NaN()
	words := func(name, label string, of ...string) *survey.Variable {
		xs := make([]string, n)
		for i := range xs {
			xs[i] = of[i%len(of)]
		}
		v := texts(name, label, xs...)
		if k := slices.Index(v.Texts.Values, ""); k >= 0 {
			v.Texts.Index = v.Texts.Index.Map(func() []int32 {
				to := []int32{0, 1, 2}[:len(v.Texts.Values)]
				to[k] = -1
				return to
			}())
		}
		return v
	}
	yesNo := func(name, label string, xs ...float64) *survey.Variable {
		return withCodes(numbers(name, label, repeat(n, xs...)...), "Yes", "No")
	}
	scale := func(name, label string) *survey.Variable {
		return withCodes(numbers(name, label, repeat(n, 1, 2, 3)...), "Much", "Little", "None")
	}
	for what, c := range map[string]struct {
		variables []*survey.Variable
		want      string
	}{
		"0 and 1":       {[]*survey.Variable{numbers("q1_1", "", repeat(n, 0, 1)...), numbers("q1_2", "", repeat(n, 0, 0, 1)...)}, "set q1: q1_1, q1_2"},
		"0, 1 and 9":    {[]*survey.Variable{numbers("use_tv", "", repeat(n, 0, 1, 9)...), numbers("use_web", "", repeat(n, 1, 0, 9)...)}, "set use: tv, web"},
		"other bases":   {[]*survey.Variable{yesNo("q1a", "Do you use these? TV", 1, 2), yesNo("q1b", "Do you use these? Web", 1, 2, nan)}, "shares q1: TV, Web"},
		"yes and no":    {[]*survey.Variable{yesNo("q1a", "Q1a. Do you use these? TV", 1, 2), yesNo("q1b", "Q1b. Do you use these? Web", 2, 1)}, "set q1: TV, Web"},
		"checked":       {[]*survey.Variable{words("Race (choice=White)", "", "Checked", "Unchecked"), words("Race (choice=Black)", "", "Unchecked", "Checked")}, "set Race: White, Black"},
		"not selected":  {[]*survey.Variable{words("q4_1", "", "Not selected", "TV"), words("q4_2", "", "Radio", "Not selected")}, "set q4: TV, Radio"},
		"headings":      {[]*survey.Variable{words("Alpha", "", "Alpha", ""), words("Beta", "", "", "Beta")}, "set choices: Alpha, Beta"},
		"grid":          {[]*survey.Variable{scale("q5_1", "How much do you trust – banks"), scale("q5_2", "How much do you trust – shops")}, "grid q5: banks, shops"},
		"head of items": {[]*survey.Variable{scale("x", "banks: How much do you trust them?"), scale("y", "shops: How much do you trust them?")}, "grid How much do you trust them?: banks, shops"},
		"ratings":       {[]*survey.Variable{numbers("q2r1", "", repeat(n, 1, 2, 3, 4, 5)...), numbers("q2r2", "", repeat(n, 2, 3, 4, 5, 4)...), numbers("q2r3", "", repeat(n, 5, 4, 3, 2)...)}, "means q2: q2r1, q2r2, q2r3"},
		"numbered":      {[]*survey.Variable{scale("q1", "How much do you sleep?"), scale("q2", "Are you well?")}, "question q1: q1\nquestion q2: q2"},
		"other answers": {[]*survey.Variable{scale("q1_1", "Trust? Banks"), yesNo("q1_2", "Trust? Shops", 1, 2)}, "question q1_1: q1_1\nquestion q1_2: q1_2"},
		"more and more": {[]*survey.Variable{yesNo("h5a", "Would you like more in the future?", 1, 2), yesNo("h5b", "Would you like more in the future, even if it costs more?", 1, 2)}, "question h5a: h5a\nquestion h5b: h5b"},
	} {
		table := &survey.Table{Rows: n, Variables: c.variables}
		run(t, table, draftOf(table, "x.csv"))
		kinds := map[kind]string{question: "question", set: "set", shares: "shares", grid: "grid", means: "means", rating: "rating"}
		var got []string
		for _, topic := range newDraft(table).topics {
			labels := topic.labels
			if labels == nil {
				for _, p := range topic.items {
					labels = append(labels, p.Name)
				}
			}
			got = append(got, fmt.Sprintf("%s %s: %s", kinds[topic.kind], topic.name, strings.Join(labels, ", ")))
		}
		if found := strings.Join(got, "\n"); found != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", what, found, c.want)
		}
	}
}

// Wordings lose what stands before and behind them.
func TestWording(t *testing.T) {
	for label, want := range map[string]string{
		"Q5. How satisfied are you?": "How satisfied are you?", "[Q5] How?": "How?", "12) Why?": "Why?", "Q5a - When?": "When?", "SOCMEDIAUSEb. Do you use it?": "Do you use it?",
		"Which? - Selected Choice": "Which?", "Which? - Selected Choice - TV": "Which? - TV", "18-24 year olds": "18-24 year olds", "COVID-19: how bad?": "COVID-19: how bad?",
		"Europe. Good or bad?": "Europe. Good or bad?", "two\n lines\x1b[0m": "two lines [0m", "5.": "5.", "*Bold?*": "Bold?",
	} {
		if got := wordingOf(&survey.Variable{Name: "SOCMEDIAUSEb_W49", Label: label}); got != want {
			t.Errorf("%q becomes %q, want %q", label, got, want)
		}
	}
}

// A scale from 0 to 10 has its mean, and the net promoter score where it asks for a
// recommendation.
func TestRatings(t *testing.T) {
	xs := repeat(44, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	for label, want := range map[string]string{
		"How likely are you to recommend us?": "\n      - {label: Net promoter score, gap: {share: \"q >= 9\", minus: \"q <= 6\"}}\n",
		"How satisfied are you?":              "\n      # - {label: Net promoter score, gap: {share: \"q >= 9\", minus: \"q <= 6\"}}\n",
	} {
		table := &survey.Table{Rows: 44, Variables: []*survey.Variable{numbers("q", label, xs...)}}
		draft := draftOf(table, "x.csv")
		run(t, table, draft)
		if !strings.Contains(string(draft), want) || !strings.Contains(string(draft), "statistics: [mean]") {
			t.Errorf("%s\n%s", label, draft)
		}
	}
}

// The base of a question says whom it was asked of, and a banner has no empty column.
func TestBasesAndBanners(t *testing.T) {
	const n = 60
	owner, asked := repeat(n, 1, 2, 1), repeat(n, 1, 2, 3)
	for i := range asked {
		if owner[i] == 2 {
			asked[i] = math.NaN()
		}
	}
	table := &survey.Table{Rows: n, Variables: []*survey.Variable{
		withCodes(numbers("sex", "", repeat(n, 1, 2)...), "Male", "Female", "Another"), withCodes(numbers("phone", "Q1. Do you have a phone?", owner...), "Yes", "No"), numbers("brand", "Which brand?", asked...),
	}}
	draft := string(draftOf(table, "x.csv"))
	run(t, table, []byte(draft))
	for _, line := range []string{"base: \"Asked if “Do you have a phone?” is Yes\"\n", "  sex: {codes: {1: Male, 2: Female}}\n", "columns: &banner [sex]\n"} {
		if !strings.Contains(draft, line) {
			t.Errorf("there is no %q in\n%s", line, draft)
		}
	}
}
