package mixture

import "math"

// Evidence is what each row's answer to item j says of the classes: ln p_jk(y),
// rows × classes in one row after the other; 0 where the row did not answer.
// A row's logarithms of its posterior are ln π_k plus the evidence of its items,
// up to a constant, so any part of the items gives a posterior of its own.
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
