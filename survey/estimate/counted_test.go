package estimate_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// TestAssociationCountsAnswers takes 10 rows that answered both questions, 4, 1,
// 1 and 4 in the cells, among 16: X² = 10·(4·4−1·1)²/5⁴ = 3.6, whose design
// effect is the 16/15 of the 16 sampled rows, and df = 10 − 1.
func TestAssociationCountsAnswers(t *testing.T) {
	rows := "w,a,b\n1,1,x\n1,1,x\n1,2,x\n1,2,y\n1,1,y\n1,2,y\n1,2,y\n1,1,x\n1,,x\n1,,y\n1,,x\n1,2,\n1,1,\n1,1,\n1,2,y\n1,1,x\n"
	s := sampletest.Of(t, sampletest.Read(t, rows), survey.Design{Weight: "w"})
	records, err := s.Association("a", "b", []stats.AssociationMethod{stats.RaoScottF})
	r := one(t, records, err)
	if r.N != 10 || !near(r.DDF, 9, exact) || !near(r.Statistic, 3.6*15/16, exact) {
		t.Errorf("F = %v, df %v, N %d; want %v, 9, 10", r.Statistic.Float(), r.DDF.Float(), r.N, 3.6*15/16)
	}
}

// TestDifferenceNearAnEdge compares 1 of 26 with 7 of 32 people: the difference
// of means keeps its t, and beside it is the doubled mid-p of the counts. The
// variance has the factor 58/57 of the 58 sampled rows, so that the effective
// sizes are 25.6 and 31.4: 1 of 26 and 7 of 31 have 0.0509234 by exact fractions of
// the hypergeometric distribution. With 6 of 26
// neither side is near an edge; with none of 26 there is no t.
func TestDifferenceNearAnEdge(t *testing.T) {
	for _, c := range []struct {
		yes    int
		counts float64
		flag   string
	}{{0, math.NaN(), survey.FlagEdgeTest}, {1, 0.05092339364201039, survey.FlagNearEdge}, {6, math.NaN(), ""}} {
		rows := "g,y\n"
		for i := range 26 {
			rows += fmt.Sprintf("a,%d\n", map[bool]int{true: 1}[i < c.yes])
		}
		for i := range 32 {
			rows += fmt.Sprintf("b,%d\n", map[bool]int{true: 1}[i < 7])
		}
		s := sampletest.Of(t, sampletest.Read(t, rows), survey.Design{})
		records, err := s.Differences([]string{"y"}, estimate.Between{Variable: "g", From: "a", To: "b"})
		r := one(t, records, err)
		if hasT := c.yes > 0; r.T.Exists() != hasT || r.SE.Exists() != hasT || hasT && !near(r.T, r.Value.Float()/r.SE.Float(), exact) {
			t.Errorf("%d of 26: t %v, se %v", c.yes, r.T.Float(), r.SE.Float())
		}
		if !r.P.Exists() || c.flag != "" && !slices.Contains(r.Flags, c.flag) || c.flag == "" && len(r.Flags) > 0 {
			t.Errorf("%d of 26: p %v, flags %v", c.yes, r.P.Float(), r.Flags)
		}
		if (r.PCounts != nil) != !math.IsNaN(c.counts) || r.PCounts != nil && !near(*r.PCounts, c.counts, exact) {
			t.Errorf("%d of 26: by counts %v, want %v", c.yes, r.PCounts, c.counts)
		}
	}
}
