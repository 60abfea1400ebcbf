package workbook

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/ooxml"
	"surveykit/reports/ooxml/ooxmltest"
	"surveykit/survey"
)

func TestLinksLeadBothWays(t *testing.T) {
	b := sampleBook()
	f := opened(t, b)
	sheets := f.GetSheetList()
	for i, tab := range b.Tables {
		sheet := sheets[i+3]
		column, row := find(t, f, contentsSheet, sheet)
		if _, target, _ := f.GetCellHyperLink(contentsSheet, ooxml.CellName(column, row)); target != ooxml.Reference(sheet, "A1") {
			t.Errorf("contents lead to %q for %s", target, tab.ID)
		}
		if ok, target, _ := f.GetCellHyperLink(sheet, "A1"); !ok || target != ooxml.Reference(contentsSheet, "A1") {
			t.Errorf("%s leads back to %q", sheet, target)
		}
	}
	for name, part := range parts(t, written(t, b)) {
		for _, m := range regexp.MustCompile(`location="'([^']*)'!A1"`).FindAllStringSubmatch(part, -1) {
			if !slices.Contains(sheets, m[1]) {
				t.Errorf("%s links to the sheet %q, which does not exist", name, m[1])
			}
		}
	}
}

func TestViewAndPrint(t *testing.T) {
	f := opened(t, sampleBook())
	panes, err := f.GetPanes("q1_control")
	if err != nil {
		t.Fatal(err)
	}
	_, row := find(t, f, "q1_control", "Unweighted base")
	if !panes.Freeze || panes.XSplit != 1 || panes.YSplit != row-1 {
		t.Errorf("panes %+v, want the banner above row %d and the stub frozen", panes, row)
	}
	layout, err := f.GetPageLayout("q1_control")
	if err != nil || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 {
		t.Errorf("layout %+v, %v", layout, err)
	}
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		names[n.Scope] = n.RefersTo
	}
	want := fmt.Sprintf("'q1_control'!$A:$A,'q1_control'!$%d:$%d", row-3, row-1)
	if names["q1_control"] != want {
		t.Errorf("repeats %q on each page, want %q", names["q1_control"], want)
	}
	foot, err := f.GetHeaderFooter("q1_control")
	if err != nil || !strings.HasPrefix(foot.OddFooter, "&L&8 Privacy && shopping") || !strings.Contains(foot.OddFooter, "Synthetic data") {
		t.Errorf("footer %+v, %v", foot, err)
	}
}

func TestLimitsAreInClosedColumns(t *testing.T) {
	file := written(t, sampleBook())
	sheet := parts(t, file)["xl/worksheets/sheet4.xml"]
	if !strings.Contains(sheet, `outlineLevelCol="1"`) || !strings.Contains(sheet, `summaryRight="false"`) {
		t.Error("the sheet does not announce an outline on the left")
	}
	l := layOut(agreeTable())
	for i, m := range regexp.MustCompile(`<col min="(\d+)" max="(\d+)"([^>]*)/>`).FindAllStringSubmatch(sheet, -1) {
		if m[1] != strconv.Itoa(i+1) || m[2] != m[1] {
			t.Fatalf("column entry %d is for %s to %s: Excel takes no other order than the ascending one", i+1, m[1], m[2])
		}
		hidden := strings.Contains(m[3], `hidden="1"`) && strings.Contains(m[3], `outlineLevel="1"`)
		if hidden != l.closed[i] {
			t.Errorf("column %d: closed %v", i+1, hidden)
		}
		if opens := strings.Contains(m[3], `collapsed="1"`); opens != (!hidden && i+1 < l.last && l.closed[i+1]) {
			t.Errorf("column %d: opens the next ones %v", i+1, opens)
		}
	}
}

// A chart too high for the page of its table starts one of its own, on a sheet
// that is scaled, since Excel passes over the breaks of a fitted one.
func TestPageBreakBeforeATallChart(t *testing.T) {
	broken := 0
	for name, part := range parts(t, written(t, sampleBook())) {
		if !strings.HasPrefix(name, "xl/worksheets/sheet") {
			continue
		}
		breaks, fitted := strings.Contains(part, "<rowBreaks "), strings.Contains(part, `fitToPage="true"`)
		if breaks == fitted {
			t.Errorf("%s: breaks %v, fitted %v", name, breaks, fitted)
		}
		if breaks {
			broken++
			if !strings.Contains(part, ` scale="`) {
				t.Errorf("%s has no scale", name)
			}
		}
	}
	if broken != 1 {
		t.Errorf("%d sheets with a break, want the one of q3_items", broken)
	}
}

