package chart

import (
	"cmp"
	"math"
	"slices"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
)

const (
	blockWidth = 14.0
	// blocksHeight is how high the blocks of a stage are together.
	blocksHeight = 380.0
	blockGap     = 10.0
	labelRoom    = 10.0 // between a block and its label
	// mostFigured is how many stages leave room for the figures of flows.
	mostFigured = 3
	// ribbonSteps is of how many straight pieces the edge of a ribbon is.
	ribbonSteps = 24
	flowAlpha   = 0x70
	// leastRibbon is how high a ribbon is at least that has its figure in it.
	leastRibbon = 17.0
)

// draw draws ribbons, over them blocks, and over them words.
func (a *alluvial) draw() {
	x := a.columns()
	top := a.stageNames(x)
	a.y = a.stack(top)
	a.tie()
	for _, f := range a.flows { // bands that leave and enter level
		fill := a.blocks[f.stage][f.from].colour
		fill.A = flowAlpha
		from, to, height := x[f.stage]+blockWidth, x[f.stage+1], f.share*blocksHeight
		var upper, lower []draw.Point
		for i := range ribbonSteps + 1 {
			part := float64(i) / ribbonSteps
			y := f.leaves + (f.enters-f.leaves)*(1-math.Cos(math.Pi*part))/2
			upper = append(upper, draw.Pt(from+(to-from)*part, y))
			lower = append(lower, draw.Pt(from+(to-from)*part, y+height))
		}
		a.Add(draw.Shape{Points: append(upper, reversed(lower)...), Closed: true, Fill: fill})
	}
	for s, blocks := range a.blocks {
		for _, b := range blocks {
			if b.share > 0 {
				a.Add(draw.Rectangle(x[s], b.top, x[s]+blockWidth, b.bottom, b.colour))
				a.blockLabel(s, x[s], b)
			}
		}
	}
	for _, f := range a.flows {
		if len(a.blocks) <= mostFigured {
			if f.share*blocksHeight < leastRibbon {
				a.silent = true
				continue
			}
			y := f.enters + f.share*blocksHeight/2
			a.Write(draw.Pt(x[f.stage+1]-8, y+5), draw.End, draw.Style{Size: tickStyle.Size, Colour: ink}, figure.Percent(f.share, 0))
		}
	}
}

// columns wraps the labels and says where the blocks of each stage begin.
func (a *alluvial) columns() []float64 {
	last := len(a.blocks) - 1
	outer, figures := 200.0, tickStyle.Width("100%")+12
	if len(a.blocks) > mostFigured {
		outer, figures = 150, 0
	}
	first, width := a.labels(0, outer), a.labels(last, outer)
	from, to := margin+first+labelRoom, a.right()-width-labelRoom-blockWidth
	pitch := (to - from) / float64(last)
	x := make([]float64, last+1)
	for s := range x {
		x[s] = from + pitch*float64(s)
		if s > 0 && s < last {
			a.labels(s, pitch-blockWidth-2*labelRoom-figures)
		}
	}
	return x
}

// labels wraps the labels of a stage and measures the widest. Those that stand
// on ribbons have no grey in them.
func (a *alluvial) labels(stage int, limit float64) float64 {
	widest := 0.0
	for c := range a.blocks[stage] {
		b := &a.blocks[stage][c]
		if b.share == 0 {
			continue
		}
		b.label = newLabel(entry{label: b.name}, partOf(b.share), limit)
		if a.isInner(stage) {
			b.label.base = ""
		}
		widest = max(widest, b.label.width())
	}
	return widest
}

func (a *alluvial) isInner(stage int) bool { return stage > 0 && stage < len(a.blocks)-1 }

