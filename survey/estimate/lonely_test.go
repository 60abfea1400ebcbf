package estimate_test

import (
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// lonelyRows has a stratum with one PSU, and g, a domain that it has no part in.
const lonelyRows = `st,cl,w,y,g
1,1,2,10,a
1,1,2,14,a
2,1,1,20,b
2,1,1,25,b
2,2,2,23,b
2,3,2,22,b
3,1,4,15,b
3,1,4,18,b
3,2,2,17,b
3,2,2,12,b
`

// TestLonelyTotals holds totals against a case worked by hand. PSU totals are 48
// (alone), 45, 46, 44 and 132, 58: the strata add 3 and 74² = 5476. All six PSUs
// have the mean 373/6, and the mean over two of three strata counts 3/2 times.
// A domain without rows in the lonely stratum has nothing from it; the domain
// that is all in it has 48 against its mean of 48/6 over all PSUs.
func TestLonelyTotals(t *testing.T) {
	for _, c := range []struct {
		policy, where string
		variance      float64
	}{
		{"certainty", "", 3 + 5476},
		{"average", "", (3 + 5476) * 1.5},
		{"adjust", "", 3 + 5476 + (48-373./6)*(48-373./6)},
		{"certainty", "g == 'b'", 3 + 5476},
		{"average", "g == 'b'", 3 + 5476},
		{"adjust", "g == 'b'", 3 + 5476},
		{"adjust", "g == 'a'", 40 * 40},
	} {
		t.Run(c.policy+" "+c.where, func(t *testing.T) {
			d := survey.Design{Weight: "w", Strata: "st", PSU: []string{"cl"}, LonelyPSU: c.policy}
			s := sampletest.In(t, sampletest.Read(t, lonelyRows), d, estimate.Options{Where: c.where})
			records, err := s.Totals([]string{"y"})
			if r := one(t, records, err); !near(survey.FigureOf(r.SE.Float()*r.SE.Float()), c.variance, exact) {
				t.Errorf("variance %v, want %v", r.SE.Float()*r.SE.Float(), c.variance)
			}
		})
	}
}

// TestLonelyMean holds the mean of a domain that touches two strata with several
// PSUs each: no factor for the third.
func TestLonelyMean(t *testing.T) {
	d := survey.Design{Weight: "w", Strata: "st", PSU: []string{"cl"}, LonelyPSU: "average"}
	s := sampletest.In(t, sampletest.Read(t, lonelyRows), d, estimate.Options{Where: "g == 'b'"})
	means, err := s.Means([]string{"y"})
	average := one(t, means, err)
	d.LonelyPSU = "certainty"
	s = sampletest.In(t, sampletest.Read(t, lonelyRows), d, estimate.Options{Where: "g == 'b'"})
	means, err = s.Means([]string{"y"})
	if certainty := one(t, means, err); !near(average.SE, certainty.SE.Float(), exact) || !near(average.SE, 0.13789079, 1e-7) {
		t.Errorf("SE %v, want 0.13789079 and %v", average.SE.Float(), certainty.SE.Float())
	}
}

// TestLonelyAssociation holds the tests of a table whose cells do not all touch the
// stratum of one PSU: the mean over the other two of three strata counts 3/2 times
// in the covariance of all cells, so Wald's statistic is 2/3 of what it is where
// the stratum adds nothing.
func TestLonelyAssociation(t *testing.T) {
	ask := func(policy string, method stats.AssociationMethod) estimate.TestRecord {
		d := survey.Design{Weight: "w", Strata: "st", PSU: []string{"cl"}, LonelyPSU: policy}
		s := sampletest.In(t, sampletest.Read(t, `st,cl,w,f,b
1,1,2,1,0
1,1,2,1,1
2,1,1,1,0
2,1,1,2,1
2,2,2,2,0
2,2,1,1,1
2,3,2,2,1
3,1,4,1,0
3,1,4,2,1
3,2,2,2,0
3,2,2,1,1
`), d, estimate.Options{})
		records, err := s.Association("f", "b", []stats.AssociationMethod{method})
		return one(t, records, err)
	}
	for _, method := range []stats.AssociationMethod{stats.WaldAssociation, stats.AdjustedWald, stats.RaoScottF} {
		average, certainty := ask("average", method), ask("certainty", method)
		if !near(average.Statistic, certainty.Statistic.Float()*2/3, exact) || average.DDF.Float() != certainty.DDF.Float() {
			t.Errorf("%s: %v, and %v where the stratum adds nothing", method, average.Statistic.Float(), certainty.Statistic.Float())
		}
	}
}
