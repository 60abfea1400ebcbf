package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"surveykit/datasets/reference"
	"surveykit/survey/study"
)

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")
	// fileBlock is a YAML block whose first line is a comment with a file's name.
	fileBlock = regexp.MustCompile("(?s)```yaml\n# ([a-z]+\\.yaml)\n(.*?)```")
)

// TestReadme runs every console block of the README, in order and in one
// folder, and holds what it prints against the text.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	runConsole(t, string(text), "exec surveykit demo\n", 5) // the first block builds on the demo
}

// Studies that the README shows are sound.
func TestReadmeStudies(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	studies := regexp.MustCompile("(?s)```yaml\n(surveykit: study/.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(studies) == 0 {
		t.Error("there are none")
	}
	for _, found := range studies {
		if _, _, err := study.Parse([]byte(found[1]), "README.md"); err != nil {
			t.Error(err)
		}
	}
}

// runConsole runs the console blocks of a document, after a first command and
// with the files that it shows, and holds what they print against the text. A
// document with fewer commands than expected has lost some.
func runConsole(t *testing.T, text, script string, least int) {
	t.Helper()
	var golden strings.Builder
	commands := 0
	for _, block := range consoleBlock.FindAllStringSubmatch(text, -1) {
		for _, step := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			command, output, _ := strings.Cut(step, "\n")
			if output != "" && !strings.HasSuffix(output, "\n") {
				output += "\n"
			}
			commands++
			script += fmt.Sprintf("exec %s\ncmp stdout out%d\n", command, commands)
			fmt.Fprintf(&golden, "-- out%d --\n%s", commands, output)
		}
	}
	for _, file := range fileBlock.FindAllStringSubmatch(text, -1) {
		fmt.Fprintf(&golden, "-- %s --\n%s", file[1], file[2])
	}
	if commands < least {
		t.Fatalf("only %d commands found", commands)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "document.txtar"), []byte(script+golden.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: func(e *testscript.Env) error {
		b, err := reference.File("twostage.csv")
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(e.WorkDir, "wave.csv"), b, 0o600)
	}})
}

// TestReadmeChart holds the picture that the README shows against what the
// demo draws.
func TestReadmeChart(t *testing.T) {
	dir := t.TempDir()
	var out, messages bytes.Buffer
	if status := Main(t.Context(), []string{"demo", "-o", dir}, &out, &messages); status != exitDone {
		t.Fatalf("exit status %d: %s", status, messages.String())
	}
	drawn, err := os.ReadFile(filepath.Join(dir, "results", "charts", "concern.svg"))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := os.ReadFile("../../datasets/founding/concern.svg")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(drawn, shown) {
		t.Error("datasets/founding/concern.svg is not what the demo draws: copy demo/results/charts/concern.svg there")
	}
}
