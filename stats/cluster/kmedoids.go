package cluster

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"surveykit/stats/parallel"
)

// KMedoids are the people in the middle of clusters: all that is needed to assign
// other people by Gower's distance.
type KMedoids struct {
	Items []Medoid `json:"items"`
}

// Medoid is the answers of the medoids to one item.
type Medoid struct {
	// Range is the unit of its distances, see Ranges.
	Range float64 `json:"range"`
	// Value[k] is the answer of cluster k's medoid, nil where there is none.
	Value []*float64 `json:"value"`
}

// KMedoidsFit is a solution and its fit.
type KMedoidsFit struct {
	KMedoids
	// Member is each row's cluster, -1 where it has no weight or no answer;
	// Rows are the medoids.
	Member, Rows []int32
	// Within is the weighted mean distance to the medoids, Total that to the
	// medoid of all.
	Within, Total float64
	// Starts is how many were tried, Reached how many of them ended at the best
	// solution.
	Starts, Reached int
	// Searched is the number of different rows among which each start searched, 0 for
	// all.
	Searched int
}

// FitKMedoids finds the k rows of the smallest Σ w_i d(i, nearest)/Σ w by
// Gower's distance d: k-means++ seeding on d, then swaps of a medoid and another
// row while one makes the sum smaller, each done as soon as it is found
// (FasterPAM, Schubert and Rousseeuw 2021). Equal rows count as one row with
// their total weight. Among more than 4,000 different rows each start draws 4,000 of them
// and is compared on all (CLARA, Kaufman and Rousseeuw 1990). Clusters come
// largest first. The error is ErrTooFew or the context's.
// Equals R cluster::pam on daisy distances with equal weights where its swaps
// find the best.
func FitKMedoids(ctx context.Context, items []Item, weights []float64, k int, o Options) (*KMedoidsFit, error) {
	d := distinctRows(items, weights)
	if len(d.row) < k {
		return nil, ErrTooFew
	}
	p := newPoints(items, o.units(items, weights, Ranges))
	search := d.searcher(p)
	tries := make([]medoids, o.starts())
	parallel.Each(ctx, len(tries), func(s int) { tries[s] = search(k, rand.New(rand.NewPCG(o.Seed, uint64(s)))) })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	best := slices.MinFunc(tries, func(a, b medoids) int { return cmp.Compare(a.within, b.within) })
	f := d.finish(p, best.rows, items)
	if !filled(f.Member, k) {
		return nil, ErrTooFew
	}
	f.Within, f.Starts = best.within, len(tries)
	for _, t := range tries {
		if t.within-best.within <= 1e-9*best.within {
			f.Reached++
		}
	}
	if len(d.row) > sampled {
		f.Searched = sampled
	}
	f.Total = search(1, rand.New(rand.NewPCG(o.Seed, 0))).within
	return f, nil
}

// distinct is the different rows that count, each with the weight of all rows equal
// to it.
type distinct struct {
	row    []int32
	weight []float64
	// of is the index of each row of the table among them, -1 outside.
	of []int32
}

func distinctRows(items []Item, weights []float64) distinct {
	d := distinct{of: slices.Repeat([]int32{-1}, len(weights))}
	seen := map[string]int32{}
	key := make([]byte, 0, 8*len(items))
	for _, i := range counted(items, weights) {
		key = key[:0]
		for _, x := range items {
			bits := math.Float64bits(x.Value[i] + 0) // one zero
			for s := 0; s < 64; s += 8 {
				key = append(key, byte(bits>>s))
			}
		}
		at, known := seen[string(key)]
		if !known {
			at = int32(len(d.row))
			seen[string(key)] = at
			d.row, d.weight = append(d.row, i), append(d.weight, 0)
		}
		d.of[i] = at
		d.weight[at] += weights[i]
	}
	return d
}

