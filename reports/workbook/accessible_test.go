package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

func accessibleFile(t *testing.T, b *survey.Book) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteAccessible(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// banned are the marks in the parts of a file of what the rules forbid.
var banned = map[string]*regexp.Regexp{
	"merged cells":      regexp.MustCompile(`<mergeCell `),
	"hidden content":    regexp.MustCompile(` hidden="(?:1|true)"|state="(?:hidden|veryHidden)"`),
	"frozen panes":      regexp.MustCompile(`<pane `),
	"filters":           regexp.MustCompile(`<autoFilter`),
	"header or footer":  regexp.MustCompile(`<(?:odd|even|first)(?:Header|Footer)>[^<]`),
	"pictures":          regexp.MustCompile(`<drawing `),
	"background fill":   regexp.MustCompile(`<fgColor `),
	"superscript":       regexp.MustCompile(`<vertAlign `),
	"formulas":          regexp.MustCompile(`<f>`),
	"grid lines hidden": regexp.MustCompile(`showGridLines="(?:0|false)"`),
}

// lintAccessible lists what in a workbook breaks the rules: those of "Making
// spreadsheets accessible: a brief checklist of the basics" (UK Analysis
// Function) that a program can check.
func lintAccessible(file []byte) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for name, part := range unzipped(file) {
		for what, mark := range banned {
			if strings.HasSuffix(name, ".xml") && mark.MatchString(part) {
				fault("%s: %s", name, what)
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		return append(faults, err.Error())
	}
	defer f.Close()
	if props, err := f.GetDocProps(); err != nil || props.Title == "" || props.Language == "" {
		fault("the document has no title or no language")
	}
	if f.GetActiveSheetIndex() != 0 {
		fault("the first sheet is not the open one")
	}
	for _, sheet := range f.GetSheetList() {
		for _, text := range lintSheet(f, sheet) {
			fault("%s: %s", sheet, text)
		}
	}
	return faults
}

func lintSheet(f *excelize.File, sheet string) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	rows, err := f.GetRows(sheet)
	if err != nil {
		return []string{err.Error()}
	}
	tables, err := f.GetTables(sheet)
	if err != nil || len(tables) > 1 || len(tables) == 0 && sheet != "Cover" {
		return []string{fmt.Sprintf("%d tables, %v", len(tables), err)}
	}
	top, left, right, bottom := len(rows)+1, 1, 1, len(rows)
	if len(tables) == 1 {
		var corner [2]string
		corner[0], corner[1], _ = strings.Cut(tables[0].Range, ":")
		left, top, _ = excelize.CellNameToCoordinates(corner[0])
		right, bottom, _ = excelize.CellNameToCoordinates(corner[1])
	}
	if left != 1 || bottom != len(rows) {
		fault("the table starts in column %d and ends in row %d of %d", left, bottom, len(rows))
	}
	seen := map[string]bool{}
	for y, row := range rows {
		width := 1
		if y+1 >= top {
			width = right
		}
		if len(row) != width {
			fault("row %d has %d cells, want %d", y+1, len(row), width)
		}
		for x, text := range row {
			if strings.TrimSpace(text) == "" {
				fault("%s is blank", ooxml.CellName(x+1, y+1))
			}
			if y+1 == top && seen[strings.ToLower(text)] {
				fault("two columns are headed %q", text)
			}
			if y+1 == top {
				seen[strings.ToLower(text)] = true
			}
		}
	}
	return faults
}

func unzipped(file []byte) map[string]string {
	out := map[string]string{}
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return out
	}
	for _, f := range r.File {
		if part, err := f.Open(); err == nil {
			b, _ := io.ReadAll(part)
			out[f.Name] = string(b)
		}
	}
	return out
}

func TestAccessibleFollowsTheRules(t *testing.T) {
	b := weightedBook()
	b.Tables[0].Rows[1].Label = "NET AGREE" // a heading that differs in case only
	b.Tables[2].Title, b.Tables[2].Base, b.Subtitle = "", "", ""
	for _, fault := range lintAccessible(accessibleFile(t, b)) {
		t.Error(fault)
	}
	for _, b := range []*survey.Book{{Title: "No tables"}, {Title: "T", Tables: []*survey.Tabulation{{ID: "t", Columns: banner()}}}} {
		for _, fault := range lintAccessible(accessibleFile(t, b)) {
			if !strings.HasSuffix(fault, "0 tables, <nil>") { // a sheet that says that it has no figures
				t.Error(fault)
			}
		}
	}
}

