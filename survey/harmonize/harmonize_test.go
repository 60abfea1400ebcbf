package harmonize

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// question makes a variable of numbers with labels 1, 2, … and the given rows.
func question(name, label string, labels []string, rows ...float64) *survey.Variable {
	v := &survey.Variable{Name: name, Label: label, Kind: survey.Number, Numbers: survey.NewNumbers(rows)}
	for i, s := range labels {
		v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(i + 1)), Label: s})
	}
	return v
}

func file(path string, vars ...*survey.Variable) File {
	return File{Path: path, Table: &survey.Table{Rows: vars[0].Len(), Variables: vars, Sources: []survey.Source{{Path: path}}}}
}

var (
	agree   = []string{"Disagree strongly", "Disagree", "Neither", "Agree", "Agree strongly"}
	agrees  = []string{"Agree strongly", "Agree", "Neither", "Disagree", "Disagree strongly"}
	yesNo   = []string{"Yes", "No"}
	nothing []string
)

// compareTwo lists the variables as "name: from from [recode]" and the doubts.
func compareTwo(a, b []*survey.Variable) (variables, changes, doubts []string) {
	m := Compare([]File{file("a", a...), file("b", b...)})
	for _, v := range m.Variables {
		variables = append(variables, fmt.Sprintf("%s %s %v", v.Name, strings.Join(v.From, "="), v.Recodes))
		for _, c := range v.Changes {
			changes = append(changes, string(c.Kind))
		}
	}
	for _, d := range m.Doubts {
		doubts = append(doubts, fmt.Sprintf("%s~%s: %s", d.Variable, d.Other, d.Why))
	}
	return variables, changes, doubts
}

