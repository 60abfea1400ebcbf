package figure_test

import (
	"fmt"
	"math"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// Halves go away from zero on the number that people see: 0.285·100 is a hair
// under 28.5 to the machine.
func ExamplePercent() {
	fmt.Println(figure.Percent(0.285, 0), figure.Percent(0.285, 1), figure.Percent(math.NaN(), 0))
	// Output:
	// 29% 28.5% –
}

func ExamplePoints() {
	fmt.Println(figure.Points(0.06, 0), figure.Points(-0.0312, 1), figure.Points(0.0004, 0))
	// Output:
	// +6 pts −3.1 pts 0 pts
}

func ExampleInterval() {
	fmt.Println(figure.Interval(survey.RowShare, 0.497, 0.586, 0))
	fmt.Println(figure.Interval(survey.RowMean, 1234.5, 1301.25, 1))
	// Output:
	// 50% to 59%
	// 1,234.5 to 1,301.3
}

// No p is ever 0 or 1.
func ExampleP() {
	fmt.Println(figure.P(0.0344), figure.P(1e-9), figure.P(1))
	// Output:
	// p = 0.034 p < 0.001 p > 0.999
}
