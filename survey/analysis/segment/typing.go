package segment

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// TypingOptions say how short a typing tool is to be.
type TypingOptions struct {
	// Items is the number of items wanted; 0 takes the fewest that reach Accuracy.
	Items int
	// Accuracy is the share of people, 0–1, that the tool must put into the segment
	// in which all items put them. Default DefaultAccuracy.
	Accuracy float64
}

// NoticeTyping is a typing tool that misses its aim.
const NoticeTyping survey.NoticeCode = "typing"

// DefaultAccuracy is the accuracy of a typing tool that nothing else is asked of.
const DefaultAccuracy = 0.9

// Typing is a short questionnaire that puts people into known segments.
type Typing struct {
	// Items are asked, in the model's order.
	Items []string `json:"items"`
	// Reached is false where no number of items came to the accuracy wanted.
	Reached bool `json:"reached"`
	// Folds are the parts of the sample, each of whole PSUs, that were left out in
	// turn: a person is judged by items chosen without their PSU and, where segments
	// are known from elsewhere, by parameters found without it.
	Folds int `json:"folds"`
	// Accuracy is the share of people who are put into their own segment.
	Accuracy survey.Estimate `json:"accuracy"`
	Segments []Typed         `json:"segments"`
	// Steps are the best sets of 1, 2 … items.
	Steps []TypingStep `json:"steps"`
	// Model assigns people by the items alone.
	Model *Model `json:"-"`
}

// Typed says how well the people of one segment are found.
type Typed struct {
	Name string `json:"name"`
	// Accuracy is the share of the segment's people who are put into it.
	Accuracy survey.Estimate `json:"accuracy"`
	// Into is the share of its people that is put into each segment: a row of the
	// confusion table.
	Into []survey.Figure `json:"typed_into"`
}

// TypingStep is the best set of a number of items.
type TypingStep struct {
	Items    []string      `json:"items"`
	Accuracy survey.Figure `json:"accuracy"`
}

// mostFolds of a cross-validation.
const mostFolds = 10

// typing is a typing tool in the making.
type typing struct {
	sample *estimate.Sample
	items  []ModelItem
	in     []mixture.Item
	// weights are 0 for rows that keep out; class is each row's own segment.
	weights []float64
	class   []int32
	names   []string
	// train makes the model under some weights.
	train func(weights []float64) (*mixture.Model, error)
	fold  []int32
	folds int
}

// Type finds the fewest items that put people into the segments in which all
// items of a model put them. Items are chosen by shortest; because items
// are independent within a class, the tool's model is the model itself with the
// other items left out, no refit is needed. The model says what the segments
// are, so with all items accuracy is 1. Accuracy comes from leaving out tenths of
// the PSUs in turn: items are chosen without the people that they are tried on.
// Its interval is design-based. Rows without weight or without any answer keep
// out. The error is survey.Problems.
func Type(ctx context.Context, s *estimate.Sample, m *Model, o TypingOptions) (*Typing, error) {
	if err := s.NeedsRows("a typing tool"); err != nil {
		return nil, err
	}
	if m.LatentClass == nil {
		return nil, survey.Problems{{Value: m.Method, Message: "a model of this method gives no probabilities from a part of its items", Remedy: "assign the people, then make the tool from their segment variable (--segment)"}}
	}
	all, err := m.Assign(s.Table())
	if err != nil {
		return nil, err
	}
	t := typing{sample: s, items: m.Items, class: all.Member, names: m.Names}
	if t.in, err = m.observe(s.Table()); err != nil {
		return nil, err
	}
	t.weights = t.counted()
	t.train = func([]float64) (*mixture.Model, error) { return m.LatentClass, nil }
	out, chosen, err := t.search(ctx, o)
	if err != nil {
		return nil, err
	}
	out.Model = m.Restrict(chosen)
	return out, nil
}

// Restrict is the model with some of its items, by their places: the posterior
// of people who answer only these.
func (m *Model) Restrict(items []int) *Model {
	r := *m
	part := *m.LatentClass
	r.Items, part.Items = nil, nil
	for _, j := range items {
		r.Items = append(r.Items, m.Items[j])
		part.Items = append(part.Items, m.LatentClass.Items[j])
	}
	r.LatentClass = &part
	return &r
}

// counted are the weights of the rows of the sample's domain that have a segment.
func (t *typing) counted() []float64 {
	out := make([]float64, t.sample.Table().Rows)
	for i, in := range t.sample.Rows() {
		if in && t.class[i] >= 0 {
			out[i] = t.sample.Frame().ByRow.Weights[i]
		}
	}
	return out
}

