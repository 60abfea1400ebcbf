package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/weighting"
)

// weightingSpec is the path of the study's weighting spec, "" without one.
func (in *input) weightingSpec() string {
	if in.study == nil {
		return ""
	}
	return studyWeighting(in.path, in.study)
}

// studyWeighting is the path of a study's weighting spec as seen from here.
func studyWeighting(path string, s *survey.Study) string {
	switch {
	case s.Weighting == nil:
		return ""
	case filepath.IsAbs(s.Weighting.Spec):
		return s.Weighting.Spec
	}
	return filepath.Join(filepath.Dir(path), filepath.FromSlash(s.Weighting.Spec))
}

// readSpec reads a weighting spec with the files that it names.
func readSpec(path string) (*weighting.Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, survey.Problems{{File: path, Message: "the weighting spec cannot be read: " + err.Error(), Remedy: "check its path"}}
	}
	return weighting.Parse(data, path, func(p string) (*survey.Table, error) {
		in, err := open(p)
		if err != nil {
			return nil, err
		}
		return in.table, nil
	})
}

// weigh counts a design and weights it by a spec; the result is nil without one.
func weigh(t *survey.Table, d survey.Design, path string) (*engine.Frame, *weighting.Result, error) {
	f, err := engine.NewFrame(t, d)
	if err != nil || path == "" {
		return f, nil, err
	}
	spec, err := readSpec(path)
	if err != nil {
		return nil, nil, err
	}
	weighted, r, err := spec.Frame(t, f)
	if err != nil {
		return nil, nil, err
	}
	kept := slices.DeleteFunc(slices.Clone(f.Warnings), func(w string) bool {
		return strings.HasPrefix(w, engine.NoWeight) // there is one now
	})
	weighted.Warnings = append(kept, r.Warnings...)
	return weighted, r, nil
}

// weighStudy counts a study's design, weights it as the study says and tells how.
func weighStudy(path string, s *survey.Study, t *survey.Table) (*engine.Frame, *survey.Weighting, error) {
	design := withLevel(s.Design)
	f, r, err := weigh(t, design, studyWeighting(path, s))
	if err != nil || r == nil {
		return f, nil, err
	}
	if err := r.Describe(t, s.Weighting.By, designColumns(design)); err != nil {
		return nil, nil, err
	}
	if r.Modelled && s.Design.Sample == "" {
		s.Design.Sample = "opt-in panel"
	}
	r.Inputs = fromStudy(path, r.Inputs)
	return f, &r.Weighting, nil
}

// designColumns are the variables that say how the sample was drawn, not what
// it answered.
func designColumns(d survey.Design) []string {
	return slices.Concat([]string{d.Weight, d.Strata}, d.PSU, d.FPC)
}
