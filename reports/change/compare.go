package change

import (
	"cmp"
	"math"
	"slices"

	"surveykit/reports/tidy"
	"surveykit/stats"
	"surveykit/survey"
)

const (
	// level of the intervals, and 1 − the false discovery rate of what moved.
	level = 0.95
	// muchOfABase is the relative change of a base that is reported.
	muchOfABase = 0.2
)

// Compare reports what changed from one run to another. A figure moved where the
// difference, with the standard errors of both runs as independent samples, is
// significant at a false discovery rate of 5% over all figures of the book
// (Benjamini–Hochberg); degrees of freedom by Satterthwaite. Shares at or near 0% or
// 100% are compared as stats.SharePair does, figures with limits on the log, such as
// ratios, on the log. What one of the runs hides is not compared. Runs that share
// respondents, such as runs of a growing sample, differ less than independent ones:
// the rule then names fewer figures, never more.
func Compare(before, after *Run) *Report {
	r := &Report{
		Before: before.Folder, After: after.Folder, RowsBefore: before.rows(), RowsAfter: after.rows(),
		DeffBefore: before.deff(), DeffAfter: after.deff(), Misfit: after.misfit(),
		Added: []string{}, Gone: []string{}, Bases: []Base{}, Moved: []Move{}, Held: []string{}, now: after.Records,
	}
	then, old := places(before.Records)
	now, current := places(after.Records)
	r.Added, r.Gone = names(now, old), names(then, current)
	for i, p := range now {
		j, known := old[p]
		if !known {
			continue
		}
		r.base(p, before.Records[j], after.Records[i])
		if m, ok := move(p, before.Records[j], after.Records[i]); ok {
			r.all = append(r.all, m)
		}
	}
	r.adjust()
	return r
}

// First is the report of a run without an earlier one.
func First(after *Run) *Report {
	r := Compare(&Run{}, after)
	r.Added = []string{}
	return r
}

// names lists what the other run does not have: a whole table, else its rows and
// columns.
func names(mine []Place, theirs map[Place]int) []string {
	tables, rows, columns := map[string]bool{}, map[[3]string]bool{}, map[[3]string]bool{}
	for p := range theirs {
		tables[p.Table] = true
		rows[[3]string{p.Table, p.RowGroup, p.Row}] = true
		columns[[3]string{p.Table, p.ColumnGroup, p.Column}] = true
	}
	out, listed := []string{}, map[string]bool{}
	add := func(name string) {
		if !listed[name] {
			listed[name] = true
			out = append(out, name)
		}
	}
	for _, p := range mine {
		switch {
		case !tables[p.Table]:
			add("table " + p.Table)
		case !rows[[3]string{p.Table, p.RowGroup, p.Row}]:
			add("table " + p.Table + ", row " + p.Row)
		case !columns[[3]string{p.Table, p.ColumnGroup, p.Column}]:
			add("table " + p.Table + ", column " + p.Column)
		}
	}
	return out
}

// base records a base that changed much, once for each column of a table.
func (r *Report) base(p Place, before, after tidy.Record) {
	most := max(before.N, after.N)
	if math.Abs(float64(after.N-before.N)) <= muchOfABase*float64(most) {
		return
	}
	b := Base{Place: p, Before: before.N, After: after.N}
	if n := len(r.Bases); n > 0 {
		last := r.Bases[n-1]
		if last.Place.Table == p.Table && last.Place.Column == p.Column && last.Before == b.Before && last.After == b.After {
			return
		}
	}
	r.Bases = append(r.Bases, b)
}

