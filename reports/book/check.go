package book

import (
	"errors"
	"fmt"

	"surveykit/reports/chart"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/analysis/turf"
	"surveykit/survey/tabulate"
)

// Check finds the charts that cannot be drawn as a study asks for them, given the
// plans of its tables. Figures are made of those tables alone whose chart depends
// on them: the parts of a bar may add up to more than 100%, or reach may fall.
func Check(plans []*tabulate.Plan, theme survey.Theme) []survey.Fault {
	var faults []survey.Fault
	for k, p := range plans {
		t := p.Outline
		if t == nil || t.Chart == nil || t.Kind == segment.Portraits.Name {
			continue
		}
		_, err := chart.Draw(t, chart.Options{Theme: theme})
		if err == nil && dependsOnFigures(p) {
			_, err = chart.Draw(p.Figures(), chart.Options{Theme: theme})
		}
		for _, problem := range problemsOf(err) {
			faults = append(faults, survey.Fault{Path: fmt.Sprintf("$.tables[%d].chart.kind", k), Problem: problem})
		}
	}
	return faults
}

func dependsOnFigures(p *tabulate.Plan) bool {
	switch p.Outline.Chart.Kind {
	case survey.ChartStacked, survey.ChartDiverging:
		return !p.Exclusive
	case survey.ChartReach:
		return p.Outline.Kind != turf.Reach.Name
	}
	return false
}

func problemsOf(err error) survey.Problems {
	var many survey.Problems
	var one survey.Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return survey.Problems{one}
	}
	return survey.Problems{{Message: err.Error()}}
}

// undrawable takes the charts out that cannot be drawn of the figures as they
// came out, such as of two columns of which one is left out for its small base,
// and returns a warning for each.
func undrawable(tables []*survey.Tabulation, theme survey.Theme) survey.Notices {
	var warnings survey.Notices
	for _, t := range tables {
		if t.Chart == nil {
			continue
		}
		if _, err := chart.Draw(t, chart.Options{Theme: theme}); err != nil {
			t.Chart = nil
			t.Notes = append(t.Notes, "There is no chart of this table: it cannot be drawn from these figures.")
			for _, problem := range problemsOf(err) {
				warnings = append(warnings, survey.Notice{Code: survey.NoticeUndrawable, Value: t.ID, Text: problem.Error()})
			}
		}
	}
	return warnings
}
