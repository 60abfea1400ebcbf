package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"surveykit/datasets"
	"surveykit/survey"
)

// amazon lays out the study of sharing purchase data with its data, or skips the test.
func amazon(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"survey.csv", "census_age-by-sex-2022-est.csv"} {
		copyTo(t, filepath.Join(dir, name), sharedData(t, "amazon_privacy/"+name))
	}
	for _, d := range datasets.List() {
		if d.Name != "amazon_privacy" {
			continue
		}
		for name, text := range map[string][]byte{"study.yaml": d.Study(), "weighting.yaml": d.Weighting(), "README.md": d.Card()} {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// runFor runs the command line and returns what it prints.
func runFor(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, messages bytes.Buffer
	if status := Main(t.Context(), args, &out, &messages); status != exitDone {
		t.Fatalf("%v: exit status %d: %s", args, status, messages.String())
	}
	return out.Bytes()
}

// shareRecord is what these tests read of a record.
type shareRecord struct {
	Table, Category string
	Group           map[string]string
	Estimate        float64
	Low             float64 `json:"ci_low"`
	High            float64 `json:"ci_high"`
}

func records(t *testing.T, path string) []shareRecord {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var book struct{ Results []shareRecord }
	if err := json.Unmarshal(b, &book); err != nil {
		t.Fatal(err)
	}
	return book.Results
}

// consent are the shares that Berke and others published, by offer, with the
// data not shown and shown.
var consent = map[string][2]float64{
	"Nothing": {0.763, 0.779}, "Help research": {0.767, 0.816}, "5 cents": {0.720, 0.785}, "20 cents": {0.765, 0.834}, "50 cents": {0.830, 0.888},
}

// Without its weighting the study gives the published shares, with it those of
// its data card.
func TestTheAmazonStudyAndItsCard(t *testing.T) {
	dir := amazon(t)
	path := filepath.Join(dir, "study.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "plain.yaml")
	before, after, _ := strings.Cut(string(text), "weighting:\n")
	_, after, _ = strings.Cut(after, "\n\n")
	if err := os.WriteFile(plain, []byte(before+after), 0o600); err != nil {
		t.Fatal(err)
	}
	card, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var shown [2][]shareRecord
	for k, study := range []string{plain, path} {
		out := filepath.Join(dir, strconv.Itoa(k))
		runFor(t, "run", study, "-o", out)
		shown[k] = records(t, filepath.Join(out, "results.json"))
	}
	checkConsent(t, shown[0])
	for k, r := range shown[1] {
		if r.Table != "shared" || r.Category != "Shared" {
			continue
		}
		line := fmt.Sprintf("| %s | %s |", percents(shown[0][k]), percents(r))
		if !strings.Contains(string(card), line) {
			t.Errorf("%v: the data card does not hold %q", r.Group, line)
		}
	}
}

func percents(r shareRecord) string {
	return fmt.Sprintf("%.1f%% (%.1f–%.1f)", 100*r.Estimate, 100*r.Low, 100*r.High)
}

func checkConsent(t *testing.T, results []shareRecord) {
	t.Helper()
	compared := 0
	for _, r := range results {
		want, ok := consent[r.Group["incentive"]]
		at := map[string]int{"shared_not_shown": 0, "shared_shown": 1}
		k, shown := at[r.Table]
		if !ok || !shown || r.Category != "Shared" {
			continue
		}
		compared++
		if got := math.Round(1000*r.Estimate) / 1000; got != want[k] {
			t.Errorf("%s, %v: %v, published %v", r.Table, r.Group, got, want[k])
		}
	}
	if compared != 2*len(consent) {
		t.Errorf("%d of the published shares were compared", compared)
	}
}

// The weighted cells of age by sex have the shares of the census table, as added
// up here from its rows; the people without a total keep theirs.
func TestAmazonMarginsAreTheCensus(t *testing.T) {
	dir := amazon(t)
	b := runFor(t, "weight", filepath.Join(dir, "survey.csv"), "--spec", filepath.Join(dir, "weighting.yaml"), "--json", "-o", filepath.Join(dir, "out.csv"))
	var report struct{ Margins []survey.WeightMargin }
	if err := json.Unmarshal(b, &report); err != nil {
		t.Fatal(err)
	}
	census, all := censusCells(t, filepath.Join(dir, "census_age-by-sex-2022-est.csv"))
	if len(report.Margins) != len(census)+1 {
		t.Fatalf("%d margins, %d cells", len(report.Margins), len(census))
	}
	for _, m := range report.Margins {
		if m.Kept {
			if math.Abs(m.After-173) > 1e-6 {
				t.Errorf("%s has %v of 173", m.Category, m.After)
			}
			continue
		}
		if want := census[m.Category] / all * (6325 - 173); math.Abs(m.After-want) > 1e-6 {
			t.Errorf("%s comes to %v, the census says %v", m.Category, m.After, want)
		}
	}
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func censusCells(t *testing.T, path string) (cells map[string]float64, all float64) {
	t.Helper()
	rows := readCSV(t, path)
	cells = map[string]float64{}
	for _, row := range rows[1:] {
		age, _ := strconv.Atoi(row[1])
		count, _ := strconv.ParseFloat(row[2], 64)
		sex := map[string]string{"1": "Male", "2": "Female"}[row[0]]
		if sex == "" || age < 18 || age > 100 {
			continue
		}
		bracket := "65 and older"
		for _, b := range []struct {
			last int
			name string
		}{{64, "55 - 64 years"}, {54, "45 - 54 years"}, {44, "35 - 44 years"}, {34, "25 - 34 years"}, {24, "18 - 24 years"}} {
			if age <= b.last {
				bracket = b.name
			}
		}
		cells[bracket+" × "+sex] += count
		all += count
	}
	return cells, all
}

// copyTo puts a file below a study's folder, out of which no link may lead.
func copyTo(t *testing.T, to, from string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
