package workbook

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// order lists the children of an element in the order of ECMA-376, part 1,
// annex A (dml-chart.xsd and dml-main.xsd), as far as the charts use them.
var order = map[string]string{
	"chartSpace":     "date1904 lang roundedCorners style clrMapOvr pivotSource protection chart spPr txPr externalData printSettings",
	"chart":          "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs",
	"title":          "tx layout overlay spPr txPr",
	"tx":             "strRef rich v",
	"rich":           "bodyPr lstStyle p",
	"txPr":           "bodyPr lstStyle p",
	"p":              "pPr r endParaRPr",
	"pPr":            "defRPr",
	"r":              "rPr t",
	"rPr":            "ln solidFill latin ea cs",
	"defRPr":         "ln solidFill latin ea cs",
	"plotArea":       "layout barChart lineChart scatterChart catAx valAx dTable spPr",
	"layout":         "manualLayout",
	"manualLayout":   "layoutTarget xMode yMode wMode hMode x y w h",
	"barChart":       "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId",
	"lineChart":      "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId",
	"scatterChart":   "scatterStyle varyColors ser dLbls axId",
	"dPt":            "idx invertIfNegative marker bubble3D explosion spPr",
	"dLbls":          "dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator showLeaderLines",
	"dLbl":           "idx delete layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator",
	"errBars":        "errDir errBarType errValType noEndCap plus minus val spPr",
	"catAx":          "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt auto lblAlgn lblOffset noMultiLvlLbl",
	"valAx":          "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt crossBetween majorUnit minorUnit dispUnits",
	"scaling":        "logBase orientation max min",
	"legend":         "legendPos legendEntry layout overlay spPr txPr",
	"legendEntry":    "idx delete txPr",
	"numRef":         "f numCache",
	"strRef":         "f strCache",
	"numCache":       "formatCode ptCount pt",
	"strCache":       "ptCount pt",
	"pt":             "v",
	"spPr":           "xfrm custGeom prstGeom noFill solidFill gradFill ln",
	"ln":             "noFill solidFill prstDash",
	"solidFill":      "srgbClr",
	"cat":            "numRef strRef",
	"val":            "numRef",
	"xVal":           "numRef strRef",
	"yVal":           "numRef",
	"plus":           "numRef",
	"minus":          "numRef",
	"barSer":         "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat val shape",
	"lineSer":        "idx order tx spPr marker dPt dLbls trendline errBars cat val smooth",
	"scatterSer":     "idx order tx spPr marker dPt dLbls trendline errBars xVal yVal smooth",
	"seriesMarker":   "symbol size spPr",
	"majorGridlines": "spPr",
}

// lint reports the children of a chart part that stand where Excel does not
// take them.
func lint(part string) []string {
	var faults, path []string
	var at []int
	dec := xml.NewDecoder(strings.NewReader(part))
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return faults
		}
		if err != nil {
			return append(faults, err.Error())
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if len(path) > 0 {
				parent := kindOf(path)
				known := strings.Fields(order[parent])
				i := slices.Index(known, name)
				if i < 0 || i < at[len(at)-1] {
					faults = append(faults, fmt.Sprintf("%s in %s", name, strings.Join(path, "/")))
				}
				at[len(at)-1] = max(i, at[len(at)-1])
			}
			path, at = append(path, name), append(at, 0)
		case xml.EndElement:
			path, at = path[:len(path)-1], at[:len(at)-1]
		}
	}
}

// kindOf tells the elements apart that share a name.
func kindOf(path []string) string {
	name := path[len(path)-1]
	switch {
	case name == "ser":
		return strings.TrimSuffix(path[len(path)-2], "Chart") + "Ser"
	case name == "marker" && path[len(path)-2] != "lineChart":
		return "seriesMarker"
	}
	return name
}

func charts(t *testing.T, b *survey.Book) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, part := range parts(t, written(t, b)) {
		if strings.HasPrefix(name, "xl/charts/") {
			out[name] = part
		}
	}
	return out
}

