package stats

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// associationTolerance is relative: two routes through the same eigenvalues.
const associationTolerance = 1e-8

// counted is a sample of rows, each in one cell of a table (−1: no answer),
// with its weight, stratum and PSU; PSUs are named across strata.
type counted struct {
	cell         []int
	weight       []float64
	stratum, psu []string
}

// add appends a row that is a PSU of the only stratum.
func (s *counted) add(cell int, weight float64) {
	s.cell, s.weight = append(s.cell, cell), append(s.weight, weight)
	s.stratum, s.psu = append(s.stratum, ""), append(s.psu, strconv.Itoa(len(s.psu)))
}

// totals returns the weighted counts of k cells and their covariance under
// sampling of PSUs with replacement inside strata.
func (s counted) totals(k int) ([]float64, *mat.SymDense) {
	strata := map[string]map[string]*mat.VecDense{}
	for i, cell := range s.cell {
		psus := strata[s.stratum[i]]
		if psus == nil {
			psus = map[string]*mat.VecDense{}
			strata[s.stratum[i]] = psus
		}
		if psus[s.psu[i]] == nil {
			psus[s.psu[i]] = mat.NewVecDense(k, nil)
		}
		if cell >= 0 {
			psus[s.psu[i]].SetVec(cell, psus[s.psu[i]].AtVec(cell)+s.weight[i])
		}
	}
	counts, cov := mat.NewVecDense(k, nil), mat.NewSymDense(k, nil)
	for _, psus := range strata {
		n, sum := float64(len(psus)), mat.NewVecDense(k, nil)
		for _, z := range psus {
			sum.AddVec(sum, z)
			cov.SymRankOne(cov, n/(n-1), z)
		}
		cov.SymRankOne(cov, -1/(n-1), sum)
		counts.AddVec(counts, sum)
	}
	return counts.RawVector().Data, cov
}

// TestAssociationAgainstR takes R 4.2.2, survey 4.5, svychisq of the designs
// whose covariance is a line of code.
func TestAssociationAgainstR(t *testing.T) {
	columns := readReference(t, "synthetic/twostage.csv")
	ages := slices.Compact(slices.Sorted(slices.Values(columns["age_bracket"])))
	rows := len(columns["weight"])
	var s counted
	for i := range rows {
		cell := -1
		if concern, err := strconv.Atoi(columns["concern_identity"][i]); err == nil {
			cell = (concern-1)*len(ages) + slices.Index(ages, columns["age_bracket"][i])
		}
		s.add(cell, 1)
	}
	check := func(id string, df float64) {
		counts, cov := s.totals(5 * len(ages))
		results, err := Association(counts, 5, len(ages), cov, float64(rows), df)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range referenceCases(t, id)[0].Expected {
			got := results[AssociationMethod(e.Test)]
			near(t, id+" "+e.Test, got.Statistic, e.Statistic, associationTolerance)
			near(t, id+" "+e.Test+" p", got.P, e.P, rootTolerance)
		}
	}
	check("twostage/unweighted/chisq", 1554)
	for i := range rows {
		s.weight[i], _ = strconv.ParseFloat(columns["weight"][i], 64)
	}
	check("twostage/weighted/chisq", 1554)
	s.stratum = columns["stratum"]
	check("twostage/stratified/chisq", 1543)
	for i, psu := range columns["psu"] {
		s.psu[i] = s.stratum[i] + "/" + psu
	}
	check("twostage/clustered/chisq", 58)
}

// TestAssociationWithEmptyCell compares with svychisq of R 4.2.2, survey 4.1.1
// on 80 rows in two strata, none of them in the first cell of the last row.
// The p of lincom is the exact one, which is near that of R's saddlepoint.
func TestAssociationWithEmptyCell(t *testing.T) {
	var s counted
	for i := range 80 {
		cell := (i*i + i/7) % 8
		if cell >= 6 {
			cell++
		}
		s.add(cell, 1+float64(i%5)/2)
		s.stratum[i] = strconv.Itoa(i % 2)
	}
	counts, cov := s.totals(9)
	got, err := Association(counts, 3, 3, cov, 80, 78)
	if err != nil {
		t.Fatal(err)
	}
	for method, want := range map[AssociationMethod]TestResult{
		RaoScottF:              {2.06675470371122, 3.98308425015383, 310.680571511998, 0.0853243378262606},
		RaoScottChisq:          {9.14070307491086, 4, math.NaN(), 0.082272375225898},
		WaldAssociation:        {4.21368109638802, 4, 78, 0.0038517475058169},
		AdjustedWald:           {4.05161643883463, 4, 75, 0.00499178850368666},
		SaddlepointAssociation: {9.14070307491086, math.NaN(), math.NaN(), 0.0861416559185773},
	} {
		near(t, string(method), got[method].Statistic, want.Statistic, associationTolerance)
		near(t, string(method)+" NDF", got[method].NDF, want.NDF, associationTolerance)
		near(t, string(method)+" DDF", got[method].DDF, want.DDF, associationTolerance)
		near(t, string(method)+" p", got[method].P, want.P, rootTolerance)
	}
	near(t, "lincom", got[LinearCombination].P, got[SaddlepointAssociation].P, 0.02)
}

