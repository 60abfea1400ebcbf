package chart_test

import (
	"fmt"
	"math"

	"surveykit/survey"
)

// cell is a share with an interval that a sample of n would give.
func cell(p float64, n int, flags ...string) survey.Cell {
	half := 1.96 * math.Sqrt(p*(1-p)/float64(n))
	return figureCell(p, max(0, p-half), min(1, p+half), n, flags...)
}

func figureCell(x, low, high float64, n int, flags ...string) survey.Cell {
	return survey.Cell{Estimate: survey.Estimate{
		Value: survey.FigureOf(x), Low: survey.FigureOf(low), High: survey.FigureOf(high),
		Level: survey.FigureOf(0.95), N: n, Flags: flags,
	}}
}

func gone(n int, flag string) survey.Cell {
	nan := math.NaN()
	return figureCell(nan, nan, nan, n, flag)
}

func rows(kind survey.RowKind, labels ...string) []survey.Row {
	var rows []survey.Row
	for _, l := range labels {
		rows = append(rows, survey.Row{Label: l, Kind: kind})
	}
	return rows
}

func columns(group string, labels ...string) []survey.Column {
	var columns []survey.Column
	for _, l := range labels {
		columns = append(columns, survey.Column{Group: group, Label: l})
	}
	return columns
}

// shares makes a cell of each share, row by row, with a base for each column.
func shares(ns []int, rows ...[]float64) [][]survey.Cell {
	var cells [][]survey.Cell
	for _, row := range rows {
		var line []survey.Cell
		for i, p := range row {
			line = append(line, cell(p, ns[i]))
		}
		cells = append(cells, line)
	}
	return cells
}

// samples are the pictures that golden files hold, and the ones to look at.
func samples() map[string]*survey.Tabulation {
	return map[string]*survey.Tabulation{
		"dots": dots(), "dots-waves": waves(survey.ChartDots), "dots-nested": nested(), "dots-unicode": unicodeLabels(), "dots-scripts": scripts(),
		"dots-one": one(), "dots-edges": edges(), "dots-tiny": tiny(), "dots-ratio": ratios(), "dots-totals": totals(),
		"bars": bars(), "bars-waves": waves(survey.ChartBars), "bars-means": means(),
		"stacked": stacked(), "stacked-battery": battery(), "stacked-eleven": eleven(),
		"slope": slope(), "slope-change": change(), "slope-many": crowded(),
		"stacked-parts": parts(), "diverging": diverging(survey.Rising), "diverging-falling": diverging(survey.Falling), "diverging-even": even(),
		"line": trend(3), "line-panels": trend(7), "multiples": multiples(), "heat": heat(), "heat-ratio": heatRatio(),
		"reach": reach(), "waffle": fields(), "quadrant": quadrant(), "quadrant-crowded": crowdedQuadrant(),
	}
}

func dots() *survey.Tabulation {
	ages := []string{"18–24", "25–34", "35–44", "45–54", "55–64", "65 and over"}
	t := &survey.Tabulation{ID: "privacy-age", Title: "Concern by age", Question: "How concerned are you about how companies use your data?",
		Base:    "all adults",
		Rows:    rows(survey.RowNet, "Concerned"),
		Columns: append(columns("", "Total"), columns("Age", ages...)...),
		Cells:   shares([]int{37350, 4210, 84, 6322, 6501, 6120, 7745}, []float64{0.66, 0.48, 0.55, 0.63, 0.68, 0.74, 0.79}),
		Chart:   &survey.Chart{Title: "Concern about personal data grows with age: eight in ten of the oldest, half of the youngest", SeriesByRow: true}}
	t.Cells[0][2].Flags = []string{survey.FlagLowBase}
	return t
}

