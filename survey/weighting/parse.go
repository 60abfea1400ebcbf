package weighting

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"path/filepath"

	"surveykit/survey/formula"

	_ "embed"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/spec"
)

// File is a weighting spec as people write it: the keys of one step, or steps.
type File struct {
	// Steps are done one after the other, each from the weights of the one before.
	Steps    []StepSpec `yaml:"steps,omitempty" jsonschema:"minItems=1"`
	StepSpec `yaml:",inline"`
}

// StepSpec is one way of weighting.
type StepSpec struct {
	// Method of weighting.
	Method Method `yaml:"method,omitempty" jsonschema:"enum=rake,enum=poststratify,enum=calibrate,enum=trim,enum=nonresponse,enum=propensity"`
	// Within is a variable whose groups are weighted each on its own.
	Within string `yaml:"within,omitempty"`
	// Scale is what the weights shall add to: n, population or a total above zero.
	Scale string `yaml:"scale,omitempty"`

	// Margins give for a variable, or several joined by *, each category its total, its share or keep; or a file with the totals.
	Margins *spec.Node `yaml:"margins,omitempty"`
	// Normalize takes shares that miss 1 by rounding.
	Normalize bool `yaml:"normalize,omitempty"`

	// Cells are a list of variable: category pairs, each with its total, or one entry as under margins.
	Cells *spec.Node `yaml:"cells,omitempty"`
	// Others: keep leaves the cells without a total the share that they have.
	Others string `yaml:"others,omitempty" jsonschema:"enum=keep"`

	// Formula of the model, such as ~ gender + age.
	Formula string `yaml:"formula,omitempty"`
	// Population gives the total of each column of the model, or a file that counts people.
	Population *spec.Node `yaml:"population,omitempty"`
	// Reference is another survey of the same population.
	Reference *ReferenceSpec `yaml:"reference,omitempty"`
	// Covariance of totals that are estimates: column: {column: covariance}, each pair in one place.
	Covariance map[string]map[string]float64 `yaml:"covariance,omitempty"`
	// StandardErrors of totals that were estimated apart.
	StandardErrors map[string]float64 `yaml:"standard_errors,omitempty"`
	// Distance between the weights before and after. Default linear.
	Distance stats.DistanceKind `yaml:"distance,omitempty" jsonschema:"enum=linear,enum=raking,enum=logit"`
	// Bounds of the calibrated over the old weight, such as [0.5, 1.8].
	Bounds []float64 `yaml:"bounds,omitempty" jsonschema:"minItems=2"`
	// Ridge lets totals be missed, at this price.
	Ridge float64 `yaml:"ridge,omitempty" jsonschema:"minimum=0"`

	// Lower and Upper are the smallest and the largest weight.
	Lower float64 `yaml:"lower,omitempty" jsonschema:"minimum=0"`
	Upper float64 `yaml:"upper,omitempty" jsonschema:"minimum=0"`
	// Tolerance is how far trimming may take a margin from its target.
	Tolerance float64 `yaml:"tolerance,omitempty" jsonschema:"minimum=0"`

	// Respondents is the condition of those who answered.
	Respondents string `yaml:"respondents,omitempty"`
	// Classes are variables whose categories make the classes of non-response.
	Classes []string `yaml:"classes,omitempty" jsonschema:"minItems=1"`
	// Adjust says how propensities become weights.
	Adjust adjustment `yaml:"adjust,omitempty" jsonschema:"enum=inverse,enum=quintiles"`
}

// ReferenceSpec is another survey: its file and its design.
type ReferenceSpec struct {
	// File is its data file, relative to the spec.
	File       string                `yaml:"file" jsonschema:"minLength=1"`
	Weight     string                `yaml:"weight,omitempty"`
	Strata     string                `yaml:"strata,omitempty"`
	PSU        string                `yaml:"psu,omitempty"`
	Replicates *survey.ReplicateSpec `yaml:"replicates,omitempty"`
}

// Schema is the JSON Schema of weighting specs.
//
//go:embed schema.json
var Schema []byte

//go:generate go test -run TestSchemaIsGenerated -update

var weightingFile = &spec.Format{
	Name:   "weighting spec",
	Begin:  "begin with " + anyMethod,
	Split:  "give the totals in a file, named by file:",
	Schema: Schema,
	Check:  checkKeys,
}

const anyMethod = "method: rake, poststratify, calibrate, trim, nonresponse or propensity"

