package estimate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// RankMethod names a design-based rank test.
type RankMethod string

// The rank tests. Ranks are estimated population ranks on 0–1: the weighted
// share below an answer plus half the share tied with it.
const (
	// Wilcoxon compares the mean ranks of two groups, KruskalWallis those of two or more.
	Wilcoxon      RankMethod = "wilcoxon"
	KruskalWallis RankMethod = "kruskal"
	// MedianTest compares the groups' shares above the median (Mood's test).
	MedianTest RankMethod = "median"
)

// RankMethods lists the rank tests.
var RankMethods = []RankMethod{Wilcoxon, KruskalWallis, MedianTest}

// score turns ranks on 0–1 into the scores that the method compares.
func (m RankMethod) score(rank float64) float64 {
	if m != MedianTest {
		return rank
	}
	if rank > 0.5 {
		return 1
	}
	return 0
}

// RankTest tests in each domain whether a variable's distribution is the same
// in all groups: the groups' mean scores are compared like means, the ranks
// taken as given. With two groups the statistic is t (ndf 1; positive where
// the second group ranks higher), with k groups Wald's F on k−1; ddf are
// PSUs − strata + 1 − k, as in a regression on the groups. Groups that nobody of
// the domain is in are left out. Replicate designs score the sample once and
// compare under each replicate's weights.
// Source: Lumley & Scott 2013. Equals R survey::svyranktest, which breaks ties
// by the order of rows where weights differ.
func (s *Sample) RankTest(variable, groups string, m RankMethod) ([]TestRecord, error) {
	_, problems := s.numeric(variable)
	_, more := s.variable(groups)
	more = append(more, unknownName("rank test", m, Wilcoxon, KruskalWallis, MedianTest)...)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	c, err := s.engine.Categories(s.ctx, groups)
	if err != nil {
		return nil, err
	}
	of := engine.Categories(groups, c)
	y, err := s.scores(engine.Answer{Column: variable}, of, m)
	if err != nil {
		return nil, err
	}
	totals, err := s.Sums(engine.Query{Cells: []engine.Axis{of}, Numbers: y.Mean()})
	if err != nil {
		return nil, err
	}
	k := len(c.Values)
	var out []TestRecord
	for d := range s.cells.group {
		r := TestRecord{Test: string(m), Variables: [2]string{variable, groups}, Group: s.cells.group[d], Codes: s.cells.codes[d], Flags: []string{}}
		var occupied []int
		for c := d * k; c < (d+1)*k; c++ {
			if totals.N[totals.Index(c, 0)] > 0 {
				occupied = append(occupied, c)
			}
		}
		if m == Wilcoxon && len(occupied) > 2 {
			return nil, survey.Problems{{Variable: groups, Message: fmt.Sprintf("the Wilcoxon test compares two groups, and there are %d", len(occupied)), Remedy: "use kruskal, or keep two groups by --where"}}
		}
		r.compareScores(totals, occupied)
		out = append(out, r)
	}
	return out, nil
}

// scores ranks the answers within each domain, over rows whose group is known: the
// rank of a value is the weighted share below it plus half the share tied with it. A
// cell of the query is a domain with a group; those of one domain have the same
// scores.
func (s *Sample) scores(x engine.Answer, groups engine.Codes, m RankMethod) (Answers, error) {
	all, err := s.engine.Distribution(s.ctx, s.frame, x, s.within(engine.Query{Where: existing(engine.Place{Of: groups})}))
	if err != nil {
		return Answers{}, err
	}
	out := engine.Scored{Of: x}
	for _, ties := range all {
		var weight, below float64
		for _, tie := range ties {
			weight += tie.Weight
		}
		values, scores := make([]float64, len(ties)), make([]float64, len(ties))
		for k, tie := range ties {
			values[k], scores[k] = tie.Value, m.score((below+tie.Weight/2)/weight)
			below += tie.Weight
		}
		for range groups.Cells() {
			out.Values, out.Scores = append(out.Values, values), append(out.Scores, scores)
		}
	}
	return Answers{Number: out}, nil
}

// compareScores tests whether the mean of term 1 is the same in every cell, by the
// means of all cells but the first minus that of the first.
func (r *TestRecord) compareScores(totals *engine.Totals, cells []int) {
	if len(cells) == 0 {
		r.Flags = append(r.Flags, survey.FlagNoRows)
		return
	}
	base := totals.Base(mean(totals, cells)[1])
	r.N = base.N
	ndf := len(cells) - 1
	ddf := base.DF - float64(ndf)
	switch {
	case ndf == 0:
		r.Flags = append(r.Flags, survey.FlagOneCategory)
		return
	case ddf <= 0:
		r.Flags = append(r.Flags, survey.FlagNoDF)
		return
	}
	change, covariance := mat.NewVecDense(ndf, nil), mat.NewSymDense(ndf, nil)
	first := mean(totals, cells[:1])
	deviations := make([][]float64, ndf)
	for i, c := range cells[1:] {
		arguments := append(mean(totals, []int{c}), first...)
		change.SetVec(i, totals.At(Difference.Function, arguments))
		deviations[i] = totals.Deviations(Difference.Function, arguments)
		for j := range i + 1 {
			covariance.SetSym(i, j, stats.Dot(deviations[i], deviations[j]))
		}
	}
	r.setWald(change, covariance, ddf)
}

// degenerate reports whether some mixture of mean scores, which lie on 0–1, has
// no variance but that of rounding.
func degenerate(covariance *mat.SymDense) bool {
	const roundedScores, roundedCovariance = 1e-20, 1e-12
	var eigen mat.EigenSym
	if !eigen.Factorize(covariance, false) {
		return true
	}
	ascending := eigen.Values(nil)
	largest := ascending[len(ascending)-1]
	return largest < roundedScores || ascending[0] < roundedCovariance*largest
}

// setWald fills in the test that a vector is zero: t for one entry, otherwise
// F = v'Σ⁻¹v/k.
func (r *TestRecord) setWald(v *mat.VecDense, covariance *mat.SymDense, ddf float64) {
	k := v.Len()
	var solved mat.VecDense
	if degenerate(covariance) || solved.SolveVec(covariance, v) != nil {
		r.Flags = append(r.Flags, survey.FlagNoVariance)
		return
	}
	f := mat.Dot(v, &solved) / float64(k)
	if math.IsNaN(f) { // a replicate has nobody of a group
		r.Flags = append(r.Flags, survey.FlagNoVariance)
		return
	}
	r.Statistic, r.NDF, r.DDF = survey.FigureOf(f), survey.FigureOf(float64(k)), survey.FigureOf(ddf)
	r.P = survey.FigureOf(stats.FUpper(f, float64(k), ddf))
	if k == 1 {
		r.Statistic = survey.FigureOf(math.Copysign(math.Sqrt(f), v.AtVec(0)))
		r.P = survey.FigureOf(stats.TTwoSided(math.Sqrt(f), ddf))
	}
}
