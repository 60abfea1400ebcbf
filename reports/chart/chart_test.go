package chart_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/reports/chart"
	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	look   = flag.String("look", "", "write the PNGs into this folder, to be looked at")
)

func options(name string) chart.Options {
	return chart.Options{Source: "Source: tracker, waves 10 to 12.", Synthetic: name == "dots"}
}

// pictures are all that golden files hold.
func pictures() map[string]func(chart.Options) (*draw.Picture, error) {
	all := map[string]func(chart.Options) (*draw.Picture, error){
		"weights": drawWeights(weighted(0.3, false)), "weights-wide": drawWeights(wideWeights()), "weights-equal": drawWeights(equalWeights()),
		"alluvial": drawFlows(solutions()), "alluvial-panel": drawFlows(panel()), "alluvial-growing": drawFlows(growing()),
	}
	for name, table := range samples() {
		all[name] = func(o chart.Options) (*draw.Picture, error) { return chart.Draw(table, o) }
	}
	return all
}

func TestGolden(t *testing.T) {
	for name, draw := range pictures() {
		t.Run(name, func(t *testing.T) {
			p, err := draw(options(name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.SVG()
			if err != nil {
				t.Fatal(err)
			}
			if *look != "" {
				painted, err := p.PNG()
				if err != nil {
					t.Fatal(err)
				}
				write(t, filepath.Join(*look, name+".png"), painted)
			}
			golden := filepath.Join("testdata", name+".svg")
			if *update {
				write(t, golden, got)
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("the drawing has changed; look at it, then run with -update:\n%s", diff)
			}
		})
	}
}

// The same tabulation gives the same bytes, and the image is twice the
// drawing's size.
func TestDeterministicAndSized(t *testing.T) {
	for _, name := range []string{"dots-waves", "bars-means", "stacked", "slope-change"} {
		table := samples()[name]
		drawn, painted := svg(t, table, options(name)), image(t, table, options(name))
		if !bytes.Equal(drawn, svg(t, table, options(name))) || !bytes.Equal(painted, image(t, table, options(name))) {
			t.Errorf("%s: two drawings differ", name)
		}
		decoded, err := png.Decode(bytes.NewReader(painted))
		if err != nil {
			t.Fatal(name, err)
		}
		root := parse(t, drawn)
		if got, want := [2]int{decoded.Bounds().Dx(), decoded.Bounds().Dy()}, [2]int{2 * root.Width, 2 * root.Height}; got != want {
			t.Errorf("%s: the image is %v pixels, want %v", name, got, want)
		}
		if root.Role != "img" || root.Title == "" || root.Desc == "" {
			t.Errorf("%s: role %q, title %q, description %q", name, root.Role, root.Title, root.Desc)
		}
	}
}

// Every figure that may be shown stands in the description, and, but for
// parts of a bar that are too narrow, in the drawing.
func TestFiguresAreSaid(t *testing.T) {
	table := waves(survey.ChartDots)
	root := parse(t, svg(t, table, chart.Options{Synthetic: true, Level: 0.95}))
	words := strings.Join(root.words(), "\n")
	for r := range table.Rows {
		for c := 1; c <= 3; c++ {
			if r == 2 && c == 2 {
				continue
			}
			want := figure.Percent(table.Cells[r][c].Value.Float(), 0)
			if !strings.Contains(words, want) || !strings.Contains(root.Desc, table.Columns[c].Label+" "+want) {
				t.Errorf("%s of %q is missing", want, table.Rows[r].Label)
			}
		}
	}
	for _, want := range []string{table.Title, "Synthetic data", "95% confidence intervals", "2025: base too small", "Hollow marks: small base, read with caution."} {
		if !strings.Contains(words, want) {
			t.Errorf("the drawing does not say %q:\n%s", want, words)
		}
	}
	for _, not := range []string{"Change", "2026 − 2024", "Total", "6%\n"} {
		if strings.Contains("\n"+words, "\n"+not) {
			t.Errorf("the drawing shows %q, which was not asked for", not)
		}
	}
}

// A suppressed figure is in no drawing and no description, even where the
// cell holds it.
func TestSuppressedIsNotShown(t *testing.T) {
	for _, table := range []*survey.Tabulation{waves(survey.ChartDots), waves(survey.ChartBars), slope(), stacked()} {
		for r := range table.Cells {
			table.Cells[r][3] = cell(0.01234, 12, survey.FlagSuppressed)
		}
		if drawn := string(svg(t, table, chart.Options{})); strings.Contains(drawn, ">1%<") || strings.Contains(drawn, ">1<") || strings.Contains(drawn, " 1%") {
			t.Errorf("the %s show a suppressed figure:\n%s", table.Chart.Kind, drawn)
		}
	}
}

// Labels choose what is drawn, in the order asked.
func TestChosen(t *testing.T) {
	table := waves(survey.ChartDots)
	table.Chart.Rows = []string{"Empty nesters", "Value seekers"}
	table.Chart.Columns = []string{"Total", "2026"}
	want := "Dots with confidence intervals." +
		" Empty nesters: Total 33% (32% to 34%), Wave: 2026 36% (34% to 38%)." +
		" Value seekers: Total 41% (40% to 42%), Wave: 2026 44% (42% to 46%)."
	if got := parse(t, svg(t, table, chart.Options{})).Desc; got != want {
		t.Errorf("drawn:\n%s\nwant:\n%s", got, want)
	}
}

// A change is printed beside a slope only where it is the difference of the
// two columns drawn.
func TestSlopeKnowsItsChange(t *testing.T) {
	if words := parse(t, svg(t, change(), chart.Options{})).words(); !slices.Contains(words, "−12 pts") || !slices.Contains(words, "+9 pts") {
		t.Errorf("changes are missing: %q", words)
	}
	for _, w := range parse(t, svg(t, slope(), chart.Options{})).words() {
		if strings.Contains(w, "pts") {
			t.Errorf("%q belongs to other columns", w)
		}
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*survey.Tabulation)
		want  []string
	}{
		{"unknown labels, all told", func(t *survey.Tabulation) {
			t.Chart.Rows, t.Chart.Columns = []string{"Familes"}, []string{"2027"}
		}, []string{`no row "Familes"`, "did you mean", `no column "2027"`}},
		{"unknown kind", func(t *survey.Tabulation) { t.Chart.Kind = "pie" }, []string{`no kind of chart "pie"`, "stacked"}},
		{"no rows", func(t *survey.Tabulation) { t.Rows, t.Cells = nil, nil }, []string{"the table is empty"}},
		{"ragged", func(t *survey.Tabulation) { t.Cells[1] = t.Cells[1][:2] }, []string{"do not fit"}},
		{"only changes", func(t *survey.Tabulation) { t.Chart.Columns = []string{"2026 − 2024"} }, []string{"only columns of changes"}},
		{"three waves", func(t *survey.Tabulation) { t.Chart.Kind = survey.ChartSlope }, []string{"two columns, and there are 3"}},
		{"too much", func(t *survey.Tabulation) { t.Chart.Kind = survey.ChartStacked }, []string{`the parts of "2024" add up to 168%`, "the kind bars"}},
		{"a mean stacked", func(t *survey.Tabulation) {
			t.Chart.Kind, t.Chart.Rows, t.Rows[0].Kind = survey.ChartStacked, []string{t.Rows[0].Label}, survey.RowMean
		}, []string{"only shares"}},
		{"mixed units", func(t *survey.Tabulation) {
			t.Chart.Rows, t.Rows[0].Kind = []string{t.Rows[0].Label, t.Rows[1].Label}, survey.RowMean
		}, []string{"different units"}},
		{"out of all bounds", func(t *survey.Tabulation) { t.Cells[0][1].Value = survey.FigureOf(1e200) }, []string{"too large"}},
		{"too many", func(t *survey.Tabulation) {
			for range 200 {
				t.Rows, t.Cells = append(t.Rows, t.Rows[0]), append(t.Cells, t.Cells[0])
			}
		}, []string{"612 figures"}},
	} {
		table := waves(survey.ChartDots)
		c.spoil(table)
		_, err := chart.Draw(table, chart.Options{})
		if err == nil {
			t.Errorf("%s: drawn all the same", c.name)
			continue
		}
		for _, want := range append(c.want, `table "intent"`) {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\ndoes not say %q", c.name, err, want)
			}
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		svg(b, waves(survey.ChartDots), chart.Options{})
		image(b, waves(survey.ChartDots), chart.Options{})
	}
}

func mustDraw(t testing.TB, table *survey.Tabulation, o chart.Options) *draw.Picture {
	t.Helper()
	p, err := chart.Draw(table, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func svg(t testing.TB, table *survey.Tabulation, o chart.Options) []byte {
	t.Helper()
	b, err := mustDraw(t, table, o).SVG()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func image(t testing.TB, table *survey.Tabulation, o chart.Options) []byte {
	t.Helper()
	b, err := mustDraw(t, table, o).PNG()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// drawing is an SVG read back.
type drawing struct {
	Width  int    `xml:"width,attr"`
	Height int    `xml:"height,attr"`
	Role   string `xml:"role,attr"`
	Title  string `xml:"title"`
	Desc   string `xml:"desc"`
	Texts  []struct {
		Inner []byte `xml:",innerxml"`
	} `xml:"text"`
}

func parse(t *testing.T, svg []byte) drawing {
	t.Helper()
	var d drawing
	if err := xml.Unmarshal(svg, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// words are the drawing's lines of text without their mark-up.
func (d drawing) words() []string {
	var words []string
	for _, text := range d.Texts {
		decoder, s := xml.NewDecoder(bytes.NewReader(text.Inner)), ""
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if c, ok := token.(xml.CharData); ok {
				s += string(c)
			}
		}
		words = append(words, s)
	}
	return words
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// On a phone a picture is half as wide, but for tables of cells and quadrants.
func TestNarrowPictures(t *testing.T) {
	for name, table := range samples() {
		p := mustDraw(t, table, chart.Options{Narrow: true})
		wide := slices.Contains([]string{"heat", "heat-ratio", "quadrant", "quadrant-crowded"}, name)
		if p.Narrow == wide {
			t.Errorf("%s: narrow %v", name, p.Narrow)
		}
	}
}
