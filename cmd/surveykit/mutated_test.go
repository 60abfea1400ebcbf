package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"surveykit/datasets"
	"surveykit/datasets/simulate"
	"surveykit/reports"
	"surveykit/survey"
)

// TestRunAcceptsWhatValidateAccepts changes valid studies at random and holds
// validate and run to each other: what validate accepts, run can make every
// table and file of, and what it refuses it refuses with problems that name their
// line. SURVEYKIT_MUTATIONS is the number of studies, 40 where it is absent.
func TestRunAcceptsWhatValidateAccepts(t *testing.T) {
	cases := 40
	if n, err := strconv.Atoi(os.Getenv("SURVEYKIT_MUTATIONS")); err == nil {
		cases = n
	}
	dir := t.TempDir()
	studies := mutable(t, dir)
	for name, text := range studies {
		if name == "founding" {
			continue // it is large, and the demo runs it
		}
		if problems, err := examineAndRun(t, dir, text); err != nil || len(problems) > 0 {
			t.Fatalf("%s, unchanged: %v %v", name, problems, err)
		}
	}
	names := slices.Repeat([]string{"tables", "replicates", "tables", "segments", "tables"}, 4)
	names[7] = "founding"
	accepted := 0
	for i := range cases {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			r := rand.New(rand.NewPCG(24, uint64(i)))
			name := names[i%len(names)]
			changes, text := mutated(t, r, studies[name])
			problems, err := examineAndRun(t, dir, text)
			if err != nil {
				t.Errorf("%s: %s: %v", name, strings.Join(changes, "; "), err)
			}
			if len(problems) > 0 {
				t.Logf("%s: %s: %v", name, strings.Join(changes, "; "), problems[0])
			} else {
				accepted++
			}
		})
	}
	if accepted < cases/20 || accepted > cases*3/4 {
		t.Errorf("%d of %d changed studies are valid: the changes are too small or too great", accepted, cases)
	}
}

// examineAndRun validates a study and, where it is valid, makes all of its files
// in memory. The error says what validate and run may not do.
func examineAndRun(t *testing.T, dir string, text []byte) (survey.Problems, error) {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(dir, "study.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := reports.Validate(ctx, path, reports.Options{})
	var problems survey.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			if p.Message == "" || p.File == path && p.Line == 0 && !strings.HasSuffix(p.Message, "more problems are not shown") {
				return problems, fmt.Errorf("a problem without a message or a line: %#v", p)
			}
		}
		return problems, nil
	}
	if err != nil {
		return nil, fmt.Errorf("validate ends with %w", err)
	}
	report, err := v.Report(ctx)
	if err != nil {
		return nil, fmt.Errorf("run refuses what validate accepts: %w", err)
	}
	for _, w := range report.Book.Warnings {
		k := slices.IndexFunc(v.Study.Tables, func(s survey.TableSpec) bool { return s.ID == w.Value })
		// Columns that are left out for their bases may be those that a chart needs.
		if w.Code == survey.NoticeUndrawable && !slices.ContainsFunc(v.Warnings(), func(told survey.Notice) bool { return told.Code == w.Code && told.Value == w.Value }) && (k < 0 || v.Study.Tables[k].SmallColumns == "") {
			return nil, fmt.Errorf("run leaves out a chart that validate accepts: %s", w.Text)
		}
	}
	if _, err := report.Files(ctx); err != nil {
		return nil, fmt.Errorf("run cannot write what validate accepts: %w", err)
	}
	return nil, nil
}

// mutable are valid studies by name; their files are in dir.
func mutable(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	s, err := simulate.Simulate(simulate.Options{Respondents2008: simulate.MinimumRespondents, Respondents2011: simulate.MinimumRespondents})
	if err == nil {
		err = s.Save(dir)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "people.csv"), people(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	studies := map[string][]byte{"founding": datasets.FoundingStudy()}
	for _, name := range []string{"tables", "segments", "replicates", "rake"} {
		if studies[name], err = os.ReadFile("testdata/mutated/" + name + ".yaml"); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "rake.yaml"), studies["rake"], 0o600); err != nil {
		t.Fatal(err)
	}
	delete(studies, "rake")
	return studies
}

