package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// Flows are how the same people lie in two or more partitions: in solutions
// of three and of four segments, in the waves of a panel. Who is missing at a
// stage needs a category there, such as "not asked".
type Flows struct {
	ID string
	// Title is the finding; without one the stages are named.
	Title, Subtitle string
	// Base says who flows, N how many they are, unweighted (0: not said).
	Base   string
	N      int
	Stages []Stage
	// Flows may leave out those that are empty.
	Flows []Flow
}

// Stage is one partition.
type Stage struct {
	Name       string
	Categories []string
	// Ordered categories stay in their order; others move to where fewer flows cross.
	Ordered bool
}

// Flow is how much weight (in any unit, 0 or more) goes from a category of a
// stage to one of the next; all three are counted from 0.
type Flow struct {
	Stage, From, To int
	Weight          float64
}

const (
	// mostStages is how many stages have room for their labels.
	mostStages = 5
	// mostCategories is how many categories a stage may have.
	mostCategories = 20
	// imbalance is by which share of all weight what comes into a category may
	// differ from what leaves it: the rounding of figures that were read.
	imbalance = 0.005
)

// Alluvial draws flows: a column of blocks for each stage, as high as the
// shares of its categories, and ribbons between them. The four largest
// categories of the first stage have a colour, others are grey; a later one
// has that of the category from which most of it comes. Shares are of the
// weight of all.
//
// The error is a survey.Problems that lists everything that cannot be drawn:
// fewer than two stages or more than five, flows between categories that do
// not exist, weights that are no weights, stages that do not hold the same
// people.
func Alluvial(f Flows, o Options) (*draw.Picture, error) {
	l, faults := newLook(o.Theme)
	if err := append(f.problems(), faults...).Err(); err != nil {
		return nil, err
	}
	a := newAlluvial(f, sheet{options: o, look: l})
	facts := []string{"Per cent of all"}
	if f.Base != "" {
		facts = append(facts, "Base: "+strings.TrimSuffix(f.Base, "."))
	}
	if f.N > 0 {
		facts = append(facts, span{f.N, f.N, true}.String())
	}
	a.head(f.title(), f.Subtitle, facts)
	a.draw()
	notes := []string{"Ribbons have the colour of the group that they leave; a group has that of the one from which most of it comes."}
	if a.silent {
		notes = append(notes, "Flows too narrow for their figure go without.")
	}
	a.foot(notes)
	return &draw.Picture{Scene: a.Scene, ID: f.ID, Title: f.title(), Description: a.describe(), Font: o.Theme.Font}, nil
}

func (f Flows) title() string {
	if f.Title != "" {
		return f.Title
	}
	names := make([]string, len(f.Stages))
	for i, s := range f.Stages {
		names[i] = s.Name
	}
	return strings.Join(names, " → ")
}

// problems are everything that cannot be drawn.
func (f Flows) problems() (all survey.Problems) {
	fault := func(message, remedy string) {
		all = append(all, survey.Problem{Message: fmt.Sprintf("the flows %q cannot be drawn: %s", f.ID, message), Remedy: remedy})
	}
	if n := len(f.Stages); n < 2 || n > mostStages {
		fault(fmt.Sprintf("there are %d stages", n), fmt.Sprintf("choose 2 to %d", mostStages))
	}
	for _, s := range f.Stages {
		if n := len(s.Categories); n == 0 || n > mostCategories {
			fault(fmt.Sprintf("%q has %d categories", s.Name, n), fmt.Sprintf("choose 1 to %d, the smallest collected", mostCategories))
		}
	}
	for _, w := range f.Flows {
		in := func(stage, category int) bool {
			return stage >= 0 && stage < len(f.Stages) && category >= 0 && category < len(f.Stages[stage].Categories)
		}
		if !(in(w.Stage, w.From) && in(w.Stage+1, w.To)) {
			fault(fmt.Sprintf("a flow goes from category %d of stage %d to %d of the next, which do not exist", w.From, w.Stage, w.To), "count stages and categories from 0")
		} else if !(w.Weight >= 0 && w.Weight <= largest) {
			fault(fmt.Sprintf("the flow from %q to %q has the weight %g", f.Stages[w.Stage].Categories[w.From], f.Stages[w.Stage+1].Categories[w.To], w.Weight),
				"weights are 0 or more")
		}
	}
	if len(all) == 0 {
		f.balance(fault)
	}
	return all
}

// balance holds all stages to the same people.
func (f Flows) balance(fault func(message, remedy string)) {
	into, out, total := f.sums()
	if total == 0 {
		fault("nothing flows", "give weights above 0")
		return
	}
	for s := 1; s < len(f.Stages)-1; s++ {
		for c, name := range f.Stages[s].Categories {
			if math.Abs(into[s][c]-out[s][c]) > imbalance*total {
				fault(fmt.Sprintf("%.6g come into %q of %q and %.6g leave it", into[s][c], name, f.Stages[s].Name, out[s][c]),
					"give those who are missing at a stage a category of their own")
			}
		}
	}
}

// sums are the weights that come into each category of each stage and leave
// it, and all weight that leaves the first stage.
func (f Flows) sums() (into, out [][]float64, total float64) {
	for _, s := range f.Stages {
		into, out = append(into, make([]float64, len(s.Categories))), append(out, make([]float64, len(s.Categories)))
	}
	for _, w := range f.Flows {
		out[w.Stage][w.From] += w.Weight
		into[w.Stage+1][w.To] += w.Weight
		if w.Stage == 0 {
			total += w.Weight
		}
	}
	return into, out, total
}

// describe says in words everything that the picture shows.
func (a *alluvial) describe() string {
	var b strings.Builder
	b.WriteString("Flows between groups.")
	for s, stage := range a.blocks {
		fmt.Fprintf(&b, " %s:", a.Stages[s].Name)
		said := []string{}
		for _, c := range a.order[s] {
			said = append(said, fmt.Sprintf(" %s %s", stage[c].name, partOf(stage[c].share)))
		}
		b.WriteString(strings.Join(said, ",") + ".")
		for _, c := range a.order[s] {
			b.WriteString(a.leaving(s, c))
		}
	}
	return b.String()
}

// leaving says where the people of a category go, the largest parts first.
func (a *alluvial) leaving(stage, category int) string {
	var said []string
	// The largest parts come first.
	var leaving []flow
	for _, f := range a.flows {
		if f.stage == stage && f.from == category {
			leaving = append(leaving, f)
		}
	}
	slices.SortStableFunc(leaving, func(x, y flow) int { return cmp.Compare(y.share, x.share) })
	for _, w := range leaving {
		said = append(said, partOf(w.share)+" to "+a.blocks[stage+1][w.to].name)
	}
	if len(said) == 0 {
		return ""
	}
	return " From " + a.blocks[stage][category].name + ": " + strings.Join(said, ", ") + "."
}

// partOf writes a share, one that would be rounded to nothing with a decimal.
func partOf(share float64) string {
	if share < 0.01 {
		return figure.Percent(share, 1)
	}
	return figure.Percent(share, 0)
}

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
		if same := slices.IndexFunc(a.flows, func(f flow) bool { return f.stage == w.Stage && f.from == w.From && f.to == w.To }); same >= 0 {
			a.flows[same].share += w.Weight / total
		} else if w.Weight > 0 {
			a.flows = append(a.flows, flow{stage: w.Stage, from: w.From, to: w.To, share: w.Weight / total})
		}
	}
	a.uncross()
	a.paintBlocks()
	return a
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
