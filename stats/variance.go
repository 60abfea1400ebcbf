package stats

import (
	"math"
	"slices"
)

// LonelyPSU says how a stratum counts in which a single PSU was sampled, so that it
// has no variance of its own.
type LonelyPSU string

// The policies for a stratum with one PSU (Lumley 2010, section 3.2; Stata's
// singleunit()). LonelyFail is the zero value's meaning: such a design is refused.
const (
	LonelyFail      LonelyPSU = "fail"
	LonelyCertainty LonelyPSU = "certainty" // it was taken with certainty: adds nothing
	LonelyRemove    LonelyPSU = "remove"    // adds nothing
	LonelyAdjust    LonelyPSU = "adjust"    // centred at the mean of all PSUs, where the estimate has rows in it
	LonelyAverage   LonelyPSU = "average"   // has the average variance of the other strata in which the estimate has rows
)

// Stage is one stage of a sample design: units drawn inside groups. At the
// first stage a group is a stratum and a unit a PSU; at each later stage a
// group is a unit of the stage before.
type Stage struct {
	// Group is the group of each unit.
	Group []int32
	// Sampled counts the units of each group over the whole sample.
	Sampled []int
	// Fraction is the sampling fraction f of each group; nil means 0 everywhere,
	// the with-replacement approximation.
	Fraction []float64
}

// Groups is the number of groups.
func (s Stage) Groups() int { return len(s.Sampled) }

func (s Stage) fraction(g int) float64 {
	if s.Fraction == nil {
		return 0
	}
	return s.Fraction[g]
}

// Lonely lists the groups with one sampled unit that were not taken whole.
func (s Stage) Lonely() []int {
	var lonely []int
	for g, n := range s.Sampled {
		if n == 1 && s.fraction(g) < 1 {
			lonely = append(lonely, g)
		}
	}
	return lonely
}

// Deviations turns unit totals z of an influence function into a vector d
// whose dot products are covariances over one stage:
//
//	d_gj = sqrt(c_g (1-f_g) n_g/(n_g-1)) (z_gj - z̄_g),   cov(a, b) = d_a · d_b
//
// so that one vector for each estimate gives its standard error, every comparison
// and every overlap. outer is c_g, the product of the sampling fractions of
// the stages above, for each group; nil means 1. Units without members of the
// domain enter as z = 0. A group with f = 1 gives zeros; a lonely group follows
// the policy (LonelyFail gives zeros: the caller refuses it beforehand).
// touched marks the groups in which the estimate has rows; nil means all.
// LonelyAverage takes its mean over them, and a lonely group without rows adds
// nothing under any policy. z is overwritten and returned.
// Source: Särndal, Swensson & Wretman 1992, results 2.9.1 and 4.3.1. Equals R
// survey::svyrecvar one stage at a time.
func (s Stage) Deviations(z, outer []float64, lonely LonelyPSU, touched []bool) []float64 {
	mean := s.Up(z)
	s.centres(mean, lonely)
	factor := s.factors(outer, lonely, touched)
	for j, g := range s.Group {
		z[j] = factor[g] * (z[j] - mean[g])
	}
	return z
}

// centres turns the groups' totals into the values around which their units
// spread.
func (s Stage) centres(total []float64, lonely LonelyPSU) {
	all, units := 0.0, 0
	for g, n := range s.Sampled {
		all += total[g]
		units += n
	}
	for g, n := range s.Sampled {
		total[g] /= float64(n)
		if n == 1 && s.fraction(g) < 1 && lonely == LonelyAdjust {
			total[g] = all / float64(units)
		}
	}
}

