package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey"
)

const themed = `surveykit: study/1
title: A client's look
data: [{file: one.csv}]
tables: [{id: q, rows: [q]}]
output:
  theme: {colours: ["#003366", "#B85C00"], positive: "#003366", negative: "#B85C00", font: Source Sans 3, logo: brand/logo.svg}
`

func loadThemed(t *testing.T, text string, lay func(folder string)) (*survey.Study, error) {
	t.Helper()
	path := writeStudy(t, text)
	lay(filepath.Dir(path))
	study, _, err := Load(path, nil, func(survey.DataFile) (*survey.Table, error) { return wave(), nil })
	return study, err
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestThemeIsLoaded(t *testing.T) {
	const logo = `<svg viewBox="0 0 3 1"/>`
	study, err := loadThemed(t, themed, func(folder string) { put(t, filepath.Join(folder, "brand/logo.svg"), logo) })
	if err != nil {
		t.Fatal(err)
	}
	if got := study.Output.Theme; len(got.Colours) != 2 || got.Font != "Source Sans 3" || string(got.LogoData) != logo {
		t.Errorf("got %+v", got)
	}
}

// All faults of the colours and the path are told at once, at their place.
func TestThemeFaults(t *testing.T) {
	text := strings.NewReplacer(`"#B85C00"],`, `"#FFEE00", "#003366", "red", "#444444"],`, "brand/logo.svg", "../logo.svg").Replace(themed)
	_, _, err := Parse([]byte(text), "study.yaml")
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"too light", "not a colour", "twice", "lists 5 colours", "outside the study's folder", "study.yaml:6:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}
}

func TestLogoFaults(t *testing.T) {
	for want, lay := range map[string]func(string){
		"no such file": func(string) {},
		"neither PNG":  func(folder string) { put(t, filepath.Join(folder, "brand/logo.svg"), "<p>logo</p>") },
		"1 MB":         func(folder string) { put(t, filepath.Join(folder, "brand/logo.svg"), strings.Repeat("x", maxLogo+1)) },
		"escapes": func(folder string) {
			outside := filepath.Join(t.TempDir(), "logo.svg")
			put(t, outside, `<svg viewBox="0 0 3 1"/>`)
			put(t, filepath.Join(folder, "brand/other"), "")
			if err := os.Symlink(outside, filepath.Join(folder, "brand/logo.svg")); err != nil {
				t.Skip("no symbolic links here:", err)
			}
		},
	} {
		if _, err := loadThemed(t, themed, lay); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ":6:") {
			t.Errorf("%v\ndoes not say %q at line 6", err, want)
		}
	}
}
