package study

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest"
)

// planted are values that no trace may be left of: they stand in dropped
// columns or in rows without consent.
var planted = []string{"ada.planted@example.org", "kim.planted@example.org", "203.0.113.77", "planted answer of a person without consent"}

func plantedStudy(t *testing.T, privacy string) string {
	t.Helper()
	dir := t.TempDir()
	data := "agreed,email,ip,comment,q1\nyes," + planted[0] + "," + planted[2] + ",fine,1\nyes,other@example.org,203.0.113.78,good,2\nno," + planted[1] + ",203.0.113.79," + planted[3] + ",1\n"
	text := "surveykit: study/1\ntitle: Planted\ndata:\n  - file: data.csv\nprivacy:\n" + privacy + "tables:\n  - {id: t, rows: [q1]}\n"
	for name, content := range map[string]string{"data.csv": data, "study.yaml": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "study.yaml")
}

func openFile(d survey.DataFile) (*survey.Table, error) { return ingest.Open(d.File, ingest.Options{}) }

// A dump of the whole heap right after a study was loaded holds nothing that
// its privacy section left out, and holds it where there is no such section.
func TestDroppedLeavesNoTraceInMemory(t *testing.T) {
	path := plantedStudy(t, "  drop: [email, ip]\n  consent: agreed == 'yes'\n")
	_, table, err := Load(path, nil, openFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range planted {
		if heapHolds(t, secret) {
			t.Errorf("%q is still in memory", secret)
		}
	}
	runtime.KeepAlive(table)
	if table.Rows != 2 || strings.Join(table.Names(), " ") != "agreed comment q1" {
		t.Errorf("%d rows of %v", table.Rows, table.Names())
	}
	_, table, err = Load(plantedStudy(t, "  drop: []\n"), nil, openFile)
	if err != nil {
		t.Fatal(err)
	}
	if !heapHolds(t, planted[3]) {
		t.Error("a dump does not show what is in memory: the test above would pass for any program")
	}
	runtime.KeepAlive(table)
}

// heapHolds dumps all objects that are alive and looks for a text among them.
func heapHolds(t *testing.T, secret string) bool {
	t.Helper()
	debug.FreeOSMemory()
	f, err := os.Create(filepath.Join(t.TempDir(), "heap"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	debug.WriteHeapDump(f.Fd())
	dump, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	found := bytes.Contains(dump, []byte(secret))
	clear(dump)
	return found
}

func TestPrivacyProblemsHaveTheirPlace(t *testing.T) {
	for privacy, want := range map[string]string{
		"  drop: [email, ipp]\n":         `study.yaml:6:17: there is no column "ipp" to drop; did you mean ip?`,
		"  consent: agred == 'yes'\n":    "study.yaml:6:12: ",
		"  consent: agreed == 'maybe'\n": "its categories are 'yes', 'no'",
		"  consent: agreed == 1\n":       "holds text",
		"  drop: email\n":                "it must be a list",
		"  dropp: [email]\n":             `did you mean drop?`,
		"  consent: q1 > 7\n":            "no row has consent",
		"  drop: [q1]\n":                 `the study drops "q1"`,
		"  consent: q1\n":                "not a condition",
	} {
		_, _, err := Load(plantedStudy(t, privacy), nil, openFile)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\ndoes not say %s", privacy, err, want)
		}
	}
}

// A reader's problem in a dropped column does not show its value.
func TestProblemsOfDroppedColumnsAreUnquoted(t *testing.T) {
	_, _, err := Load(plantedStudy(t, "  drop: [email]\n"), nil, func(survey.DataFile) (*survey.Table, error) {
		return nil, survey.Problems{{Variable: "email", Value: planted[0], Row: 1, Message: "bad"}, {Variable: "q1", Value: "x", Message: "bad"}}
	})
	if err == nil || strings.Contains(err.Error(), planted[0]) || !strings.Contains(err.Error(), `value "x"`) {
		t.Errorf("got %v", err)
	}
}
