package segment_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/segment"
)

// A model that went through its file assigns the people it was fitted to as the
// fit did, and a question that all left out leaves them unassigned.
func TestModelFileAssignsAsTheFit(t *testing.T) {
	table, _ := drawn(2, 20)
	age := &survey.Variable{Name: "age", Kind: survey.Number, Measure: survey.Scale, Numbers: slices.Clone(table.Lookup("psu").Numbers)}
	table = table.With(age)
	_, solution := classes(t, table, clustered, segment.LatentClassOptions{Items: append([]string{"age"}, questions...), Classes: []int{2}, Starts: 5})
	data, err := json.Marshal(solution.Model)
	if err != nil {
		t.Fatal(err)
	}
	m, err := segment.ParseModel(data, "model.json")
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Assign(table)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Member, solution.Member) || !slices.Equal(again.Names, solution.Names) {
		t.Error("the model assigns other people than the fit")
	}
	for i, p := range again.Membership {
		if !slices.Equal(p, solution.Membership[i]) {
			t.Fatalf("row %d: probabilities %v, of the fit %v", i, p, solution.Membership[i])
		}
	}
	other := *table.Lookup("q1")
	other.Numbers = slices.Clone(other.Numbers)
	other.Numbers[3] = 7
	_, err = m.Assign(table.With(&other))
	var problems survey.Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Row != 4 || problems[0].Value != "7" {
		t.Errorf("an answer that the model has not seen: %v", err)
	}
}

// FuzzParseModel: a file that is no model is a problem, one that is assigns people.
func FuzzParseModel(f *testing.F) {
	table, _ := drawn(2, 3)
	_, solution := classes(f, table, clustered, segment.LatentClassOptions{Items: []string{"q1", "q2:ordinal", "q3:scale"}, Classes: []int{2}, Starts: 2})
	good, err := json.Marshal(solution.Model)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(good))
	for _, cut := range [][2]string{{`"probability"`, `"p"`}, {`"measure":"nominal"`, `"measure":"scale"`}, {`"sd":[`, `"sd":[-1,`}, {`"shares":[`, `"shares":[2,`}, {`"values":[`, `"values":[5,`}, {`[[`, `[[-`}, {"1", "null"}} {
		f.Add(strings.Replace(string(good), cut[0], cut[1], 1))
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := segment.ParseModel([]byte(text), "model.json")
		if err != nil {
			var problems survey.Problems
			if !errors.As(err, &problems) || problems[0].File != "model.json" {
				t.Fatalf("no problem of the file: %v", err)
			}
			return
		}
		s, err := m.Assign(table)
		if err != nil {
			return
		}
		for i, k := range s.Member {
			if int(k) >= len(s.Names) {
				t.Fatalf("row %d is in segment %d of %d", i, k, len(s.Names))
			}
			var sum float64
			for _, p := range s.Membership[i] {
				if !(p >= 0) {
					t.Fatalf("row %d has probability %g\n%s", i, p, text)
				}
				sum += p
			}
			if k >= 0 && (sum < 0.999999 || sum > 1.000001) {
				t.Fatalf("row %d: probabilities sum to %g\n%s", i, sum, text)
			}
		}
	})
}