// search chooses the items and measures the tool; chosen are their places in
// the model's order.
func (t *typing) search(ctx context.Context, o TypingOptions) (out *Typing, chosen []int, err error) {
	if err := t.divide(o); err != nil {
		return nil, nil, err
	}
	l := t.lots()
	e, err := t.evidence(l)
	if err != nil {
		return nil, nil, err
	}
	wanted := cmp.Or(o.Accuracy, DefaultAccuracy)
	steps, err := shortest(ctx, e, func(s shortStep) bool {
		return len(s.Items) == o.Items || o.Items == 0 && s.Accuracy >= wanted
	})
	if err != nil {
		return nil, nil, err
	}
	last := steps[len(steps)-1]
	reached := o.Items > 0 || last.Accuracy >= wanted
	if !reached {
		last = slices.MaxFunc(steps, func(a, b shortStep) int { return cmp.Compare(a.Accuracy, b.Accuracy) })
	}
	chosen = slices.Sorted(slices.Values(last.Items))
	last.Typed = l.spread(last.Typed)
	return t.report(steps, last, chosen, reached), chosen, nil
}

// divide deals the PSUs out to folds, stratum by stratum in the order of the
// data; where the design has none, as with replicate weights, the rows.
func (t *typing) divide(o TypingOptions) error {
	f := t.sample.Frame()
	if o.Items > len(t.items) {
		return survey.Problems{{Value: fmt.Sprint(o.Items), Message: fmt.Sprintf("items are requested, but the model has only %d", len(t.items)), Remedy: "ask for fewer"}}
	}
	var psus [][2]int32
	seen := map[[2]int32]bool{}
	key := func(i int) [2]int32 {
		if f.Replicates != nil {
			return [2]int32{0, int32(i)}
		}
		return [2]int32{f.ByRow.Stratum[i], f.ByRow.PSU[i]}
	}
	for i, w := range t.weights {
		if k := key(i); w > 0 && !seen[k] {
			seen[k] = true
			psus = append(psus, k)
		}
	}
	if len(psus) < 2 {
		return survey.Problems{{Message: fmt.Sprintf("the accuracy of a typing tool needs two PSUs with segments, but there are %d", len(psus)), Remedy: "check the items, the weight, the PSU and --where"}}
	}
	slices.SortStableFunc(psus, func(a, b [2]int32) int { return int(a[0]) - int(b[0]) })
	t.folds = min(mostFolds, len(psus))
	place := make(map[[2]int32]int32, len(psus))
	for n, k := range psus {
		place[k] = int32(n % t.folds)
	}
	t.fold = make([]int32, len(t.weights))
	for i := range t.fold {
		t.fold[i] = place[key(i)]
	}
	return nil
}

// evidence is that of each lot by the model that was made without its fold.
func (t *typing) evidence(l *lots) (foldEvidence, error) {
	k := len(t.names)
	e := foldEvidence{Classes: k, Class: l.class, Weight: l.weight, Fold: l.fold, Folds: t.folds,
		Prior: make([]float64, len(l.weight)*k), Item: make([][]float64, len(l.in))}
	for j := range e.Item {
		e.Item[j] = make([]float64, len(e.Prior))
	}
	for fold := range t.folds {
		m, err := t.train(t.without(int32(fold)))
		if err == mixture.ErrNoRows {
			return e, survey.Problems{{Message: "all answers are in a tenth of the PSUs", Remedy: "check the weight and the PSU"}}
		}
		if err != nil {
			return e, err
		}
		l.enter(e, m, int32(fold))
	}
	return e, nil
}

// without are the weights with those of a fold at 0.
func (t *typing) without(fold int32) []float64 {
	w := slices.Clone(t.weights)
	for i, f := range t.fold {
		if f == fold {
			w[i] = 0
		}
	}
	return w
}

// lots are rows of one segment and one fold with the same answers: no set of
// items tells them apart, so that they are searched as one row of all their
// weight.
type lots struct {
	in          []mixture.Item
	class, fold []int32
	weight      []float64
	// of is the lot of each row.
	of []int32
}

func (t *typing) lots() *lots {
	l := &lots{in: make([]mixture.Item, len(t.in)), of: make([]int32, len(t.weights))}
	for j, x := range t.in {
		l.in[j] = mixture.Item{Categories: x.Categories, Ordinal: x.Ordinal}
	}
	known := map[string]int32{}
	var key []byte
	for i := range l.of {
		key = t.alike(i, key[:0])
		lot, ok := known[string(key)]
		if !ok {
			lot = int32(len(l.weight))
			known[string(key)] = lot
			l.open(t, i)
		}
		l.of[i] = lot
		l.weight[lot] += t.weights[i]
	}
	return l
}

