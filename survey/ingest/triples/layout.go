package triples

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// layout is how a table becomes a survey of Triple-S.
type layout struct {
	survey.Notices
	options Options
	rows    int
	fields  []*output
	unicode bool
	faults  survey.Problems
	// Names of variables that lose something.
	missing, ordinal, unlabelled, inSets, moments, finer, broken []string
}

// output is a field of the data and its definition.
type output struct {
	variableXML
	cell  func(row int) string
	width int  // in fixed columns
	right bool // numbers are aligned right
}

func newLayout(t *survey.Table, o Options) (*layout, error) {
	l := &layout{options: o, rows: t.Rows}
	if len(t.Variables) == 0 {
		return nil, survey.Problems{{Message: "the table has no variables", Remedy: "keep at least one"}}
	}
	sets := l.sets(t)
	done := map[string]bool{}
	for _, v := range t.Variables {
		if done[v.Name] {
			continue
		}
		if s := sets[v.Name]; s != nil {
			for _, name := range s.Variables {
				done[name] = true
				l.loses(t.Lookup(name))
			}
			l.fields = append(l.fields, l.multiple(t, s))
			continue
		}
		f := l.field(v)
		if v.Name == t.Weight {
			f.Use = "weight"
		}
		l.fields = append(l.fields, f)
	}
	if err := l.faults.Err(); err != nil {
		return nil, err
	}
	latin := charmap.Windows1252.NewEncoder()
	for _, f := range l.fields {
		f.width = max(1, f.width)
		for row := range l.rows {
			cell := f.cell(row)
			f.width = max(f.width, runes(cell))
			if _, err := latin.String(cell); err != nil {
				l.unicode = true
			}
		}
		if f.Type == "character" {
			f.Size = f.width
		}
		if _, err := latin.String(f.Name); err != nil {
			l.unicode = true
		}
	}
	for _, lost := range []struct {
		what  string
		names []string
	}{
		{"which values are missing is not kept, but their labels are", l.missing},
		{"the order of the answers is not kept", l.ordinal},
		{"labels of texts are not kept where other texts have none", l.unlabelled},
		{"a multiple question keeps its own label and the labels of its answers, but not those of codes or of single variables", l.inSets},
		{"dates with times are written as texts", l.moments},
		{"days or times that are fractions, or outside the range of Triple-S, are written as numbers", l.finer},
		{"line breaks become blanks", l.broken},
	} {
		if len(lost.names) > 0 {
			l.Note(survey.NoticeNotKept, lost.names, "%s: %s", lost.what, raw.Listed(lost.names))
		}
	}
	return l, nil
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// loses records what no type of variable keeps.
func (l *layout) loses(v *survey.Variable) {
	if len(v.Missing) > 0 {
		l.missing = append(l.missing, v.Name)
	}
	if v.Measure == survey.Ordinal {
		l.ordinal = append(l.ordinal, v.Name)
	}
}

// field is the field of a single variable.
func (l *layout) field(v *survey.Variable) *output {
	l.loses(v)
	f := &output{variableXML: variableXML{Name: v.Name, Label: v.Label}}
	switch v.Kind {
	case survey.Text:
		labelled := map[string]bool{}
		for _, c := range v.Codes {
			labelled[c.Value.Text] = c.Value.Text != "" && c.Value.Text == strings.TrimSpace(c.Value.Text)
		}
		f.Type = "character"
		if all(v, func(x survey.Value) bool { return labelled[x.Text] }) && len(v.Codes) > 0 && !slices.ContainsFunc(v.Codes, func(c survey.Code) bool { return !labelled[c.Value.Text] }) {
			f.Type, f.Format = "single", "literal"
			f.Values = &valuesXML{Values: codes(v)}
		} else if len(v.Codes) > 0 {
			l.unlabelled = append(l.unlabelled, v.Name)
		}
		breaks := strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
		if l.options.Fixed && slices.ContainsFunc(v.Texts.Values, func(s string) bool { return strings.ContainsAny(s, "\r\n") }) {
			l.broken = append(l.broken, v.Name)
		}
		f.cell = func(row int) string {
			x, _ := v.At(row)
			if l.options.Fixed {
				return breaks.Replace(x.Text)
			}
			return x.Text
		}
	case survey.Date:
		l.moment(f, v, "date", day)
	case survey.TimeOfDay:
		l.moment(f, v, "time", clock)
	case survey.DateTime:
		l.moments = append(l.moments, v.Name)
		l.moment(f, v, "character", func(x float64) (string, bool) {
			t, ok := moment(x)
			return t.Format("2006-01-02T15:04:05"), ok
		})
	default:
		l.number(f, v)
	}
	return f
}

// moment writes dates and times, or numbers where one is not of its type.
func (l *layout) moment(f *output, v *survey.Variable, kind string, spell func(x float64) (string, bool)) {
	if !all(v, func(x survey.Value) bool { _, ok := spell(x.Number); return ok }) {
		l.finer = append(l.finer, v.Name)
		l.number(f, v)
		return
	}
	f.Type = kind
	f.cell = func(row int) string {
		x, ok := v.At(row)
		if !ok {
			return ""
		}
		s, _ := spell(x.Number)
		return s
	}
}

// number is a single question where each value has a label, else a quantity.
func (l *layout) number(f *output, v *survey.Variable) {
	for i, x := range v.Numbers.All() {
		if math.IsInf(x, 0) {
			l.faults = append(l.faults, survey.Problem{Row: i + 1, Variable: v.Name, Value: survey.FormatNumber(x), Message: "an infinite number cannot be written", Remedy: "recode it to missing"})
			break
		}
	}
	f.right = true
	f.cell = func(row int) string {
		if math.IsNaN(v.Numbers.At(row)) {
			return ""
		}
		return decimal(v.Numbers.At(row))
	}
	f.Type, f.Values = "quantity", &valuesXML{Values: codes(v)}
	for _, c := range f.Values.Values {
		f.width = max(f.width, len(c.Code))
	}
	if labelledNumbers(v) != nil {
		f.Type = "single"
		return
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range v.Numbers.All() {
		if !math.IsNaN(x) && !slices.ContainsFunc(v.Codes, func(c survey.Code) bool { return c.Value.Number == x }) {
			low, high = min(low, x), max(high, x)
		}
	}
	if low <= high {
		f.Values.Range = &rangeXML{decimal(low), decimal(high)}
	} else if len(v.Codes) == 0 {
		f.Values = nil
	}
}

// labelledNumbers are the codes of a variable that is a single question: all
// whole and not negative, and without any other value. Else nil.
func labelledNumbers(v *survey.Variable) map[float64]bool {
	if v.Kind != survey.Number || len(v.Codes) == 0 {
		return nil
	}
	known := map[float64]bool{}
	for _, c := range v.Codes {
		x := c.Value.Number
		if x < 0 || x != math.Trunc(x) || x > farthest {
			return nil
		}
		known[x] = true
	}
	if !all(v, func(x survey.Value) bool { return known[x.Number] }) {
		return nil
	}
	return known
}

// all reports whether so is true of every value that is not missing.
func all(v *survey.Variable, so func(survey.Value) bool) bool {
	if v.IsText() {
		for _, k := range v.Texts.Index.All() {
			if k >= 0 && !so(survey.TextValue(v.Texts.Values[k])) {
				return false
			}
		}
		return true
	}
	for _, x := range v.Numbers.All() {
		if !math.IsNaN(x) && !so(survey.NumberValue(x)) {
			return false
		}
	}
	return true
}

func codes(v *survey.Variable) (values []valueXML) {
	for _, c := range v.Codes {
		code := c.Value.Text
		if !c.Value.IsText {
			code = decimal(c.Value.Number)
		}
		values = append(values, valueXML{code, c.Label})
	}
	return values
}

// decimal is the shortest decimal that reads back, without an exponent.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

const daySeconds = 86400

// day is yyyymmdd.
func day(x float64) (s string, ok bool) {
	t, ok := moment(x * daySeconds)
	return t.Format("20060102"), ok && x == math.Trunc(x)
}

// clock is hhmmss.
func clock(x float64) (s string, ok bool) {
	t, ok := moment(x)
	return t.Format("150405"), ok && x >= 0 && x < daySeconds
}

// moment is a whole second of the years from 1 to 9999.
func moment(x float64) (t time.Time, ok bool) {
	const first, after = -62135596800, 253402300800
	if !(x == math.Trunc(x) && first <= x && x < after) {
		return time.Time{}, false
	}
	return time.Unix(int64(x), 0).UTC(), true
}

// sets finds the set of each variable; a notice names the sets that a field cannot
// hold.
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

// fits reports whether a field can hold the set: variables of 0 and 1 that are
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
		for i, x := range v.Numbers.All() {
			if math.IsNaN(x) != math.IsNaN(first.Numbers.At(i)) {
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

// bits writes a digit for each answer. Variables NAME_CODE keep their codes.
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
		if math.IsNaN(vars[0].Numbers.At(row)) {
			return ""
		}
		digits := []byte(strings.Repeat("0", last))
		for k, v := range vars {
			if v.Numbers.At(row) == 1 {
				digits[places[k]-1] = '1'
			}
		}
		return string(digits)
	}
}

// subfields writes a code for each variable, zeros where there is none.
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
			x := v.Numbers.At(row)
			if math.IsNaN(x) {
				x = 0
			}
			fmt.Fprintf(&cell, "%0*d", width, int(x))
		}
		return cell.String()
	}
}

// renamed says that the set's variables will have other names when they are read.
func (l *layout) renamed(set string, vars []*survey.Variable) {
	names := make([]string, len(vars))
	for k, v := range vars {
		names[k] = v.Name
	}
	l.Note(survey.NoticeNotKept, names, "the variables of %s are named %s_1 and so on when they are read: %s", set, set, raw.Listed(names))
}
