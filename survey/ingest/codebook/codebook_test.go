package codebook

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

func TestWrite(t *testing.T) {
	number, text := survey.NumberValue, survey.TextValue
	chosen := number(1)
	table := &survey.Table{Weight: "q", Sets: []survey.MultipleResponse{{Name: "$m", Label: "Media", Variables: []string{"q", "s"}, Counted: &chosen}, {Name: "$n", Variables: []string{"s"}}}, Variables: []*survey.Variable{
		{Name: "q", Label: `Agree, "or not"?`, Kind: survey.Number, Measure: survey.Ordinal, Polarity: survey.Falling, Format: "F4.1",
			Codes:   []survey.Code{{Value: number(1), Label: "Yes"}, {Value: number(9), Label: "Refused"}, {Value: number(97), Label: "Other"}},
			Missing: []survey.Missing{survey.MissingNumber(9, survey.Refused), survey.MissingNumber(8, survey.DontKnow), {Low: 97, High: math.Inf(1)}}},
		{Name: "s", Kind: survey.Text, Codes: []survey.Code{{Value: text("x"), Label: "X"}},
			Missing: []survey.Missing{survey.MissingText("x", ""), survey.MissingText("", survey.NotAsked)}},
	}}
	const want = `name,label,kind,measure,code,code_label,missing,format,set,polarity,weight
q,"Agree, ""or not""?",number,ordinal,,,,F4.1,,falling,yes
q,,,,1,Yes,,,,,
q,,,,9,Refused,refused,,,,
q,,,,97,Other,yes,,,,
q,,,,8,,don't know,,,,
q,,,,97..+Inf,,yes,,,,
s,,text,,,,,,,,
s,,,,x,X,yes,,,,
s,,,,,,not asked,,,,
$m,Media,set,,1,,,,,,
q,,,,,,,,$m,,
s,,,,,,,,$m,,
$n,,set,,,,,,,,
s,,,,,,,,$n,,
`
	var b strings.Builder
	if err := Write(&b, table); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
