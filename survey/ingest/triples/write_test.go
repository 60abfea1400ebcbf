package triples

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// saved writes a table into a new folder and reads it back.
func saved(t rapid.TB, table *survey.Table, o Options) (back *survey.Table, notices survey.Notices, definition, data string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "triples")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	var d, x bytes.Buffer
	if notices, err = WriteDefinition(&d, table, o); err != nil {
		t.Fatal(err)
	}
	if err := WriteData(&x, table, o); err != nil {
		t.Fatal(err)
	}
	name := map[bool]string{true: "s.asc", false: "s.csv"}[o.Fixed]
	if err := os.WriteFile(filepath.Join(dir, name), x.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if back, err = Read(bytes.NewReader(d.Bytes()), int64(d.Len()), filepath.Join(dir, "s.sss")); err != nil {
		t.Fatalf("%v\n%s\n%s", err, d.String(), x.String())
	}
	return back, notices, d.String(), x.String()
}

// A table in the form in which Read gives it comes back unchanged, with CSV and
// with fixed columns, and nothing is said to be lost.
func TestWriteAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		for _, o := range []Options{{}, {Fixed: true}} {
			back, notices, definition, data := saved(t, table, o)
			if diff := cmp.Diff(table, back, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(survey.Table{}, "Sources")); diff != "" || notices != nil {
				t.Fatalf("%+v: %s%q\n%s\n%s", o, diff, notices, definition, data)
			}
		}
	})
}

func drawTable(t *rapid.T) *survey.Table {
	table := &survey.Table{Rows: rapid.IntRange(0, 12).Draw(t, "rows")}
	for i := range rapid.IntRange(1, 6).Draw(t, "variables") {
		name := fmt.Sprintf("v%d", i)
		switch rapid.IntRange(0, 7).Draw(t, "type") {
		case 0:
			drawBits(t, table, name)
		case 1:
			drawSubfields(t, table, name)
		default:
			v := &survey.Variable{Name: name, Label: drawLabel(t), Measure: survey.Scale,
				Kind: rapid.SampledFrom([]survey.Kind{survey.Number, survey.Text, survey.Date, survey.TimeOfDay}).Draw(t, "kind")}
			drawValues(t, v, table.Rows)
			table.Variables = append(table.Variables, v)
			if v.Kind == survey.Number && table.Weight == "" {
				table.Weight = name
			}
		}
	}
	return table
}

// drawLabel is without blanks around it or next to each other.
func drawLabel(t *rapid.T) string {
	return strings.Join(strings.Fields(rapid.StringOf(rapid.RuneFrom([]rune("ab <&é€漢\"'\n"))).Draw(t, "label")), " ")
}

func drawValues(t *rapid.T, v *survey.Variable, rows int) {
	if v.IsText() {
		drawTexts(t, v, rows)
		return
	}
	number := map[survey.Kind]*rapid.Generator[float64]{survey.Number: rapid.Float64Range(-1e18, 1e18), survey.Date: wholes(-700000, 2900000), survey.TimeOfDay: wholes(0, 86399)}[v.Kind]
	if v.Kind == survey.Number && rapid.Bool().Draw(t, "single") {
		v.Measure, v.Codes, number = survey.Nominal, codes3(t), wholes(0, 2)
	}
	v.Numbers = survey.NewNumbers(drawNumbers(t, rows, number))
	if v.Kind == survey.Number && v.Measure == survey.Scale && rapid.Bool().Draw(t, "special") {
		v.Codes = []survey.Code{{Value: survey.NumberValue(-99.5), Label: drawLabel(t)}}
	}
}

func wholes(low, high int) *rapid.Generator[float64] {
	return rapid.Map(rapid.IntRange(low, high), func(n int) float64 { return float64(n) })
}

func drawNumbers(t *rapid.T, rows int, number *rapid.Generator[float64]) []float64 {
	all := make([]float64, rows)
	for i := range all {
		if all[i] = math.NaN(); rapid.IntRange(0, 3).Draw(t, "missing") > 0 {
			all[i] = number.Draw(t, "x")
		}
	}
	return all
}

// codes3 are the codes 0, 1 and 2.
func codes3(t *rapid.T) (codes []survey.Code) {
	for n := range 3 {
		codes = append(codes, survey.Code{Value: survey.NumberValue(float64(n)), Label: drawLabel(t)})
	}
	return codes
}

