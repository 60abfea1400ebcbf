package mixture_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"surveykit/stats"
	"surveykit/stats/mixture"
)

// constantAnd is the matrix with a constant and one more column.
func constantAnd(v []float64) *stats.Sparse {
	x := &stats.Sparse{Columns: 2, Start: []int{0}}
	for _, a := range v {
		x.Index = append(x.Index, 0, 1)
		x.Value = append(x.Value, 1, a)
		x.Start = append(x.Start, len(x.Index))
	}
	return x
}

// people draws two classes whose odds depend on a number, ln odds = intercept +
// slope·v, and answers of six items that tell the classes apart only roughly.
func people(rows int, intercept, slope, right float64, seed uint64) (v []float64, class []int32, items []mixture.Item) {
	rng := rand.New(rand.NewPCG(seed, 2))
	items = make([]mixture.Item, 6)
	for j := range items {
		items[j] = mixture.Item{Categories: 2, Code: make([]int32, rows)}
	}
	for i := range rows {
		v = append(v, rng.NormFloat64())
		class = append(class, 0)
		if rng.Float64() < 1/(1+math.Exp(-intercept-slope*v[i])) {
			class[i] = 1
		}
		for j := range items {
			if items[j].Code[i] = class[i]; rng.Float64() > right {
				items[j].Code[i] = 1 - class[i]
			}
		}
	}
	return v, class, items
}

// Certain classes are outcomes: with two, the logit is logistic regression,
// coefficients and influences.
func TestMembershipOfCertainClassesIsLogistic(t *testing.T) {
	v, class, _ := people(300, -0.5, 1, 1, 4)
	y, w := make([]float64, len(v)), make([]float64, len(v))
	for i, c := range class {
		y[i], w[i] = float64(c), 0.5+float64(i%3)/2
	}
	x := constantAnd(v)
	want := stats.Binomial.Fit(x, y, w, nil)
	got := mixture.FitMembership(x, class, [][]float64{{1, 0}, {0, 1}}, w)
	// R's glm stops when the deviance moves by less than 1e-8 of itself.
	const stopped = 1e-6
	for c := range want.Beta {
		if !got.Converged || math.Abs(got.Beta[0][c]-want.Beta[c]) > stopped {
			t.Errorf("coefficient %d is %.9g, by logistic regression %.9g", c, got.Beta[0][c], want.Beta[c])
		}
		a, b := got.Influence(1, c), want.Influence(c)
		for i := range a {
			if math.Abs(a[i]-b[i]) > stopped {
				t.Fatalf("influence of row %d on coefficient %d is %g, by logistic regression %g", i, c, a[i], b[i])
			}
		}
	}
}

// With answers that often mislead, the logit on assigned classes is too flat;
// the corrected one finds the truth.
func TestMembershipCorrectsAttenuation(t *testing.T) {
	const slope, right = 1.0, 0.7
	v, _, items := people(20000, 0, slope, right, 1)
	w := slices.Repeat([]float64{1}, len(v))
	f := fit(t, items, w, 2, 10, 1)
	posterior := f.Posterior(items)
	assigned := mixture.Modal(posterior)
	x := constantAnd(v)
	plain := mixture.FitMembership(x, assigned, [][]float64{{1, 0}, {0, 1}}, w)
	corrected := mixture.FitMembership(x, assigned, mixture.ClassificationErrors(posterior, assigned, w), w)
	// Classes are ordered by size, so the slope may have either sign.
	naive, ml := math.Abs(plain.Beta[0][1]), math.Abs(corrected.Beta[0][1])
	se := math.Sqrt(stats.Dot(corrected.Influence(1, 1), corrected.Influence(1, 1)))
	if naive > 0.8*slope {
		t.Errorf("without correction the slope is %.3f, which is not too flat", naive)
	}
	// 4 standard errors; those of the first step are not in se, so twice that.
	if math.Abs(ml-slope) > 8*se {
		t.Errorf("corrected slope %.3f (SE %.3f), truth %g", ml, se, slope)
	}
}

