package columnar

import (
	"encoding/json"
	"errors"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Key is the metadata key of the dictionary. pandas reads and writes the
// attributes of a DataFrame there, so it keeps the dictionary.
const Key = "PANDAS_ATTRS"

// attributes are the value of Key: the dictionary is one of them.
type attributes struct {
	Dictionary *dictionary `json:"surveykit"`
}

type dictionary struct {
	Weight    string              `json:"weight,omitempty"`
	Variables map[string]variable `json:"variables"`
	Sets      []set               `json:"sets,omitempty"`
}

type variable struct {
	Label    string          `json:"label,omitempty"`
	Kind     survey.Kind     `json:"kind"`
	Measure  survey.Measure  `json:"measure,omitempty"`
	Polarity survey.Polarity `json:"polarity,omitempty"`
	Format   string          `json:"format,omitempty"`
	Codes    []code          `json:"codes,omitempty"`
	Missing  []missing       `json:"missing,omitempty"`
}

type code struct {
	Value value  `json:"value"`
	Label string `json:"label"`
}

// missing is one value, or a range whose absent ends are infinite.
type missing struct {
	Value  *value        `json:"value,omitempty"`
	Low    *float64      `json:"low,omitempty"`
	High   *float64      `json:"high,omitempty"`
	Reason survey.Reason `json:"reason,omitempty"`
}

type set struct {
	Name      string   `json:"name"`
	Label     string   `json:"label,omitempty"`
	Variables []string `json:"variables"`
	Counted   *value   `json:"counted,omitempty"`
}

// value is a number or a text of JSON.
type value survey.Value

// MarshalJSON writes a number or a text.
func (v value) MarshalJSON() ([]byte, error) {
	if v.IsText {
		return json.Marshal(v.Text)
	}
	return json.Marshal(v.Number)
}

// UnmarshalJSON reads a number or a text.
func (v *value) UnmarshalJSON(b []byte) error {
	var x any
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	switch x := x.(type) {
	case string:
		*v = value(survey.TextValue(x))
	case float64:
		*v = value(survey.NumberValue(x))
	default:
		return errors.New("a value is a number or a text")
	}
	return nil
}

// Dictionary is the JSON of the table's dictionary, for Key: labels, kinds, measures, codes, missing rules, sets and weight. The
// same table gives the same bytes.
func Dictionary(t *survey.Table) (string, error) {
	d := dictionary{Weight: t.Weight, Variables: map[string]variable{}}
	for _, v := range t.Variables {
		d.Variables[v.Name] = newVariable(v)
	}
	for _, s := range t.Sets {
		d.Sets = append(d.Sets, set{s.Name, s.Label, s.Variables, (*value)(s.Counted)})
	}
	b, err := json.Marshal(attributes{&d})
	return string(b), err
}

func newVariable(v *survey.Variable) variable {
	d := variable{Label: v.Label, Kind: v.Kind, Measure: v.Measure, Polarity: v.Polarity, Format: v.Format}
	for _, c := range v.Codes {
		d.Codes = append(d.Codes, code{value(c.Value), c.Label})
	}
	for _, m := range v.Missing {
		d.Missing = append(d.Missing, rule(m))
	}
	return d
}

func rule(m survey.Missing) missing {
	switch {
	case m.IsText:
		x := value(survey.TextValue(m.Text))
		return missing{Value: &x, Reason: m.Reason}
	case m.Low == m.High:
		x := value(survey.NumberValue(m.Low))
		return missing{Value: &x, Reason: m.Reason}
	}
	out := missing{Reason: m.Reason}
	if !math.IsInf(m.Low, 0) {
		out.Low = &m.Low
	}
	if !math.IsInf(m.High, 0) {
		out.High = &m.High
	}
	return out
}

func (m missing) rule() survey.Missing {
	if m.Value != nil {
		return survey.Missing{Low: m.Value.Number, High: m.Value.Number, Text: m.Value.Text, IsText: m.Value.IsText, Reason: m.Reason}
	}
	out := survey.Missing{Low: math.Inf(-1), High: math.Inf(1), Reason: m.Reason}
	if m.Low != nil {
		out.Low = *m.Low
	}
	if m.High != nil {
		out.High = *m.High
	}
	return out
}

// Describe adds to the variables of a table what the JSON says of them. What does
// not fit because a program changed the table and kept the metadata is left out
// with a notice. JSON of other programs is ignored.
func Describe(t *survey.Table, text string) {
	var all attributes
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Notices.Note(survey.NoticeLabels, nil, "the labels in the file's metadata cannot be read: %v", err)
		return
	}
	d := all.Dictionary
	if d == nil {
		return
	}
	var unfit []string
	for _, v := range t.Variables {
		if one, ok := d.Variables[v.Name]; ok && !one.describe(v) {
			unfit = append(unfit, v.Name)
		}
	}
	for _, s := range d.Sets {
		if slices.ContainsFunc(s.Variables, func(name string) bool { return t.Lookup(name) == nil }) {
			unfit = append(unfit, s.Name)
			continue
		}
		t.Sets = append(t.Sets, survey.MultipleResponse{Name: s.Name, Label: s.Label, Variables: s.Variables, Counted: (*survey.Value)(s.Counted)})
	}
	if w := t.Lookup(d.Weight); w != nil && !w.IsText() {
		t.Weight = d.Weight
	} else if d.Weight != "" {
		unfit = append(unfit, d.Weight)
	}
	if len(unfit) > 0 {
		t.Notices.Note(survey.NoticeLabels, unfit, "the file was changed after surveykit wrote it: its labels no longer fit and were left out for %s", raw.Listed(unfit))
	}
}

// describe adds to v what is known of it, unless texts became numbers or numbers
// texts.
func (d variable) describe(v *survey.Variable) (fits bool) {
	fits = (d.Kind == survey.Text) == v.IsText()
	for _, c := range d.Codes {
		fits = fits && c.Value.IsText == v.IsText()
	}
	for _, m := range d.Missing {
		fits = fits && (m.Value != nil && m.Value.IsText) == v.IsText()
	}
	v.Label = d.Label
	if !fits {
		return false
	}
	v.Kind = known(d.Kind, v.Kind, survey.Number, survey.Date, survey.DateTime, survey.TimeOfDay)
	v.Measure = known(d.Measure, survey.MeasureUnknown, survey.Nominal, survey.Ordinal, survey.Scale)
	v.Polarity = known(d.Polarity, survey.Unordered, survey.OneSided, survey.Rising, survey.Falling)
	v.Format, v.Codes, v.Missing = d.Format, nil, nil
	for _, c := range d.Codes {
		v.Codes = append(v.Codes, survey.Code{Value: survey.Value(c.Value), Label: c.Label})
	}
	for _, m := range d.Missing {
		v.Missing = append(v.Missing, m.rule())
	}
	return true
}

// known is the word where it is one of those, else the other one.
func known[T comparable](word, other T, those ...T) T {
	if slices.Contains(those, word) {
		return word
	}
	return other
}
