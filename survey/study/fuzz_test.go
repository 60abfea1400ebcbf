package study

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey"
)

// Whatever the bytes are, Parse gives a study or problems with their place,
// and never panics; Annotate finds a place for every path.
func FuzzParse(f *testing.F) {
	f.Add([]byte(everyNotation))
	for _, seed := range []string{"a: &a [*a]", "<<: {a: b}", "[[", "? a\n: b", "a: !!str 5", "\ufeffa:", "a: |\n x", "- - -", "a: 1\n---\n", "{1: x, 1.0: y}"} {
		f.Add([]byte(seed))
	}
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		study, source, err := Parse(data, "study.yaml")
		var problems survey.Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0 || study != nil) {
			t.Fatalf("study %v, error %v", study, err)
		}
		if err == nil && len(study.Tables) == 0 {
			t.Fatal("a study without tables was accepted")
		}
		for _, p := range problems {
			if strings.Contains(p.Message, "cannot be parsed as YAML") {
				t.Fatalf("Parse was saved from a panic: %v", p)
			}
		}
		if source != nil {
			source.Annotate(string(data), survey.Problem{})
		}
	})
}
