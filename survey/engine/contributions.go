package engine

// Contribution is what one stratum adds to the variance of a figure.
type Contribution struct {
	Stratum string `json:"stratum"`
	// PSUs counts the sampled ones, WithMembers those with rows of the figure that
	// have a nonzero weight.
	PSUs        int `json:"psus"`
	WithMembers int `json:"psus_with_members"`
	// Fraction is the share of the stratum's PSUs that was sampled, 0 without
	// population sizes.
	Fraction float64 `json:"fraction"`
	// Variance is the stratum's sum of squared deviations over all stages.
	Variance float64 `json:"variance"`
	// Lonely marks a stratum with one PSU, which does what the policy says.
	Lonely bool `json:"lonely"`
}

// Contributions splits a variance by stratum, in the order of the strata;
// the parts add up to the square of the standard error, except for what comes from
// outside the sample. deviations are the deviations of a function of these totals,
// rows lists the totals of the rows that it rests on. It is nil for replicate designs,
// whose variance has no strata.
func (t *Totals) Contributions(deviations []float64, rows []int) []Contribution {
	f := t.frame
	if f.Replicates != nil {
		return nil
	}
	first := f.Stages[0]
	out := make([]Contribution, f.Strata)
	for h := range out {
		out[h].Stratum, out[h].PSUs = f.StratumNames[h], first.Sampled[h]
		if first.Fraction != nil {
			out[h].Fraction = first.Fraction[h]
		}
	}
	for _, h := range first.Lonely() {
		out[h].Lonely = true
	}
	for i, h := range t.spread.strata() {
		out[h].Variance += deviations[i] * deviations[i]
	}
	m := t.members()
	union(m.in, rows, func(k int) {
		if m.psus == nil {
			out[m.stratum[k]].WithMembers++
		} else {
			out[m.stratum[k]].WithMembers += m.psus[k]
		}
	})
	return out
}

// entryStrata is the stratum of every entry of a vector of deviations: the
// units of the first stage, then of the second, and so on.
func (f *Frame) entryStrata() []int32 {
	var entries, above []int32
	for k, s := range f.Stages {
		stratum := make([]int32, len(s.Group))
		for j, g := range s.Group {
			stratum[j] = g
			if k > 0 {
				stratum[j] = above[g]
			}
		}
		entries = append(entries, stratum...)
		above = stratum
	}
	return entries
}
