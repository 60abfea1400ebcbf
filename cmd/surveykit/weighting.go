package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/fence"
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
	if s.Weighting == nil {
		return ""
	}
	return besideStudy(path, s.Weighting.Spec)
}

// besideStudy is a path of a study file as seen from here, "" for none.
func besideStudy(study, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(study), filepath.FromSlash(path))
}

// longestSpec is longer than what is accepted of specs, models and mappings, in bytes.
const longestSpec = 8 << 20

// readText reads a file that people or programs wrote, and no more of it than
// anybody would write; what names it in problems.
func readText(path, what string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err == nil && info.Size() > longestSpec {
		err = fmt.Errorf("it is longer than %d MiB", longestSpec>>20)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, survey.Problems{{File: path, Message: what + " cannot be read: " + err.Error(), Remedy: "check its path"}}
	}
	return data, nil
}

// readSpec reads a weighting spec with the files that it names, within its fence.
func readSpec(path string, around fence.Fence) (*weighting.Spec, error) {
	data, err := readText(path, "the weighting spec")
	if err != nil {
		return nil, err
	}
	return weighting.Parse(data, path, func(p string) (*survey.Table, error) {
		if err := around.Check(p); err != nil {
			return nil, err
		}
		in, err := open(p, around.Folders())
		if err != nil {
			return nil, err
		}
		return in.table, nil
	})
}

// weigh counts a design and weights it by a spec, which reads within its fence;
// the result is nil without one.
func weigh(t *survey.Table, d survey.Design, path string, around fence.Fence) (*engine.Frame, *weighting.Result, error) {
	f, err := engine.NewFrame(t, d)
	if err != nil {
		return nil, nil, err
	}
	if path == "" {
		warnOfFinal(f, t, d, "")
		return f, nil, nil
	}
	spec, err := readSpec(path, around)
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
func weighStudy(path string, s *survey.Study, t *survey.Table, allowed []string) (*engine.Frame, *survey.Weighting, error) {
	design := s.Design
	f, r, err := weigh(t, design, studyWeighting(path, s), fence.Around(path, allowed))
	if err != nil {
		return nil, nil, err
	}
	if r == nil {
		warnOfFinal(f, t, design, s.Disclosure.Weighting)
		return f, nil, nil
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

// ownWeights are the designs by the further weights of a study, under their
// names, with the files that made them.
type ownWeights struct {
	frames   map[string]*engine.Frame
	inputs   []survey.Source
	warnings []string
}

// weighOwn counts the design by each further weight of a study.
func weighOwn(path string, s *survey.Study, t *survey.Table, allowed []string) (ownWeights, error) {
	out := ownWeights{frames: map[string]*engine.Frame{}}
	var problems survey.Problems
	for _, w := range s.Weights {
		design, problem := s.Design.With(w)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		f, r, err := weigh(t, design, besideStudy(path, w.Weighting), fence.Around(path, allowed))
		var more survey.Problems
		switch {
		case errors.As(err, &more):
			problems = append(problems, more...)
			continue
		case err != nil:
			return out, err
		case r != nil:
			out.inputs = append(out.inputs, fromStudy(path, r.Inputs)...)
		}
		out.frames[w.Name] = f
		for _, warning := range f.Warnings {
			out.warnings = append(out.warnings, "weight "+w.Name+": "+warning)
		}
	}
	return out, problems.Err()
}

// designColumns are the variables that say how the sample was drawn, not what
// it answered.
func designColumns(d survey.Design) []string {
	return slices.Concat([]string{d.Weight, d.Strata}, d.PSU, d.FPC)
}
