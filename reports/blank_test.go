package reports_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/booktest"
	"surveykit/reports/chart"
	"surveykit/reports/html"
	"surveykit/reports/markdown"
	"surveykit/reports/slides"
	"surveykit/reports/terminal"
	"surveykit/reports/tidy"
	"surveykit/reports/workbook"
	"surveykit/survey"
)

// A cell that nobody has filled is blank in every output, never the figure 0.
func TestZeroEstimateIsBlank(t *testing.T) {
	nothing := regexp.MustCompile(`(^|[^0-9.,])[-+−]?0(\.0+)?%`)
	made := func(second survey.Cell) *survey.Book {
		return &survey.Book{Title: "Book", Tables: []*survey.Tabulation{{
			ID: "t", Title: "Table", Columns: []survey.Column{{Label: "Total", Everybody: true, N: 100, NWeighted: 100, NEffective: 100}},
			Rows:  []survey.Row{{Label: "filled", Kind: survey.RowShare}, {Label: "unfilled", Kind: survey.RowShare}},
			Cells: [][]survey.Cell{{booktest.Share(0.42, 100)}, {second}},
		}}}
	}
	zero := survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(0), SE: survey.FigureOf(0), Low: survey.FigureOf(0), High: survey.FigureOf(0), N: 100}}
	text := func(write func(io.Writer, *survey.Book) error) func(*survey.Book) (string, error) {
		return func(b *survey.Book) (string, error) {
			var out bytes.Buffer
			err := write(&out, b)
			return out.String(), err
		}
	}
	cells := func(write func(io.Writer, *survey.Book) error) func(*survey.Book) (string, error) {
		return func(b *survey.Book) (string, error) {
			file, err := text(write)(b)
			if err != nil {
				return "", err
			}
			x, err := excelize.OpenReader(strings.NewReader(file))
			if err != nil {
				return "", err
			}
			var out strings.Builder
			for _, sheet := range x.GetSheetList() {
				rows, err := x.GetRows(sheet)
				if err != nil {
					return "", err
				}
				for _, row := range rows {
					out.WriteString(strings.Join(row, "\n") + "\n")
				}
			}
			return out.String(), nil
		}
	}
	for name, render := range map[string]func(*survey.Book) (string, error){
		"html":       text(html.Write),
		"markdown":   text(markdown.Write),
		"terminal":   text(func(w io.Writer, b *survey.Book) error { return terminal.Write(w, b.Tables[0], 80) }),
		"workbook":   cells(workbook.Write),
		"accessible": cells(workbook.WriteAccessible),
		"slides": func(b *survey.Book) (string, error) {
			b.Tables[0].Chart = &survey.Chart{Kind: survey.ChartBars, Title: "Chart"}
			file, err := text(slides.Write)(b)
			if err != nil {
				return "", err
			}
			return plotted(file)
		},
		"chart": text(func(w io.Writer, b *survey.Book) error {
			b.Tables[0].Chart = &survey.Chart{Kind: survey.ChartBars, Title: "Chart"}
			p, err := chart.Draw(b.Tables[0], chart.Options{})
			if err != nil {
				return err
			}
			svg, err := p.SVG()
			if err == nil {
				_, err = w.Write(svg)
			}
			return err
		}),
	} {
		t.Run(name, func(t *testing.T) {
			blank, err := render(made(survey.Cell{}))
			if err != nil {
				t.Fatal(err)
			}
			filled, err := render(made(zero))
			if err != nil {
				t.Fatal(err)
			}
			axis := 0
			if name == "chart" {
				axis = 1
			}
			if n := len(nothing.FindAllString(blank, -1)); n != axis || !strings.Contains(blank, "42%") {
				t.Errorf("an unfilled cell is 0%% in %d places, or the filled one is not shown", n-axis)
			}
			if len(nothing.FindAllString(filled, -1)) == axis {
				t.Error("a figure of 0 is not shown")
			}
		})
	}
	for _, r := range tidy.Records(made(survey.Cell{})) {
		if r.Row == "unfilled" && (r.Value.Exists() || r.Low.Exists() || r.P.Exists()) {
			t.Errorf("the unfilled record is %+v", r)
		}
	}
}

// plotted are the numbers of the charts on slides, as percentages.
func plotted(file string) (string, error) {
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "ppt/charts/chart") {
			continue
		}
		part, err := f.Open()
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return "", err
		}
		for _, value := range regexp.MustCompile(`(?s)<c:val>.*?</c:val>`).FindAll(text, -1) {
			for _, x := range regexp.MustCompile(`<c:v>([^<]*)</c:v>`).FindAllSubmatch(value, -1) {
				number, err := strconv.ParseFloat(string(x[1]), 64)
				if err != nil {
					return "", err
				}
				fmt.Fprintf(&out, "%v%%\n", 100*number)
			}
		}
	}
	return out.String(), nil
}
