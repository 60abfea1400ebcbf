package mixture_test

import (
	"context"
	"fmt"

	"surveykit/stats/mixture"
)

// Three questions of two answers that belong together, one of which two people
// left out.
func ExampleFit() {
	items := []mixture.Item{
		{Categories: 2, Code: []int32{0, 0, 0, 0, 0, 0, 1, 1, 1, 1}},
		{Categories: 2, Code: []int32{0, 0, 0, 0, 0, 1, 1, 1, 1, 0}},
		{Categories: 2, Code: []int32{0, 0, 0, 0, -1, 0, 1, 1, -1, 1}},
	}
	weights := []float64{1, 1, 1, 1, 1, 1, 2, 2, 2, 2}
	fits, err := mixture.Fit(context.Background(), items, weights, []int{1, 2}, mixture.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range fits {
		fmt.Printf("%d classes: log-likelihood %.3f, BIC %.2f, shares %.2f\n", f.Classes(), f.LogLikelihood, f.BIC(), f.Shares)
	}
	fmt.Printf("first answer to the first question: %.2f and %.2f\n", fits[1].Items[0].Probability[0][0], fits[1].Items[0].Probability[1][0])
	// Output:
	// 1 classes: log-likelihood -19.174, BIC 45.26, shares [1.00]
	// 2 classes: log-likelihood -11.973, BIC 40.06, shares [0.57 0.43]
	// first answer to the first question: 0.00 and 1.00
}

// Everybody's probability of each class, and the class itself.
func ExampleModel_Posterior() {
	m := mixture.Model{
		Shares: []float64{0.6, 0.4},
		Items: []mixture.ItemModel{
			{Probability: [][]float64{{0.9, 0.1}, {0.2, 0.8}}},
			{Mean: []float64{20, 40}, SD: []float64{10, 10}},
		},
	}
	posterior := m.Posterior([]mixture.Item{
		{Categories: 2, Code: []int32{0, 1, -1}},
		{Value: []float64{18, 45, 30}},
	})
	for i, class := range mixture.Modal(posterior) {
		fmt.Printf("%.3f class %d\n", posterior[i], class)
	}
	// Output:
	// [0.987 0.013] class 0
	// [0.009 0.991] class 1
	// [0.600 0.400] class 0
}

// Classes are explained by a covariate, with the errors of assigning people to
// them taken into account.
func ExampleFitMembership() {
	v, _, items := people(5000, 0, 1, 0.75, 3)
	weights := make([]float64, len(v))
	for i := range weights {
		weights[i] = 1
	}
	fits, err := mixture.Fit(context.Background(), items, weights, []int{2}, mixture.Options{Starts: 5, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	posterior := fits[0].Posterior(items)
	assigned := mixture.Modal(posterior)
	errors := mixture.ClassificationErrors(posterior, assigned, weights)
	m := mixture.FitMembership(constantAnd(v), assigned, errors, weights)
	fmt.Printf("mistaken: %.2f and %.2f; slope %.2f\n", errors[0][1], errors[1][0], m.Beta[0][1])
	// Output:
	// mistaken: 0.09 and 0.12; slope -1.00
}
