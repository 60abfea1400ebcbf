package weighting

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/formula"
)

// Parse reads a weighting spec in YAML or JSON; file names it in problems. The
// error is survey.Problems, every fault with its line and column. Whether its
// variables and categories exist is known only with the data.
func Parse(data []byte, file string) (*Spec, error) {
	r := &reader{spec: &Spec{file: file, lower: 0, upper: math.Inf(1)}}
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
	Poststratify: {needs: []string{"cells"}},
	Calibrate:    {needs: []string{"formula", "population"}, may: []string{"distance", "bounds"}},
	Trim:         {may: []string{"lower", "upper"}},
}

// read fills in the spec from the document.
func (r *reader) read(root node) {
	entries := r.mapping(root, "a weighting spec")
	method, found := entry{}, map[string]bool{}
	for _, e := range entries {
		found[e.key] = true
		if e.key == "method" {
			method = e
		}
	}
	if !found["method"] {
		r.fail(root.at(), survey.Problem{Message: "there is no method", Remedy: "write method: rake, poststratify, calibrate or trim"})
		return
	}
	r.spec.Method = Method(method.value.text())
	known, ok := keys[r.spec.Method]
	if !ok {
		r.fail(method.value.at(), survey.UnknownName("method", string(r.spec.Method), []string{"rake", "poststratify", "calibrate", "trim"}))
		return
	}
	for _, need := range known.needs {
		if !found[need] {
			r.fail(root.at(), survey.Problem{Message: fmt.Sprintf("%s needs %s", r.spec.Method, need), Remedy: "add the key " + need})
		}
	}
	allowed := append(append([]string{"method"}, known.needs...), known.may...)
	for _, e := range entries {
		r.key(e, allowed)
	}
	r.finish(found, method.value.at())
}

// key reads the value of one key.
func (r *reader) key(e entry, allowed []string) {
	if !slices.Contains(allowed, e.key) {
		p := survey.UnknownName("key", e.key, allowed)
		if p.Remedy == "" {
			p.Remedy = fmt.Sprintf("%s knows %s", r.spec.Method, strings.Join(allowed, ", "))
		}
		r.fail(e.at, p)
		return
	}
	switch e.key {
	case "margins":
		for _, m := range r.mapping(e.value, "margins") {
			r.spec.margins = append(r.spec.margins, marginSpec{m.at, m.key, r.targets(m.value, m.key, false)})
		}
	case "cells":
		r.cells(e.value)
	case "formula":
		r.formula(e.value)
	case "population":
		r.spec.population = r.targets(e.value, "population", true)
	case "distance":
		r.spec.distance.Kind = stats.DistanceKind(e.value.text())
		r.distance(e.value)
	case "bounds":
		r.bounds(e.value)
	case "lower":
		r.spec.lower = r.number(e.value, false)
	case "upper":
		r.spec.upper = r.number(e.value, false)
	}
}

// targets reads name: total pairs.
func (r *reader) targets(n node, what string, negative bool) []target {
	var out []target
	for _, e := range r.mapping(n, what) {
		out = append(out, target{e.at, e.key, r.number(e.value, negative)})
	}
	return out
}

// cells reads a list of variable: category pairs with a total each. The first
// cell decides the variables.
func (r *reader) cells(n node) {
	for _, item := range r.list(n, "cells") {
		cell := cellSpec{target: target{at: item.at()}}
		given := map[string]string{}
		hasTotal := false
		for _, e := range r.mapping(item, "a cell") {
			if e.key == "total" {
				hasTotal = true
				cell.total = r.number(e.value, false)
				continue
			}
			given[e.key] = r.scalar(e.value)
			if len(r.spec.cells) == 0 {
				r.spec.variables = append(r.spec.variables, e.key)
			}
		}
		for _, v := range r.spec.variables {
			category, ok := given[v]
			hasTotal = hasTotal && ok
			cell.categories = append(cell.categories, category)
		}
		if !hasTotal || len(given) != len(r.spec.variables) || len(given) == 0 {
			r.fail(cell.at, survey.Problem{Message: "the cell has not the same keys as the first one and total", Remedy: "write a category for each variable and total, such as {age: 18-24, gender: female, total: 6722}"})
		}
		cell.name = strings.Join(cell.categories, " × ")
		r.spec.cells = append(r.spec.cells, cell)
	}
}

func (r *reader) formula(n node) {
	f, err := formula.Parse(r.scalar(n))
	if problems, ok := err.(survey.Problems); ok {
		for _, p := range problems {
			r.fail(n.at(), p)
		}
		return
	}
	r.spec.formulaAt = n.at()
	if r.spec.formula = f; f.Response != "" {
		r.fail(n.at(), survey.Problem{Value: f.Response, Message: "the formula of a calibration has no response", Remedy: "write ~ terms"})
	}
}

func (r *reader) distance(n node) {
	known := []string{string(stats.DistanceLinear), string(stats.DistanceRaking), string(stats.DistanceLogit)}
	if !slices.Contains(known, r.scalar(n)) {
		p := survey.UnknownName("distance", n.text(), known)
		p.Remedy = "use " + strings.Join(known, ", ")
		r.fail(n.at(), p)
	}
}

func (r *reader) bounds(n node) {
	var b []float64
	for _, item := range r.list(n, "bounds") {
		b = append(b, r.number(item, true))
	}
	if len(b) != 2 || b[0] >= 1 || b[1] <= 1 {
		r.fail(n.at(), survey.Problem{Message: "the bounds are not two numbers around 1", Remedy: "they bound the calibrated over the old weight, such as [0.5, 1.8]"})
		return
	}
	r.spec.distance.Lower, r.spec.distance.Upper = b[0], b[1]
}

// finish checks what several keys decide together.
func (r *reader) finish(found map[string]bool, at place) {
	s := r.spec
	switch {
	case s.Method == Calibrate && !found["distance"]:
		s.distance.Kind = stats.DistanceLinear
	case s.Method == Calibrate && s.distance.Kind == stats.DistanceLogit && !found["bounds"]:
		r.fail(at, survey.Problem{Message: "the logit distance needs bounds", Remedy: "add bounds: [0.5, 1.8]"})
	case s.Method == Trim && !found["lower"] && !found["upper"]:
		r.fail(at, survey.Problem{Message: "trim needs lower, upper or both", Remedy: "add the smallest and the largest weight wanted"})
	case s.Method == Trim && s.lower >= s.upper:
		r.fail(at, survey.Problem{Message: fmt.Sprintf("lower, %s, is not under upper, %s", survey.FormatNumber(s.lower), survey.FormatNumber(s.upper)), Remedy: "exchange them"})
	}
}
