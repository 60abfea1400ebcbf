package tidy

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

func TestComparisonsCSV(t *testing.T) {
	b := book(survey.Cell{}, survey.Cell{})
	b.Tables[0].Comparisons = []survey.LetterTest{
		{Row: 0, Column: 0, Against: 1, Difference: survey.FigureOf(0.25), SE: survey.FigureOf(0.1), T: survey.FigureOf(2.5), DF: survey.FigureOf(40), P: survey.FigureOf(0.0166), PAdjusted: survey.FigureOf(0.0332)},
		{Row: 0, Column: 1, Against: survey.Rest, Difference: survey.FigureOf(-0.5), SE: survey.FigureOf(0.125), T: survey.FigureOf(-4), DF: survey.Figure{}, P: survey.FigureOf(0.0001), PAdjusted: survey.FigureOf(0.0002)},
	}
	// a column of changes is tested against zero, where there is a test at all
	change := survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(0.5), SE: survey.FigureOf(0.25), T: survey.FigureOf(2), DF: survey.FigureOf(30), P: survey.FigureOf(0.05)}}
	untested := survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(0.5), SE: survey.Figure{}, T: survey.Figure{}, DF: survey.FigureOf(30), P: survey.Figure{}}}
	for k, c := range []survey.Cell{change, untested} {
		b.Tables[0].Columns = append(b.Tables[0].Columns, survey.Column{Group: "Change", Label: string(rune('a' + k)), Change: true})
		b.Tables[0].Cells[0] = append(b.Tables[0].Cells[0], c)
	}
	var out bytes.Buffer
	if err := WriteComparisonsCSV(&out, b); err != nil {
		t.Fatal(err)
	}
	want := "table,row_group,row,column_group,column,against_group,against,difference,se,t,df,p,p_adjusted,synthetic\n" +
		"t1,Views,'=Agree,Age,0,Age,1,0.25,0.1,2.5,40,0.0166,0.0332,\n" +
		"t1,Views,'=Agree,Age,1,,(rest),-0.5,0.125,-4,,0.0001,0.0002,\n" +
		"t1,Views,'=Agree,Change,a,,(zero),0.5,0.25,2,30,0.05,,\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
