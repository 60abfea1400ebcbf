package segment

import (
	"encoding/binary"
	"math"

	"surveykit/stats/mixture"
	"surveykit/stats/shortform"
)

// lots are rows of one segment and one fold with the same answers: no set of
// items tells them apart, so that they are searched as one row of all their
// weight.
type lots struct {
	in          []mixture.Item
	class, fold []int32
	weight      []float64
	// of is the lot of each row.
	of []int32
}

func (t *typing) lots() *lots {
	l := &lots{in: make([]mixture.Item, len(t.in)), of: make([]int32, len(t.weights))}
	for j, x := range t.in {
		l.in[j] = mixture.Item{Categories: x.Categories, Ordinal: x.Ordinal}
	}
	known := map[string]int32{}
	var key []byte
	for i := range l.of {
		key = t.alike(i, key[:0])
		lot, ok := known[string(key)]
		if !ok {
			lot = int32(len(l.weight))
			known[string(key)] = lot
			l.open(t, i)
		}
		l.of[i] = lot
		l.weight[lot] += t.weights[i]
	}
	return l
}

// alike is the same for two rows of one lot.
func (t *typing) alike(i int, key []byte) []byte {
	key = binary.LittleEndian.AppendUint32(key, uint32(t.class[i]))
	key = binary.LittleEndian.AppendUint32(key, uint32(t.fold[i]))
	for _, x := range t.in {
		if x.Categories > 0 {
			key = binary.LittleEndian.AppendUint32(key, uint32(x.Code[i]))
		} else {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(x.Value[i]))
		}
	}
	return key
}

// open begins a lot with a row, its weight still to come.
func (l *lots) open(t *typing, i int) {
	l.class, l.fold, l.weight = append(l.class, t.class[i]), append(l.fold, t.fold[i]), append(l.weight, 0)
	for j, x := range t.in {
		if x.Categories > 0 {
			l.in[j].Code = append(l.in[j].Code, x.Code[i])
		} else {
			l.in[j].Value = append(l.in[j].Value, x.Value[i])
		}
	}
}

// enter writes what a model says of the lots of a fold.
func (l *lots) enter(e shortform.Evidence, m *mixture.Model, fold int32) {
	k := e.Classes
	for j, item := range l.in {
		said := m.Evidence(j, item)
		for i, f := range l.fold {
			if f == fold {
				copy(e.Item[j][i*k:(i+1)*k], said[i*k:(i+1)*k])
			}
		}
	}
	for i, f := range l.fold {
		for c, share := range m.Shares {
			if f == fold {
				e.Prior[i*k+c] = math.Log(share)
			}
		}
	}
}

// spread gives every row what its lot has.
func (l *lots) spread(of []int32) []int32 {
	out := make([]int32, len(l.of))
	for i, lot := range l.of {
		out[i] = of[lot]
	}
	return out
}