// meanWeight is the mean weight of the rows that count.
func (d distinct) meanWeight() float64 {
	var sum, n float64
	for _, w := range d.weight {
		sum += w
	}
	for _, at := range d.of {
		if at >= 0 {
			n++
		}
	}
	return sum / n
}

// medoids are the result of a start.
type medoids struct {
	rows   []int32
	within float64
}

// searcher returns the function that searches from one start. Distances between all
// rows are computed once; where there are more than sampled, each start draws its
// own rows.
func (d distinct) searcher(p *points) func(k int, random *rand.Rand) medoids {
	all := make([]int, len(d.row))
	for i := range all {
		all[i] = i
	}
	if len(all) <= sampled {
		distances := d.distances(p, all)
		return func(k int, random *rand.Rand) medoids {
			return d.search(p, newSwaps(d, all, distances), all, k, random)
		}
	}
	return func(k int, random *rand.Rand) medoids {
		some := random.Perm(len(all))[:sampled]
		slices.Sort(some)
		return d.search(p, newSwaps(d, some, d.distances(p, some)), some, k, random)
	}
}

func (d distinct) search(p *points, s *swaps, some []int, k int, random *rand.Rand) medoids {
	chance := append([]float64(nil), s.weight...)
	for i := range s.dNear {
		s.dNear[i] = math.Inf(1)
	}
	for range k {
		m := draw(random, chance)
		s.medoid = append(s.medoid, m)
		for i, x := range s.to(m) {
			s.dNear[i] = min(s.dNear[i], float64(x))
			chance[i] = s.weight[i] * s.dNear[i]
		}
	}
	s.update()
	s.improve()
	m := medoids{}
	for _, at := range s.medoid {
		m.rows = append(m.rows, d.row[some[at]])
	}
	_, m.within = d.nearest(p, m.rows)
	return m
}

// nearest is the nearest medoid of each different row, and the mean distance.
func (d distinct) nearest(p *points, medoid []int32) (member []int32, mean float64) {
	member = make([]int32, len(d.row))
	var all float64
	for n, i := range d.row {
		k, far := p.nearestTo(p.row(int(i)), medoid)
		member[n] = k
		mean += d.weight[n] * far
		all += d.weight[n]
	}
	return member, mean / all
}

func (p *points) nearestTo(row []float64, medoid []int32) (k int32, far float64) {
	far = math.Inf(1)
	for l, m := range medoid {
		if e := p.gower(row, p.row(int(m))); e < far {
			k, far = int32(l), e
		}
	}
	return k, far
}

// finish numbers the clusters, largest first.
func (d distinct) finish(p *points, medoid []int32, items []Item) *KMedoidsFit {
	member, _ := d.nearest(p, medoid)
	f := &KMedoidsFit{Member: slices.Clone(d.of), Rows: make([]int32, len(medoid))}
	place := largestFirst(member, d.weight, len(medoid))
	for k, row := range medoid {
		f.Rows[place[k]] = row
	}
	member, _ = d.nearest(p, f.Rows) // of two medoids at the same distance, the first takes the row
	for i, n := range d.of {
		if n >= 0 {
			f.Member[i] = member[n]
		}
	}
	for j, x := range items {
		m := Medoid{Range: p.unit[j]}
		for _, row := range f.Rows {
			var answer *float64
			if v := x.Value[row]; !math.IsNaN(v) {
				answer = &v
			}
			m.Value = append(m.Value, answer)
		}
		f.Items = append(f.Items, m)
	}
	return f
}