func TestCompare(t *testing.T) {
	trust := "How much do you trust your bank with your data?"
	for name, c := range map[string]struct {
		a, b                       *survey.Variable
		variables, changes, doubts []string
	}{
		"the same": {question("q1", trust, agree, 1, 2), question("q1", trust, agree, 3, 4), []string{"q1 q1=q1 []"}, nil, nil},
		"only case and signs differ": {question("q1", trust, agree, 1), question("Q_1", "how much do YOU trust your bank, with your data", agree, 1),
			[]string{"q1 q1=Q_1 []"}, []string{"renamed"}, nil},
		"renamed": {question("q1", trust, agree, 1), question("q7", trust, agree, 2), []string{"q1 q1=q7 []"}, []string{"renamed"}, nil},
		"reworded": {question("q1", trust, agree, 1), question("q1", "How much do you trust your bank with your money?", agree, 2),
			[]string{"q1 q1=q1 []"}, []string{"wording"}, nil},
		"another question under the same name": {question("q1", trust, agree, 1), question("q1", "Which of these newspapers did you read yesterday?", agree, 2),
			[]string{"q1 q1= []", "q1_2 =q1 []"}, nil, []string{"q1~q1: the name is the same, the wording is different"}},
		"other answers": {question("q1", trust, agree, 1), question("q1", trust, []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}, 2),
			[]string{"q1 q1= []", "q1_2 =q1 []"}, nil, []string{"q1~q1: the answers are different"}},
		"wording alike, another name": {question("q1", trust, agree, 1), question("q7", "How much do you trust your banks with your data?", agree, 2),
			[]string{"q1 q1= []", "q7 =q7 []"}, nil, []string{"q1~q7: the wording is similar, the name is different"}},
		"reversed": {question("q1", trust, agree, 1), question("q1", trust, agrees, 2),
			[]string{"q1 q1=q1 [{2 [{1 5} {2 4} {4 2} {5 1}]}]"}, []string{"reversed scale"}, nil},
		"reversed with labels at the ends only": {
			&survey.Variable{Name: "q1", Label: trust, Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 4}), Codes: []survey.Code{{Value: number(1), Label: "Not at all"}, {Value: number(5), Label: "Fully"}}},
			&survey.Variable{Name: "q1", Label: trust, Kind: survey.Number, Numbers: survey.NewNumbers([]float64{2, 3}), Codes: []survey.Code{{Value: number(1), Label: "Fully"}, {Value: number(5), Label: "Not at all"}}},
			[]string{"q1 q1=q1 [{2 [{1 5} {5 1} {2 4} {4 2}]}]"}, []string{"reversed scale"}, nil},
		"codes moved": {question("q1", trust, yesNo, 1), question("q1", trust, []string{"No", "Yes"}, 2),
			[]string{"q1 q1=q1 [{2 [{1 2} {2 1}]}]"}, []string{"code moved", "code moved"}, nil},
		"codes added, removed and relabelled": {question("q1", trust, []string{"Bank", "Post office", "Shop", "Station"}, 1), question("q1", trust, []string{"Bank", "Post offices", "Shop"}, 1),
			[]string{"q1 q1=q1 []"}, []string{"code label", "code removed"}, nil},
		"a new answer takes the value of another": {question("q1", trust, yesNo, 1), question("q1", trust, []string{"No", "Maybe", "Yes"}, 2),
			[]string{"q1 q1= []", "q1_2 =q1 []"}, nil, []string{`q1~q1: 2 is "Maybe" here, and another answer before`}},
		"only the ends of the scale change places": {question("q1", trust, []string{"Low", "Mid", "Much", "High"}, 1), question("q1", trust, []string{"High", "Mid", "Much", "Low"}, 2),
			[]string{"q1 q1=q1 [{2 [{1 4} {4 1}]}]"}, []string{"code moved", "code moved"}, nil},
		"the new code of an answer is a value without a label": {question("q1", trust, []string{"Never"}, 1, 2, 3),
			&survey.Variable{Name: "q1", Label: trust, Kind: survey.Number, Numbers: survey.NewNumbers([]float64{0, 1, 2}), Codes: []survey.Code{{Value: number(0), Label: "Never"}}},
			[]string{"q1 q1= []", "q1_2 =q1 []"}, nil, []string{"q1~q1: 1 has no label here, and the code of another value would change to it"}},
		"one label twice": {question("q1", trust, []string{"Other", "Yes", "Other"}, 1), question("q1", trust, []string{"Yes", "Other", "Maybe"}, 1),
			[]string{"q1 q1= []", "q1_2 =q1 []"}, nil, []string{`q1~q1: 2 is "Other" here, and another answer before`}},
		"renamed, with some other answers": {question("q1", trust, []string{"Bank", "Shop", "Station"}, 1), question("q7", trust, []string{"Bank", "Shop", "Xylophone"}, 1),
			[]string{"q1 q1= []", "q7 =q7 []"}, nil, []string{"q1~q7: the wording is the same, but not all of the answers are"}},
		"types": {question("q1", trust, nothing, 1), &survey.Variable{Name: "q1", Label: trust, Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0}), Values: []string{"x"}}},
			[]string{"q1 q1= []", "q1_2 =q1 []"}, nil, []string{"q1~q1: one has number values, the other text values"}},
		"labels in other scripts": {question("q1", "新聞を毎日読みますか", []string{"はい", "いいえ"}, 1), question("q9", "新聞を毎日読みますか?", []string{"はい", "いいえ"}, 2),
			[]string{"q1 q1=q9 []"}, []string{"renamed"}, nil},
		"nothing in common": {question("q1", trust, agree, 1), question("z", "Age in years", nothing, 40), []string{"q1 q1= []", "z =z []"}, nil, nil},
	} {
		variables, changes, doubts := compareTwo([]*survey.Variable{c.a}, []*survey.Variable{c.b})
		if !slices.Equal(variables, c.variables) || !slices.Equal(changes, c.changes) || !slices.Equal(doubts, c.doubts) {
			t.Errorf("%s:\ngot  %q %q %q\nwant %q %q %q", name, variables, changes, doubts, c.variables, c.changes, c.doubts)
		}
	}
}

