package segment

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// Found are some segments of a study once they are found.
type Found struct {
	// Asked is the request, At its path in the study.
	Asked    Spec
	At       string
	Solution *Solution
}

// Apply makes the variables of a study's segments, each in the place of the
// empty one that package prepare left for it, and those of the probabilities;
// a segment may be an item of the next. The sample is everybody with a weight. Their notes say how they were
// found. The error is survey.Faults of all segments.
func Apply(ctx context.Context, s *estimate.Sample, study *survey.Study) (t *survey.Table, all []Found, err error) {
	sample := s
	var faults survey.Faults
	for k, m := range study.Models {
		at := study.ModelPath(k)
		asked, ok := m.(Spec)
		if !ok {
			continue // another analysis
		}
		spec := asked
		spec.Items = Expand(spec.Items, study.Groups, s.Table())
		method, problem := spec.method()
		if problem != nil {
			faults = append(faults, survey.Fault{Path: at + ".method", Problem: *problem})
			continue
		}
		found, err := method.find(ctx, sample, method, spec)
		if many, ok := err.(survey.Problems); ok {
			for _, p := range many {
				p.Message = "segments " + spec.Name + ": " + p.Message
				faults = append(faults, survey.Fault{Path: at, Problem: p})
			}
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if len(spec.Names) > 0 {
			found.rename(spec.Names)
		}
		all = append(all, Found{asked, at, found})
		made := append(found.Probabilities(spec.Name), found.Variable(spec.Name, spec.Label))
		for _, v := range made {
			v.MadeOf = variablesOf(spec.Items)
		}
		for _, v := range made[:len(made)-1] {
			if s.Table().Lookup(v.Name) != nil {
				faults = append(faults, survey.Fault{Path: at + ".name", Problem: survey.Problem{Variable: v.Name, Message: "segments " + spec.Name + ": their probabilities would take the place of a variable of the data", Remedy: "choose another name for the segments"}})
			}
		}
		sample = sample.With(made...)
	}
	return sample.Table(), all, faults.Err()
}

// rename gives the segments other names, in the model that assigns people, too.
func (s *Solution) rename(names []string) {
	s.Names = names
	if s.Model != nil {
		m := *s.Model
		m.Names, s.Model = names, &m
	}
}

// TypeStudied makes the typing tools that a study asks for, nil for segments
// without one: of a latent class model as Type does, of other segments and of
// items from elsewhere as TypeKnown. The sample's table and the segments are
// those of Apply. The error is survey.Faults of all tools.
func TypeStudied(ctx context.Context, s *estimate.Sample, study *survey.Study, all []Found) ([]*Typing, error) {
	out := make([]*Typing, len(all))
	var faults survey.Faults
	for k, found := range all {
		if found.Asked.Typing == nil {
			continue
		}
		var err error
		out[k], err = typed(ctx, s, study, found.Asked, found.Solution.Model)
		if many, ok := err.(survey.Problems); ok {
			for _, p := range many {
				p.Message = "typing tool of the segments " + found.Asked.Name + ": " + p.Message
				faults = append(faults, survey.Fault{Path: found.At + ".typing", Problem: p})
			}
		} else if err != nil {
			return nil, err
		}
	}
	return out, faults.Err()
}

func typed(ctx context.Context, s *estimate.Sample, study *survey.Study, spec Spec, m *Model) (*Typing, error) {
	o := TypingOptions{Items: spec.Typing.Items, Accuracy: spec.Typing.Accuracy}
	if len(spec.Typing.From) == 0 && m != nil && m.LatentClass != nil {
		return Type(ctx, s, m, o)
	}
	items := spec.Typing.From
	if len(items) == 0 {
		items = spec.Items
	}
	return TypeKnown(ctx, s, spec.Name, Expand(items, study.Groups, s.Table()), o)
}

// variablesOf are the variables of items such as q1:ordinal.
func variablesOf(items []string) []string {
	out := make([]string, len(items))
	for k, item := range items {
		out[k], _, _ = strings.Cut(item, ":")
	}
	return out
}

// Expand puts a group's items in the place of its name, as Q:ordinal for
// GROUP:ordinal; a variable of that name goes before.
func Expand(items []string, groups []survey.ItemGroup, t *survey.Table) []string {
	var out []string
	for _, item := range items {
		name, measure, declared := strings.Cut(item, ":")
		k := slices.IndexFunc(groups, func(g survey.ItemGroup) bool { return g.Name == name })
		if k < 0 || t.Lookup(name) != nil {
			out = append(out, item)
			continue
		}
		for _, member := range groups[k].Items {
			if declared {
				member += ":" + measure
			}
			out = append(out, member)
		}
	}
	return out
}

// tried are the numbers of segments that the study asks for, and its seed.
func (s Spec) tried() (numbers []int, seed uint64) {
	numbers, _ = survey.ParseRange(s.Classes, MostSegments)
	if s.Seed == nil {
		return numbers, 1
	}
	return numbers, uint64(*s.Seed)
}

// note says by what the segments were found, and by which criterion if the study asks for
// a range.
func (s Spec) note(by, criterion string) string {
	chosen := "as the study asks"
	if numbers, _ := s.tried(); len(numbers) > 1 {
		chosen = criterion + " of " + s.Classes
	}
	return fmt.Sprintf("%s: segments found by %s (%s) of %d items, weighted", cmp.Or(s.Label, s.Name), by, chosen, len(s.Items))
}

func latentClasses(ctx context.Context, s *estimate.Sample, m *Method, spec Spec) (*Solution, error) {
	o := LatentClassOptions{Items: spec.Items, Starts: spec.Starts}
	o.Classes, o.Seed = spec.tried()
	r, err := fitClasses(ctx, s, o)
	if err != nil {
		return nil, err
	}
	found, f := r.solution(m), r.fits[r.best]
	found.Note = fmt.Sprintf("%s; log-likelihood %s, BIC %s, entropy R² %.2f, reached by %d of %d starts.",
		spec.note(fmt.Sprintf("a latent class model with %d classes", f.Classes()), "the lowest BIC"),
		tenths(f.LogLikelihood), tenths(f.BIC()), mixture.EntropyR2(f.Posterior(r.in), r.weights), f.Reached, f.Starts)
	return found, nil
}

func clustered(ctx context.Context, s *estimate.Sample, m *Method, spec Spec) (*Solution, error) {
	o := ClusterOptions{Method: m, Items: spec.Items, Starts: spec.Starts}
	o.Clusters, o.Seed = spec.tried()
	tried, found, err := Clusters(ctx, s, o)
	if err != nil {
		return nil, err
	}
	found.Note = spec.note(fmt.Sprintf("%s with %d clusters", m.Name, tried[0].Clusters), "the largest silhouette") +
		". Membership is taken as certain; intervals do not hold how it would differ in another sample."
	return found, nil
}

// tenths writes x with one decimal and commas between thousands.
func tenths(x float64) string {
	sign := ""
	if x < 0 {
		sign = "−"
	}
	whole, tenth, _ := strings.Cut(strconv.FormatFloat(math.Abs(x), 'f', 1, 64), ".")
	return sign + survey.Thousands(whole) + "." + tenth
}
