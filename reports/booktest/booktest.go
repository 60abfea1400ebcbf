// Package booktest makes a small book by hand for the tests of what is written
// from books. It has what a report must get right: two banners with letters,
// changes, rows with bases of their own, nets, means, cells on small,
// suppressed and empty bases, texts that look like mark-up, every chart.
package booktest

import (
	"math"
	"strings"

	"surveykit/survey"
)

// Secret is the share in the suppressed cell: no output may show it.
const Secret = 0.7777

// Book is the book. Every call makes a new one.
func Book() *survey.Book {
	return &survey.Book{
		Title: "Privacy & <shopping> | 2009 to 2011", Subtitle: "A *small* book", Synthetic: true,
		Design:     []string{"Stratified: 24 strata, 480 clusters."},
		Precision:  []string{"All respondents: n = 12,000; margin of sampling error ±0.89 points."},
		Methods:    []string{"Limits are 95% confidence intervals.", "- a sentence that looks like a list"},
		Weighting:  Weighting(),
		Disclosure: []survey.Fact{{Label: "Sponsor", Text: "=A & B <b>Ltd</b>"}, {Label: "Known limits", Text: strings.Repeat("People without internet access cannot answer. ", 4)}},
		Tables:     []*survey.Tabulation{agree(), trust(), items(), hours()},
		Warnings:   survey.Notices{{Text: "The weight of 3 rows is zero."}},
		Sources:    []survey.Source{{Path: "/data/2009.sav", Format: "sav", SHA256: strings.Repeat("ab", 32), Rows: 12000}},
		StudyFile:  survey.Source{Path: "/data/study.yaml", Format: "study", SHA256: strings.Repeat("ef", 32)},
		Source:     "Privacy tracker, waves 2009 to 2011",
	}
}

// Share is the cell of a proportion among n.
func Share(p float64, n int, flags ...string) survey.Cell {
	return With(p, math.Sqrt(p*(1-p)/float64(max(n, 1))), n, flags...)
}

// With is a cell with a value and its standard error.
func With(x, se float64, n int, flags ...string) survey.Cell {
	return survey.Cell{Estimate: survey.Estimate{
		Value: survey.FigureOf(x), SE: survey.FigureOf(se), Low: survey.FigureOf(x - 1.96*se), High: survey.FigureOf(x + 1.96*se),
		Level: survey.FigureOf(0.95), DF: survey.FigureOf(456), N: n, NWeighted: survey.FigureOf(float64(2 * n)), NEffective: survey.FigureOf(float64(n) / 1.5),
		Flags: flags,
	}}
}

// Change is the cell of the difference to − from with its two-sided normal p.
func Change(from, to survey.Cell) survey.Cell {
	c := With(to.Value.Float()-from.Value.Float(), math.Hypot(from.SE.Float(), to.SE.Float()), from.N+to.N)
	c.T = survey.FigureOf(c.Value.Float() / c.SE.Float())
	c.P = survey.FigureOf(math.Erfc(math.Abs(c.T.Float()) / math.Sqrt2))
	return c
}

// Empty is a cell without a figure.
func Empty() survey.Cell {
	c := With(math.NaN(), math.NaN(), 0, survey.FlagNoRows)
	c.Low, c.High = survey.Figure{}, survey.Figure{}
	return c
}

func column(group, label, letter string, n int) survey.Column {
	return survey.Column{Group: group, Label: label, Everybody: group == "" && label == "Total", Letter: letter, N: n, NWeighted: 2 * float64(n), NEffective: float64(n) / 1.5}
}

func row(group, label string, kind survey.RowKind, indent int) survey.Row {
	return survey.Row{Group: group, Label: label, Kind: kind, Indent: indent}
}

// agree has waves with their change, a small and a suppressed column.
func agree() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "agree", Title: "Control over <personal> data", Question: "“Have you lost all control?”", Base: "all respondents", Filter: "age >= 18 and age < 99",
		Columns: []survey.Column{
			column("", "Total", "", 12000), column("Wave", "2009", "A", 5000), column("Wave", "2011", "B", 7000),
			column("Region", "North", "C", 84), column("Region", "South", "D", 22),
			{Group: "Change", Label: "All", Change: true},
		},
		Rows: []survey.Row{
			row("", "NET agree", survey.RowNet, 0), row("", "Strongly agree", survey.RowShare, 1), row("", "Somewhat agree", survey.RowShare, 1),
			row("", "1. Don’t | know", survey.RowShare, 0),
		},
		Legend: []string{"Letters: the columns of its group that a figure differs from, at the 95% level."}, Notes: []string{"“Don’t know” counts in the base."},
		Chart: &survey.Chart{Kind: survey.ChartSlope, Title: "More agree", Columns: []string{"2009", "2011"}},
	}
	for r, p := range [][2]float64{{0.60, 0.66}, {0.28, 0.31}, {0.32, 0.35}, {0.051, 0.052}} {
		from, to := Share(p[0], 5000), Share(p[1], 7000)
		to.Letters = []string{"A", "", "A", ""}[r]
		total := Share((5*p[0]+7*p[1])/12, 12000)
		t.Cells = append(t.Cells, []survey.Cell{total, from, to, Share(p[0], 84, survey.FlagLowBase), Share(Secret, 22, survey.FlagSuppressed), Change(from, to)})
	}
	return t
}

