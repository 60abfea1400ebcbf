package weighting

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// The ways in which a model of who takes part has no propensities.
var (
	errSeparated = errors.New("the formula separates those who took part from the others completely, so no propensity can be estimated; leave out the term that separates them")
	errNobody    = errors.New("the formula has a group in which nobody took part, so nobody can represent it; leave out its term, or combine categories in a recode")
	errUnsettled = errors.New("the fit of the propensities did not converge; use a formula with fewer terms")
)

// nonresponse binds the rows that responded and what their weights take over.
func (p *plan) nonresponse() {
	responded := p.responded()
	if responded == nil {
		return
	}
	if p.formula == nil {
		p.fit = p.responseClasses(responded)
		return
	}
	m := p.model()
	if m == nil {
		return
	}
	inverse := &responseModel{m.X, responded}
	fit, err := inverse.fit(p.base)
	var because string
	if fit.Separated != nil {
		because = strings.Join(m.Patterns(fit, inverse.outcomes(), func(y float64) string {
			if y == 1 {
				return "responded"
			}
			return "did not respond"
		}), "; ")
	}
	switch {
	case err != nil && because != "":
		p.specProblem(p.formulaAt, survey.Problem{Message: err.Error() + ": " + because + p.of()})
	case err != nil:
		p.specProblem(p.formulaAt, survey.Problem{Message: err.Error() + p.of()})
	case because != "":
		p.warnings.Note(survey.NoticeUnmatched, nil, "%s%s: their propensity to respond is set to 1, so they represent only themselves", because, p.of())
	}
	if p.adjust == quintiles {
		f := &classFit{responded: inverse.responded}
		f.class, f.names = fifths(fit.Means(), p.base)
		p.checkClasses(f)
		p.fit = f
		return
	}
	p.fit = inverse
}

// responded evaluates the condition; nil where it cannot be.
func (p *plan) responded() []bool {
	e, err := expression.Compile(p.respondents.text, p.table)
	if problems, ok := err.(survey.Problems); ok {
		for _, f := range problems {
			p.specProblem(p.respondents.at, f)
		}
		return nil
	}
	holds, valid := e.Truth()
	rows, unknown, first := 0, 0, 0
	for i, w := range p.base {
		switch {
		case w == 0:
		case !valid[i]:
			if unknown == 0 {
				first = i + 1
			}
			unknown += p.rows(i)
		case holds[i]:
			rows++
		}
	}
	switch {
	case unknown > 0:
		p.dataProblem(survey.Problem{Row: first, Message: "it is not known whether the row responded: a variable of " + p.respondents.text + " has no value" + more(unknown), Remedy: "fill it in, or give these rows a weight of zero"})
		return nil
	case rows == 0:
		p.specProblem(p.respondents.at, survey.Problem{Value: p.respondents.text, Message: "no row with a weight responded" + p.of(), Remedy: "check the condition"})
		return nil
	}
	return holds
}

// classFit gives the weights of each class to those in it who responded.
type classFit struct {
	class     []int32 // of each row, -1 for none
	names     []string
	responded []bool
}

// responseClasses are the categories of the step's variables.
func (p *plan) responseClasses(responded []bool) fit {
	f := &classFit{class: make([]int32, p.table.Rows), responded: responded}
	labels := [][]string{nil}
	for _, name := range p.classes {
		v := p.variable(name.at, name.text)
		if v == nil {
			continue
		}
		c := survey.Classify(v)
		if len(labels)*len(c.Values) > mostClasses {
			p.specProblem(name.at, survey.Problem{Variable: name.text, Message: fmt.Sprintf("this makes more than %d classes", mostClasses), Remedy: "use fewer variables, or recode them to fewer categories"})
			break
		}
		all := make([]int32, len(c.Values))
		for k := range all {
			all[k] = int32(k)
		}
		var next [][]string
		for _, l := range labels {
			for _, label := range c.Labels {
				next = append(next, append(l[:len(l):len(l)], label))
			}
		}
		labels = next
		for i, k := range p.index(v, c, all) {
			if f.class[i] = f.class[i]*int32(len(all)) + k; k < 0 {
				f.class[i] = -1
			}
		}
	}
	for _, l := range labels {
		f.names = append(f.names, target{names: l}.name())
	}
	p.checkClasses(f)
	return f
}

