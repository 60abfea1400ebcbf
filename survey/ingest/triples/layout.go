package triples

import (
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
	// Variables of whom something is lost.
	missing, ordinal, unlabelled, inSets, moments, finer, broken []string
}

// output is a field of the data and its definition.
type output struct {
	variableXML
	cell  func(row int) string
	width int  // in fixed columns
	right bool // numbers stand at the right
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
	l.measure()
	l.tell()
	return l, nil
}

// measure finds how wide the fields are, and whether a text needs UTF-8.
func (l *layout) measure() {
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
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// tell says what is not kept.
func (l *layout) tell() {
	for _, lost := range []struct {
		what  string
		names []string
	}{
		{"it is not kept which values are missing, but their labels are", l.missing},
		{"it is not kept that the answers have an order", l.ordinal},
		{"labels of texts are not kept, since other texts have none", l.unlabelled},
		{"a multiple question keeps its own label and the labels of its answers, but not others: those of the codes, or of the variables", l.inSets},
		{"moments are written as texts", l.moments},
		{"days or times with fractions, or outside what Triple-S holds, are written as numbers", l.finer},
		{"line breaks become blanks", l.broken},
	} {
		if len(lost.names) > 0 {
			l.Note(survey.NoticeNotKept, lost.names, "%s: %s", lost.what, raw.Listed(lost.names))
		}
	}
}

// loses notes what no type of variable keeps.
func (l *layout) loses(v *survey.Variable) {
	if len(v.Missing) > 0 {
		l.missing = append(l.missing, v.Name)
	}
	if v.Measure == survey.Ordinal {
		l.ordinal = append(l.ordinal, v.Name)
	}
}

// field is the field of a variable by itself.
func (l *layout) field(v *survey.Variable) *output {
	l.loses(v)
	f := &output{variableXML: variableXML{Name: v.Name, Label: v.Label}}
	switch v.Kind {
	case survey.Text:
		l.text(f, v)
	case survey.Date:
		l.moment(f, v, "date", day)
	case survey.TimeOfDay:
		l.moment(f, v, "time", clock)
	case survey.DateTime:
		l.moments = append(l.moments, v.Name)
		l.moment(f, v, "character", second)
	default:
		l.number(f, v)
	}
	return f
}

func (l *layout) text(f *output, v *survey.Variable) {
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
}

// moment writes dates and times, or numbers where one is none of its type.
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
	for i, x := range v.Numbers {
		if math.IsInf(x, 0) {
			l.faults = append(l.faults, survey.Problem{Row: i + 1, Variable: v.Name, Value: survey.FormatNumber(x), Message: "an infinite number cannot be written", Remedy: "recode it to missing"})
			break
		}
	}
	f.right = true
	f.cell = func(row int) string {
		if math.IsNaN(v.Numbers[row]) {
			return ""
		}
		return decimal(v.Numbers[row])
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
	for _, x := range v.Numbers {
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

// all tells whether every value that is there is so.
func all(v *survey.Variable, so func(survey.Value) bool) bool {
	if v.IsText() {
		for _, k := range v.Texts.Index {
			if k >= 0 && !so(survey.TextValue(v.Texts.Values[k])) {
				return false
			}
		}
		return true
	}
	for _, x := range v.Numbers {
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

// second is a moment as ISO 8601 has it.
func second(x float64) (s string, ok bool) {
	t, ok := moment(x)
	return t.Format("2006-01-02T15:04:05"), ok
}

// moment is a whole second of the years from 1 to 9999.
func moment(x float64) (t time.Time, ok bool) {
	const first, behind = -62135596800, 253402300800
	if !(x == math.Trunc(x) && first <= x && x < behind) {
		return time.Time{}, false
	}
	return time.Unix(int64(x), 0).UTC(), true
}