// factors are sqrt(c_g (1-f_g) n_g/(n_g-1)), changed as the policy says.
func (s Stage) factors(outer []float64, lonely LonelyPSU, touched []bool) []float64 {
	factor := make([]float64, s.Groups())
	alone, groups := 0, 0
	for g, n := range s.Sampled {
		factor[g] = 1 - s.fraction(g)
		in := touched == nil || touched[g]
		if in {
			groups++
		}
		switch {
		case n > 1:
			factor[g] *= float64(n) / float64(n-1)
		case !in:
			factor[g] = 0
		case factor[g] > 0:
			alone++
		}
		if outer != nil {
			factor[g] *= outer[g]
		}
	}
	spread := 1.0
	if lonely == LonelyAverage && alone < groups {
		spread = float64(groups) / float64(groups-alone)
	}
	for g := range factor {
		factor[g] = math.Sqrt(factor[g] * spread)
	}
	return factor
}

// Up adds the units' totals to their groups' totals, which are the unit totals
// of the stage before.
func (s Stage) Up(z []float64) []float64 {
	up := make([]float64, s.Groups())
	for j, g := range s.Group {
		up[g] += z[j]
	}
	return up
}

// Touched marks the groups with a marked unit; nil where nothing is marked.
func (s Stage) Touched(units []bool) []bool {
	if units == nil {
		return nil
	}
	groups := make([]bool, s.Groups())
	for j, g := range s.Group {
		groups[g] = groups[g] || units[j]
	}
	return groups
}

// Stages is a whole design, first stage first.
type Stages []Stage

// Deviations chains the stages' deviations of the last stage's unit totals z
// into one vector: V = V_1 + Σ f_1 V_2 + Σ f_1 f_2 V_3 …, up to the first stage
// without sampling fractions, below which nothing is added. touched marks
// the units of the last stage in which the estimate has rows; nil means all.
// z is overwritten.
func (ss Stages) Deviations(z []float64, lonely LonelyPSU, touched []bool) []float64 {
	last := len(ss) - 1
	totals, groups := make([][]float64, len(ss)), make([][]bool, len(ss))
	totals[last], groups[last] = z, ss[last].Touched(touched)
	for k := last; k > 0; k-- {
		totals[k-1], groups[k-1] = ss[k].Up(totals[k]), ss[k-1].Touched(groups[k])
	}
	var outer []float64
	d := make([]float64, 0, len(z))
	for k, s := range ss {
		d = append(d, s.Deviations(totals[k], outer, lonely, groups[k])...)
		if k+1 < len(ss) {
			f := make([]float64, len(s.Group)) // the product of the fractions down to each unit
			for j, g := range s.Group {
				f[j] = s.fraction(int(g))
				if outer != nil {
					f[j] *= outer[g]
				}
			}
			outer = f
		}
	}
	return d
}

// ReplicateDeviations turns the replicates' estimates into a vector d whose
// dot products are covariances:
//
//	d_r = sqrt(scale rscales_r) (θ_r - c)
//
// c is the mean of the θ_r with rscales > 0, or the estimate itself where mse.
// A replicate whose estimate does not exist (the domain is empty in it) is left out:
// its deviation is 0. Where fewer than two are left, all deviations are NaN.
// Source: Wolter 2007, chapters 3 and 4. Equals R survey::svrVar.
func ReplicateDeviations(theta []float64, estimate, scale float64, rscales []float64, mse bool) []float64 {
	sum, n := 0.0, 0
	for r, t := range theta {
		if rscales[r] > 0 && finite(t) {
			sum += t
			n++
		}
	}
	c := sum / float64(n)
	switch {
	case n < 2:
		c = math.NaN()
	case mse:
		c = estimate
	}
	d := make([]float64, len(theta))
	for r, t := range theta {
		if finite(t) || n < 2 {
			d[r] = math.Sqrt(scale*rscales[r]) * (t - c)
		}
	}
	return d
}

// NotFinite counts the values that do not exist: the replicates that
// ReplicateDeviations leaves out.
func NotFinite(x []float64) int {
	n := 0
	for _, v := range x {
		if !finite(v) {
			n++
		}
	}
	return n
}

// Dot is the scalar product of two vectors of one length: the covariance of
// two estimates whose deviations they are.
func Dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// Alike are sampled units of one group whose influences differ only by their
// weights: z = w·e.
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
// because no large squares are subtracted.
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