// alike is the same for two rows of one lot.
func (t *typing) alike(i int, key []byte) []byte {
	key = binary.LittleEndian.AppendUint32(key, uint32(t.class[i]))
	key = binary.LittleEndian.AppendUint32(key, uint32(t.fold[i]))
	for _, x := range t.in {
		if x.Categories > 0 {
			key = binary.LittleEndian.AppendUint32(key, uint32(x.Code[i]))
		} else {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(x.Value[i]))
		}
	}
	return key
}

// open begins a lot with a row, its weight still to come.
func (l *lots) open(t *typing, i int) {
	l.class, l.fold, l.weight = append(l.class, t.class[i]), append(l.fold, t.fold[i]), append(l.weight, 0)
	for j, x := range t.in {
		if x.Categories > 0 {
			l.in[j].Code = append(l.in[j].Code, x.Code[i])
		} else {
			l.in[j].Value = append(l.in[j].Value, x.Value[i])
		}
	}
}

// enter writes what a model says of the lots of a fold.
func (l *lots) enter(e foldEvidence, m *mixture.Model, fold int32) {
	k := e.Classes
	for j, item := range l.in {
		said := m.Evidence(j, item)
		for i, f := range l.fold {
			if f == fold {
				copy(e.Item[j][i*k:(i+1)*k], said[i*k:(i+1)*k])
			}
		}
	}
	for i, f := range l.fold {
		for c, share := range m.Shares {
			if f == fold {
				e.Prior[i*k+c] = math.Log(share)
			}
		}
	}
}

// spread gives every row what its lot has.
func (l *lots) spread(of []int32) []int32 {
	out := make([]int32, len(l.of))
	for i, lot := range l.of {
		out[i] = of[lot]
	}
	return out
}

// report measures a chosen step.
func (t *typing) report(steps []shortStep, step shortStep, chosen []int, reached bool) *Typing {
	out := &Typing{Items: t.variables(chosen), Reached: reached, Folds: t.folds}
	for _, s := range steps {
		out.Steps = append(out.Steps, TypingStep{Items: t.variables(s.Items), Accuracy: survey.FigureOf(s.Accuracy)})
	}
	right := func(i int) bool { return step.Typed[i] == t.class[i] }
	out.Accuracy = t.share(func(i int) bool { return true }, right)
	out.Accuracy.Statistic = "accuracy"
	for k, name := range t.names {
		own := func(i int) bool { return t.class[i] == int32(k) }
		g := Typed{Name: name, Accuracy: t.share(own, right)}
		g.Accuracy.Statistic, g.Accuracy.Category = "accuracy", name
		for l := range t.names {
			into := func(i int) bool { return step.Typed[i] == int32(l) }
			g.Into = append(g.Into, survey.FigureOf(ratio(t.weights, own, into)))
		}
		out.Segments = append(out.Segments, g)
	}
	return out
}

func (t *typing) variables(places []int) []string {
	out := make([]string, len(places))
	for n, j := range places {
		out[n] = t.items[j].Variable
	}
	return out
}

// share is the record of a proportion of the people with a segment among those
// who belong.
func (t *typing) share(belongs, holds func(row int) bool) survey.Estimate {
	counts := func(i int) bool { return t.weights[i] > 0 && belongs(i) }
	base := t.sample.Base(counts)
	p := ratio(t.weights, counts, holds)
	if reps := t.sample.Frame().ByRow.Replicates; reps != nil {
		theta := make([]float64, len(reps))
		for r, w := range reps {
			theta[r] = ratio(w, counts, holds)
		}
		return t.sample.Influenced(base, true, p, theta)
	}
	u := make([]float64, len(t.weights))
	for i, w := range t.weights {
		switch {
		case !counts(i):
		case holds(i):
			u[i] = w * (1 - p) / base.NWeighted
		default:
			u[i] = -w * p / base.NWeighted
		}
	}
	return t.sample.Influenced(base, true, p, u)
}

// ratio is Σ w of those who belong and for whom it holds over Σ w of those who belong.
func ratio(weights []float64, belongs, holds func(row int) bool) float64 {
	var part, all float64
	for i, w := range weights {
		if belongs(i) {
			all += w
			if holds(i) {
				part += w
			}
		}
	}
	return part / all
}