func waves(kind survey.ChartKind) *survey.Tabulation {
	t := &survey.Tabulation{ID: "intent", Title: "Purchase intent rises in every segment",
		Base:    "all respondents",
		Rows:    rows(survey.RowShare, "Families (żółć ≥ 3 Ωλ)", "Young urban professionals", "Value seekers", "Empty nesters"),
		Columns: append(append(columns("", "Total"), columns("Wave", "2024", "2025", "2026")...), survey.Column{Group: "Change", Label: "2026 − 2024", Change: true}),
		Cells: shares([]int{4812, 1604, 1590, 1618, 0},
			[]float64{0.57, 0.54, 0.57, 0.60, 0.06}, []float64{0.49, 0.46, 0.49, 0.52, 0.06},
			[]float64{0.41, 0.38, 0.41, 0.44, 0.06}, []float64{0.33, 0.30, 0.33, 0.36, 0.06}),
		Chart: &survey.Chart{Kind: kind, Subtitle: "Top-2-box share"}}
	t.Cells[2][2] = gone(21, survey.FlagSuppressed)
	t.Cells[3][1].Flags = []string{survey.FlagLowBase}
	return t
}

func nested() *survey.Tabulation {
	t := &survey.Tabulation{ID: "nested", Title: "Trust differs more by region than by sex", Base: "adults who use online services",
		Question: "Which of these do you trust with your data?",
		Rows:     rows(survey.RowShare, "My bank", "My employer", "Supermarkets and other shops with a loyalty card"),
		Columns:  append(columns("Sex", "Women", "Men"), columns("Region", "North", "East", "South", "West")...),
		Cells: shares([]int{2410, 2388, 1201, 1190, 1215, 1192},
			[]float64{0.71, 0.68, 0.74, 0.69, 0.66, 0.70}, []float64{0.52, 0.55, 0.49, 0.57, 0.51, 0.54}, []float64{0.21, 0.24, 0.19, 0.25, 0.22, 0.23}),
		Chart: &survey.Chart{}}
	return t
}

func unicodeLabels() *survey.Tabulation {
	return &survey.Tabulation{ID: "unicode", Title: "Привет, мир — 世界の消費者は個人情報の取り扱いについてどう考えていますか、世界の消費者は個人情報の取り扱いについてどう考えていますか",
		Base: "<all> & \"quoted\" adults\x00",
		Rows: rows(survey.RowShare, "日本語のとても長いラベルは単語の間に空白がないので文字の間で改行されます",
			"Ελληνικά και Русский", "עברית", "A label with a very long word: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
			"I would be willing to share information about where I live, what I earn and how I spend my money if the company told me exactly what for and let me take it back", "n/a <&>"),
		Columns: columns("", "Total"),
		Cells:   shares([]int{1200}, []float64{0.31}, []float64{0.42}, []float64{0.12}, []float64{0.88}, []float64{0.55}, []float64{0.05}),
	}
}

// scripts have labels in scripts that are shaped, joined, stacked or read from
// right to left.
func scripts() *survey.Tabulation {
	return &survey.Tabulation{ID: "scripts", Title: "العربية: هل تقلق بشأن استخدام الشركات لبياناتك الشخصية على الإنترنت في عام 2026؟",
		Question: "हिन्दी क्षमा — ไทยภาษาที่ไม่มีช่องว่างระหว่างคำ — 한국어 설문 조사", Base: "כל המבוגרים (18+)",
		Rows: rows(survey.RowShare, "שאלה ארוכה מאוד על הנתונים האישיים של המשיבים במדגם (Google) ומה הם חושבים", "العربية 18–24", "क्या आप अपनी निजी जानकारी साझा करेंगे",
			"คุณกังวลเกี่ยวกับข้อมูลส่วนบุคคลของคุณมากน้อยเพียงใดเมื่อใช้อินเทอร์เน็ต", "「個人情報」（氏名・住所など）の取り扱いについて、とても不安です。", "개인정보 보호에 대해 얼마나 걱정하십니까", "中文：您对个人信息保护有多关注？", "e\u0301te\u0301, 😀"),
		Columns: columns("", "Total"),
		Cells:   shares([]int{1200}, []float64{0.31}, []float64{0.42}, []float64{0.12}, []float64{0.88}, []float64{0.55}, []float64{0.05}, []float64{0.5}, []float64{0.4}),
	}
}

func one() *survey.Tabulation {
	return &survey.Tabulation{ID: "one", Title: "One figure", Rows: rows(survey.RowShare, "Yes"), Columns: columns("", "Total"),
		Cells: shares([]int{1200}, []float64{0.512})}
}

