package drivers

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
)

// The rows of the model as a whole, which the table's notes read their figures from.
const (
	together    = "All drivers together (R²)"
	alone       = "The best single driver alone"
	beyondBest  = "All drivers beyond the best single one"
	needsOne    = "Unique to single drivers"
	toldAlike   = "Shared by two or more drivers"
	allColumn   = "Total"
	importances = "Importance: share of the explained variance"
)

// Tabulation is the analysis as a table: a block of rows with each driver's
// importance, the most important first, then blocks of their effects, of how
// well they do, of what each explains alone, and of the model as a whole. Its
// notes name figures of these rows as {row|column}. It has no chart: see Plane.
func (a *Analysis) Tabulation() *survey.Tabulation {
	t := &table{Tabulation: &survey.Tabulation{Title: "What moves " + a.Label, Columns: []survey.Column{{Label: allColumn}}}}
	ranked := a.Ranked()
	for _, d := range ranked {
		t.add(importances, d.Label, survey.RowShare, a.importance(d))
	}
	for _, d := range ranked {
		t.effects(d)
	}
	for _, d := range ranked {
		if d.Performance != nil {
			group, kind := a.performance()
			t.add(group, d.Label, kind, *d.Performance)
		}
	}
	for _, d := range ranked {
		t.add("Explained by the driver alone", d.Label, survey.RowShare, d.Alone)
	}
	whole := "Explained by the model"
	t.add(whole, together, survey.RowShare, a.R2)
	if a.Best != "" {
		t.add(whole, alone, survey.RowShare, a.best().Alone)
		t.add(whole, beyondBest, survey.RowShare, a.BeyondBest)
	}
	t.add(whole, needsOne, survey.RowShare, a.Unique)
	t.add(whole, toldAlike, survey.RowShare, a.Common)
	t.Notes = slices.Concat(a.explained(), a.quadrants(), a.Notes)
	for _, reason := range a.Reasons {
		t.Notes = append(t.Notes, reason.Text+".")
	}
	return t.Tabulation
}

// table is a tabulation in the making.
type table struct{ *survey.Tabulation }

func (t *table) add(group, label string, kind survey.RowKind, e survey.Estimate) {
	t.Rows = append(t.Rows, survey.Row{Group: group, Label: label, Kind: kind})
	t.Cells = append(t.Cells, []survey.Cell{{Estimate: e}})
}

// effects are a row, of a factor one for each level but the first.
func (t *table) effects(d Driver) {
	for _, e := range d.Effects {
		group, kind, label := "Coefficient", survey.RowMean, d.Label
		if e.Statistic == oddsRatio {
			group, kind = "Odds ratio", survey.RowRatio
		}
		if d.Factor {
			label += ": " + e.Category
		}
		t.add(group, label, kind, e)
	}
}

// performance names the block of rows with how well drivers do.
func (a *Analysis) performance() (group string, kind survey.RowKind) {
	switch a.top {
	case 0:
		return "Performance: mean", survey.RowMean
	case 1:
		return "Performance: share in the highest code", survey.RowShare
	}
	return fmt.Sprintf("Performance: share in the %d highest codes", a.top), survey.RowShare
}

func (a *Analysis) best() Driver {
	return a.Drivers[slices.IndexFunc(a.Drivers, func(d Driver) bool { return d.Driver == a.Best })]
}

// explained says what the drivers explain together and beyond single ones.
func (a *Analysis) explained() []string {
	figure := func(row string) string { return "{" + row + "|" + allColumn + "}" }
	model, of := "linear", "of the variance of "
	if a.Family != "gaussian" {
		model, of = "logistic", "of the tendency behind "
	}
	shared := "Importance is by Shapley values: the mean gain in R² over all orders in which drivers can join the model, as a share of R²."
	if a.rank == Johnson {
		shared = "Importance is by Johnson's relative weights, as a share of R²."
	}
	rests := fmt.Sprintf("The model is %s and rests on %s rows. %s", model, survey.FormatCount(a.R2.N), shared)
	if a.Best == "" {
		return []string{rests}
	}
	return []string{
		fmt.Sprintf("Together the %d drivers explain %s %s%s. The best single one, %s, explains %s alone; all of them explain %s beyond it. %s is unique to single drivers; %s is shared by two or more.",
			len(a.Drivers), figure(together), of, a.Label, a.best().Label, figure(alone), figure(beyondBest), figure(needsOne), figure(toldAlike)),
		rests,
	}
}

// quadrants says which drivers lie in which quadrant.
func (a *Analysis) quadrants() (notes []string) {
	for _, q := range []Quadrant{Concentrate, KeepUp, LowPriority, Overkill} {
		var in []string
		for _, d := range a.Ranked() {
			if d.Quadrant == q {
				in = append(in, d.Label)
			}
		}
		if len(in) > 0 {
			notes = append(notes, strings.ToUpper(string(q[:1]))+string(q[1:])+": "+strings.Join(in, ", ")+".")
		}
	}
	return notes
}

// Plane is the chart of importance against performance, for the table of the
// analysis. The error is survey.Problems where the importance is not estimable,
// where fewer than two drivers have a
// performance, or where their means are of different scales and do not compare.
func (a *Analysis) Plane() (*survey.Chart, error) {
	c := &survey.Chart{Kind: survey.ChartQuadrant, Title: "What moves " + a.Label + ", and how well each driver does"}
	for _, d := range a.Ranked() {
		if d.Quadrant != "" {
			c.Rows = append(c.Rows, d.Label)
		}
	}
	if a.Best == "" {
		return nil, survey.Problems{{Message: "the importance of the drivers cannot be estimated, so it cannot be drawn", Remedy: "leave out or recode the driver that determines the outcome: see the notes"}}
	}
	if len(c.Rows) < 2 {
		return nil, survey.Problems{{Message: "fewer than two drivers have a performance on the same scale", Remedy: "name drivers with one scale, or compare the shares in their highest codes: --top, or top in a study"}}
	}
	group, _ := a.performance()
	c.Groups = []string{importances, group}
	return c, nil
}

// Bars is the chart of importance alone.
func (a *Analysis) Bars() *survey.Chart {
	return &survey.Chart{Kind: survey.ChartBars, Groups: []string{importances}}
}
