package chart

import (
	"math"
	"strings"
	"testing"

	"surveykit/reports/chart/draw"
)

func someMap() Places {
	return Places{Title: "Ages and answers", Across: "Axis 1", Up: "Axis 2", Kinds: []string{"Age", "Answers", "Others"}, Notes: []string{"A note."}, Points: []Place{
		{Label: "Young", Strong: true, X: -0.4, Y: 0.1, Major: 0.1, Minor: 0.05, Angle: 0.5},
		{Label: "Old", Strong: true, X: 0.5, Y: 0.05, Major: math.NaN(), Minor: math.NaN(), Angle: math.NaN()},
		{Kind: 1, Label: "Cash", X: 0.3, Y: -0.2},
		{Kind: 2, Label: "Women & men", X: 0, Y: 0},
	}}
}

// Distances may be read in any direction: both axes have the same scale, and all
// points with their ellipses lie inside.
func TestMapHasOneScale(t *testing.T) {
	for _, stretch := range []float64{1, 8, 0.1} {
		p := someMap()
		for i := range p.Points {
			p.Points[i].Y *= stretch
		}
		r := p.area(78, 1000, 100)
		across := (r.across.right - r.across.left) / (r.across.high - r.across.low)
		up := (r.up.left - r.up.right) / (r.up.high - r.up.low)
		if math.Abs(across/up-1) > 1e-9 {
			t.Errorf("%g pixels across, %g up", across, up)
		}
		if r.up.left-r.up.right > mapHeight+1 || r.across.right > 1000+1e-9 {
			t.Errorf("the map is %g high and ends at %g", r.up.left-r.up.right, r.across.right)
		}
		for _, q := range p.Points {
			for _, at := range append(r.ellipse(q), r.at(tag{x: q.X, y: q.Y})) {
				if at.X < r.across.left-1e-9 || at.X > r.across.right+1e-9 || at.Y > r.up.left+1e-9 || at.Y < r.up.right-1e-9 {
					t.Errorf("%s lies outside at %+v", q.Label, at)
				}
			}
		}
	}
}

// The ellipse's farthest point is its major axis away, in its direction.
func TestMapEllipse(t *testing.T) {
	r := area{axis{low: 0, high: 1, right: 1}, axis{low: 0, high: 1, right: 1}}
	q := Place{X: 1, Y: 2, Major: 3, Minor: 1, Angle: math.Pi / 6}
	far, at := 0.0, draw.Point{}
	for _, o := range r.ellipse(q) {
		if d := math.Hypot(o.X-1, o.Y-2); d > far {
			far, at = d, o
		}
	}
	if turn := math.Atan((at.Y - 2) / (at.X - 1)); math.Abs(far-3) > 1e-9 || math.Abs(turn-math.Pi/6) > 1e-9 {
		t.Errorf("farthest %g at an angle of %g", far, turn)
	}
}

func TestMapSaysEverything(t *testing.T) {
	p, err := Map(someMap(), Options{Synthetic: true})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ages and answers", "Young", "Women &amp; men", "Axis 1 →", "↑ Axis 2", "A note.", "Synthetic data", "Cash (Answers): 0.30, −0.20."} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the map does not say %q", want)
		}
	}
	if _, err := Map(Places{}, Options{}); err == nil {
		t.Error("a map of nothing is drawn")
	}
}
