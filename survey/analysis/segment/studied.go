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
	"surveykit/survey/prepare"
)

// Found are the segments of a request once they are found.
type Found struct {
	Asked    Spec
	Solution *Solution
	// items are those of the request, the items of groups among them.
	items []string
}

// Make finds the segments; their notes say how.
func (s Spec) Make(ctx context.Context, sample *estimate.Sample, study *survey.Study) (prepare.Made, error) {
	method, problem := s.method()
	if problem != nil {
		return nil, survey.Problems{*problem}
	}
	spec := s
	spec.Items = Expand(s.Items, study.Groups, sample.Table())
	found, err := method.find(ctx, sample, method, spec)
	if err != nil {
		return nil, err
	}
	if len(s.Names) > 0 {
		found.rename(s.Names)
	}
	return Found{s, found, spec.Items}, nil
}

// Variables are the segments' variable, after the probabilities where membership is uncertain.
func (f Found) Variables() []*survey.Variable {
	made := append(f.Solution.Probabilities(f.Asked.Name), f.Solution.Variable(f.Asked.Name, f.Asked.Label))
	for _, v := range made {
		for _, item := range f.items {
			name, _, _ := strings.Cut(item, ":")
			v.MadeOf = append(v.MadeOf, name)
		}
	}
	return made
}

// rename gives the segments other names, in the model that assigns people, too.
func (s *Solution) rename(names []string) {
	s.Names = names
	if s.Model != nil {
		m := *s.Model
		m.Names, s.Model = names, &m
	}
}

// TypeStudied makes the typing tools that a study asks for, nil for models that are
// not segments and for segments without one: of a latent class model as Type does, of other segments and of
// items from elsewhere as TypeKnown. The sample's table and what is made of all models are
// those of prepare.Make. The error is survey.Faults of all tools.
func TypeStudied(ctx context.Context, s *estimate.Sample, study *survey.Study, all []prepare.Made) ([]*Typing, error) {
	out := make([]*Typing, len(all))
	var faults survey.Faults
	for k, made := range all {
		found, ok := made.(Found)
		if !ok || found.Asked.Typing == nil {
			continue
		}
		var err error
		out[k], err = typed(ctx, s, study, found)
		if many, ok := err.(survey.Problems); ok {
			for _, p := range many {
				p.Message = "typing tool of the segments " + found.Asked.Name + ": " + p.Message
				faults = append(faults, survey.Fault{Path: study.ModelPath(k) + ".typing", Problem: p})
			}
		} else if err != nil {
			return nil, err
		}
	}
	return out, faults.Err()
}

func typed(ctx context.Context, s *estimate.Sample, study *survey.Study, found Found) (*Typing, error) {
	spec, m := found.Asked, found.Solution.Model
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
