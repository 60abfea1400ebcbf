package importance

import "testing"

// The 32 cars of Henderson & Velleman 1981 (R datasets::mtcars) and the 47 Swiss
// provinces of 1888 (R datasets::swiss).
var (
	mpg         = []float64{21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4}
	cyl         = []float64{6, 6, 4, 6, 8, 6, 8, 4, 4, 6, 6, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 4, 8, 6, 8, 4}
	disp        = []float64{160, 160, 108, 258, 360, 225, 360, 146.7, 140.8, 167.6, 167.6, 275.8, 275.8, 275.8, 472, 460, 440, 78.7, 75.7, 71.1, 120.1, 318, 304, 350, 400, 79, 120.3, 95.1, 351, 145, 301, 121}
	hp          = []float64{110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109}
	wt          = []float64{2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78}
	fertility   = []float64{80.2, 83.1, 92.5, 85.8, 76.9, 76.1, 83.8, 92.4, 82.4, 82.9, 87.1, 64.1, 66.9, 68.9, 61.7, 68.3, 71.7, 55.7, 54.3, 65.1, 65.5, 65, 56.6, 57.4, 72.5, 74.2, 72, 60.5, 58.3, 65.4, 75.5, 69.3, 77.3, 70.5, 79.4, 65, 92.2, 79.3, 70.4, 65.7, 72.7, 64.4, 77.6, 67.6, 35, 44.7, 42.8}
	agriculture = []float64{17, 45.1, 39.7, 36.5, 43.5, 35.3, 70.2, 67.8, 53.3, 45.2, 64.5, 62, 67.5, 60.7, 69.3, 72.6, 34, 19.4, 15.2, 73, 59.8, 55.1, 50.9, 54.1, 71.2, 58.1, 63.5, 60.8, 26.8, 49.5, 85.9, 84.9, 89.7, 78.2, 64.9, 75.9, 84.6, 63.1, 38.4, 7.7, 16.7, 17.6, 37.6, 18.7, 1.2, 46.6, 27.7}
	examination = []float64{15, 6, 5, 12, 17, 9, 16, 14, 12, 16, 14, 21, 14, 19, 22, 18, 17, 26, 31, 19, 22, 14, 22, 20, 12, 14, 6, 16, 25, 15, 3, 7, 5, 12, 7, 9, 3, 13, 26, 29, 22, 35, 15, 25, 37, 16, 22}
	education   = []float64{12, 9, 5, 7, 15, 7, 7, 8, 7, 13, 6, 12, 7, 12, 5, 2, 8, 28, 20, 9, 10, 3, 12, 6, 1, 8, 3, 10, 19, 8, 2, 6, 2, 6, 3, 9, 3, 13, 12, 11, 13, 32, 7, 7, 53, 29, 29}
	catholic    = []float64{9.96, 84.84, 93.4, 33.77, 5.16, 90.57, 92.85, 97.16, 97.67, 91.38, 98.61, 8.52, 2.27, 4.43, 2.82, 24.2, 3.3, 12.11, 2.15, 2.84, 5.23, 4.52, 15.14, 4.2, 2.4, 5.23, 2.56, 7.72, 18.46, 6.1, 99.71, 99.68, 100, 98.96, 98.22, 99.06, 99.46, 96.83, 5.62, 13.79, 11.22, 16.92, 4.97, 8.65, 42.34, 50.43, 58.33}
	infants     = []float64{22.2, 22.2, 20.2, 20.3, 20.6, 26.6, 23.6, 24.9, 21, 24.4, 24.5, 16.5, 19.1, 22.7, 18.7, 21.2, 20, 20.2, 10.8, 20, 18, 22.4, 16.7, 15.3, 21, 23.8, 18, 16.3, 20.9, 22.5, 15.1, 19.8, 18.3, 19.4, 20.2, 17.8, 16.3, 18.1, 20.3, 20.5, 18.9, 23, 20, 19.5, 18, 18.2, 19.3}
)

func published(columns ...[]float64) *Parts {
	d := Data{Columns: columns, Weights: make([]float64, len(columns[0]))}
	for i := range d.Weights {
		d.Weights[i] = 1
	}
	var drivers [][]int
	for j := range len(columns) - 1 {
		drivers = append(drivers, []int{j})
	}
	return (&Moments{Covariance: d.Centred().Covariance(), Drivers: drivers}).Parts(Orders{})
}

// TestPublishedRelativeWeights: the worked examples of R package rwa, printed with
// seven decimals in its articles "Regression methods" and "Introduction to rwa".
func TestPublishedRelativeWeights(t *testing.T) {
	gear := []float64{4, 4, 4, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 4, 4, 4, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 5, 4}
	for last, want := range map[*[]float64][]float64{
		&wt:   {0.2096904, 0.1883043, 0.1799590, 0.2706812},
		&gear: {0.2284797, 0.2221469, 0.2321744, 0.0963886},
	} {
		p := published(cyl, disp, hp, *last, mpg)
		for j, weight := range want {
			near(t, "relative weight", p.Johnson[j].Value, weight, 1e-7)
		}
	}
}

// TestPublishedShapley: the data of Grömping (2006, Relative importance for linear
// regression in R: the package relaimpo, J. Stat. Softw. 17(1)), and what relaimpo
// 2.2-7 says of them, as a public test of another program quotes it.
func TestPublishedShapley(t *testing.T) {
	p := published(agriculture, examination, education, catholic, infants, fertility)
	near(t, "R2", p.R2.Value, 0.706735001593, exact)
	for j, want := range []float64{0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265} {
		near(t, "lmg", p.Shapley[j].Value, want, exact)
	}
}
