package simulate

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the data card of the founding example")

func simulate(t testing.TB, o Options) *Sample {
	t.Helper()
	s, err := Simulate(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func csvOf(t testing.TB, w *Wave) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := w.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheFoundingSample(t *testing.T) {
	s := simulate(t, Options{})
	for i, want := range []struct{ year, n int }{{2008, 24000}, {2011, 37350}} {
		w := s.Waves[i]
		if w.Year != want.year || w.Rows() != want.n {
			t.Errorf("wave %d has %d rows, want %d in %d", w.Year, w.Rows(), want.n, want.year)
		}
		if n := len(w.Columns); n < 60 || n > 70 {
			t.Errorf("%d columns, want about 60 questions", n)
		}
		if k := w.kish(); k < 1.3 || k > 1.6 {
			t.Errorf("Kish's design effect is %.3f, want 1.3–1.6", k)
		}
		strata, sites := w.units()
		if strata != 28 || sites < 1400 || sites > 1600 {
			t.Errorf("%d strata and %d PSUs, want 28 and about 1,500", strata, sites)
		}
		each := map[float64]map[float64]bool{}
		for r, h := range w.Column("stratum") {
			if each[h] == nil {
				each[h] = map[float64]bool{}
			}
			each[h][w.Column("psu")[r]] = true
		}
		for h, psus := range each {
			if len(psus) < 40 || len(psus) > 60 {
				t.Errorf("stratum %g has %d PSUs, want 40–60", h, len(psus))
			}
		}
		low, high := math.Inf(1), math.Inf(-1)
		for _, a := range w.Column("age") {
			low, high = min(low, a), max(high, a)
		}
		if low != 18 || high != 88 {
			t.Errorf("ages run from %g to %g, want 18 to 88", low, high)
		}
	}
}

// The bytes for a seed are a promise: other machines and later versions give
// the same. A change of the questionnaire changes them, and then this hash.
func TestSameSeedSameBytes(t *testing.T) {
	o := Options{Seed: 5, Respondents2008: 600, Respondents2011: 900}
	first := simulate(t, o)
	const want = "bff0b7c356085ef221096743e206e6c579bc876f776cbc4a49c228d91133bb3f"
	sum := sha256.Sum256(csvOf(t, first.Waves[1]))
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("the 2011 wave has the hash %s, want %s", got, want)
	}
	o.Respondents2008 = 700
	if !bytes.Equal(csvOf(t, first.Waves[1]), csvOf(t, simulate(t, o).Waves[1])) {
		t.Error("the size of one wave changed the other")
	}
	o.Seed = 6
	if bytes.Equal(csvOf(t, first.Waves[1]), csvOf(t, simulate(t, o).Waves[1])) {
		t.Error("another seed gives the same answers")
	}
}

// Whatever the size: the number of respondents is the one asked for, no
// stratum has a lonely PSU, every weight is positive, and routing and multiple
// response are consistent.
func TestAnySizeIsASoundFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(MinimumRespondents, 3000).Draw(t, "n")
		s, err := Simulate(Options{Seed: rapid.Uint64().Draw(t, "seed"), Respondents2008: MinimumRespondents, Respondents2011: n})
		if err != nil {
			t.Fatal(err)
		}
		w := s.Waves[1]
		if w.Rows() != n || w.Column("synthetic_id")[n-1] != float64(n) {
			t.Fatalf("%d rows, want %d", w.Rows(), n)
		}
		psus := map[float64]map[float64]bool{}
		for i, h := range w.Column("stratum") {
			if psus[h] == nil {
				psus[h] = map[float64]bool{}
			}
			psus[h][w.Column("psu")[i]] = true
			checkRow(t, w, i)
		}
		for h, in := range psus {
			if len(in) < 2 {
				t.Fatalf("stratum %g has one PSU", h)
			}
		}
	})
}

func checkRow(t *rapid.T, w *Wave, i int) {
	at := func(name string) float64 { return w.Column(name)[i] }
	if asked := at("read_statements") >= 2 && at("read_statements") <= 4; asked == math.IsNaN(at("abandoned")) {
		t.Fatalf("row %d: read_statements %g, abandoned %g", i, at("read_statements"), at("abandoned"))
	}
	for _, name := range []string{"social_posts", "social_settings"} {
		if (at("social_use") == 1) == math.IsNaN(at(name)) {
			t.Fatalf("row %d: social_use %g, %s %g", i, at("social_use"), name, at(name))
		}
	}
	if w := at("weight"); !(w > 0) {
		t.Fatalf("row %d: weight %g", i, w)
	}
	for _, set := range [][]string{
		{"reward_cash", "reward_points", "reward_discounts", "reward_exclusive", "reward_sweepstakes", "reward_nothing"},
		{"channel_email", "channel_mail", "channel_phone", "channel_text", "channel_social", "channel_website", "channel_none"},
	} {
		none, chosen := at(set[len(set)-1]), 0.0
		for _, name := range set[:len(set)-1] {
			chosen += at(name)
		}
		refused := none == codeRefused && chosen == codeRefused*float64(len(set)-1)
		if !refused && none != indicator(chosen == 0) {
			t.Fatalf("row %d: %s is %g with %g chosen", i, set[len(set)-1], none, chosen)
		}
	}
}