// drawTable returns a sample of a table and the table's size.
func drawTable(t *rapid.T) (s counted, r, c int) {
	r, c = rapid.IntRange(2, 3).Draw(t, "r"), rapid.IntRange(2, 4).Draw(t, "c")
	for i := range r * c {
		for range rapid.IntRange(3, 12).Draw(t, "rows of a cell") {
			s.add(i, rapid.Float64Range(0.5, 3).Draw(t, "w"))
		}
	}
	return s, r, c
}

// TestAssociationIdentities: turning the table or scaling the weights changes
// nothing, and in a 2 × 2 table F is the statistic of every Rao–Scott test.
func TestAssociationIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, r, c := drawTable(t)
		turned := s
		turned.cell, turned.weight = slices.Clone(s.cell), slices.Clone(s.weight)
		for i, cell := range s.cell {
			turned.cell[i] = cell%c*r + cell/c
			turned.weight[i] *= 1000
		}
		n := float64(len(s.cell))
		counts, cov := s.totals(r * c)
		results, err := Association(counts, r, c, cov, n, n-1)
		turnedCounts, turnedCov := turned.totals(r * c)
		again, turnedErr := Association(turnedCounts, c, r, turnedCov, n, n-1)
		if err != nil || turnedErr != nil {
			t.Fatal(err, turnedErr)
		}
		for _, m := range AssociationMethods {
			near(t, string(m)+" turned", again[m].Statistic, results[m].Statistic, associationTolerance)
			near(t, string(m)+" turned, p", again[m].P, results[m].P, rootTolerance)
		}
		if r == 2 && c == 2 {
			f := results[RaoScottF]
			near(t, "NDF", f.NDF, 1, associationTolerance)
			near(t, "lincom", results[LinearCombination].P, f.P, associationTolerance)
		}
	})
}

// TestAssociationOfSimpleSample: rows of weight 1, drawn with replacement, in
// a table whose shares are independent have the design effects n/(n−1).
func TestAssociationOfSimpleSample(t *testing.T) {
	var s counted
	for i, rows := range []int{2, 4, 6, 3, 6, 9} {
		for range rows {
			s.add(i, 1)
		}
	}
	counts, cov := s.totals(6)
	table, err := newContingency(counts, 2, 3, cov)
	if err != nil {
		t.Fatal(err)
	}
	effects, err := table.designEffects(30)
	if err != nil || len(effects) != 2 {
		t.Fatal(effects, err)
	}
	near(t, "first", effects[0], 30./29, associationTolerance)
	near(t, "second", effects[1], 30./29, associationTolerance)
}

// TestAssociationRefusals: what cannot be tested is an error or NaN.
func TestAssociationRefusals(t *testing.T) {
	unit := func(k int) *mat.SymDense {
		s := mat.NewSymDense(k, nil)
		for i := range k {
			s.SetSym(i, i, 1)
		}
		return s
	}
	good := []float64{5, 6, 7, 9}
	for name, call := range map[string]func() (map[AssociationMethod]TestResult, error){
		"one row": func() (map[AssociationMethod]TestResult, error) { return Association(good, 1, 4, unit(4), 27, 26) },
		"sizes":   func() (map[AssociationMethod]TestResult, error) { return Association(good, 2, 2, unit(3), 27, 26) },
		"no cov":  func() (map[AssociationMethod]TestResult, error) { return Association(good, 2, 2, nil, 27, 26) },
		"negative": func() (map[AssociationMethod]TestResult, error) {
			return Association([]float64{5, -6, 7, 9}, 2, 2, unit(4), 27, 26)
		},
		"NaN": func() (map[AssociationMethod]TestResult, error) {
			return Association([]float64{5, math.NaN(), 7, 9}, 2, 2, unit(4), 27, 26)
		},
		"empty row": func() (map[AssociationMethod]TestResult, error) {
			return Association([]float64{0, 0, 7, 9}, 2, 2, unit(4), 27, 26)
		},
		"empty column": func() (map[AssociationMethod]TestResult, error) {
			return Association([]float64{0, 5, 0, 9}, 2, 2, unit(4), 27, 26)
		},
		"n 0": func() (map[AssociationMethod]TestResult, error) { return Association(good, 2, 2, unit(4), 0, 26) },
		"no variance": func() (map[AssociationMethod]TestResult, error) {
			return Association(good, 2, 2, mat.NewSymDense(4, nil), 27, 26)
		},
		"cov NaN": func() (map[AssociationMethod]TestResult, error) {
			cov := unit(4)
			cov.SetSym(0, 1, math.NaN())
			return Association(good, 2, 2, cov, 27, 26)
		},
	} {
		if results, err := call(); err == nil || !strings.HasPrefix(err.Error(), "association: ") || results != nil {
			t.Errorf("%s: %v, %v", name, results, err)
		}
	}
	thin := mat.NewSymDense(6, nil)
	thin.SymOuterK(1, mat.NewDense(6, 1, []float64{1, -2, 3, 1, 0, -1}))
	onePSU, err := Association([]float64{5, 6, 7, 9, 8, 4}, 2, 3, thin, 39, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Wald with fewer PSUs than contrasts", onePSU[WaldAssociation].P, math.NaN(), 0)
	if p := onePSU[RaoScottF].P; !(p > 0 && p < 1) {
		t.Errorf("F with few PSUs: p = %v", p)
	}
	none, err := Association(good, 2, 2, unit(4), 27, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "F without df", none[RaoScottF].P, math.NaN(), 0)
	near(t, "adjusted Wald without df", none[AdjustedWald].P, math.NaN(), 0)
}
