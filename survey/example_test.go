package survey_test

import (
	"fmt"
	"math"

	"surveykit/survey"
)

// trust is a question to six people: one was not asked, one did not know.
var trust = &survey.Variable{
	Name: "trust", Label: "Trust in banks", Kind: survey.Number, Measure: survey.Ordinal,
	Codes: []survey.Code{
		{Value: survey.NumberValue(1), Label: "Little"},
		{Value: survey.NumberValue(2), Label: "Some"},
		{Value: survey.NumberValue(3), Label: "Full"},
	},
	Missing: []survey.Missing{survey.MissingNumber(8, survey.DontKnow)},
	Numbers: survey.NewNumbers([]float64{1, 2, 2, 8, math.NaN(), 1}),
}

// Categories come in questionnaire order, chosen or not; no answer is in none.
func ExampleClassify() {
	c := survey.Classify(trust)
	fmt.Println(c.Labels)
	fmt.Println(c.Index.Slice())
	// Output:
	// [Little Some Full]
	// [0 1 1 -1 -1 0]
}

// An empty field is no value; "don't know" is a value that carries no answer.
func ExampleSummarize() {
	s := survey.Summarize(trust)
	fmt.Printf("%d rows, %d values, %d of them no answer\n", trust.Len(), s.Valid, s.UserMissing)
	// Output:
	// 6 rows, 5 values, 1 of them no answer
}

// A problem says where it is, what is wrong and what to do.
func ExampleProblem() {
	p := survey.UnknownName("variable", "wieght", []string{"id", "weight", "psu"})
	p.File, p.Line, p.Column = "study.yaml", 7, 11
	fmt.Println(p)
	fmt.Println(survey.Problem{
		File: "wave.csv", Row: 12, Variable: "weight", Value: "-3",
		Message: "the weight is negative", Remedy: "check the weighting",
	})
	// Output:
	// study.yaml:7:11: there is no variable "wieght"; did you mean weight?
	// wave.csv: row 12, column weight, value "-3": the weight is negative; check the weighting
}

// Columns may be nested.
func ExampleParseColumn() {
	fmt.Println(survey.ParseColumn("gender").Variable)
	fmt.Println(survey.ParseColumn("gender > age").Nest)
	// Output:
	// gender
	// [gender age]
}
