package reports_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/ingest"
)

// runDraft drafts a study of a file and makes its report; nothing of that may fail.
func runDraft(file string, all bool) error {
	in, err := reports.Open(file, reports.OpenOptions{})
	if err != nil {
		return nil // there is nothing to draft a study of
	}
	if in.Table.Rows == 0 || len(in.Table.Variables) == 0 {
		return nil
	}
	study := filepath.Join(filepath.Dir(file), "study.yaml")
	d, err := in.Draft(study, all)
	if err != nil {
		return err
	}
	if err := os.WriteFile(study, d.Text, 0o600); err != nil {
		return err
	}
	v, err := reports.Validate(context.Background(), study, reports.Options{})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, d.Text)
	}
	r, err := v.Report(context.Background())
	if err != nil {
		return fmt.Errorf("%w\n%s", err, d.Text)
	}
	for _, w := range r.Warnings() {
		if w.Code == survey.NoticeUndrawable {
			return fmt.Errorf("the draft asks for a chart that cannot be drawn: %s\n%s", w, d.Text)
		}
	}
	return nil
}

// What init writes, run runs, whatever is in the data.
func TestDraftsRun(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		ending := rapid.SampledFrom([]string{"csv", "sav", "parquet"}).Draw(t, "format")
		file := filepath.Join(dir, "data."+ending)
		table := drawTable(t)
		write, err := ingest.Writer(file)
		if err != nil {
			t.Fatal(err)
		}
		out, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = write(out, table)
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Skip(err)
		}
		if err := runDraft(file, rapid.Bool().Draw(t, "all")); err != nil {
			t.Fatal(err)
		}
	})
}

// drawTable draws a table of up to eight columns of all kinds that exports have.
func drawTable(t *rapid.T) *survey.Table {
	rows := rapid.SampledFrom([]int{1, 2, 5, 40, 450}).Draw(t, "rows")
	table := &survey.Table{Rows: rows}
	names := rapid.SliceOfNDistinct(rapid.OneOf(rapid.SampledFrom([]string{
		"id", "weight", "age", "sex", "region", "q1_1", "q1_2", "q1_3", "trust_a", "trust_b", "null", "yes", "a > b", "- x", "a: b", "{x|y}", "ärger", "質問", "stratum",
		strings.Repeat("How much, if at all, do you care ", 5),
	}), rapid.StringMatching(`[A-Za-z][A-Za-z0-9_ ?.:/-]{0,20}[a-z]`)), 1, 8, strings.ToLower).Draw(t, "names")
	label := rapid.OneOf(rapid.SampledFrom([]string{"", "Q5. How satisfied?", "Which? - Radio", "Which? - TV", "Total", "{a|b}", "x\x1b[31m\ty", "a", "Refused", strings.Repeat("long ", 300)}), rapid.StringN(0, 30, -1))
	for _, name := range names {
		v := &survey.Variable{Name: name, Label: label.Draw(t, "label"), Kind: survey.Number}
		var value func(i int) float64
		switch rapid.SampledFrom([]string{"binary", "scale", "rating", "many", "id", "real", "none", "one", "large", "text"}).Draw(t, "kind") {
		case "binary":
			value = func(i int) float64 { return float64(i * 7 % 2) }
		case "scale":
			value = func(i int) float64 { return float64([]int{1, 2, 3, 4, 5, 99}[i*5%6]) }
		case "rating":
			value = func(i int) float64 { return float64(i * 3 % 11) }
		case "many":
			value = func(i int) float64 { return float64(i % 400) }
		case "id":
			value = func(i int) float64 { return float64(100000 + i) }
		case "real":
			value = func(i int) float64 { return 0.5 + float64(i%40)/40 }
		case "none":
			value = func(int) float64 { return math.NaN() }
		case "one":
			value = func(i int) float64 { return []float64{1, math.NaN()}[i%2] }
		case "large":
			value = func(i int) float64 { return -1e17 * float64(i%3) }
		case "text":
			v.Kind, v.Texts = survey.Text, &survey.TextColumn{}
			word := rapid.SampledFrom([]string{"a", "Yes", "Not selected", "x\x1by", "Don't know", "日本"}).Draw(t, "word")
			v.Texts.Values = []string{word, "No", strings.Repeat("w ", 200)}
			few := rapid.IntRange(1, 3).Draw(t, "texts")
			for i := range rows {
				v.Texts.Index.Append(int32(i % few))
			}
		}
		if value != nil {
			xs := make([]float64, rows)
			for i := range xs {
				xs[i] = value(i)
			}
			v.Numbers = survey.NewNumbers(xs)
			for _, x := range rapid.SliceOfNDistinct(rapid.SampledFrom([]float64{0, 1, 2, 3, 98, 99}), 0, 6, rapid.ID).Draw(t, "codes") {
				v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(x), Label: label.Draw(t, "code")})
			}
		}
		table.Variables = append(table.Variables, v)
	}
	return table
}

// Every file of the corpus that can be read gets a draft that runs.
func TestDraftsRunOnRealFiles(t *testing.T) {
	const largest = 300_000
	var files []string
	for _, root := range []string{"../../shared/data", "../../shared/cases/files", "../survey/ingest/testdata", "../survey/ingest/platform/testdata"} {
		_ = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return nil
			}
			if info, err := entry.Info(); err == nil && info.Size() <= largest && !strings.Contains(path, "fuzz") {
				switch filepath.Ext(path) {
				case ".csv", ".tsv", ".xlsx", ".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt", ".parquet":
					files = append(files, path)
				}
			}
			return nil
		})
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			copied := filepath.Join(t.TempDir(), filepath.Base(file))
			if err := os.WriteFile(copied, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := runDraft(copied, true); err != nil {
				t.Error(err)
			}
		})
	}
}
