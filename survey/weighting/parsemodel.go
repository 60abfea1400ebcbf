package weighting

import (
	"errors"
	"path/filepath"
	"strconv"

	"surveykit/survey"
	"surveykit/survey/formula"
	"surveykit/survey/spec"
)

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func (r *reader) formula(at spec.Place, text string) {
	f, err := formula.Parse(text)
	if problems, ok := err.(survey.Problems); ok {
		for _, p := range problems {
			r.fail(at, p)
		}
		return
	}
	r.step.formulaAt = at
	if r.step.formula = f; f.Response != "" {
		r.fail(at, survey.Problem{Value: f.Response, Message: "the formula of a calibration has no response", Remedy: "write ~ terms"})
	}
}

// population reads column: total pairs, or a file that counts people by the
// variables of the formula.
func (r *reader) population(n *spec.Node) {
	entries := r.mapping(n, "population")
	if !isFile(entries) {
		for _, e := range entries {
			r.step.population = append(r.step.population, target{at: e.Key.At, names: []string{e.Key.Text}, total: r.number(e.Value, true)})
		}
		return
	}
	if r.step.formula == nil {
		return // a fault already
	}
	f, ok := r.populationFile(n.At, entries, r.step.formula.Variables())
	if f.others {
		r.fail(f.at, survey.Problem{Message: "others: keep belongs to margins and cells", Remedy: "remove it, or use method: rake"})
	}
	if ok {
		r.step.counts = f
	}
}

// vary keeps how the totals of the population vary together, where they are
// estimates; those with standard errors only were estimated apart.
func (r *reader) vary(n *spec.Node) {
	s := r.step
	put := func(a, b string, covariance float64) {
		if s.covariance == nil {
			s.covariance = map[string]map[string]float64{}
		}
		for _, pair := range [][2]string{{a, b}, {b, a}} {
			if s.covariance[pair[0]] == nil {
				s.covariance[pair[0]] = map[string]float64{}
			}
			s.covariance[pair[0]][pair[1]] = covariance
		}
	}
	if all := n.Find("covariance"); all != nil {
		for _, row := range all.Value.Entries {
			for _, e := range row.Value.Entries {
				put(row.Key.Text, e.Key.Text, e.Value.Float())
			}
		}
	}
	if all := n.Find("standard_errors"); all != nil {
		for _, e := range all.Value.Entries {
			put(e.Key.Text, e.Key.Text, e.Value.Float()*e.Value.Float())
		}
	}
}

// reference reads another survey.
func (r *reader) reference(n *spec.Node, w ReferenceSpec) {
	ref := &reference{at: n.At, path: w.File, design: survey.Design{Weight: w.Weight, Strata: w.Strata, Replicates: w.Replicates}}
	if w.PSU != "" {
		ref.design.PSU = []string{w.PSU}
	}
	if w.File != "" {
		ref.table = r.openFile(n.Find("file").Value)
	}
	if d := ref.design; d.Replicates != nil && (d.Strata != "" || len(d.PSU) > 0) {
		r.fail(ref.at, survey.Problem{Message: "the reference has both replicates and strata or psu", Remedy: "keep the replicates: they contain the design"})
	}
	r.step.reference = ref
}

// openFile reads a data file beside the spec; nil where that fails.
func (r *reader) openFile(n *spec.Node) *survey.Table {
	path := filepath.FromSlash(n.Text)
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(r.file), path)
	}
	t, err := r.open(path)
	if problems, ok := err.(survey.Problems); ok {
		r.failFile(n.At, problems)
		return nil
	}
	if err != nil {
		p := survey.Problem{Message: "the file cannot be read: " + err.Error()}
		errors.As(err, &p)
		p.Value = n.Text
		r.fail(n.At, p)
		return nil
	}
	r.spec.inputs = append(r.spec.inputs, t.Sources...)
	return t
}