func number(x float64) survey.Value { return survey.NumberValue(x) }

// Numbers that moved: each wording finds its own, though the names cross.
func TestCompareCrossedNames(t *testing.T) {
	a := []*survey.Variable{question("q1", "Do you own a car?", yesNo, 1), question("q2", "Are you retired from work?", yesNo, 1)}
	b := []*survey.Variable{question("q1", "Are you retired from work?", yesNo, 1), question("q2", "Do you own a car?", yesNo, 1)}
	variables, _, doubts := compareTwo(a, b)
	if !slices.Equal(variables, []string{"q1 q1=q2 []", "q2 q2=q1 []"}) || len(doubts) > 0 {
		t.Errorf("%q, doubts %q", variables, doubts)
	}
}

// The items of a grid share their stem, and are not taken for each other.
func TestCompareGridItems(t *testing.T) {
	stem := "How concerned are you that companies collect information on "
	var a, b []*survey.Variable
	for i, item := range []string{"your address", "what you buy", "your health", "where you are", "your income"} {
		a = append(a, question(fmt.Sprintf("a%d", i), stem+item, agree, 1))
		b = append(b, question(fmt.Sprintf("b%d", 9-i), stem+item, agree, 1))
	}
	b[4] = question("b5", stem+"your friends", agree, 1)
	variables, _, doubts := compareTwo(a, b)
	want := []string{"a0 a0=b9 []", "a1 a1=b8 []", "a2 a2=b7 []", "a3 a3=b6 []", "a4 a4= []", "b5 =b5 []"}
	if !slices.Equal(variables, want) || len(doubts) > 0 {
		t.Errorf("%q, doubts %q", variables, doubts)
	}
}

// The surest pair comes first: the same wording before the same name.
func TestCompareTakesTheSurest(t *testing.T) {
	a := []*survey.Variable{question("q1", "How much do you trust your bank with your data?", agree, 1)}
	b := []*survey.Variable{question("q1", "How much do you trust your bank with your money?", agree, 1), question("q9", "How much do you trust your bank with your data?", agree, 1)}
	if variables, _, _ := compareTwo(a, b); !slices.Equal(variables, []string{"q1 q1=q9 []", "q1_2 =q1 []"}) {
		t.Errorf("%q", variables)
	}
}

// A wave behind all names is no other name, and a refusal that stays at 99 does
// not hide that the scale is turned around.
func TestCompareWaveBehindNames(t *testing.T) {
	refused := survey.Code{Value: number(99), Label: "Refused"}
	wave := func(suffix string, labels []string) []*survey.Variable {
		a, b, c := question("TRUST"+suffix, "Do you trust your bank?", labels, 1, 99), question("CAR"+suffix, "Do you own a car?", yesNo, 1, 2), question("QKEY", "", nothing, 1, 2)
		a.Codes = append(a.Codes, refused)
		return []*survey.Variable{a, b, c}
	}
	a, b := wave("_W49", agree), wave("_W61", agrees)
	b[1].Label = "Do you own a car these days?"
	variables, changes, doubts := compareTwo(a, b)
	want := []string{"TRUST_W49 TRUST_W49=TRUST_W61 [{2 [{1 5} {2 4} {4 2} {5 1}]}]", "CAR_W49 CAR_W49=CAR_W61 []", "QKEY QKEY=QKEY []"}
	if !slices.Equal(variables, want) || !slices.Equal(changes, []string{"reversed scale", "wording"}) || len(doubts) > 0 {
		t.Errorf("%q %q %q", variables, changes, doubts)
	}
}

// One wording for several variables names none of them.
func TestCompareRepeatedWording(t *testing.T) {
	a := []*survey.Variable{question("a", "Other, please specify", nothing, 1), question("b", "Other, please specify", nothing, 1)}
	variables, _, doubts := compareTwo(a, []*survey.Variable{question("c", "Other, please specify", nothing, 1)})
	if len(variables) != 3 || !slices.Equal(doubts, []string{"a~c: several variables have this wording"}) {
		t.Errorf("%q, doubts %q", variables, doubts)
	}
}

