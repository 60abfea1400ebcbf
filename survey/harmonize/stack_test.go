package harmonize

import (
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// twoWaves are two files with a renamed question, a reversed scale, codes of
// text and a question of one wave only.
func twoWaves() []*survey.Table {
	one := question("q1", "Trust", agree, 5, 1, math.NaN())
	one.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused)}
	text := &survey.Variable{Name: "town", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, -1}), Values: []string{"Oslo", "Rome"}}}
	stratum := question("stratum", "", []string{"North", "South"}, 1, 2, 2)
	yes := number(1)
	first := &survey.Table{Rows: 3, Variables: []*survey.Variable{one, text, stratum, question("old", "", nothing, 1, 2, 3), question("m1", "", nothing, 1, 0, 1)},
		Sets: []survey.MultipleResponse{{Name: "s", Variables: []string{"m1", "old"}, Counted: &yes}, {Name: "gone", Variables: []string{"m1", "left"}}}}
	two := question("q7", "Trust", agrees, 1, 4)
	towns := &survey.Variable{Name: "city", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{"Roma", "Bern"}}}
	second := &survey.Table{Rows: 2, Variables: []*survey.Variable{two, towns, question("stratum", "", nothing, 1, 2), question("left", "", nothing, 0, 0)}}
	return []*survey.Table{first, second}
}

const reviewed = `surveykit: mapping/1
wave_variable: wave
files: [{file: a, wave: 2008}, {file: b, wave: 2011}]
design: {strata: stratum, waves: independent}
variables:
  - {name: trust, from: [q1, q7], recode: [{file: 2, values: {1: 5, 2: 4, 4: 2, 5: 1}}]}
  - {name: town, from: [town, city], recode: [{file: 2, values: {Roma: Rome}}]}
  - {name: stratum, from: [stratum, stratum]}
  - {name: former, from: [old, ~]}
  - {name: m1, from: [m1, ~]}
`

func stackText(text string) (*survey.Table, error) {
	m, source, err := Parse([]byte(text), "m.yaml")
	if err != nil {
		return nil, err
	}
	return Stack(m, source, twoWaves())
}

func TestStack(t *testing.T) {
	out, err := stackText(reviewed)
	if err != nil {
		t.Fatal(err)
	}
	show := func(name string) string {
		var parts []string
		v := out.Lookup(name)
		for i := range v.Len() {
			x, ok := v.At(i)
			if !ok {
				x = survey.TextValue("-")
			}
			parts = append(parts, x.String())
		}
		return strings.Join(parts, " ")
	}
	for name, want := range map[string]string{"trust": "5 1 - 5 2", "town": "Oslo Rome - Rome Bern", "stratum": "2008:1 2008:2 2008:2 2011:1 2011:2", "former": "1 2 3 - -", "wave": "2008 2008 2008 2011 2011"} {
		if got := show(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := out.Lookup("stratum").LabelOf(survey.TextValue("2008:2")); got != "2008: South" {
		t.Errorf("label %q", got)
	}
	if trust := out.Lookup("trust"); trust.LabelOf(number(5)) != "Agree strongly" || len(trust.Codes) != 5 || len(trust.Missing) != 1 {
		t.Errorf("codes %v", trust.Codes)
	}
	if len(out.Sets) != 1 || !slices.Equal(out.Sets[0].Variables, []string{"m1", "former"}) {
		t.Errorf("sets %+v", out.Sets)
	}
	if !slices.ContainsFunc(out.Notices, func(n survey.Notice) bool {
		return strings.HasSuffix(n.Text, "left out, because the mapping does not name it: left")
	}) {
		t.Errorf("notices %q", out.Notices)
	}
}

// A missing code that moves is missing where it went, and its old place is free.
func TestStackMovesMissingCodes(t *testing.T) {
	tables := twoWaves()
	tables[1].Variables[0].Missing = []survey.Missing{survey.MissingNumber(1, survey.Refused)}
	m, source, err := Parse([]byte(reviewed), "m.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out, err := Stack(m, source, tables)
	if err != nil {
		t.Fatal(err)
	}
	if trust := out.Lookup("trust"); !trust.IsMissing(number(5)) || trust.IsMissing(number(1)) {
		t.Errorf("missing %v", trust.Missing)
	}
}

// The ids of a panel are the same in all waves.
func TestStackPanel(t *testing.T) {
	out, err := stackText(strings.Replace(reviewed, "independent", "panel", 1))
	if err != nil || !slices.Equal(out.Lookup("stratum").Numbers.Slice(), []float64{1, 2, 2, 1, 2}) {
		t.Errorf("%v, %v", out, err)
	}
}

func TestMappingProblems(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"mapping/1", "study/1", `m.yaml:1:12: surveykit cannot be "study/1"; write mapping/1`},
		{"wave_variable: wave\n", "", "the mapping has no wave_variable"},
		{"from: [q1, q7]", "from: [q1]", "from has 1 names for 2 files"},
		{"from: [q1, q7]", "from: q1", "variables[0].from is text; it must be a list"},
		{"from: [q1, q7]", "from: [q1, q8]", `m.yaml:6:30: there is no variable "q8" in file 2; did you mean q7?`},
		{"from: [m1, ~]", "from: [old, ~]", "old of file 1 is already in another variable"},
		{"name: former", "name: trust", `the name "trust" is given twice`},
		{"file: 2, values: {1", "file: 3, values: {1", "the variable is not in file 3"},
		{"{1: 5,", "{1: five,", "does not fit a variable of number values"},
		{"values: {Roma: Rome}", "values: Roma", "values is text; it must be a mapping (key: value)"},
		{"strata: stratum", "strata: stratun", `there is no variable "stratun"; did you mean stratum?`},
		{"waves: independent", "waves: paneel", `waves cannot be "paneel"`},
		{"recode:", "recodes:", `there is no key "recodes" in variables[0]; did you mean recode?`},
		{"from: [town, city]", "from: [town, q7]", "q7 of file 2 is already in another variable"},
		{"from: [old, ~]", "from: [town, left]", "town of file 1 is already"},
		{"from: [stratum, stratum]", "from: [stratum, city]", "city of file 2 is already"},
		{"wave: 2008}", "wave: 2008", "this is not valid YAML"},
		{"confidence", "", ""},
	} {
		_, err := stackText(strings.Replace(reviewed, c.old, c.new, 1))
		if c.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\ndoes not say %s", c.new, err, c.want)
		}
	}
	_, err := stackText(strings.NewReplacer("from: [town, city]", "from: [town, q7]", "from: [q1, q7]", "from: [q1, city]", "values: {Roma: Rome}", "values: {1: 2}", "recode: [{file: 2, values: {1: 5, 2: 4, 4: 2, 5: 1}}]", "recode: []").Replace(reviewed))
	if err == nil || !strings.Contains(err.Error(), "has text values") {
		t.Errorf("other types: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(reviewed))
	f.Add([]byte("surveykit: mapping/1\nvariables: [{from: [~]}]\n"))
	f.Add([]byte("files: {a: b}\nvariables:\n  - 3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, source, err := Parse(data, "m.yaml")
		if err == nil && len(m.Files) == 2 {
			_, _ = Stack(m, source, twoWaves())
		}
	})
}