// stageNames writes the names of the stages over their blocks, on one foot,
// and returns where the blocks may begin. Those of the outer stages reach out
// over the labels.
func (a *alluvial) stageNames(x []float64) float64 {
	last := len(x) - 1
	half := (x[1]-x[0])/2 - 8
	var names [][]string
	tallest := 0
	for s, stage := range a.Stages {
		room := [2]float64{half, half}
		if s == 0 {
			room[0] = x[0] - margin
		}
		if s == last {
			room[1] = a.right() - x[last]
		}
		lines := strongStyle.Wrap(stage.Name, room[0]+room[1])
		names, tallest = append(names, lines), max(tallest, len(lines))
	}
	foot := a.y + lineHeight*float64(tallest)
	for s, lines := range names {
		at, side := x[s]+blockWidth/2, draw.Middle
		switch wide := strongStyle.Widest(lines); {
		case s == 0 && wide > x[0]+blockWidth-margin:
			at, side = margin, draw.Start
		case s == 0:
			at, side = x[0]+blockWidth, draw.End
		case s == last && wide > a.right()-x[last]:
			at, side = a.right(), draw.End
		case s == last:
			at, side = x[last], draw.Start
		}
		for i, line := range lines {
			a.Write(draw.Pt(at, foot-lineHeight*float64(len(lines)-1-i)), side, strongStyle, line)
		}
	}
	return foot + 16
}

// stack puts the blocks of each stage under each other, each with room for its
// label, all stages around one middle, and returns where the tallest one ends.
func (a *alluvial) stack(top float64) float64 {
	tallest := 0.0
	for s := range a.blocks {
		tallest = max(tallest, a.stageHeight(s))
	}
	for s, order := range a.order {
		y := top + (tallest-a.stageHeight(s))/2
		for _, c := range order {
			b := &a.blocks[s][c]
			if b.share > 0 {
				b.top = y + (b.slot()-b.height())/2
				b.bottom = b.top + b.height()
				y += b.slot() + blockGap
			}
		}
	}
	return top + tallest
}

// stageHeight is how high the blocks of a stage are with their gaps.
func (a *alluvial) stageHeight(stage int) float64 {
	h := -blockGap
	for _, b := range a.blocks[stage] {
		if b.share > 0 {
			h += b.slot() + blockGap
		}
	}
	return h
}

func (b block) height() float64 { return b.share * blocksHeight }

// slot is the height of a block or of its label, whichever is more.
func (b block) slot() float64 { return max(b.height(), b.label.slot()) }

// tie fastens the ends of the ribbons to their blocks: in each block in the
// order of their other ends.
func (a *alluvial) tie() {
	at := func(stage, category int) float64 { return a.blocks[stage][category].top }
	slices.SortStableFunc(a.flows, func(f, g flow) int {
		return cmp.Or(cmp.Compare(f.stage, g.stage), cmp.Compare(at(f.stage, f.from), at(g.stage, g.from)), cmp.Compare(at(f.stage+1, f.to), at(g.stage+1, g.to)))
	})
	left, entered := map[[2]int]float64{}, map[[2]int]float64{}
	for i := range a.flows { // by source, then by target: right for both ends
		f := &a.flows[i]
		from, to := [2]int{f.stage, f.from}, [2]int{f.stage + 1, f.to}
		f.leaves, f.enters = at(f.stage, f.from)+left[from], at(f.stage+1, f.to)+entered[to]
		left[from] += f.share * blocksHeight
		entered[to] += f.share * blocksHeight
	}
}

// blockLabel writes a category and its share: outside of the outer stages,
// behind the blocks of those between them, where ribbons are dimmed.
func (a *alluvial) blockLabel(stage int, x float64, b block) {
	centre := (b.top + b.bottom) / 2
	if stage == 0 {
		b.label.put(&a.sheet, x-labelRoom, centre, draw.End)
		return
	}
	left := x + blockWidth + labelRoom
	if a.isInner(stage) {
		dimmed := draw.White
		dimmed.A = 0xB0
		half := b.label.height() / 2
		a.Add(draw.Rectangle(left-4, centre-half, left+b.label.width()+4, centre+half, dimmed))
	}
	b.label.put(&a.sheet, left, centre, draw.Start)
}
