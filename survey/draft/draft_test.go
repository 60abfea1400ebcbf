package draft

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
	"surveykit/survey/spec/spectest"
	"surveykit/survey/study"

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
	parsed, source, err := study.Parse(draft, "study.yaml")
	if err != nil {
		t.Fatalf("the draft is invalid: %v\n%s", err, draft)
	}
	prepared, faults, _ := prepare.Apply([]*survey.Table{table}, parsed, "study.yaml")
	if prepared != nil {
		_, more := prepare.CheckTables(prepared, parsed)
		faults = append(faults, more...)
	}
	for _, f := range faults {
		t.Fatalf("the draft does not fit its data: %v\n%s", source.Annotate(f.Path, f.Problem), draft)
	}
	return parsed
}

// draftOf drafts a study of a file.
func draftOf(t *survey.Table, file string) []byte {
	return New(t, Options{Data: survey.DataFile{File: file}}).Text
}

// golden compares a text with a file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if spectest.Updating() {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestDraft(t *testing.T) {
	draft := draftOf(panel(), "data/panel one.csv")
	run(t, panel(), draft)
	golden(t, "testdata/panel.golden", string(draft))
	if strings.Contains(string(draft), "secret") {
		t.Error("the draft repeats what a respondent wrote")
	}
}

// The file's own weight goes before guesses; without any weight nothing is
// made up, and without a question there is still a table.
func TestDraftOfPoorTables(t *testing.T) {
	own := panel()
	own.Weight = "psu_id"
	if study := run(t, own, draftOf(own, "x.sav")); study.Design.Weight != "psu_id" {
		t.Errorf("weight %q, want the file's own", study.Design.Weight)
	}
	exact := &survey.Table{Rows: 3, Variables: []*survey.Variable{numbers("old_wt", "", 1, 2, 3), numbers("Weight", "", 1, 2, 3)}}
	if study := run(t, exact, draftOf(exact, "x.csv")); study.Design.Weight != "Weight" {
		t.Errorf("weight %q, want the one called just that", study.Design.Weight)
	}
	bare := &survey.Table{Rows: 2, Variables: []*survey.Variable{numbers("id", "", 7, 7), numbers("negative_wt", "", -1.5, 2)}}
	study := run(t, bare, draftOf(bare, "x.csv"))
	if study.Design.Weight != "" || len(study.Tables) != 1 {
		t.Errorf("got weight %q and %d tables", study.Design.Weight, len(study.Tables))
	}
	taken := panel()
	taken.Variables = append(taken.Variables, numbers("age_bracket", "", repeat(60, 1, 2, 3)...))
	if study := run(t, taken, draftOf(taken, "x.csv")); len(study.Recodes) > 0 || study.Tables[0].Columns[1].Variable != "age_bracket" {
		t.Errorf("recodes %v beside the file's own age brackets", study.Recodes)
	}
}

// A weight is taken only where all rows have one that can be a weight; the draft says why
// others are not.
func TestDraftOfWeights(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name, label  string
		values       []float64
		beside       *survey.Variable
		want, remark string
	}{
		{"weight", "", []float64{0.5, 1, 1.5}, nil, "weight", "guessed: true"},
		{"pw", "", []float64{15, 40, 44}, nil, "pw", "guessed: true"},
		{"weight", "", []float64{1, nan, nan}, nil, "", "weight: weight # 2 rows have none"},
		{"weight", "", []float64{-1, 2, 3}, nil, "", "weight: NAME"},
		{"weight", "", []float64{3, 2, 4}, nil, "", "weight: weight # its mean is 3, neither about 1 nor a number of people"},
		{"weight", "", []float64{61, 75, 80}, numbers("height", "", 160, 170, 180), "", "weight: NAME"},
		{"weight_kg", "", []float64{61, 75, 80}, nil, "", "weight: NAME"},
		{"final_weight", "", []float64{0.8, 1, 1.2}, numbers("height", "", 160, 170, 180), "final_weight", "guessed: true"},
	} {
		table := &survey.Table{Rows: 3, Variables: []*survey.Variable{numbers(c.name, c.label, c.values...), numbers("q", "", 1, 2, 1)}}
		if c.beside != nil {
			table.Variables = append(table.Variables, c.beside)
		}
		draft := draftOf(table, "x.csv")
		study := run(t, table, draft)
		if study.Design.Weight != c.want || study.Design.Guessed != (c.want != "") || !strings.Contains(string(draft), c.remark) {
			t.Errorf("%s %v: weight %q, guessed %v\n%s", c.name, c.values, study.Design.Weight, study.Design.Guessed, draft)
		}
		if got := Weights(table); c.remark == "weight: NAME" && len(got) > 0 {
			t.Errorf("%s %v: %v look like weights", c.name, c.values, got)
		}
	}
}

