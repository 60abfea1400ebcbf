package slides

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/booktest"
	"surveykit/reports/brand"
	"surveykit/reports/finding"
	"surveykit/reports/ooxml/ooxmltest"
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
			cells = append(cells, survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(x), Low: survey.FigureOf(x - 0.03), High: survey.FigureOf(x + 0.035), Level: survey.FigureOf(0.95), N: 500}})
		}
		t.Cells = append(t.Cells, cells)
	}
	t.Cells[2][0].Flags = []string{survey.FlagLowBase}
	return t
}

func book() *survey.Book {
	hidden := table("hidden", survey.ChartBars)
	hidden.Cells[1][1].Value, hidden.Cells[1][1].Flags = survey.FigureOf(0.987654), []string{survey.FlagSuppressed}
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
	return unzipped(t, out.Bytes())
}

func unzipped(t *testing.T, file []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
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
		if strings.HasSuffix(name, ".xlsx") || strings.HasSuffix(name, ".png") {
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

// The elements of every part stand in the order of the schemas, those of the
// charts' own workbooks too.
func TestPartsFollowTheSchema(t *testing.T) {
	b := booktest.Book()
	var logo bytes.Buffer
	if err := png.Encode(&logo, image.NewGray(image.Rect(0, 0, 40, 10))); err != nil {
		t.Fatal(err)
	}
	b.Theme.LogoData = logo.Bytes()
	checked := 0
	check := func(name, part string) {
		if folder, _, _ := strings.Cut(name, "/"); (folder == "ppt" || folder == "xl") && strings.HasSuffix(name, ".xml") {
			checked++
			if faults := ooxmltest.Faults(part); len(faults) > 0 {
				t.Errorf("%s: %v", name, faults[:min(len(faults), 5)])
			}
		}
	}
	for name, part := range written(t, b) {
		check(name, part)
		if strings.HasSuffix(name, ".xlsx") {
			for inner, content := range unzipped(t, []byte(part)) {
				check(inner, content)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d parts", checked)
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
	if !slices.Equal(got[1:], []string{"Base: all respondents; n = 500", "Synthetic data: the answers are simulated, no real person gave them.", "Source: Tracker, 2011."}) {
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

// Each finding has a slide: its claim, the cells that it reads as a chart, its evidence.
func TestOneSlideAFinding(t *testing.T) {
	b := booktest.Book()
	parts := written(t, b)
	found := finding.Choose(b)
	if got := texts(parts["ppt/slides/slide2.xml"]); got[0] != "Findings" || html.UnescapeString(got[1]) != found[0].Claim {
		t.Errorf("slide %q, want the finding %q", got, found[0].Claim)
	}
	for i, f := range found {
		got := texts(parts[fmt.Sprintf("ppt/slides/slide%d.xml", 3+i)])
		if html.UnescapeString(got[0]) != f.Claim || html.UnescapeString(got[1]) != f.Evidence+"." {
			t.Errorf("slide %q, want %q with %q", got, f.Claim, f.Evidence)
		}
		numbers, err := excelize.OpenReader(strings.NewReader(parts[fmt.Sprintf("ppt/embeddings/numbers%d.xlsx", 1+i)]))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := numbers.GetRows(numbersSheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range f.Columns {
			column, want := f.Table.Columns[c], survey.FormatNumber(f.Table.Cells[f.Row][c].Value.Float())
			at := slices.IndexFunc(rows, func(row []string) bool { return row[0] == column.Label })
			if !column.Change && (at < 0 || rows[at][3] != want) {
				t.Errorf("%s: the chart lacks %s = %s: %v", f.Claim, column.Label, want, rows)
			}
		}
		numbers.Close()
	}
}

// A title that does not fit its place at the master's size is set smaller.
func TestLongTitlesFit(t *testing.T) {
	b := booktest.Book()
	b.Title = strings.Repeat("privacy ", 21)
	part := written(t, b)["ppt/slides/slide1.xml"]
	if !strings.Contains(part, `sz="2000"`) {
		t.Error("a title of three lines has the size of one of two")
	}
	b.Title = "Privacy"
	if part := written(t, b)["ppt/slides/slide1.xml"]; strings.Contains(part, `sz=`) {
		t.Error("a short title has a size of its own")
	}
}

// A change whose sides the table does not show has its words only.
func TestAFindingWithoutAChart(t *testing.T) {
	b := booktest.Book()
	agree := b.Tables[0]
	agree.Columns = agree.Columns[5:]
	for r := range agree.Cells {
		agree.Cells[r] = agree.Cells[r][5:]
	}
	agree.Chart = nil
	part := written(t, b)["ppt/slides/slide3.xml"]
	if !strings.Contains(texts(part)[0], "“NET agree”: up 6.0 points") || strings.Contains(part, "graphicFrame") {
		t.Errorf("slide %q", texts(part))
	}
}

// The slides' theme is the client's: what is made from it later is in the same look.
func TestSlidesFollowTheTheme(t *testing.T) {
	var logo bytes.Buffer
	if err := png.Encode(&logo, image.NewGray(image.Rect(0, 0, 40, 10))); err != nil {
		t.Fatal(err)
	}
	b := booktest.Book()
	b.Theme = survey.Theme{Colours: []string{"#B85C00", "#003366"}, Font: "Source Sans 3", LogoData: logo.Bytes()}
	parts := written(t, b)
	theme := parts["ppt/theme/theme1.xml"]
	for _, want := range []string{
		`<a:dk2><a:srgbClr val="` + brand.Of(b.Theme).Strong + `"`, `<a:accent1><a:srgbClr val="B85C00"`, `<a:accent2><a:srgbClr val="003366"`,
		`<a:majorFont><a:latin typeface="Source Sans 3"`, `<a:minorFont><a:latin typeface="Source Sans 3"`,
	} {
		if !strings.Contains(theme, want) {
			t.Errorf("the theme lacks %s", want)
		}
	}
	if parts["ppt/media/logo.png"] != logo.String() || !strings.Contains(parts["ppt/slides/slide1.xml"], `r:embed="rId2"`) ||
		!strings.Contains(parts["ppt/slides/_rels/slide1.xml.rels"], `Target="../media/logo.png"`) {
		t.Error("the logo is not on the title slide")
	}
	if !strings.Contains(parts["ppt/slides/slide1.xml"], fmt.Sprintf(`<a:ext cx="%d" cy="%d">`, 240*pixel, 60*pixel)) {
		t.Error("the logo has lost its proportions")
	}
	b.Theme.LogoData = []byte(`<svg viewBox="0 0 3 1"/>`)
	if part := written(t, b)["ppt/slides/slide1.xml"]; strings.Contains(part, "p:pic") {
		t.Error("a drawing that PowerPoint does not show")
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