func TestChartsFollowTheSchema(t *testing.T) {
	found := charts(t, sampleBook())
	if len(found) != 5 {
		t.Fatalf("%d charts, want 5", len(found))
	}
	for name, part := range found {
		for _, fault := range lint(part) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func TestLintSeesDisorder(t *testing.T) {
	for _, part := range []string{
		"<chart><plotArea/><title/></chart>",
		"<barChart><ser><cat/><errBars/></ser></barChart>",
		"<chart><unheard/></chart>",
	} {
		if len(lint(part)) != 1 {
			t.Errorf("lint finds %v in %s", lint(part), part)
		}
	}
}

var (
	formula = regexp.MustCompile(`<c:f>'Chart data'!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?</c:f>`)
	ranges  = regexp.MustCompile(`(?s)<c:f>([^<]*)</c:f><c:numCache>(.*?)</c:numCache>`)
	point   = regexp.MustCompile(`<c:pt idx="(\d+)"><c:v>([^<]*)</c:v>`)
)

// What a chart remembers of its numbers is what stands in the cells.
func TestChartsRepeatTheirCells(t *testing.T) {
	b := sampleBook()
	f := opened(t, b)
	seen := 0
	for name, part := range charts(t, b) {
		for _, m := range ranges.FindAllStringSubmatch(part, -1) {
			at := formula.FindStringSubmatch("<c:f>" + strings.ReplaceAll(m[1], "&#39;", "'") + "</c:f>")
			if at == nil {
				t.Fatalf("%s: the range %s is not on the chart data sheet", name, m[1])
			}
			column, _ := excelize.ColumnNameToNumber(at[1])
			first, _ := strconv.Atoi(at[2])
			last, _ := strconv.Atoi(at[4])
			held := map[int]string{}
			for _, p := range point.FindAllStringSubmatch(m[2], -1) {
				i, _ := strconv.Atoi(p[1])
				held[first+i] = p[2]
			}
			for row := first; row <= last; row++ {
				seen++
				if got := raw(t, f, chartDataSheet, column, row); got != held[row] {
					t.Errorf("%s: cell %s holds %q, the chart %q", name, cellName(column, row), got, held[row])
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d numbers compared", seen)
	}
}

// The whiskers end at the confidence limits, whatever they are.
func TestErrorBarsEndAtTheLimits(t *testing.T) {
	b := sampleBook()
	f := opened(t, b)
	tab := tableOf(b, "q1_control")
	_, top := find(t, f, chartDataSheet, tab.Chart.Title)
	const tolerance = 1e-15 // of sums of shares
	for r := range tab.Rows {
		for k, column := range []int{1, 2} { // 2009 and 2011
			at := func(offset int) float64 {
				x, err := strconv.ParseFloat(raw(t, f, chartDataSheet, firstSeries+k*seriesWidth+offset, top+2+r), 64)
				if err != nil {
					t.Fatal(err)
				}
				return x
			}
			c := tab.Cells[r][column]
			if math.Abs(at(0)-at(offsetMinus)-float64(c.Low)) > tolerance || math.Abs(at(0)+at(offsetPlus)-float64(c.High)) > tolerance {
				t.Errorf("row %d: whiskers do not end at [%v, %v]", r, c.Low, c.High)
			}
		}
	}
	for kind, want := range map[string]int{"barChart": 2, "scatterChart": 2, "lineChart": 3} {
		for _, part := range charts(t, b) {
			if strings.Contains(part, "<c:"+kind+">") && !strings.Contains(part, `val="stacked"`) && !strings.Contains(part, "online for longest") {
				if n := strings.Count(part, "<c:errBars>"); n != want {
					t.Errorf("%s has %d series with error bars, want %d", kind, n, want)
				}
			}
		}
	}
}

// As long as the library has no error bars, charts are written here; the day it
// has some, this test says so and chart.go can shrink.
func TestLibraryStillLacksErrorBars(t *testing.T) {
	series := reflect.TypeFor[excelize.ChartSeries]()
	for i := range series.NumField() {
		if strings.HasPrefix(strings.ToLower(series.Field(i).Name), "err") {
			t.Errorf("excelize.ChartSeries has gained %s: use it in place of chart.go", series.Field(i).Name)
		}
	}
}

// A chart that cannot be drawn says why, and the table stands all the same.
func TestUndrawnChartSaysWhy(t *testing.T) {
	b := sampleBook()
	b.Tables[0].Chart.Rows = []string{"No such row"}
	f := opened(t, b)
	find(t, f, "q1_control", `The chart cannot be drawn: the chart of table "q1_control": there is no row "No such row"`)
	if n := len(charts(t, b)); n != 4 {
		t.Errorf("%d charts, want the other 4", n)
	}
}

func TestSmallBasesAreHollow(t *testing.T) {
	b := sampleBook()
	b.Tables[0].Chart.Columns = []string{"Male"}
	part := charts(t, b)["xl/charts/chart1.xml"]
	if n := strings.Count(part, "<c:dPt>"); n != len(b.Tables[0].Rows) {
		t.Errorf("%d points of their own, want %d: the base of each is small", n, len(b.Tables[0].Rows))
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

// A chart keeps its size, in pixels of 9,525 units, when columns open and close.
func TestChartsHaveASize(t *testing.T) {
	b := sampleBook()
	found := 0
	for name, part := range parts(t, written(t, b)) {
		if strings.HasPrefix(name, "xl/drawings/drawing") {
			found++
			if !strings.Contains(part, fmt.Sprintf(`</xdr:from><xdr:ext cx="%d" cy="`, chartWidth*9525)) || strings.Contains(part, "<xdr:to>") {
				t.Errorf("%s: %s", name, part)
			}
		}
	}
	if found != 5 {
		t.Errorf("%d drawings, want 5", found)
	}
}

func TestNodeEscapes(t *testing.T) {
	var b bytes.Buffer
	el("a", txt("b", "<&>"), node{}, val("c", `"`)).write(&b)
	if got := b.String(); got != `<a><b>&lt;&amp;&gt;</b><c val="&#34;"></c></a>` {
		t.Error(got)
	}
}
