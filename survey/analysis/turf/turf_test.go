package turf_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"surveykit/datasets/reference"
	"surveykit/survey"
	"surveykit/survey/analysis/turf"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// rounding is what the same sums in another order differ by, relatively.
const rounding = 1e-9

func sample(t *testing.T, where string) *estimate.Sample {
	t.Helper()
	raw, err := reference.File("twostage.csv")
	if err != nil {
		t.Fatal(err)
	}
	design := survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}
	return sampletest.In(t, sampletest.Read(t, string(raw)), design, estimate.Options{Where: where})
}

var rewards = []string{"reward_cash", "reward_points", "reward_discount", "reward_exclusive"}

// What a bundle reaches is the share of a condition, and a lead the contrast of
// two: estimators that R's survey package has confirmed.
func TestReachIsAShare(t *testing.T) {
	s := sample(t, "age >= 40")
	found, err := turf.Search(s, turf.Options{Items: rewards, Chosen: "value == 1", Sizes: []int{2}, Keep: 3})
	if err != nil {
		t.Fatal(err)
	}
	var conditions []string
	for k, b := range found[0].Best {
		condition := b.Items[0] + " == 1 or " + b.Items[1] + " == 1"
		conditions = append(conditions, condition)
		want, err := s.Share(condition)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "reach", b.Reach, want[0])
		if mean, err := s.Contrast("mean(" + b.Items[0] + ") + mean(" + b.Items[1] + ")"); err != nil {
			t.Fatal(err)
		} else {
			same(t, "frequency", b.Frequency, mean[0])
		}
		if k == 0 {
			continue
		}
		lead, err := s.Contrast("share(" + conditions[0] + ") - share(" + condition + ")")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "lead", *b.Lead, lead[0])
		if z := b.Lead.Value.Float() / b.Lead.SE.Float(); !close(b.Lead.T.Float(), z) || b.Lead.P.Float() <= 0 || b.Lead.P.Float() > 1 {
			t.Errorf("t %g, p %g, want t %g", b.Lead.T.Float(), b.Lead.P.Float(), z)
		}
	}
}

func same(t *testing.T, what string, got, want survey.Estimate) {
	t.Helper()
	for _, f := range [][2]survey.Figure{{got.Value, want.Value}, {got.SE, want.SE}, {got.Low, want.Low}, {got.High, want.High}, {got.DF, want.DF}} {
		if !close(f[0].Float(), f[1].Float()) {
			t.Errorf("%s of %s: %+v, want %+v", what, got.Category, got, want)
			return
		}
	}
	if got.N != want.N {
		t.Errorf("%s: %d rows, want %d", what, got.N, want.N)
	}
}

func close(a, b float64) bool { return math.Abs(a-b) <= rounding*max(1, math.Abs(b)) }