func edges() *survey.Tabulation {
	t := &survey.Tabulation{ID: "edges", Title: "None, all and nothing to show", Base: "all adults",
		Rows: rows(survey.RowShare, "Nobody", "Everybody", "Suppressed", "Nobody asked", "No interval"), Columns: columns("", "Total")}
	point := cell(0.4, 900)
	point.Low, point.High = survey.Figure{}, survey.Figure{}
	t.Cells = [][]survey.Cell{
		{figureCell(0, 0, 0.012, 310, survey.FlagEdge)}, {figureCell(1, 0.97, 1, 120, survey.FlagEdge)},
		{gone(12, survey.FlagSuppressed)}, {gone(0, survey.FlagNoRows)}, {point},
	}
	return t
}

func tiny() *survey.Tabulation {
	return &survey.Tabulation{ID: "tiny", Title: "Rare events", Base: "all adults", Rows: rows(survey.RowShare, "Fraud", "Theft"), Columns: columns("", "Total"),
		Cells: [][]survey.Cell{{figureCell(0.0004, 0.0001, 0.0009, 37350)}, {figureCell(0.0012, 0.0008, 0.0017, 37350)}}}
}

func ratios() *survey.Tabulation {
	return &survey.Tabulation{ID: "ratio", Title: "Users are half again as likely to worry", Rows: rows(survey.RowRatio, "Users against others", "Men against women"),
		Columns: columns("", "Total"), Cells: [][]survey.Cell{{figureCell(1.52, 1.31, 1.77, 4812)}, {figureCell(0.94, 0.87, 1.02, 4700)}}}
}

func totals() *survey.Tabulation {
	return &survey.Tabulation{ID: "totals", Title: "Visits to physicians", Base: "visits", Rows: rows(survey.RowTotal, "General practice", "Surgery"),
		Columns: columns("", "Total"), Cells: [][]survey.Cell{{figureCell(1036484214, 930000000, 1142000000, 8250)}, {figureCell(61234567, 41000000, 82000000, 8250)}},
		Chart: &survey.Chart{Kind: survey.ChartBars}}
}

func bars() *survey.Tabulation {
	return &survey.Tabulation{ID: "reasons", Title: "Reasons", Question: "Why did you switch?", Base: "adults who switched in the past year",
		Rows:    rows(survey.RowShare, "Price", "Better service", "A friend or a member of the family told me to", "Privacy", "Other"),
		Columns: columns("", "Total"),
		Cells:   shares([]int{812}, []float64{0.61}, []float64{0.34}, []float64{0.17}, []float64{0.09}, []float64{0.02}),
		Chart:   &survey.Chart{Kind: survey.ChartBars, Title: "Price is why people switch"}}
}

func means() *survey.Tabulation {
	return &survey.Tabulation{ID: "means", Title: "Mean change in satisfaction", Rows: rows(survey.RowMean, "Service", "Price", "Delivery"),
		Columns: columns("", "Total"), Cells: [][]survey.Cell{{figureCell(0.42, 0.31, 0.53, 812)}, {figureCell(-0.65, -0.8, -0.5, 790)}, {figureCell(0.05, -0.06, 0.16, 64, survey.FlagLowBase)}},
		Chart: &survey.Chart{Kind: survey.ChartBars}}
}

func stacked() *survey.Tabulation {
	t := &survey.Tabulation{ID: "value", Title: "Families are the most convinced on value", Question: "The brand is worth the price", Base: "all respondents",
		Rows: append(rows(survey.RowShare, "Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"),
			rows(survey.RowNet, "Agree (top 2)", "Disagree (bottom 2)")...),
		Columns: append(columns("", "Total"), columns("Segment", "Families", "Young urban professionals", "Value seekers", "Empty nesters")...),
		Cells: shares([]int{4812, 1311, 1204, 84, 1105},
			[]float64{.1, .05, .08, .20, .12}, []float64{.15, .10, .12, .25, .18}, []float64{.2, .15, .22, .15, .20},
			[]float64{.3, .40, .33, .25, .30}, []float64{.25, .30, .25, .15, .20},
			[]float64{.55, .70, .58, .40, .50}, []float64{.25, .15, .20, .45, .30}),
		Chart: &survey.Chart{Kind: survey.ChartStacked}}
	scale(t, survey.Rising)
	for r := range t.Cells {
		t.Cells[r][3].Flags = []string{survey.FlagLowBase}
	}
	return t
}

