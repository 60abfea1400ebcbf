package chart_test

import (
	"fmt"
	"strings"

	"surveykit/reports/chart"
	"surveykit/reports/chart/draw"
	"surveykit/survey"
)

// concern is a finished table of two rows and two columns.
func concern() *survey.Tabulation {
	cell := func(value, low, high survey.Figure) survey.Cell {
		return survey.Cell{Estimate: survey.Estimate{Value: value, Low: low, High: high, Level: survey.FigureOf(0.95), N: 600}}
	}
	return &survey.Tabulation{
		ID: "concern", Title: "Concern about two kinds of data", Base: "All adults",
		Columns: []survey.Column{{Group: "Age", Label: "18-34"}, {Group: "Age", Label: "35+"}},
		Rows:    []survey.Row{{Label: "Identity data", Kind: survey.RowShare}, {Label: "Behavioral data", Kind: survey.RowShare}},
		Cells: [][]survey.Cell{
			{cell(survey.FigureOf(0.47), survey.FigureOf(0.43), survey.FigureOf(0.51)), cell(survey.FigureOf(0.54), survey.FigureOf(0.50), survey.FigureOf(0.58))},
			{cell(survey.FigureOf(0.35), survey.FigureOf(0.31), survey.FigureOf(0.39)), cell(survey.FigureOf(0.45), survey.FigureOf(0.41), survey.FigureOf(0.49))},
		},
	}
}

// printWords prints what a picture tells those who cannot see it.
func printWords(picture *draw.Picture, err error) {
	if err != nil {
		fmt.Println(err)
		return
	}
	svg, err := picture.SVG()
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(string(svg)) {
		if _, text, found := strings.Cut(line, "-desc\">"); found {
			fmt.Println(strings.TrimSuffix(text, "</desc>\n"))
		}
	}
}

// Every picture says in words what it shows, for those who cannot see it.
func ExampleDraw() {
	printWords(chart.Draw(concern(), chart.Options{Source: "Source: an example."}))
	// Output:
	// Dots with confidence intervals. Identity data: 18-34 47% (43% to 51%), 35+ 54% (50% to 58%). Behavioral data: 18-34 35% (31% to 39%), 35+ 45% (41% to 49%).
}

// What would be drawn, for a renderer with means of its own.
func ExampleChoose() {
	choice, err := chart.Choose(concern())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(choice.Kind, choice.Points, choice.Series)
	// Output:
	// dots [Identity data Behavioral data] [18-34 35+]
}

// The people of two segments in a solution of three.
func ExampleAlluvial() {
	printWords(chart.Alluvial(chart.Flows{
		ID: "solutions",
		Stages: []chart.Stage{
			{Name: "Two segments", Categories: []string{"Guarded", "Open"}},
			{Name: "Three segments", Categories: []string{"Open", "Bargaining", "Guarded"}},
		},
		Flows: []chart.Flow{{From: 0, To: 2, Weight: 400}, {From: 0, To: 1, Weight: 100}, {From: 1, To: 1, Weight: 150}, {From: 1, To: 0, Weight: 350}},
	}, chart.Options{}))
	// Output:
	// Flows between groups. Two segments: Guarded 50%, Open 50%. From Guarded: 40% to Guarded, 10% to Bargaining. From Open: 35% to Open, 15% to Bargaining. Three segments: Guarded 40%, Bargaining 25%, Open 35%.
}
