package prepare

import (
	"fmt"
	"maps"
	"slices"

	"surveykit/survey"
)

// overrides corrects the dictionaries as study.Variables and study.Missing say.
func (p *preparer) overrides() {
	for _, name := range slices.Sorted(maps.Keys(p.study.Variables)) {
		path := "$.variables." + name
		v := p.variable(path, name)
		if v == nil {
			continue
		}
		spec, corrected := p.study.Variables[name], *v
		if spec.Label != "" {
			corrected.Label = spec.Label
		}
		if spec.Measure != survey.MeasureUnknown {
			corrected.Measure = spec.Measure
		}
		if spec.Polarity != survey.Unordered {
			corrected.Polarity = spec.Polarity
		}
		if spec.Codes != nil {
			corrected.Codes = p.codes(path, v, spec.Codes)
		}
		if spec.Missing != nil {
			corrected.Missing = p.missing(path, v, spec.Missing)
		}
		if spec.Empty == survey.EmptyAsked {
			corrected.EmptyAsked = make([]bool, v.Len())
			for i := range corrected.EmptyAsked {
				_, given := v.At(i)
				corrected.EmptyAsked[i] = !given
			}
		}
		if spec.Values != nil {
			corrected.Scores = p.scores(path+".values", &corrected, spec.Values)
		}
		p.table = p.table.With(&corrected)
	}
	p.missingEverywhere()
}

// missingEverywhere declares the answers missing that the study lists for all
// variables by label. A notice names the labels that no variable has, unless only
// some columns were read.
func (p *preparer) missingEverywhere() {
	if len(p.study.Missing) == 0 {
		return
	}
	found := make([]bool, len(p.study.Missing))
	var corrected []*survey.Variable
	for _, v := range p.table.Variables {
		if p.study.Variables[v.Name].Missing != nil {
			continue
		}
		var more []survey.Missing
		for k, m := range p.study.Missing {
			label := survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText}.String()
			values := v.Labelled(label)
			if x := survey.TextValue(label); v.IsText() && occurs(v, x) && !slices.Contains(values, x) {
				values = append(values, x)
			}
			for _, x := range values {
				if found[k] = true; !v.IsMissing(x) {
					more = append(more, survey.MissingValue(x, m.Reason))
				}
			}
		}
		if more != nil {
			w := *v
			w.Missing = slices.Concat(v.Missing, more)
			corrected = append(corrected, &w)
		}
	}
	p.table = p.table.With(corrected...)
	for k, m := range p.study.Missing {
		if !found[k] && p.table.Columns == nil {
			p.notice(survey.NoticeUnseen, nil, "no variable has the answer %q, which the study declares missing", survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText})
		}
	}
}

// scores are what answers count as. Every answer of texts must have a number,
// and no answer two.
func (p *preparer) scores(path string, v *survey.Variable, given survey.ScoreList) map[survey.Value]float64 {
	scores := map[survey.Value]float64{}
	for _, s := range given {
		at := path + "." + s.Answer.String()
		for _, x := range p.match(at, v, s.Answer) {
			if other, twice := scores[x]; twice && other != s.Number {
				p.fault(at, survey.Problem{Variable: v.Name, Value: x.String(), Message: "the answer has two values", Remedy: "keep one of them"})
			}
			scores[x] = s.Number
		}
	}
	if !v.IsText() || len(scores) < len(given) {
		return scores
	}
	var without []string
	for _, x := range survey.Classify(v).Values {
		if _, ok := scores[x]; !ok {
			without = append(without, x.String())
		}
	}
	if len(without) > 0 {
		p.fault(path, survey.Problem{Variable: v.Name, Message: "text answers without a value: " + list(without),
			Remedy: fmt.Sprintf("give each a value, or declare it in variables.%s.missing", v.Name)})
	}
	return scores
}

// codes checks a new list of codes. Notices say which never occur, and which
// values that do occur lose their label.
func (p *preparer) codes(path string, v *survey.Variable, codes survey.CodeList) []survey.Code {
	var good []survey.Code
	var unseen, unlabelled []string
	for _, c := range codes {
		if !p.fits(fmt.Sprintf("%s.codes.%s", path, c.Value), v, c.Value) {
			continue
		}
		good = append(good, c)
		if !occurs(v, c.Value) {
			unseen = append(unseen, c.Value.String())
		}
	}
	for _, old := range v.Codes {
		if !slices.ContainsFunc(codes, func(c survey.Code) bool { return c.Value == old.Value }) && occurs(v, old.Value) {
			unlabelled = append(unlabelled, fmt.Sprintf("%s (%s)", old.Value, old.Label))
		}
	}
	if len(unseen) > 0 {
		p.notice(survey.NoticeUnseen, []string{v.Name}, "%s: no row has the labelled %s", v.Name, list(unseen))
	}
	if len(unlabelled) > 0 {
		p.notice(survey.NoticeRecoded, []string{v.Name}, "%s: the study's codes do not include %s of the file", v.Name, list(unlabelled))
	}
	return good
}

// missing checks a new list of missing values. Notices say which never occur,
// and which of the file's are answers from now on.
func (p *preparer) missing(path string, v *survey.Variable, missing survey.MissingList) []survey.Missing {
	var good []survey.Missing
	var unseen, undone []string
	for _, m := range missing {
		x := survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText}
		if !p.fits(path+".missing", v, x) {
			continue
		}
		good = append(good, m)
		if m.Low == m.High && !occurs(v, x) {
			unseen = append(unseen, x.String())
		}
	}
	corrected := survey.Variable{Missing: good}
	for i := range v.Len() {
		x, ok := v.At(i)
		if ok && v.IsMissing(x) && !corrected.IsMissing(x) && !slices.Contains(undone, x.String()) {
			undone = append(undone, x.String())
		}
	}
	if len(unseen) > 0 {
		p.notice(survey.NoticeUnseen, []string{v.Name}, "%s: no row has the missing value %s", v.Name, list(unseen))
	}
	if len(undone) > 0 {
		p.notice(survey.NoticeRecoded, []string{v.Name}, "%s: %s is missing in the file and an answer in the study", v.Name, list(undone))
	}
	return good
}

// fits reports a text value of a number, or the reverse.
func (p *preparer) fits(path string, v *survey.Variable, x survey.Value) bool {
	if x.IsText == v.IsText() {
		return true
	}
	remedy := "write the number without quotes"
	if v.IsText() {
		remedy = fmt.Sprintf("write '%s' in quotes", x)
	}
	p.fault(path, survey.Problem{Variable: v.Name, Value: x.String(), Message: fmt.Sprintf("the variable holds %s values", v.Kind), Remedy: remedy})
	return false
}

// occurs reports whether a row holds the value.
func occurs(v *survey.Variable, x survey.Value) bool {
	if v.IsText() {
		return slices.Contains(v.Texts.Values, x.Text)
	}
	return v.Numbers.Contains(x.Number)
}