// methodKeys lists what each method needs, then what it may have.
var methodKeys = map[Method]struct{ needs, may []string }{
	Rake:         {needs: []string{"margins"}, may: []string{"normalize"}},
	Poststratify: {needs: []string{"cells"}, may: []string{"others", "normalize"}},
	Calibrate:    {needs: []string{"formula"}, may: []string{"population", "reference", "covariance", "standard_errors", "distance", "bounds", "ridge"}},
	Trim:         {may: []string{"lower", "upper", "tolerance"}},
	Nonresponse:  {needs: []string{"respondents"}, may: []string{"classes", "formula", "adjust"}},
	Propensity:   {needs: []string{"formula", "reference"}, may: []string{"adjust"}},
}

// everyKey is a key of some method.
var everyKey = func() (out []string) {
	for _, keys := range methodKeys {
		out = slices.Concat(out, keys.needs, keys.may)
	}
	return out
}()

// checkKeys finds keys that do not go with the method, or with steps.
func checkKeys(root *spec.Node) []spec.Fault {
	steps := root.Find("steps")
	if steps == nil {
		return checkStep(root)
	}
	var out []spec.Fault
	for _, e := range root.Entries {
		if e.Key.Text != "steps" {
			out = append(out, e.Key.At.Fault(survey.Problem{Message: fmt.Sprintf("the key %q does not go with steps", e.Key.Text), Remedy: "move it into its step"}))
		}
	}
	for _, item := range steps.Value.Items {
		out = append(out, checkStep(item)...)
	}
	return out
}

func checkStep(n *spec.Node) []spec.Fault {
	method := n.Find("method")
	switch {
	case n.Form != spec.Mapping:
		return nil // the schema says so
	case method == nil:
		return []spec.Fault{n.At.Fault(survey.Problem{Message: "the method is missing", Remedy: "write " + anyMethod})}
	}
	known, ok := methodKeys[Method(method.Value.Text)]
	if !ok {
		return nil
	}
	var out []spec.Fault
	for _, need := range known.needs {
		if n.Find(need) == nil {
			out = append(out, n.At.Fault(survey.Problem{Message: fmt.Sprintf("%s needs %s", method.Value.Text, need), Remedy: "add the key " + need}))
		}
	}
	allowed := slices.Concat([]string{"method"}, known.needs, known.may, []string{"within", "scale"})
	for _, e := range n.Entries {
		if slices.Contains(everyKey, e.Key.Text) && !slices.Contains(allowed, e.Key.Text) {
			out = append(out, e.Key.At.Fault(survey.Problem{Message: fmt.Sprintf("%s has no key %q", method.Value.Text, e.Key.Text), Remedy: fmt.Sprintf("%s knows %s", method.Value.Text, strings.Join(allowed, ", "))}))
		}
	}
	return out
}

// Open reads a data file that a spec names, by its path as the spec gives it.
type Open func(path string) (*survey.Table, error)

