package workbook

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
)

// sampleBook is a book with everything that a workbook can hold: banners with
// letters, changes, rows with their own bases, small, suppressed and absent
// cells, long and foreign labels, texts that look like formulas, every chart.
func sampleBook() *survey.Book {
	return &survey.Book{
		Title: "Privacy & shopping 2009–2011", Subtitle: "Ethnographic survey, tabulation book", Synthetic: true,
		Design:     []string{"Stratified two-stage sample: 24 strata, 480 PSUs. Weight: final weight; strata: region; PSU: block.", "Lonely PSUs: none."},
		Precision:  []string{"Margin of sampling error for a share of 50%: ±0.51 points under simple random sampling, ±0.83 points with the design effect of 2.7 (95% confidence)."},
		Methods:    []string{"Intervals: logit with t on PSUs − strata. Tests: t on the difference with the joint covariance, two-sided, 5%, Benjamini–Hochberg within each table."},
		Disclosure: []survey.Fact{{Label: "Sponsor", Text: "=A sponsor whose name looks like a formula"}, {Label: "Mode", Text: "Web"}, {Label: "Known limits", Text: strings.Repeat("People without internet access cannot answer. ", 6)}},
		Tables:     []*survey.Tabulation{agreeTable(), scaleTable(), itemTable(), waveTable(), meanTable()},
		Warnings:   survey.Notices{{Text: "The weight of 3 rows is zero: they count in no base."}},
		Sources:    []survey.Source{{Path: "data/2009.sav", Format: "sav", SHA256: strings.Repeat("ab", 32), Bytes: 1 << 20, Rows: 18000}, {Path: "data/2011.sav", Format: "sav", SHA256: strings.Repeat("cd", 32), Bytes: 1 << 20, Rows: 19350}},
		StudyFile:  survey.Source{Path: "study.yaml", SHA256: strings.Repeat("ef", 32)},
		Source:     "Privacy tracker, waves 2009 to 2011",
	}
}

func banner() []survey.Column {
	columns := []survey.Column{{Label: "Total"}}
	for _, g := range []struct {
		group  string
		labels []string
	}{{"Wave", []string{"2009", "2011"}}, {"Age", []string{"18–24", "25–34", "35–54", "55 and older"}}, {"Gender", []string{"Female", "Male", "Prefer to self-describe"}}} {
		for _, label := range g.labels {
			columns = append(columns, survey.Column{Group: g.group, Label: label, Letter: string(rune('A' + len(columns) - 1))})
		}
	}
	columns = append(columns, survey.Column{Group: "Wave", Label: "2011 − 2009", Change: true})
	for i := range columns {
		if !columns[i].Change {
			columns[i].N = 37350 / (i + 1)
			columns[i].NWeighted = 150000.4 / float64(i+1)
			columns[i].NEffective = 21034.6 / float64(i+1)
		}
	}
	columns[9].N = 22
	columns[8].N = 84
	return columns
}

// share is a cell with a proportion.
func share(p float64, n int, flags ...string) survey.Cell {
	se := math.Sqrt(p*(1-p)/float64(max(n, 1))) * 1.6
	none := survey.Figure{}
	return survey.Cell{Estimate: survey.Estimate{
		Statistic: "proportion", Value: survey.FigureOf(p), SE: survey.FigureOf(se), Low: survey.FigureOf(max(p-1.96*se, 0)), High: survey.FigureOf(min(p+1.96*se, 1)),
		Interval: "logit", Level: survey.FigureOf(0.95), DF: survey.FigureOf(456), N: n, NWeighted: survey.FigureOf(float64(4 * n)), NEffective: survey.FigureOf(float64(n) / 2.7),
		Deff: none, Quantile: none, T: none, P: none, Flags: flags,
	}}
}

func change(d, p float64) survey.Cell {
	c := share(0.5, 4000)
	c.Statistic, c.Value, c.Low, c.High = "difference", survey.FigureOf(d), survey.FigureOf(d-0.015), survey.FigureOf(d+0.015)
	c.T, c.P = survey.FigureOf(d/0.0077), survey.FigureOf(p)
	return c
}

// fill makes cells around a share for each row, with the marks that a column deserves.
func fill(t *survey.Tabulation, shares ...float64) {
	for r := range t.Rows {
		var cells []survey.Cell
		for c, column := range t.Columns {
			p := min(max(shares[r]+0.02*float64(c%4)-0.01*float64(c%3), 0), 1)
			switch {
			case column.Change:
				cells = append(cells, change(0.034*float64(r-1), 0.0004+0.2*float64(r)))
			case column.N < 30 && column.N > 0:
				cells = append(cells, share(p, column.N, survey.FlagSuppressed))
			case column.N < 100 && column.N > 0:
				cells = append(cells, share(p, column.N, survey.FlagLowBase))
			default:
				cells = append(cells, share(p, column.N))
			}
			if column.Letter != "" && (c+r)%3 == 0 {
				cells[c].Letters = "BC"
			}
		}
		t.Cells = append(t.Cells, cells)
	}
}

var legend = []string{
	"Intervals: 95%, logit, t on PSUs − strata. Letters: the figure is higher than that column of its group; two-sided t test, 5%, Benjamini–Hochberg over the table. Minimum base 30, letters from 50, caution under 100.",
}

