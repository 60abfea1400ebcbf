package segment_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// filed is a model that went through its file.
func filed(t *testing.T, fitted *segment.Model) *segment.Model {
	t.Helper()
	data, err := json.Marshal(fitted)
	if err != nil {
		t.Fatal(err)
	}
	m, err := segment.ParseModel(data, "model.json")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// assignedBy assigns the table's people by a model file of any text, each to one
// of its segments; nil where the text is refused or does not fit the table.
func assignedBy(t *testing.T, text string, table *survey.Table) *segment.Solution {
	t.Helper()
	m, err := segment.ParseModel([]byte(text), "model.json")
	if err != nil {
		var problems survey.Problems
		if !errors.As(err, &problems) || problems[0].File != "model.json" {
			t.Fatalf("no problem of the file: %v", err)
		}
		return nil
	}
	s, err := m.Assign(table)
	if err != nil {
		return nil
	}
	for i, k := range s.Member {
		if int(k) >= len(s.Names) {
			t.Fatalf("row %d is in segment %d of %d", i, k, len(s.Names))
		}
	}
	return s
}

// A model that went through its file assigns the people it was fitted to as the
// fit did, and a question that all left out leaves them unassigned.
func TestModelFileAssignsAsTheFit(t *testing.T) {
	table, _ := drawn(2, 20)
	age := &survey.Variable{Name: "age", Kind: survey.Number, Measure: survey.Scale, Numbers: survey.NewNumbers(slices.Clone(table.Lookup("psu").Numbers.Slice()))}
	table = table.With(age)
	_, solution := classes(t, table, clustered, segment.LatentClassOptions{Items: append([]string{"age"}, questions...), Classes: []int{2}, Starts: 5})
	m := filed(t, solution.Model)
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
	other.Numbers = survey.NewNumbers(slices.Clone(other.Numbers.Slice()))
	other.Numbers.Set(3, 7)
	_, err = m.Assign(table.With(&other))
	var problems survey.Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Row != 4 || problems[0].Value != "7" {
		t.Errorf("an answer that the model has not seen: %v", err)
	}
}

// What does not make a model is refused, with the item that is wrong.
func TestBrokenModelFiles(t *testing.T) {
	good := `{"schema":"surveykit-segments/1","method":"latent-class","segments":["a","b"],"items":[{"variable":"q","measure":"nominal","values":[1,2]},{"variable":"n","measure":"scale"}],` +
		`"latent_class":{"shares":[0.75,0.25],"items":[{"probability":[[0.5,0.5],[0.1,0.9]]},{"mean":[1,2],"sd":[1,1]}]}}`
	if _, err := segment.ParseModel([]byte(good), "m.json"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"segments/1", "segments/9", "schema"},
		{`"shares":[0.75`, `"shares":[0.7`, "sum to 1"},
		{`"shares":[0.75,0.25]`, `"shares":[1.25,-0.25]`, "sum to 1"},
		{`[0.1,0.9]`, `[0.1,0.8]`, "q: the probabilities"},
		{`[0.1,0.9]`, `[0.1,0.7,0.2]`, "q: it needs a probability for each value"},
		{`"sd":[1,1]`, `"sd":[1,0]`, "n: a deviation"},
		{`"mean":[1,2]`, `"mean":[1]`, "n: it needs a mean"},
		{`["a","b"]`, `["a"]`, "do not match"},
		{`"latent-class"`, `"hierarchical"`, `no model has the method "hierarchical"`},
		{`{"probability"`, `"probability"`, "invalid character"},
	} {
		_, err := segment.ParseModel([]byte(strings.Replace(good, c.old, c.new, 1)), "m.json")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "m.json") {
			t.Errorf("%s for %s: no %q in %v", c.new, c.old, c.want, err)
		}
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
		s := assignedBy(t, text, table)
		if s == nil {
			return
		}
		for i, k := range s.Member {
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
