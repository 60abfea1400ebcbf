package reports

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/fence"
	"surveykit/survey/ingest/database"
	"surveykit/survey/pattern"
	"surveykit/survey/weighting"
)

// Weights are a design that is counted, with the weights that were made for it.
type Weights struct {
	*engine.Frame
	// Made says how the weights were made; nil where they are those of the data.
	Made *survey.WeightingReport

	result *weighting.Result
	// before is the design as it was counted, by whose weights the weights were made.
	before *engine.Frame
}

// Weigh counts the design over all rows and makes the weights as the spec at a path
// says; "" takes those of the data. The spec reads below its own folder, the
// study's own spec below the study's. The error is survey.Problems.
func (d *Data) Weigh(ctx context.Context, spec string) (Weights, error) {
	w, err := d.weigh(ctx, d.Design, spec, d.fence(spec))
	if err == nil && w.Made == nil && d.Study != nil {
		warnOfFinal(w.Frame, d.Table, d.Design, d.Study.Disclosure.Weighting)
	}
	return w, err
}

// Describe adds to what Made says of the weights the groups that differ by the
// variables named, and the answers that weighting moved most.
func (d *Data) Describe(ctx context.Context, w Weights, by []string) error {
	if d.engine != nil {
		return w.result.DescribeGroups(ctx, d.engine, d.Table, w.before, w.Frame, by, d.Design.Columns())
	}
	return w.result.Describe(d.Table, by, d.Design.Columns())
}

// weigh counts a design and weights it by a spec, which reads within its fence.
func (d *Data) weigh(ctx context.Context, design survey.Design, spec string, around fence.Fence) (Weights, error) {
	f, err := d.answering().Frame(ctx, design)
	if err != nil {
		return Weights{}, err
	}
	if spec == "" {
		warnOfFinal(f, d.Table, design, "")
		return Weights{Frame: f}, nil
	}
	s, err := readSpec(spec, around)
	if err != nil {
		return Weights{}, err
	}
	var weighted *engine.Frame
	var r *weighting.Result
	if d.engine == nil {
		weighted, r, err = s.Frame(d.Table, f)
	} else {
		weighted, r, err = s.FrameOfGroups(ctx, d.engine, d.Table, f)
	}
	if err != nil {
		return Weights{}, err
	}
	kept := slices.DeleteFunc(slices.Clone(f.Warnings), func(n survey.Notice) bool {
		return n.Code == survey.NoticeNoWeight // there is one now
	})
	weighted.Warnings = append(kept, r.Warnings...)
	return Weights{weighted, &r.WeightingReport, r, f}, nil
}

// fitted finds weights that were brought to totals, by how people call them.
var fitted = pattern.Lazy(`(?i)(^|[^a-z])(raked|raking|calibrat|post-?strat)`)

// warnOfFinal warns where the data hold only the weight after raking or
// calibration, as its name, its label or what else is said of it shows: the
// variance then takes it for a sampling weight. Replicates that were fitted, too,
// know better.
func warnOfFinal(f *engine.Frame, t *survey.Table, d survey.Design, said string) {
	v := t.Lookup(d.Weight)
	if f.Replicates != nil || v == nil || !fitted().MatchString(v.Name+" "+v.Label+" "+said) {
		return
	}
	f.Warnings.AddNew(survey.Notice{Code: survey.NoticeFinalWeight, Variables: []string{v.Name},
		Text: v.Name + " was raked or calibrated before, and the variance takes it for a sampling weight: what that gained in precision is not counted; with the weight before it, --calibration (weighting: in a study) counts it"})
}

// weighStudy counts a study's design, makes its weights, and says how.
func (d *Data) weighStudy(ctx context.Context) (Weights, error) {
	s := d.Study
	w, err := d.Weigh(ctx, d.Weighting)
	if err != nil || w.Made == nil {
		return w, err
	}
	if err := d.Describe(ctx, w, s.Weighting.By); err != nil {
		return Weights{}, err
	}
	if w.Made.Modelled && s.Design.Sample == "" {
		s.Design.Sample = "opt-in panel"
	}
	w.Made.Inputs = seenFrom(d.Path, w.Made.Inputs)
	return w, nil
}

