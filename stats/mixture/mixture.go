// Package mixture fits latent class models to weighted answers: people belong to
// classes that are not observed, and within a class the answers to the items are
// independent. Items may be nominal, ordinal or continuous; missing
// answers are used, not dropped.
//
// For row i with weight w_i, scaled to a mean of 1, class shares π_k and item
// distributions p_jk, the pseudo log-likelihood is
//
//	Σ_i w_i ln Σ_k π_k Π_j p_jk(y_ij)
//
// where the product runs over the items that row i answered. Sources:
// McLachlan and Peel, Finite Mixture Models (2000), chapters 2, 3 and 5;
// Patterson, Dayton and Graubard, JASA 97 (2002) for the weights; Varadhan and
// Roland, Scandinavian Journal of Statistics 35 (2008) for the acceleration.
package mixture

import (
	"math"
)

// Item is one observed variable, a number for each row.
type Item struct {
	// Categories counts the answers of a nominal or ordinal item; 0 makes it continuous.
	Categories int
	// Ordinal items have ordered categories with equal steps: an adjacent-category
	// logit whose slope is the class's, ln p_k(c) = α_c + θ_k c + constant.
	Ordinal bool
	// Code is each row's category from 0, -1 where it is missing; nil for a continuous item.
	Code []int32
	// Value is each row's number, NaN where it is missing; nil unless the item is continuous.
	Value []float64
}

// Rows is the number of rows.
func (x Item) Rows() int { return max(len(x.Code), len(x.Value)) }

// ItemModel is an item's distribution within each class.
type ItemModel struct {
	// Probability[k][c] is the probability of category c in class k; nil for a continuous item.
	Probability [][]float64 `json:"probability,omitempty"`
	// Intercept[c] and Slope[k] are α_c and θ_k of an ordinal item, the first of each 0.
	Intercept []float64 `json:"intercept,omitempty"`
	Slope     []float64 `json:"slope,omitempty"`
	// Mean[k] and SD[k] describe a continuous item, normal within classes.
	Mean []float64 `json:"mean,omitempty"`
	SD   []float64 `json:"sd,omitempty"`
}

// Model is a latent class model: all that is needed to classify another person.
type Model struct {
	// Shares of the classes, largest first, sum to 1.
	Shares []float64   `json:"shares"`
	Items  []ItemModel `json:"items"`
}

// Classes is the number of classes.
func (m *Model) Classes() int { return len(m.Shares) }

// Parameters counts the free parameters: K−1 shares, and for each item K(C−1)
// probabilities, (C−1)+(K−1) of an ordinal item, or K means and K variances.
func (m *Model) Parameters() int {
	k := m.Classes()
	n := k - 1
	for _, x := range m.Items {
		switch {
		case x.Slope != nil:
			n += len(x.Intercept) - 1 + k - 1
		case x.Probability != nil:
			n += k * (len(x.Probability[0]) - 1)
		default:
			n += 2 * k
		}
	}
	return n
}

// Fitted is a model and its fit to the data.
type Fitted struct {
	Model
	// LogLikelihood is the weighted pseudo log-likelihood, weights at a mean of 1.
	LogLikelihood float64
	// Rows counts the rows with a weight and an answer; it is the n of the criteria.
	Rows int
	// Starts is how many were tried, Reached how many came within 1e-5 (relative) of the best.
	Starts, Reached int
	// Converged is false where the last step still gained more than the tolerance.
	Converged bool
}

// AIC is −2 ln L + 2p (Akaike 1974).
func (f *Fitted) AIC() float64 { return f.penalised(2) }

// BIC is −2 ln L + p ln n (Schwarz 1978).
func (f *Fitted) BIC() float64 { return f.penalised(math.Log(float64(f.Rows))) }

// CAIC is −2 ln L + p (ln n + 1) (Bozdogan 1987).
func (f *Fitted) CAIC() float64 { return f.penalised(math.Log(float64(f.Rows)) + 1) }

func (f *Fitted) penalised(each float64) float64 {
	return -2*f.LogLikelihood + each*float64(f.Parameters())
}

// Posterior returns each row's probability of each class, rows × classes: the
// shares themselves where no item was answered.
func (m *Model) Posterior(items []Item) [][]float64 {
	d := newData(items, nil)
	p := m.parameters(d)
	tables := d.tables(p)
	rows := items[0].Rows()
	flat := make([]float64, rows*m.Classes())
	out := make([][]float64, rows)
	for i := range out {
		out[i] = flat[i*m.Classes():][:m.Classes()]
		d.joint(p, tables, i, out[i])
		exponentiate(out[i])
	}
	return out
}

// EntropyR2 measures how well the classes are separated: 1 − Σ w (−p ln p) / (W ln K)
// over rows and classes; 1 where everybody's class is certain, and for one class.
func EntropyR2(posterior [][]float64, weights []float64) float64 {
	var entropy, total float64
	classes := 1
	for i, p := range posterior {
		classes = len(p)
		total += weights[i]
		for _, v := range p {
			if v > 0 {
				entropy -= weights[i] * v * math.Log(v)
			}
		}
	}
	if classes < 2 || total == 0 {
		return 1
	}
	return 1 - entropy/(total*math.Log(float64(classes)))
}

// Modal is each row's most probable class, the first of equals.
func Modal(posterior [][]float64) []int32 {
	out := make([]int32, len(posterior))
	for i, p := range posterior {
		for k, v := range p {
			if v > p[out[i]] {
				out[i] = int32(k)
			}
		}
	}
	return out
}

// negligible is the logarithm of a share that does not change a sum of 1.
const negligible = -40

// exponentiate turns logarithms into shares that sum to 1 and returns the logarithm
// of their sum before that.
func exponentiate(l []float64) float64 {
	top := l[0]
	for _, v := range l[1:] {
		top = max(top, v)
	}
	var sum float64
	for k, v := range l {
		if l[k] = 0; v-top > negligible {
			l[k] = math.Exp(v - top)
		}
		sum += l[k]
	}
	for k := range l {
		l[k] /= sum
	}
	return top + math.Log(sum)
}

// Evidence is what each row's answer to item j says of the classes: ln p_jk(y),
// rows × classes, row by row; 0 where the row did not answer. The logarithms of a
// row's posterior are ln π_k plus the evidence of its items, up to a constant, so any
// subset of the items gives a posterior.
func (m *Model) Evidence(j int, item Item) []float64 {
	classes := m.Classes()
	out := make([]float64, item.Rows()*classes)
	x := m.Items[j]
	for i := range item.Rows() {
		for k := range classes {
			switch {
			case item.Categories > 0 && item.Code[i] >= 0:
				out[i*classes+k] = math.Log(x.Probability[k][item.Code[i]])
			case item.Categories == 0 && !math.IsNaN(item.Value[i]):
				z := (item.Value[i] - x.Mean[k]) / x.SD[k]
				out[i*classes+k] = -z*z/2 - math.Log(x.SD[k]) - halfLog2Pi
			}
		}
	}
	return out
}

// Residual measures how much two items depend on each other within classes.
type Residual struct {
	A, B int
	// Value is Pearson's X² between the observed weighted table of the two items
	// and the one that the model expects, over (R−1)(C−1): well over 1 where the
	// classes do not explain the association of the items.
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
