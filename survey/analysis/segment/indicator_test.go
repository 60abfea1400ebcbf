package segment_test

import (
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// How answers are taken where nobody says it.
func TestMeasureOfItems(t *testing.T) {
	two := []survey.Code{{Value: survey.NumberValue(1), Label: "yes"}, {Value: survey.NumberValue(2), Label: "no"}}
	number := func(name string, m survey.Measure, codes []survey.Code, values ...float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Measure: m, Codes: codes, Numbers: survey.NewNumbers(values)}
	}
	table := &survey.Table{Rows: 14, Variables: []*survey.Variable{
		number("declared", survey.Ordinal, two, 1, 2, 1),
		number("labelled", survey.MeasureUnknown, two, 1, 2, 1),
		number("exported", survey.Scale, two, 1, 2, 1),
		number("ends", survey.Scale, two, 1, 2, 7),
		number("few", survey.MeasureUnknown, nil, 1, 2, 3),
		number("many", survey.MeasureUnknown, nil, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
		{Name: "text", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{"a", "b"}}},
	}}
	want := map[string]survey.Measure{"declared": survey.Ordinal, "labelled": survey.Nominal, "exported": survey.Nominal, "ends": survey.Scale,
		"few": survey.Ordinal, "many": survey.Scale, "text": survey.Nominal}
	items, err := segment.Indicators(table, table.Names())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range items {
		if x.Measure != want[x.Variable.Name] {
			t.Errorf("%s is taken as %s, want %s", x.Variable.Name, x.Measure, want[x.Variable.Name])
		}
	}
}
