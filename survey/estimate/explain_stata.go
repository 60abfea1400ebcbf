package estimate

import (
	"fmt"
	"path/filepath"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/expression"
)

// stata is the figure by Stata, which gives the same estimate and standard
// error; its degrees of freedom count every PSU of a stratum that the domain
// touches.
func (c calls) stata() []string {
	lines := []string{c.readStata()}
	lines = append(lines, c.declared(func(name, condition string) string {
		missing := "."
		if c.table.Lookup(name).IsText() {
			missing = `""`
		}
		return "replace " + name + " = " + missing + " if " + fmt.Sprintf(condition, name)
	})...)
	lines = append(lines, c.valued(expression.Stata, func(v *survey.Variable, name string) string {
		if v.IsText() {
			return "generate double " + name + " = ."
		}
		return "generate double " + name + " = " + v.Name
	}, func(name, number, condition string) string {
		return "replace " + name + " = " + number + " if " + condition
	})...)
	if strata := c.strata(); len(strata) == 2 && c.frame.Replicates == nil {
		lines = append(lines, "egen wave_stratum = group("+strings.Join(strata, " ")+")")
	}
	lines = append(lines, "svyset "+c.designStata())
	over := "svy"
	if base := c.base(expression.Stata); base != "" {
		over = "svy, subpop(if " + base + ")"
	}
	return append(lines, c.callStata(c, over)...)
}

func (c calls) shareStata(over string) []string {
	condition, _ := c.condition(expression.Stata)
	citype := ""
	if c.interval.Stata != "" {
		citype = " citype(" + c.interval.Stata + ")"
	}
	return []string{"generate byte counted = " + condition, over + ": proportion counted" + c.levelStata() + citype}
}

func (c calls) readStata() string {
	names := c.fileNames()
	if len(names) != 1 {
		return "* the rows of " + strings.Join(names, ", ") + ", stacked"
	}
	switch filepath.Ext(names[0]) {
	case ".sav", ".zsav":
		return fmt.Sprintf("import spss %q", names[0])
	case ".dta":
		return fmt.Sprintf("use %q", names[0])
	}
	return fmt.Sprintf("import delimited %q, case(preserve)", names[0])
}

func (c calls) designStata() string {
	weight := ""
	if c.design.Weight != "" {
		weight = " [pweight=" + c.design.Weight + "]"
	}
	if c.frame.Replicates != nil {
		return strings.TrimSpace(weight + ", " + c.replicatesStata())
	}
	stages := c.design.PSU
	if len(stages) == 0 {
		stages = []string{"_n"}
	}
	var parts []string
	for k, unit := range stages {
		var options []string
		if k == 0 {
			unit += weight
			if strata := c.strata(); len(strata) == 2 {
				options = append(options, "strata(wave_stratum)")
			} else if len(strata) == 1 {
				options = append(options, "strata("+strata[0]+")")
			}
			if single := singleUnit[c.frame.Lonely]; single != "" {
				options = append(options, "singleunit("+single+")")
			}
		}
		if k < len(c.design.FPC) {
			options = append(options, "fpc("+c.design.FPC[k]+")")
		}
		if len(options) > 0 {
			unit += ", " + strings.Join(options, " ")
		}
		parts = append(parts, unit)
	}
	return strings.Join(parts, " || ")
}

// singleUnit are Stata's names of the policies for lonely PSUs.
var singleUnit = map[stats.LonelyPSU]string{
	stats.LonelyCertainty: "certainty", stats.LonelyRemove: "certainty",
	stats.LonelyAdjust: "centered", stats.LonelyAverage: "scaled",
}

func (c calls) replicatesStata() string {
	r, spec := c.frame.Replicates, c.design.Replicates
	names := strings.Join(r.Names, " ")
	mse := ""
	if r.MSE {
		mse = " mse"
	}
	if spec.Scale == nil && len(spec.RScales) == 0 {
		switch spec.Type {
		case "brr":
			return "brrweight(" + names + ") vce(brr)" + mse
		case "fay":
			return "brrweight(" + names + ") fay(" + survey.FormatNumber(spec.FayRho) + ") vce(brr)" + mse
		case "sdr":
			return "sdrweight(" + names + ") vce(sdr)" + mse
		}
	}
	multipliers := make([]float64, len(r.RScales))
	for k, x := range r.RScales {
		multipliers[k] = r.Scale * x
	}
	return "jkrweight(" + names + ", multiplier(" + numberList(multipliers, " ") + ")) vce(jackknife)" + mse
}
