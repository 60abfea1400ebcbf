package weighting

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/spec"
)

// Open reads a data file that a spec names, by its path as the spec gives it.
type Open func(path string) (*survey.Table, error)

// Parse reads a weighting spec in YAML or JSON; file names it in problems, and
// open reads the population files and reference surveys that it names. The
// error is survey.Problems, every fault with line, column and excerpt. Whether its
// variables and categories exist is known only with the data.
func Parse(data []byte, file string, open Open) (*Spec, error) {
	sum := sha256.Sum256(data)
	source := survey.Source{Path: file, Format: "weighting spec", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
	r := &reader{spec: &Spec{inputs: []survey.Source{source}}, file: file, open: open}
	format := &spec.Format{Name: "weighting spec", Begin: "begin with " + anyMethod, Split: "give the totals in a file, named by file:", Check: r.read}
	var document struct{} // the reader walks over the tree
	read, err := format.Decode(data, file, &document)
	if err != nil {
		return nil, err
	}
	r.spec.tree = read.Tree
	return r.spec, nil
}

// keys lists what each method needs, then what it may have.
var keys = map[Method]struct{ needs, may []string }{
	Rake:         {needs: []string{"margins"}, may: []string{"normalize"}},
	Poststratify: {needs: []string{"cells"}, may: []string{"others", "normalize"}},
	Calibrate:    {needs: []string{"formula"}, may: []string{"population", "reference", "covariance", "standard_errors", "distance", "bounds", "ridge"}},
	Trim:         {may: []string{"lower", "upper", "tolerance"}},
	Nonresponse:  {needs: []string{"respondents"}, may: []string{"classes", "formula", "adjust"}},
	Propensity:   {needs: []string{"formula", "reference"}, may: []string{"adjust"}},
}

var methods = []string{"rake", "poststratify", "calibrate", "trim", "nonresponse", "propensity"}

const anyMethod = "method: rake, poststratify, calibrate, trim, nonresponse or propensity"

// read fills in the spec from the document: one step, or a list of them.
func (r *reader) read(root *spec.Node) []spec.Fault {
	entries := r.mapping(root, "a weighting spec")
	k := slices.IndexFunc(entries, func(e spec.Entry) bool { return e.Key.Text == "steps" })
	if k < 0 {
		r.readStep(root, entries)
		return r.faults
	}
	for _, e := range entries {
		if e.Key.Text != "steps" {
			r.fail(e.Key.At, survey.Problem{Message: fmt.Sprintf("the key %q stands beside steps", e.Key.Text), Remedy: "move it into the step that it belongs to"})
		}
	}
	for _, item := range r.list(entries[k].Value, "steps") {
		r.readStep(item, r.mapping(item, "a step"))
	}
	return r.faults
}

// readStep reads a method with its keys.
func (r *reader) readStep(root *spec.Node, entries []spec.Entry) {
	s := &step{spec: r.spec, at: root.At, upper: math.Inf(1), tolerance: trimTolerance}
	r.step = s
	r.spec.steps = append(r.spec.steps, s)
	method, found := spec.Entry{}, map[string]bool{}
	for _, e := range entries {
		found[e.Key.Text] = true
		if e.Key.Text == "method" {
			method = e
		}
	}
	if !found["method"] {
		r.fail(root.At, survey.Problem{Message: "there is no method", Remedy: "write " + anyMethod})
		return
	}
	s.method, s.at = Method(method.Value.Text), method.Value.At
	known, ok := keys[s.method]
	if !ok {
		r.fail(s.at, survey.UnknownName("method", string(s.method), methods))
		return
	}
	for _, need := range known.needs {
		if !found[need] {
			r.fail(root.At, survey.Problem{Message: fmt.Sprintf("%s needs %s", s.method, need), Remedy: "add the key " + need})
		}
	}
	allowed := slices.Concat([]string{"method"}, known.needs, known.may, []string{"within", "scale"})
	for _, e := range formulaFirst(entries) {
		r.key(e, allowed)
	}
	r.finish(found, s.at)
}

// formulaFirst puts the formula before the totals of its variables.
func formulaFirst(entries []spec.Entry) []spec.Entry {
	out := slices.Clone(entries)
	slices.SortStableFunc(out, func(a, b spec.Entry) int {
		switch {
		case a.Key.Text == "formula" && b.Key.Text != "formula":
			return -1
		case b.Key.Text == "formula" && a.Key.Text != "formula":
			return 1
		}
		return 0
	})
	return out
}

// key reads the value of one key.
func (r *reader) key(e spec.Entry, allowed []string) {
	s := r.step
	if !slices.Contains(allowed, e.Key.Text) {
		p := survey.UnknownName("key", e.Key.Text, allowed)
		if p.Remedy == "" {
			p.Remedy = fmt.Sprintf("%s knows %s", s.method, strings.Join(allowed, ", "))
		}
		r.fail(e.Key.At, p)
		return
	}
	switch e.Key.Text {
	case "within":
		s.within = scalar{e.Value.At, r.scalar(e.Value)}
	case "scale":
		r.scaling(e.Value)
	case "margins":
		for _, m := range r.mapping(e.Value, "margins") {
			s.margins = append(s.margins, r.margin(m))
		}
	case "cells":
		r.cells(e.Value)
	case "others":
		r.choice(e.Value, "treatment of other cells", keepWord)
	case "normalize":
		s.normalize = r.choice(e.Value, "choice", "true", "false") == "true"
	case "lower":
		s.lower = r.number(e.Value, false)
	case "upper":
		s.upper = r.number(e.Value, false)
	case "tolerance":
		s.tolerance = r.number(e.Value, false)
	default:
		r.modelKey(e)
	}
}

// modelKey reads the keys of models and of other surveys.
func (r *reader) modelKey(e spec.Entry) {
	s := r.step
	switch e.Key.Text {
	case "formula":
		r.formula(e.Value)
	case "population":
		r.population(e.Value)
	case "covariance":
		r.covariance(e.Value)
	case "standard_errors":
		r.standardErrors(e.Value)
	case "reference":
		r.reference(e.Value)
	case "distance":
		r.distance(e.Value)
	case "bounds":
		r.bounds(e.Value)
	case "ridge":
		s.ridge = r.number(e.Value, false)
	case "respondents":
		s.respondents = scalar{e.Value.At, r.scalar(e.Value)}
	case "classes":
		for _, item := range r.list(e.Value, "classes") {
			s.classes = append(s.classes, scalar{item.At, r.scalar(item)})
		}
	case "adjust":
		s.adjust = adjustment(r.choice(e.Value, "way to adjust", string(inverse), string(quintiles)))
	}
}

// choice reads one of a few words.
func (r *reader) choice(n *spec.Node, what string, known ...string) string {
	text := r.scalar(n)
	if !slices.Contains(known, text) {
		p := survey.UnknownName(what, n.Text, known)
		p.Remedy = "use " + strings.Join(known, ", ")
		r.fail(n.At, p)
	}
	return text
}

// scaling reads n, population or a number.
func (r *reader) scaling(n *spec.Node) {
	s := &r.step.scale
	s.at = n.At
	if s.kind = n.Text; s.kind == "n" || s.kind == "population" {
		return
	}
	s.kind = "total"
	if s.total = r.number(n, false); s.total == 0 {
		r.fail(n.At, survey.Problem{Value: n.Text, Message: "weights cannot be scaled to this", Remedy: "write scale: n, scale: population or a total above zero"})
	}
}

// finish checks what several keys decide together.
func (r *reader) finish(found map[string]bool, at spec.Place) {
	s := r.step
	fail := func(message, remedy string) { r.fail(at, survey.Problem{Message: message, Remedy: remedy}) }
	if found["within"] && found["reference"] {
		fail("within does not go with a reference survey, whose totals are those of everybody", "make the groups terms of the formula")
	}
	switch s.method {
	case Poststratify:
		r.others(found)
	case Calibrate:
		if !found["distance"] {
			s.distance.Kind = stats.DistanceLinear
		}
		if s.distance.Kind == stats.DistanceLogit && !found["bounds"] {
			fail("the logit distance needs bounds", "add bounds: [0.5, 1.8]")
		}
		if found["population"] == found["reference"] {
			fail("calibrate needs either population or reference", "give the totals, or another survey that estimates them")
		}
		if found["reference"] && (found["covariance"] || found["standard_errors"]) {
			fail("the covariance of the totals comes from the reference survey", "take covariance and standard_errors out")
		}
	case Trim:
		if !found["lower"] && !found["upper"] {
			fail("trim needs lower, upper or both", "add the smallest and the largest weight wanted")
		} else if s.lower >= s.upper {
			fail(fmt.Sprintf("lower, %s, is not under upper, %s", survey.FormatNumber(s.lower), survey.FormatNumber(s.upper)), "exchange them")
		}
	case Nonresponse:
		if found["classes"] == found["formula"] {
			fail("nonresponse needs either classes or formula", "give variables that make classes, or a model of who responds")
		}
		if found["adjust"] && !found["formula"] {
			fail("adjust goes with formula", "take it out: classes have one factor each")
		}
		s.adjust = r.orDefault(found, quintiles)
	case Propensity:
		s.adjust = r.orDefault(found, inverse)
	}
}

func (r *reader) orDefault(found map[string]bool, a adjustment) adjustment {
	if found["adjust"] {
		return r.step.adjust
	}
	return a
}
