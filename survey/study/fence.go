package study

import (
	"errors"
	"fmt"
	"path/filepath"

	"surveykit/survey"
	"surveykit/survey/fence"
	"surveykit/survey/spec"
)

// outsiders finds the files of a study that lie where it may not read.
func outsiders(study *survey.Study, source *Source, f fence.Fence) error {
	var problems survey.Problems
	check := func(key, path string) {
		var p survey.Problem
		if path != "" && errors.As(f.Check(besides(source.Path, path)), &p) {
			p.Value = path
			problems = append(problems, source.Annotate(key, p))
		}
	}
	for i, d := range study.Data {
		check(fmt.Sprintf("$.data[%d].file", i), d.File)
		check(fmt.Sprintf("$.data[%d].codebook", i), d.Codebook)
		check(fmt.Sprintf("$.data[%d].catalog", i), d.Catalog)
	}
	if study.Weighting != nil {
		check("$.weighting.spec", study.Weighting.Spec)
	}
	for i, w := range study.Weights {
		check(fmt.Sprintf("$.weights[%d].weighting", i), w.Weighting)
	}
	return problems.Err()
}

// outputFolder finds a folder of results that is not below the study's own.
func outputFolder(root *spec.Node) []spec.Fault {
	output := root.Find("output")
	if output == nil {
		return nil
	}
	e := output.Value.Find("folder")
	if e == nil || !e.Value.IsScalar() || e.Value.Text == "" || filepath.IsLocal(filepath.FromSlash(e.Value.Text)) {
		return nil
	}
	return []spec.Fault{e.Value.At.Fault(survey.Problem{Value: e.Value.Text,
		Message: "the folder of the results is outside the study's folder", Remedy: "name a folder inside it, or use --output DIR"})}
}
