package mixture

// Residual is how far two items depend on each other within classes.
type Residual struct {
	A, B int
	// Value is Pearson's X² between the observed weighted table of the two items
	// and the one that the model expects, over (R−1)(C−1): well over 1 where the
	// classes do not explain what the items share.
	Value float64
}

// Residuals are the bivariate residuals of all pairs of categorical items, over
// the rows that answered both. Source: Vermunt and Magidson, Technical Guide for
// Latent GOLD (2016), section 8.3, with pseudo-counts of weights at a mean of 1.
func (m *Model) Residuals(items []Item, weights []float64) []Residual {
	d := newData(items, nil)
	d.weigh(weights)
	var out []Residual
	for b, y := range items {
		for a, x := range items[:b] {
			if x.Categories > 1 && y.Categories > 1 {
				out = append(out, Residual{A: a, B: b, Value: m.residual(d, a, b)})
			}
		}
	}
	return out
}

func (m *Model) residual(d *data, a, b int) float64 {
	x, y := d.items[a], d.items[b]
	observed := make([]float64, x.Categories*y.Categories)
	var n float64
	for i, w := range d.weight {
		if x.Code[i] >= 0 && y.Code[i] >= 0 {
			observed[int(x.Code[i])*y.Categories+int(y.Code[i])] += w
			n += w
		}
	}
	var chi float64
	for r := range x.Categories {
		for c := range y.Categories {
			var p float64
			for k, share := range m.Shares {
				p += share * m.Items[a].Probability[k][r] * m.Items[b].Probability[k][c]
			}
			if e := n * p; e > 0 {
				rest := observed[r*y.Categories+c] - e
				chi += rest * rest / e
			}
		}
	}
	return chi / float64((x.Categories-1)*(y.Categories-1))
}
