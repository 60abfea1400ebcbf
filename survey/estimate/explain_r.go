package estimate

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// r is the figure by R's survey package.
func (c calls) r() []string {
	lines := []string{"library(survey)", c.readR()}
	lines = append(lines, c.declared(func(name, condition string) string {
		column := "d$" + expression.R.Name(name)
		return column + "[which(" + fmt.Sprintf(condition, column) + ")] <- NA"
	})...)
	lines = append(lines, c.valued(expression.R, func(v *survey.Variable, name string) string {
		if v.IsText() {
			return "d$" + expression.R.Name(name) + " <- NA_real_"
		}
		return "d$" + expression.R.Name(name) + " <- d$" + expression.R.Name(v.Name)
	}, func(name, number, condition string) string {
		return fmt.Sprintf("d$%s[which(with(d, %s))] <- %s", expression.R.Name(name), condition, number)
	})...)
	if len(c.frame.LonelyStrata) > 0 {
		lines = append(lines, fmt.Sprintf("options(survey.lonely.psu = %q)", c.frame.Lonely))
	}
	if c.design.Replicates == nil && c.unlimited() > 0 {
		lines = append(lines, "d$unlimited <- Inf")
	}
	lines = append(lines, "s <- "+c.designR())
	if c.frame.Calibrated() {
		lines = append(lines, "# then s <- calibrate(s, …) as the weighting spec says")
	}
	if base := c.base(expression.R); base != "" {
		lines = append(lines, "s <- subset(s, "+base+")")
	}
	return append(lines, c.callR(c)...)
}

func (c calls) shareR() []string {
	condition, _ := c.condition(expression.R)
	if c.interval.R == "" {
		return []string{fmt.Sprintf("svymean(~I(%s), s)", condition), "# svyciprop has no interval by the method " + c.interval.Name}
	}
	return []string{fmt.Sprintf("svyciprop(~I(%s), s, method = %q, level = %s)", condition, c.interval.R, survey.FormatNumber(c.level))}
}

func (c calls) readR() string {
	names := c.fileNames()
	if len(names) != 1 {
		return "# d: the rows of " + strings.Join(names, ", ") + ", stacked"
	}
	reader := "read.csv"
	switch filepath.Ext(names[0]) {
	case ".sav", ".zsav":
		reader = "haven::read_sav"
	case ".dta":
		reader = "haven::read_dta"
	case ".tsv", ".tab", ".txt":
		reader = "read.delim"
	}
	return fmt.Sprintf("d <- %s(%q)", reader, names[0])
}

// unlimited counts the stages that have clusters but no population size, below
// one that has one: R wants a size there too.
func (c calls) unlimited() int {
	if len(c.design.FPC) == 0 {
		return 0
	}
	return max(0, len(c.design.PSU)-len(c.design.FPC))
}

func (c calls) designR() string {
	weights := "rep(1, nrow(d))"
	if c.design.Weight != "" {
		weights = "~" + expression.R.Name(c.design.Weight)
	}
	if c.frame.Replicates != nil {
		return c.replicatesR(weights)
	}
	ids := "1"
	if len(c.design.PSU) > 0 {
		ids = formulaR(c.design.PSU)
	}
	call := fmt.Sprintf("svydesign(ids = ~%s, weights = %s, data = d, nest = TRUE", ids, weights)
	switch strata := c.strata(); len(strata) {
	case 0:
	case 1:
		call += ", strata = ~" + formulaR(strata)
	default:
		call += ", strata = ~interaction(" + strings.Join(strata, ", ") + ")"
	}
	if len(c.design.FPC) > 0 {
		call += ", fpc = ~" + formulaR(append(slices.Clone(c.design.FPC), slices.Repeat([]string{"unlimited"}, c.unlimited())...))
	}
	return call + ")"
}

// strata are the columns that together make the stratum: the wave is one of
// them, but for a panel.
func (c calls) strata() []string {
	columns := []string{c.design.WaveVariable, c.design.Strata}
	if c.design.Waves == "panel" {
		columns = columns[1:]
	}
	return slices.DeleteFunc(columns, func(s string) bool { return s == "" })
}

func (c calls) replicatesR(weights string) string {
	r := c.frame.Replicates
	names := make([]string, len(r.Names))
	for k, name := range r.Names {
		names[k] = fmt.Sprintf("%q", name)
	}
	combined := "TRUE"
	if given := c.design.Replicates.Combined; given != nil && !*given {
		combined = "FALSE"
	}
	mse := "FALSE"
	if r.MSE {
		mse = "TRUE"
	}
	return fmt.Sprintf("svrepdesign(weights = %s, repweights = d[c(%s)], type = \"other\", scale = %s, rscales = c(%s), combined.weights = %s, mse = %s, data = d)",
		weights, strings.Join(names, ", "), survey.FormatNumber(r.Scale), numberList(r.RScales, ", "), combined, mse)
}

func formulaR(names []string) string {
	spelled := make([]string, len(names))
	for k, name := range names {
		spelled[k] = expression.R.Name(name)
	}
	return strings.Join(spelled, " + ")
}

func numberList(x []float64, separator string) string {
	parts := make([]string, len(x))
	for k, v := range x {
		parts[k] = survey.FormatNumber(v)
	}
	return strings.Join(parts, separator)
}
