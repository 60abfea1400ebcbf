package study

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest"
	"surveykit/survey/prepare"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func numbers(name, label string, xs ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Label: label, Kind: survey.Number, Numbers: survey.NewNumbers(xs)}
}

func texts(name, label string, xs ...string) *survey.Variable {
	column := &survey.TextColumn{}
	for _, x := range xs {
		k := slices.Index(column.Values, x)
		if k < 0 {
			k = len(column.Values)
			column.Values = append(column.Values, x)
		}
		column.Index.Append(int32(k))
	}
	return &survey.Variable{Name: name, Label: label, Kind: survey.Text, Texts: column}
}

func withCodes(v *survey.Variable, labels ...string) *survey.Variable {
	for i, label := range labels {
		v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(i + 1)), Label: label})
	}
	return v
}

func withCode(v *survey.Variable, x float64, label string) *survey.Variable {
	v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(x), Label: label})
	return v
}

// repeat makes n values that go round the given ones.
func repeat(n int, xs ...float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = xs[i%len(xs)]
	}
	return out
}

// panel is a table with something of everything that Init looks for.
func panel() *survey.Table {
	const n = 60
	t := &survey.Table{Rows: n}
	ids, ages, weights := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		ids[i], ages[i], weights[i] = float64(1000+i), float64(17+i), 0.5+float64(i)/n
	}
	ages[3] = 999
	verbatim := make([]string, n)
	for i := range verbatim {
		verbatim[i] = []string{"a secret", "another secret"}[i%2]
	}
	t.Variables = []*survey.Variable{
		numbers("QKEY", "Respondent", ids...),
		numbers("weight_kg", "How many kilos do you weigh?", weights...),
		numbers("WEIGHT_W1", "Weight: first\nwave", weights...),
		numbers("wgt_old", "", repeat(n, 1, 2, 3)...),
		numbers("stratum", "Design\nstratum", repeat(n, 1, 2, 3)...),
		numbers("psu_id", "", repeat(n, 1, 2, 3, 4)...),
		withCode(numbers("Age", "Age in years", ages...), 999, "Blank"),
		withCodes(numbers("F_SEX", "", repeat(n, 1, 2)...), "Male", "Female"),
		withCodes(numbers("CREGION", "", repeat(n, 1, 2, 3, 4)...), "Northeast", "Midwest", "South", "West"),
		withCode(withCodes(numbers("q1", "q1. How worried are you: \"very\", #1 or not?", repeat(n, 1, 2, 99)...), "Worried", "Not"), 99, "Refused"),
		numbers("q2", "", repeat(n, 1, 2, 3, 98)...),
		numbers("Q2", "", repeat(n, 1, 2, 3)...),
		texts("Q 3: other, please", "Yes", verbatim...),
		numbers("m_1", "", repeat(n, 0, 1)...),
		numbers("m_2", "", repeat(n, 1, 0, 0)...),
		numbers("constant", "", repeat(n, 1)...),
	}
	for r := range minReplicates {
		t.Variables = append(t.Variables, numbers(fmt.Sprintf("wt%d", r+1), "", weights...))
	}
	chosen := survey.NumberValue(1)
	t.Sets = []survey.MultipleResponse{{Name: "$media", Label: "Media used", Variables: []string{"m_1", "m_2"}, Counted: &chosen}}
	return t
}

// run holds a draft against its table, as surveykit run would.
func run(t interface {
	Helper()
	Fatalf(string, ...any)
}, table *survey.Table, draft []byte) *survey.Study {
	t.Helper()
	study, source, err := Parse(draft, "study.yaml")
	if err != nil {
		t.Fatalf("the draft is invalid: %v\n%s", err, draft)
	}
	prepared, faults, _ := prepare.Apply([]*survey.Table{table}, study, "study.yaml")
	if prepared != nil {
		_, more := prepare.CheckTables(prepared, study)
		faults = append(faults, more...)
	}
	for _, f := range faults {
		t.Fatalf("the draft does not fit its data: %v\n%s", source.Annotate(f.Path, f.Problem), draft)
	}
	return study
}