// A set of dichotomies is the same items under a condition.
func TestSetEqualsItems(t *testing.T) {
	s := sample(t, "")
	one := survey.NumberValue(1)
	table := *s.Table()
	table.Sets = []survey.MultipleResponse{{Name: "rewards", Variables: rewards, Counted: &one}}
	s = sampletest.Framed(t, &table, s.Frame(), estimate.Options{})
	byItems, err := turf.Search(s, turf.Options{Items: rewards, Chosen: "value == 1", Keep: 2, Depth: 2})
	if err != nil {
		t.Fatal(err)
	}
	bySet, err := turf.Search(s, turf.Options{Set: "rewards", Keep: 2, Depth: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(bySet) != 3 || bySet[0].Size != 2 || bySet[2].Size != 4 {
		t.Fatalf("%d sizes, want 2 to 4: depth 2 needs two items", len(bySet))
	}
	for i := range bySet {
		for k := range bySet[i].Best {
			same(t, "reach", bySet[i].Best[k].Reach, byItems[i].Best[k].Reach)
		}
	}
}

func TestWhatCannotBeMet(t *testing.T) {
	s := sample(t, "")
	for _, c := range []struct {
		ask  turf.Options
		want []string
	}{
		{turf.Options{Set: "gifts"}, []string{`no multiple-response set "gifts"`}},
		{turf.Options{Items: []string{"reward_cahs", "gender"}, Chosen: "value == 1"}, []string{"did you mean reward_cash", "gender"}},
		{turf.Options{Items: rewards[:1], Chosen: "value == 1"}, []string{"there are 1 items; give 2 to 64"}},
		{turf.Options{Items: rewards, Chosen: "value ==", Keep: 1}, []string{"for reward_cash", "for reward_exclusive"}},
		{turf.Options{Items: rewards, Chosen: "value == 1", Sizes: []int{1}}, []string{"fewer than one bundle"}},
		{turf.Options{Items: rewards, Chosen: "value == 1", Require: rewards[:2], Exclude: []string{"reward_points", "reward_card"}, Sizes: []int{1}, Keep: 1},
			[]string{"both required and excluded", `no item "reward_card"`, "from 2 to 3"}},
		{turf.Options{Items: rewards, Chosen: "value == 1", Sizes: []int{3}, Depth: 4, Keep: 1}, []string{"from 4 to 4"}},
	} {
		_, err := turf.Search(s, c.ask)
		if _, ok := err.(survey.Problems); !ok {
			t.Errorf("%+v: %v is no list of problems", c.ask, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v\ndoes not say %q", err, want)
			}
		}
	}
	if _, err := turf.Search(sample(t, "age > 200"), turf.Options{Items: rewards, Chosen: "value == 1", Keep: 1}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("an empty domain: %v", err)
	}
}

// People who left an item out do not count unless they are to count as not
// reached by it: the reach is the share of the condition among those who answered
// all items, or among those who answered any.
func TestPeopleWhoLeftItemsOut(t *testing.T) {
	raw, err := os.ReadFile("testdata/missing.csv")
	if err != nil {
		t.Fatal(err)
	}
	design := survey.Design{Weight: "w", PSU: []string{"psu"}}
	table := sampletest.Read(t, string(raw))
	ask := turf.Options{Items: []string{"a", "b", "c", "d", "e"}, Chosen: "value >= 4", Sizes: []int{2}, Keep: 1}
	found, err := turf.Search(sampletest.Of(t, table, design), ask)
	if err != nil {
		t.Fatal(err)
	}
	complete := sampletest.In(t, table, design, estimate.Options{Where: "valid(a) and valid(b) and valid(c) and valid(d) and valid(e)"})
	want, err := complete.Share("a >= 4 or c >= 4")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "complete", found[0].Best[0].Reach, want[0])
	if reach := found[0].Best[0].Reach.Value.Float(); math.Abs(reach-0.691) > 0.0005 || found[0].Unanswered != turf.LeftOut || found[0].Incomplete != 55 {
		t.Errorf("reach %.4f of those who answered all, %s, %d incomplete", reach, found[0].Unanswered, found[0].Incomplete)
	}
	ask.Unanswered = turf.NotReached
	if found, err = turf.Search(sampletest.Of(t, table, design), ask); err != nil {
		t.Fatal(err)
	}
	if best := found[0].Best[0].Reach; best.N != 200 || math.Abs(best.Value.Float()-0.605) > 0.0005 {
		t.Errorf("reach %.4f of %d who answered any", best.Value.Float(), best.N)
	}
	ask.Unanswered = "dropped"
	if _, err := turf.Search(sampletest.Of(t, table, design), ask); err == nil || !strings.Contains(err.Error(), "no way with unanswered items") {
		t.Errorf("an unknown way: %v", err)
	}
}

// TestBundlesOverGroups: over groups of rows, as a database lists them, bundles are those of
// the rows.
func TestBundlesOverGroups(t *testing.T) {
	raw, err := os.ReadFile("testdata/missing.csv")
	if err != nil {
		t.Fatal(err)
	}
	table := sampletest.Read(t, string(raw))
	items := []string{"a", "b", "c", "d", "e"}
	for _, name := range items { // so that many rows are alike
		v := table.Lookup(name)
		for i, x := range v.Numbers.All() {
			if x < 4 {
				v.Numbers.Set(i, 2)
			} else if x >= 4 {
				v.Numbers.Set(i, 4)
			}
		}
	}
	four := survey.NumberValue(4)
	table.Sets = []survey.MultipleResponse{{Name: "fours", Variables: items, Counted: &four}}
	for _, d := range []survey.Design{{Weight: "w"}, {Weight: "w", PSU: []string{"psu"}}, {}} {
		for _, o := range []turf.Options{
			{Items: items, Chosen: "value >= 4", Keep: 3}, {Items: items, Chosen: "value >= 4", Unanswered: turf.NotReached, Depth: 2, Keep: 2}, {Set: "fours", Sizes: []int{2}, Keep: 1},
		} {
			for _, domain := range []estimate.Options{{}, {Where: "b > 2"}} {
				want, err := turf.Search(sampletest.In(t, table, d, domain), o)
				if err != nil {
					t.Fatal(err)
				}
				got, err := turf.Search(sampletest.Grouped(t, table, d, domain), o)
				if err != nil {
					t.Fatal(err)
				}
				if !sampletest.Alike(t, got, want, 1e-12) {
					t.Errorf("%+v, %+v, where %q:\n%.900v\nby rows\n%.900v", d, o, domain.Where, got, want)
				}
			}
		}
	}
}
