package triples

import (
	"fmt"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// plan is how the records of a survey become a table.
type plan struct {
	survey.Notices
	path   string
	record *record
	names  raw.Names
	fields []*field
	result survey.Table
	faults survey.Problems
}

// field is a variable of the definition and the columns that it becomes.
type field struct {
	*variable
	columns []*column
	labels  map[string]string // of codes
	width   int               // of a subfield, 0 where there is one field
	strange map[string]int    // labelled codes that are no numbers
}

// The farthest column of data, and what else bounds a definition's promises.
const farthest = 1 << 20

func newPlan(d *document, path string) (*plan, error) {
	p := &plan{path: path, record: &d.Survey.Record, names: raw.Names{}}
	if len(p.record.Variables) == 0 {
		return nil, problem(path, "the definition has no variables", "export it again")
	}
	scores, filters := 0, 0
	for i := range p.record.Variables {
		v := &p.record.Variables[i]
		v.Type = strings.ToLower(v.Type)
		if message := v.check(p.record.csv()); message != "" {
			p.faults = append(p.faults, survey.Problem{File: path, Variable: v.Name, Message: message, Remedy: "mend the definition, or export it again"})
			continue
		}
		p.fields = append(p.fields, p.field(v, d.Lang))
		if v.Use == "weight" && p.result.Weight == "" {
			p.result.Weight = p.fields[len(p.fields)-1].columns[0].Name
		}
		if v.Filter != "" {
			filters++
		}
		for _, x := range v.Values {
			if x.Score != "" {
				scores++
			}
		}
	}
	if filters > 0 {
		p.Note(survey.NoticeNotKept, nil, "the filters of %d variables, which say who was asked, are not kept", filters)
	}
	if scores > 0 {
		p.Note(survey.NoticeNotKept, nil, "the scores of %d answers are not kept", scores)
	}
	return p, p.faults.Err()
}

// check says what is wrong with a variable's definition.
func (v *variable) check(csv bool) string {
	pos := v.Position
	switch {
	case pos == nil:
		return "the variable has no position"
	case pos.Start < 1 || pos.Finish > farthest || pos.Start > farthest || pos.Finish != 0 && pos.Finish < pos.Start:
		return fmt.Sprintf("the position %d to %d does not exist", pos.Start, pos.Finish)
	}
	if pos.Finish == 0 {
		pos.Finish = pos.Start
	}
	length := pos.Finish - pos.Start + 1
	switch v.Type {
	case "single", "quantity", "character", "logical", "date", "time":
		return ""
	case "multiple":
	default:
		return fmt.Sprintf("there is no type %q", v.Type)
	}
	if v.Spread != nil {
		if n := v.Spread.Subfields; n < 1 || n > farthest || !csv && (length%n != 0 || v.Spread.Width != 0 && v.Spread.Width*n != length) {
			return fmt.Sprintf("%d columns cannot hold %d subfields", length, n)
		}
		return ""
	}
	for _, x := range v.Values {
		code, err := strconv.Atoi(x.Code)
		if err != nil || code < 1 || code > farthest || !csv && code > length {
			return fmt.Sprintf("no bit stands for the code %q", x.Code)
		}
	}
	return ""
}

// literal tells whether the codes are texts.
func (v *variable) literal() bool { return strings.EqualFold(v.Format, "literal") }

// field makes the columns of a variable.
func (p *plan) field(v *variable, lang string) *field {
	f := &field{variable: v, labels: map[string]string{}, strange: map[string]int{}}
	label := v.Label.in(lang)
	var codes []survey.Code
	for _, x := range v.Values {
		f.labels[x.Code] = x.Label.in(lang)
		if v.literal() {
			codes = append(codes, survey.Code{Value: survey.TextValue(x.Code), Label: f.labels[x.Code]})
		} else if number, ok := parseNumber(x.Code); ok && kindOf(v) == survey.Number {
			codes = append(codes, survey.Code{Value: survey.NumberValue(number), Label: f.labels[x.Code]})
		}
	}
	if v.Type == "multiple" {
		p.set(f, label, codes)
		return f
	}
	one := p.column(v.Name, label, kindOf(v))
	one.Codes, one.Measure = codes, measureOf(v)
	f.columns = []*column{one}
	return f
}

func kindOf(v *variable) survey.Kind {
	switch {
	case v.Type == "character", v.literal():
		return survey.Text
	case v.Type == "date":
		return survey.Date
	case v.Type == "time":
		return survey.TimeOfDay
	}
	return survey.Number
}

func measureOf(v *variable) survey.Measure {
	switch v.Type {
	case "single", "logical", "character":
		return survey.Nominal
	case "quantity", "date", "time":
		return survey.Scale
	}
	return survey.MeasureUnknown
}

// set makes the columns of a multiple question, and declares its set.
func (p *plan) set(f *field, label string, codes []survey.Code) {
	set := survey.MultipleResponse{Name: f.Name, Label: label}
	if f.Spread != nil {
		f.width = f.Spread.Width
		if length := f.Position.Finish - f.Position.Start + 1; f.width == 0 {
			f.width = max(1, length/f.Spread.Subfields)
		}
		for k := range f.Spread.Subfields {
			c := p.column(fmt.Sprintf("%s_%d", f.Name, k+1), label, kindOf(f.variable))
			c.Codes, c.Measure = codes, survey.Nominal
			f.columns = append(f.columns, c)
		}
	} else {
		chosen := survey.NumberValue(1)
		set.Counted = &chosen
		for _, x := range f.Values {
			c := p.column(f.Name+"_"+x.Code, f.labels[x.Code], survey.Number)
			c.Measure = survey.Nominal
			f.columns = append(f.columns, c)
		}
	}
	for _, c := range f.columns {
		set.Variables = append(set.Variables, c.Name)
	}
	p.result.Sets = append(p.result.Sets, set)
}

func (p *plan) column(name, label string, kind survey.Kind) *column {
	place := len(p.result.Variables) + 1
	c := &column{Variable: &survey.Variable{Name: p.names.Free(strings.TrimSpace(name), place, &p.Notices), Label: label, Kind: kind}}
	if kind == survey.Text {
		c.Texts, c.places = &survey.TextColumn{Index: []int32{}}, map[string]int32{}
	} else {
		c.Numbers = []float64{}
	}
	p.result.Variables = append(p.result.Variables, c.Variable)
	return c
}