func TestInit(t *testing.T) {
	draft := Init(panel(), survey.DataFile{File: "data/panel one.csv"})
	run(t, panel(), draft)
	golden(t, "testdata/init.golden", string(draft))
	if strings.Contains(string(draft), "secret") {
		t.Error("the draft repeats what a respondent wrote")
	}
}

// The file's own weight goes before guesses; without any weight nothing is
// made up, and without a question there is still a table.
func TestInitOfPoorTables(t *testing.T) {
	own := panel()
	own.Weight = "psu_id"
	if study := run(t, own, Init(own, survey.DataFile{File: "x.sav"})); study.Design.Weight != "psu_id" {
		t.Errorf("weight %q, want the file's own", study.Design.Weight)
	}
	exact := &survey.Table{Rows: 3, Variables: []*survey.Variable{numbers("old_wt", "", 1, 2, 3), numbers("Weight", "", 1, 2, 3)}}
	if study := run(t, exact, Init(exact, survey.DataFile{File: "x.csv"})); study.Design.Weight != "Weight" {
		t.Errorf("weight %q, want the one called just that", study.Design.Weight)
	}
	bare := &survey.Table{Rows: 2, Variables: []*survey.Variable{numbers("id", "", 7, 7), numbers("negative_wt", "", -1.5, 2)}}
	study := run(t, bare, Init(bare, survey.DataFile{File: "x.csv"}))
	if study.Design.Weight != "" || len(study.Tables) != 1 {
		t.Errorf("got weight %q and %d tables", study.Design.Weight, len(study.Tables))
	}
	gaps := &survey.Table{Rows: 3, Variables: []*survey.Variable{numbers("weight", "", 1, math.NaN(), math.NaN()), numbers("q", "", 1, 2, 3)}}
	if draft := string(Init(gaps, survey.DataFile{File: "x.csv"})); !strings.Contains(draft, "please check; 2 rows have none and must get one\n") {
		t.Errorf("the draft does not warn of rows without a weight:\n%s", draft)
	}
	taken := panel()
	taken.Variables = append(taken.Variables, numbers("age_bracket", "", repeat(60, 1, 2, 3)...))
	if study := run(t, taken, Init(taken, survey.DataFile{File: "x.csv"})); study.Recodes[0].Name != "age_bracket_" {
		t.Errorf("recode %q hides a variable of the file", study.Recodes[0].Name)
	}
}

// What the fieldwork recorded comes after the questions.
func TestInitAsksQuestionsFirst(t *testing.T) {
	table := &survey.Table{Rows: 4, Variables: []*survey.Variable{numbers("DEVICE_TYPE_W49", "Device", 1, 2, 1, 2), numbers("trust", "Trust", 1, 2, 2, 1)}}
	draft := string(Init(table, survey.DataFile{File: "people.csv"}))
	if q, f := strings.Index(draft, "- id: trust"), strings.Index(draft, "- id: DEVICE_TYPE_W49"); q < 0 || f < q {
		t.Errorf("the question is at %d, the fieldwork's column at %d:\n%s", q, f, draft)
	}
}

func TestInitAsksForThirtyTables(t *testing.T) {
	many := &survey.Table{Rows: 4}
	for i := range 50 {
		many.Variables = append(many.Variables, numbers(fmt.Sprintf("q%d", i), "", 1, 2, 1, 2))
	}
	draft := Init(many, survey.DataFile{File: "x.csv"})
	if study := run(t, many, draft); len(study.Tables) != maxTables {
		t.Errorf("%d tables", len(study.Tables))
	}
	if !strings.Contains(string(draft), "\n  # - {id: q49, rows: [q49]}\n") {
		t.Error("the other tables are not suggested")
	}
	uncommented := strings.ReplaceAll(string(draft), "  # - {id", "  - {id")
	if study := run(t, many, []byte(uncommented)); len(study.Tables) != 50 {
		t.Errorf("%d tables after taking the comment signs away", len(study.Tables))
	}
}