func battery() *survey.Tabulation {
	t := &survey.Tabulation{ID: "battery", Title: "Half see little control over their data", Question: "How much control do you feel you have over …?", Base: "all adults",
		Columns: columns("", "Total"), Chart: &survey.Chart{Kind: survey.ChartStacked}}
	for i, item := range []string{"What the government collects about you", "What companies collect about you", "Your health records, including those that your insurer and your physician keep"} {
		x := 0.05 * float64(i)
		for k, l := range []string{"A great deal", "Some", "Very little", "None"} {
			t.Rows = append(t.Rows, survey.Row{Group: item, Label: l, Kind: survey.RowShare, Scale: survey.OneSided})
			t.Cells = append(t.Cells, []survey.Cell{cell([]float64{0.04 + x, 0.26, 0.45 - x, 0.25}[k], 4272-i)})
		}
	}
	for r := 8; r < 12; r++ {
		t.Cells[r][0] = gone(14, survey.FlagSuppressed)
	}
	return t
}

func eleven() *survey.Tabulation {
	t := &survey.Tabulation{ID: "eleven", Title: "Eleven points", Base: "customers", Columns: columns("Wave", "2025", "2026"), Chart: &survey.Chart{Kind: survey.ChartStacked}}
	for i, p := range []float64{.02, .01, .02, .03, .04, .08, .09, .16, .25, .14, .16} {
		t.Rows = append(t.Rows, survey.Row{Label: fmt.Sprint(i), Kind: survey.RowShare, Scale: survey.OneSided})
		t.Cells = append(t.Cells, []survey.Cell{cell(p, 900), cell(p, 900)})
	}
	return t
}

func slope() *survey.Tabulation {
	t := waves(survey.ChartSlope)
	t.Chart.Columns = []string{"2024", "2026"}
	t.Columns[4].Label = "other"
	for r := range t.Cells {
		t.Cells[r][4].Value = survey.FigureOf(0.123)
	}
	return t
}

func change() *survey.Tabulation {
	labels := []string{"What the government collects about you", "What companies collect about you", "Your health records", "Your location", "Your purchases", "Your friends"}
	t := &survey.Tabulation{ID: "change", Title: "Control over data", Question: "How much control do you feel you have over …?", Base: "all adults",
		Rows:    rows(survey.RowNet, labels...),
		Columns: append(append(columns("", "Total"), columns("Wave", "2019", "2023")...), survey.Column{Group: "Change", Label: "2023 − 2019", Change: true}),
		Chart:   &survey.Chart{Kind: survey.ChartSlope, Title: "People feel less in control of what companies collect"}}
	for i, p := range [][2]float64{{.18, .20}, {.31, .19}, {.46, .455}, {.30, .33}, {.295, .18}, {.62, .71}} {
		d := p[1] - p[0]
		t.Cells = append(t.Cells, []survey.Cell{cell((p[0]+p[1])/2, 8800+i), cell(p[0], 4272), cell(p[1], 5101), figureCell(d, d-0.03, d+0.03, 9373)})
	}
	return t
}

func crowded() *survey.Tabulation {
	t := &survey.Tabulation{ID: "crowded", Title: "Fourteen lines, some at the same height", Base: "all adults", Columns: columns("Wave", "2019", "2023"), Chart: &survey.Chart{Kind: survey.ChartSlope}}
	for i := range 14 {
		t.Rows = append(t.Rows, survey.Row{Label: fmt.Sprintf("Statement %d", i+1), Kind: survey.RowMean})
		a, b := 3+float64(i%5)*0.02, 3.2-float64(i%4)*0.3
		t.Cells = append(t.Cells, []survey.Cell{figureCell(a, a-.1, a+.1, 900), figureCell(b, b-.1, b+.1, 1000)})
	}
	t.Cells[3][0] = gone(12, survey.FlagSuppressed)
	t.Cells[4][0], t.Cells[4][1] = gone(12, survey.FlagSuppressed), gone(12, survey.FlagSuppressed)
	return t
}
