package chart_test

import (
	"bytes"
	"fmt"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"

	"surveykit/reports/chart"
	"surveykit/reports/chart/draw"
	"surveykit/survey"
)

const (
	// mostDrawn is the most bytes that any picture may take: 400 figures, each
	// with two names of at most 300 letters, as text and as lines.
	mostDrawn = 4 << 20
	// mostPixels is the most that common programs show of an image, a side.
	mostPixels = 32_767
)

// swollen is a tabulation with endless texts wherever a file can bring them.
func swollen(t *survey.Tabulation, filler string) *survey.Tabulation {
	swell := func(label string) string {
		if label == "" {
			return ""
		}
		return label + " " + strings.Repeat(filler, 1_000_000/len(filler))
	}
	out := *t
	out.Title, out.Question, out.Base = swell(t.Title), swell(t.Question), swell(t.Base)
	out.Rows, out.Columns = slices.Clone(t.Rows), slices.Clone(t.Columns)
	for i := range out.Rows {
		out.Rows[i].Label, out.Rows[i].Group = swell(out.Rows[i].Label), swell(out.Rows[i].Group)
	}
	for i := range out.Columns {
		out.Columns[i].Label, out.Columns[i].Group = swell(out.Columns[i].Label), swell(out.Columns[i].Group)
	}
	if t.Chart != nil {
		c := *t.Chart
		for _, labels := range []*[]string{&c.Rows, &c.Columns} {
			*labels = slices.Clone(*labels)
			for i, l := range *labels {
				(*labels)[i] = swell(l)
			}
		}
		c.Title, c.Subtitle = swell(c.Title), swell(c.Subtitle)
		out.Chart = &c
	}
	return &out
}

// Labels and titles of a megabyte make a picture of any kind that can be looked
// at and says that it is not all, or a problem that says what is too much.
func TestEndlessTexts(t *testing.T) {
	fillers := []string{"x", "word ", "é"}
	drawn := 0
	// A bitmap takes seconds: only the highest picture is made into one.
	var highest *draw.Picture
	most := 0
	for i, name := range slices.Sorted(maps.Keys(samples())) {
		p, err := chart.Draw(swollen(samples()[name], fillers[i%len(fillers)]), options(name))
		if err != nil {
			if !strings.Contains(err.Error(), "pixels high") || len(err.Error()) > 1000 {
				t.Errorf("%s: %.1000v", name, err)
			}
			continue
		}
		drawn++
		svg, err1 := p.SVG()
		page, err2 := p.PDF()
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for format, b := range map[string][]byte{"SVG": svg, "PDF": page} {
			if len(b) > mostDrawn {
				t.Errorf("%s: the %s has %d bytes", name, format, len(b))
			}
		}
		var width, height int
		if _, err := fmt.Sscanf(string(svg), `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"`, &width, &height); err != nil {
			t.Fatal(err)
		}
		if height > most {
			highest, most = p, height
		}
		if !bytes.Contains(svg, []byte("…")) || !bytes.Contains(svg, []byte("are shortened")) {
			t.Errorf("%s: nothing says that texts are shortened", name)
		}
	}
	if drawn < len(samples())/2 {
		t.Errorf("only %d pictures were drawn", drawn)
	}
	image, err := highest.PNG()
	if err != nil {
		t.Fatal(err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(image))
	if err != nil || size.Height > mostPixels || size.Width > mostPixels || len(image) > mostDrawn {
		t.Errorf("the image has %d × %d pixels and %d bytes, %v", size.Width, size.Height, len(image), err)
	}
}

// More rows than a picture can be high are a problem.
func TestTooTall(t *testing.T) {
	table := &survey.Tabulation{ID: "q", Columns: []survey.Column{{Label: "Total"}}, Chart: &survey.Chart{Kind: survey.ChartDots}}
	for i := range 400 {
		table.Rows = append(table.Rows, survey.Row{Kind: survey.RowShare, Label: fmt.Sprint(i, strings.Repeat(" a long answer", 20))})
		table.Cells = append(table.Cells, []survey.Cell{{Estimate: survey.Estimate{Value: survey.FigureOf(0.5)}}})
	}
	if _, err := chart.Draw(table, chart.Options{}); err == nil || !strings.Contains(err.Error(), `the chart of table "q": it would be `) || !strings.Contains(err.Error(), "16,000 are the most") {
		t.Errorf("error %v", err)
	}
	for i := range table.Rows {
		table.Rows[i].Label = fmt.Sprint(i)
	}
	if _, err := chart.Draw(table, chart.Options{}); err != nil {
		t.Errorf("short labels: %v", err)
	}
}
