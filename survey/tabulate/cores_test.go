package tabulate_test

import (
	"context"
	"math"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate"
)

// sameBits tells figures apart that differ in the last place.
var sameBits = cmp.Comparer(func(a, b survey.Figure) bool {
	return math.Float64bits(a.Float()) == math.Float64bits(b.Float())
})

// TestBooksDoNotDependOnCores: every figure and every letter is the same to the
// last bit, of clusters and of rows that are put together in lots.
func TestBooksDoNotDependOnCores(t *testing.T) {
	for _, clustered := range []bool{true, false} {
		table, study := sample{rows: 4000, items: 6, banner: []int{2, 5}, clustered: clustered}.make()
		books := make([][]*survey.Tabulation, 2)
		for k, cores := range []int{1, 4} {
			before := runtime.GOMAXPROCS(cores)
			f, err := engine.NewFrame(table, study.Design)
			if err != nil {
				t.Fatal(err)
			}
			m := tabulate.Maker{Table: table, Frame: f, Study: study}
			books[k], err = m.All(context.Background(), nil)
			runtime.GOMAXPROCS(before)
			if err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(books[0], books[1], sameBits); d != "" {
			t.Errorf("clustered %t: %s", clustered, d)
		}
	}
}
