package chart_test

import (
	"fmt"
	"slices"

	"surveykit/survey"
)

// scale declares the rows that are no nets as answers of one ordered scale.
func scale(t *survey.Tabulation, p survey.Polarity) {
	for r := range t.Rows {
		if t.Rows[r].Kind == survey.RowShare {
			t.Rows[r].Scale = p
		}
	}
}

// fields are shares as squares of a hundred; one is hidden, one has a small base.
func fields() *survey.Tabulation {
	t := parts()
	t.ID, t.Chart = "waffle", &survey.Chart{Kind: "waffle", Rows: []string{"Fundamentalists", "Pragmatists"}}
	t.Cells[0][1].Flags = []string{survey.FlagSuppressed}
	t.Cells[1][2].Flags = []string{survey.FlagLowBase}
	return t
}

func parts() *survey.Tabulation {
	return &survey.Tabulation{ID: "parts", Title: "Fundamentalists are the largest of the three segments", Base: "all adults",
		Rows: rows(survey.RowShare, "Fundamentalists", "Pragmatists", "Unconcerned"), Columns: columns("Age", "18–24", "25–54", "55 and over"),
		Cells: shares([]int{800, 900, 1000}, []float64{.3, .4, .5}, []float64{.5, .45, .4}, []float64{.2, .15, .1}),
		Chart: &survey.Chart{Kind: survey.ChartStacked}}
}

// diverging is the same table for both polarities: a falling scale lists its
// positive answers first.
func diverging(p survey.Polarity) *survey.Tabulation {
	t := stacked()
	t.ID, t.Chart = "diverging-"+string(p), &survey.Chart{}
	if p == survey.Falling {
		slices.Reverse(t.Rows[:5])
		slices.Reverse(t.Cells[:5])
	}
	scale(t, p)
	return t
}

func even() *survey.Tabulation {
	t := battery()
	t.ID = "even"
	scale(t, survey.Falling)
	t.Chart = &survey.Chart{}
	return t
}

func waveColumns(labels ...string) []survey.Column {
	all := columns("Wave", labels...)
	for i := range all {
		all[i].Wave = true
	}
	return all
}

func trend(lines int) *survey.Tabulation {
	t := &survey.Tabulation{ID: fmt.Sprint("trend-", lines), Title: "Concern about what companies collect has grown in every wave",
		Question: "How concerned are you about …?", Base: "all adults", Columns: waveColumns("2008", "2011", "2014", "2019", "2023"), Chart: &survey.Chart{}}
	labels := []string{"What companies collect about you", "What the government collects about you", "Your health records", "Your friends", "Your location", "Your purchases", "What you search for"}
	for i, l := range labels[:lines] {
		t.Rows = append(t.Rows, survey.Row{Label: l, Kind: survey.RowShare})
		var cells []survey.Cell
		for w := range 5 {
			cells = append(cells, cell(0.35+0.06*float64(w)-0.07*float64(i%4)*(1-0.15*float64(w)), []int{812, 640, 702, 655, 901}[w]))
		}
		t.Cells = append(t.Cells, cells)
	}
	t.Cells[1][2] = gone(12, survey.FlagSuppressed)
	t.Cells[2][4].Flags = []string{survey.FlagLowBase}
	return t
}

func multiples() *survey.Tabulation {
	t := nested()
	t.ID, t.Chart = "multiples", &survey.Chart{Kind: survey.ChartMultiples}
	t.Cells[1][4] = gone(12, survey.FlagSuppressed)
	t.Cells[2][5].Flags = []string{survey.FlagLowBase}
	return t
}

