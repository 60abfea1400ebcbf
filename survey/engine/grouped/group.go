package grouped

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// grouper groups the rows of tables, or groups of rows, that come one after another.
type grouper struct {
	columns []*coded
	weights []Scaled
	// multiply asks for the products of the replicate weights of rows.
	multiply bool

	n      int
	places map[string]int32 // of each group, by the codes of its columns
	codes  []int32          // those codes, group after group
	lots   engine.Lots
	// products are those of the groups of rows, parts the groups whose products are asked
	// for later.
	products [][]float64
	parts    []part
	key      []byte
	dense    []int32
}

// part are groups that were added, and which of the grouper's they are among.
type part struct {
	*Groups
	of []int32
}

// newGrouper groups tables whose columns are like some variables.
func newGrouper(like []*survey.Variable, weights []Scaled) *grouper {
	g := &grouper{weights: weights, places: map[string]int32{}}
	for _, v := range like {
		g.columns = append(g.columns, &coded{like: v, numbers: map[float64]int32{}, texts: map[string]int32{}})
	}
	if len(weights) > 0 { // which nobody may have
		g.lots = engine.Lots{N: []int{}, Sum: []engine.Wide{}, Square: []engine.Wide{}, Replicates: make([][]engine.Wide, len(weights)-1)}
	}
	return g
}

// add adds rows. The table has the columns and the weights.
func (g *grouper) add(t *survey.Table) {
	of := g.place(t)
	for _, k := range of {
		g.lots.Rows[k]++
	}
	rows := make([][]float64, len(g.weights))
	for r, scaled := range g.weights {
		w, scale := scaled.of(t), math.Ldexp(1, scaled.Exponent)
		if rows[r] = w; r > 0 {
			sum := grown(&g.lots.Replicates[r-1], g.n)
			for i, k := range of {
				sum[k] = sum[k].Plus(engine.WideOf(int64(w[i] * scale)))
			}
			continue
		}
		n, sum, square := grown(&g.lots.N, g.n), grown(&g.lots.Sum, g.n), grown(&g.lots.Square, g.n)
		for i, k := range of {
			whole := int64(w[i] * scale)
			sum[k] = sum[k].Plus(engine.WideOf(whole))
			square[k] = square[k].Plus(engine.Square(whole))
			if w[i] != 0 {
				n[k]++
			}
		}
	}
	if g.multiply {
		multiplied(grown(&g.products, g.n), rows[1:], of)
	}
}

// of are the weights of the rows of a table.
func (w Weight) of(t *survey.Table) []float64 {
	of := t.Lookup(w.Column).Numbers.Slice()
	if w.Times == "" {
		return of
	}
	out := make([]float64, len(of))
	for i, x := range t.Lookup(w.Times).Numbers.All() {
		out[i] = of[i] * x
	}
	return out
}

// multiplied adds Σ w_r·w_s of some weights to the products of each group.
func multiplied(products [][]float64, weights [][]float64, of []int32) {
	row := make([]float64, len(weights))
	for i, k := range of {
		if products[k] == nil {
			products[k] = make([]float64, len(weights)*(len(weights)+1)/2)
		}
		for r := range weights {
			row[r] = weights[r][i]
		}
		sum := products[k]
		for r, w := range row {
			for s, v := range row[:r+1] {
				sum[s] += w * v
			}
			sum = sum[r+1:]
		}
	}
}

// addGroups adds rows that are grouped.
func (g *grouper) addGroups(p *Groups) {
	of, lots := g.place(p.Table), &p.Lots
	plus := func(a, b int) int { return a + b }
	summed(&g.lots.Rows, g.n, of, lots.Rows, plus)
	summed(&g.lots.N, g.n, of, lots.N, plus)
	summed(&g.lots.Sum, g.n, of, lots.Sum, engine.Wide.Plus)
	summed(&g.lots.Square, g.n, of, lots.Square, engine.Wide.Plus)
	for r, sum := range lots.Replicates {
		if len(g.lots.Replicates) == r {
			g.lots.Replicates = append(g.lots.Replicates, nil)
		}
		summed(&g.lots.Replicates[r], g.n, of, sum, engine.Wide.Plus)
	}
	if lots.Products != nil {
		g.parts = append(g.parts, part{p, of})
	}
}