// The tab book breaks most of the rules, and the lint sees it.
func TestLintSeesTheTabBook(t *testing.T) {
	faults := strings.Join(lintAccessible(written(t, sampleBook())), "\n")
	for what := range banned {
		if what != "superscript" && what != "formulas" && !strings.Contains(faults, what) {
			t.Errorf("the lint does not see %s", what)
		}
	}
	for _, what := range []string{"is blank", "q1_control: 0 tables"} {
		if !strings.Contains(faults, what) {
			t.Errorf("the lint does not see %q", what)
		}
	}
}

func TestAccessibleFiguresReadBack(t *testing.T) {
	b := sampleBook()
	f, err := excelize.OpenReader(bytes.NewReader(accessibleFile(t, b)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, tab := range b.Tables {
		sheet := f.GetSheetName(4 + i)
		for r, row := range tab.Rows {
			head := answerHeads(tab, row, wording.OwnBases(tab), extrasOf(tab))
			x, _ := find(t, f, sheet, head[0])
			for c, column := range tab.Columns {
				_, y := find(t, f, sheet, columnText(tab, column))
				cell := tab.Cells[r][c]
				for k, figure := range []survey.Figure{cell.Value, cell.Low, cell.High} {
					switch {
					case wording.Has(cell, survey.FlagSuppressed):
						wantCell(t, f, sheet, x+k, y, "[n]")
					case !figure.Exists():
						wantCell(t, f, sheet, x+k, y, "[e]")
					default:
						wantCell(t, f, sheet, x+k, y, ooxml.Held(measured(row.Kind, column.Change), figure.Float()))
					}
				}
			}
		}
	}
}

func TestHeadingsDiffer(t *testing.T) {
	g := &grid{header: []string{"a", "A", "a (2)", "a", "", strings.Repeat("x", 300), "b\n c"}}
	g.unique()
	want := []string{"a", "A (2)", "a (2) (2)", "a (3)", "", strings.Repeat("x", 240), "b c"}
	if !slices.Equal(g.header, want) {
		t.Errorf("headings %q", g.header)
	}
}

func TestShorthandStandsBesideFigures(t *testing.T) {
	b := sampleBook()
	f, err := excelize.OpenReader(bytes.NewReader(accessibleFile(t, b)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct{ sheet, row, column, want string }{
		{"q1_control", "Gender: Male", "Reliability", "[u]"},
		{"q1_control", "Gender: Prefer to self-describe", "Reliability", "[n]"},
		{"q1_control", "Total", "Reliability", "reliable"},
		{"q1_control", "Total", "Letter", "[z]"},
		{"q1_control", "Total", "NET agree: differs from", "[z]"},
		{"q1_control", "Wave: 2009", "NET agree: differs from", "BC"},
		{"q1_control", "Wave: 2011 − 2009 (change in percentage points)", "Unweighted base", "[z]"},
		{"q1_control", "Total", "NET agree: p-value", "[z]"},
		{"q3_items", "Gender: Female", "Sensitive, Health record: reliability", "[u]"},
		{"q3_items", "Gender: Male", "Sensitive, Health record: reliability", "[e]"},
	} {
		_, y := find(t, f, c.sheet, c.row)
		x, _ := find(t, f, c.sheet, c.column)
		if got := raw(t, f, c.sheet, x, y); got != c.want && !(c.want == "BC" && got == "none") {
			t.Errorf("%s, %s, %s: %q, want %q", c.sheet, c.row, c.column, got, c.want)
		}
	}
	find(t, f, "q1_control", "Shorthand: [n] base under the minimum: no figure is shown; [u] small base: read with caution; [z] not applicable.")
	find(t, f, "q1_control", "Notes to this table are on the Notes worksheet: [note 1], [note 2].")
	find(t, f, "Notes", b.Tables[0].Notes[0])
}

func TestAccessibleLinksAndBytes(t *testing.T) {
	b := sampleBook()
	first := accessibleFile(t, b)
	if !bytes.Equal(first, accessibleFile(t, b)) {
		t.Error("the bytes differ from run to run")
	}
	f, err := excelize.OpenReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList()[4:] {
		column, row := find(t, f, "Contents", sheet)
		if _, target, _ := f.GetCellHyperLink("Contents", ooxml.CellName(column, row)); target != ooxml.Reference(sheet, "A1") {
			t.Errorf("contents lead to %q for %s", target, sheet)
		}
		column, row = find(t, f, sheet, "Back to the contents")
		if _, target, _ := f.GetCellHyperLink(sheet, ooxml.CellName(column, row)); target != ooxml.Reference("Contents", "A1") {
			t.Errorf("%s leads back to %q", sheet, target)
		}
	}
	if strings.Contains(fmt.Sprint(unzipped(first)), "0.123454321") || !slices.Contains(f.GetSheetList(), "Notes") {
		t.Error("sheets", f.GetSheetList())
	}
}
