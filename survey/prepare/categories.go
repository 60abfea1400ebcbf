package prepare

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
)

// brackets cuts a number into ranges, numbered 1, 2 … in their order.
func (p *preparer) brackets(path string, r survey.Recode) *survey.Variable {
	ranges, ok := p.ranges(path+".brackets", r.Brackets)
	from := p.scored(path+".from", r.From)
	if !ok || from == nil {
		return nil
	}
	pick := func(x survey.Value) int {
		score, _ := from.Score(x)
		return slices.IndexFunc(ranges, func(b survey.Bracket) bool { return b.Holds(score) })
	}
	if held := slices.DeleteFunc(from.Occurring(), func(x survey.Value) bool { return pick(x) < 0 }); len(held) > 0 {
		p.doubt(from, held...)
	}
	v := p.categorise(r.Name, from, numbered(r.Brackets), pick)
	v.Measure = survey.Ordinal
	return v
}

func (p *preparer) ranges(path string, texts []string) (ranges []survey.Bracket, ok bool) {
	before := len(p.faults)
	for i, text := range texts {
		at := fmt.Sprintf("%s[%d]", path, i)
		b, ok := survey.ParseBracket(text)
		if !ok {
			p.fault(at, survey.Problem{Value: text, Message: "this is not a range of whole numbers", Remedy: "write 18-24, 65+, under 18 or -17"})
			b = survey.Bracket{Low: math.NaN()} // holds nothing
		}
		if k := slices.IndexFunc(ranges, b.Overlaps); k >= 0 {
			p.fault(at, survey.Problem{Value: text, Message: fmt.Sprintf("the range overlaps with %q", texts[k]), Remedy: "put every number in one range only"})
		}
		ranges = append(ranges, b)
	}
	return ranges, len(p.faults) == before
}

// collect maps codes to new categories, numbered 1, 2 … in their order.
func (p *preparer) collect(path string, r survey.Recode) *survey.Variable {
	from := p.variable(path+".from", r.From)
	if from == nil {
		return nil
	}
	before := len(p.faults)
	to := map[survey.Value]int{}
	labels := make([]string, len(r.Map))
	for k, net := range r.Map {
		labels[k] = net.Label
		for j, value := range net.Values {
			at := fmt.Sprintf("%s.map.%s[%d]", path, net.Label, j)
			for _, x := range p.match(at, from, value) {
				if other, taken := to[x]; taken && other != k {
					p.fault(at, survey.Problem{Variable: from.Name, Value: value.String(),
						Message: fmt.Sprintf("the value is in %q already", labels[other]), Remedy: "put every value in one category only"})
				}
				to[x] = k
			}
		}
	}
	if len(p.faults) > before {
		return nil
	}
	pick := func(x survey.Value) int {
		if k, ok := to[x]; ok {
			return k
		}
		return -1
	}
	v := p.categorise(r.Name, from, numbered(labels), pick)
	v.Measure = from.Measure
	return v
}

// categorise gives each answer of a variable the code that pick chooses by
// place; -1 leaves it missing, and a notice tells how many and which.
func (p *preparer) categorise(name string, from *survey.Variable, codes []survey.Code, pick func(survey.Value) int) *survey.Variable {
	v := &survey.Variable{Label: from.Label, Codes: codes, Numbers: p.empty()}
	o := outside{}
	for i, answered := range from.Valid() {
		if !answered {
			continue
		}
		x, _ := from.At(i)
		if k := pick(x); k >= 0 {
			v.Numbers[i] = codes[k].Value.Number
		} else {
			o[x]++
		}
	}
	p.tellOutside(name, from, o)
	return v
}

// outside counts the answers that a recode has no place for.
type outside map[survey.Value]int

// rare is the number of rows below which a text is somebody's own words: a
// notice does not repeat it.
const rare = 5

func (p *preparer) tellOutside(name string, from *survey.Variable, o outside) {
	rows, rarer := 0, 0
	var values []string
	for x, n := range o {
		rows += n
		if x.IsText && n < rare {
			rarer++
			continue
		}
		values = append(values, x.String())
	}
	if rows == 0 {
		return
	}
	slices.Sort(values)
	if rarer > 0 {
		values = append(values, fmt.Sprintf("%s texts of fewer than %d rows each", survey.FormatCount(rarer), rare))
	}
	p.notice(survey.NoticeUnplaced, []string{name}, "%s: %s rows are missing because the recode has no place for their %s: %s", name, survey.FormatCount(rows), from.Name, list(values))
}