const (
	// mostClasses bounds a crossing: a respondent's number is not a class.
	mostClasses = 10_000
	// thinRows are too few to represent others: Kalton & Flores-Cervantes 2003,
	// section 3, and common practice ask for 20 to 50.
	thinRows = 30
	// largeFactor is what a class's weights may be multiplied by without a warning.
	largeFactor = 3
)

// checkClasses reports classes in which nobody responded, and warns of thin ones.
func (p *plan) checkClasses(f *classFit) {
	if len(p.problems) > 0 {
		return
	}
	all, answered := f.sums(p.base)
	rows, responded := make([]int, len(all)), make([]int, len(all))
	for i, c := range f.class {
		if c >= 0 && p.base[i] > 0 {
			rows[c] += p.rows(i)
			if f.responded[i] {
				responded[c] += p.rows(i)
			}
		}
	}
	for c, name := range f.names {
		switch {
		case rows[c] == 0:
		case responded[c] == 0:
			p.specProblem(p.at, survey.Problem{Value: name, Message: fmt.Sprintf("nobody responded in this class of %s rows%s", survey.FormatCount(rows[c]), p.of()), Remedy: "combine it with another class"})
		case responded[c] < thinRows || all[c] > largeFactor*answered[c]:
			p.warnings.Note(survey.NoticeLargeFactor, nil, "the class %s%s has %s respondents for %s rows: its weights are multiplied by %.3g; combine it with another class if this is too much", name, p.of(), survey.FormatCount(responded[c]), survey.FormatCount(rows[c]), all[c]/answered[c])
		}
	}
}

// sums are the weights of each class, and of those in it who responded.
func (f *classFit) sums(d []float64) (all, answered []float64) {
	all, answered = make([]float64, len(f.names)), make([]float64, len(f.names))
	for i, c := range f.class {
		if c >= 0 {
			all[c] += d[i]
			if f.responded[i] {
				answered[c] += d[i]
			}
		}
	}
	return all, answered
}

func (f *classFit) factors(d []float64) (stats.Calibration, error) {
	all, answered := f.sums(d)
	g := make([]float64, len(d))
	for i, c := range f.class {
		switch {
		case c < 0 || d[i] == 0:
			g[i] = 1
		case answered[c] == 0:
			return stats.Calibration{}, fmt.Errorf("nobody responded in the class %s", f.names[c])
		case f.responded[i]:
			g[i] = all[c] / answered[c]
		}
	}
	return stats.Calibration{G: g, Iterations: 1}, nil
}

func (f *classFit) columns() (*stats.Sparse, []fitted) { return nil, nil }

func (f *classFit) residuals(d, w []float64) engine.Residualizer { return &classResiduals{f, d, w} }

// classResiduals are the influences of a sample whose classes responded in part.
type classResiduals struct {
	*classFit
	d, w []float64
}

// Apply adds (d_i − w_i) ȳ_c, ȳ_c the mean of u/w over the class's respondents: what
// one more row would do to the factor of its class.
// Source: Särndal & Lundström 2005, section 11.3, for response groups.
func (r *classResiduals) Apply(u []float64) []float64 {
	sum, weight := make([]float64, len(r.names)), make([]float64, len(r.names))
	for i, c := range r.class {
		if c >= 0 && r.responded[i] {
			sum[c] += u[i]
			weight[c] += r.w[i]
		}
	}
	for i, c := range r.class {
		if c >= 0 && weight[c] > 0 {
			u[i] += (r.d[i] - r.w[i]) * sum[c] / weight[c]
		}
	}
	return nil
}

