package weighting

import (
	"errors"
	"path/filepath"
	"strconv"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/formula"
	"surveykit/survey/spec"
)

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func (r *reader) formula(n *spec.Node) {
	f, err := formula.Parse(r.scalar(n))
	if problems, ok := err.(survey.Problems); ok {
		for _, p := range problems {
			r.fail(n.At, p)
		}
		return
	}
	r.step.formulaAt = n.At
	if r.step.formula = f; f.Response != "" {
		r.fail(n.At, survey.Problem{Value: f.Response, Message: "the formula of a calibration has no response", Remedy: "write ~ terms"})
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
		r.fail(f.at, survey.Problem{Message: "others: keep belongs to margins and cells", Remedy: "take it out, or use method: rake"})
	}
	if ok {
		r.step.counts = f
	}
}

// covariance reads how the totals of the population vary together, where they
// are estimates: column: {column: covariance}, each pair in one place.
func (r *reader) covariance(n *spec.Node) {
	for _, row := range r.mapping(n, "covariance") {
		for _, e := range r.mapping(row.Value, row.Key.Text) {
			r.vary(row.Key.Text, e.Key.Text, r.number(e.Value, true))
		}
	}
}

// standardErrors reads those of totals that were estimated apart.
func (r *reader) standardErrors(n *spec.Node) {
	for _, e := range r.mapping(n, "standard_errors") {
		se := r.number(e.Value, false)
		r.vary(e.Key.Text, e.Key.Text, se*se)
	}
}

func (r *reader) vary(a, b string, covariance float64) {
	s := r.step
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

// reference reads another survey: its file and its design.
func (r *reader) reference(n *spec.Node) {
	ref := &reference{at: n.At}
	for _, e := range r.mapping(n, "reference") {
		switch e.Key.Text {
		case "file":
			ref.path = r.scalar(e.Value)
			ref.table = r.openFile(e.Value)
		case "weight":
			ref.design.Weight = r.scalar(e.Value)
		case "strata":
			ref.design.Strata = r.scalar(e.Value)
		case "psu":
			ref.design.PSU = []string{r.scalar(e.Value)}
		case "replicates":
			ref.design.Replicates = r.replicates(e.Value)
		default:
			p := survey.UnknownName("key", e.Key.Text, []string{"file", "weight", "strata", "psu", "replicates"})
			p.Remedy = "a reference has file, weight, strata, psu and replicates"
			r.fail(e.Key.At, p)
		}
	}
	if ref.path == "" {
		r.fail(ref.at, survey.Problem{Message: "the reference has no file", Remedy: "add file: with the path of the survey"})
	}
	if d := ref.design; d.Replicates != nil && (d.Strata != "" || len(d.PSU) > 0) {
		r.fail(ref.at, survey.Problem{Message: "the reference has both replicates and strata or psu", Remedy: "keep the replicates: they hold the design"})
	}
	r.step.reference = ref
}

// replicates reads the replicate weights of a reference survey.
func (r *reader) replicates(n *spec.Node) *survey.ReplicateSpec {
	out := &survey.ReplicateSpec{}
	for _, e := range r.mapping(n, "replicates") {
		switch e.Key.Text {
		case "columns":
			out.Columns = r.scalar(e.Value)
		case "type":
			out.Type = r.choice(e.Value, "type of replicate weights", "brr", "fay", "jk1", "jkn", "bootstrap", "sdr", "other")
		case "scale":
			scale := r.number(e.Value, false)
			out.Scale = &scale
		case "rscales":
			for _, item := range r.list(e.Value, "rscales") {
				out.RScales = append(out.RScales, r.number(item, false))
			}
		case "combined":
			combined := r.choice(e.Value, "way to give replicates", "true", "false") == "true"
			out.Combined = &combined
		case "fay_rho":
			out.FayRho = r.number(e.Value, false)
		case "mse":
			out.MSE = r.choice(e.Value, "way to centre", "true", "false") == "true"
		default:
			p := survey.UnknownName("key", e.Key.Text, []string{"columns", "type", "scale", "rscales", "fay_rho", "combined", "mse"})
			p.Remedy = "replicates have columns, type, scale, rscales, fay_rho, combined and mse"
			r.fail(e.Key.At, p)
		}
	}
	if out.Columns == "" || out.Type == "" {
		r.fail(n.At, survey.Problem{Message: "the replicates need columns and type", Remedy: "write replicates: {columns: 'rep*', type: jk1}"})
	}
	return out
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

func (r *reader) distance(n *spec.Node) {
	r.step.distance.Kind = stats.DistanceKind(r.choice(n, "distance", string(stats.DistanceLinear), string(stats.DistanceRaking), string(stats.DistanceLogit)))
}

func (r *reader) bounds(n *spec.Node) {
	var b []float64
	for _, item := range r.list(n, "bounds") {
		b = append(b, r.number(item, true))
	}
	if len(b) != 2 || b[0] >= 1 || b[1] <= 1 {
		r.fail(n.At, survey.Problem{Message: "the bounds are not two numbers around 1", Remedy: "they bound the calibrated over the old weight, such as [0.5, 1.8]"})
		return
	}
	r.step.distance.Lower, r.step.distance.Upper = b[0], b[1]
}