// trust has two banners, a scale and its net.
func trust() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "trust", Title: "Trust in businesses", Base: "all respondents",
		Columns: []survey.Column{
			column("", "Total", "", 12000), column("Age", "18–34", "", 4000), column("Age", "35–54", "", 5000), column("Age", "55 and older", "", 3000),
			column("Sex", "Women", "", 6100), column("Sex", "Men", "", 5900),
		},
		Rows: []survey.Row{
			row("Trust", "Trust a lot", survey.RowShare, 0), row("Trust", "Trust somewhat", survey.RowShare, 0),
			row("Trust", "Do not trust", survey.RowShare, 0), row("Trust", "Trust at all", survey.RowNet, 0),
		},
		Chart: &survey.Chart{Kind: survey.ChartStacked, Title: "Trust falls with age"},
	}
	for r, ps := range [][]float64{{0.2, 0.25, 0.2, 0.13, 0.2, 0.2}, {0.4, 0.44, 0.4, 0.36, 0.41, 0.39}, {0.4, 0.31, 0.4, 0.51, 0.39, 0.41}, {0.6, 0.69, 0.6, 0.49, 0.61, 0.59}} {
		t.Cells = append(t.Cells, nil)
		for c, p := range ps {
			t.Cells[r] = append(t.Cells[r], Share(p, t.Columns[c].N))
		}
	}
	return t
}

// items has rows with bases of their own, in groups, and an empty cell.
func items() *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "items", Title: "Willingness to share", Base: "those asked about the item",
		Columns: []survey.Column{{Group: "Sex", Label: "Women"}, {Group: "Sex", Label: "Men"}},
		Rows: []survey.Row{
			row("Contact", "E-mail address", survey.RowShare, 0), row("Sensitive", "病歴と処方箋の記録", survey.RowShare, 0),
			row("Sensitive", "Places where I have been in the last twelve months, as recorded by my telephone", survey.RowShare, 0),
		},
		Chart: &survey.Chart{Kind: survey.ChartBars, Title: "Few would share", Rows: []string{"E-mail address"}},
	}
	for i, p := range []float64{0.7, 0.4, 0.3} {
		t.Cells = append(t.Cells, []survey.Cell{Share(p, 900-100*i), Share(p+0.02, 800-100*i)})
	}
	t.Cells[2][1] = Empty()
	return t
}

// hours has means under a single column and no chart.
func hours() *survey.Tabulation {
	return &survey.Tabulation{
		ID: "hours", Title: "Hours online", Columns: []survey.Column{column("", "Total", "", 12000)},
		Rows:  []survey.Row{row("", "Mean hours a day", survey.RowMean, 0), row("", "Households", survey.RowTotal, 0)},
		Cells: [][]survey.Cell{{With(3.42, 0.02, 12000)}, {With(1234567, 1000, 12000)}},
	}
}

// Weighting is a made-up weighting with everything that a report can say of
// one: a category without a target, parts weighted on their own, zero weights,
// a percentile that does not exist, thin categories.
func Weighting() *survey.WeightingReport {
	return &survey.WeightingReport{
		Steps: []string{"raked to age, gender", "trimmed to <5> times the mean"}, Assumption: "within an age & gender, those who answer are like those who do not",
		Sum: 24000, KishDeff: 1.5, KishDeffSample: survey.FigureOf(1.5001), NEffective: 8000, Iterations: 7,
		Trim: &survey.WeightBounds{Upper: survey.FigureOf(10)},
		Distribution: survey.WeightDistribution{
			N: 12000, Zero: 3, Min: survey.FigureOf(0.4), P1: survey.FigureOf(0.5), Median: survey.FigureOf(1.6), P95: survey.FigureOf(4.2), P99: survey.FigureOf(8), Max: survey.FigureOf(10), CV: survey.FigureOf(0.7071),
			Bins: []survey.WeightBin{{From: 0.2, To: 1, N: 8400}, {From: 1, To: 3, N: 3500}, {From: 3, To: 5, N: 100}},
		},
		Margins: []survey.WeightMargin{
			{Variable: "age", Category: "18–34", Before: 5000, Target: 8000, After: 8000}, {Variable: "age", Category: "35 and older", Before: 7000, Target: 16000, After: 16000},
			{Variable: "gender", Category: "Women", Group: "2011", Before: 6000, Target: 12600, After: 12600}, {Variable: "gender", Category: "Not said", Group: "2011", Before: 1000, After: 1400, Kept: true},
			{Variable: "hours_online", Before: 31000.25, Target: 64000, After: 64000},
		},
		Thin:     []survey.ThinCell{{Variable: "gender", Category: "=Not said", Group: "2011", Rows: 12, Factor: 3.25, Collapse: "Women"}},
		Groups:   []survey.WeightGroup{{Variable: "age", Category: "18–34", N: 5000, Sum: 8000, KishDeff: 1.21, NEffective: 4132}},
		Moved:    []survey.MovedItem{{Variable: "trust", Category: "Trust a lot", Before: 0.25, After: 0.2, Size: -0.12}, {Variable: "hours_online", Before: 3.1, After: 3.42, Size: 0.2}},
		Warnings: survey.Notices{{Text: "the trim undid a margin by 0.2%"}},
	}
}