// responseModel divides weights by the propensity to respond.
type responseModel struct {
	x         *stats.Sparse
	responded []bool
}

// outcomes are 1 for those who responded.
func (f *responseModel) outcomes() []float64 {
	y := make([]float64, len(f.responded))
	for i, r := range f.responded {
		if r {
			y[i] = 1
		}
	}
	return y
}

// fit is the logit model with weights d.
func (f *responseModel) fit(d []float64) (*stats.Fit, error) {
	return fitLogit(f.x, f.outcomes(), d)
}

// fitLogit fits who takes part, y = 1. Rows of a kind in which everybody took part
// have the propensity 1, the limit of the likelihood; rows of a kind in which nobody
// took part have none, and are an error.
func fitLogit(x *stats.Sparse, y, d []float64) (*stats.Fit, error) {
	rows, sum := sumOf(d)
	scaled := make([]float64, len(d))
	stats.AddScaled(scaled, float64(rows)/sum, d)
	m := stats.Binomial.Fit(x, y, scaled, nil)
	if !m.Converged {
		return m, errUnsettled
	}
	if m.Separated == nil {
		return m, nil
	}
	separated, nobody := 0, false
	for i, is := range m.Separated {
		if is {
			separated++
			nobody = nobody || y[i] == 0
		}
	}
	switch {
	case nobody && separated == rows:
		return m, errSeparated
	case nobody:
		return m, errNobody
	}
	return m, nil
}

func (f *responseModel) factors(d []float64) (stats.Calibration, error) {
	fit, err := f.fit(d)
	if err != nil {
		return stats.Calibration{}, err
	}
	p, g := fit.Means(), make([]float64, len(d))
	for i, r := range f.responded {
		switch {
		case d[i] == 0:
			g[i] = 1
		case r:
			g[i] = 1 / p[i]
		}
	}
	return stats.Calibration{G: g, Iterations: fit.Iterations}, nil
}

func (f *responseModel) columns() (*stats.Sparse, []fitted) { return nil, nil }

func (f *responseModel) residuals(d, _ []float64) engine.Residualizer {
	return &responseResiduals{f, d}
}

// responseResiduals are the influences of weights over estimated propensities.
type responseResiduals struct {
	*responseModel
	d []float64
}

// Apply takes out d_i (r_i − p_i) x_i'γ, γ = (Σ d p(1−p) x x')⁻¹ Σ u (1−p) x: an
// estimated propensity takes up what a known one would leave to chance.
// Source: Kim & Kim 2007, section 3.
func (r *responseResiduals) Apply(u []float64) []float64 {
	fit, err := r.fit(r.d)
	if err != nil {
		return nil // the same fit has made the weights
	}
	p := fit.Means()
	information, score := make([]float64, len(u)), make([]float64, len(u))
	for i := range u {
		information[i] = r.d[i] * p[i] * (1 - p[i])
		score[i] = u[i] * (1 - p[i])
	}
	along := r.x.Times(stats.NewCholesky(r.x.Gram(information)).Solve(r.x.Totals(score)))
	for i, responded := range r.responded {
		y := 0.0
		if responded {
			y = 1
		}
		u[i] -= r.d[i] * (y - p[i]) * along[i]
	}
	return nil
}

// fifths sorts the rows with a weight into five classes of as many rows each, by
// rising propensity; equal propensities stay together.
func fifths(propensity, d []float64) (class []int32, names []string) {
	var sorted []float64
	for i, w := range d {
		if w > 0 {
			sorted = append(sorted, propensity[i])
		}
	}
	slices.Sort(sorted)
	class = make([]int32, len(d))
	for i, w := range d {
		class[i] = -1
		if w > 0 {
			below, _ := slices.BinarySearch(sorted, propensity[i])
			class[i] = int32(5 * below / len(sorted))
		}
	}
	return class, []string{"propensity class 1 of 5", "propensity class 2 of 5", "propensity class 3 of 5", "propensity class 4 of 5", "propensity class 5 of 5"}
}
