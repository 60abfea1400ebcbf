package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey"
)

// tracker writes a study on a pattern with some waves beside it.
func tracker(t *testing.T, data string, waves ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, w := range waves {
		if err := os.WriteFile(filepath.Join(dir, w), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "study.yaml")
	text := "surveykit: study/1\ntitle: A tracker\ndata:\n" + data + "design: {wave_variable: wave}\ntables: [{id: q, rows: [{variable: q}]}]\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// oneRow is a data file of one answer.
func oneRow(opened *[]string) opener {
	return func(d survey.DataFile) (*survey.Table, error) {
		*opened = append(*opened, filepath.Base(d.File)+"="+d.Wave)
		return &survey.Table{Rows: 1, Variables: []*survey.Variable{{Name: "q", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1})}}}, nil
	}
}

func TestPatternOfFiles(t *testing.T) {
	path := tracker(t, "- {file: base.csv, wave: 2007}\n- {file: 'wave-*.csv', wave: '*'}\n", "wave-2011.csv", "wave-2008.csv", "other.csv", "base.csv")
	var opened []string
	_, table, err := Load(path, nil, oneRow(&opened))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(opened, " "); got != "base.csv=2007 wave-2008.csv=2008 wave-2011.csv=2011" {
		t.Errorf("opened %s", got)
	}
	if v := table.Lookup("wave"); v == nil || v.Numbers.At(2) != 2011 {
		t.Errorf("the wave variable is %+v", v)
	}
}

func TestPatternProblems(t *testing.T) {
	for data, want := range map[string]string{
		"- {file: 'wave-*.csv'}\n":                                "study.yaml:4:10: value \"wave-*.csv\": no file matches the pattern",
		"- {file: 'w*-*.csv', wave: '*'}\n":                       "needs exactly one *",
		"- {file: 'x[', wave: 1}\n":                               "no file matches the pattern",
		"- {file: a.csv, wave: 1}\n- {file: 'c*.csv', wave: 2}\n": "study.yaml:5",
	} {
		var opened []string
		_, _, err := Load(tracker(t, data, "a.csv", "b1.csv"), nil, oneRow(&opened))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", data, err, want)
		}
	}
}