// What is not an answer is listed with the reason, and has no table.
func TestDraftGivesReasons(t *testing.T) {
	const n = 40
	ids, verbatim := make([]float64, n), make([]string, n)
	for i := range n {
		ids[i], verbatim[i] = float64(1000+7*i), fmt.Sprintf("words %d", i%39)
	}
	table := &survey.Table{Rows: n, Variables: []*survey.Variable{
		numbers("DEVICE_TYPE_W49", "Device", repeat(n, 1, 2)...), numbers("trust", "Trust", repeat(n, 1, 2, 2)...), numbers("number", "", ids...),
		texts("why", "", verbatim...), texts("q1_other", "Other, please specify", verbatim...), numbers("always", "", repeat(n, 3)...), numbers("never", "", repeat(n, math.NaN())...),
		texts("How often do you use an id, or a serial number?", "", strings.Split(strings.Repeat("often,never,", n/2), ",")[:n]...),
	}}
	draft := string(draftOf(table, "people.csv"))
	for _, line := range []string{
		"#   recorded by the fieldwork: DEVICE_TYPE_W49\n", "#   different in every row: number\n", "#   answers in the respondents' own words: why\n",
		"#   other, please specify: q1_other\n", "#   the same in every row: always\n", "#   nobody has an answer: never\n",
	} {
		if !strings.Contains(draft, line) {
			t.Errorf("the draft does not say %q", line)
		}
	}
	if study := run(t, table, []byte(draft)); len(study.Tables) != 2 {
		t.Errorf("%d tables:\n%s", len(study.Tables), draft)
	}
}

// A draft asks for forty tables unless all are wanted; the others can be taken from its comments.
func TestDraftOfManyQuestions(t *testing.T) {
	many := &survey.Table{Rows: 4}
	for i := range most + 20 {
		many.Variables = append(many.Variables, numbers(fmt.Sprintf("q%d", i), "", 1, 2, 1, 2))
	}
	draft := draftOf(many, "x.csv")
	if study := run(t, many, draft); len(study.Tables) != most {
		t.Errorf("%d tables", len(study.Tables))
	}
	if !strings.Contains(string(draft), "\n  # 20 more tables wait; surveykit init --all asks for all of them:\n") || !strings.Contains(string(draft), "\n  # - {id: q59, rows: [q59]}\n") {
		t.Error("the other tables are not suggested")
	}
	uncommented := strings.ReplaceAll(string(draft), "  # - {id", "  - {id")
	if study := run(t, many, []byte(uncommented)); len(study.Tables) != most+20 {
		t.Errorf("%d tables after taking the comment signs away", len(study.Tables))
	}
	if d := New(many, Options{All: true}); d.Tables != most+20 || d.Waiting != 0 {
		t.Errorf("%d tables and %d waiting where all are wanted", d.Tables, d.Waiting)
	}
}

// Whatever the names and labels are, the draft is valid and names them right.
func TestDraftProperty(t *testing.T) {
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
		text := New(table, Options{Data: data, All: rapid.Bool().Draw(t, "all")}).Text
		if parsed := run(t, table, text); !cmp.Equal(data, parsed.Data[0]) {
			t.Fatal(cmp.Diff(data, parsed.Data[0]))
		}
	})
}

// The exports of all platforms get the drafts in testdata/platform.
func TestDraftsOfPlatforms(t *testing.T) {
	files, err := filepath.Glob("../ingest/testdata/platform/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal("no exports", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			table, err := ingest.Open(file, ingest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			draft := New(table, Options{Data: survey.DataFile{File: filepath.Base(file)}, All: true}).Text
			run(t, table, draft)
			golden(t, "testdata/platform/"+strings.TrimSuffix(filepath.Base(file), ".csv")+".yaml", string(draft))
		})
	}
}

// Every real file that can be read gets a draft that runs on it.
func TestDraftOnRealFiles(t *testing.T) {
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
			study := run(t, table, draftOf(table, file))
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
	draft := string(draftOf(table, file))
	draft = strings.ReplaceAll(strings.Replace(draft, "\n# disclosure:", "\ndisclosure:", 1), "\n  # - {id", "\n  - {id")
	head, tail, _ := strings.Cut(draft, "\ndisclosure:")
	tail = strings.ReplaceAll(tail, "\n#   ", "\n  ")
	lines := strings.SplitAfter(head, "\n")
	for k, line := range lines {
		if strings.HasPrefix(line, "  # ") && (strings.Contains(line, ": {missing: ") || strings.HasPrefix(line, "  # sample: ") || strings.HasSuffix(line, ": \"don't know\"\n")) {
			lines[k] = "  " + line[4:]
		}
	}
	study := run(t, table, []byte(strings.Join(lines, "")+"\ndisclosure:"+tail))
	if len(study.Missing) < 4 || len(study.Tables) < 130 || study.Disclosure.Mode == "" || study.Design.Sample == "" {
		t.Errorf("%d missing answers, %d tables, mode %q, sample %q", len(study.Missing), len(study.Tables), study.Disclosure.Mode, study.Design.Sample)
	}
}
