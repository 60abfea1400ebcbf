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
)

// Open reads a data file that a spec names, by its path as the spec gives it.
type Open func(path string) (*survey.Table, error)

// Parse reads a weighting spec in YAML or JSON; file names it in problems, and
// open reads the population files and reference surveys that it names. The
// error is survey.Problems, every fault with its line and column. Whether its
// variables and categories exist is known only with the data.
func Parse(data []byte, file string, open Open) (*Spec, error) {
	sum := sha256.Sum256(data)
	source := survey.Source{Path: file, Format: "weighting spec", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
	r := &reader{spec: &Spec{file: file, inputs: []survey.Source{source}}, files: open}
	if root, ok := r.open(data); ok {
		r.read(root)
	}
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	return r.spec, nil
}

// keys lists what each method needs, then what it may have.
var keys = map[Method]struct{ needs, may []string }{
	Rake:         {needs: []string{"margins"}},
	Poststratify: {needs: []string{"cells"}, may: []string{"others"}},
	Calibrate:    {needs: []string{"formula"}, may: []string{"population", "reference", "covariance", "standard_errors", "distance", "bounds", "ridge"}},
	Trim:         {may: []string{"lower", "upper", "tolerance"}},
	Nonresponse:  {needs: []string{"respondents"}, may: []string{"classes", "formula", "adjust"}},
	Propensity:   {needs: []string{"formula", "reference"}, may: []string{"adjust"}},
}

var methods = []string{"rake", "poststratify", "calibrate", "trim", "nonresponse", "propensity"}

// read fills in the spec from the document: one step, or a list of them.
func (r *reader) read(root node) {
	entries := r.mapping(root, "a weighting spec")
	k := slices.IndexFunc(entries, func(e entry) bool { return e.key == "steps" })
	if k < 0 {
		r.readStep(root, entries)
		return
	}
	for _, e := range entries {
		if e.key != "steps" {
			r.fail(e.at, survey.Problem{Message: fmt.Sprintf("the key %q stands beside steps", e.key), Remedy: "move it into the step that it belongs to"})
		}
	}
	for _, item := range r.list(entries[k].value, "steps") {
		r.readStep(item, r.mapping(item, "a step"))
	}
}

// readStep reads a method with its keys.
func (r *reader) readStep(root node, entries []entry) {
	s := &step{spec: r.spec, at: root.at(), upper: math.Inf(1), tolerance: trimTolerance}
	r.step = s
	r.spec.steps = append(r.spec.steps, s)
	method, found := entry{}, map[string]bool{}
	for _, e := range entries {
		found[e.key] = true
		if e.key == "method" {
			method = e
		}
	}
	if !found["method"] {
		r.fail(root.at(), survey.Problem{Message: "there is no method", Remedy: "write method: rake, poststratify, calibrate, trim, nonresponse or propensity"})
		return
	}
	s.method, s.at = Method(method.value.text()), method.value.at()
	known, ok := keys[s.method]
	if !ok {
		r.fail(s.at, survey.UnknownName("method", string(s.method), methods))
		return
	}
	for _, need := range known.needs {
		if !found[need] {
			r.fail(root.at(), survey.Problem{Message: fmt.Sprintf("%s needs %s", s.method, need), Remedy: "add the key " + need})
		}
	}
	allowed := slices.Concat([]string{"method"}, known.needs, known.may, []string{"within", "scale"})
	for _, e := range formulaFirst(entries) {
		r.key(e, allowed)
	}
	r.finish(found, s.at)
}

// formulaFirst puts the formula before the totals of its variables.
func formulaFirst(entries []entry) []entry {
	out := slices.Clone(entries)
	slices.SortStableFunc(out, func(a, b entry) int {
		switch {
		case a.key == "formula" && b.key != "formula":
			return -1
		case b.key == "formula" && a.key != "formula":
			return 1
		}
		return 0
	})
	return out
}

// key reads the value of one key.
func (r *reader) key(e entry, allowed []string) {
	s := r.step
	if !slices.Contains(allowed, e.key) {
		p := survey.UnknownName("key", e.key, allowed)
		if p.Remedy == "" {
			p.Remedy = fmt.Sprintf("%s knows %s", s.method, strings.Join(allowed, ", "))
		}
		r.fail(e.at, p)
		return
	}
	switch e.key {
	case "within":
		s.within = scalar{e.value.at(), r.scalar(e.value)}
	case "scale":
		r.scaling(e.value)
	case "margins":
		for _, m := range r.mapping(e.value, "margins") {
			s.margins = append(s.margins, r.margin(m))
		}
	case "cells":
		r.cells(e.value)
	case "others":
		r.choice(e.value, "treatment of other cells", keepWord)
	case "lower":
		s.lower = r.number(e.value, false)
	case "upper":
		s.upper = r.number(e.value, false)
	case "tolerance":
		s.tolerance = r.number(e.value, false)
	default:
		r.modelKey(e)
	}
}

// modelKey reads the keys of models and of other surveys.
func (r *reader) modelKey(e entry) {
	s := r.step
	switch e.key {
	case "formula":
		r.formula(e.value)
	case "population":
		r.population(e.value)
	case "covariance":
		r.covariance(e.value)
	case "standard_errors":
		r.standardErrors(e.value)
	case "reference":
		r.reference(e.value)
	case "distance":
		r.distance(e.value)
	case "bounds":
		r.bounds(e.value)
	case "ridge":
		s.ridge = r.number(e.value, false)
	case "respondents":
		s.respondents = scalar{e.value.at(), r.scalar(e.value)}
	case "classes":
		for _, item := range r.list(e.value, "classes") {
			s.classes = append(s.classes, scalar{item.at(), r.scalar(item)})
		}
	case "adjust":
		s.adjust = adjustment(r.choice(e.value, "way to adjust", string(inverse), string(quintiles)))
	}
}

// choice reads one of a few words.
func (r *reader) choice(n node, what string, known ...string) string {
	text := r.scalar(n)
	if !slices.Contains(known, text) {
		p := survey.UnknownName(what, n.text(), known)
		p.Remedy = "use " + strings.Join(known, ", ")
		r.fail(n.at(), p)
	}
	return text
}

// scaling reads n, population or a number.
func (r *reader) scaling(n node) {
	s := &r.step.scale
	s.at = n.at()
	if s.kind = n.text(); s.kind == "n" || s.kind == "population" {
		return
	}
	s.kind = "total"
	if s.total = r.number(n, false); s.total == 0 {
		r.fail(n.at(), survey.Problem{Value: n.text(), Message: "weights cannot be scaled to this", Remedy: "write scale: n, scale: population or a total above zero"})
	}
}

// finish checks what several keys decide together.
func (r *reader) finish(found map[string]bool, at place) {
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
