package chart

import (
	"cmp"
	"image/color"
	"slices"
)

// alluvial is a chart of flows, in shares of all weight.
type alluvial struct {
	Flows
	sheet
	blocks [][]block // by stage and category
	flows  []flow    // those that are not empty, one between two categories
	order  [][]int   // of the categories of each stage, from the top down
}

// block is one category of a stage.
type block struct {
	name        string
	share       float64
	colour      color.NRGBA
	top, bottom float64 // on the sheet
	label       label
}

// flow is a ribbon.
type flow struct {
	stage, from, to int
	share           float64
	// leaves and enters are its upper ends.
	leaves, enters float64
}

func newAlluvial(f Flows, s sheet) *alluvial {
	a := &alluvial{Flows: f, sheet: s}
	into, out, total := f.sums()
	for s, stage := range f.Stages {
		blocks, order := make([]block, len(stage.Categories)), make([]int, len(stage.Categories))
		for c, name := range stage.Categories {
			blocks[c], order[c] = block{name: name, share: max(into[s][c], out[s][c]) / total}, c
		}
		a.blocks, a.order = append(a.blocks, blocks), append(a.order, order)
	}
	for _, w := range f.Flows {
		if same := a.find(w); same >= 0 {
			a.flows[same].share += w.Weight / total
		} else if w.Weight > 0 {
			a.flows = append(a.flows, flow{stage: w.Stage, from: w.From, to: w.To, share: w.Weight / total})
		}
	}
	a.uncross()
	a.paintBlocks()
	return a
}

// find is the flow between the same two categories, -1 where there is none yet.
func (a *alluvial) find(w Flow) int {
	return slices.IndexFunc(a.flows, func(f flow) bool { return f.stage == w.Stage && f.from == w.From && f.to == w.To })
}

// flowsOf are the flows that leave a category, the largest first.
func (a *alluvial) flowsOf(stage, category int) []flow {
	var leaving []flow
	for _, f := range a.flows {
		if f.stage == stage && f.from == category {
			leaving = append(leaving, f)
		}
	}
	slices.SortStableFunc(leaving, func(x, y flow) int { return cmp.Compare(y.share, x.share) })
	return leaving
}

// paintBlocks gives the categories their colours.
func (a *alluvial) paintBlocks() {
	first := a.blocks[0]
	largest := slices.Clone(a.order[0])
	slices.SortStableFunc(largest, func(x, y int) int { return cmp.Compare(first[y].share, first[x].share) })
	for rank, c := range largest {
		if first[c].colour = midGrey; rank < mostSeries {
			first[c].colour = a.look.series[rank]
		}
	}
	for s := 1; s < len(a.blocks); s++ {
		from := make([]float64, len(a.blocks[s]))
		for c := range a.blocks[s] {
			a.blocks[s][c].colour = midGrey
		}
		for _, f := range a.flows {
			if f.stage == s-1 && f.share > from[f.to] {
				from[f.to], a.blocks[s][f.to].colour = f.share, a.blocks[s-1][f.from].colour
			}
		}
	}
}

// mostSweeps is how often the stages are gone through; a few dozen categories
// settle in fewer.
const mostSweeps = 24

// uncross orders the categories of stages that are not ordered so that few
// ribbons cross: forth and back, each stage by the mean places of those that it
// shares people with, then by exchanging neighbours as long as that helps. The
// best order on the way counts. Ties go by the order given.
func (a *alluvial) uncross() {
	best, least := cloneOrder(a.order), a.crossings()
	for sweep := range mostSweeps {
		for i := range a.order {
			s := i
			if sweep%2 == 1 {
				s = len(a.order) - 1 - i
			}
			if !a.Stages[s].Ordered && (s > 0 || sweep%2 == 1) {
				a.sortStage(s, sweep%2 == 1)
				a.exchange(s)
			}
		}
		if n := a.crossings(); n < least-slack {
			best, least = cloneOrder(a.order), n
		}
	}
	a.order = best
}

func cloneOrder(order [][]int) [][]int {
	out := make([][]int, len(order))
	for i, o := range order {
		out[i] = slices.Clone(o)
	}
	return out
}

// sortStage orders a stage by the mean places of its neighbours before it, or
// after it, weighted by what flows.
func (a *alluvial) sortStage(s int, after bool) {
	sum, weight := make([]float64, len(a.blocks[s])), make([]float64, len(a.blocks[s]))
	for _, f := range a.flows {
		if here, other, ok := f.ends(s, after); ok {
			stage := s - 1
			if after {
				stage = s + 1
			}
			sum[here] += f.share * float64(slices.Index(a.order[stage], other))
			weight[here] += f.share
		}
	}
	slices.SortStableFunc(a.order[s], func(x, y int) int {
		if weight[x] == 0 || weight[y] == 0 {
			return 0
		}
		return cmp.Compare(sum[x]/weight[x], sum[y]/weight[y])
	})
}

// ends are a flow's category at a stage and the one on the other side.
func (f flow) ends(stage int, after bool) (here, other int, ok bool) {
	if after {
		return f.from, f.to, f.stage == stage
	}
	return f.to, f.from, f.stage == stage-1
}

// exchange swaps neighbours of a stage as long as less crosses.
func (a *alluvial) exchange(s int) {
	order, now := a.order[s], a.crossings()
	for i := 0; i+1 < len(order); i++ {
		order[i], order[i+1] = order[i+1], order[i]
		if n := a.crossings(); n < now-slack {
			i, now = max(-1, i-2), n
			continue
		}
		order[i], order[i+1] = order[i+1], order[i]
	}
}

// crossings is the sum, over all pairs of ribbons that cross, of the products
// of their shares.
func (a *alluvial) crossings() float64 {
	places := make([][]int, len(a.order))
	for s, order := range a.order {
		places[s] = make([]int, len(order))
		for place, c := range order {
			places[s][c] = place
		}
	}
	total := 0.0
	for i, f := range a.flows {
		for _, g := range a.flows[:i] {
			if f.stage == g.stage && (places[f.stage][f.from]-places[f.stage][g.from])*(places[f.stage+1][f.to]-places[f.stage+1][g.to]) < 0 {
				total += f.share * g.share
			}
		}
	}
	return total
}
