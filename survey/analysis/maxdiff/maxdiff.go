package maxdiff

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"surveykit/stats/choice"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
	"surveykit/survey/estimate"
)

// Options ask for an analysis.
type Options struct {
	Layout
	// Classes are the numbers of classes that are tried; 1 is the aggregate logit.
	// Required.
	Classes []int
	// Starts and Seed are those of the random starts.
	Starts int
	Seed   uint64
}

// Analysis is a fitted model with its figures.
type Analysis struct {
	Classes int `json:"classes"`
	// Chosen marks the model of the lowest BIC among those tried.
	Chosen        bool          `json:"chosen"`
	LogLikelihood survey.Figure `json:"log_likelihood"`
	AIC           survey.Figure `json:"aic"`
	BIC           survey.Figure `json:"bic"`
	// PseudoR2 is McFadden's, against all items being alike.
	PseudoR2   survey.Figure `json:"pseudo_r2"`
	Parameters int           `json:"parameters"`
	Persons    int           `json:"persons"`
	Tasks      int           `json:"tasks"`
	// Starts were tried, the best of them climbed on, and so many reached the top.
	Starts    int  `json:"starts"`
	Climbed   int  `json:"starts_climbed"`
	Reached   int  `json:"starts_reached"`
	Converged bool `json:"converged"`
	// NotEstimable are the items that always or never win against those that have a
	// utility: their own is not finite, and the model is that of the others alone.
	NotEstimable []string `json:"not_estimable,omitempty"`
	// Items describe everybody, Segments the classes; only of the chosen model.
	Items    []Item    `json:"items,omitempty"`
	Segments []Segment `json:"segments,omitempty"`
}

// Item is what everybody thinks of one item.
type Item struct {
	Item string `json:"item"`
	// Score is how much oftener it was the best than the worst, per time that it was
	// shown: (Σw best − Σw worst) / Σw shown, from −1 to 1.
	Score survey.Estimate `json:"score"`
	// Preference is the share who would choose it out of all items that have a
	// utility (0–1).
	Preference survey.Estimate `json:"preference"`
}

// Segment is a class of people.
type Segment struct {
	Name string          `json:"name"`
	Size survey.Estimate `json:"size"`
	// Utilities add to 0, Preferences to 1, in the order of the items; an item that
	// the segment, or everybody, always or never takes has no utility.
	Utilities   []survey.Estimate `json:"utilities"`
	Preferences []survey.Estimate `json:"preferences"`
}

// MaxDiff analyses best–worst choices. The model with the lowest BIC comes first
// and is described; the others follow in the order asked. Weights are those of
// the sample, rows outside its domain keep out. A person's tasks belong together:
// all errors are design-based with the person within the PSU, by the sandwich or
// the spread of fits under each replicate's weights. The solution assigns
// everybody to a class; it has no model file.
// The error is survey.Problems: unknown columns, choices that were not shown, items
// shown twice, a person with two weights, items that no task compares.
func MaxDiff(ctx context.Context, s *estimate.Sample, o Options) ([]Analysis, *segment.Solution, error) {
	if err := s.NeedsRows("the analysis of best–worst tasks"); err != nil {
		return nil, nil, err
	}
	in, err := read(s, o.Layout)
	if err != nil {
		return nil, nil, err
	}
	m := &measured{sample: s, in: in, weights: in.onPersons(s.Frame().ByRow.Weights), kept: choice.Estimable(in.tasks, len(in.items))}
	if len(m.kept) == 0 {
		return nil, nil, survey.Problems{{Message: "no utility can be estimated: there are no two items of which each is chosen over the other, directly or through other items", Remedy: "collect more choices, or count them: a table of best and worst choices needs no model"}}
	}
	m.tasks = choice.Among(in.tasks, m.kept)
	fits, err := choice.Fit(ctx, m.tasks, len(m.kept), m.weights, o.Classes, choice.Options{Starts: o.Starts, Seed: o.Seed})
	if err == choice.ErrNoChoices {
		return nil, nil, survey.Problems{{Message: "nobody chose between two or more items", Remedy: "check the columns, the weight and --where"}}
	}
	if err != nil {
		return nil, nil, err
	}
	best := 0
	for i, f := range fits {
		if f.BIC() < fits[best].BIC() {
			best = i
		}
	}
	chance := choice.Chance(m.tasks, len(m.kept), m.weights)
	out := []Analysis{summary(fits[best], in, chance)}
	for i, f := range fits {
		if i != best {
			out = append(out, summary(f, in, chance))
		}
	}
	if err := m.fit(ctx, fits[best]); err != nil {
		return nil, nil, err
	}
	if err := m.describe(ctx, &out[0]); err != nil {
		return nil, nil, err
	}
	return out, m.solution(out[0].Segments), nil
}

func summary(f *choice.Fitted, in *answers, chance float64) Analysis {
	return Analysis{
		Classes: f.Classes(), LogLikelihood: survey.FigureOf(f.LogLikelihood), AIC: survey.FigureOf(f.AIC()), BIC: survey.FigureOf(f.BIC()),
		PseudoR2: survey.FigureOf(f.PseudoR2(chance)), Parameters: f.Parameters(), Persons: f.Persons, Tasks: len(in.tasks),
		Starts: f.Starts, Climbed: f.Climbed, Reached: f.Reached, Converged: f.Converged,
	}
}