func drawTexts(t *rapid.T, v *survey.Variable, rows int) {
	pool := []string{"a", "B ü, \"x\"", " b", "€", "end;"}
	v.Measure = survey.Nominal
	if rapid.Bool().Draw(t, "unicode") {
		pool = append(pool, "漢字")
	}
	if rapid.Bool().Draw(t, "literal") {
		pool = []string{"a", "ü b"}
		for _, s := range pool {
			v.Codes = append(v.Codes, survey.Code{Value: survey.TextValue(s), Label: drawLabel(t)})
		}
	}
	v.Texts = &survey.TextColumn{}
	places := map[string]int32{}
	for range rows {
		s := rapid.SampledFrom(append(pool, "")).Draw(t, "text")
		k, known := places[s]
		if s == "" {
			k = -1
		} else if !known {
			k = int32(len(v.Texts.Values))
			places[s] = k
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(k)
	}
}

func drawBits(t *rapid.T, table *survey.Table, name string) {
	chosen := survey.NumberValue(1)
	set := survey.MultipleResponse{Name: name, Label: drawLabel(t), Counted: &chosen}
	asked := drawNumbers(t, table.Rows, wholes(0, 0))
	for _, code := range rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 1, 4, rapid.ID).Draw(t, "codes") {
		v := &survey.Variable{Name: fmt.Sprintf("%s_%d", name, code), Label: drawLabel(t), Kind: survey.Number, Measure: survey.Nominal, Numbers: &survey.NumberColumn{}}
		for _, a := range asked {
			v.Numbers.Append(a + float64(rapid.IntRange(0, 1).Draw(t, "bit")))
		}
		table.Variables = append(table.Variables, v)
		set.Variables = append(set.Variables, v.Name)
	}
	table.Sets = append(table.Sets, set)
}

func drawSubfields(t *rapid.T, table *survey.Table, name string) {
	set := survey.MultipleResponse{Name: name, Label: drawLabel(t)}
	codes := []survey.Code{{Value: survey.NumberValue(3), Label: drawLabel(t)}, {Value: survey.NumberValue(12), Label: drawLabel(t)}}
	for k := range rapid.IntRange(1, 3).Draw(t, "subfields") {
		v := &survey.Variable{Name: fmt.Sprintf("%s_%d", name, k+1), Label: set.Label, Kind: survey.Number, Measure: survey.Nominal, Codes: codes}
		v.Numbers = survey.NewNumbers(drawNumbers(t, table.Rows, rapid.SampledFrom([]float64{3, 12})))
		table.Variables = append(table.Variables, v)
		set.Variables = append(set.Variables, v.Name)
	}
	table.Sets = append(table.Sets, set)
}

func numeric(name string, x ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
}

