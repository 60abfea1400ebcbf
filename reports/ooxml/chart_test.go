package ooxml

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports/chart"
	"surveykit/reports/ooxml/ooxmltest"
	"surveykit/survey"
)

// cell is a figure with limits.
func cell(x float64, flags ...string) survey.Cell {
	return survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(x), Low: survey.FigureOf(x - 0.05), High: survey.FigureOf(x + 0.07), Flags: flags}}
}

// sample is a chart of the kind with two series over three points, one of them
// suppressed and one on a small base.
func sample(kind survey.ChartKind) *Chart {
	c, err := NewChart(&chart.Choice{
		Kind: kind, Unit: survey.RowShare, Title: "More people worry & fewer read <notices>",
		Points: []string{"Health", "Money and everything that has to do with it", "Places"}, Series: []string{"2009", "2011"},
		Cells: [][]survey.Cell{{cell(0.6), cell(0.66)}, {cell(0.3), cell(0.98765, survey.FlagSuppressed)}, {cell(0.2, survey.FlagLowBase), cell(0.25)}},
	}, survey.Rounding{}, survey.Theme{})
	if err != nil {
		panic(err)
	}
	c.Subtitle, c.Sheet, c.Top = "Share of respondents", "Numbers", 4
	return c
}

var allKinds = []survey.ChartKind{survey.ChartDots, survey.ChartBars, survey.ChartStacked, survey.ChartSlope}

func TestChartsFollowTheSchema(t *testing.T) {
	for _, kind := range allKinds {
		c := sample(kind)
		if faults := ooxmltest.Faults(string(c.Part(El("c:externalData", Val("c:autoUpdate", 0))))); len(faults) > 0 {
			t.Errorf("%s: %v", kind, faults)
		}
		c.Title, c.Subtitle = "", ""
		if faults := ooxmltest.Faults(string(c.Part())); len(faults) > 0 {
			t.Errorf("%s without titles: %v", kind, faults)
		}
	}
}

// A chart refers to the cells of its block and remembers what stands in them.
func TestChartsRepeatTheirBlock(t *testing.T) {
	ranges := regexp.MustCompile(`(?s)<c:f>&#39;Numbers&#39;!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)</c:f><c:(?:num|str)Cache>(.*?)</c:(?:num|str)Cache>`)
	point := regexp.MustCompile(`<c:pt idx="(\d+)"><c:v>([^<]*)</c:v>`)
	for _, kind := range allKinds {
		c := sample(kind)
		block := c.Block()
		found := ranges.FindAllStringSubmatch(string(c.Part()), -1)
		if len(found) < 4 {
			t.Fatalf("%s refers to %d ranges", kind, len(found))
		}
		for _, m := range found {
			if m[2] != "5" || m[4] != "7" || m[1] != m[3] {
				t.Errorf("%s: the range %s%s:%s%s", kind, m[1], m[2], m[3], m[4])
			}
			held := map[string]string{}
			for _, p := range point.FindAllStringSubmatch(m[5], -1) {
				held[p[1]] = p[2]
			}
			for i, row := range block[1:] {
				want := ""
				switch x := row[int(m[1][0]-'A')].(type) {
				case float64:
					want = survey.FormatNumber(x)
				case string:
					want = x
				}
				if got := held[fmt.Sprint(i)]; got != want {
					t.Errorf("%s, column %s, point %d: the chart holds %q, the cell %q", kind, m[1], i, got, want)
				}
			}
		}
	}
}

// The whiskers go up by the column "more" and down by the column "less".
func TestWhiskersReadTheirColumns(t *testing.T) {
	for _, kind := range []survey.ChartKind{survey.ChartDots, survey.ChartBars, survey.ChartSlope} {
		c := sample(kind)
		part := string(c.Part())
		for _, want := range []string{`<c:plus><c:numRef><c:f>&#39;Numbers&#39;!$F$5`, `<c:minus><c:numRef><c:f>&#39;Numbers&#39;!$E$5`} {
			if strings.Count(part, want) != 1 {
				t.Errorf("%s: no %s", kind, want)
			}
		}
		if head := c.Block()[0]; head[4] != "less" || head[5] != "more" {
			t.Errorf("%s: the columns are %v", kind, head)
		}
	}
}

func TestSuppressedIsNowhere(t *testing.T) {
	for _, kind := range allKinds {
		c := sample(kind)
		if strings.Contains(string(c.Part())+c.AltText()+fmt.Sprint(c.Block()), "0.98765") || strings.Contains(c.AltText(), "99%") {
			t.Errorf("%s shows a suppressed figure", kind)
		}
	}
}

