package grouped

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Local is a table in memory as a source.
func Local(t *survey.Table) Source { return local{t, hollow(t)} }

type local struct{ table, dictionary *survey.Table }

// hollow is a table without its rows.
func hollow(t *survey.Table) *survey.Table {
	out := *t
	out.Rows, out.Variables = 0, make([]*survey.Variable, len(t.Variables))
	for k, v := range t.Variables {
		out.Variables[k] = v.Pick(nil)
	}
	return &out
}

func (s local) Dictionary() *survey.Table { return s.dictionary }

func (s local) Rows() int { return s.table.Rows }

// Group numbers the combinations column by column.
func (s local) Group(ctx context.Context, r Request) (*Groups, error) {
	var problems survey.Problems
	columns := make([]*survey.Variable, len(r.Columns))
	for k, name := range r.Columns {
		if columns[k] = s.table.Lookup(name); columns[k] == nil {
			problems = append(problems, s.table.Unknown(name))
		}
	}
	weights := make([][]float64, len(r.Weights))
	for k, w := range r.Weights {
		if v := s.table.Lookup(w.Column); v != nil {
			weights[k] = v.Numbers.Slice()
		} else {
			problems = append(problems, s.table.Unknown(w.Column))
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	of, first := s.number(columns)
	out := &Groups{Table: &survey.Table{Rows: len(first)}, Lots: engine.Lots{Rows: make([]int, len(first))}}
	for _, v := range columns {
		out.Table.Variables = append(out.Table.Variables, v.Pick(first))
	}
	for _, g := range of {
		out.Lots.Rows[g]++
	}
	out.Lots.N = out.Lots.Rows
	for k, w := range weights {
		sum, square := make([]engine.Wide, len(first)), make([]engine.Wide, len(first))
		for i, g := range of {
			whole := engine.Whole(w[i], r.Weights[k].Exponent)
			sum[g] = sum[g].Plus(engine.WideOf(whole))
			if k == 0 {
				square[g] = square[g].Plus(engine.Square(whole))
			}
		}
		if k > 0 {
			out.Lots.Replicates = append(out.Lots.Replicates, sum)
			continue
		}
		out.Lots.N, out.Lots.Sum, out.Lots.Square = make([]int, len(first)), sum, square
		for i, g := range of {
			if w[i] != 0 {
				out.Lots.N[g]++
			}
		}
	}
	if len(weights) > 1 {
		out.Lots.Products = sync.OnceValues(func() ([][]float64, error) { return products(weights[1:], of, len(first)), nil })
	}
	return out, ctx.Err()
}

// number gives each row the number of its group, and each group one of its rows.
func (s local) number(columns []*survey.Variable) (of, first []int32) {
	of = make([]int32, s.table.Rows)
	groups := min(1, s.table.Rows)
	for _, v := range columns {
		code, codes := distinct(v)
		of, groups = joined(of, groups, code, codes)
	}
	first = slices.Repeat([]int32{-1}, groups)
	for i, g := range of {
		if first[g] < 0 {
			first[g] = int32(i)
		}
	}
	return of, first
}

// products are Σ w_r·w_s of some weights for each group.
func products(weights [][]float64, of []int32, groups int) [][]float64 {
	out := make([][]float64, groups)
	for g := range out {
		out[g] = make([]float64, len(weights)*(len(weights)+1)/2)
	}
	row := make([]float64, len(weights))
	for i, g := range of {
		for r := range weights {
			row[r] = weights[r][i]
		}
		sum := out[g]
		for r, w := range row {
			for s, v := range row[:r+1] {
				sum[s] += w * v
			}
			sum = sum[r+1:]
		}
	}
	return out
}

// Weights looks through the columns.
func (s local) Weights(_ context.Context, columns []string) ([]engine.WeightFacts, error) {
	scales := make([]scale, len(columns))
	for k, name := range columns {
		v := s.table.Lookup(name)
		if v == nil {
			return nil, survey.Problems{s.table.Unknown(name)}
		}
		scales[k].add(v)
	}
	return facts(columns, scales), nil
}

// distinct numbers the values of a column ascending, those of rows without a value
// first, which are two where some of these were asked.
func distinct(v *survey.Variable) (code []int32, codes int) {
	if v.IsText() {
		order := make([]int32, len(v.Texts.Values))
		for k := range order {
			order[k] = int32(k)
		}
		slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(v.Texts.Values[a], v.Texts.Values[b]) })
		place := make([]int32, len(order))
		for k, of := range order {
			place[of] = int32(k)
		}
		code = make([]int32, v.Len())
		for i, k := range v.Texts.Index.All() {
			if code[i] = -1; k >= 0 {
				code[i] = place[k]
			}
		}
		codes = len(order)
	} else {
		code, codes = distinctNumbers(v.Numbers.Slice())
	}
	for i, k := range code {
		code[i] = k + 2
		if k < 0 && v.EmptyAsked != nil && v.EmptyAsked[i] {
			code[i] = 0
		} else if k < 0 {
			code[i] = 1
		}
	}
	return code, codes + 2
}

// distinctNumbers numbers the values of numbers ascending, -1 for NaN.
func distinctNumbers(x []float64) (code []int32, codes int) {
	const dense = 4096
	code = make([]int32, len(x))
	var known [dense]int32 // place among values + 1
	var values []float64
	place := map[float64]int32{}
	for i, y := range x {
		switch {
		case math.IsNaN(y):
			code[i] = -1
		case y >= 0 && y < dense && y == math.Trunc(y):
			k := &known[int(y)]
			if *k == 0 {
				values = append(values, y+0) // 0 for −0
				*k = int32(len(values))
			}
			code[i] = *k - 1
		default:
			k, ok := place[y]
			if !ok {
				k = int32(len(values))
				place[y] = k
				values = append(values, y)
			}
			code[i] = k
		}
	}
	order := make([]int32, len(values))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(values[a], values[b]) })
	rank := make([]int32, len(values))
	for k, of := range order {
		rank[of] = int32(k)
	}
	for i, k := range code {
		if k >= 0 {
			code[i] = rank[k]
		}
	}
	return code, len(values)
}

// joined numbers the pairs of a group and a code that occur, in the order of both.
func joined(of []int32, groups int, code []int32, codes int) (next []int32, count int) {
	const most = 1 << 22 // pairs that are counted in an array
	next = make([]int32, len(of))
	if groups*codes <= most {
		place := make([]int32, groups*codes)
		for i, g := range of {
			place[int(g)*codes+int(code[i])] = 1
		}
		for k, in := range place {
			if in > 0 {
				place[k] = int32(count)
				count++
			}
		}
		for i, g := range of {
			next[i] = place[int(g)*codes+int(code[i])]
		}
		return next, count
	}
	keys := make([]int64, len(of))
	for i, g := range of {
		keys[i] = int64(g)*int64(codes) + int64(code[i])
	}
	seen := slices.Clone(keys)
	slices.Sort(seen)
	seen = slices.Compact(seen)
	for i, key := range keys {
		k, _ := slices.BinarySearch(seen, key)
		next[i] = int32(k)
	}
	return next, len(seen)
}
