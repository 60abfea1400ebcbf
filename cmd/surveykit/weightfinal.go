package main

import (
	"fmt"
	"regexp"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// fitted finds weights that were brought to totals, by how people call them.
var fitted = regexp.MustCompile(`(?i)(^|[^a-z])(raked|raking|calibrat|post-?strat)`)

// warnOfFinal warns where the data hold only the weight after raking or
// calibration, as its name, its label or what else is said of it tells: the
// variance then takes it for a sampling weight. Replicates that were fitted, too,
// know better.
func warnOfFinal(f *engine.Frame, t *survey.Table, d survey.Design, said string) {
	v := t.Lookup(d.Weight)
	if f.Replicates != nil || v == nil || !fitted.MatchString(v.Name+" "+v.Label+" "+said) {
		return
	}
	warning := fmt.Sprintf("%s was raked or calibrated before, and the variance takes it for a sampling weight: what that gained in precision is not counted; with the weight before it, --calibration (weighting: in a study) counts it", v.Name)
	if !slices.Contains(f.Warnings, warning) {
		f.Warnings = append(f.Warnings, warning)
	}
}
