package mixture_test

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"testing"

	"surveykit/stats/mixture"
)

// The teaching sets of latent class analysis. The log-likelihoods are printed by
// Linzer and Lewis, poLCA, Journal of Statistical Software 42(10), 2011, and its
// manual; those without a source are the best of 2,000 starts.
var published = []struct {
	file    string
	columns []string
	classes int
	loglik  float64
}{
	{"carcinoma.csv", nil, 2, -317.2568},
	{"carcinoma.csv", nil, 3, -293.705},
	{"carcinoma.csv", nil, 4, -289.2858},
	{"values.csv", nil, 2, -504.4677},
	{"gss82.csv", nil, 2, -2783.268},
	{"gss82.csv", nil, 3, -2754.545},
	{"cheating.csv", []string{"LIEEXAM", "LIEPAPER", "FRAUD", "COPYEXAM"}, 2, -440.0271},
}

// printed is what four to seven printed digits hold.
const printed = 6e-4

func TestPublishedLogLikelihoods(t *testing.T) {
	for _, c := range published {
		items, w := load(t, c.file, c.columns...)
		for seed := range uint64(10) {
			f := fit(t, items, w, c.classes, 20, seed)
			if math.Abs(f.LogLikelihood-c.loglik) > printed || !f.Converged {
				t.Errorf("%s, %d classes, seed %d: log-likelihood %.4f, published %.4f", c.file, c.classes, seed, f.LogLikelihood, c.loglik)
			}
		}
	}
}

// What people thought of two candidates of 2000, over the 1,311 who answered all
// twelve questions: log-likelihoods as the example of poLCA 1.6 for these data
// prints them, to two decimals.
func TestPublishedElection(t *testing.T) {
	const twoDecimals = 5.1e-3
	items, w := load(t, "election.csv", "MORALG", "CARESG", "KNOWG", "LEADG", "DISHONG", "INTELG", "MORALB", "CARESB", "KNOWB", "LEADB", "DISHONB", "INTELB")
	for i := range w {
		if slices.ContainsFunc(items, func(x mixture.Item) bool { return x.Code[i] < 0 }) {
			w[i] = 0
		}
	}
	for k, loglik := range []float64{-18647.31, -17344.92, -16714.66} {
		f := fit(t, items, w, k+1, 10, 1)
		if math.Abs(f.LogLikelihood-loglik) > twoDecimals || f.Rows != 1311 {
			t.Errorf("%d classes: log-likelihood %.4f of %d rows, published %.2f", k+1, f.LogLikelihood, f.Rows, loglik)
		}
	}
}

// Brand images of a fast-food chain: four classes that 20 starts of any seed
// find again.
func TestFastFoodIsStable(t *testing.T) {
	items, w := load(t, "mcdonalds.csv", "yummy", "convenient", "spicy", "fattening", "greasy", "fast", "cheap", "tasty", "expensive", "healthy", "disgusting")
	first := fit(t, items, w, 4, 20, 0)
	for seed := uint64(1); seed < 6; seed++ {
		f := fit(t, items, w, 4, 20, seed)
		for k := range f.Shares {
			if math.Abs(f.Shares[k]-first.Shares[k]) > 1e-3 {
				t.Errorf("seed %d: shares %.4f, at first %.4f", seed, f.Shares, first.Shares)
			}
		}
	}
}

func load(t testing.TB, name string, columns ...string) ([]mixture.Item, []float64) {
	t.Helper()
	f, err := os.Open("../../../shared/data/latent_class/" + name)
	if err != nil {
		t.Skip("the teaching sets are not beside the checkout")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var items []mixture.Item
	for j, head := range rows[0] {
		if columns == nil || slices.Contains(columns, head) {
			items = append(items, coded(rows[1:], j))
		}
	}
	return items, slices.Repeat([]float64{1}, len(rows)-1)
}

// coded numbers the answers of a column in the order in which they appear.
func coded(rows [][]string, j int) mixture.Item {
	x, seen := mixture.Item{}, map[string]int32{}
	for _, r := range rows {
		if r[j] == "" {
			x.Code = append(x.Code, -1)
			continue
		}
		if _, known := seen[r[j]]; !known {
			seen[r[j]] = int32(len(seen))
		}
		x.Code = append(x.Code, seen[r[j]])
	}
	x.Categories = len(seen)
	return x
}
