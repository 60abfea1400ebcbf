package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unitOf is a printed unit by its name.
func unitOf(t *testing.T, printed, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(printed, "# /etc/systemd/system/"+name+"\n")
	if !ok {
		t.Fatalf("there is no %s in:\n%s", name, printed)
	}
	unit, _, _ := strings.Cut(rest, "\n# /etc/systemd/")
	unit, _, _ = strings.Cut(unit, "\n# or one")
	return unit
}

// installed prints the units of a jobs file in a folder of a name.
func installed(t *testing.T, folder string) (printed, jobs string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), folder)
	jobs = filepath.Join(dir, "jobs.yaml")
	text := "surveykit: jobs/1\nfolder: ../reports 100%\njobs: [{name: a, study: s, input: {files: '*.csv', append_to: ../$waves}}, {name: b, study: s, schedule: '@daily', input: {files: '*.csv', append_to: waves}}]\n"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(jobs, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if status := Main(t.Context(), []string{"schedule", "install", jobs, "--print"}, &out, &out); status != exitDone {
		t.Fatalf("%s", out.String())
	}
	return out.String(), jobs
}

// oddFolders are names that shells, crontabs and units read in ways of their own.
var oddFolders = []string{"plain", "two words", "100%", "it's", `say "so"`, "$HOME", "`id`", "a;b", `back\slash`, "größe", "*"}

// Cron turns \% into %, cuts the line at a bare one, and hands it to the shell:
// the words arrive as they are.
func TestCrontabLine(t *testing.T) {
	for _, folder := range oddFolders {
		printed, jobs := installed(t, folder)
		line := regexp.MustCompile(`(?m)^\*/5 \* \* \* \* (.*)$`).FindStringSubmatch(printed)
		if line == nil {
			t.Fatalf("no line for cron in:\n%s", printed)
		}
		const mark = "\x00"
		command, rest, cut := strings.Cut(strings.ReplaceAll(line[1], `\%`, mark), "%")
		if cut {
			t.Errorf("%s: cron ends the line before %q", folder, rest)
		}
		_, arguments, _ := strings.Cut(strings.ReplaceAll(command, mark, "%"), " ")
		got, err := exec.Command("sh", "-c", `printf '%s\n' `+arguments).Output()
		if want := fmt.Sprintf("schedule\nrun\n%s\n--due\n", jobs); err != nil || string(got) != want {
			t.Errorf("%s: the shell reads %q, %v, want %q", folder, got, err, want)
		}
	}
}

// The units are sound for systemd, where it is there to say so, keep the service
// to the folders that it needs, and do not run it as whoever installs it.
func TestUnits(t *testing.T) {
	for _, folder := range oddFolders {
		printed, jobs := installed(t, folder)
		dir := t.TempDir()
		for _, name := range []string{"surveykit.service", "surveykit.timer", "surveykit-serve.service"} {
			unit := unitOf(t, printed, name)
			if err := os.WriteFile(filepath.Join(dir, name), []byte(unit), 0o600); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".timer") {
				continue
			}
			for _, want := range []string{"\nUser=", "\nNoNewPrivileges=yes", "\nProtectSystem=strict", "\nPrivateTmp=yes", "\nCapabilityBoundingSet=\n"} {
				if !strings.Contains(unit, want) {
					t.Errorf("%s has no %s", name, want)
				}
			}
			// The folders of the ledger and of the one history that lie elsewhere.
			top := strings.ReplaceAll(filepath.Dir(filepath.Dir(jobs)), "%", "%%")
			if paths := regexp.MustCompile(`ReadWritePaths=(.*)`).FindString(unit); !strings.Contains(paths, ` "`+top+`/reports 100%%" `+top+`/$waves`) || strings.Contains(paths, "/waves") {
				t.Errorf("%s may write to %s", name, paths)
			}
		}
		if _, err := exec.LookPath("systemd-analyze"); err != nil {
			continue
		}
		said, err := exec.Command("systemd-analyze", "verify", "--recursive-errors=no", filepath.Join(dir, "surveykit.service"), filepath.Join(dir, "surveykit-serve.service"), filepath.Join(dir, "surveykit.timer")).CombinedOutput()
		if text := strings.ReplaceAll(string(said), "surveykit-serve", "surveykit"); err != nil || strings.Contains(text, "surveykit.service:") {
			t.Errorf("%s: systemd says: %v %s", folder, err, said)
		}
	}
}
