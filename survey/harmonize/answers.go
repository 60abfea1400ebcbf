package harmonize

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"surveykit/survey"
)

// model is a variable of the stacked data while it is made: the dictionary in the
// stacked coding, and the unlabelled values in its files.
type model struct {
	*survey.Variable
	// stem is the name without the suffix that its file adds to all names.
	stem       string
	unlabelled []float64
	// merged marks a variable that belongs to a row of earlier files.
	merged bool
	// doubted is the last file with a variable that it may or may not match.
	doubted int
}

// mostDistinct is how many different values are examined one by one.
const mostDistinct = 5000

// unlabelled lists the answers without a label, in the order of the rows, at
// most mostDistinct of them.
func unlabelled(v *survey.Variable) []float64 {
	known := map[float64]bool{}
	for _, c := range v.Codes {
		known[c.Value.Number] = true
	}
	var out []float64
	for _, x := range v.Numbers.All() {
		if math.IsNaN(x) || known[x] || v.IsMissing(survey.NumberValue(x)) {
			continue
		}
		if known[x] = true; len(out) == mostDistinct {
			return out
		}
		out = append(out, x)
	}
	return out
}

// answers says how the codes of a file's variable relate to the stacked ones.
type answers struct {
	// similarity (0–1) is the share of the shorter list of codes that the other
	// list has, NaN where one has none.
	similarity float64
	changes    []Change
	recode     survey.CodeList
	// conflict says why values cannot be distinguished, "" where they can.
	conflict string
}

// pair is a stacked code and the file's code that means the same.
type pair struct {
	a, b survey.Code
	same bool // the labels are the same
}

func compareAnswers(a, b *model) answers {
	pairs, removed, added := pairCodes(a.Codes, b.Codes)
	out := answers{similarity: math.NaN()}
	if len(a.Codes) > 0 && len(b.Codes) > 0 {
		out.similarity = 0
		for _, p := range pairs {
			out.similarity += p.similarity() / float64(min(len(a.Codes), len(b.Codes)))
		}
	}
	reversed := isReversed(pairs)
	for _, p := range pairs {
		if p.a.Value != p.b.Value {
			out.recode = append(out.recode, survey.Code{Value: p.b.Value, Label: p.a.Value.String()})
			if !reversed {
				out.note(CodeMoved, "%s is %s here, %s before", p.b.Label, p.b.Value, p.a.Value)
			}
		}
		if !p.same {
			out.note(CodeRelabeled, "%s is %q here, %q before", p.b.Value, p.b.Label, p.a.Label)
		}
	}
	if reversed {
		out.note(Reversed, "the answers are in the opposite order")
		out.between(pairs)
	}
	if len(a.Codes) > 0 && len(b.Codes) > 0 {
		for _, c := range added {
			out.note(CodeAdded, "%s (%s) is new", c.Value, c.Label)
		}
		for _, c := range removed {
			out.note(CodeRemoved, "%s (%s) is not in this file", c.Value, c.Label)
		}
	}
	out.collisions(a, b, added)
	out.missing(a, b, pairs, removed, added)
	return out
}

func (p pair) similarity() float64 {
	if p.same {
		return 1
	}
	return plain(p.a.Label, p.b.Label)
}

func (s *answers) note(kind ChangeKind, format string, args ...any) {
	s.changes = append(s.changes, Change{Kind: kind, Text: fmt.Sprintf(format, args...)})
}

// pairCodes pairs codes of the same label and value, then of the same label,
// then of the same value.
func pairCodes(a, b []survey.Code) (pairs []pair, onlyA, onlyB []survey.Code) {
	onlyA, onlyB = slices.Clone(a), slices.Clone(b)
	for _, fits := range []func(x, y survey.Code) bool{
		func(x, y survey.Code) bool { return x.Value == y.Value && fold(x.Label) == fold(y.Label) },
		func(x, y survey.Code) bool {
			return fold(x.Label) == fold(y.Label) && once(a, x.Label) && once(b, y.Label)
		},
		func(x, y survey.Code) bool { return x.Value == y.Value },
	} {
		onlyB = slices.DeleteFunc(onlyB, func(y survey.Code) bool {
			k := slices.IndexFunc(onlyA, func(x survey.Code) bool { return fits(x, y) })
			if k < 0 {
				return false
			}
			pairs = append(pairs, pair{onlyA[k], y, fold(onlyA[k].Label) == fold(y.Label)})
			onlyA = slices.Delete(onlyA, k, k+1)
			return true
		})
	}
	return pairs, onlyA, onlyB
}

// once reports whether only one code has the label.
func once(codes []survey.Code, label string) bool {
	n := 0
	for _, c := range codes {
		if fold(c.Label) == fold(label) {
			n++
		}
	}
	return n == 1
}

// fewestReversed is how many answers a scale needs for its order to be recognised.
const fewestReversed = 3

// isReversed reports whether the answers are in the opposite order: for each label
// that moved, its two values have the same sum, and a value between them that
// stayed is the middle. Codes outside, such as 99, may stay.
func isReversed(pairs []pair) bool {
	low, high, sum, n := math.Inf(1), math.Inf(-1), math.NaN(), 0
	for _, p := range pairs {
		if p.a.Value.IsText || p.b.Value.IsText {
			return false
		}
		if p.a.Value == p.b.Value || !p.same {
			continue
		}
		if x := p.a.Value.Number + p.b.Value.Number; n == 0 {
			sum = x
		} else if x != sum {
			return false
		}
		n++
		low, high = math.Min(low, p.b.Value.Number), math.Max(high, p.b.Value.Number)
	}
	for _, p := range pairs {
		x := p.b.Value.Number
		if p.a.Value != p.b.Value || x < low || x > high {
			continue
		}
		if 2*x != sum {
			return false
		}
		n++
	}
	return n >= fewestReversed || n == 2 && high-low > 1
}