// Assign gives each row the cluster of the nearest medoid by Gower's distance;
// -1 without an answer. The items are the fitted ones, in order.
func (m *KMedoids) Assign(items []Item) []int32 {
	ranges := make([]float64, len(items))
	with := make([]Item, len(items))
	n := len(items[0].Value)
	for j, x := range m.Items {
		ranges[j] = x.Range
		with[j] = Item{Categories: items[j].Categories, Value: slices.Clone(items[j].Value)}
		for _, v := range x.Value {
			answer := math.NaN()
			if v != nil {
				answer = *v
			}
			with[j].Value = append(with[j].Value, answer)
		}
	}
	p := newPoints(with, ranges)
	medoid := make([]int32, len(m.Items[0].Value))
	for k := range medoid {
		medoid[k] = int32(n + k)
	}
	member := slices.Repeat([]int32{-1}, n)
	for i := range member {
		if answers(items, i) {
			member[i], _ = p.nearestTo(p.row(i), medoid)
		}
	}
	return member
}

// swaps are rows with all their distances, and the medoids among them.
type swaps struct {
	n      int
	d      []float32
	weight []float64
	medoid []int
	// near and next are each row's nearest and second nearest medoid, dNear and
	// dNext their distances.
	near         []int
	dNear, dNext []float64
	// loss is the growth of the sum without each medoid.
	loss []float64
}

// distances are those between some of the different rows, all pairs both ways.
func (d distinct) distances(p *points, some []int) []float32 {
	n := len(some)
	out := make([]float32, n*n)
	for a, i := range some {
		row := p.row(int(d.row[i]))
		for b, j := range some[:a] {
			x := float32(p.gower(row, p.row(int(d.row[j]))))
			out[a*n+b], out[b*n+a] = x, x
		}
	}
	return out
}

func newSwaps(d distinct, some []int, distances []float32) *swaps {
	n := len(some)
	s := &swaps{n: n, d: distances, near: make([]int, n), dNear: make([]float64, n), dNext: make([]float64, n)}
	for _, i := range some {
		s.weight = append(s.weight, d.weight[i])
	}
	return s
}

func (s *swaps) to(i int) []float32 { return s.d[i*s.n:][:s.n] }

// update finds the two nearest medoids of every row and the loss of each medoid.
func (s *swaps) update() {
	s.loss = make([]float64, len(s.medoid))
	for i := range s.n {
		s.dNear[i], s.dNext[i] = math.Inf(1), math.Inf(1)
		for k, m := range s.medoid {
			switch x := float64(s.d[m*s.n+i]); {
			case x < s.dNear[i]:
				s.near[i], s.dNear[i], s.dNext[i] = k, x, s.dNear[i]
			case x < s.dNext[i]:
				s.dNext[i] = x
			}
		}
		if len(s.medoid) > 1 {
			s.loss[s.near[i]] += s.weight[i] * (s.dNext[i] - s.dNear[i])
		}
	}
}

// leastGain is the share of the sum that a swap must save: smaller gains are
// rounding errors.
const leastGain = 1e-10

// improve swaps until a whole round over the rows finds no swap that gains.
func (s *swaps) improve() {
	var sum float64
	for i, w := range s.weight {
		sum += w * s.dNear[i]
	}
	change := make([]float64, len(s.medoid))
	for since, x := 0, 0; since < s.n; since, x = since+1, (x+1)%s.n {
		k, gain := s.best(x, change)
		if gain > leastGain*sum {
			s.medoid[k] = x
			s.update()
			since = 0
		}
	}
}

// best is the medoid that row x would best replace, and what that saves.
func (s *swaps) best(x int, change []float64) (medoid int, gain float64) {
	copy(change, s.loss)
	var shared float64
	single := len(s.medoid) == 1
	for i, far := range s.to(x) {
		d := float64(far)
		switch {
		case single:
			shared += s.weight[i] * (d - s.dNear[i])
		case d < s.dNear[i]:
			shared += s.weight[i] * (d - s.dNear[i])
			change[s.near[i]] += s.weight[i] * (s.dNear[i] - s.dNext[i])
		case d < s.dNext[i]:
			change[s.near[i]] += s.weight[i] * (d - s.dNext[i])
		}
	}
	for k, c := range change {
		if c < change[medoid] {
			medoid = k
		}
	}
	return medoid, -(change[medoid] + shared)
}