// A quadrant is a scatter of two measures of their own units whose axes cross at
// the means; a point that lacks one of them is left out.
func TestQuadrant(t *testing.T) {
	c, err := NewChart(&chart.Choice{
		Drawn: survey.ChartQuadrant, Kind: survey.ChartQuadrant, Units: [2]survey.RowKind{survey.RowShare, survey.RowMean}, Title: "Benefit and sharing",
		Points: []string{"Health", "Money", "Hidden"}, Series: []string{"Would share", "Benefit"},
		Cells: [][]survey.Cell{{cell(0.6), cell(3.5)}, {cell(0.2, survey.FlagLowBase), cell(2.5)}, {cell(0.3), cell(9, survey.FlagSuppressed)}},
	}, survey.Rounding{}, survey.Theme{})
	if err != nil {
		t.Fatal(err)
	}
	c.Sheet, c.Top = "Numbers", 4
	part := string(c.Part())
	if faults := ooxmltest.Faults(part); len(faults) > 0 {
		t.Error(faults)
	}
	for want, times := range map[string]int{
		`<c:crossesAt val="0.4">`: 1, `<c:crossesAt val="3">`: 1, // the means of 60% and 20%, of 3.5 and 2.5
		`<c:numFmt formatCode="0%"`: 1, `<c:numFmt formatCode="0.00"`: 1, ">Hidden<": 0, ">9<": 0, `<c:errDir val="x">`: 1, `<c:errDir val="y">`: 1, "<c:dPt>": 1,
		`<c:xVal><c:numRef><c:f>&#39;Numbers&#39;!$D$5:$D$6`: 1, `<c:yVal><c:numRef><c:f>&#39;Numbers&#39;!$H$5:$H$6`: 1,
	} {
		if n := strings.Count(part, want); n != times {
			t.Errorf("%d times %s, want %d", n, want, times)
		}
	}
	if got, want := c.AltText(), "Scatter chart of two measures. Benefit and sharing. Would share: from 20% (Money) to 60% (Health). Benefit: from 2.50 (Money) to 3.50 (Health)."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if c.BlockFormat(3) != "0%" || c.BlockFormat(7) != "0.00" {
		t.Errorf("formats %s and %s", c.BlockFormat(3), c.BlockFormat(7))
	}
}

