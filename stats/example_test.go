package stats_test

import (
	"fmt"
	"math"

	"surveykit/stats"
)

// A share of 12% among 400 people in 30 clusters of 5 strata: 25 degrees of freedom.
func ExampleProportion_Interval() {
	p := stats.Proportion{P: 0.12, SE: 0.021, LogitSE: math.NaN(), N: 400, DF: 25, Level: 0.95}
	for _, method := range []*stats.IntervalMethod{stats.Logit, stats.BetaInterval, stats.MeanInterval} {
		low, high, _ := p.Interval(method)
		fmt.Printf("%s %.3f to %.3f\n", method, low, high)
	}

	// Nobody said yes: a standard error of 0 is not certainty.
	none := stats.Proportion{P: 0, SE: 0, LogitSE: math.NaN(), N: 400, DF: 25, Level: 0.95}
	low, high, used := none.Interval(stats.Logit)
	fmt.Printf("%s %.3f to %.3f\n", used, low, high)
	// Output:
	// logit 0.083 to 0.170
	// beta 0.080 to 0.171
	// mean 0.077 to 0.163
	// korn-graubard 0.000 to 0.010
}

// What weights cost: four people stand for ten.
func ExampleDescribeWeights() {
	w := stats.DescribeWeights([]float64{1, 1, 4, 4}, nil)
	fmt.Printf("sum %g, design effect %.2f, effective number %.2f\n", w.Sum, w.Deff, w.NEffective)
	// Output:
	// sum 10, design effect 1.36, effective number 2.94
}

// Weights that shall add to known totals by gender and by age.
func ExampleRake() {
	gender := stats.Margin{Category: []int32{0, 0, 1, 1}, Totals: []float64{50, 50}}
	age := stats.Margin{Category: []int32{0, 1, 0, 1}, Totals: []float64{40, 60}}
	weights := []float64{30, 10, 10, 10}
	c, err := stats.Rake(weights, []stats.Margin{gender, age})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, g := range c.G {
		fmt.Printf("%g becomes %.2f\n", weights[i], g*weights[i])
	}
	// Output:
	// 30 becomes 26.41
	// 10 becomes 23.59
	// 10 becomes 13.59
	// 10 becomes 36.41
}

// Five comparisons, corrected for their number in three ways.
func ExampleBenjaminiHochberg() {
	p := []float64{0.001, 0.012, 0.025, 0.04, 0.6}
	fmt.Printf("%.4f\n", stats.Bonferroni(p))
	fmt.Printf("%.4f\n", stats.Holm(p))
	fmt.Printf("%.4f\n", stats.BenjaminiHochberg(p))
	// Output:
	// [0.0050 0.0600 0.1250 0.2000 1.0000]
	// [0.0050 0.0480 0.0750 0.0800 0.6000]
	// [0.0050 0.0300 0.0417 0.0500 0.6000]
}

// The median of weighted answers.
func ExampleSorted_Quantile() {
	spend := stats.Sort([]float64{30, 10, 20}, []float64{1, 3, 1})
	fmt.Println(spend.Quantile(0.5, stats.Math), spend.Quantile(0.9, stats.Math))
	// Output:
	// 10 30
}
