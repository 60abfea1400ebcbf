package workbook

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/ooxml"
	"surveykit/survey"
)

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

func TestEveryChartIsThere(t *testing.T) {
	found := charts(t, sampleBook())
	if len(found) != 5 {
		t.Fatalf("%d charts, want 5", len(found))
	}
	for name, part := range found {
		if !strings.Contains(part, "<c:f>&#39;Chart data&#39;!$A$") && !strings.Contains(part, "<c:scatterChart>") {
			t.Errorf("%s does not read the chart data", name)
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
					t.Errorf("%s: cell %s holds %q, the chart %q", name, ooxml.CellName(column, row), got, held[row])
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
				x, err := strconv.ParseFloat(raw(t, f, chartDataSheet, 4+4*k+offset, top+2+r), 64)
				if err != nil {
					t.Fatal(err)
				}
				return x
			}
			c := tab.Cells[r][column]
			if math.Abs(at(0)-at(1)-c.Low.Float()) > tolerance || math.Abs(at(0)+at(2)-c.High.Float()) > tolerance {
				t.Errorf("row %d: whiskers do not end at [%v, %v]", r, c.Low.Float(), c.High.Float())
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

// A chart keeps its size, in pixels of 9,525 units, when columns open and close.
func TestChartsHaveASize(t *testing.T) {
	b := sampleBook()
	found := 0
	for name, part := range parts(t, written(t, b)) {
		if strings.HasPrefix(name, "xl/drawings/drawing") {
			found++
			if !strings.Contains(part, fmt.Sprintf(`</xdr:from><xdr:ext cx="%d" cy="`, 860*9525)) || strings.Contains(part, "<xdr:to>") {
				t.Errorf("%s: %s", name, part)
			}
		}
	}
	if found != 5 {
		t.Errorf("%d drawings, want 5", found)
	}
}

// A table asked for as a heat table is its own chart: its figures are shaded by
// a rule that an edit moves.
func TestHeatTablesAreShaded(t *testing.T) {
	b := sampleBook()
	tab := tableOf(b, "q1_control")
	tab.Chart.Kind, tab.Chart.Columns = survey.ChartHeat, []string{"2009", "2011"}
	f := opened(t, b)
	formats, err := f.GetConditionalFormats("q1_control")
	if err != nil || len(formats) != 1 {
		t.Fatalf("%d rules, %v", len(formats), err)
	}
	l := layOut(tab)
	_, first := find(t, f, "q1_control", tab.Rows[0].Label)
	_, last := find(t, f, "q1_control", tab.Rows[len(tab.Rows)-1].Label)
	var want []string
	for _, p := range l.spans[1:3] {
		want = append(want, ooxml.CellName(p.first, first)+":"+ooxml.CellName(p.first, last))
	}
	for cells, rule := range formats {
		if cells != strings.Join(want, " ") {
			t.Errorf("shaded %s, want %v", cells, want)
		}
		if len(rule) != 1 || rule[0].Type != "2_color_scale" || rule[0].MinType != "min" || rule[0].MaxType != "max" {
			t.Errorf("rule %+v", rule)
		}
	}
	if n := len(charts(t, b)); n != 4 {
		t.Errorf("%d charts, want the other 4", n)
	}
	if find(t, f, "q1_control", "Figures are shaded from white, the smallest, to the deepest tone, the largest."); t.Failed() {
		t.Log("the shades are not explained")
	}
}

// Small multiples are a chart a panel, under each other.
func TestPanelsStandUnderEachOther(t *testing.T) {
	b := sampleBook()
	tab := tableOf(b, "q1_control")
	tab.Chart.Kind, tab.Chart.Columns = survey.ChartMultiples, []string{"18–24", "25–34", "35–54"}
	all := parts(t, written(t, b))
	if n := len(charts(t, b)); n != 4+3 {
		t.Errorf("%d charts, want 3 panels beside the other 4", n)
	}
	several := 0
	for name, part := range all {
		rows := regexp.MustCompile(`<xdr:from>.*?<xdr:row>(\d+)</xdr:row>`).FindAllStringSubmatch(part, -1)
		heights := regexp.MustCompile(`<xdr:ext cx="\d+" cy="(\d+)"`).FindAllStringSubmatch(part, -1)
		if !strings.HasPrefix(name, "xl/drawings/drawing") || len(rows) < 2 {
			continue
		}
		several++
		for i := 1; i < len(rows); i++ {
			above, _ := strconv.Atoi(rows[i-1][1])
			row, _ := strconv.Atoi(rows[i][1])
			height, _ := strconv.Atoi(heights[i-1][1])
			if room := float64(row-above) * defaultHeight / pixel * 9525; room < float64(height) {
				t.Errorf("%s: panel %d has room for %v of %d", name, i, room, height)
			}
		}
	}
	if several != 1 {
		t.Errorf("%d sheets with several charts, want 1", several)
	}
}
