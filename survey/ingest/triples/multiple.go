package triples

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// sets finds the set that holds each variable; what no field can hold is told.
func (l *layout) sets(t *survey.Table) map[string]*survey.MultipleResponse {
	held := map[string]*survey.MultipleResponse{}
	var lost []string
	names := map[string]bool{}
	for _, v := range t.Variables {
		names[v.Name] = true
	}
	for i := range t.Sets {
		s := &t.Sets[i]
		free := !names[plainName(s)] && len(s.Variables) > 0 && !slices.ContainsFunc(s.Variables, func(name string) bool { return held[name] != nil || t.Lookup(name) == nil || name == t.Weight })
		if !free || !fits(t, s) {
			lost = append(lost, s.Name)
			continue
		}
		names[plainName(s)] = true
		for _, name := range s.Variables {
			held[name] = s
		}
	}
	if len(lost) > 0 {
		l.Note(survey.NoticeNotKept, lost, "the multiple-response sets are not kept, but their variables are: %s", raw.Listed(lost))
	}
	return held
}

func plainName(s *survey.MultipleResponse) string { return strings.TrimPrefix(s.Name, "$") }

// fits tells whether a field can hold the set: variables of 0 and 1 that are
// missing together, or variables with the same codes.
func fits(t *survey.Table, s *survey.MultipleResponse) bool {
	first := t.Lookup(s.Variables[0])
	for _, name := range s.Variables {
		v := t.Lookup(name)
		if s.Counted == nil {
			known := labelledNumbers(v)
			if known == nil || known[0] || !slices.Equal(v.Codes, first.Codes) {
				return false
			}
			continue
		}
		if v.Kind != survey.Number || *s.Counted != survey.NumberValue(1) || !all(v, func(x survey.Value) bool { return x.Number == 0 || x.Number == 1 }) {
			return false
		}
		for i, x := range v.Numbers {
			if math.IsNaN(x) != math.IsNaN(first.Numbers[i]) {
				return false
			}
		}
	}
	return true
}

// multiple is the field of a set.
func (l *layout) multiple(t *survey.Table, s *survey.MultipleResponse) *output {
	f := &output{variableXML: variableXML{Type: "multiple", Name: plainName(s), Label: s.Label}}
	vars := make([]*survey.Variable, len(s.Variables))
	for k, name := range s.Variables {
		vars[k] = t.Lookup(name)
	}
	if s.Counted != nil {
		l.bits(f, vars)
		return f
	}
	l.subfields(f, vars)
	return f
}

// bits is a digit for each answer. Variables NAME_CODE keep their codes.
func (l *layout) bits(f *output, vars []*survey.Variable) {
	places, last := make([]int, len(vars)), 0
	for k, v := range vars {
		suffix, ok := strings.CutPrefix(v.Name, f.Name+"_")
		n, err := strconv.Atoi(suffix)
		if !ok || err != nil || n < 1 || n > farthest || strconv.Itoa(n) != suffix {
			places = nil
			break
		}
		places[k] = n
	}
	if places == nil {
		for k := range vars {
			places = append(places, k+1)
		}
		l.renamed(f.Name, vars)
	}
	f.Values = &valuesXML{}
	for k, n := range places {
		if len(vars[k].Codes) > 0 {
			l.inSets = append(l.inSets, vars[k].Name)
		}
		last = max(last, n)
		f.Values.Values = append(f.Values.Values, valueXML{strconv.Itoa(n), vars[k].Label})
	}
	f.width = last
	f.cell = func(row int) string {
		if math.IsNaN(vars[0].Numbers[row]) {
			return ""
		}
		digits := []byte(strings.Repeat("0", last))
		for k, v := range vars {
			if v.Numbers[row] == 1 {
				digits[places[k]-1] = '1'
			}
		}
		return string(digits)
	}
}

// subfields is a code for each variable, zeros where there is none.
func (l *layout) subfields(f *output, vars []*survey.Variable) {
	for _, v := range vars {
		if v.Label != f.Label {
			l.inSets = append(l.inSets, v.Name)
		}
	}
	for k, v := range vars {
		if v.Name != fmt.Sprintf("%s_%d", f.Name, k+1) {
			l.renamed(f.Name, vars)
			break
		}
	}
	width := 1
	f.Values = &valuesXML{Values: codes(vars[0])}
	for _, x := range f.Values.Values {
		width = max(width, len(x.Code))
	}
	f.Spread, f.width = &spreadXML{len(vars), width}, width*len(vars)
	f.cell = func(row int) string {
		var cell strings.Builder
		for _, v := range vars {
			x := v.Numbers[row]
			if math.IsNaN(x) {
				x = 0
			}
			fmt.Fprintf(&cell, "%0*d", width, int(x))
		}
		return cell.String()
	}
}

// renamed says that readers give the set's variables other names.
func (l *layout) renamed(set string, vars []*survey.Variable) {
	names := make([]string, len(vars))
	for k, v := range vars {
		names[k] = v.Name
	}
	l.Note(survey.NoticeNotKept, names, "the variables of %s are named %s_1 and so on when they are read: %s", set, set, raw.Listed(names))
}