// between also reverses the values without a label between the ends of a reversed
// scale.
func (s *answers) between(pairs []pair) {
	low, high, sum := math.Inf(1), math.Inf(-1), 0.
	listed := map[float64]bool{}
	for _, p := range pairs {
		listed[p.b.Value.Number] = true
		if p.same && p.a.Value != p.b.Value {
			low, high, sum = math.Min(low, p.b.Value.Number), math.Max(high, p.b.Value.Number), p.a.Value.Number+p.b.Value.Number
		}
	}
	if high-low > mostDistinct {
		return
	}
	for x := low + 1; x < high; x++ {
		if y := sum - x; !listed[x] && y != x {
			s.recode = append(s.recode, survey.Code{Value: survey.NumberValue(x), Label: survey.FormatNumber(y)})
		}
	}
}

// turned is a value of the file in the stacked coding.
func (s *answers) turned(x survey.Value) survey.Value { return recoded(s.recode, x) }

func recoded(recode survey.CodeList, x survey.Value) survey.Value {
	for _, c := range recode {
		if c.Value == x {
			return targetOf(c.Label, x.IsText)
		}
	}
	return x
}

// collisions finds values that stay although another value moves to them.
func (s *answers) collisions(a, b *model, added []survey.Code) {
	taken := map[survey.Value]bool{}
	if len(b.Codes) > 0 {
		for _, c := range a.Codes {
			taken[c.Value] = true
		}
	}
	for _, c := range added {
		if taken[c.Value] {
			s.conflict = fmt.Sprintf("%s is %q here, and another answer before", c.Value, c.Label)
		}
	}
	targets := map[survey.Value]bool{}
	for _, c := range s.recode {
		targets[targetOf(c.Label, b.IsText())] = true
	}
	for _, x := range b.unlabelled {
		if v := survey.NumberValue(x); targets[v] && s.turned(v) == v {
			s.conflict = fmt.Sprintf("%s has no label here, and the code of another value would change to it", v)
		}
	}
}

// missing compares what is declared missing.
func (s *answers) missing(a, b *model, pairs []pair, removed, added []survey.Code) {
	for _, p := range pairs {
		if before, now := a.IsMissing(p.a.Value), b.IsMissing(p.b.Value); before != now {
			s.note(MissingRules, "%s (%s) %s here, %s before; stacked, it is missing", p.b.Value, p.b.Label, missingOr(now), missingOr(before))
			if !p.same && p.similarity() < likeWording {
				s.conflict = fmt.Sprintf("%s %s here as %q, and %s before as %q", p.b.Value, missingOr(now), p.b.Label, missingOr(before), p.a.Label)
			}
		}
	}
	clash := func(x survey.Value, here bool) {
		where := "here"
		if !here {
			where = "before"
		}
		s.conflict = fmt.Sprintf("%s is an answer %s, and missing in the other file", x, where)
	}
	for _, x := range b.unlabelled {
		if v := survey.NumberValue(x); a.IsMissing(s.turned(v)) {
			clash(v, true)
		}
	}
	for _, x := range a.unlabelled {
		if v := survey.NumberValue(x); s.turned(v) == v && b.IsMissing(v) {
			clash(v, false)
		}
	}
	for _, c := range added {
		if a.IsMissing(c.Value) && !b.IsMissing(c.Value) {
			clash(c.Value, true)
		}
	}
	for _, c := range removed {
		if b.IsMissing(c.Value) && !a.IsMissing(c.Value) {
			clash(c.Value, false)
		}
	}
	for _, m := range b.Missing {
		for _, c := range s.recode {
			if !m.IsText && m.Low != m.High && !c.Value.IsText && m.Low <= c.Value.Number && c.Value.Number <= m.High {
				s.conflict = fmt.Sprintf("%s is in a range of missing values here, and had another code before", c.Value)
			}
		}
	}
}

func missingOr(missing bool) string {
	if missing {
		return "is missing"
	}
	return "is an answer"
}

// join adds a file's codes and missing values to the dictionary.
func (a *model) join(b *model, s answers) {
	joined := *a.Variable
	joined.Codes, joined.Missing = slices.Clone(a.Codes), slices.Clone(a.Missing)
	_, _, added := pairCodes(a.Codes, b.Codes)
	for _, c := range added {
		joined.Codes = append(joined.Codes, survey.Code{Value: s.turned(c.Value), Label: c.Label})
	}
	joined.Missing = append(joined.Missing, turnedMissing(b.Missing, s.recode)...)
	if joined.Label == "" {
		joined.Label = b.Label
	}
	for _, x := range b.unlabelled {
		a.unlabelled = append(a.unlabelled, s.turned(survey.NumberValue(x)).Number)
	}
	a.Variable = &joined
}

// turnedMissing are missing values in the stacked coding; ranges stay.
func turnedMissing(missing []survey.Missing, recode survey.CodeList) []survey.Missing {
	out := slices.Clone(missing)
	for i, m := range out {
		switch {
		case m.IsText:
			out[i].Text = recoded(recode, survey.TextValue(m.Text)).Text
		case m.Low == m.High:
			out[i].Low = recoded(recode, survey.NumberValue(m.Low)).Number
			out[i].High = out[i].Low
		}
	}
	return out
}

// Target is the new value of an entry of a recode.
func Target(c survey.Code) survey.Value { return targetOf(c.Label, c.Value.IsText) }

// targetOf reads the new value of a recode, in the kind of its variable.
func targetOf(s string, text bool) survey.Value {
	if x, err := strconv.ParseFloat(s, 64); err == nil && !text {
		return survey.NumberValue(x)
	}
	return survey.TextValue(s)
}
