package mixture

import (
	"math"
)

// tableSize is how many combinations of answers a lookup table has: few enough to
// stay in the processor's cache.
const tableSize = 256

// data is the rows in the form that the steps need: the categorical items are packed
// into a few groups, so that one lookup serves several items.
type data struct {
	items      []Item
	groups     []group
	continuous []int
	// codes are each row's combination in each group, row by row.
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
	d.codes = make([]uint16, d.rows*len(d.groups))
	for g, packed := range d.groups {
		for n, j := range packed.items {
			for i, c := range d.items[j].Code {
				d.codes[i*len(d.groups)+g] += uint16((int(c) + 1) * packed.strides[n])
			}
		}
	}
	if weights == nil {
		return d
	}
	d.weigh(weights)
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
	if len(d.continuous) == 0 {
		d.merge()
	}
	return d
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

// merge makes one row of equal rows, in the order of their first occurrence.
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

// sample is rows at equal steps, at most n of them, for the early steps.
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

// sums are the expected counts of one pass over the rows.
type sums struct {
	share []float64
	// table[g][combination*K+k] counts the combinations of a group.
	table [][]float64
	// moment[j] is Σwz, Σwzx and Σwzx² of each class for a continuous item,
	// x measured from the item's mean.
	moment [][]float64
}

func (d *data) newSums(classes int) *sums {
	s := &sums{share: make([]float64, classes), moment: make([][]float64, len(d.items))}
	for _, g := range d.groups {
		s.table = append(s.table, make([]float64, g.size*classes))
	}
	for _, j := range d.continuous {
		s.moment[j] = make([]float64, 3*classes)
	}
	return s
}

// tables are the log-probabilities of each group's combinations.
func (d *data) tables(p *parameters) [][]float64 {
	out := make([][]float64, len(d.groups))
	for g, packed := range d.groups {
		t := make([]float64, packed.size*p.classes)
		for n, j := range packed.items {
			stride, categories := packed.strides[n], d.items[j].Categories
			logs := make([]float64, len(p.probability[j]))
			for i, v := range p.probability[j] {
				logs[i] = math.Log(v)
			}
			for combination := range packed.size {
				if c := combination / stride % (categories + 1); c > 0 {
					to, from := t[combination*p.classes:][:p.classes], logs[(c-1)*p.classes:][:p.classes]
					for k, v := range from {
						to[k] += v
					}
				}
			}
		}
		out[g] = t
	}
	return out
}

// joint is ln π_k + Σ_j ln p_jk(y_ij) of one row.
func (d *data) joint(p *parameters, tables [][]float64, i int, l []float64) {
	for k, s := range p.share {
		l[k] = math.Log(s)
	}
	d.addAnswers(p, tables, i, l)
}

func (d *data) addAnswers(p *parameters, tables [][]float64, i int, l []float64) {
	for g, c := range d.row(i) {
		t := tables[g][int(c)*len(l):][:len(l)]
		for k, v := range t {
			l[k] += v
		}
	}
	for _, j := range d.continuous {
		x := d.items[j].Value[i]
		if math.IsNaN(x) {
			continue
		}
		for k := range l {
			z := (x - p.mean[j][k]) / p.sd[j][k]
			l[k] -= z*z/2 + math.Log(p.sd[j][k]) + halfLog2Pi
		}
	}
}

const halfLog2Pi = 0.918938533204672741780329736406

// expect counts the rows by class and answer under p and returns the pseudo
// log-likelihood of p.
func (d *data) expect(p *parameters, s *sums) float64 {
	clear(s.share)
	for _, t := range s.table {
		clear(t)
	}
	for _, m := range s.moment {
		clear(m)
	}
	tables := d.tables(p)
	logShare, l := make([]float64, p.classes), make([]float64, p.classes)
	for k, v := range p.share {
		logShare[k] = math.Log(v)
	}
	var loglik float64
	for i := range d.rows {
		w := d.weight[i]
		if w == 0 {
			continue
		}
		copy(l, logShare)
		d.addAnswers(p, tables, i, l)
		loglik += w * exponentiate(l)
		for k := range l {
			l[k] *= w
			s.share[k] += l[k]
		}
		for g, c := range d.row(i) {
			t := s.table[g][int(c)*len(l):][:len(l)]
			for k, v := range l {
				t[k] += v
			}
		}
		for _, j := range d.continuous {
			x := d.items[j].Value[i]
			if math.IsNaN(x) {
				continue
			}
			x -= d.centre[j]
			for k, v := range l {
				s.moment[j][3*k] += v
				s.moment[j][3*k+1] += v * x
				s.moment[j][3*k+2] += v * x * x
			}
		}
	}
	return loglik
}

// margin adds a group's counts up to those of its n-th item.
func (d *data) margin(g, n int, table []float64, classes int) []float64 {
	packed := d.groups[g]
	categories := d.items[packed.items[n]].Categories
	counts := make([]float64, categories*classes)
	for combination := range packed.size {
		if c := combination / packed.strides[n] % (categories + 1); c > 0 {
			to, from := counts[(c-1)*classes:][:classes], table[combination*classes:][:classes]
			for k, v := range from {
				to[k] += v
			}
		}
	}
	return counts
}
