package tabulate

import (
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/estimate"
)

// shown repeats the shares of a block for each figure that the table shows
// them by.
func (t *tabling) shown(b block) block {
	if len(t.spec.Show) == 0 {
		return b
	}
	var out []line
	for part, figure := range t.spec.Show {
		for _, l := range b.lines {
			switch {
			case l.shows != "":
				out = append(out, l.as(figure, part))
			case part == 0:
				out = append(out, l)
			}
		}
	}
	b.lines = out
	return b
}

// as is a share by another figure.
func (l line) as(figure survey.ShownAs, part int) line {
	l.shows, l.part = figure, part
	heading := ""
	switch figure {
	case survey.AsRowPercent:
		heading = "% of the row"
	case survey.AsTotalPercent:
		heading = "% of everybody"
	case survey.AsCount:
		heading, l.Kind, l.statistic = "respondents", survey.RowCount, "count"
	case survey.AsWeightedCount:
		heading, l.Kind, l.statistic = "weighted count", survey.RowTotal, estimate.Total.Name
	case survey.AsIndex:
		heading, l.Kind, l.statistic = "index, everybody = 100", survey.RowIndex, estimate.Index.Name
	}
	if part > 0 && heading != "" {
		l.Group = or(l.Group, "All rows") + ", " + heading
	}
	return l
}

// addUp remarks whether the rounded percentages of a question's answers add to
// 100 in every column, where all of them have a row.
func (t *tabling) addUp(entries []entry, b banner) {
	places := t.Study.Rounding.Decimals(survey.RowShare)
	scale := math.Pow(10, float64(places+2))
	type added struct {
		x    *crossing
		rows int
		sums []float64
	}
	var questions []added
	for _, e := range entries {
		if e.Kind != survey.RowShare || e.shows != survey.AsPercent || len(e.count) != 1 || len(e.base) != e.x.block.cells() {
			continue
		}
		k := slices.IndexFunc(questions, func(q added) bool { return q.x == e.x })
		if k < 0 {
			k = len(questions)
			questions = append(questions, added{x: e.x, sums: make([]float64, len(e.cells))})
		}
		questions[k].rows++
		for c := range e.cells {
			questions[k].sums[c] += math.Round(float64(e.cells[c].Value) * scale)
		}
	}
	whole := false
	for _, q := range questions {
		if q.rows != q.x.block.cells() {
			continue
		}
		whole = true
		for c, col := range b.columns {
			if !col.Change && q.sums[c] != scale && !math.IsNaN(q.sums[c]) {
				t.remark("Percentages are rounded and may not add to 100; nets are computed before rounding.")
				return
			}
		}
	}
	if whole {
		t.remark("Percentages are rounded and add to 100 in every column.")
	}
}
