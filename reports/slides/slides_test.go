package slides

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/finding"
	"surveykit/survey"
)

// table has a chart of the kind over three answers by wave, with a suppressed
// cell and one on a small base.
func table(id string, kind survey.ChartKind) *survey.Tabulation {
	t := &survey.Tabulation{
		ID: id, Title: "Worries", Base: "all respondents", Filter: "wave > 2008",
		Columns: []survey.Column{{Group: "Wave", Label: "2009", N: 500}, {Group: "Wave", Label: "2011", N: 500}},
		Rows:    []survey.Row{{Label: "Health & <money>", Kind: survey.RowShare}, {Label: "Places where I have been in the last twelve months, as my telephone recorded them", Kind: survey.RowShare}, {Label: "=Nothing", Kind: survey.RowShare}},
		Chart:   &survey.Chart{Kind: kind, Title: "More people worry about “" + id + "” than two years ago", Subtitle: "Share who worry, with 95% intervals"},
	}
	for _, p := range []float64{0.5, 0.3, 0.16} {
		var cells []survey.Cell
		for k := range t.Columns {
			x := p + 0.01*float64(k)
			cells = append(cells, survey.Cell{Estimate: survey.Estimate{Value: survey.Figure(x), Low: survey.Figure(x - 0.03), High: survey.Figure(x + 0.035), Level: 0.95, N: 500}})
		}
		t.Cells = append(t.Cells, cells)
	}
	t.Cells[2][0].Flags = []string{survey.FlagLowBase}
	return t
}

func book() *survey.Book {
	hidden := table("hidden", survey.ChartBars)
	hidden.Cells[1][1].Value, hidden.Cells[1][1].Flags = 0.987654, []string{survey.FlagSuppressed}
	noChart := table("none", "")
	noChart.Chart = nil
	return &survey.Book{
		Title: "Privacy & <shopping>", Subtitle: "A small book", Synthetic: true, Source: "Source: Tracker, 2011.",
		Design: []string{"Two-stage sample of 24 strata."}, Precision: []string{"±4 points."}, Methods: slices.Repeat([]string{strings.Repeat("A method. ", 40)}, 12),
		Disclosure: []survey.Fact{{Label: "Sponsor", Text: "A foundation"}},
		Tables:     []*survey.Tabulation{table("dots", survey.ChartDots), table("stacked", survey.ChartStacked), table("slope", survey.ChartSlope), hidden, noChart},
	}
}

func written(t *testing.T, b *survey.Book) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, b); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range r.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(content)
	}
	return parts
}

func TestSameBookSameBytes(t *testing.T) {
	var first, second bytes.Buffer
	if err := errors.Join(Write(&first, book()), Write(&second, book())); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the bytes differ")
	}
}

// Every part is well-formed, has a content type, and every relation leads to a
// part that is there; every id that a part uses is one of its relations.
func TestPackageHangsTogether(t *testing.T) {
	parts := written(t, book())
	types := parts["[Content_Types].xml"]
	for name, part := range parts {
		if strings.HasSuffix(name, ".xlsx") {
			continue
		}
		dec := xml.NewDecoder(strings.NewReader(part))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		folder, file := path.Split(name)
		if strings.HasSuffix(name, ".rels") {
			for _, m := range regexp.MustCompile(`Target="([^"]*)"`).FindAllStringSubmatch(part, -1) {
				if target := path.Join(folder, "..", m[1]); parts[target] == "" {
					t.Errorf("%s leads to %s, which is not there", name, target)
				}
			}
			continue
		}
		if name != "[Content_Types].xml" && !strings.Contains(types, `PartName="/`+name+`"`) {
			t.Errorf("%s has no content type", name)
		}
		rels := parts[folder+"_rels/"+file+".rels"]
		for _, m := range regexp.MustCompile(`r:id="(rId\d+)"`).FindAllStringSubmatch(part, -1) {
			if !strings.Contains(rels, `Id="`+m[1]+`"`) {
				t.Errorf("%s uses %s, which is no relation of it", name, m[1])
			}
		}
	}
}

var paragraph = regexp.MustCompile(`<a:t>([^<]*)</a:t>`)