// move compares a figure; ok is false where a run has none or hides it. A figure
// without an error in one of the runs, or without degrees of freedom, moves
// without a test.
func move(p Place, before, after tidy.Record) (m Move, ok bool) {
	if !before.Value.Exists() || !after.Value.Exists() || before.Hidden() || after.Hidden() {
		return m, false
	}
	difference := isDifference(before) || isDifference(after)
	share := slices.Contains([]string{"share", "proportion", "top_box", "bottom_box", "net"}, after.Statistic)
	m = Move{Place: p, Share: share, Before: before.Value, After: after.Value, Difference: survey.FigureOf(after.Value.Float() - before.Value.Float())}
	m.points = difference && (m.Share || after.Statistic == gap)
	switch {
	case difference:
		m.test(before, after)
	case m.Share && m.atEdge(before, after):
	case (before.Interval == logarithmic || after.Interval == logarithmic) && before.Value.Float() > 0 && after.Value.Float() > 0:
		// A test of ln(after/before); the limits of the difference come from the limits of
		// the two figures on the log (Zou & Donner 2008, section 2).
		b, a := before.Value.Float(), after.Value.Float()
		seB, seA := before.SE.Float(), after.SE.Float()
		se, df := pooled(seB/b, before.DF.Float(), seA/a, after.DF.Float())
		if se > 0 && df > 0 {
			m.SE, m.P = survey.FigureOf(math.Hypot(seB, seA)), survey.FigureOf(stats.TTwoSided(math.Abs(math.Log(a/b))/se, df))
			lowB, highB := stats.LogLimits(b, seB, before.DF.Float(), level)
			lowA, highA := stats.LogLimits(a, seA, after.DF.Float(), level)
			m.Low = survey.FigureOf(a - b - math.Hypot(a-lowA, highB-b))
			m.High = survey.FigureOf(a - b + math.Hypot(highA-a, b-lowB))
		}
	default:
		m.test(before, after)
	}
	return m, true
}

const (
	// gap is the statistic of a difference of two shares of the same people.
	gap = "paired"
	// logarithmic is the interval of figures whose error grows with their size.
	logarithmic = "log"
)

// isDifference reports whether a figure is itself a comparison, such as a change
// from wave to wave: it has a test of its own.
func isDifference(r tidy.Record) bool { return r.T.Exists() || r.P.Exists() }

// test tests the difference by the standard errors of both runs.
func (m *Move) test(before, after tidy.Record) {
	se, df := pooled(before.SE.Float(), before.DF.Float(), after.SE.Float(), after.DF.Float())
	if se > 0 && df > 0 {
		half := survey.FigureOf(stats.TCritical(level, df) * se)
		m.SE, m.P = survey.FigureOf(se), survey.FigureOf(stats.TTwoSided(math.Abs(m.Difference.Float())/se, df))
		m.Low, m.High = survey.FigureOf(m.Difference.Float()-half.Float()), survey.FigureOf(m.Difference.Float()+half.Float())
	}
}

// pooled is the standard error of a difference of two independent figures and its
// degrees of freedom by Satterthwaite.
func pooled(se1, df1, se2, df2 float64) (se, df float64) {
	v1, v2 := se1*se1, se2*se2
	return math.Sqrt(v1 + v2), (v1 + v2) * (v1 + v2) / (v1*v1/df1 + v2*v2/df2)
}

// atEdge compares two shares where one or both are at or near 0% or 100%; it is false
// where neither is. Two shares at the same edge have no test.
func (m *Move) atEdge(before, after tidy.Record) bool {
	side := func(r tidy.Record) stats.ShareSide {
		return stats.ShareSide{Share: r.Value.Float(), Variance: r.SE.Float() * r.SE.Float(), Effective: r.NEffective.Float()}
	}
	pair := stats.SharePair{From: side(before), To: side(after), N: float64(before.N + after.N), DF: before.DF.Float() + after.DF.Float()}
	pair.Variance = pair.From.Variance + pair.To.Variance
	if pair.Edge() == stats.Inside {
		return false
	}
	low, high := pair.Limits(level)
	m.P, m.Low, m.High = survey.FigureOf(pair.P()), survey.FigureOf(low), survey.FigureOf(high)
	if m.P.Exists() {
		m.Flags = []string{survey.FlagEdgeTest}
	}
	return true
}

// adjust corrects the p-values over the book and lists what moved.
func (r *Report) adjust() {
	p := make([]float64, len(r.all))
	for i, m := range r.all {
		p[i] = m.P.Float()
		if m.P.Exists() {
			r.Compared++
		}
	}
	for i, q := range stats.BenjaminiHochberg(p) {
		r.all[i].PAdjusted = survey.FigureOf(q)
		if q < 1-level {
			r.Moved = append(r.Moved, r.all[i])
		}
	}
	slices.SortStableFunc(r.Moved, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.PAdjusted.Float(), b.PAdjusted.Float()), cmp.Compare(a.P.Float(), b.P.Float()))
	})
}
