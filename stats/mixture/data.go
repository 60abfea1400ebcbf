package mixture

import "math"

// most combinations of answers that one lookup table holds: small enough to
// stay in the processor's nearest memory.
const tableSize = 256

// data are the rows in the shape that the steps read: the categorical items
// packed into a few groups, so that one lookup serves several items.
type data struct {
	items      []Item
	groups     []group
	continuous []int
	// codes hold each row's combination in each group, row by row.
	codes []uint16
	// weight of each row, at a mean of 1 over the rows that count.
	weight []float64
	rows   int
	// counted rows have a weight and an answer.
	counted int
	// centre and spread are the mean and standard deviation of each continuous item.
	centre, spread []float64
}

// group packs items: combination Σ (code+1)·stride, where 0 is missing.
type group struct {
	items   []int
	strides []int
	size    int
}

// newData packs rows. Equal rows of categorical items become one with the sum
// of their weights when weights are given; nil keeps each row.
func newData(items []Item, weights []float64) *data {
	d := &data{items: items, rows: items[0].Rows()}
	d.group()
	d.pack()
	if weights == nil {
		return d
	}
	d.weigh(weights)
	d.describe()
	if len(d.continuous) == 0 {
		d.merge()
	}
	return d
}

func (d *data) group() {
	for j, x := range d.items {
		if x.Categories == 0 {
			d.continuous = append(d.continuous, j)
			continue
		}
		last := len(d.groups) - 1
		if last < 0 || d.groups[last].size*(x.Categories+1) > tableSize {
			d.groups = append(d.groups, group{size: 1})
			last++
		}
		g := &d.groups[last]
		g.items, g.strides = append(g.items, j), append(g.strides, g.size)
		g.size *= x.Categories + 1
	}
}

func (d *data) pack() {
	d.codes = make([]uint16, d.rows*len(d.groups))
	for g, packed := range d.groups {
		for n, j := range packed.items {
			for i, c := range d.items[j].Code {
				d.codes[i*len(d.groups)+g] += uint16((int(c) + 1) * packed.strides[n])
			}
		}
	}
}

// weigh scales weights to a mean of 1 over the rows that have one and an answer.
func (d *data) weigh(weights []float64) {
	d.weight = make([]float64, d.rows)
	var sum float64
	for i, w := range weights {
		if w > 0 && d.answered(i) {
			d.weight[i] = w
			sum += w
			d.counted++
		}
	}
	for i := range d.weight {
		d.weight[i] *= float64(d.counted) / sum
	}
}

func (d *data) answered(i int) bool {
	for _, c := range d.row(i) {
		if c > 0 {
			return true
		}
	}
	for _, j := range d.continuous {
		if !math.IsNaN(d.items[j].Value[i]) {
			return true
		}
	}
	return false
}

func (d *data) row(i int) []uint16 {
	return d.codes[i*len(d.groups):][:len(d.groups)]
}

// merge makes one row of equal rows, in the order of their first.
func (d *data) merge() {
	seen := make(map[string]int, d.rows)
	key := make([]byte, 2*len(d.groups))
	n := 0
	for i := range d.rows {
		if d.weight[i] == 0 {
			continue
		}
		for g, c := range d.row(i) {
			key[2*g], key[2*g+1] = byte(c), byte(c>>8)
		}
		at, known := seen[string(key)]
		if !known {
			seen[string(key)] = n
			copy(d.row(n), d.row(i))
			d.weight[n] = d.weight[i]
			n++
			continue
		}
		d.weight[at] += d.weight[i]
	}
	d.rows, d.weight, d.codes = n, d.weight[:n], d.codes[:n*len(d.groups)]
}

// sample is every k-th row, so that at most n stay: what early steps look at.
func (d *data) sample(n int) *data {
	step := (d.rows + n - 1) / n
	if step <= 1 {
		return d
	}
	s := *d
	s.items = append([]Item(nil), d.items...)
	s.codes, s.weight, s.rows = nil, nil, 0
	for _, j := range d.continuous {
		s.items[j].Value = nil
	}
	for i := 0; i < d.rows; i += step {
		s.codes = append(s.codes, d.row(i)...)
		s.weight = append(s.weight, d.weight[i])
		for _, j := range d.continuous {
			s.items[j].Value = append(s.items[j].Value, d.items[j].Value[i])
		}
		s.rows++
	}
	return &s
}

// describe measures the continuous items over all rows that count.
func (d *data) describe() {
	d.centre, d.spread = make([]float64, len(d.items)), make([]float64, len(d.items))
	for _, j := range d.continuous {
		var n, mean, m2 float64
		for i, x := range d.items[j].Value {
			if w := d.weight[i]; w > 0 && !math.IsNaN(x) {
				n += w
				step := x - mean
				mean += step * w / n
				m2 += w * step * (x - mean)
			}
		}
		d.centre[j], d.spread[j] = mean, math.Sqrt(m2/n)
		if !(d.spread[j] > 0) {
			d.spread[j] = 1
		}
	}
}