func TestCompareMissingRules(t *testing.T) {
	with := func(v *survey.Variable, missing ...survey.Missing) *survey.Variable {
		v.Missing = missing
		return v
	}
	labels := []string{"Yes", "No", "Don't know"}
	three := survey.MissingNumber(3, survey.DontKnow)
	variables, changes, doubts := compareTwo([]*survey.Variable{with(question("q", "Car?", labels, 1), three)}, []*survey.Variable{question("q", "Car?", labels, 3)})
	if len(variables) != 1 || !slices.Equal(changes, []string{"missing values"}) || len(doubts) > 0 {
		t.Errorf("%q %q %q", variables, changes, doubts)
	}
	// 9 is a refusal in one file and nine of ten in the other
	nine := survey.MissingNumber(9, survey.Refused)
	for _, c := range [][2]*survey.Variable{
		{with(question("q", "How many?", nothing, 1, 9), nine), question("q", "How many?", nothing, 9, 10)},
		{question("q", "How many?", nothing, 9, 10), with(question("q", "How many?", nothing, 1, 9), nine)},
	} {
		variables, _, doubts = compareTwo([]*survey.Variable{c[0]}, []*survey.Variable{c[1]})
		if len(variables) != 2 || len(doubts) != 1 || !strings.Contains(doubts[0], "9 is an answer") {
			t.Errorf("%q %q", variables, doubts)
		}
	}
}

// What is missing in one file and another answer in the other keeps them apart.
func TestCompareMissingClashes(t *testing.T) {
	missing := func(v *survey.Variable, low, high float64) *survey.Variable {
		v.Missing = []survey.Missing{{Low: low, High: high}}
		return v
	}
	coded := func(x float64, label string) *survey.Variable {
		v := question("q", "How many?", nothing, 1, 2)
		v.Codes = []survey.Code{{Value: number(x), Label: label}}
		return v
	}
	for want, c := range map[string][2]*survey.Variable{
		"9 is an answer here, and missing":                                     {missing(question("q", "How many?", nothing, 1), 9, 9), coded(9, "Nine or more")},
		"9 is an answer before, and missing":                                   {coded(9, "Nine or more"), missing(question("q", "How many?", nothing, 1), 9, 9)},
		`3 is an answer here as "Perhaps"`:                                     {missing(question("q", "Car?", []string{"Yes", "No", "Don't know"}, 1), 3, 3), question("q", "Car?", []string{"Yes", "No", "Perhaps"}, 1)},
		"98 is in a range of missing values here, and had another code before": {missing(coded(8, "Don't know"), 8, 8), missing(coded(98, "Don't know"), 97, 99)},
	} {
		if variables, _, doubts := compareTwo(c[:1], c[1:]); len(variables) != 2 || len(doubts) != 1 || !strings.Contains(doubts[0], want) {
			t.Errorf("%s: %q %q", want, variables, doubts)
		}
	}
}

// Weights go together by what the files declare, whatever their names.
func TestCompareRoles(t *testing.T) {
	a, b := file("a", question("w1", "First", nothing, 1.5), question("s", "", nothing, 1)), file("b", question("wt", "Second weight", nothing, 2.5), question("str", "", nothing, 1))
	a.Table.Weight, b.Design = "w1", survey.Design{Weight: "wt", Strata: "str"}
	a.Design.Strata = "s"
	m := Compare([]File{a, b})
	if len(m.Variables) != 2 || !slices.Equal(m.Variables[0].From, []string{"w1", "wt"}) || m.Design.Weight != "w1" || m.Design.Strata != "s" {
		t.Errorf("%+v", m)
	}
}