// Parse reads a weighting spec in YAML or JSON; file names it in problems, and
// open reads the population files and reference surveys that it names. The
// error is survey.Problems, every fault with line, column and excerpt. Whether its
// variables and categories exist is known only with the data.
func Parse(data []byte, file string, open Open) (*Spec, error) {
	var written File
	source := weightingFile.Read(data, file, &written)
	sum := sha256.Sum256(data)
	input := survey.Source{Path: file, Format: "weighting spec", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
	r := &reader{Source: source, spec: &Spec{inputs: []survey.Source{input}, tree: source.Tree}, file: file, open: open}
	switch {
	case source.Root == nil:
	case source.Root.Find("steps") == nil:
		r.read(source.Root, written.StepSpec)
	default:
		for i, n := range source.Root.ItemsOf("steps") {
			r.read(n, written.Steps[i])
		}
	}
	if err := source.Err(); err != nil {
		return nil, err
	}
	return r.spec, nil
}

// reader makes the steps of a spec and gathers its faults.
type reader struct {
	*spec.Source
	spec *Spec
	step *step
	file string
	open Open
}

func (r *reader) fail(at spec.Place, p survey.Problem) {
	p.File = ""
	r.FailAt(at, p)
}

// failFile adds the problems of a file that is named at a place.
func (r *reader) failFile(at spec.Place, problems survey.Problems) {
	for _, p := range problems {
		r.FailAt(at, p)
	}
}

// read makes a step of what is written.
func (r *reader) read(n *spec.Node, w StepSpec) {
	at := func(key string) spec.Place {
		if e := n.Find(key); e != nil {
			return e.Value.At
		}
		return n.At
	}
	s := &step{spec: r.spec, at: at("method"), method: w.Method,
		within: scalar{at("within"), w.Within}, normalize: w.Normalize,
		distance: stats.Distance{Kind: w.Distance}, ridge: w.Ridge,
		respondents: scalar{at("respondents"), w.Respondents}, adjust: w.Adjust,
		lower: w.Lower, upper: math.Inf(1), tolerance: trimTolerance,
	}
	r.step = s
	r.spec.steps = append(r.spec.steps, s)
	if n.Find("upper") != nil {
		s.upper = w.Upper
	}
	if n.Find("tolerance") != nil {
		s.tolerance = w.Tolerance
	}
	for i, item := range n.ItemsOf("classes") {
		s.classes = append(s.classes, scalar{item.At, w.Classes[i]})
	}
	if w.Scale != "" {
		r.scaling(at("scale"), w.Scale)
	}
	if w.Formula != "" {
		r.formula(at("formula"), w.Formula)
	}
	if w.Margins != nil && w.Margins.Form == spec.Mapping {
		for _, m := range r.mapping(w.Margins, "margins") {
			s.margins = append(s.margins, r.margin(m))
		}
	}
	if w.Cells != nil && !w.Cells.IsScalar() {
		r.cells(w.Cells)
	}
	if w.Others == keepWord && len(s.margins) > 0 {
		s.margins[0].others = true
	}
	if w.Population != nil && w.Population.Form == spec.Mapping {
		r.population(w.Population)
	}
	if w.Reference != nil {
		r.reference(n.Find("reference").Value, *w.Reference)
	}
	if b := w.Bounds; len(b) > 0 {
		if len(b) != 2 || b[0] >= 1 || b[1] <= 1 {
			r.fail(at("bounds"), survey.Problem{Message: "the bounds must be two numbers, one below 1 and one above", Remedy: "they limit the new weight over the old, such as [0.5, 1.8]"})
		} else {
			s.distance.Lower, s.distance.Upper = b[0], b[1]
		}
	}
	r.vary(n)
	r.finish(n)
}

// scaling reads n, population or a number.
func (r *reader) scaling(at spec.Place, text string) {
	s := &r.step.scale
	s.at = at
	if s.kind = text; s.kind == "n" || s.kind == "population" {
		return
	}
	s.kind = "total"
	if s.total, _ = strconv.ParseFloat(text, 64); !(s.total > 0) || math.IsInf(s.total, 0) {
		r.fail(at, survey.Problem{Value: text, Message: "weights cannot be scaled to this", Remedy: "write scale: n, scale: population or a total above zero"})
	}
}

// finish checks what several keys decide together.
func (r *reader) finish(n *spec.Node) {
	s := r.step
	has := func(key string) bool { return n.Find(key) != nil }
	fail := func(message, remedy string) { r.fail(s.at, survey.Problem{Message: message, Remedy: remedy}) }
	if has("within") && has("reference") {
		fail("within cannot be used with a reference survey, whose totals are for everybody", "make the groups terms of the formula")
	}
	switch s.method {
	case Calibrate:
		s.distance.Kind = cmp.Or(s.distance.Kind, stats.DistanceLinear)
		if s.distance.Kind == stats.DistanceLogit && !has("bounds") {
			fail("the logit distance needs bounds", "add bounds: [0.5, 1.8]")
		}
		if has("population") == has("reference") {
			fail("calibrate needs either population or reference", "give the totals, or another survey that estimates them")
		}
		if has("reference") && (has("covariance") || has("standard_errors")) {
			fail("the covariance of the totals comes from the reference survey", "remove covariance and standard_errors")
		}
	case Trim:
		if !has("lower") && !has("upper") {
			fail("trim needs lower, upper or both", "add the smallest and the largest weight wanted")
		} else if s.lower >= s.upper {
			fail(fmt.Sprintf("lower, %s, is not under upper, %s", survey.FormatNumber(s.lower), survey.FormatNumber(s.upper)), "exchange them")
		}
	case Nonresponse:
		if has("classes") == has("formula") {
			fail("nonresponse needs either classes or formula", "give variables that make classes, or a model of who responds")
		}
		if has("adjust") && !has("formula") {
			fail("adjust goes with formula", "remove it: classes have one factor each")
		}
		s.adjust = cmp.Or(s.adjust, quintiles)
	case Propensity:
		s.adjust = cmp.Or(s.adjust, inverse)
	}
}

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

// openFile reads a data file that the spec names; nil where that fails.
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
