package survey

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReasonOf(t *testing.T) {
	for label, want := range map[string]Reason{
		"Refused": Refused, "(VOL.) Refused": Refused, "RF": Refused, "Prefer not to say": Refused, "No answer": Refused, "Refused/Web blank": Refused,
		"99. Refused": Refused, "-9. Refused": Refused, "Declined to answer": Refused, "I'd rather not say": ReasonUnknown, "Rather not say": Refused, "NO ANSWER": Refused,
		"Don't know": DontKnow, "Don’t know/Refused": DontKnow, "DK/REF": DontKnow, "Not sure": DontKnow, "I don't know": DontKnow, "Don't know / Not sure": DontKnow,
		"Don't know (DO NOT READ)": DontKnow, "CAN'T CHOOSE": DontKnow, "Can’t say": DontKnow,
		"Not asked": NotAsked, "N/A": NotAsked, "Inap.": NotAsked, "Not applicable": NotAsked,
		"weiß nicht": DontKnow, "Weiß nicht / keine Angabe": DontKnow, "keine Angabe": Refused, "k.A.": Refused,
		"Ne sait pas": DontKnow, "NSP": DontKnow, "Refus de répondre": Refused, "Sans réponse": Refused, "Je ne sais pas": DontKnow,
		"No sabe": DontKnow, "NS/NC": DontKnow, "No contesta": Refused, "Non so": DontKnow, "Rifiuta": Refused, "Não sabe": DontKnow, "Não respondeu": Refused,
		"Weet niet": DontKnow, "Geen antwoord": Refused, "Vet ej": DontKnow, "Vill inte svara": Refused, "Nie wiem": DontKnow, "Trudno powiedzieć": DontKnow, "Odmowa odpowiedzi": Refused,
		"わからない": DontKnow, "無回答": Refused, "不知道": DontKnow, "拒绝回答": Refused, "不知道/拒答": DontKnow, "не знаю": DontKnow,
		"Don’t know what they are": "", "Yes": "", "Reform party": "", "Not at all sure": "", "Somewhat": "", "Neither": "", "None": "", "Not at all": "",
		"None of these": "", "Neither agree nor disagree": "", "Not at all concerned": "", "NC": "", "trifft nicht zu": "", "Never": "", "No": "", "Nothing": "", "Other": "", "": "",
	} {
		if got, _ := ReasonOf(label); got != want {
			t.Errorf("%q: %q, want %q", label, got, want)
		}
	}
}

// scale is a variable whose codes are labelled in order from first, with answers.
func scale(first float64, labels []string, answers ...float64) *Variable {
	v := &Variable{Name: "q", Kind: Number, Numbers: NewNumbers(answers)}
	for k, label := range labels {
		v.Codes = append(v.Codes, Code{Value: NumberValue(first + float64(k)), Label: label})
	}
	return v
}

func code(v *Variable, x float64, label string) *Variable {
	v.Codes = append(v.Codes, Code{Value: NumberValue(x), Label: label})
	return v
}

func upTo(low, high float64, more ...float64) []float64 {
	for x := low; x <= high; x++ {
		more = append(more, x)
	}
	return more
}