// The influence is how a coefficient moves with a row's weight, errors as given.
func TestMembershipInfluencesAreDerivatives(t *testing.T) {
	v, _, items := people(400, 0.3, 0.8, 0.8, 7)
	w := slices.Repeat([]float64{1}, len(v))
	f := fit(t, items, w, 3, 10, 1)
	posterior := f.Posterior(items)
	assigned := mixture.Modal(posterior)
	errors := mixture.ClassificationErrors(posterior, assigned, w)
	x := constantAnd(v)
	m := mixture.FitMembership(x, assigned, errors, w)
	if !m.Converged {
		t.Fatal("not converged")
	}
	for class := 1; class < 3; class++ {
		u := m.Influence(class, 1)
		for _, i := range []int{0, 33, 399} {
			const h = 1e-2
			up, down := slices.Clone(w), slices.Clone(w)
			up[i], down[i] = 1+h, 1-h
			a, b := mixture.FitMembership(x, assigned, errors, up), mixture.FitMembership(x, assigned, errors, down)
			if slope := (a.Beta[class-1][1] - b.Beta[class-1][1]) / (2 * h); math.Abs(slope-u[i]) > sloped*(1e-2+math.Abs(slope)) {
				t.Errorf("class %d, row %d: influence %.6g, slope %.6g", class, i, u[i], slope)
			}
		}
	}
}

func TestMembershipAtTheEdges(t *testing.T) {
	// A number that separates the classes has no finite slope.
	class := []int32{0, 0, 0, 1, 1, 1}
	w := slices.Repeat([]float64{1}, 6)
	identity := [][]float64{{1, 0}, {0, 1}}
	if m := mixture.FitMembership(constantAnd([]float64{1, 2, 3, 4, 5, 6}), class, identity, w); m.Converged {
		t.Errorf("separated classes converged at %v", m.Beta)
	}
	// A column that the constant says already has no coefficient.
	m := mixture.FitMembership(constantAnd([]float64{2, 2, 2, 2, 2, 2}), class, identity, w)
	if m.Rank != 1 || !math.IsNaN(m.Beta[0][1]) || m.Influence(1, 1) != nil || math.Abs(m.Beta[0][0]) > 1e-9 {
		t.Errorf("rank %d, coefficients %v", m.Rank, m.Beta)
	}
}

// Of 4 rows of class 0 with probability 0.9, 0.9, 0.6 and 0.4, three are
// assigned to it: D = (2.4/2.8, 0.4/2.8; 0.6/1.2, 0.6/1.2).
func TestClassificationErrorsByHand(t *testing.T) {
	posterior := [][]float64{{0.9, 0.1}, {0.9, 0.1}, {0.6, 0.4}, {0.4, 0.6}, {1, 0}}
	d := mixture.ClassificationErrors(posterior, []int32{0, 0, 0, 1, -1}, []float64{1, 1, 1, 1, 1})
	want := [][]float64{{2.4 / 2.8, 0.4 / 2.8}, {0.5, 0.5}}
	for k := range want {
		for s := range want[k] {
			if math.Abs(d[k][s]-want[k][s]) > 1e-12 {
				t.Errorf("D[%d][%d] = %g, want %g", k, s, d[k][s], want[k][s])
			}
		}
	}
}

// Both influences together are how a coefficient moves with a row's weight when
// the class model, the errors and the logit are all fitted again.
func TestMembershipInfluencesHoldAllSteps(t *testing.T) {
	v, _, items := people(300, 0.3, 0.8, 0.8, 7)
	for i := range items[0].Code {
		if i%7 == 0 {
			items[0].Code[i] = -1
		}
	}
	items = append(items, mixture.Item{Value: make([]float64, len(v))})
	for i := range v {
		items[6].Value[i] = float64(items[1].Code[i]+items[2].Code[i]) + math.Sin(float64(i))
	}
	w := slices.Repeat([]float64{1}, len(v))
	model, err := fit(t, items, w, 2, 10, 1).Refit(t.Context(), items, w)
	if err != nil {
		t.Fatal(err)
	}
	assigned := mixture.Modal(model.Posterior(items))
	x := constantAnd(v)
	all := func(w []float64) *mixture.Membership {
		m, err := model.Refit(t.Context(), items, w)
		if err != nil {
			t.Fatal(err)
		}
		return mixture.FitMembership(x, assigned, mixture.ClassificationErrors(m.Posterior(items), assigned, w), w)
	}
	m := all(w)
	direct := m.Influence(1, 1)
	through := m.InfluenceOfErrors(1, 1, model.Influences(items, w), model.Posterior(items), w)
	matters := false
	for _, i := range []int{0, 33, 70, 150, 299} {
		const h = 1e-2
		up, down := slices.Clone(w), slices.Clone(w)
		up[i], down[i] = 1+h, 1-h
		slope := (all(up).Beta[0][1] - all(down).Beta[0][1]) / (2 * h)
		if math.Abs(slope-direct[i]-through[i]) > sloped*(1e-2+math.Abs(slope)) {
			t.Errorf("row %d: influence %.6g + %.6g, slope %.6g", i, direct[i], through[i], slope)
		}
		matters = matters || math.Abs(through[i]) > 0.1*math.Abs(direct[i])
	}
	if !matters {
		t.Error("the errors of classification move nothing here, so nothing is tested")
	}
}