func agreeTable() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "q1_control", Title: "Control over personal information", Question: "“Consumers have lost all control over how personal information is collected and used by companies.” How much do you agree or disagree with that statement?",
		Base: "all respondents", Filter: "wave in [2009, 2011]", Columns: banner(), Legend: legend, Notes: []string{"“Don’t know” is shown and counts in the base."},
		Rows: []survey.Row{
			{Label: "NET agree", Kind: survey.RowNet}, {Label: "Strongly agree", Kind: survey.RowShare, Indent: 1}, {Label: "Somewhat agree", Kind: survey.RowShare, Indent: 1},
			{Label: "Somewhat disagree", Kind: survey.RowShare}, {Label: "Strongly disagree", Kind: survey.RowShare}, {Label: "=SUM(A1) – don’t know", Kind: survey.RowShare},
		},
		Chart: &survey.Chart{Kind: survey.ChartDots, Title: "Two in three feel that they have lost control over what companies know", Subtitle: "Share who agree, by wave, with 95% intervals; all respondents", Columns: []string{"2009", "2011"}},
	}
	fill(t, 0.66, 0.31, 0.35, 0.17, 0.12, 0.05)
	t.Cells[5][3] = share(0, 9337, survey.FlagEdge)
	return t
}

// one is a number of decimals.
var one = 1

func scaleTable() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "q2_trust", Title: "Trust in businesses", Base: "all respondents", Columns: banner()[:7], Legend: legend, Rounding: survey.Rounding{Percent: &one},
		Rows:  []survey.Row{{Label: "Trust a lot", Kind: survey.RowShare}, {Label: "Trust somewhat", Kind: survey.RowShare}, {Label: "Trust a little", Kind: survey.RowShare}, {Label: "Do not trust", Kind: survey.RowShare}, {Label: "NET trust", Kind: survey.RowNet}},
		Chart: &survey.Chart{Kind: survey.ChartStacked, Title: "Trust falls with age"},
	}
	for r, p := range []float64{0.12, 0.38, 0.3, 0.2, 0.5} {
		var cells []survey.Cell
		for c, column := range t.Columns {
			cells = append(cells, share(p+0.015*float64(c)*[]float64{1, 0, 0, -1, 1}[r], column.N))
		}
		t.Cells = append(t.Cells, cells)
	}
	return t
}

// itemTable has rows with bases of their own, in groups.
func itemTable() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "q3_items", Title: "Willingness to share kinds of personal data for a discount, by kind of data", Question: "Would you share …?", Base: "those asked about the item",
		Columns: []survey.Column{{Label: "Total"}, {Group: "Gender", Label: "Female", Letter: "A"}, {Group: "Gender", Label: "Male", Letter: "B"}}, Legend: legend,
		Chart: &survey.Chart{Kind: survey.ChartBars, Title: "Few would share their health record", Subtitle: "Share willing to share, with 95% intervals"},
	}
	for i, label := range []string{"E-mail address", "Purchase history", "Places where I have been in the last twelve months, as recorded by my telephone", "病歴と処方箋の記録", "Health record"} {
		t.Rows = append(t.Rows, survey.Row{Group: []string{"Contact", "Behaviour", "Behaviour", "Sensitive", "Sensitive"}[i], Label: label, Kind: survey.RowShare})
		var cells []survey.Cell
		for c := range t.Columns {
			cells = append(cells, share(0.7-0.14*float64(i)+0.03*float64(c), max(900-200*i/(c+1), 60)))
		}
		t.Cells = append(t.Cells, cells)
	}
	t.Cells[4][2] = share(0, 0, survey.FlagNoRows)
	t.Cells[4][2].Value, t.Cells[4][2].Low, t.Cells[4][2].High = survey.Figure{}, survey.Figure{}, survey.Figure{}
	t.Cells[4][1].Flags = []string{survey.FlagLowBase}
	return t
}

func waveTable() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "q4_segments", Title: "Privacy segments", Base: "all respondents", Columns: append(banner()[:3:3], banner()[10]), Legend: legend,
		Rows:  []survey.Row{{Label: "Fundamentalist", Kind: survey.RowShare}, {Label: "Pragmatist", Kind: survey.RowShare}, {Label: "Unconcerned", Kind: survey.RowShare}},
		Chart: &survey.Chart{Kind: survey.ChartSlope, Title: "More people have become fundamentalists", Subtitle: "Share of all respondents"},
	}
	fill(t, 0.27, 0.56, 0.17)
	t.Cells[0][2] = share(0.36, 12450)
	return t
}

func meanTable() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "q5_hours", Title: "Hours online and households", Base: "all respondents", Columns: banner()[:6], Legend: legend,
		Rows:  []survey.Row{{Label: "Mean hours online a day", Kind: survey.RowMean}, {Label: "Households (total)", Kind: survey.RowTotal}, {Label: "Relative likelihood", Kind: survey.RowRatio}},
		Chart: &survey.Chart{Kind: survey.ChartDots, SeriesByRow: true, Title: "People between 25 and 54 are online for longest, and this title is so long that it has to run over two lines of the chart"},
	}
	for r, x := range []float64{3.42, 1234567, 1.18} {
		var cells []survey.Cell
		for c, column := range t.Columns {
			cell := share(0.5, column.N)
			v := x * (1 + 0.05*float64(c))
			cell.Statistic, cell.Value, cell.Low, cell.High = []string{"mean", "total", "ratio"}[r], survey.FigureOf(v), survey.FigureOf(v*0.96), survey.FigureOf(v*1.04)
			cells = append(cells, cell)
		}
		t.Cells = append(t.Cells, cells)
	}
	return t
}

// tableOf finds a table of the book by its id.
func tableOf(b *survey.Book, id string) *survey.Tabulation {
	i := slices.IndexFunc(b.Tables, func(t *survey.Tabulation) bool { return t.ID == id })
	if i < 0 {
		panic(fmt.Sprintf("no table %s", id))
	}
	return b.Tables[i]
}
