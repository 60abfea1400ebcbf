package expression_test

import (
	"fmt"
	"math"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// answers are those of four people; the third did not give an age.
var answers = &survey.Table{Rows: 4, Variables: []*survey.Variable{
	{Name: "age", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{19, 44, math.NaN(), 71})},
	{Name: "region", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 2, 1}), Codes: []survey.Code{
		{Value: survey.NumberValue(1), Label: "North"}, {Value: survey.NumberValue(2), Label: "South"},
	}},
}}

// Labels stand in quotes. Who gave no answer is neither in nor out.
func ExampleCompile() {
	e, err := expression.Compile("age >= 40 and region == 'North'", answers)
	if err != nil {
		fmt.Println(err)
		return
	}
	holds, valid := e.Truth()
	fmt.Println(e.Variables())
	fmt.Println(holds)
	fmt.Println(valid)
	// Output:
	// [age region]
	// [false false false true]
	// [true true false true]
}

// All faults come at once, each at its place.
func ExampleCompile_faults() {
	_, err := expression.Compile("aeg >= 40 and region == 'West'", answers)
	fmt.Println(err)
	// Output:
	// there is no variable "aeg"; did you mean age?
	//   aeg >= 40 and region == 'West'
	//   ^
	// column region, value "West": no category has this label or value; its categories are 'North', 'South'
	//   aeg >= 40 and region == 'West'
	//                           ^
}

// The same condition for another program, with what it takes for granted.
func ExampleTranslate() {
	condition, given, err := expression.Translate("age >= 40 and region in ['North']", answers, expression.R)
	fmt.Println(condition)
	fmt.Println(given, err)
	// Output:
	// ((age >= 40) & (region == 1))
	// [!is.na(age) !is.na(region)] <nil>
}
