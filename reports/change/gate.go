package change

import (
	"fmt"
	"math"
	"slices"

	"surveykit/reports/figure"
)

// Gate holds a run back where it fails. Exactly one of the limits is given.
type Gate struct {
	// DesignEffect fails when Kish's design effect of the weights is over it.
	DesignEffect *float64 `yaml:"design_effect,omitempty"`
	// Moves fails when a share moves by more percentage points than this.
	Moves *float64 `yaml:"moves,omitempty"`
	// Base fails when a column's unweighted base is under it.
	Base *int `yaml:"base,omitempty"`
	// Margins fails when a margin of the weighting is further from its target
	// than this share of it.
	Margins *float64 `yaml:"margins,omitempty"`
	// Rows fails when the number of respondents changes by more than this share.
	Rows *float64 `yaml:"rows,omitempty"`
	// Questions fails when tables, rows or columns are added or gone.
	Questions bool `yaml:"questions,omitempty"`
	// Tables that moves and base look at; all where absent.
	Tables []string `yaml:"tables,omitempty"`
}

// Check says what is wrong with a gate, "" where nothing is.
func (g Gate) Check() string {
	given := 0
	for _, is := range []bool{g.DesignEffect != nil, g.Moves != nil, g.Base != nil, g.Margins != nil, g.Rows != nil, g.Questions} {
		if is {
			given++
		}
	}
	if given != 1 {
		return fmt.Sprintf("a gate has one limit, not %d: design_effect, moves, base, margins, rows or questions", given)
	}
	for _, limit := range []*float64{g.DesignEffect, g.Moves, g.Margins, g.Rows} {
		if limit != nil && !(*limit >= 0) {
			return fmt.Sprintf("the limit %g is under 0", *limit)
		}
	}
	if len(g.Tables) > 0 && g.Moves == nil && g.Base == nil {
		return "tables can only be given with moves or base"
	}
	return ""
}

// Apply records which gates fail for a report, and why. A first run, which cannot be
// compared, passes the gates on change.
func (r *Report) Apply(gates []Gate) {
	for _, g := range gates {
		if why := g.fails(r); why != "" {
			r.Held = append(r.Held, why)
		}
	}
}

func (g Gate) fails(r *Report) string {
	switch {
	case g.DesignEffect != nil:
		if r.DeffAfter.Exists() && float64(r.DeffAfter) > *g.DesignEffect {
			return fmt.Sprintf("the design effect of the weights is %s, over %g", figure.Number(float64(r.DeffAfter), 2), *g.DesignEffect)
		}
	case g.Moves != nil:
		return g.moved(r)
	case g.Base != nil:
		return g.thin(r)
	case g.Margins != nil:
		if r.Misfit.Exists() && float64(r.Misfit) > *g.Margins {
			return fmt.Sprintf("a margin misses its target by %s, more than %s", figure.Percent(float64(r.Misfit), 1), figure.Percent(*g.Margins, 1))
		}
	case g.Rows != nil:
		if off := math.Abs(float64(r.RowsAfter-r.RowsBefore)) / float64(max(r.RowsBefore, 1)); r.Before != "" && off > *g.Rows {
			return fmt.Sprintf("the number of respondents went from %s to %s, a change of more than %s", figure.Count(r.RowsBefore), figure.Count(r.RowsAfter), figure.Percent(*g.Rows, 0))
		}
	case g.Questions:
		if n := len(r.Added) + len(r.Gone); r.Before != "" && n > 0 {
			return fmt.Sprintf("%d tables, rows or columns were added and %d are gone", len(r.Added), len(r.Gone))
		}
	}
	return ""
}

// moved names the share that moved furthest.
func (g Gate) moved(r *Report) string {
	var worst *Move
	for i, m := range r.all {
		if m.Share && g.covers(m.Place) && (worst == nil || math.Abs(float64(m.Difference)) > math.Abs(float64(worst.Difference))) {
			worst = &r.all[i]
		}
	}
	if worst == nil || math.Abs(float64(worst.Difference))*100 <= *g.Moves {
		return ""
	}
	return fmt.Sprintf("%s moved by %s, more than %g points", worst.Place, figure.Points(float64(worst.Difference), 1), *g.Moves)
}

// thin names the smallest base.
func (g Gate) thin(r *Report) string {
	least, at := math.MaxInt, Place{}
	order, _ := places(r.now)
	for i, e := range r.now {
		if g.covers(order[i]) && e.N < least {
			least, at = e.N, order[i]
		}
	}
	if least == math.MaxInt || least >= *g.Base {
		return ""
	}
	return fmt.Sprintf("the base of %s is %s, under %s", at, figure.Count(least), figure.Count(*g.Base))
}

func (g Gate) covers(p Place) bool {
	return len(g.Tables) == 0 || slices.Contains(g.Tables, p.Table)
}