// What the definition and the data look like, worked out by hand.
func TestWrittenByHand(t *testing.T) {
	chosen := survey.NumberValue(1)
	nan := math.NaN()
	table := &survey.Table{Rows: 2, Weight: "w", Variables: []*survey.Variable{
		{Name: "ok", Label: "Again?", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, nan}), Codes: []survey.Code{{Value: survey.NumberValue(1), Label: "Yes"}, {Value: survey.NumberValue(10), Label: "No & never"}}},
		numeric("a", 1, 0), numeric("b", 0, 1), numeric("w", 0.5, 12), {Name: "d", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{0, nan})}},
		Sets: []survey.MultipleResponse{{Name: "$q", Label: "Which?", Variables: []string{"a", "b"}, Counted: &chosen}}}
	_, notices, definition, data := saved(t, table, Options{Fixed: true})
	if diff := cmp.Diff(" 1100.519700101\r\n  01 12        \r\n", data); diff != "" {
		t.Error(diff)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<sss version="2.0">
 <origin>surveykit</origin>
 <survey>
  <record ident="V">
   <variable ident="1" type="single">
    <name>ok</name>
    <label>Again?</label>
    <position start="1" finish="2"></position>
    <values>
     <value code="1">Yes</value>
     <value code="10">No &amp; never</value>
    </values>
   </variable>
   <variable ident="2" type="multiple">
    <name>q</name>
    <label>Which?</label>
    <position start="3" finish="4"></position>
    <values>
     <value code="1"></value>
     <value code="2"></value>
    </values>
   </variable>
   <variable ident="3" type="quantity" use="weight">
    <name>w</name>
    <label></label>
    <position start="5" finish="7"></position>
    <values>
     <range from="0.5" to="12"></range>
    </values>
   </variable>
   <variable ident="4" type="date">
    <name>d</name>
    <label></label>
    <position start="8" finish="15"></position>
   </variable>
  </record>
 </survey>
</sss>
`
	if diff := cmp.Diff(want, definition); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"the variables of q are named q_1 and so on when they are read: a, b"}, notices.Texts()); diff != "" {
		t.Error(diff)
	}
	if _, _, _, data = saved(t, table, Options{}); data != "ok,q,w,d\n1,10,0.5,19700101\n,01,12,\n" {
		t.Error(data)
	}
}

// What is not kept is told, each thing once.
func TestNotices(t *testing.T) {
	chosen, nan := survey.NumberValue(1), math.NaN()
	text := func(name string, codes []survey.Code, values ...string) *survey.Variable {
		v := &survey.Variable{Name: name, Kind: survey.Text, Codes: codes, Texts: &survey.TextColumn{Values: values}}
		for k := range values {
			v.Texts.Index.Append(int32(k))
		}
		return v
	}
	with := func(v *survey.Variable, change func(v *survey.Variable)) *survey.Variable {
		change(v)
		return v
	}
	table := &survey.Table{Rows: 2, Variables: []*survey.Variable{
		with(numeric("m", 1, 99), func(v *survey.Variable) {
			v.Missing = []survey.Missing{survey.MissingNumber(99, "")}
			v.Measure = survey.Ordinal
		}),
		text("t", []survey.Code{{Value: survey.TextValue("x"), Label: "X"}}, "x", "y\nz"),
		with(numeric("at", 0.0, 1.5e9), func(v *survey.Variable) { v.Kind = survey.DateTime }),
		with(numeric("day", 0.5, nan), func(v *survey.Variable) { v.Kind = survey.Date }),
		numeric("b1", 1, nan), numeric("b2", nan, 1), numeric("c1", 1, 0),
		with(numeric("c2", 1, 0), func(v *survey.Variable) { v.Codes = []survey.Code{{Value: chosen, Label: "Yes"}} }),
	}, Sets: []survey.MultipleResponse{{Name: "$uneven", Variables: []string{"b1", "b2"}, Counted: &chosen}, {Name: "$c", Variables: []string{"c1", "c2"}, Counted: &chosen}, {Name: "$again", Variables: []string{"c1"}, Counted: &chosen}}}
	back, notices, _, _ := saved(t, table, Options{Fixed: true})
	told := strings.Join(notices.Texts(), "\n")
	for _, words := range []string{"which values are missing is not kept, but their labels are: m", "the order of the answers is not kept: m", "labels of texts are not kept where other texts have none: t",
		"dates with times are written as texts: at", "written as numbers: day", "line breaks become blanks: t", "sets are not kept, but their variables are: $uneven, $again",
		"c_1 and so on when they are read: c1, c2", "but not those of codes or of single variables: c2"} {
		if strings.Count(told, words) != 1 {
			t.Errorf("%q is not told once: %s", words, told)
		}
	}
	if len(notices) != 9 {
		t.Errorf("%d notices: %s", len(notices), told)
	}
	if got := damagetest.Shown(back); got != "m|t|at|day|b1|b2|c_1|c_2\n1|x|1970-01-01T00:00:00|0.5|1||1|1\n99|y z|2017-07-14T02:40:00|||1|0|0\n" {
		t.Error(got)
	}
}

// A 0 fills empty subfields: where it is a code, the set is not kept.
func TestZeroIsNoSubfield(t *testing.T) {
	v := &survey.Variable{Name: "q_1", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{0, 1}), Codes: []survey.Code{{Value: survey.NumberValue(0), Label: "None"}, {Value: survey.NumberValue(1), Label: "One"}}}
	table := &survey.Table{Rows: 2, Variables: []*survey.Variable{v}, Sets: []survey.MultipleResponse{{Name: "q", Variables: []string{"q_1"}}}}
	back, notices, _, _ := saved(t, table, Options{})
	if len(notices) != 1 || !strings.Contains(notices[0].Text, "sets are not kept") || damagetest.Shown(back) != "q_1\n0\n1\n" {
		t.Errorf("%q %s", notices, damagetest.Shown(back))
	}
}

func TestWriteRefuses(t *testing.T) {
	for words, table := range map[string]*survey.Table{"infinite": {Rows: 1, Variables: []*survey.Variable{numeric("v", math.Inf(1))}}, "no variables": {}} {
		var b bytes.Buffer
		_, err := WriteDefinition(&b, table, Options{})
		problems, ok := err.(survey.Problems)
		if !ok || !strings.Contains(err.Error(), words) || problems[0].Remedy == "" || b.Len() > 0 {
			t.Errorf("%s: got %v", words, err)
		}
		if err := WriteData(&b, table, Options{}); err == nil || b.Len() > 0 {
			t.Errorf("%s: data are written", words)
		}
	}
}