// describe fills in the figures of the chosen model.
func (m *measured) describe(ctx context.Context, a *Analysis) error {
	a.Chosen = true
	scores, err := m.scores(ctx)
	if err != nil {
		return err
	}
	for j, label := range m.in.labels {
		p := m.unknown()
		if at := slices.Index(m.kept, j); at >= 0 {
			p = m.record(true,
				func(x *choice.Influences) []float64 { return x.Overall(at) },
				func(f *choice.Model) float64 { return f.Overall()[at] })
		} else {
			a.NotEstimable = append(a.NotEstimable, label)
		}
		m.name(&p, "preference", j)
		a.Items = append(a.Items, Item{Item: label, Score: scores[j], Preference: p})
	}
	for k := range m.model.Shares {
		a.Segments = append(a.Segments, m.segment(k))
	}
	nameSegments(a)
	return nil
}

func (m *measured) segment(k int) Segment {
	g := Segment{Size: m.record(true,
		func(x *choice.Influences) []float64 { return x.Share(k) },
		func(f *choice.Model) float64 { return f.Shares[k] })}
	g.Size.Statistic = "segment"
	finite := m.finite(k)
	for j := range m.in.items {
		at := slices.Index(m.kept, j)
		u, p := m.unknown(), m.unknown()
		if slices.Contains(finite, at) {
			u = m.record(false,
				func(x *choice.Influences) []float64 {
					return centred(finite, at, func(l int) []float64 { return x.Utility(k, l) })
				},
				func(f *choice.Model) float64 { return f.Utilities[k][at] - mean(finite, f.Utilities[k]) })
		}
		if at >= 0 {
			p = m.record(true,
				func(x *choice.Influences) []float64 { return x.Preference(k, at) },
				func(f *choice.Model) float64 { return f.Preferences()[k][at] })
			if !slices.Contains(finite, at) {
				p.SE, p.Low, p.High, p.Interval = survey.Figure{}, survey.Figure{}, survey.Figure{}, ""
				p.Flags = append(p.Flags, survey.FlagNotEstimable)
			}
		}
		m.name(&u, "utility", j)
		m.name(&p, "preference", j)
		g.Utilities, g.Preferences = append(g.Utilities, u), append(g.Preferences, p)
	}
	return g
}

func (m *measured) name(r *survey.Estimate, statistic string, j int) {
	r.Statistic, r.Category, r.Code = statistic, m.in.labels[j], &m.in.items[j]
}

// nameSegments names each class by the item that it prefers furthest above everybody.
func nameSegments(a *Analysis) {
	for k := range a.Segments {
		g := &a.Segments[k]
		top := 0
		for j := range a.Items {
			lead := survey.FigureOf(g.Preferences[j].Value.Float() - a.Items[j].Preference.Value.Float())
			if best := survey.FigureOf(g.Preferences[top].Value.Float() - a.Items[top].Preference.Value.Float()); lead.Float() > best.Float() || !best.Exists() {
				top = j
			}
		}
		g.Name = a.Items[top].Item
		if len(a.Segments) == 1 {
			g.Name = "Everybody"
		}
		g.Size.Category = g.Name
	}
}

// scores are counts, one figure an item.
func (m *measured) scores(ctx context.Context) ([]survey.Estimate, error) {
	items := len(m.in.items)
	shown, net := make([][]float64, len(m.in.row)), make([][]float64, len(m.in.row))
	for p := range shown {
		shown[p], net[p] = make([]float64, items), make([]float64, items)
	}
	for _, t := range m.in.tasks {
		for _, j := range t.Shown {
			shown[t.Person][j]++
		}
		if t.Best != choice.None {
			net[t.Person][t.Best]++
		}
		if t.Worst != choice.None {
			net[t.Person][t.Worst]--
		}
	}
	counts, q := &survey.Table{Rows: len(m.in.rows)}, engine.Query{}
	column := func(name string, of [][]float64, j int) {
		v := &survey.Variable{Name: fmt.Sprintf("%s_%d", name, j), Kind: survey.Number, Numbers: survey.MissingNumbers(counts.Rows)}
		for p, i := range m.in.row {
			if shown[p][j] > 0 {
				v.Numbers.Set(i, of[p][j])
			}
		}
		counts.Variables, q.Numbers = append(counts.Variables, v), append(q.Numbers, engine.Answer{Column: v.Name})
	}
	for j := range items {
		column("shown", shown, j)
		column("net", net, j)
	}
	all, err := memory.New(counts).Totals(ctx, m.sample.Frame(), []engine.Query{q})
	if err != nil {
		return nil, err
	}
	totals := all[0]
	out := make([]survey.Estimate, items)
	for j := range out {
		out[j] = estimate.Blank(m.sample.Level())
		m.name(&out[j], "best_worst_score", j)
		ask := estimate.Ask{Function: estimate.Ratio.Function, Arguments: [][]int{{2*j + 1}, {2 * j}}}
		ask.Fill(&out[j], totals, m.peopleShown(j, shown))
	}
	return out, nil
}

// ByPreference are the places of the items, the most preferred first.
func (r Analysis) ByPreference() []int {
	order := make([]int, len(r.Items))
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(r.Items[b].Preference.Value.Float(), r.Items[a].Preference.Value.Float())
	})
	return order
}
