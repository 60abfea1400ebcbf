package chart_test

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	stdimage "image"

	"surveykit/reports/chart"
	"surveykit/survey"
)

// A table that asks for no kind is drawn by its shape.
func TestKindFollowsShape(t *testing.T) {
	plain := func(table *survey.Tabulation) *survey.Tabulation {
		table.Chart = &survey.Chart{}
		return table
	}
	part := diverging(survey.Rising)
	part.Chart.Rows = []string{"Agree", "Strongly agree"}
	nominal := plain(parts())
	for name, c := range map[string]struct {
		table *survey.Tabulation
		want  survey.ChartKind
	}{
		"shares":                  {plain(bars()), survey.ChartDots},
		"a two-sided scale":       {diverging(survey.Rising), survey.ChartDiverging},
		"turned around":           {diverging(survey.Falling), survey.ChartDiverging},
		"a one-sided scale":       {plain(eleven()), survey.ChartStacked},
		"a battery of scales":     {plain(battery()), survey.ChartStacked},
		"a part of a scale":       {part, survey.ChartDots},
		"answers without order":   {nominal, survey.ChartDots},
		"many waves":              {trend(3), survey.ChartLine},
		"two waves":               {twoWaves(), survey.ChartSlope},
		"columns that are groups": {plain(nested()), survey.ChartDots},
	} {
		got, err := chart.Choose(c.table)
		if err != nil {
			t.Fatal(name, err)
		}
		drawn := mustDraw(t, c.table, chart.Options{})
		if got.Drawn != c.want || drawn == nil {
			t.Errorf("%s: drawn as %q, want %q", name, got.Drawn, c.want)
		}
	}
}

func twoWaves() *survey.Tabulation {
	t := trend(3)
	t.Chart.Columns = []string{"2008", "2023"}
	return t
}

// Both polarities give the same bars: the negative side is left of zero, in
// the negative colours.
func TestPolarityTurnsScales(t *testing.T) {
	rising, falling := diverging(survey.Rising), diverging(survey.Falling)
	falling.ID = rising.ID
	if a, b := svg(t, rising, chart.Options{}), svg(t, falling, chart.Options{}); !bytes.Equal(a, b) {
		t.Error("a scale listed from its positive end is drawn differently")
	}
	falling.Chart.Kind = survey.ChartStacked
	drawn := string(svg(t, falling, chart.Options{}))
	if first := strings.Index(drawn, "#12436D"); first < 0 || first > strings.Index(drawn, "#C24A0E") {
		t.Error("the first, positive answer of a stacked falling scale is not in the positive colour")
	}
	for _, c := range []struct{ table *survey.Tabulation }{{eleven()}, {parts()}} {
		if strings.Contains(string(svg(t, c.table, chart.Options{})), "#C24A0E") {
			t.Errorf("%s: answers that no scale calls negative have the negative colour", c.table.ID)
		}
	}
}

func TestKindProblems(t *testing.T) {
	falls, uneven, wide := reach(), quadrant(), heat()
	falls.Cells[2], falls.Cells[3] = falls.Cells[3], falls.Cells[2]
	uneven.Rows[7].Label = "Shop"
	for range 12 {
		wide.Columns = append(wide.Columns, wide.Columns[1])
		for r := range wide.Cells {
			wide.Cells[r] = append(wide.Cells[r], wide.Cells[r][1])
		}
	}
	several := waves(survey.ChartReach)
	lone := bars()
	lone.Chart.Kind = survey.ChartLine
	three := waves(survey.ChartQuadrant)
	mixed := quadrant()
	mixed.Rows[1].Kind = survey.RowRatio
	means := means()
	means.Chart.Kind = survey.ChartDiverging
	for want, table := range map[string]*survey.Tabulation{
		`reach falls at "+ Account on the website"`: falls, "needs one column, and there are 3": several,
		`the rows of "Mean satisfaction, 1 to 5" are not those of "Importance"`: uneven, "needs two measures": three, `the rows of "Importance" have different units`: mixed,
		"would have 20 columns, and 12 fit": wide, "needs two columns at least": lone, "only shares can be drawn": means,
	} {
		if _, err := chart.Draw(table, chart.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}
}

// The gains of a reach curve are the differences of its figures.
func TestReachSaysItsGains(t *testing.T) {
	words := strings.Join(parse(t, svg(t, reach(), chart.Options{})).words(), "\n")
	for _, want := range []string{"68%", "83%", "(+15 pts)", "(+7 pts)", "(+3 pts)", "(+1 pts)"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in\n%s", want, words)
		}
	}
}

func theme(logo []byte) survey.Theme {
	return survey.Theme{Colours: []string{"#5B2A86", "#B03A2E"}, Positive: "#1E6B3A", Negative: "#B03A2E", Font: "Source Sans 3", Logo: "logo", LogoData: logo}
}

