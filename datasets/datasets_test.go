package datasets

import (
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"surveykit/datasets/simulate"
)

// study is what these tests read of a study file.
type study struct {
	Title, Subtitle string
	Synthetic       bool
	Data            []struct{ File string }
	Variables       map[string]struct {
		Codes   numbered
		Missing numbered
	}
	Groups     []struct{ Items []string }
	Sets       []struct{ Variables []string }
	Tables     []struct{ ID string }
	Disclosure map[string]string
}

// numbered are labels of numbers; those of texts are left out.
type numbered map[float64]string

func (n *numbered) UnmarshalYAML(text []byte) error {
	var labels map[any]string
	if err := yaml.Unmarshal(text, &labels); err != nil {
		return err
	}
	for value, label := range labels {
		switch x := value.(type) {
		case uint64:
			n.add(float64(x), label)
		case int64:
			n.add(float64(x), label)
		case float64:
			n.add(x, label)
		}
	}
	return nil
}

func (n *numbered) add(x float64, label string) {
	if *n == nil {
		*n = numbered{}
	}
	(*n)[x] = label
}

func parse(t *testing.T, d Dataset) study {
	t.Helper()
	var s study
	if err := yaml.Unmarshal(d.Study(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryDatasetHasItsFiles(t *testing.T) {
	folders, err := fs.ReadDir(Files, ".")
	if err != nil {
		t.Fatal(err)
	}
	var shipped, listed []string
	for _, f := range folders {
		shipped = append(shipped, f.Name())
	}
	for _, d := range List() {
		listed = append(listed, d.Name)
		if len(d.Study()) == 0 || len(d.Card()) == 0 {
			t.Errorf("%s has no study or no data card", d.Name)
			continue
		}
		s := parse(t, d)
		var data []string
		for _, f := range s.Data {
			data = append(data, f.File)
		}
		if !slices.Equal(data, d.Data) {
			t.Errorf("%s: the study reads %v, the list says %v", d.Name, data, d.Data)
		}
		if s.Synthetic != d.Synthetic || strings.Contains(string(d.Card()), "(synthetic)") != d.Synthetic {
			t.Errorf("%s: study, card and list disagree on whether it is synthetic", d.Name)
		}
		if len(s.Tables) < 10 {
			t.Errorf("%s: %d tables", d.Name, len(s.Tables))
		}
	}
	if List()[0].Name != "founding" {
		t.Error("the founding example does not come first")
	}
	slices.Sort(listed)
	if !slices.Equal(shipped, listed) {
		t.Errorf("shipped are %v, listed %v", shipped, listed)
	}
}

// The founding study describes the simulated files completely: every column,
// every code that occurs, every code for no answer, and nothing else.
func TestTheFoundingStudyFitsTheSimulatedFiles(t *testing.T) {
	d := List()[0]
	s := parse(t, d)
	sample, err := simulate.Simulate(simulate.Options{Seed: 3, Respondents2008: 4000, Respondents2011: 4000})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range sample.Waves {
		described := maps.Clone(s.Variables)
		for _, c := range w.Columns {
			v, ok := described[c.Name]
			if !ok {
				t.Errorf("the study does not describe %s", c.Name)
				continue
			}
			delete(described, c.Name)
			if v.Codes == nil {
				continue
			}
			seen := map[float64]bool{}
			for _, x := range c.Values {
				if !math.IsNaN(x) {
					seen[x] = true
				}
			}
			for x := range seen {
				if v.Codes[x] == "" && v.Missing[x] == "" {
					t.Errorf("%s holds %g, which the study does not know", c.Name, x)
				}
			}
			for code := range v.Codes {
				if !seen[code] {
					t.Errorf("%s never holds %g, which the study lists", c.Name, code)
				}
			}
		}
		if len(described) > 0 {
			t.Errorf("the %d wave has no columns %v", w.Year, slices.Collect(maps.Keys(described)))
		}
	}
}

func TestGroupsAndSetsNameDescribedVariables(t *testing.T) {
	for _, d := range List() {
		s := parse(t, d)
		var names []string
		for _, g := range s.Groups {
			names = append(names, g.Items...)
		}
		for _, set := range s.Sets {
			names = append(names, set.Variables...)
		}
		for _, name := range names {
			if _, ok := s.Variables[name]; !ok {
				t.Errorf("%s: %s is in a group or set and has no entry under variables", d.Name, name)
			}
		}
	}
}

func TestTheSimulatedStudySaysSoInItsDisclosure(t *testing.T) {
	d := List()[0]
	s := parse(t, d)
	for what, text := range map[string]string{"subtitle": s.Subtitle, "sponsor": s.Disclosure["sponsor"], "universe": s.Disclosure["universe"]} {
		if !strings.Contains(text, "simulated") {
			t.Errorf("the %s %q does not say that the data are simulated", what, text)
		}
	}
}
