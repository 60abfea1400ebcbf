package mixture_test

import (
	"math"
	"testing"

	"surveykit/stats/mixture"
	"surveykit/stats/recorded"
)

// A nominal, an ordinal and a numeric item with missing answers and weights: the
// top that R's optim finds of the log-likelihood as its definition has it,
// testdata/mixed.R.
func TestMixedItemsAreOptims(t *testing.T) {
	// searched is how near optim's differences come to a top.
	const searched = 1e-3
	var want struct {
		Nominal, Ordinal []*int32
		Number           []*float64
		Weights, Shares  []float64
		LogLikelihood    float64 `json:"log_likelihood"`
		Class            struct {
			Nominal, Ordinal []float64
			Mean, SD         float64
		}
	}
	recorded.Read(t, "mixed.json", &want)
	items := []mixture.Item{{Categories: 3, Code: codes(want.Nominal)}, {Categories: 4, Ordinal: true, Code: codes(want.Ordinal)}, {}}
	for _, v := range want.Number {
		if v == nil {
			items[2].Value = append(items[2].Value, math.NaN())
		} else {
			items[2].Value = append(items[2].Value, *v)
		}
	}
	f := fit(t, items, want.Weights, 2, 20, 1)
	if math.Abs(f.LogLikelihood-want.LogLikelihood) > climbed*math.Abs(want.LogLikelihood) {
		t.Errorf("log-likelihood %.7f, by optim %.7f", f.LogLikelihood, want.LogLikelihood)
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > searched {
			t.Errorf("%s %.5f, by optim %.5f", what, got, want)
		}
	}
	near("share", f.Shares[0], want.Shares[0])
	for c, p := range want.Class.Nominal {
		near("nominal", f.Items[0].Probability[0][c], p)
	}
	for c, p := range want.Class.Ordinal {
		near("ordinal", f.Items[1].Probability[0][c], p)
	}
	near("mean", f.Items[2].Mean[0], want.Class.Mean)
	near("deviation", f.Items[2].SD[0], want.Class.SD)
}

// codes count answers from 0; −1 is none.
func codes(answers []*int32) (out []int32) {
	for _, a := range answers {
		if a == nil {
			out = append(out, -1)
		} else {
			out = append(out, *a-1)
		}
	}
	return out
}