// Sites are alike: the ultimate-cluster variance of a mean is well above what
// the weights alone would make of it.
func TestAnswersClusterWithinSites(t *testing.T) {
	w := simulate(t, Options{Seed: 2}).Waves[1]
	figure := Figure{Age: AllAges, Variable: "concern_identity", Statistic: Share, Code: 1}
	_, clustered, _ := newEstimator(w, w.Column("psu")).estimate(figure)
	_, independent, _ := newEstimator(w, w.Column("synthetic_id")).estimate(figure)
	if effect := clustered * clustered / (independent * independent); effect < 1.3 || effect > 4 {
		t.Errorf("clustering multiplies the variance by %.2f, want 1.3–4", effect)
	}
}

// The weights give every country and age its share of the population back.
func TestWeightsUndoUnevenRecruitment(t *testing.T) {
	// About five standard errors of a share of 0.19 in a wave of this size.
	const near = 0.012
	for _, w := range simulate(t, Options{Seed: 4}).Waves {
		all, inCanada := 0.0, 0.0
		var brackets profile
		for i, weight := range w.Column("weight") {
			all += weight
			if w.Column("country")[i] == canada+1 {
				inCanada += weight
			}
			for b := range brackets {
				if age := int(w.Column("age")[i]); firstAge[b] <= age && age < firstAge[b+1] {
					brackets[b] += weight
				}
			}
		}
		for b, sum := range brackets {
			if math.Abs(sum/all-bracketShare[b]) > near {
				t.Errorf("%d: %s has the weighted share %.4f, want %.2f", w.Year, Brackets[b], sum/all, bracketShare[b])
			}
		}
		if math.Abs(inCanada/all-countryShare[canada]) > near {
			t.Errorf("%d: Canada has the weighted share %.4f, want %.2f", w.Year, inCanada/all, countryShare[canada])
		}
		if mean := all / float64(w.Rows()); math.Abs(mean-1) > near {
			t.Errorf("%d: the weights average %.4f, want 1", w.Year, mean)
		}
	}
}

// A "don't know" never changes whether a person is concerned about the category.
func TestDontKnowKeepsTheStatus(t *testing.T) {
	allowed := 0
	for pattern := range 1 << batteryItems {
		for item := range batteryItems {
			if !mayDontKnow(pattern, item) {
				continue
			}
			allowed++
			if statusOf(pattern) != statusOf(pattern&^(1<<item)) {
				t.Errorf("pattern %04b loses its status without item %d", pattern, item)
			}
		}
	}
	// All but the two concerned items of the six patterns with exactly two.
	if want := 64 - 6*2; allowed != want {
		t.Errorf("%d items may be answered with don't know, want %d", allowed, want)
	}
}

func TestCSVReadsBack(t *testing.T) {
	w := simulate(t, Options{Respondents2008: 600, Respondents2011: 600}).Waves[0]
	text := csvOf(t, w)
	if bytes.Count(text, []byte("\r\n")) != 601 || bytes.Count(text, []byte("\n")) != 601 {
		t.Error("lines do not end with CRLF")
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "synthetic_id" {
		t.Errorf("the first column is %q: the file has to say that it is synthetic", rows[0][0])
	}
	for k, c := range w.Columns {
		back := make([]float64, w.Rows())
		for i := range back {
			back[i] = math.NaN()
			if field := rows[i+1][k]; field != "" {
				if back[i], err = strconv.ParseFloat(field, 64); err != nil {
					t.Fatal(err)
				}
			}
		}
		if rows[0][k] != c.Name || !same(back, c.Values) {
			t.Errorf("column %s does not read back", c.Name)
		}
	}
}

func same(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return len(a) == len(b)
}

func TestSave(t *testing.T) {
	folder := t.TempDir()
	s := simulate(t, Options{Respondents2008: 600, Respondents2011: 800})
	if err := s.Save(folder); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if head, _, _ := strings.Cut(string(text), "\n"); !strings.Contains(head, "synthetic") {
			t.Errorf("%s does not say in its first line that it is synthetic", e.Name())
		}
	}
	if want := []string{"README.md", "truth.csv", "wave2008.csv", "wave2011.csv"}; !reflect.DeepEqual(names, want) {
		t.Errorf("wrote %v, want %v", names, want)
	}
	full := errors.New("the disk is full")
	if err := save(filepath.Join(folder, "truth.csv"), func(io.Writer) error { return full }); !errors.Is(err, full) {
		t.Errorf("a file that cannot be written: %v", err)
	}
	if now, err := os.ReadDir(folder); err != nil || len(now) != len(names) {
		t.Errorf("a file that could not be written left something behind: %v, %v", now, err)
	}
	if err := s.Save(filepath.Join(folder, "absent")); err == nil {
		t.Error("a folder that is not there was accepted")
	}
}

func TestTooSmallAWaveIsRefused(t *testing.T) {
	for _, o := range []Options{{Respondents2011: -1}, {Respondents2008: MinimumRespondents - 1}} {
		if _, err := Simulate(o); err == nil || !strings.Contains(err.Error(), "ask for 560 or more") {
			t.Errorf("%+v: error %v", o, err)
		}
	}
}

// The card in the folder of the study is the one of the sample as shipped.
func TestDataCardIsCurrent(t *testing.T) {
	var b bytes.Buffer
	if err := simulate(t, Options{}).WriteCard(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "founding", "README.md")
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, b.Bytes()) {
		t.Error("datasets/founding/README.md is out of date; run go test ./datasets/simulate -update")
	}
}

func BenchmarkSimulate(b *testing.B) {
	for b.Loop() {
		simulate(b, Options{})
	}
}

func BenchmarkWriteCSV(b *testing.B) {
	w := simulate(b, Options{}).Waves[1]
	for b.Loop() {
		csvOf(b, w)
	}
}