// Small multiples are a chart a panel, all on the scale of the whole.
func TestPanels(t *testing.T) {
	choice := &chart.Choice{
		Drawn: survey.ChartMultiples, Kind: survey.ChartDots, Unit: survey.RowShare, Title: "Worries", Points: []string{"Health", "Money"}, Series: []string{"Young", "Old"},
		Cells: [][]survey.Cell{{cell(0.1), cell(0.6)}, {cell(0.2), cell(0.9)}},
	}
	all, err := NewCharts(choice, survey.Rounding{}, survey.Theme{})
	if err != nil || len(all) != 2 || all[0].Title != "Worries: Young" || all[1].Title != "Worries: Old" || all[0].scale != all[1].scale || all[0].series[0].marks[1].value != 0.2 {
		t.Errorf("%v, %v", all, err)
	}
	choice.Drawn = survey.ChartDots
	if all, err = NewCharts(choice, survey.Rounding{}, survey.Theme{}); err != nil || len(all) != 1 || len(all[0].series) != 2 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestAltText(t *testing.T) {
	want := "Dot and whisker chart. More people worry & fewer read <notices>. Share of respondents. " +
		"2009: from 20% (Places) to 60% (Health). 2011: from 25% (Places) to 66% (Health)."
	if got := sample(survey.ChartDots).AltText(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSmallBasesAreHollow(t *testing.T) {
	for _, kind := range []survey.ChartKind{survey.ChartDots, survey.ChartBars, survey.ChartSlope} {
		if n := strings.Count(string(sample(kind).Part()), "<c:dPt>"); n != 1 {
			t.Errorf("%s: %d points of their own, want the one on a small base", kind, n)
		}
	}
}

func TestColumnName(t *testing.T) {
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA"} {
		if got := columnName(n); got != want {
			t.Errorf("column %d is %s, want %s", n, got, want)
		}
	}
}

func TestRoundScale(t *testing.T) {
	for _, c := range []struct{ low, high, wantLow, wantHigh, wantStep float64 }{
		{0, 0.69, 0, 0.7, 0.1}, {0, 1, 0, 1, 0.2}, {3.45, 4.45, 3.4, 4.6, 0.2}, {0, 0, 0, 1, 0.2}, {-0.034, 0.21, -0.05, 0.25, 0.05},
	} {
		const tolerance = 1e-12 // multiples of decimal steps in binary
		s := roundScale(c.low, c.high)
		if math.Abs(s.low-c.wantLow)+math.Abs(s.high-c.wantHigh)+math.Abs(s.step-c.wantStep) > tolerance {
			t.Errorf("roundScale(%v, %v) = %+v", c.low, c.high, s)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		low := rapid.Float64Range(-1e6, 1e6).Draw(rt, "low")
		high := low + rapid.Float64Range(1e-3, 1e6).Draw(rt, "width")
		s := roundScale(low, high)
		steps := (s.high - s.low) / s.step
		if s.low > low+1e-8*s.step || s.high < high-1e-8*s.step || steps < 3.5 || steps > 12.5 {
			rt.Errorf("roundScale(%v, %v) = %+v, %v steps", low, high, s, steps)
		}
	})
}

func TestNativeForms(t *testing.T) {
	if _, err := NewChart(&chart.Choice{Drawn: "pie"}, survey.Rounding{}, survey.Theme{}); err == nil {
		t.Error("a kind without a native form has one")
	}
	c, err := NewChart(&chart.Choice{Kind: survey.ChartBars, Series: []string{"a", "b"}}, survey.Rounding{}, survey.Theme{Colours: []string{"#aa0000"}})
	if err != nil || c.color(0) != "AA0000" || c.color(1) != Navy || c.color(2) != Orange {
		t.Errorf("colours %s and %s, %v: want the theme's, then the house's", c.color(0), c.color(1), err)
	}
}

// A chart's text is in the theme's font, and no part of it in another.
func TestChartsAreInTheThemesFont(t *testing.T) {
	for _, want := range []string{"", "Source Sans 3"} {
		c, err := NewChart(&chart.Choice{Kind: survey.ChartDots, Title: "A title", Points: []string{"a"}, Series: []string{"b"}, Cells: [][]survey.Cell{{cell(0.5)}}}, survey.Rounding{}, survey.Theme{Font: want})
		if err != nil {
			t.Fatal(err)
		}
		named := regexp.MustCompile(`<a:latin typeface="([^"]*)">`).FindAllStringSubmatch(string(c.Part()), -1)
		if want == "" {
			want = FontName
		}
		if len(named) != 1 || named[0][1] != want {
			t.Errorf("fonts %v, want %q for the whole chart", named, want)
		}
	}
}

func TestNumberFormat(t *testing.T) {
	one := 1
	for _, c := range []struct {
		kind survey.RowKind
		r    survey.Rounding
		want string
	}{
		{survey.RowShare, survey.Rounding{}, "0%"}, {survey.RowNet, survey.Rounding{Percent: &one}, "0.0%"}, {survey.RowGap, survey.Rounding{Percent: &one}, `+0.0" pts";-0.0" pts";0.0" pts"`},
		{survey.RowMean, survey.Rounding{}, "0.00"}, {survey.RowRatio, survey.Rounding{Mean: &one}, "0.0"},
		{survey.RowTotal, survey.Rounding{}, "#,##0"}, {survey.RowCount, survey.Rounding{Percent: &one}, "#,##0"}, {survey.RowIndex, survey.Rounding{}, "#,##0"},
	} {
		if got := NumberFormat(c.kind, c.r); got != c.want {
			t.Errorf("%s: %q, want %q", c.kind, got, c.want)
		}
	}
}

// Few points have large texts, many points small ones, within limits.
func TestFill(t *testing.T) {
	for _, c := range []struct {
		kind   survey.ChartKind
		points int
		want   float64
	}{{survey.ChartDots, 3, 1.35}, {survey.ChartDots, 10, 1.09375}, {survey.ChartDots, 40, 0.9}, {survey.ChartSlope, 40, 1.35}} {
		x := Chart{Kind: c.kind, points: make([]string, c.points)}
		if x.Fill(1000, 490); x.Zoom != c.want || x.Width != 1000 || x.Height != 490 {
			t.Errorf("%d points: zoom %v, want %v", c.points, x.Zoom, c.want)
		}
	}
}

// Series are told apart by more than their colour.
func TestSeriesDiffer(t *testing.T) {
	c, seen := sample(survey.ChartSlope), map[string]bool{}
	for k := range 6 {
		seen[c.color(k)], seen[c.symbol(k)] = true, true
	}
	if len(seen) != 12 {
		t.Errorf("six series have %d colours and symbols, want 12", len(seen))
	}
}

// Parts of a bar that are too narrow for their figure go without.
func TestNarrowPartsHaveNoFigure(t *testing.T) {
	c, err := NewChart(&chart.Choice{Kind: survey.ChartStacked, Unit: survey.RowShare, Points: []string{"All"}, Series: []string{"Most", "Few"},
		Cells: [][]survey.Cell{{cell(.98), cell(.02)}}}, survey.Rounding{}, survey.Theme{})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []bool{false, true} {
		if got := strings.Contains(string(c.bar(k).Bytes()), `<c:dLbl><c:idx val="0"></c:idx><c:delete val="1">`); got != want {
			t.Errorf("series %d goes without its figure: %v", k, got)
		}
	}
}