// mark is a client's logo as PNG.
func pngLogo(t testing.TB) []byte {
	t.Helper()
	picture := stdimage.NewNRGBA(stdimage.Rect(0, 0, 120, 30))
	for x := range 120 {
		for y := range 30 {
			picture.SetNRGBA(x, y, color.NRGBA{0x5B, 0x2A, 0x86, uint8(2 * x)})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheme(t *testing.T) {
	const vector = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#5B2A86"/></svg>`
	o := options("themed")
	o.Theme = theme(pngLogo(t))
	drawn := string(svg(t, trend(3), o))
	for _, want := range []string{"#5B2A86", "#B03A2E", `font-family="Source Sans 3, Liberation Sans`, `width="160" height="40" href="data:image/png;base64,`} {
		if !strings.Contains(drawn, want) {
			t.Errorf("the drawing lacks %s", want)
		}
	}
	if scale := string(svg(t, diverging(survey.Rising), o)); !strings.Contains(scale, "#1E6B3A") || strings.Contains(scale, "#12436D") {
		t.Error("a scale is not in the theme's colours")
	}
	if *look != "" {
		write(t, filepath.Join(*look, "themed.png"), image(t, diverging(survey.Rising), o))
	}
	plain := len(image(t, bars(), options("themed")))
	o.Theme.LogoData = []byte(vector)
	if drawn = string(svg(t, bars(), o)); !strings.Contains(drawn, "data:image/svg+xml;base64,") {
		t.Error("the drawing lacks the vector logo")
	}
	if len(image(t, bars(), o)) == 0 || plain == 0 {
		t.Error("no image with a vector logo")
	}
}

func TestThemeProblems(t *testing.T) {
	_, err := chart.Draw(bars(), chart.Options{Theme: survey.Theme{Colours: []string{"#FFFF00", "blue"}, Positive: "#EEEEEE", LogoData: []byte("GIF")}})
	for _, want := range []string{"too light", "not a colour", "#EEEEEE", "neither PNG nor SVG"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}
}

// Every kind gives a PDF, the same each time, of the picture's size and with
// its words in it, whatever their script.
func TestPDF(t *testing.T) {
	for _, name := range []string{"dots-unicode", "stacked", "slope-change", "line", "heat", "quadrant"} {
		o := options(name)
		o.Theme = theme(pngLogo(t))
		p := mustDraw(t, samples()[name], o)
		first, err := p.PDF()
		if err != nil {
			t.Fatal(name, err)
		}
		again, err := p.PDF()
		if err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: two files differ (%v)", name, err)
		}
		root := parse(t, svg(t, samples()[name], o))
		if box := fmt.Sprintf("/MediaBox [0 0 %.2f %.2f]", 0.75*float64(root.Width), 0.75*float64(root.Height)); !bytes.Contains(first, []byte(box)) {
			t.Errorf("%s: the page is not %s", name, box)
		}
		if *look != "" {
			write(t, filepath.Join(*look, name+".pdf"), first)
		}
		pdfSays(t, first, root)
	}
}

// pdfSays reads a PDF's text back, where the machine has a reader.
func pdfSays(t *testing.T, pdf []byte, root drawing) {
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("without pdftotext the words are not read back")
		return
	}
	path := filepath.Join(t.TempDir(), "chart.pdf")
	write(t, path, pdf)
	out, err := exec.Command(reader, "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(string(out)), " ")
	for _, words := range root.words() {
		if strings.ContainsAny(words, "世個日本עבי話間の界\ufffd") {
			continue // not in the font
		}
		if words = strings.Join(strings.Fields(words), " "); !strings.Contains(said, words) {
			t.Errorf("the PDF does not say %q", words)
		}
	}
}

// Tones are darkest at the end of the scale that the first net sums up, in the
// picture and in what other renderers draw.
func TestTonesAreDarkestWhereTheNetIs(t *testing.T) {
	for _, first := range []bool{true, false} {
		table := scaled([]float64{.3, .3, .2, .1, .1}, survey.OneSided)
		total := .3 + .3
		if !first {
			total = .1 + .1
		}
		table.Rows = append(table.Rows, survey.Row{Label: "Net", Kind: survey.RowNet})
		table.Cells = append(table.Cells, []survey.Cell{{Estimate: survey.Estimate{Value: survey.FigureOf(total)}}})
		choice, err := chart.Choose(table)
		if err != nil {
			t.Fatal(err)
		}
		colours := choice.Colours(survey.Theme{})
		if dark := colours[0] == "12436D"; len(colours) != 5 || dark != first || (colours[4] == "12436D") == first {
			t.Errorf("the net is of the first parts: %v, colours %v", first, colours)
		}
	}
}

// scaled is a table of one column whose rows are the answers of a scale.
func scaled(shares []float64, scale survey.Polarity) *survey.Tabulation {
	t := &survey.Tabulation{ID: "scaled", Columns: []survey.Column{{Label: "Total"}}, Chart: &survey.Chart{Kind: survey.ChartStacked}}
	for i, x := range shares {
		t.Rows = append(t.Rows, survey.Row{Label: fmt.Sprint("Answer ", i+1), Kind: survey.RowShare, Scale: scale})
		t.Cells = append(t.Cells, []survey.Cell{{Estimate: survey.Estimate{Value: survey.FigureOf(x)}}})
	}
	return t
}
