// Package mixture fits latent class models to weighted answers: people fall
// into classes that nobody asked about, and within a class the answers to the
// items are independent. Items may be nominal, ordinal or continuous; missing
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

import "math"

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

// Model is a latent class model: what is needed to class another person.
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

// Fitted is a model with how well it describes the data it was fitted to.
type Fitted struct {
	Model
	// LogLikelihood is the weighted pseudo log-likelihood, weights at a mean of 1.
	LogLikelihood float64
	// Rows counts those with a weight and an answer to some item; it is the n of the criteria.
	Rows int
	// Starts were tried; Reached counts those that came within 1e-5 relative of the best.
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

// EntropyR2 tells how well classes are told apart: 1 − Σ w (−p ln p) / (W ln K)
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

// exponentiate turns logarithms into shares that sum to 1 and returns the
// logarithm of what they summed to.
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
