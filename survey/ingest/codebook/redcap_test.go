package codebook

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

func TestREDCapDictionary(t *testing.T) {
	column := func(name string, texts ...string) *survey.Variable {
		c := &survey.TextColumn{}
		for k, s := range texts {
			if s == "" {
				k = -1
			}
			c.Values = append(c.Values, s)
			c.Index.Append(int32(k))
		}
		return &survey.Variable{Name: name, Kind: survey.Text, Texts: c}
	}
	book, err := Read(&survey.Table{Rows: 5, Variables: []*survey.Variable{
		column(redcapName, "record_id", "sex", "race", "age", "smoker"),
		column(redcapForm, "person", "person", "person", "person", "habits"),
		column(redcapType, "text", "radio", "checkbox", "text", "yesno"),
		column(redcapLabel, "Record", "<b>Sex</b> at birth", "Race", "Age in years", "Do you smoke?"),
		column(redcapChoices, "", "0, Female | 1, Male, or so", "1, White | -99, Refused", "", ""),
	}}, "dictionary.csv")
	if err != nil {
		t.Fatal(err)
	}
	data := &survey.Table{Rows: 1}
	for _, name := range []string{"record_id", "sex", "race___1", "race____99", "smoker", "person_complete"} {
		data.Variables = append(data.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1})})
	}
	merged, err := book.Merge(data)
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string][]string{}
	for _, v := range merged.Variables {
		labels[v.Name] = []string{v.Label}
		for _, c := range v.Codes {
			labels[v.Name] = append(labels[v.Name], c.Value.String()+" "+c.Label)
		}
	}
	want := map[string][]string{"record_id": {"Record"}, "sex": {"Sex at birth", "0 Female", "1 Male, or so"}, "race___1": {"White"}, "race____99": {"Refused"},
		"smoker": {"Do you smoke?", "1 Yes", "0 No"}, "person_complete": {"", "0 Incomplete", "1 Unverified", "2 Complete"}}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
	if set := merged.Set("race"); set == nil || set.Label != "Race" || len(set.Variables) != 2 || set.Counted.Number != 1 {
		t.Errorf("got %+v", set)
	}
}
