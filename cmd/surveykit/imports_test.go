package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms lists what each room may import of ours: imports run one way,
// cmd → reports → survey/* → survey → stats, and datasets is a leaf.
var rooms = map[string][]string{
	"stats":                   {},
	"stats/":                  {"stats", "stats/"},
	"survey":                  {"survey/near", "survey/pattern"},
	"survey/near":             {},
	"survey/pattern":          {},
	"survey/engine":           {"stats", "survey", "survey/expression"}, // queries name columns in its words
	"survey/prepare":          {"survey", "survey/"},
	"survey/tabulate":         {"stats", "stats/", "survey", "survey/"},
	"survey/tabulate/letters": {"stats", "survey"},
	"survey/tabulate/protect": {"survey", "survey/engine", "survey/quality", "survey/tabulate/letters"},
	"survey/":                 {"stats", "stats/", "survey", "survey/"},
	"reports":                 {"stats", "stats/", "survey", "survey/", "reports/"},
	"reports/":                {"stats", "stats/", "survey", "survey/", "reports/"},
	"datasets":                {"datasets"},
	"datasets/":               {"datasets/"},
	"cmd/":                    {"stats", "stats/", "survey", "survey/", "reports", "reports/", "datasets", "datasets/"},
}

// never are imports that a room rules out although its row allows the folder.
var never = map[string][]string{
	"survey/engine": {"survey/ingest"}, // the engine touches respondents, not files
	"reports/":      {"survey/ingest"}, // only the door opens data files
	"survey/":       {"reports/"},
	// Package analysis lists the analyses; what reads and makes a study names none.
	"survey/prepare":  {"survey/analysis", "survey/tabulate"},
	"survey/tabulate": {"survey/analysis", "survey/prepare"},
	// The command line computes nothing that a number depends on: it gets samples,
	// tables and reports from the door, so that a library user gets the same.
	"cmd/": {
		"stats/parallel", "survey/engine", "survey/expression", "survey/fence", "survey/ingest", "survey/prepare", "survey/privacy", "survey/study",
		"survey/tabulate", "survey/weighting", "survey/yamltree",
		"reports/book", "reports/html", "reports/markdown", "reports/slides", "reports/typing", "reports/wording", "reports/workbook",
	},
}

func TestImportsRunOneWay(t *testing.T) {
	for pkg, imports := range packageImports(t, "../..") {
		room := roomOf(pkg)
		allowed, ok := rooms[room]
		if !ok {
			t.Errorf("%s is in no room: give it a row in ARCHITECTURE.md and here", pkg)
		}
		for _, path := range imports {
			if !allows(allowed, path) || slices.ContainsFunc(never[room], func(no string) bool { return strings.HasPrefix(path, no) }) {
				t.Errorf("%s imports %s: imports run cmd → reports → survey/* → survey → stats, and cmd computes nothing", pkg, path)
			}
		}
	}
}

// roomOf is the most particular row for a package.
func roomOf(pkg string) string {
	if _, ok := rooms[pkg]; ok {
		return pkg
	}
	first, _, _ := strings.Cut(pkg, "/")
	return first + "/"
}

func allows(allowed []string, path string) bool {
	for _, a := range allowed {
		if a == path || strings.HasSuffix(a, "/") && strings.HasPrefix(path, a) {
			return true
		}
	}
	return false
}

// packageImports lists the module's own imports of each package outside tests.
func packageImports(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		found[pkg] = append(found[pkg], nil...)
		for _, i := range f.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(name, "surveykit/"); ok {
				found[pkg] = append(found[pkg], ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 5 {
		t.Fatalf("only %d packages found under %s", len(found), root)
	}
	return found
}