// summed adds the sums of a part's groups to those of n groups; nil sums are none.
func summed[T any](to *[]T, n int, of []int32, sums []T, plus func(a, b T) T) {
	if sums == nil {
		return
	}
	all := grown(to, n)
	for i, x := range sums {
		all[of[i]] = plus(all[of[i]], x)
	}
}

// grown has at least n elements.
func grown[T any](s *[]T, n int) []T {
	if len(*s) < n {
		*s = append(*s, make([]T, n-len(*s))...)
	}
	return *s
}

// place gives each row of a table its group, those that are new as well. The rows are
// grouped among themselves by one column after another first, so that only one row of each
// group is looked up.
func (g *grouper) place(t *survey.Table) []int32 {
	of, groups := make([]int32, t.Rows), min(1, t.Rows)
	codes := make([][]int32, len(g.columns))
	for j, c := range g.columns {
		codes[j] = c.codes(t.Lookup(c.like.Name))
		groups = g.join(of, groups, codes[j], c.count())
	}
	to := slices.Repeat([]int32{-1}, groups)
	for i, k := range of {
		if to[k] >= 0 {
			continue
		}
		g.key = g.key[:0]
		for j := range codes {
			g.key = binary.LittleEndian.AppendUint32(g.key, uint32(codes[j][i]))
		}
		place, known := g.places[string(g.key)]
		if !known {
			place = int32(g.n)
			g.places[string(g.key)] = place
			g.n++
			for j := range codes {
				g.codes = append(g.codes, codes[j][i])
			}
		}
		to[k] = place
	}
	for i, k := range of {
		of[i] = to[k]
	}
	grown(&g.lots.Rows, g.n)
	return of
}

// join renumbers the groups of rows by the pairs of group and code that occur, and counts
// these.
func (g *grouper) join(of []int32, groups int, code []int32, codes int) (count int) {
	// Pairs are numbered in an array where it has not many more elements than rows.
	if most := 4*len(of) + 1<<12; groups <= most/codes {
		g.dense = slices.Grow(g.dense[:0], groups*codes)[:groups*codes]
		place := g.dense
		clear(place)
		for i, k := range of {
			at := &place[int(k)*codes+int(code[i])]
			if *at == 0 {
				count++
				*at = int32(count)
			}
			of[i] = *at - 1
		}
		return count
	}
	place := map[uint64]int32{}
	for i, k := range of {
		pair := uint64(k)<<32 | uint64(code[i])
		at, known := place[pair]
		if !known {
			at = int32(len(place))
			place[pair] = at
		}
		of[i] = at
	}
	return len(place)
}

// groups are all groups, in the order of their values; rows without a value come first.
func (g *grouper) groups() *Groups {
	ranks := make([][]int32, len(g.columns))
	for j, c := range g.columns {
		ranks[j] = c.ranks()
	}
	order := make([]int32, g.n)
	for k := range order {
		order[k] = int32(k)
	}
	width := len(g.columns)
	slices.SortFunc(order, func(a, b int32) int {
		x, y := g.codes[int(a)*width:], g.codes[int(b)*width:]
		for j, rank := range ranks {
			if x[j] != y[j] {
				return cmp.Compare(rank[x[j]], rank[y[j]])
			}
		}
		return 0
	})
	out := &Groups{Table: &survey.Table{Rows: g.n}}
	for j, c := range g.columns {
		of := make([]int32, g.n)
		for at, k := range order {
			of[at] = g.codes[int(k)*width+j]
		}
		out.Table.Variables = append(out.Table.Variables, c.variable(of))
	}
	l := &g.lots
	out.Lots = engine.Lots{Rows: inOrder(l.Rows, order), N: inOrder(l.N, order), Sum: inOrder(l.Sum, order), Square: inOrder(l.Square, order)}
	if out.Lots.N == nil {
		out.Lots.N = out.Lots.Rows
	}
	for _, sum := range l.Replicates {
		out.Lots.Replicates = append(out.Lots.Replicates, inOrder(sum, order))
	}
	if products := inOrder(g.products, order); products != nil {
		out.Lots.Products = func() ([][]float64, error) { return products, nil }
	}
	if len(g.parts) > 0 {
		parts, n := g.parts, g.n
		out.Lots.Products = sync.OnceValues(func() ([][]float64, error) { return productsOf(parts, n, order) })
	}
	return out
}

