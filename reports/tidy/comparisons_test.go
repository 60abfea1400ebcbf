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
		{Row: 0, Column: 0, Against: 1, Difference: 0.25, SE: 0.1, T: 2.5, DF: 40, P: 0.0166, PAdjusted: 0.0332},
		{Row: 0, Column: 1, Against: survey.Rest, Difference: -0.5, SE: 0.125, T: -4, DF: survey.NoFigure(), P: 0.0001, PAdjusted: 0.0002},
	}
	// a column of changes is tested against zero, where there is a test at all
	change := survey.Cell{Estimate: survey.Estimate{Value: 0.5, SE: 0.25, T: 2, DF: 30, P: 0.05}}
	untested := survey.Cell{Estimate: survey.Estimate{Value: 0.5, SE: survey.NoFigure(), T: survey.NoFigure(), DF: 30, P: survey.NoFigure()}}
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
