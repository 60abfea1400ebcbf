package engine

import (
	"encoding/binary"
	"math"
	"sync"

	"surveykit/stats"
)

// lots is the spread where each row is a unit: rows of one stratum and cell
// with the same entries differ only in their weights, so a million rows are
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
			weight[k].running = weight[k].plus(f.ByRow.Weights[i])
		}
	}
	for k, i := range row {
		out.alike[k] = stats.Alike{Group: f.ByRow.Stratum[i], Units: weight[k].n, Mean: weight[k].value() / float64(weight[k].n)}
	}
	scatter := make([]float64, len(row))
	for i, k := range of {
		if k >= 0 {
			d := f.ByRow.Weights[i] - out.alike[k].Mean
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

// lotOfRows numbers the lots, and gives the lot of each row, -1 where the row adds
// to no total, and the first row of each lot.
func (t *Totals) lotOfRows() (of, row []int32) {
	f, terms := t.frame, t.query.Terms
	pattern := terms.patterns()
	seen := map[int]int32{}
	of = make([]int32, f.Rows)
	for i, c := range t.query.Cell {
		of[i] = -1
		if from, to := terms.Entries(i); c < 0 || f.ByRow.Weights[i] == 0 || from == to {
			continue
		}
		key := (int(pattern[i])*f.Strata+int(f.ByRow.Stratum[i]))*t.query.Cells + int(c)
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
	if t.List != nil {
		return t.List
	}
	t.pattern.once.Do(func() {
		shared := &Sharing{}
		of := make([]int32, len(t.Start)-1)
		for i := range of {
			var ok bool
			if of[i], _, ok = shared.Number(t, t.Start[i], t.Start[i+1]); !ok {
				return
			}
		}
		t.pattern.of = of
	})
	return t.pattern.of
}

// Sharing numbers lists of entries, the same ones alike.
type Sharing struct {
	seen map[string]int32
	rows int
	key  []byte
}

// Number is the number of the next row's list, whose entries are at places of terms.
// It is not ok where most rows have lists of their own, so that sharing does not help.
func (s *Sharing) Number(t *Terms, from, to int32) (n int32, isNew, ok bool) {
	const enoughToTell = 1000
	if s.seen == nil {
		s.seen = map[string]int32{}
	}
	s.key = s.key[:0]
	for k := from; k < to; k++ {
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(t.Index[k]))
		if t.Value != nil {
			s.key = binary.LittleEndian.AppendUint64(s.key, math.Float64bits(t.Value[k]))
		}
	}
	n, known := s.seen[string(s.key)]
	if !known {
		n = int32(len(s.seen))
		s.seen[string(s.key)] = n
	}
	s.rows++
	return n, !known, len(s.seen) <= enoughToTell+(s.rows-1)/2
}
