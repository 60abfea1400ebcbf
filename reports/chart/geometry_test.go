package chart

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports/chart/draw"
	"surveykit/survey"
	"surveykit/survey/appearance"
)

// rounding is the noise of a few sums of float64 that are about one.
const rounding = 1e-9

func share(x float64) survey.Cell {
	return survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(x)}}
}

// Zero parts the negative answers of every bar from the positive ones, in the
// middle of a middle answer, and no bar leaves the axis.
func TestZeroPartsTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &grid{kind: &diverging}
		parts := rapid.IntRange(1, 7).Draw(t, "parts")
		for range rapid.IntRange(1, 5).Draw(t, "bars") {
			var cells []survey.Cell
			for range parts {
				cells = append(cells, share(rapid.Float64Range(0, 1/float64(parts)).Draw(t, "share")))
			}
			g.cells = append(g.cells, cells)
		}
		a := g.partsAxis(100, 900)
		for _, cells := range g.cells {
			low, high := 0.0, 0.0
			for k, c := range cells {
				switch {
				case 2*k+1 < parts:
					low += c.Value.Float()
				case 2*k+1 == parts:
					low, high = low+c.Value.Float()/2, high+c.Value.Float()/2
				default:
					high += c.Value.Float()
				}
			}
			if math.Abs(g.before(cells)-low) > rounding {
				t.Fatalf("%v of the bar stand before zero, want %v", g.before(cells), low)
			}
			if a.at(-low) < 100-1e-6 || a.at(high) > 900+1e-6 {
				t.Fatalf("a bar from %v to %v leaves the axis %v to %v", -low, high, a.low, a.high)
			}
		}
	})
}

// Twice as likely is as dark as half as likely, and the darker the further
// from equal.
func TestRatiosAreShadedByTheirLogarithm(t *testing.T) {
	s := &sheet{look: house, grid: &grid{kind: &heat, unit: survey.RowRatio, cells: [][]survey.Cell{{share(0.25), share(0.5), share(1), share(2), share(4)}}}}
	s.look.negative = s.look.positive
	shade := s.shades()
	at := func(x float64) float64 { return appearance.Contrast(shade.at(shade.place(x)), draw.White) }
	if at(0.5) != at(2) || at(0.25) != at(4) || !(at(1) < at(2) && at(2) < at(4)) {
		t.Errorf("contrasts of 1/4, 1/2, 1, 2 and 4: %v %v %v %v %v", at(0.25), at(0.5), at(1), at(2), at(4))
	}
}

// Years stand as far apart as they are; other waves stand evenly, and so do
// years of which two would nearly touch.
func TestWavesStandAtTheirYears(t *testing.T) {
	for _, c := range []struct {
		labels []string
		want   []float64
	}{
		{[]string{"2008", "2011", "2014", "2020"}, []float64{0, 25, 50, 100}},
		{[]string{"Spring", "Summer", "Autumn"}, []float64{0, 50, 100}},
		{[]string{"2008", "2009", "2030"}, []float64{0, 50, 100}},
		{[]string{"2011", "2008", "2014"}, []float64{0, 50, 100}},
	} {
		g := &grid{kind: &dots}
		for _, l := range c.labels {
			g.items = append(g.items, entry{label: l})
		}
		if got := (&sheet{grid: g}).places(0, 100); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v: %v, want %v", c.labels, got, c.want)
		}
	}
}

// Panels are wide enough for the widest figures at both ends of their lines.
func TestPanelsAreAsWideAsTheirFigures(t *testing.T) {
	table := &survey.Tabulation{ID: "wide", Chart: &survey.Chart{Kind: survey.ChartMultiples}}
	for _, l := range []string{"2008", "2011", "2014"} {
		table.Columns = append(table.Columns, survey.Column{Label: l, Wave: true})
	}
	for k := range 8 {
		table.Rows = append(table.Rows, survey.Row{Label: fmt.Sprint("Product ", k), Kind: survey.RowTotal})
		table.Cells = append(table.Cells, []survey.Cell{share(1234567890), share(1234567890), share(1234567890)})
	}
	p, err := Draw(table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	noneOverlap(t, p)
}

func noneOverlap(t *testing.T, p *draw.Picture) {
	t.Helper()
	var boxes []box
	for _, m := range p.Marks {
		if words, ok := m.(draw.Text); ok {
			for _, b := range boxes {
				if b.overlaps(textBox(words)) {
					t.Errorf("%q covers another line of text", words.Words())
				}
			}
			boxes = append(boxes, textBox(words))
		}
	}
}

// Labels between two heights stay there, in order and apart, as long as they fit.
func TestWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		middles := rapid.SliceOfN(rapid.Float64Range(-50, 350), 1, 9).Draw(t, "middles")
		heights := rapid.SliceOfN(rapid.Float64Range(10, 33), len(middles), len(middles)).Draw(t, "heights")
		placed := within(middles, heights, 0, 300)
		for i, y := range placed {
			if y-heights[i]/2 < -1e-6 || y+heights[i]/2 > 300+1e-6 {
				t.Fatalf("%v of height %v leaves 0 to 300", y, heights[i])
			}
			for j := range placed {
				if middles[i] < middles[j] && placed[j]-y < (heights[i]+heights[j])/2-1e-6 {
					t.Fatalf("%v overlaps %v: %v", i, j, placed)
				}
			}
		}
	})
}

func TestChoiceComesNearest(t *testing.T) {
	for drawn, want := range map[survey.ChartKind]survey.ChartKind{
		survey.ChartDots: survey.ChartDots, survey.ChartBars: survey.ChartBars, survey.ChartStacked: survey.ChartStacked, survey.ChartSlope: survey.ChartSlope,
		survey.ChartDiverging: survey.ChartStacked, survey.ChartLine: survey.ChartSlope, survey.ChartReach: survey.ChartBars,
		survey.ChartHeat: survey.ChartDots, survey.ChartMultiples: survey.ChartDots, survey.ChartQuadrant: survey.ChartQuadrant, "waffle": survey.ChartBars,
	} {
		if got := kindNamed(drawn).native; got != want {
			t.Errorf("%s: %s, want %s", drawn, got, want)
		}
	}
}

// Every kind that a study may ask for can be drawn, and no other.
func TestKindsAreThoseOfStudies(t *testing.T) {
	var drawn, listed []survey.ChartKind
	for _, k := range kinds {
		drawn = append(drawn, k.name)
	}
	for _, k := range survey.ChartKinds {
		listed = append(listed, k.Kind)
	}
	if !slices.Equal(drawn, listed) {
		t.Errorf("kinds %v, and studies list %v", drawn, listed)
	}
}
