package segment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/stats/mixture"
	"surveykit/survey"
)

func sortResiduals(r []mixture.Residual) {
	slices.SortStableFunc(r, func(a, b mixture.Residual) int { return cmp.Compare(b.Value, a.Value) })
}

// telling are the answers that a name is made of.
const telling = 2

// names says of each class which answers tell it most: those whose probability
// stands out furthest from everybody's, in standard deviations of the answer,
// one answer an item. Equal names get the class's number behind them.
func names(items []Indicator, m *mixture.Model) []string {
	out := make([]string, m.Classes())
	count := map[string]int{}
	for k := range out {
		out[k] = name(items, m, k)
		count[out[k]]++
	}
	for k, n := range out {
		if count[n] > 1 {
			out[k] = fmt.Sprintf("%s (%d)", n, k+1)
		}
	}
	return out
}

// called is an item's title, or its name where the title is a whole question:
// names of segments stand in banners.
func called(v *survey.Variable) string {
	const room = 40
	if utf8.RuneCountInString(v.Title()) > room {
		return v.Name
	}
	return v.Title()
}

type sign struct {
	text     string
	strength float64
}

func name(items []Indicator, m *mixture.Model, k int) string {
	var signs []sign
	for j, x := range items {
		signs = append(signs, signOf(x, m.Items[j], m.Shares, k))
	}
	slices.SortStableFunc(signs, func(a, b sign) int { return cmp.Compare(b.strength, a.strength) })
	var parts []string
	for _, s := range signs[:min(telling, len(signs))] {
		parts = append(parts, s.text)
	}
	return strings.Join(parts, "; ")
}

// signOf is an item's most telling answer of a class.
func signOf(x Indicator, item mixture.ItemModel, shares []float64, k int) sign {
	if x.Measure == survey.Scale {
		return meanSign(x, item, shares, k)
	}
	best := sign{strength: -1}
	for c, label := range x.Classes.Labels {
		var all float64
		for l, share := range shares {
			all += share * item.Probability[l][c]
		}
		p := item.Probability[k][c]
		if s := (p - all) / math.Sqrt(all*(1-all)+1e-9); s > best.strength {
			best = sign{text: called(x.Variable) + ": " + label, strength: s}
		}
	}
	return best
}

func meanSign(x Indicator, item mixture.ItemModel, shares []float64, k int) sign {
	var all, square float64
	for l, share := range shares {
		all += share * item.Mean[l]
		square += share * (item.Mean[l]*item.Mean[l] + item.SD[l]*item.SD[l])
	}
	s := (item.Mean[k] - all) / math.Sqrt(square-all*all+1e-300)
	word := "high"
	if s < 0 {
		word = "low"
	}
	return sign{text: called(x.Variable) + ": " + word, strength: math.Abs(s)}
}