// people are the answers of 300 made-up people.
func people() []byte {
	r := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	b.WriteString("w,stratum,psu,wave,consents,mail,sex,place,age,news,ads,games,tv,radio,web,liked,often,spend,why,rw1,rw2,rw3,rw4\n")
	for i := range 300 {
		opinion := func() int {
			if r.IntN(20) == 0 {
				return 8 + r.IntN(2)
			}
			return 1 + r.IntN(5)
		}
		place := 1 + r.IntN(3)
		if r.IntN(60) == 0 {
			place = 4
		}
		why := []string{"too dear", "Too dear", "spam", "", "no time"}[r.IntN(5)]
		fmt.Fprintf(&b, "%.2f,%d,%d,%d,%d,a%d@b.example,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%.1f,%s", 0.5+r.Float64(), i%3, i%12, 1+i%9/3, min(1, r.IntN(50)), i,
			1+r.IntN(2), place, 18+r.IntN(60), opinion(), opinion(), opinion(), r.IntN(2), r.IntN(2), r.IntN(2), 1+r.IntN(3), 1+r.IntN(3), 1+10*r.Float64(), why)
		for k := range 4 {
			if i%4 == k {
				b.WriteString(",0")
			} else {
				b.WriteString(",1.33")
			}
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// spot is a value of a study, and how to put another in its place.
type spot struct {
	value any
	set   func(any)
	drawn bool // part of a chart
}

// spots are a value and all within it.
func spots(value any, set func(any)) []spot {
	all := []spot{{value: value, set: set}}
	switch v := value.(type) {
	case yaml.MapSlice:
		for i := range v {
			inside := spots(v[i].Value, func(x any) { v[i].Value = x })
			for k := range inside {
				inside[k].drawn = inside[k].drawn || v[i].Key == "chart"
			}
			all = append(all, inside...)
		}
	case []any:
		for i := range v {
			all = append(all, spots(v[i], func(x any) { v[i] = x })...)
		}
	}
	return all
}

// oddValues are of wrong types, of names that are none, or outside of ranges.
var oddValues = []any{
	nil, true, false, "", " ", "none", []any{}, []any{[]any{}}, yaml.MapSlice{}, yaml.MapSlice{{Key: "a", Value: 1}}, -1, 0, 1, 2, 3, 7, 100, 1e9, 0.5, -0.5, 1e-300, 1e300,
	"Total", "{", "{a|b}", "{Good|Total}", "q == ", "age", "age > 200", "age > 0", "sex == 1", "news:scale", "news:nominal", "why", "1-3", "99+", "95%",
	"all", "opinions", "media", "$media", "kind", "w", "wave", "rw*", "../x.csv", "#12345", "percent", "mean",
}

// mutated is a study with one or two changes at random, and what they are.
func mutated(t *testing.T, r *rand.Rand, text []byte) (changes []string, out []byte) {
	t.Helper()
	parsed := func() any {
		var tree yaml.MapSlice
		if err := yaml.UnmarshalWithOptions(text, &tree, yaml.UseOrderedMap()); err != nil {
			t.Fatal(err)
		}
		return tree
	}
	root := parsed()
	for range 1 + r.IntN(3)/2 {
		all := spots(root, func(x any) { root = x })
		at := all[1+r.IntN(len(all)-1)]
		// Charts are a small part of a study, and the last that run makes.
		charts := slices.DeleteFunc(slices.Clone(all), func(s spot) bool { return !s.drawn })
		if len(charts) > 0 && r.IntN(4) == 0 {
			at = charts[r.IntN(len(charts))]
		}
		others := spots(parsed(), nil) // of their own, so that no value comes to hold itself
		other := others[1+r.IntN(len(others)-1)]
		before := at.value
		after, how := changed(r, before, other.value, names(all))
		at.set(after)
		changes = append(changes, fmt.Sprintf("%s: %.200s → %.200s", how, fmt.Sprint(before), fmt.Sprint(after)))
	}
	out, err := yaml.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return changes, quotedNumber.ReplaceAll(out, []byte("$1$2:"))
}

// quotedNumber is a code at the head of a line: read as a key it became text.
var quotedNumber = regexp.MustCompile(`(?m)^([ -]*)"([0-9]+)":`)

// names are the keys of a study.
func names(all []spot) (keys []any) {
	for _, s := range all {
		if m, ok := s.value.(yaml.MapSlice); ok {
			for _, item := range m {
				keys = append(keys, item.Key)
			}
		}
	}
	return keys
}

// changed is a value in another way: one of its parts gone, doubled, renamed or
// moved, or something else in its place.
func changed(r *rand.Rand, value, other any, keys []any) (after any, how string) {
	if r.IntN(3) > 0 {
		switch v := value.(type) {
		case yaml.MapSlice:
			if len(v) > 0 {
				return changedMap(r, slices.Clone(v), other, keys)
			}
		case []any:
			if len(v) > 0 {
				return changedList(r, slices.Clone(v), other)
			}
		case string:
			if r.IntN(2) == 0 && len(v) > 1 {
				return changedText(r, v, other)
			}
		}
	}
	var kinds []any
	for _, k := range survey.ChartKinds {
		kinds = append(kinds, string(k.Kind))
	}
	if name, ok := value.(string); ok && slices.Contains(kinds, any(name)) && r.IntN(2) == 0 {
		return kinds[r.IntN(len(kinds))], "another kind of chart"
	}
	switch r.IntN(4) {
	case 0:
		return oddValues[r.IntN(len(oddValues))], "an odd value"
	case 1:
		return []any{value}, "in a list"
	default:
		return other, "another value of the study"
	}
}

func changedMap(r *rand.Rand, m yaml.MapSlice, other any, keys []any) (any, string) {
	i := r.IntN(len(m))
	switch r.IntN(5) {
	case 0, 1:
		return slices.Delete(m, i, i+1), "a key gone"
	case 2:
		return append(m, m[i]), "a key twice"
	case 3:
		m[i].Key = keys[r.IntN(len(keys))]
		return m, "a key renamed"
	default:
		return append(m, yaml.MapItem{Key: keys[r.IntN(len(keys))], Value: other}), "a key more"
	}
}

func changedList(r *rand.Rand, l []any, other any) (any, string) {
	i, j := r.IntN(len(l)), r.IntN(len(l))
	switch r.IntN(5) {
	case 0:
		return []any{}, "an empty list"
	case 1:
		return slices.Delete(l, i, i+1), "an item gone"
	case 2:
		return append(l, l[i]), "an item twice"
	case 3:
		l[i], l[j] = l[j], l[i]
		return l, "items exchanged"
	default:
		return append(l, other), "an item more"
	}
}

func changedText(r *rand.Rand, s string, other any) (any, string) {
	words := strings.Fields(s)
	i := r.IntN(len(s))
	switch r.IntN(3) {
	case 0:
		return s[:i] + s[i+1:], "a letter gone"
	case 1:
		if len(words) > 1 {
			words[r.IntN(len(words))] = fmt.Sprint(other)
			return strings.Join(words, " "), "a word replaced"
		}
		return s + s, "a word twice"
	default:
		return s[:i] + "x" + s[i:], "a letter more"
	}
}
