package prepare

import (
	"fmt"
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
	for j, item := range s.Items {
		name, _, _ := strings.Cut(item, ":")
		p.items(fmt.Sprintf("%s.items[%d]", path, j), []string{name})
	}
	v := &survey.Variable{Name: s.Name, Label: s.Label, Kind: survey.Number, Measure: survey.Nominal, Numbers: p.empty()}
	classes, ok := survey.ParseRange(s.Classes, survey.MostSegments)
	switch {
	case !ok:
		p.fault(path+".classes", survey.Problem{Value: s.Classes, Message: fmt.Sprintf("is no number of segments from 1 to %d, nor a range", survey.MostSegments), Remedy: "write 4, or 2-6"})
	case len(s.Names) > 0 && (len(classes) > 1 || classes[0] != len(s.Names)):
		p.fault(path+".names", survey.Problem{Message: fmt.Sprintf("there are %d names for %s segments", len(s.Names), s.Classes), Remedy: "name as many segments as classes says, one number; a range has no names"})
	case len(classes) == 1:
		v.Codes = numbered(segmentLabels(s.Names, classes[0]))
	}
	p.table = p.table.With(v)
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
