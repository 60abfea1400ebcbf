package prepare

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/expression"
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
// place; -1 leaves it missing, and a notice says how many and which.
func (p *preparer) categorise(name string, from *survey.Variable, codes []survey.Code, pick func(survey.Value) int) *survey.Variable {
	v := &survey.Variable{Label: from.Label, Codes: codes, Numbers: p.empty()}
	o := outside{}
	for i, answered := range from.Valid() {
		if !answered {
			continue
		}
		x, _ := from.At(i)
		if k := pick(x); k >= 0 {
			v.Numbers.Set(i, codes[k].Value.Number)
		} else {
			o[x] += from.Count(i)
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

// reverse mirrors a scale within its coded range: x becomes low + high - x,
// and the labels go with the codes. What answers count as is mirrored likewise.
func (p *preparer) reverse(path string, r survey.Recode) *survey.Variable {
	from := p.numeric(path+".from", r.From)
	if from == nil || isBlank(from) {
		return nil
	}
	var codes []survey.Code
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range from.Codes {
		if !from.IsMissing(c.Value) {
			codes = append(codes, c)
			low, high = min(low, c.Value.Number), max(high, c.Value.Number)
		}
	}
	if len(codes) < 2 {
		p.fault(path+".from", survey.Problem{Variable: from.Name, Message: "a scale without labelled ends cannot be reversed",
			Remedy: fmt.Sprintf("label its lowest and highest value in variables.%s.codes", from.Name)})
		return nil
	}
	if !p.isEven(path+".from", from, codes, low, high) {
		return nil
	}
	slices.Reverse(codes)
	for i := range codes {
		codes[i].Value.Number = low + high - codes[i].Value.Number
	}
	v := &survey.Variable{Label: from.Label, Measure: from.Measure, Polarity: from.Polarity.Turned(), Codes: codes, Numbers: p.empty()}
	if len(from.Scores) > 0 { // each score is the sum of the ends less what it was
		was := make([]float64, len(codes))
		for k, c := range codes {
			was[k], _ = from.Score(survey.NumberValue(low + high - c.Value.Number))
		}
		v.Scores = map[survey.Value]float64{}
		for k, c := range codes {
			v.Scores[c.Value] = slices.Min(was) + slices.Max(was) - was[k]
		}
	}
	o := outside{}
	for i, answered := range from.Valid() {
		switch x := from.Numbers.At(i); {
		case answered && low <= x && x <= high:
			v.Numbers.Set(i, low+high-x)
		case answered:
			o[survey.NumberValue(x)] += from.Count(i)
		}
	}
	p.tellOutside(r.Name, from, o)
	return v
}

// isEven checks that a scale's labelled and occurring values are in equal
// steps: an odd one out is as a rule a "don't know" that nobody declared
// missing, and would turn into the lowest value.
func (p *preparer) isEven(path string, from *survey.Variable, codes []survey.Code, low, high float64) bool {
	var values []float64
	seen := map[float64]bool{}
	add := func(x float64) {
		if low <= x && x <= high && !seen[x] {
			seen[x] = true
			values = append(values, x)
		}
	}
	for _, c := range codes {
		add(c.Value.Number)
	}
	for i, answered := range from.Valid() {
		if answered {
			add(from.Numbers.At(i))
		}
	}
	slices.Sort(values)
	step := (high - low) / float64(len(values)-1)
	for k, x := range values {
		if math.Abs(low+float64(k)*step-x) > 1e-9*step {
			names := make([]string, len(values))
			for i, x := range values {
				names[i] = survey.FormatNumber(x)
			}
			p.fault(path, survey.Problem{Variable: from.Name, Message: fmt.Sprintf("the steps of the scale are not equal: %s", list(names)),
				Remedy: fmt.Sprintf("declare non-answers in variables.%s.missing, label every step in its codes, or use map", from.Name)})
			return false
		}
	}
	return true
}

// rules makes segments by conditions, numbered 1, 2 … in their order: the first
// that holds counts. A rule without a condition is everybody else. Who cannot be
// judged by a rule before one holds, and whom none takes, is missing.
func (p *preparer) rules(path string, r survey.Recode) *survey.Variable {
	before := len(p.faults)
	labels := make([]string, len(r.Rules))
	conditions := make([]*expression.Expression, len(r.Rules))
	for k, rule := range r.Rules {
		at := fmt.Sprintf("%s.rules[%d]", path, k)
		if slices.Contains(labels, rule.Label) {
			p.fault(at+".label", survey.Problem{Value: rule.Label, Message: "two rules have this label", Remedy: "give each segment a different label; 'or' combines two conditions"})
		}
		labels[k] = rule.Label
		switch {
		case rule.Where != "":
			var err error
			conditions[k], err = expression.Compile(rule.Where, p.table)
			p.compiled(at+".where", err)
		case k < len(r.Rules)-1:
			p.fault(at, survey.Problem{Value: rule.Label, Message: "a rule without where takes everybody else, so the rules after it never apply", Remedy: "move it to the end"})
		}
	}
	if len(p.faults) > before || slices.Contains(conditions[:len(conditions)-1], nil) {
		return nil
	}
	// Each row has the number of the first condition that holds; nil holds always.
	v := &survey.Variable{Measure: survey.Nominal, Codes: numbered(labels), Numbers: p.empty(), Rows: p.counts()}
	open := slices.Repeat([]bool{true}, p.table.Rows)
	unjudged := 0
	for k, c := range conditions {
		holds, valid := open, open
		if c != nil {
			holds, valid = c.Truth()
		}
		for i, is := range open {
			switch {
			case is && !valid[i]:
				unjudged += v.Count(i)
				open[i] = false
			case is && holds[i]:
				v.Numbers.Set(i, float64(k+1))
				open[i] = false
			}
		}
	}
	p.tellUnruled(r.Name, unjudged, "answers that the rules need are missing")
	rest := 0
	for i, is := range open {
		if is {
			rest += v.Count(i)
		}
	}
	p.tellUnruled(r.Name, rest, "no rule applies; a last rule without where would include them")
	return v
}

func (p *preparer) tellUnruled(name string, rows int, why string) {
	if rows > 0 {
		p.notice(survey.NoticeUnplaced, []string{name}, "%s: %s rows are in no segment because %s", name, survey.FormatCount(rows), why)
	}
}
