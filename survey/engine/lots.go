package engine

import (
	"encoding/binary"
	"math"
	"sync"

	"surveykit/stats"
)

// lots is the spread where each row is a unit: rows of one stratum and cell
// with the same entries are alike but for their weights, so a million rows are
// a few thousand lots.
type lots struct {
	totals *Totals
	alike  []stats.Alike
	// row is one of the rows of each lot.
	row []int32
}

// byLot makes the pass over the rows lot by lot.
func (t *Totals) byLot() lots {
	f := t.frame
	of, row := t.lotOfRows()
	out := lots{t, make([]stats.Alike, len(row)), row}
	weight := make([]part, len(row))
	for i, k := range of {
		if k >= 0 {
			weight[k].n++
			weight[k].running = weight[k].plus(f.Weights[i])
		}
	}
	for k, i := range row {
		out.alike[k] = stats.Alike{Group: f.Stratum[i], Units: weight[k].n, Mean: weight[k].value() / float64(weight[k].n)}
	}
	scatter := make([]float64, len(row))
	for i, k := range of {
		if k >= 0 {
			d := f.Weights[i] - out.alike[k].Mean
			scatter[k] += d * d
		}
	}
	all := make([]added, len(t.Sum))
	for k, a := range out.alike {
		out.alike[k].Scatter = math.Sqrt(scatter[k])
		square := scatter[k] + float64(a.Units)*a.Mean*a.Mean
		t.entries(int(row[k]), func(j int, x float64) {
			s := &all[j]
			s.all = s.all.and(running{weight[k].sum * x, weight[k].lost * x})
			s.square, s.sums.n = s.square.plus(square*x), s.sums.n+a.Units
		})
	}
	t.take(all)
	return out
}

// lotOfRows numbers the lots, and gives that of each row, -1 where the row adds
// to no total, and the first row of each lot.
func (t *Totals) lotOfRows() (of, row []int32) {
	f, terms := t.frame, t.query.Terms
	pattern := terms.patterns()
	seen := map[int]int32{}
	of = make([]int32, f.Rows)
	for i, c := range t.query.Cell {
		of[i] = -1
		if c < 0 || f.Weights[i] == 0 || terms.Start[i] == terms.Start[i+1] {
			continue
		}
		key := (int(pattern[i])*f.Strata+int(f.Stratum[i]))*t.query.Cells + int(c)
		k, ok := seen[key]
		if !ok {
			k = int32(len(row))
			seen[key] = k
			row = append(row, int32(i))
		}
		of[i] = k
	}
	return of, row
}

func (l lots) deviations(gradient []float64, touched []bool) []float64 {
	e := make([]float64, len(l.row))
	for k, i := range l.row {
		l.totals.entries(int(i), func(j int, x float64) { e[k] += gradient[j] * x })
	}
	f := l.totals.frame
	return f.Stages[0].AlikeDeviations(l.alike, e, f.Lonely, f.Stages[0].Touched(touched))
}

func (l lots) strata() []int32 { return l.totals.frame.Stages[0].AlikeGroups(l.alike) }

func (l lots) members() membership {
	m := membership{in: bitsets(len(l.totals.Sum), len(l.row)), stratum: make([]int32, len(l.row)), psus: make([]int, len(l.row))}
	for k, a := range l.alike {
		m.stratum[k], m.psus[k] = a.Group, a.Units
		l.totals.entries(int(l.row[k]), func(j int, _ float64) { m.in[j].set(k) })
	}
	return m
}

// patternsOnce numbers the distinct lists of entries of terms, once.
type patternsOnce struct {
	once sync.Once
	of   []int32
}

// patterns gives rows with the same entries the same number. It is nil where
// most rows have entries of their own, such as amounts of money.
func (t *Terms) patterns() []int32 {
	t.pattern.once.Do(func() { t.pattern.of = t.numbered() })
	return t.pattern.of
}

func (t *Terms) numbered() []int32 {
	const enoughToTell = 1000
	of := make([]int32, len(t.Start)-1)
	seen := map[string]int32{}
	var key []byte
	for i := range of {
		key = t.key(key[:0], i)
		n, ok := seen[string(key)]
		if !ok {
			n = int32(len(seen))
			seen[string(key)] = n
		}
		if of[i] = n; len(seen) > enoughToTell+i/2 {
			return nil
		}
	}
	return of
}

// key writes the entries of a row.
func (t *Terms) key(key []byte, row int) []byte {
	for k := t.Start[row]; k < t.Start[row+1]; k++ {
		key = binary.LittleEndian.AppendUint32(key, uint32(t.Index[k]))
		if t.Value != nil {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(t.Value[k]))
		}
	}
	return key
}
