package stats

import (
	"math"
	"slices"
)

// Alike are sampled units of one group whose influences are the same but for
// their weights: z = w·e.
type Alike struct {
	Group int32
	// Units counts them.
	Units int
	// Mean is their mean weight w̄, Scatter the root of Σ(w - w̄)².
	Mean, Scatter float64
}

// AlikeDeviations is a stage's Deviations for units of which many are alike,
// given e for each lot of them; units that are in no lot have z = 0. touched
// marks groups as for Deviations. A lot of m
// units has two entries, the second only where its weights differ,
//
//	sqrt(c_g (1-f_g) n_g/(n_g-1)) · (sqrt(m) (w̄e - z̄_g), Scatter·e)
//
// and the units of a group that are in no lot have one. By
//
//	Σ(z - z̄)(z' - z̄') = m (w̄e - z̄)(w̄e' - z̄') + e e' Σ(w - w̄)²
//
// the dot products are those of Deviations; nothing is lost to cancellation,
// for no large squares are taken from each other.
func (s Stage) AlikeDeviations(lots []Alike, e []float64, lonely LonelyPSU, touched []bool) []float64 {
	centre, left := make([]float64, s.Groups()), slices.Clone(s.Sampled)
	for k, a := range lots {
		centre[a.Group] += float64(a.Units) * (a.Mean * e[k])
		left[a.Group] -= a.Units
	}
	s.centres(centre, lonely)
	factor := s.factors(nil, lonely, touched)
	d := make([]float64, 0, 2*len(lots)+s.Groups())
	for g, n := range left {
		d = append(d, -factor[g]*math.Sqrt(float64(n))*centre[g])
	}
	for k, a := range lots {
		d = append(d, factor[a.Group]*math.Sqrt(float64(a.Units))*(a.Mean*e[k]-centre[a.Group]))
		if a.Scatter > 0 {
			d = append(d, factor[a.Group]*a.Scatter*e[k])
		}
	}
	return d
}

// AlikeGroups is the group of every entry of AlikeDeviations.
func (s Stage) AlikeGroups(lots []Alike) []int32 {
	var groups []int32
	for g := range s.Sampled {
		groups = append(groups, int32(g))
	}
	for _, a := range lots {
		groups = append(groups, a.Group)
		if a.Scatter > 0 {
			groups = append(groups, a.Group)
		}
	}
	return groups
}
