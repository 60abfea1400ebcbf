package stats

// Middle returns the smallest and the largest answer of the middle of a sample,
// which leaves out the share p (0–½) of the weight at each end: the smallest x with
// F(x) > p and the smallest with F(x) ≥ 1 − p. NaN for an empty sample and for p
// outside [0, ½).
func (s Sorted) Middle(p float64) (low, high float64) {
	if !(p < 0.5) {
		p = -1
	}
	after := &QuantileRule{quantile: discrete(func(s Sorted, k int) float64 { return s.distinct[k+1] })}
	return s.Quantile(p, after), s.Quantile(1-p, Math)
}
