package segment_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate/sampletest"
)

// sameFigure is for figures that two routes compute: rounding alone differs.
const sameFigure = 1e-12

// A part of a model is the model for people who answer only that part.
func TestRestrictedModelIsTheModelWithBlanks(t *testing.T) {
	table, _ := drawn(3, 20)
	_, solution := classes(t, table, clustered, segment.LatentClassOptions{Items: questions, Classes: []int{3}, Starts: 5})
	short, err := solution.Model.Restrict([]int{1, 4, 6}).Assign(table)
	if err != nil {
		t.Fatal(err)
	}
	blank := table
	for _, j := range []int{0, 2, 3, 5, 7} {
		v := *table.Lookup(questions[j])
		v.Numbers = survey.NewNumbers(slices.Repeat([]float64{math.NaN()}, table.Rows))
		blank = blank.With(&v)
	}
	whole, err := solution.Model.Assign(blank)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole.Membership {
		for k, p := range whole.Membership[i] {
			if math.Abs(p-short.Membership[i][k]) > sameFigure {
				t.Fatalf("row %d: %v, with blanks %v", i, short.Membership[i], whole.Membership[i])
			}
		}
	}
}

// With all items nobody moves; with few, accuracy is the design-based record of
// the share who stay, and its confusion table adds up.
func TestTypeFindsFewItems(t *testing.T) {
	table, _ := drawn(4, 40)
	s := sampletest.Of(t, table, clustered)
	_, solution := classes(t, table, clustered, segment.LatentClassOptions{Items: questions, Classes: []int{3}, Starts: 5})
	all, err := segment.Type(t.Context(), s, solution.Model, segment.TypingOptions{Items: len(questions)})
	if err != nil {
		t.Fatal(err)
	}
	if all.Accuracy.Value.Float() != 1 || !slices.Equal(all.Items, questions) {
		t.Errorf("all items: %v right with %v", all.Accuracy.Value.Float(), all.Items)
	}
	short, err := segment.Type(t.Context(), s, solution.Model, segment.TypingOptions{Accuracy: 0.85})
	if err != nil {
		t.Fatal(err)
	}
	n := len(short.Items)
	if !short.Reached || n < 2 || n > 5 || short.Accuracy.Value.Float() < 0.85 || short.Steps[n-2].Accuracy.Float() >= 0.85 {
		t.Errorf("85%%: %v right with %v, one fewer %v", short.Accuracy.Value.Float(), short.Items, short.Steps[n-2].Accuracy.Float())
	}
	again, err := short.Model.Assign(table)
	if err != nil {
		t.Fatal(err)
	}
	stay := &survey.Variable{Name: "stay", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
	for i, k := range again.Member {
		if k == solution.Member[i] {
			stay.Numbers.Set(i, 1)
		}
	}
	records, err := sampletest.Of(t, table.With(stay), clustered).Share("stay == 1")
	if err != nil {
		t.Fatal(err)
	}
	// The tool's own items may differ from those chosen without a fold, so the two
	// are near each other, not the same.
	if r := records[0]; math.Abs(r.Value.Float()-short.Accuracy.Value.Float()) > 0.02 || math.Abs(r.SE.Float()/short.Accuracy.SE.Float()-1) > 0.25 || r.DF.Float() != short.Accuracy.DF.Float() {
		t.Errorf("accuracy %+v, of those typed by the tool %+v", short.Accuracy, r)
	}
	var weighted, total float64
	for k, g := range short.Segments {
		var sum float64
		for _, p := range g.Into {
			sum += p.Float()
		}
		if math.Abs(sum-1) > sameFigure || g.Into[k].Float() != g.Accuracy.Value.Float() {
			t.Errorf("%s: %v, accuracy %v", g.Name, g.Into, g.Accuracy.Value.Float())
		}
		weighted += g.Accuracy.Value.Float() * g.Accuracy.NWeighted.Float()
		total += g.Accuracy.NWeighted.Float()
	}
	if math.Abs(weighted/total-short.Accuracy.Value.Float()) > sameFigure {
		t.Errorf("the segments' accuracies average to %v, not to %v", weighted/total, short.Accuracy.Value.Float())
	}
}

// Where choice cannot differ between folds, accuracy is the record of the share
// who stay, interval and all: two items of which one is asked for, and one of
// them says nothing.
func TestAccuracyIsTheDesignsOwn(t *testing.T) {
	table, class := drawn(5, 30)
	known := &survey.Variable{Name: "known", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
	idle := &survey.Variable{Name: "idle", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
	for i, k := range class {
		known.Numbers.Set(i, float64(min(k, 1)))
		idle.Numbers.Set(i, float64(i%2))
	}
	table = table.With(known, idle)
	o := segment.TypingOptions{Items: 1}
	got, err := segment.TypeKnown(t.Context(), sampletest.Of(t, table, clustered), "known", []string{"q1", "idle"}, o)
	if err != nil {
		t.Fatal(err)
	}
	want, err := sampletest.Of(t, table, clustered).Share("q1 == 1 and known == 0 or q1 == 0 and known == 1")
	if err != nil {
		t.Fatal(err)
	}
	a, b := got.Accuracy, want[0]
	for what, pair := range map[string][2]survey.Figure{"value": {a.Value, b.Value}, "se": {a.SE, b.SE}, "low": {a.Low, b.Low}, "high": {a.High, b.High}, "df": {a.DF, b.DF}} {
		if math.Abs(pair[0].Float()-pair[1].Float()) > sameFigure {
			t.Errorf("%s: %v, of the share %v", what, pair[0].Float(), pair[1].Float())
		}
	}
	if !slices.Equal(got.Items, []string{"q1"}) || got.Model.Method != "known-segments" {
		t.Errorf("%v, %s", got.Items, got.Model.Method)
	}
}

// By hand: three people of weight 2 in segment 0 answer 1, 1, 0 and one of
// weight 2 in segment 1 answers 0. Weights at a mean of 1 count them 3 and 1;
// everybody: (2+½)/(4+1) = ½ for each answer. So segment 0 gives 1 with
// (2+½)/(3+1), segment 1 with (0+½)/(1+1); shares are (3+½)/5 and (1+½)/5. Of
// the numbers 1, 2, 3 and 10 the mean is 4, the variance 12.5; segment 0 has
// mean (6+4)/4 = 2.5 and variance (1+4+9+16+12.5)/4 − 2.5².
func TestKnownSegmentsByHand(t *testing.T) {
	table := &survey.Table{Rows: 4}
	for name, x := range map[string][]float64{"segment": {0, 0, 0, 1}, "weight": {2, 2, 2, 2}, "psu": {1, 2, 3, 4}, "stratum": {1, 1, 1, 1}, "q": {1, 1, 0, 0}, "z": {1, 2, 3, 10}} {
		table.Variables = append(table.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)})
	}
	got, err := segment.TypeKnown(t.Context(), sampletest.Of(t, table, clustered), "segment", []string{"q", "z:scale"}, segment.TypingOptions{Items: 2})
	if err != nil {
		t.Fatal(err)
	}
	m := got.Model.LatentClass
	for what, pair := range map[string][2]float64{
		"share 0": {m.Shares[0], 3.5 / 5}, "share 1": {m.Shares[1], 1.5 / 5},
		"segment 0 says 1": {m.Items[0].Probability[0][1], 2.5 / 4}, "segment 1 says 1": {m.Items[0].Probability[1][1], 0.5 / 2},
		"mean 0": {m.Items[1].Mean[0], 2.5}, "deviation 0": {m.Items[1].SD[0], math.Sqrt((1+4+9+16+12.5)/4 - 6.25)},
		"mean 1": {m.Items[1].Mean[1], 7}, "deviation 1": {m.Items[1].SD[1], math.Sqrt((100+16+12.5)/2 - 49)},
	} {
		if math.Abs(pair[0]-pair[1]) > sameFigure {
			t.Errorf("%s: %v, by hand %v", what, pair[0], pair[1])
		}
	}
}

func TestTypingSaysWhatIsWrong(t *testing.T) {
	table, _ := drawn(6, 30)
	s := sampletest.Of(t, table, clustered)
	for name, call := range map[string]func() error{
		"items are requested, but the model has only 2": func() error {
			_, err := segment.TypeKnown(t.Context(), s, "q1", []string{"q2", "q3"}, segment.TypingOptions{Items: 3})
			return err
		},
		`there is no variable "segmnt"`: func() error {
			_, err := segment.TypeKnown(t.Context(), s, "segmnt", []string{"q2"}, segment.TypingOptions{})
			return err
		},
		"does not have 2 to 50 segments": func() error {
			_, err := segment.TypeKnown(t.Context(), s, "psu", []string{"q1"}, segment.TypingOptions{})
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// The short model of a typing tool assigns people from its file as it did before,
// whatever found the segments and whatever its items are.
func TestShortModelsReadBack(t *testing.T) {
	table, class := drawn(3, 40)
	age := &survey.Variable{Name: "age", Kind: survey.Number, Measure: survey.Scale, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
	known := &survey.Variable{Name: "known", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
	for i, k := range class {
		known.Numbers.Set(i, float64(k))
		age.Numbers.Set(i, float64(20+10*int(k)+i%7))
	}
	table = table.With(age, known)
	s := sampletest.Of(t, table, clustered)
	_, solution := classes(t, table, clustered, segment.LatentClassOptions{Items: append([]string{"age"}, questions...), Classes: []int{2}, Starts: 5})
	for items := 1; items <= len(questions); items++ {
		latent, err := segment.Type(t.Context(), s, solution.Model, segment.TypingOptions{Items: items})
		if err != nil {
			t.Fatal(err)
		}
		of, err := segment.TypeKnown(t.Context(), s, "known", append([]string{"age:scale", "q1:ordinal"}, questions[1:]...), segment.TypingOptions{Items: items})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []*segment.Model{latent.Model, of.Model} {
			before, err := m.Assign(table)
			if err != nil {
				t.Fatal(err)
			}
			after, err := filed(t, m).Assign(table)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(before.Member, after.Member) || !slices.EqualFunc(before.Membership, after.Membership, slices.Equal[[]float64]) {
				t.Errorf("%s of %d items assigns otherwise from its file", m.Method, items)
			}
		}
	}
}