func TestNonAnswers(t *testing.T) {
	declared := code(scale(1, []string{"a", "b", "c"}, 1, 2, 3, 99), 99, "Refused")
	declared.Missing = []Missing{MissingNumber(99, Refused)}
	valued := code(scale(1, []string{"a", "b", "c"}, 1, 2, 3, 9), 9, "Don't know")
	valued.Scores = map[Value]float64{NumberValue(9): 2}
	day := scale(0, nil, 0, 1, 2, 99)
	day.Kind = Date
	for name, c := range map[string]struct {
		v    *Variable
		want string
	}{
		"labelled":               {code(scale(1, []string{"Very", "Somewhat", "Not"}, 1, 2, 3, 99), 99, "Refused"), "99"},
		"next to the scale":      {scale(1, []string{"Very", "Somewhat", "Not", "Don't know", "Refused"}, 1, 2, 3, 4, 5), "4 5"},
		"in the middle":          {scale(1, []string{"Yes", "Don't know", "No"}, 1, 2, 3), "2"},
		"before the scale":       {scale(0, []string{"Not applicable", "Low", "High"}, 0, 1, 2), "0"},
		"nobody has it":          {code(scale(1, []string{"a", "b"}, 1, 2), 99, "Refused"), ""},
		"far off, unlabelled":    {scale(1, nil, 1, 2, 3, 4, 5, 98, 99), "98 99"},
		"far off, other label":   {code(scale(1, []string{"a", "b", "c"}, 1, 2, 3, 97), 97, "Other"), "97"},
		"below the scale":        {scale(0, nil, 0, 1, 2, 3, 4, 5, -1, -9), "-1 -9"},
		"of 0 and 1":             {scale(0, nil, 0, 1, 99), "99"},
		"age with a refusal":     {code(scale(0, nil, upTo(18, 90, 998)...), 998, "DK"), "998"},
		"declared":               {declared, ""},
		"given a value":          {valued, ""},
		"two-sided":              {scale(-1, nil, -1, 0, 1), ""},
		"0 to 100":               {scale(0, nil, upTo(0, 100)...), ""},
		"some of 0 to 100":       {scale(0, nil, 0, 50, 60, 97, 99), ""},
		"ages":                   {scale(0, nil, upTo(18, 99)...), ""},
		"three ages":             {scale(0, nil, 20, 21, 22, 98), ""},
		"weights":                {scale(0, nil, 0.5, 1.2, 1, 99), ""},
		"incomes":                {scale(0, nil, 0, 1, 2, 20, 99, 250), ""},
		"dates":                  {day, ""},
		"how sure":               {scale(1, []string{"Very sure", "Somewhat sure", "Not sure"}, 1, 2, 3), ""},
		"sure of nothing":        {scale(1, []string{"Yes", "No", "Not sure"}, 1, 2, 3), "3"},
		"undecided in between":   {scale(1, []string{"Agree", "Undecided", "Disagree"}, 1, 2, 3), ""},
		"middle":                 {scale(1, []string{"Good", "Neither", "Bad", "None", "Not at all"}, 1, 2, 3, 4, 5), ""},
		"midpoint joined to dk":  {scale(1, []string{"Good", "Neither / don't know", "Bad"}, 1, 2, 3), ""},
		"how it applies":         {scale(1, []string{"Applies fully", "Applies in part", "Does not apply"}, 1, 2, 3), ""},
		"declined":               {scale(1, []string{"Improved", "Same", "Declined", "Collapsed"}, 1, 2, 3, 4), ""},
		"text":                   {&Variable{Name: "q", Kind: Text, Texts: &TextColumn{Index: NewPlaces([]int32{0}), Values: []string{"Don't know"}}}, ""},
		"numbers of a long tail": {scale(0, nil, 0, 1, 2, 3, 5, 9, 14, 30, 99), ""},
	} {
		var got []string
		for _, c := range c.v.NonAnswers(c.v.Occurring()) {
			got = append(got, c.Value.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestDoubts(t *testing.T) {
	refused := code(scale(1, []string{"Very", "Not"}, 1, 2, 98, 99), 99, "Refused")
	refused.Codes = append(refused.Codes, Code{NumberValue(98), "Don't know"})
	refused.Missing = []Missing{MissingNumber(97, ReasonUnknown)}
	partly := scale(1, []string{"0", "1", "2+"}, 1, 2, 3)
	partly.Scores, partly.MadeOf = LabelScores(partly.Codes), []string{"n"}
	open := scale(1, []string{"1", "2", "3+"}, 1, 2, 3)
	open.Scores = LabelScores(open.Codes)
	for name, c := range map[string]struct {
		v    *Variable
		want string
	}{
		"no answers":     {refused, "q: 98 (Don't know) and 99 (Refused) count as numbers but look like no answer: if they are none, put this into the study: variables: {q: {missing: [97, 98, 99]}}"},
		"some values":    {partly, "q: 3 (2+) counts as its code, while other categories have values: give values for all of them"},
		"labels of code": {open, ""},
	} {
		if got := strings.Join(c.v.Doubts().Texts(), "; "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A code that is labelled "Don't know" and not declared missing is always found,
// whatever the scale and the other labels; declared missing, never.
func TestDontKnowIsAlwaysFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, points := rapid.SampledFrom([]int{-5, -3, -2, 0, 1, 2, 10}).Draw(t, "first"), rapid.IntRange(1, 11).Draw(t, "points")
		answers := upTo(float64(first), float64(first+points-1))
		v := &Variable{Name: "q", Kind: Number, Numbers: NewNumbers(rapid.Permutation(answers).Draw(t, "answers"))}
		for _, x := range answers {
			if rapid.Bool().Draw(t, "labelled") {
				code(v, x, rapid.SampledFrom([]string{"Agree", "Not at all", "Neither", "None", "5", "Very sure"}).Draw(t, "label"))
			}
		}
		if found := v.NonAnswers(v.Occurring()); len(found) > 0 {
			t.Fatalf("found among answers: %v", found)
		}
		x := NumberValue(rapid.SampledFrom([]float64{-9, -1, 0, 3, 8, 9, 12, 99, 998}).Draw(t, "code"))
		v.Codes = append([]Code{{x, rapid.SampledFrom([]string{"Don't know", "Refused", "DON’T KNOW (VOL.)", "weiß nicht", "無回答"}).Draw(t, "no answer")}}, v.Codes...)
		v.Numbers.Append(x.Number)
		if found := v.NonAnswers(v.Occurring()); len(found) != 1 || found[0].Value != x {
			t.Fatalf("found %v for %v", found, x)
		}
		v.Missing = []Missing{MissingNumber(x.Number, ReasonUnknown)}
		if found := v.NonAnswers(v.Occurring()); len(found) > 0 {
			t.Fatalf("found though declared: %v", found)
		}
	})
}
