package spec

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"surveykit/survey"

	"github.com/google/go-cmp/cmp"
)

// read reads a text into a tree, with a check or none.
func read(text string, check func(root *Node) []Fault) (*Tree, error) {
	f := &Format{Name: "thing", Begin: "begin it", Split: "split the thing", Check: check}
	tree, faults := f.parse([]byte(text), "a.yaml")
	if err := tree.Problems(faults).Err(); err != nil {
		return nil, err
	}
	return tree, nil
}

// The bounds turn files made to exhaust memory or stack into plain faults.
func TestHostileFilesAreRefused(t *testing.T) {
	bomb := "a0: &a0 [x, x]\n"
	for i := 1; i < 80; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	indented, keys, questions := "", strings.Builder{}, strings.Builder{}
	for i := range 1000 {
		indented += strings.Repeat(" ", i) + "a:\n"
	}
	for i := range maxKeys + 1 {
		fmt.Fprintf(&keys, "k%d: 0\n", i)
		fmt.Fprintf(&questions, "? k%d\n", i)
	}
	cases := map[string]struct{ data, says string }{
		"alias bomb":      {bomb, "more than 200000 values"},
		"own alias":       {"a: &a [*a]\n", "the anchor &a is not defined above"},
		"brackets":        {strings.Repeat("[", 100_000), "nested too deeply; a thing needs fewer than 64 levels"},
		"braces":          {"a: " + strings.Repeat("{a: ", 100_000), "nested too deeply"},
		"dashes":          {strings.Repeat("- ", 100_000), "nested too deeply"},
		"questions":       {strings.Repeat("? ", 100_000), "nested too deeply"},
		"tags":            {strings.Repeat("!a ", 100_000), "nested too deeply"},
		"anchors":         {strings.Repeat("&a ", 100_000), "nested too deeply"},
		"indentation":     {indented, "nested too deeply"},
		"many values":     {"a: [" + strings.Repeat("x,", 200_000) + "]", "more than 200000 values"},
		"many keys":       {keys.String(), "more than 30000 keys; split the thing"},
		"keys by ?":       {questions.String(), "more than 30000 keys"},
		"long text":       {"a: " + strings.Repeat("x", maxText+1), "a.yaml:1:4: a text is longer than 10000 bytes"},
		"too long":        {strings.Repeat("# comment\n", 200_000), "the thing is longer than 1 MiB; give a thing, not a data file"},
		"not text":        {"$FL2@(#)\x00", "a.yaml:1:9: the text holds a NUL byte; give a thing, not a data file"},
		"latin-1":         {"title: Gr\xfc\xdfe", "a.yaml:1:10: the text is not UTF-8"},
		"empty":           {"", "the thing is empty; begin it"},
		"only comments":   {"# nothing\n", "the thing is empty"},
		"two documents":   {"a: 1\n---\nb: 2\n", "a second YAML document begins here"},
		"tabs":            {"a:\n\tb: 1\n", "this is not valid YAML"},
		"open bracket":    {"title: [a, b\ndata: c\n", "this is not valid YAML"},
		"open quote":      {"title: 'a\n", "this is not valid YAML"},
		"one key twice":   {"1: a\n1.0: b\n", "a.yaml:2:1: the key \"1.0\" is already in line 1; keep one of them"},
		"a list as a key": {"{[a, b]: c}", "this is not valid YAML"},
		"no key":          {"a: 1\nnull: 2", "a.yaml:2:1: a key must be a single word, number or text; put it in quotes"},
		"merge key":       {"a: &a {b: 1}\nc: {<<: *a}", "merge keys (<<) are not supported; write the keys out"},
		"tag":             {"a: !!str 5", "tags such as !!str are not supported"},
	}
	for name, c := range cases {
		tree, err := read(c.data, nil)
		var problems survey.Problems
		if !errors.As(err, &problems) || tree != nil {
			t.Errorf("%s: got %v, want problems", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %.300q does not say %q", name, err, c.says)
		}
		for _, p := range problems {
			if p.File != "a.yaml" || len(p.Excerpt) > 1000 {
				t.Errorf("%s: file %q, excerpt of %d bytes", name, p.File, len(p.Excerpt))
			}
		}
	}
}

// Faults of the text and of the check stand together in the file's order; a
// problem of another file is shown as it is, and a panic is a problem.
func TestFaultsOfTheCheck(t *testing.T) {
	_, err := read("a: 1\na: 2\nb: 3\n", func(root *Node) []Fault {
		last := root.Find("b").Value.At
		return []Fault{last.Fault(survey.Problem{Message: "late"}), last.Fault(survey.Problem{File: "b.csv", Row: 2, Message: "elsewhere"}), root.At.Fault(survey.Problem{Message: "early"})}
	})
	want := "a.yaml:1:1: early\n     1 | a: 1\n       | ^\n" +
		"a.yaml:2:1: the key \"a\" is already in line 1; keep one of them\n     1 | a: 1\n     2 | a: 2\n       | ^\n" +
		"a.yaml:3:4: late\n     2 | a: 2\n     3 | b: 3\n       |    ^\n" +
		"b.csv: row 2: elsewhere"
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant\n%s", err, want)
	}
	_, err = read("a: 1", func(*Node) []Fault { panic("oh") })
	if err == nil || !strings.Contains(err.Error(), "a.yaml: this cannot be parsed as YAML: oh; check quotes") {
		t.Error(err)
	}
}

