package weighting

import (
	"math"
	"strconv"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// reader walks the tree of a spec and gathers its faults.
type reader struct {
	spec   *Spec
	step   *step
	file   string
	open   Open
	faults []spec.Fault
}

func (r *reader) fail(at spec.Place, p survey.Problem) {
	p.File = ""
	r.faults = append(r.faults, at.Fault(p))
}

// failFile adds the problems of a file that is named at a place.
func (r *reader) failFile(at spec.Place, problems survey.Problems) {
	for _, p := range problems {
		r.faults = append(r.faults, at.Fault(p))
	}
}

// scalar reads a single value.
func (r *reader) scalar(n *spec.Node) string {
	if n.Text == "" && !n.Broken {
		r.fail(n.At, survey.Problem{Message: "a single value is wanted here", Remedy: "write a word, a number or a text in quotes"})
	}
	return n.Text
}

// number reads a finite number.
func (r *reader) number(n *spec.Node, negative bool) float64 {
	x, err := strconv.ParseFloat(n.Text, 64)
	switch {
	case n.Broken:
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0):
		r.fail(n.At, survey.Problem{Value: n.Text, Message: "a number is wanted here", Remedy: "write it with digits and a decimal point only"})
	case x < 0 && !negative:
		r.fail(n.At, survey.Problem{Value: n.Text, Message: "the number is negative", Remedy: "give zero or more"})
	default:
		return x
	}
	return 0
}

// mapping reads key: value pairs.
func (r *reader) mapping(n *spec.Node, what string) []spec.Entry {
	if len(n.Entries) == 0 && !n.Broken {
		r.fail(n.At, survey.Problem{Message: what + " must hold key: value pairs", Remedy: "write a line for each, or {key: value, …}"})
	}
	return n.Entries
}

// list reads a list.
func (r *reader) list(n *spec.Node, what string) []*spec.Node {
	if len(n.Items) == 0 && !n.Broken {
		r.fail(n.At, survey.Problem{Message: what + " must hold a list", Remedy: "write [first, second] or a line with a dash for each"})
	}
	return n.Items
}