// texts are those of a slide, the title first.
func texts(part string) []string {
	var out []string
	for _, m := range paragraph.FindAllStringSubmatch(part, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestSlides(t *testing.T) {
	parts := written(t, book())
	var titles []string
	for i := 1; parts[fmt.Sprintf("ppt/slides/slide%d.xml", i)] != ""; i++ {
		titles = append(titles, texts(parts[fmt.Sprintf("ppt/slides/slide%d.xml", i)])[0])
	}
	want := []string{"Privacy &amp; &lt;shopping&gt;"}
	if len(finding.Choose(book())) > 0 {
		t.Fatal("the small book has findings")
	}
	for _, id := range []string{"dots", "stacked", "slope", "hidden"} {
		want = append(want, "More people worry about “"+id+"” than two years ago")
	}
	want = append(want, "Design and precision", "Methods", "Methods (continued)", "Methods (continued)", "About the survey")
	if !slices.Equal(titles, want) {
		t.Errorf("titles %q", titles)
	}
	got := texts(parts["ppt/slides/slide2.xml"])
	if !slices.Equal(got[1:], []string{"Base: all respondents (wave &gt; 2008)", "Synthetic data: the answers are simulated, no real person gave them.", "Source: Tracker, 2011."}) {
		t.Errorf("under the chart: %q", got)
	}
	if !strings.Contains(parts["ppt/slides/slide2.xml"], `descr="Dot and whisker chart. More people worry`) {
		t.Error("the chart says nothing to a screen reader")
	}
	if n := strings.Count(parts["ppt/charts/chart1.xml"], "<c:errBars>"); n != 2 {
		t.Errorf("%d series with error bars, want 2", n)
	}
}

// The workbook inside a slide holds the cells that the chart refers to.
func TestNumbersReadBack(t *testing.T) {
	b := book()
	parts := written(t, b)
	f, err := excelize.OpenReader(strings.NewReader(parts["ppt/embeddings/numbers1.xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for row, want := range map[string]string{"A2": "Health & <money>", "A4": "=Nothing", "D1": "2009", "D2": "0.5", "H4": "0.17"} {
		if got, err := f.GetCellValue(numbersSheet, row); err != nil || got != want {
			t.Errorf("%s holds %q, want %q (%v)", row, got, want, err)
		}
	}
	if !strings.Contains(parts["ppt/charts/chart1.xml"], "<c:f>&#39;"+numbersSheet+"&#39;!$D$2:$D$4</c:f>") {
		t.Error("the chart does not read the workbook's cells")
	}
}

func TestNoSuppressedFigureAnywhere(t *testing.T) {
	for name, part := range written(t, book()) {
		if strings.Contains(part, "0.987654") {
			t.Errorf("%s holds a suppressed figure", name)
		}
	}
	f, err := excelize.OpenReader(strings.NewReader(written(t, book())["ppt/embeddings/numbers4.xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if cells, _ := f.SearchSheet(numbersSheet, "0.987654"); len(cells) > 0 {
		t.Error("the workbook of the chart holds a suppressed figure")
	}
}

func TestFindingsComeFirst(t *testing.T) {
	b := book()
	b.Tables[0].Cells[0][1].Value, b.Tables[0].Cells[0][1].Low, b.Tables[0].Cells[0][1].High = 0.8, 0.77, 0.83
	claim := finding.Choose(b)[0].Claim
	got := texts(written(t, b)["ppt/slides/slide2.xml"])
	if got[0] != "Findings" || !strings.HasPrefix(strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(got[1], "&amp;", "&"), "&lt;", "<"), "&gt;", ">"), claim) {
		t.Errorf("slide %q, want the finding %q", got, claim)
	}
}

func TestErrorsNameTheirTable(t *testing.T) {
	b := book()
	b.Tables[1].Chart.Rows = []string{"No such row"}
	if err := Write(io.Discard, b); err == nil || !strings.Contains(err.Error(), "stacked") {
		t.Errorf("error %v", err)
	}
}

func TestPages(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, pageLines: 1, pageLines + 1: 2, 2*pageLines + 1: 3} {
		if got := len(pages(slices.Repeat([]string{"One line."}, n))); got != want {
			t.Errorf("%d lines on %d slides, want %d", n, got, want)
		}
	}
	if got := pages([]string{strings.Repeat("long ", 2000), "short"}); len(got) != 2 {
		t.Errorf("a long text and a short one on %d slides", len(got))
	}
}

func TestEmptyBook(t *testing.T) {
	if parts := written(t, &survey.Book{}); parts["ppt/slides/slide1.xml"] == "" || parts["ppt/slides/slide2.xml"] != "" {
		t.Error("an empty book has one slide, its title")
	}
}
