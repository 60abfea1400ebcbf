package segment_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate/sampletest"
)

// solutions are the groups, the groups with a few people moved and some not
// classed, and the groups under other names.
func solutions(seed uint64, psus int) *survey.Table {
	table, random := groups(seed, psus, 10), rand.New(rand.NewPCG(seed, 2))
	moved := &survey.Variable{Name: "moved", Kind: survey.Number, Numbers: &survey.NumberColumn{}}
	renamed := &survey.Variable{Name: "renamed", Kind: survey.Number, Numbers: &survey.NumberColumn{}}
	for _, g := range table.Lookup("group").Numbers.All() {
		renamed.Numbers.Append(10 - g)
		switch random.IntN(5) {
		case 0:
			g = float64(random.IntN(3) + 1)
		case 1:
			if g == 2 {
				g = math.NaN()
			}
		}
		moved.Numbers.Append(g)
	}
	return table.With(moved, renamed)
}

// Moves are shares that the estimators give, and streams carry everybody.
func TestMovesAreShares(t *testing.T) {
	table := solutions(21, 20)
	s := sampletest.Of(t, table, clustered)
	records, streams, err := segment.Compare(s, []string{"group", "moved", "renamed"})
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 3 || records[1].From != "group" || records[1].To != "renamed" {
		t.Fatalf("%+v", records)
	}
	near(t, "other names", records[1].AdjustedRand.Value, survey.FigureOf(1), exact)
	codes := func(name string) []int32 {
		c := survey.Classify(table.Lookup(name))
		return c.Index.Slice()
	}
	near(t, "adjusted Rand", records[0].AdjustedRand.Value, survey.FigureOf(stats.AdjustedRand(codes("group"), codes("moved"), s.Frame().ByRow.Weights)), exact)
	pair := &survey.Variable{Name: "pair", Kind: survey.Number, Numbers: &survey.NumberColumn{}}
	for i, g := range table.Lookup("group").Numbers.All() {
		pair.Numbers.Append(10*g + table.Lookup("moved").Numbers.At(i))
	}
	shares, err := sampletest.Of(t, table.With(pair), clustered).Proportions([]string{"pair"})
	if err != nil {
		t.Fatal(err)
	}
	for n, m := range records[0].Moves {
		sameFigures(t, m.From+" to "+m.To, m.Share, shares[n], true)
	}
	var into, out float64
	for _, row := range streams.Weight[0] {
		into += row[0]
	}
	for _, w := range streams.Weight[1][0] {
		out += w
	}
	near(t, "streams", survey.FigureOf(into), survey.FigureOf(out), exact)
	if last := streams.Solutions[1].Segments[3]; last != segment.NotClassed || streams.N != table.Rows || len(streams.Solutions[0].Segments) != 3 {
		t.Errorf("%+v", streams.Solutions)
	}
}

// The linearised error of the adjusted Rand index is near the jackknife's: the
// two differ by terms of one over the number of clusters.
func TestRandErrorIsNearTheJackknife(t *testing.T) {
	table := solutions(22, 60)
	linear, _, err := segment.Compare(sampletest.Of(t, table, survey.Design{Weight: "weight", PSU: []string{"psu"}}), []string{"group", "moved"})
	if err != nil {
		t.Fatal(err)
	}
	replicated, design := jackknifed(table)
	jackknife, _, err := segment.Compare(sampletest.Of(t, replicated, design), []string{"group", "moved"})
	if err != nil {
		t.Fatal(err)
	}
	a, b := linear[0].AdjustedRand, jackknife[0].AdjustedRand
	near(t, "value", a.Value, b.Value, exact)
	if ratio := a.SE.Float() / b.SE.Float(); ratio < 0.9 || ratio > 1.1 {
		t.Errorf("SE %v, by the jackknife %v", a.SE.Float(), b.SE.Float())
	}
}

func TestComparisonsSayWhatIsWrong(t *testing.T) {
	s := sampletest.Of(t, solutions(23, 6), clustered)
	for _, names := range [][]string{{"group"}, {"group", "grop"}, {"group", "group"}} {
		var problems survey.Problems
		if _, _, err := segment.Compare(s, names); !errors.As(err, &problems) {
			t.Errorf("%v: %v", names, err)
		}
	}
}
