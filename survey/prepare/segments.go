package prepare

import (
	"fmt"
	"regexp"
	"strings"

	"surveykit/survey"
)

// segments checks a request for segments and puts an empty variable in their
// place, with the codes of a number of segments that is fixed.
func (p *preparer) segments(path string, s survey.SegmentSpec) {
	if p.table.Lookup(s.Name) != nil {
		p.fault(path+".name", survey.Problem{Message: fmt.Sprintf("there is a variable %q already", s.Name), Remedy: "choose another name: segments make a new variable"})
		return
	}
	items := p.indicators(path+".items", s.Items)
	p.typing(path, s, len(items))
	v := &survey.Variable{Name: s.Name, Label: s.Label, Kind: survey.Number, Measure: survey.Nominal, Numbers: p.empty()}
	classes, ok := survey.ParseRange(s.Classes, survey.MostSegments)
	switch {
	case !ok:
		p.fault(path+".classes", survey.Problem{Value: s.Classes, Message: fmt.Sprintf("is not a number of segments from 1 to %d, or a range", survey.MostSegments), Remedy: "write 4, or 2-6"})
	case len(s.Names) > 0 && (len(classes) > 1 || classes[0] != len(s.Names)):
		p.fault(path+".names", survey.Problem{Message: fmt.Sprintf("there are %d names for %s segments", len(s.Names), s.Classes), Remedy: "give one name for each segment; classes must be one number, because a range has no names"})
	case len(classes) == 1:
		v.Codes = numbered(segmentLabels(s.Names, classes[0]))
	}
	p.table = p.table.With(v)
}

// fileName is a name that is safe for a file.
var fileName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// typing checks a request for a typing tool of segments with so many items.
func (p *preparer) typing(path string, s survey.SegmentSpec, items int) {
	if s.Typing == nil {
		return
	}
	at := path + ".typing"
	if len(s.Typing.From) > 0 {
		items = len(p.indicators(at+".from", s.Typing.From))
	}
	if s.Typing.Items > items {
		p.fault(at+".items", survey.Problem{Value: fmt.Sprint(s.Typing.Items), Message: fmt.Sprintf("is more than the number of items, %d", items), Remedy: "ask for fewer"})
	}
	if s.Typing.Items > 0 && s.Typing.Accuracy > 0 {
		p.fault(at, survey.Problem{Message: "has both a number of items and an accuracy", Remedy: "give one of them"})
	}
	if s.Classes == "1" {
		p.fault(at, survey.Problem{Message: "a typing tool needs at least two segments", Remedy: "leave typing out"})
	}
	if !fileName.MatchString(s.Name) {
		p.fault(path+".name", survey.Problem{Value: s.Name, Message: "is the file name of a typing tool", Remedy: "use letters, digits, - and _ only"})
	}
	for _, other := range p.study.Segments {
		if other.Typing != nil && other.Name != s.Name && strings.EqualFold(other.Name, s.Name) {
			p.fault(path+".name", survey.Problem{Value: s.Name, Message: "differs from " + other.Name + " only in capitals, and is a file name", Remedy: "choose another name"})
		}
	}
}

// segmentLabels are the names, or else stand-ins until the segments are found.
func segmentLabels(names []string, n int) []string {
	if len(names) > 0 {
		return names
	}
	labels := make([]string, n)
	for k := range labels {
		labels[k] = fmt.Sprint("segment ", k+1)
	}
	return labels
}