// Whatever the names and labels are, the draft is valid and names them right.
func TestInitProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"weight", "age", "sex", "yes", "null", "1", "- x", "a: b", "#", "*a", "don't know", "x\ny", "\ufeff", "\u0085"}))
		names := rapid.SliceOfNDistinct(word.Filter(func(s string) bool { return s != "" }), 1, 6, rapid.ID).Draw(t, "names")
		table := &survey.Table{Rows: 30}
		for _, name := range names {
			xs := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 2, 3, 50, 98, 99, 1.5}), 30, 30).Draw(t, "values")
			v := numbers(name, word.Draw(t, "label"), xs...)
			for i, label := range rapid.SliceOfN(word, 0, 3).Draw(t, "labels") {
				v = withCode(v, float64(i), label)
			}
			table.Variables = append(table.Variables, v)
		}
		yes := true
		data := survey.DataFile{File: filepath.ToSlash(word.Draw(t, "path") + "x"), Codebook: filepath.ToSlash(word.Draw(t, "codebook")), Sheet: word.Draw(t, "sheet"),
			Options: &survey.DelimitedOptions{Delimiter: word.Draw(t, "delimiter"), DecimalComma: &yes, Missing: []string{word.Draw(t, "missing")}}}
		study, _, err := Parse(Init(table, data), "study.yaml")
		if err != nil {
			t.Fatalf("%v\n%s", err, Init(table, data))
		}
		if diff := cmp.Diff(data, study.Data[0]); diff != "" {
			t.Fatal(diff)
		}
		for _, request := range study.Tables {
			named := []string{request.Rows[0].Variable}
			for _, c := range request.Columns {
				named = append(named, c.Variable)
			}
			for _, name := range named {
				if !slices.Contains(names, name) && !(len(study.Recodes) == 1 && name == study.Recodes[0].Name) {
					t.Fatalf("there is no %q", name)
				}
			}
		}
	})
}

// Every real file that can be read gets a draft that runs on it.
func TestInitOnRealFiles(t *testing.T) {
	var files []string
	for _, pattern := range []string{"pew_w49/*.sav", "nhtsa_2008/*.sav", "*/*.csv"} {
		found, err := filepath.Glob(filepath.Join("../../../shared/data", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("shared/data is not beside the checkout")
	}
	weights := map[string]string{
		"atp_w49.sav": "WEIGHT_W49", "core_trends_jan2018.csv": "weight", "namcs2019sv.csv": "PATWT", "acs_m.csv": "pwgtp",
		"nhanes.csv": "WTMEC2YR", "yrbs.csv": "weight", "apistrat.csv": "pw", "survey.csv": "", "carcinoma.csv": "",
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			table, err := ingest.Open(file, ingest.Options{})
			if err != nil {
				t.Skip(err)
			}
			study := run(t, table, Init(table, survey.DataFile{File: file}))
			if want, ok := weights[filepath.Base(file)]; ok && study.Design.Weight != want {
				t.Errorf("weight %q, want %q", study.Design.Weight, want)
			}
		})
	}
}

// Uncommenting the suggestions of the real study must leave it valid, too.
func TestSuggestionsOfTheRealStudyAreValid(t *testing.T) {
	const file = "../../../shared/data/pew_w49/atp_w49.sav"
	if _, err := os.Stat(file); err != nil {
		t.Skip("shared/data is not beside the checkout")
	}
	table, err := ingest.Open(file, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	draft := string(Init(table, survey.DataFile{File: file}))
	for _, line := range []string{"# variables:", "# disclosure:"} {
		draft = strings.Replace(draft, "\n"+line, "\n"+line[2:], 1)
	}
	draft = strings.ReplaceAll(strings.ReplaceAll(draft, "\n#   ", "\n  "), "\n  # ", "\n  ")
	study := run(t, table, []byte(draft))
	if len(study.Variables) < 100 || len(study.Tables) < 100 || study.Disclosure.Mode == "" || study.Design.Sample == "" {
		t.Errorf("%d variables, %d tables, mode %q, sample %q", len(study.Variables), len(study.Tables), study.Disclosure.Mode, study.Design.Sample)
	}
}
