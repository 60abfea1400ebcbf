package cluster

import "math"

// Distance is how far two rows are apart.
type Distance func(i, j int) float64

// points are rows in the shape that distances read: row by row, numbers over
// the unit of their item.
type points struct {
	items   int
	x       []float64
	nominal []bool
	unit    []float64
}

func newPoints(items []Item, units []float64) *points {
	p := &points{items: len(items), unit: units}
	n := len(items[0].Value)
	p.x = make([]float64, n*len(items))
	for j, item := range items {
		p.nominal = append(p.nominal, item.Categories > 0)
		for i, v := range item.Value {
			if item.Categories == 0 {
				v /= units[j]
			}
			p.x[i*p.items+j] = v
		}
	}
	return p
}

func (p *points) row(i int) []float64 { return p.x[i*p.items:][:p.items] }

// Ranges are the units of Gower's distance: the range of each number over the
// rows with a weight, 1 for a nominal item and where all are equal.
func Ranges(items []Item, weights []float64) []float64 {
	units := make([]float64, len(items))
	for j, x := range items {
		units[j] = 1
		if x.Categories == 0 {
			_, _, low, high := moments(x.Value, weights)
			units[j] = unit(high - low)
		}
	}
	return units
}

// Gower is the distance of Gower (1971): the mean over the items that both rows
// answered of |x−y|/range for a number (at most 1) and of 0 or 1 for equal and
// different categories; 1 where they share no item. ranges are those of Ranges.
// Equals R cluster::daisy(metric = "gower") with ordered items as numbers.
func Gower(items []Item, ranges []float64) Distance {
	p := newPoints(items, ranges)
	return func(i, j int) float64 { return p.gower(p.row(i), p.row(j)) }
}

func (p *points) gower(a, b []float64) float64 {
	var sum, n float64
	for j, x := range a {
		d := math.Abs(x - b[j])
		if math.IsNaN(d) {
			continue
		}
		n++
		if p.nominal[j] && d > 0 {
			d = 1
		}
		sum += min(d, 1)
	}
	if n == 0 {
		return 1
	}
	return sum / n
}

// Spreads are the units of k-means, over the rows with a weight: the standard
// deviation of a number; of a nominal item √Σ p(1−p), that of the columns of its
// categories together; 1 where nobody differs. In these units every item adds a
// variance of 1.
func Spreads(items []Item, weights []float64) []float64 {
	units := make([]float64, len(items))
	for j, x := range items {
		if x.Categories == 0 {
			_, sd, _, _ := moments(x.Value, weights)
			units[j] = unit(sd)
			continue
		}
		var variance float64
		for _, p := range shares(x, weights) {
			variance += p * (1 - p)
		}
		units[j] = unit(math.Sqrt(variance))
	}
	return units
}

// Euclidean is the distance that k-means minimises the squares of: the root of
// Σ ((x−y)/spread)² over the items that both rows answered, a category being a
// column of 0 and 1, times the share of the items that these are. Rows that
// share no item are as far apart as two drawn at random are on average: √(2·items).
func Euclidean(items []Item, spreads []float64) Distance {
	p := newPoints(items, spreads)
	return func(i, j int) float64 { return p.euclidean(p.row(i), p.row(j)) }
}

func (p *points) euclidean(a, b []float64) float64 {
	var sum, n float64
	for j, x := range a {
		d := x - b[j]
		if math.IsNaN(d) {
			continue
		}
		n++
		switch {
		case !p.nominal[j]:
			sum += d * d
		case d != 0:
			sum += 2 / (p.unit[j] * p.unit[j])
		}
	}
	all := float64(p.items)
	if n == 0 {
		return math.Sqrt(2 * all)
	}
	return math.Sqrt(sum * all / n)
}
