package maxdiff_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/maxdiff"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

const (
	// rounding is what the same sums in another order differ by.
	rounding = 1e-7
	// linear is how far the sandwich is from the jackknife of sixty people.
	linear = 0.05
)

func sample(t *testing.T, text string, d survey.Design) *estimate.Sample {
	t.Helper()
	return sampletest.Of(t, sampletest.Read(t, text), d)
}

// Three people with one task each of A, B and C: A is the best twice and C once,
// B is the worst twice and A once. Scores are (2−1)/3, −2/3 and 1/3.
func TestCountsByHand(t *testing.T) {
	s := sample(t, "a,b,c,best,worst\nA,B,C,A,B\nA,B,C,A,B\nC,A,B,C,A\n", survey.Design{})
	got, _, err := maxdiff.MaxDiff(context.Background(), s, maxdiff.Options{
		Layout: maxdiff.Layout{Shown: []string{"a", "b", "c"}, Best: "best", Worst: "worst"}, Classes: []int{1}, Starts: 1})
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []float64{1. / 3, -2. / 3, 1. / 3} {
		if x := got[0].Items[j]; math.Abs(x.Score.Value.Float()-want) > rounding || x.Score.N != 3 || x.Item != string("ABC"[j]) {
			t.Errorf("item %d: %+v, want a score of %.4f", j, x, want)
		}
	}
	// the standard error of the mean of 1, 1, −1, three people
	if se, want := got[0].Items[0].Score.SE.Float(), math.Sqrt(8./9/2); math.Abs(se-want) > rounding {
		t.Errorf("standard error %.6f, want %.6f", se, want)
	}
}

// simulated draws people of two kinds; both layouts of the same choices.
func simulated(people int) (long, wide string) {
	rng := rand.New(rand.NewPCG(1, 2))
	var l, w strings.Builder
	fmt.Fprintln(&l, "id,weight,psu,a,b,c,best,worst")
	fmt.Fprintln(&w, "weight,psu,a1,b1,c1,best1,worst1,a2,b2,c2,best2,worst2,a3,b3,c3,best3,worst3,a4,b4,c4,best4,worst4")
	for i := range people {
		likes := []float64{4, 2, 1, 0.5, 0.25}
		if i%3 == 0 {
			likes = []float64{0.25, 0.5, 1, 2, 4}
		}
		fmt.Fprintf(&w, "%d,%d", 1+i%2, i/4)
		for range 4 {
			shown := rng.Perm(5)[:3]
			best := take(rng, shown, func(j int) float64 { return likes[j] })
			worst := best
			for worst == best {
				worst = take(rng, shown, func(j int) float64 { return 1 / likes[j] })
			}
			cells := fmt.Sprintf("%d,%d,%d,%d,%d", shown[0]+1, shown[1]+1, shown[2]+1, best+1, worst+1)
			fmt.Fprintf(&l, "%d,%d,%d,%s\n", i, 1+i%2, i/4, cells)
			fmt.Fprintf(&w, ",%s", cells)
		}
		fmt.Fprintln(&w)
	}
	return l.String(), w.String()
}

func take(rng *rand.Rand, shown []int, like func(int) float64) int {
	var sum float64
	for _, j := range shown {
		sum += like(j)
	}
	x := rng.Float64() * sum
	for _, j := range shown {
		if x -= like(j); x < 0 {
			return j
		}
	}
	return shown[len(shown)-1]
}

var (
	tall = maxdiff.Layout{Shown: []string{"a", "b", "c"}, Best: "best", Worst: "worst", Respondent: "id"}
	flat = maxdiff.Layout{Shown: []string{"a{task}", "b{task}", "c{task}"}, Best: "best{task}", Worst: "worst{task}"}
)