// ownWeights are the designs by the further weights of a study, under their
// names, with the files that made them.
type ownWeights struct {
	frames   map[string]*engine.Frame
	inputs   []survey.Source
	warnings survey.Notices
}

// weighOwn counts the design by further weights of the study.
func (d *Data) weighOwn(ctx context.Context, weights []survey.FurtherWeight) (ownWeights, error) {
	out := ownWeights{frames: map[string]*engine.Frame{}}
	var problems survey.Problems
	for _, own := range weights {
		design, problem := d.Design.With(own)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		w, err := d.weigh(ctx, design, beside(d.Path, own.Weighting), fence.Around(d.Path, d.allowed))
		var more survey.Problems
		switch {
		case errors.As(err, &more):
			problems = append(problems, more...)
			continue
		case err != nil:
			return out, err
		case w.Made != nil:
			out.inputs = append(out.inputs, seenFrom(d.Path, w.Made.Inputs)...)
		}
		out.frames[own.Name] = w.Frame
		for _, warning := range w.Warnings {
			warning.Text = "weight " + own.Name + ": " + warning.Text
			out.warnings = append(out.warnings, warning)
		}
	}
	return out, problems.Err()
}

// seenFrom names data files as seen from the study file, so that the outputs
// do not depend on the folder from which the run was started.
func seenFrom(path string, sources []survey.Source) []survey.Source {
	out := slices.Clone(sources)
	for i, s := range out {
		file, inDatabase := database.File(s.Path)
		switch rel, err := filepath.Rel(filepath.Dir(path), cmp.Or(file, s.Path)); {
		case err != nil || database.Is(s.Path) && !inDatabase:
		case inDatabase:
			out[i].Path = database.WithFile(s.Path, filepath.ToSlash(rel))
		default:
			out[i].Path = filepath.ToSlash(rel)
		}
	}
	return out
}

// Alternative is one way of weighting, with what items come to under it.
type Alternative struct {
	// Spec is the weighting spec's path, "" for the weights as they are.
	Spec       string            `json:"spec"`
	Modelled   bool              `json:"modelled"`
	Assumption string            `json:"assumption"`
	KishDeff   float64           `json:"kish_deff"`
	NEffective float64           `json:"n_effective"`
	Results    []survey.Estimate `json:"results"`
}

// CompareWeights estimates items under the weights as they are and under each
// spec: shares of categories, means of measures. The error is survey.Problems.
func (d *Data) CompareWeights(ctx context.Context, specs, items []string) ([]Alternative, error) {
	if err := d.NeedsRows("a comparison of weights"); err != nil {
		return nil, err
	}
	o, problems := estimate.Designed(d.Design)
	if len(problems) > 0 {
		return nil, problems
	}
	var out []Alternative
	for _, spec := range append([]string{""}, specs...) {
		w, err := d.Weigh(ctx, spec)
		if err != nil {
			return nil, err
		}
		s, err := estimate.New(d.Table, w.Frame, o)
		if err != nil {
			return nil, err
		}
		a := Alternative{Spec: spec}
		a.KishDeff, a.NEffective = weighting.Cost(w.Frame.ByRow.Weights)
		if w.Made != nil {
			a.Modelled, a.Assumption = w.Made.Modelled, w.Made.Assumption
		}
		for _, name := range items {
			of := s.Proportions
			if v := d.Table.Lookup(name); v != nil && weighting.IsMeasure(v) {
				of = s.Means
			}
			records, err := of([]string{name})
			if err != nil {
				return nil, err
			}
			a.Results = append(a.Results, records...)
		}
		out = append(out, a)
	}
	return out, nil
}

// MarginSet is a set of margins with what raking to it brings and costs.
type MarginSet = weighting.Candidate

// SearchMargins shows what raking to sets of a spec's margins would bring and cost.
func (d *Data) SearchMargins(spec string) ([]MarginSet, error) {
	if err := d.NeedsRows("a search for margins"); err != nil {
		return nil, err
	}
	s, err := readSpec(spec, d.fence(spec))
	if err != nil {
		return nil, err
	}
	f, err := engine.NewFrame(d.Table, d.Design)
	if err != nil {
		return nil, err
	}
	return s.Search(d.Table, f.ByRow.Weights)
}
