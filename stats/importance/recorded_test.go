package importance

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"surveykit/stats/recorded"
)

// shares are R² and its parts by driver in testdata/importance.json.
type shares struct {
	R2               float64
	Shapley, Johnson []float64
}

func (s shares) compare(t *testing.T, p *Parts) {
	t.Helper()
	near(t, "R2", p.R2.Value, s.R2, exact)
	for j, want := range s.Shapley {
		near(t, "Shapley", p.Shapley[j].Value, want, exact)
	}
	for j, want := range s.Johnson {
		near(t, "Johnson", p.Johnson[j].Value, want, exact)
	}
}

// dummies are the columns of a factor but for its least level.
func dummies(x []float64, levels ...float64) (columns [][]float64) {
	for _, level := range levels {
		column := make([]float64, len(x))
		for i, v := range x {
			if v == level {
				column[i] = 1
			}
		}
		columns = append(columns, column)
	}
	return columns
}

// TestEqualsR holds to lm() over all orders and to Johnson's matrices, in
// testdata/importance.R: with weights, with factors as drivers, and for the outcome
// behind a logistic model. The weighted shares are those that relaimpo 2.2-7 gives,
// too, as a public test of another program quotes them (0.0518208063017,
// 0.1549452302086, 0.2559770835712, 0.1019573530969, 0.1296324182449).
func TestEqualsR(t *testing.T) {
	var answers struct {
		Swiss, Cars shares
		Logistic    struct {
			shares
			Gear, Beta []float64
		}
	}
	recorded.Read(t, "importance.json", &answers)
	d := Data{Columns: [][]float64{agriculture, examination, education, catholic, infants, fertility}}
	for i := range fertility {
		d.Weights = append(d.Weights, float64(1+(i+1)%3))
	}
	answers.Swiss.compare(t, (&Moments{Covariance: d.Centred().Covariance(), Drivers: [][]int{{0}, {1}, {2}, {3}, {4}}}).Parts(Orders{}))

	gear := answers.Logistic.Gear
	columns := append(dummies(cyl, 6, 8), dummies(gear, 4, 5)...)
	d = Data{Columns: append(columns, hp, wt, mpg), Weights: ones(32)}
	answers.Cars.compare(t, (&Moments{Covariance: d.Centred().Covariance(), Drivers: [][]int{{0, 1}, {2, 3}, {4}, {5}}}).Parts(Orders{}))

	d = Data{Columns: [][]float64{wt, mpg, gear}, Weights: ones(32)}
	l := Latent{Columns: d.Centred().Covariance(), Beta: answers.Logistic.Beta}
	answers.Logistic.compare(t, (&Moments{Covariance: l.Covariance(), Drivers: [][]int{{0}, {1}, {2}}}).Parts(Orders{}))
}

func ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// TestLatentOfOne is Nagelkerke's plainest case by hand: one driver of variance 4
// and coefficient ½ explains 1 of 1 + π²/3.
func TestLatentOfOne(t *testing.T) {
	l := Latent{Columns: mat.NewSymDense(1, []float64{4}), Beta: []float64{0.5}}
	p := (&Moments{Covariance: l.Covariance(), Drivers: [][]int{{0}}}).Parts(Orders{})
	near(t, "R2", p.R2.Value, 1/(1+3.28986813369645), exact)
	near(t, "Johnson", p.Johnson[0].Value, p.R2.Value, exact)
}