func heat() *survey.Tabulation {
	t := &survey.Tabulation{ID: "heat", Title: "Social sites are trusted least, and least of all by the oldest", Base: "all adults",
		Question: "How much do you trust each of these with your data?",
		Rows:     rows(survey.RowShare, "Banks", "Government", "Physicians and hospitals, including those that you see only once", "Retailers", "Social sites"),
		Columns:  append(columns("Sex", "Women", "Men"), columns("Age", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over")...),
		Cells: shares([]int{2410, 2388, 401, 590, 615, 592, 701, 804},
			[]float64{.71, .68, .55, .61, .66, .70, .74, .78}, []float64{.52, .55, .49, .57, .51, .54, .53, .56},
			[]float64{.81, .74, .69, .75, .72, .83, .86, .88}, []float64{.34, .36, .42, .39, .35, .31, .30, .28}, []float64{.16, .19, .31, .24, .17, .12, .09, .05}),
		Chart: &survey.Chart{Kind: survey.ChartHeat}}
	t.Cells[4][2].Flags = []string{survey.FlagLowBase}
	t.Cells[3][7] = gone(12, survey.FlagSuppressed)
	return t
}

func heatRatio() *survey.Tabulation {
	t := &survey.Tabulation{ID: "heat-ratio", Title: "Relative likelihood of concern", Columns: columns("Over", "Identity", "Behavioral", "Derived", "Self-identified"),
		Chart: &survey.Chart{Kind: survey.ChartHeat}}
	for i, l := range []string{"Identity", "Behavioral", "Derived", "Self-identified"} {
		t.Rows = append(t.Rows, survey.Row{Label: l, Kind: survey.RowRatio})
		var cells []survey.Cell
		for k := range 4 {
			x := []float64{.81, .62, .55, .31}[i] / []float64{.81, .62, .55, .31}[k]
			cells = append(cells, figureCell(x, x*.95, x*1.05, 4211))
		}
		t.Cells = append(t.Cells, cells)
	}
	return t
}

func reach() *survey.Tabulation {
	return &survey.Tabulation{ID: "reach", Title: "Three channels reach nine in ten", Question: "Through which of these channels may companies send you messages?", Base: "all adults",
		Rows: rows(survey.RowShare, "Email", "+ Text message", "+ Postal mail", "+ Account on the website", "+ Telephone"), Columns: columns("", "Total"),
		Cells: shares([]int{2100}, []float64{.68}, []float64{.83}, []float64{.90}, []float64{.93}, []float64{.94}),
		Chart: &survey.Chart{Kind: survey.ChartReach}}
}

func quadrant() *survey.Tabulation {
	t := &survey.Tabulation{ID: "quadrant", Title: "The call center matters most and satisfies least", Base: "all customers", Columns: columns("", "Total"),
		Chart: &survey.Chart{Kind: survey.ChartQuadrant}}
	names := []string{"Website", "Store", "Call center", "Email newsletter", "Mobile app", "Loyalty program"}
	for k, group := range []string{"Importance", "Mean satisfaction, 1 to 5"} {
		for i, name := range names {
			kind, x := survey.RowShare, []float64{.62, .55, .71, .18, .47, .33}[i]
			if k == 1 {
				kind, x = survey.RowMean, []float64{3.9, 4.2, 2.8, 3.5, 3.9, 3.7}[i]
			}
			t.Rows = append(t.Rows, survey.Row{Group: group, Label: name, Kind: kind})
			t.Cells = append(t.Cells, []survey.Cell{figureCell(x, x-.02, x+.02, 1840)})
		}
	}
	t.Cells[4][0].Flags = []string{survey.FlagLowBase}
	return t
}

func crowdedQuadrant() *survey.Tabulation {
	t := &survey.Tabulation{ID: "quadrant-crowded", Title: "Many statements that nearly everybody agrees with", Columns: columns("Measure", "Agree", "Would pay for it"),
		Chart: &survey.Chart{Kind: survey.ChartQuadrant}}
	for i := range 26 {
		t.Rows = append(t.Rows, survey.Row{Label: fmt.Sprintf("Statement %d about data that companies keep", i+1), Kind: survey.RowShare})
		t.Cells = append(t.Cells, []survey.Cell{cell(.72+.012*float64(i%5), 900), cell(.31+.011*float64(i%7), 900)})
	}
	t.Cells[7][1] = gone(12, survey.FlagSuppressed)
	return t
}