func inOrder[T any](all []T, order []int32) []T {
	if all == nil {
		return nil
	}
	out := make([]T, len(order))
	for at, k := range order {
		out[at] = all[k]
	}
	return out
}

// productsOf asks for the products of parts of n groups.
func productsOf(parts []part, n int, order []int32) ([][]float64, error) {
	all := make([][]float64, n)
	for _, p := range parts {
		products, err := p.Lots.Products()
		if err != nil {
			return nil, err
		}
		for i, x := range products {
			if k := p.of[i]; all[k] == nil {
				all[k] = slices.Clone(x)
			} else {
				stats.AddScaled(all[k], 1, x)
			}
		}
	}
	return inOrder(all, order), nil
}

// merged are the groups of all parts, those that are alike as one.
func merged(parts []*Groups) *Groups {
	g := newGrouper(parts[0].Table.Variables, nil)
	for _, p := range parts {
		g.addGroups(p)
	}
	out := g.groups()
	out.Statement = parts[0].Statement
	return out
}

// coded numbers the values of a column in the order in which they come.
type coded struct {
	like    *survey.Variable
	numbers map[float64]int32
	texts   map[string]int32
	values  []survey.Value
}

// The codes of rows without a value, and the code of the first value.
const (
	emptyAsked = iota
	empty
	firstValue
)

func (c *coded) count() int { return len(c.values) + firstValue }

// codes are those of the rows of a column.
func (c *coded) codes(v *survey.Variable) []int32 {
	places := v.Places(c.code)
	out := places.Slice()
	for i, k := range out {
		switch {
		case k >= 0:
		case v.EmptyAsked != nil && v.EmptyAsked[i]:
			out[i] = emptyAsked
		default:
			out[i] = empty
		}
	}
	return out
}

func (c *coded) code(x survey.Value) int32 {
	k, known := c.numbers[x.Number]
	if x.IsText {
		k, known = c.texts[x.Text]
	}
	if known {
		return k
	}
	k = int32(c.count())
	if x.IsText {
		c.texts[x.Text] = k
	} else {
		x.Number += 0 // 0 for −0
		c.numbers[x.Number] = k
	}
	c.values = append(c.values, x)
	return k
}

// ranks are the places of the codes in the order of their values.
func (c *coded) ranks() []int32 {
	order := make([]int32, len(c.values))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := c.values[a], c.values[b]
		return cmp.Or(cmp.Compare(x.Number, y.Number), cmp.Compare(x.Text, y.Text))
	})
	out := make([]int32, c.count())
	out[empty] = empty
	for at, k := range order {
		out[firstValue+k] = int32(firstValue + at)
	}
	return out
}

// variable has the value of each code.
func (c *coded) variable(codes []int32) *survey.Variable {
	out := *c.like
	out.EmptyAsked, out.Rows = nil, nil
	places := make([]int32, len(codes))
	for i, k := range codes {
		places[i] = max(k-firstValue, -1)
	}
	if slices.Contains(codes, emptyAsked) {
		out.EmptyAsked = make([]bool, len(codes))
		for i, k := range codes {
			out.EmptyAsked[i] = k == emptyAsked
		}
	}
	if out.IsText() {
		out.Texts = &survey.TextColumn{Index: survey.NewPlaces(places)}
		for _, x := range c.values {
			out.Texts.Values = append(out.Texts.Values, x.Text)
		}
		return &out
	}
	numbers := make([]float64, len(c.values))
	for k, x := range c.values {
		numbers[k] = x.Number
	}
	out.Numbers = survey.NumbersAt(survey.NewPlaces(places), numbers)
	return &out
}