func TestCompareWaves(t *testing.T) {
	a, b := file("a", question("year", "", nothing, 2008, 2008)), file("b", question("year", "", nothing, 2011))
	if m := Compare([]File{a, b}); m.WaveVariable != "year" || m.Files[1].Wave != "2011" {
		t.Errorf("%+v", m)
	}
	b.Table.Variables[0].Numbers.Set(0, 2008)
	if m := Compare([]File{a, b}); m.WaveVariable != "wave" || m.Files[1].Wave != "2" {
		t.Errorf("%+v", m)
	}
}

// generated draws codebooks of few words, so that names and wordings meet often.
func generated(t *rapid.T) []File {
	word := rapid.SampledFrom([]string{"", "Car", "Own a car", "Own a house", "Trust", "Other", "Trust in banks"})
	labels := rapid.SampledFrom([][]string{nil, agree, agrees, yesNo, {"No", "Yes"}, {"No", "Maybe", "Yes"}})
	var files []File
	for k := range rapid.IntRange(2, 3).Draw(t, "files") {
		var vars []*survey.Variable
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "A", "a_2"}), 1, 5, rapid.ID).Draw(t, "names") {
			v := question(name, word.Draw(t, "label"), labels.Draw(t, "codes"), rapid.SliceOfN(rapid.SampledFrom([]float64{1, 2, 3, 4, 5, 9, math.NaN()}), 4, 4).Draw(t, "rows")...)
			if rapid.Bool().Draw(t, "missing") {
				v.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused)}
			}
			vars = append(vars, v)
		}
		files = append(files, file(fmt.Sprintf("f%d.csv", k), vars...))
	}
	return files
}

// Whatever the files: every column stands in one variable; the mapping reads
// back as it was written; it is the same each time; and stacked, every row
// has, for each of its columns, the label that it had.
func TestMappingOfAnyFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := generated(t)
		var tables []*survey.Table
		for _, f := range files {
			tables = append(tables, f.Table)
		}
		m := Compare(files)
		text := m.Write(tables)
		if again := Compare(files).Write(tables); string(again) != string(text) {
			t.Fatal("two mappings of the same files differ")
		}
		read, source, err := Parse(text, "m.yaml")
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for i, v := range read.Variables {
			w := m.Variables[i]
			if v.Name != w.Name || !slices.Equal(v.From, w.From) || v.Confidence != w.Confidence || len(v.Recodes) != len(w.Recodes) || len(v.Recodes) > 0 && !reflect.DeepEqual(v.Recodes, w.Recodes) {
				t.Fatalf("%+v became %+v\n%s", w, v, text)
			}
		}
		stacked, err := Stack(read, source, tables)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		checkStacked(t, read, tables, stacked)
	})
}

func checkStacked(t *rapid.T, m *Mapping, tables []*survey.Table, stacked *survey.Table) {
	columns, first := 0, 0
	for k, table := range tables {
		for _, v := range m.Variables {
			if v.From[k] == "" {
				continue
			}
			columns++
			old, now := table.Lookup(v.From[k]), stacked.Lookup(v.Name)
			for i := range table.Rows {
				x, ok := old.At(i)
				y, still := now.At(first + i)
				labelled := slices.ContainsFunc(old.Codes, func(c survey.Code) bool { return c.Value == x })
				if ok != still || ok && old.IsMissing(x) && !now.IsMissing(y) || ok && labelled && !sameLabel(old, now, x, y) {
					t.Fatalf("%s of file %d: %v (%s) became %v (%s)", v.From[k], k+1, x, old.LabelOf(x), y, now.LabelOf(y))
				}
			}
		}
		first += table.Rows
	}
	total := 0
	for _, table := range tables {
		total += len(table.Variables)
	}
	if columns != total || stacked.Rows != first {
		t.Fatalf("%d of %d columns, %d rows", columns, total, stacked.Rows)
	}
}

// sameLabel holds labels against each other; the first file's stands for one
// that was changed a little.
func sameLabel(old, now *survey.Variable, x, y survey.Value) bool {
	return plain(old.LabelOf(x), now.LabelOf(y)) >= sameAnswers
}
