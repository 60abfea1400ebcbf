package mixture

import "math"

// sums are the expected counts of one pass over the rows.
type sums struct {
	share []float64
	// table[g][combination*K+k] counts the combinations of a group.
	table [][]float64
	// moment[j] holds Σwz, Σwzx and Σwzx² of each class for a continuous item,
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

func (s *sums) clear() {
	clear(s.share)
	for _, t := range s.table {
		clear(t)
	}
	for _, m := range s.moment {
		clear(m)
	}
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
	s.clear()
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
		d.addMoments(s, i, l)
	}
	return loglik
}

func (d *data) addMoments(s *sums, i int, z []float64) {
	for _, j := range d.continuous {
		x := d.items[j].Value[i]
		if math.IsNaN(x) {
			continue
		}
		x -= d.centre[j]
		for k, v := range z {
			s.moment[j][3*k] += v
			s.moment[j][3*k+1] += v * x
			s.moment[j][3*k+2] += v * x * x
		}
	}
}

// maximise moves p to the parameters that the expected counts give.
func (d *data) maximise(p *parameters, s *sums) {
	copy(p.share, s.share)
	normalise(p.share, 1)
	for g, packed := range d.groups {
		for n, j := range packed.items {
			counts := d.margin(g, n, s.table[g], p.classes)
			if d.items[j].Ordinal {
				p.fitOrdinal(j, counts)
				continue
			}
			copy(p.probability[j], counts)
			normalise(p.probability[j], p.classes)
		}
	}
	for _, j := range d.continuous {
		p.fitNormal(j, s.moment[j], d.centre[j], d.spread[j])
	}
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
