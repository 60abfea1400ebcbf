package estimate_test

import (
	"testing"

	"surveykit/stats"
	"surveykit/survey"
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
		t.Errorf("F = %v, df %v, N %d; want %v, 9, 10", r.Statistic, r.DDF, r.N, 3.6*15/16)
	}
}