// A row a task and a row a person are the same data, clustered or not.
func TestLayoutsAgree(t *testing.T) {
	long, wide := simulated(60)
	for _, psu := range [][]string{nil, {"psu"}} {
		d := survey.Design{Weight: "weight", PSU: psu}
		a, _, err := maxdiff.MaxDiff(context.Background(), sample(t, long, d), maxdiff.Options{Layout: tall, Classes: []int{1, 2}, Starts: 5, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		b, solution, err := maxdiff.MaxDiff(context.Background(), sample(t, wide, d), maxdiff.Options{Layout: flat, Classes: []int{1, 2}, Starts: 5, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if a[0].Classes != 2 || a[0].Persons != 60 || a[0].Tasks != 240 || math.Abs(a[0].LogLikelihood.Float()-b[0].LogLikelihood.Float()) > rounding {
			t.Fatalf("%+v and %+v", a[0], b[0])
		}
		byLabel := map[string]maxdiff.Item{}
		for _, x := range b[0].Items {
			byLabel[x.Item] = x
		}
		for _, x := range a[0].Items {
			y := byLabel[x.Item]
			// without clusters the rows of the long layout number four for a person,
			// of which n/(n−1) of the variance knows
			if !alike(x.Preference, y.Preference, psu == nil) || !alike(x.Score, y.Score, psu == nil) {
				t.Errorf("item %s: %+v, in the wide layout %+v", x.Item, x, y)
			}
		}
		right := 0
		for i, k := range solution.Member {
			if (i%3 == 0) == (k == 1) {
				right++
			}
		}
		if right < 50 {
			t.Errorf("%d of 60 people in their class", right)
		}
	}
}

func alike(a, b survey.Estimate, rows bool) bool {
	factor := 1.0
	if rows {
		factor = math.Sqrt(240. / 239 * 59 / 60)
	}
	return a.N == b.N && a.DF.Float() == b.DF.Float() && math.Abs(a.Value.Float()-b.Value.Float()) < rounding && math.Abs(a.SE.Float()-b.SE.Float()*factor) < rounding
}

// Replicate weights give about the error of the sandwich: fits without each PSU
// in turn.
func TestReplicatesAgree(t *testing.T) {
	_, wide := simulated(60)
	lines := strings.Split(strings.TrimSpace(wide), "\n")
	for i := range lines {
		for r := range 15 {
			switch {
			case i == 0:
				lines[i] += fmt.Sprintf(",rep%02d", r)
			case (i-1)/4 == r:
				lines[i] += ",0"
			default:
				lines[i] += fmt.Sprint(",", float64(1+(i-1)%2)*15/14)
			}
		}
	}
	replicated := sample(t, strings.Join(lines, "\n"), survey.Design{Weight: "weight", Replicates: &survey.ReplicateSpec{Columns: "rep*", Type: "jk1"}})
	ask := maxdiff.Options{Layout: flat, Classes: []int{1}, Starts: 1}
	a, _, err := maxdiff.MaxDiff(context.Background(), replicated, ask)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := maxdiff.MaxDiff(context.Background(), sample(t, wide, survey.Design{Weight: "weight", PSU: []string{"psu"}}), ask)
	if err != nil {
		t.Fatal(err)
	}
	for j, x := range a[0].Items {
		if ratio := x.Preference.SE.Float() / b[0].Items[j].Preference.SE.Float(); math.Abs(ratio-1) > linear {
			t.Errorf("item %s: standard error %.5f by replicates, %.5f by linearisation", x.Item, x.Preference.SE.Float(), b[0].Items[j].Preference.SE.Float())
		}
	}
}

func TestFaultsAreTold(t *testing.T) {
	for _, c := range []struct {
		data   string
		layout maxdiff.Layout
		want   []string
	}{
		{"id,a,b,c,best,worst\n1,1,2,3,4,2\n1,1,1,2,1,2\n2,1,2,3,2,2\n2,1,,,1,\n,1,2,3,1,2\n3,1,2,3,5,1\n", tall, []string{
			`row 1, column best, value "4": the chosen item is not among the items shown (and in another row)`,
			`row 2, column b, value "1": the item is shown twice`,
			`row 3, column worst, value "2": the item is both the best and the worst`,
			`row 4, column best: fewer than two items`,
			`row 5, column id: the task has no respondent`,
		}},
		{"id,a,b,c,best,worst\n1,1,2,,1,2\n2,3,4,,3,4\n", tall, []string{`"3, 4": no tasks compare these items with 1`}},
		{"id,a,b,c,best,worst\n1,1,2,3,,\n", tall, []string{"nobody with a weight made a choice"}},
		{"a1,b1,best1,worst1,a2,best2\n1,2,1,2,1,2\n", maxdiff.Layout{Shown: []string{"a{task}", "b{task}"}, Best: "best{task}", Worst: "worst{task}"},
			[]string{`there is no variable "b2"`, `there is no variable "worst2"`}},
		{"id,a,b,c,best,worst\n1,1,2,3,1,2\n", maxdiff.Layout{Shown: []string{"a", "b"}, Best: "bets", Worst: "worst", Respondent: "idd"}, []string{"did you mean best", "did you mean id"}},
	} {
		_, _, err := maxdiff.MaxDiff(context.Background(), sample(t, c.data, survey.Design{LonelyPSU: "certainty"}), maxdiff.Options{Layout: c.layout, Classes: []int{1}, Starts: 1})
		if _, ok := err.(survey.Problems); !ok {
			t.Errorf("%q: %v is no list of problems", c.data, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v\ndoes not say %q", err, want)
			}
		}
	}
	uneven := sample(t, "id,w,a,b,c,best,worst\n1,1,1,2,3,1,2\n1,2,1,2,3,1,2\n", survey.Design{Weight: "w"})
	if _, _, err := maxdiff.MaxDiff(context.Background(), uneven, maxdiff.Options{Layout: tall, Classes: []int{1}, Starts: 1}); err == nil || !strings.Contains(err.Error(), "different weights") {
		t.Errorf("two weights of one person: %v", err)
	}
}

// An item that everybody names as the worst has no utility, and the others have
// those of the choices without it.
func TestItemsWithoutAUtility(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, always := range []bool{false, true} {
		var with, without strings.Builder
		fmt.Fprintln(&with, "a,b,c,d,best,worst")
		fmt.Fprintln(&without, "a,b,c,best,worst")
		for range 200 {
			shown := rng.Perm(5)[:3]
			best := take(rng, shown, func(j int) float64 { return float64(1 + j) })
			worst := best
			for worst == best {
				worst = take(rng, shown, func(j int) float64 { return 1 / float64(1+j) })
			}
			cells := fmt.Sprintf("%d,%d,%d", shown[0]+1, shown[1]+1, shown[2]+1)
			if always {
				fmt.Fprintf(&with, "%s,9,9,%d\n", cells, worst+1)
				fmt.Fprintf(&without, "%s,,%d\n", cells, worst+1)
			} else {
				fmt.Fprintf(&with, "%s,9,%d,9\n", cells, best+1)
				fmt.Fprintf(&without, "%s,%d,\n", cells, best+1)
			}
		}
		analysed := func(data string, columns ...string) maxdiff.Analysis {
			got, _, err := maxdiff.MaxDiff(context.Background(), sample(t, data, survey.Design{}), maxdiff.Options{
				Layout: maxdiff.Layout{Shown: columns, Best: "best", Worst: "worst"}, Classes: []int{1}, Starts: 1})
			if err != nil {
				t.Fatal(err)
			}
			return got[0]
		}
		got, want := analysed(with.String(), "a", "b", "c", "d"), analysed(without.String(), "a", "b", "c")
		byItem := map[string]int{}
		for j, x := range want.Items {
			byItem[x.Item] = j
		}
		for j, x := range got.Items {
			u := got.Segments[0].Utilities[j]
			k, ok := byItem[x.Item]
			if !ok {
				if u.Value.Exists() || u.SE.Exists() || x.Preference.Value.Exists() || !slices.Contains(u.Flags, survey.FlagNotEstimable) || x.Score.Low.Exists() || !slices.Equal(x.Score.Flags, []string{survey.FlagNoVariance}) {
					t.Errorf("item %s, always %t: %+v, score %+v", x.Item, always, u, x.Score)
				}
				continue
			}
			if v := want.Segments[0].Utilities[k]; !alike(u, v, false) || !alike(x.Preference, want.Items[k].Preference, false) {
				t.Errorf("item %s, always %t: %+v, without it %+v", x.Item, always, u, v)
			}
		}
		if !slices.Equal(got.NotEstimable, []string{"9"}) {
			t.Errorf("not estimable: %q", got.NotEstimable)
		}
	}
}

// A utility that only the prior holds, in one class of two, is not estimable: that
// class never takes item 5 but as the worst, and its other utilities are those of its
// people alone, without the item.
func TestItemsWithoutAUtilityInAClass(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const header = "id,a,b,c,d,best,worst\n"
	var all, first strings.Builder
	all.WriteString(header)
	first.WriteString(header)
	for i := range 160 {
		likes, never := []float64{8, 3, 1, 0.3, 0.01}, i < 100
		if !never {
			likes = []float64{0.1, 0.3, 1, 3, 8}
		}
		for range 10 {
			shown := rng.Perm(5)[:4]
			liked := slices.DeleteFunc(slices.Clone(shown), func(j int) bool { return never && j == 4 })
			best := take(rng, liked, func(j int) float64 { return likes[j] })
			left := slices.DeleteFunc(slices.Clone(shown), func(j int) bool { return j == best })
			worst := 4
			if !never || len(liked) == len(shown) {
				worst = take(rng, left, func(j int) float64 { return 1 / likes[j] })
			}
			row := fmt.Sprintf("%d,%d,%d,%d,%d,%d,%d\n", i, shown[0]+1, shown[1]+1, shown[2]+1, shown[3]+1, best+1, worst+1)
			all.WriteString(row)
			if never {
				first.WriteString(row)
			}
		}
	}
	layout := maxdiff.Layout{Shown: []string{"a", "b", "c", "d"}, Best: "best", Worst: "worst", Respondent: "id"}
	both, _, err := maxdiff.MaxDiff(t.Context(), sample(t, all.String(), survey.Design{PSU: []string{"id"}}), maxdiff.Options{Layout: layout, Classes: []int{2}, Starts: 10, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	alone, _, err := maxdiff.MaxDiff(t.Context(), sample(t, first.String(), survey.Design{PSU: []string{"id"}}), maxdiff.Options{Layout: layout, Classes: []int{1}, Starts: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(both[0].NotEstimable) > 0 || !slices.Equal(alone[0].NotEstimable, []string{"5"}) {
		t.Fatalf("not estimable: %q of everybody, %q of the first class", both[0].NotEstimable, alone[0].NotEstimable)
	}
	byItem := map[string]int{}
	for j, x := range alone[0].Items {
		byItem[x.Item] = j
	}
	for j, x := range both[0].Items {
		u, p := both[0].Segments[0].Utilities[j], both[0].Segments[0].Preferences[j]
		if x.Item == "5" {
			if u.Value.Exists() || u.SE.Exists() || p.SE.Exists() || p.Low.Exists() || !slices.Contains(u.Flags, survey.FlagNotEstimable) || !slices.Contains(p.Flags, survey.FlagNotEstimable) {
				t.Errorf("utility %+v, preference %+v of an item that the class never takes", u, p)
			}
			if other := both[0].Segments[1].Utilities[j]; !other.SE.Exists() || len(other.Flags) > 0 {
				t.Errorf("%+v of the class that takes it", other)
			}
			continue
		}
		// The classes of a few people are not quite certain.
		const certain = 0.02
		v := alone[0].Segments[0].Utilities[byItem[x.Item]]
		if !(math.Abs(u.Value.Float()-v.Value.Float()) < certain) || !(math.Abs(u.SE.Float()/v.SE.Float()-1) < certain) {
			t.Errorf("item %s: utility %v (%v) in the class, %v (%v) of its people alone", x.Item, u.Value.Float(), u.SE.Float(), v.Value.Float(), v.SE.Float())
		}
	}
}

// People whose only choices are of an item without a utility are not behind the
// utilities of the others.
func TestBaseOfUtilities(t *testing.T) {
	data := "a,b,c,best,worst\n" + strings.Repeat("1,2,3,3,1\n1,2,3,3,2\n1,2,3,3,1\n1,2,3,3,\n", 20)
	got, _, err := maxdiff.MaxDiff(t.Context(), sample(t, data, survey.Design{}), maxdiff.Options{
		Layout: maxdiff.Layout{Shown: []string{"a", "b", "c"}, Best: "best", Worst: "worst"}, Classes: []int{1}, Starts: 1})
	if err != nil {
		t.Fatal(err)
	}
	for j, x := range got[0].Items {
		u := got[0].Segments[0].Utilities[j]
		if x.Preference.N != 60 || u.N != 60 || got[0].Persons != 60 || x.Score.N != 80 {
			t.Errorf("item %s: utility of %d, preference of %d, score of %d of 80 people, %d in the model", x.Item, u.N, x.Preference.N, x.Score.N, got[0].Persons)
		}
	}
}