// A table too wide to be read on one page goes over several; what stands under
// it is printed once, on the columns of the first.
func TestWideTablesGoOverSeveralPages(t *testing.T) {
	wide, book := agreeTable(), sampleBook()
	wide.Columns = slices.Repeat(wide.Columns, 5)
	for r := range wide.Cells {
		wide.Cells[r] = slices.Repeat(wide.Cells[r], 5)
	}
	book.Tables = []*survey.Tabulation{wide, scaleTable()}
	f := opened(t, book)
	across := func(sheet string) int {
		layout, err := f.GetPageLayout(sheet)
		if err != nil {
			t.Fatal(err)
		}
		return *layout.FitToWidth
	}
	if n := across("q1_control"); n < 3 || across("q2_trust") != 1 {
		t.Errorf("%d pages across for %d columns, %d for %d", n, len(wide.Columns), across("q2_trust"), len(scaleTable().Columns))
	}
	areas := map[string]string{}
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Area" {
			areas[n.Scope] = n.RefersTo
		}
	}
	last, err := excelize.ColumnNumberToName(layOut(wide).last)
	if err != nil {
		t.Fatal(err)
	}
	table, under, two := strings.Cut(areas["q1_control"], ",")
	if !two || len(areas) != 1 || !strings.Contains(table, "!$A$1:$"+last+"$") || strings.Contains(under, "$"+last+"$") {
		t.Errorf("printed areas %v, want the table to column %s and what stands under it on fewer", areas, last)
	}
}

func TestMergedCellsDoNotOverlap(t *testing.T) {
	f := opened(t, weightedBook())
	for _, sheet := range f.GetSheetList() {
		merged, err := f.GetMergeCells(sheet)
		if err != nil {
			t.Fatal(err)
		}
		taken := map[string]bool{}
		for _, m := range merged {
			c1, r1, _ := excelize.CellNameToCoordinates(m.GetStartAxis())
			c2, r2, _ := excelize.CellNameToCoordinates(m.GetEndAxis())
			for r := r1; r <= r2; r++ {
				for c := c1; c <= c2; c++ {
					if taken[ooxml.CellName(c, r)] {
						t.Errorf("%s!%s is merged twice", sheet, ooxml.CellName(c, r))
					}
					taken[ooxml.CellName(c, r)] = true
				}
			}
		}
	}
}

// The elements of every part stand in the order of the schemas, in both layouts
// and in a client's theme.
func TestPartsFollowTheSchema(t *testing.T) {
	heat := weightedBook()
	tableOf(heat, "q1_control").Chart.Kind = survey.ChartHeat
	heat.Theme = survey.Theme{Colours: []string{"#B85C00"}, LogoData: picture(t)}
	for what, all := range map[string]map[string]string{
		"tab book": parts(t, written(t, weightedBook())), "themed": parts(t, written(t, heat)), "accessible": unzipped(accessibleFile(t, weightedBook())),
	} {
		checked := 0
		for name, part := range all {
			if strings.HasPrefix(name, "xl/") && strings.HasSuffix(name, ".xml") {
				checked++
				if faults := ooxmltest.Faults(part); len(faults) > 0 {
					t.Errorf("%s, %s: %v", what, name, faults[:min(len(faults), 5)])
				}
			}
		}
		if checked < 12 {
			t.Errorf("%s: only %d parts", what, checked)
		}
	}
}

// picture is a small PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 10))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Each table's figures and bases have a name, which covers just them.
func TestRangesAreNamed(t *testing.T) {
	b := sampleBook()
	f := opened(t, b)
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		if n.Scope == "Workbook" {
			names[n.Name] = n.RefersTo
		}
	}
	if len(names) != 2*len(b.Tables) {
		t.Errorf("%d names for %d tables", len(names), len(b.Tables))
	}
	for i, tab := range b.Tables {
		sheet, last := f.GetSheetName(i+3), layOut(tab).last
		_, base := find(t, f, sheet, "Effective base")
		_, end := find(t, f, sheet, tab.Rows[len(tab.Rows)-1].Label)
		column, _ := excelize.ColumnNumberToName(last)
		for name, want := range map[string]string{
			"bases_" + tab.ID:   fmt.Sprintf("'%s'!$B$%d:$%s$%d", sheet, base-2, column, base),
			"figures_" + tab.ID: fmt.Sprintf("'%s'!$B$%d:$%s$%d", sheet, base+1, column, end),
		} {
			if names[name] != want {
				t.Errorf("%s is %q, want %q", name, names[name], want)
			}
		}
	}
}

func TestRangeNames(t *testing.T) {
	tables := []*survey.Tabulation{{ID: "a-b"}, {ID: "a_b"}, {ID: "A.B"}, {ID: "é1"}, {ID: strings.Repeat("x", 300)}}
	got := rangeNames(tables)
	if want := []string{"a_b", "a_b_2", "A_B_3", "é1", strings.Repeat("x", maxRangeName)}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// The contents of a book are on one page of paper where that leaves them legible.
func TestContentsAreOnePage(t *testing.T) {
	layout, err := opened(t, sampleBook()).GetPageLayout(contentsSheet)
	if err != nil || layout.FitToHeight == nil || *layout.FitToHeight != 1 {
		t.Errorf("layout %+v, %v", layout, err)
	}
}