// People are shown a hundred faults, and how many more there are.
func TestManyFaults(t *testing.T) {
	_, err := read("a", func(root *Node) []Fault { return make([]Fault, maxShown+7) })
	problems, _ := err.(survey.Problems)
	if len(problems) != maxShown+1 || !strings.Contains(problems[maxShown].Message, "7 more problems") {
		t.Errorf("%d problems", len(problems))
	}
}

// What an expression shows of itself is nearer to the fault than its line.
func TestMarkKeepsAnExcerpt(t *testing.T) {
	tree := &Tree{Path: "a.yaml", lines: []string{"a: b"}}
	got := tree.Mark(Place{1, 4}, survey.Problem{Excerpt: "q1 = 2\n   ^"})
	if got.Excerpt != "q1 = 2\n   ^" || got.Line != 1 || got.Column != 4 || got.File != "a.yaml" {
		t.Errorf("got %+v", got)
	}
}

// The caret stands under its character after letters that take several bytes,
// after tabs, and in lines too long to show.
func TestCaret(t *testing.T) {
	tree := &Tree{lines: []string{"größe: x", "a:\t\tx", strings.Repeat("ü", 300) + "X" + strings.Repeat("y", 300), "  gender: {label: \"性別\", mesure: x}"}}
	for _, c := range []struct {
		at   Place
		want string
	}{
		{Place{1, 8}, "     1 | größe: x\n       |        ^\n"},
		{Place{2, 5}, "     1 | größe: x\n     2 | a:\t\tx\n       |   \t\t^\n"},
		{Place{3, 301}, "     2 | a:\t\tx\n     3 | " + strings.Repeat("ü", 49) + "X" + strings.Repeat("y", 50) + "\n       | " + strings.Repeat(" ", 49) + "^\n"},
		{Place{4, 25}, "     3 | " + strings.Repeat("ü", 100) + "\n     4 |   gender: {label: \"性別\", mesure: x}\n       | " + strings.Repeat(" ", 26) + "^\n"},
		{Place{5, 1}, ""},
	} {
		if diff := cmp.Diff(c.want, tree.excerpt(c.at)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.at, diff)
		}
	}
}

// Each notation becomes its form and text at its place, and the plain value
// that encoding/json would have given.
func TestTree(t *testing.T) {
	tree, err := read("\ufefftext: &t \"1\"\r\nlist: [007, 1e3, *t, TRUE, ~]\n? long\n: |\n  two\n  lines\n2.0: {.5: yes}\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"text": "1", "list": []any{"007", 1000.0, "1", true, nil}, "long": "two\nlines\n", "2": map[string]any{"0.5": "yes"}}
	if diff := cmp.Diff(want, tree.Root.Plain()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var at []Place
	for _, e := range tree.Root.Entries {
		at = append(at, e.Key.At, e.Value.At, e.Place())
	}
	for _, n := range tree.Root.ItemsOf("list") {
		at = append(at, n.At, Entry{Value: n}.Place())
	}
	wanted := []Place{{1, 1}, {1, 10}, {1, 10}, {2, 1}, {2, 7}, {2, 1}, {3, 3}, {4, 3}, {4, 3}, {7, 1}, {7, 6}, {7, 1},
		{2, 8}, {2, 8}, {2, 13}, {2, 13}, {1, 10}, {1, 10}, {2, 22}, {2, 22}, {2, 28}, {2, 28}}
	if diff := cmp.Diff(wanted, at); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// Whatever the bytes are, Read gives a tree or problems, without being saved
// from a panic, and every value has a place in the text.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: &a [*a]", "<<: {a: b}", "[[", "? a\n: b", "a: !!str 5", "\ufeffa:", "a: |\n x", "- - -", "a: 1\n---\n", "{1: x, 1.0: y}", "? {}", "{\"a\": [1, null]}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := read(string(data), nil)
		if (tree == nil) == (err == nil) || err != nil && strings.Contains(err.Error(), "cannot be parsed as YAML") {
			t.Fatalf("tree %v, error %v", tree, err)
		}
		if tree != nil {
			inText(t, tree, tree.Root)
		}
	})
}

func inText(t *testing.T, tree *Tree, n *Node) {
	if n.At.Line < 1 || n.At.Line > len(tree.lines) || n.At.Column < 1 {
		t.Fatalf("a value at %v of %d lines", n.At, len(tree.lines))
	}
	for _, item := range n.Items {
		inText(t, tree, item)
	}
	for _, e := range n.Entries {
		inText(t, tree, e.Key)
		inText(t, tree, e.Value)
	}
}
