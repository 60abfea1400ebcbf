package prepare

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// stack puts the waves under each other.
func (p *preparer) stack(tables []*survey.Table) {
	if len(tables) == 0 {
		p.table = &survey.Table{}
		p.fault("$.data", survey.Problem{Message: "there are no data", Remedy: "name at least one data file"})
		return
	}
	if k := slices.IndexFunc(tables, func(t *survey.Table) bool { return t.Groups != nil }); k >= 0 && len(tables) > 1 {
		p.fault(fmt.Sprintf("$.data[%d]", k), survey.Problem{Message: "data that are not in memory cannot be put under others", Remedy: "unite them where they are, with a column of the wave"})
	}
	tables = p.waves(tables)
	if len(tables) == 1 {
		p.table = tables[0].With()
		return
	}
	p.table = &survey.Table{Weight: sameWeight(tables)}
	for i, t := range tables {
		p.table.Rows += t.Rows
		p.table.Sources = append(p.table.Sources, t.Sources...)
		for _, n := range t.Notices {
			n.Text = origin(tables, i) + ": " + n.Text
			p.table.Notices = append(p.table.Notices, n)
		}
	}
	// The variables of all tables, in order of first appearance.
	var names []string
	seen := map[string]bool{}
	for _, t := range tables {
		for _, v := range t.Variables {
			if !seen[v.Name] {
				seen[v.Name] = true
				names = append(names, v.Name)
			}
		}
	}
	for _, name := range names {
		p.table.Variables = append(p.table.Variables, p.stackVariable(name, tables))
	}
	for i, t := range tables {
		var absent []string
		for _, v := range p.table.Variables {
			if t.Lookup(v.Name) == nil {
				absent = append(absent, v.Name)
			}
		}
		if len(absent) > 0 {
			p.notice(survey.NoticeDiffers, absent, "%s has no %s: missing in its rows", origin(tables, i), list(absent))
		}
	}
	// Every set is kept once; the first definition wins.
	for i, t := range tables {
		for _, s := range t.Sets {
			known := p.table.Set(s.Name)
			if known == nil {
				p.table.Sets = append(p.table.Sets, s)
			} else if !slices.Equal(known.Variables, s.Variables) {
				p.notice(survey.NoticeDiffers, s.Variables, "%s: set %s has different variables from before; the first definition is used", origin(tables, i), s.Name)
			}
		}
	}
}

// origin names a table by its file, or by its place.
func origin(tables []*survey.Table, i int) string {
	if len(tables[i].Sources) > 0 && tables[i].Sources[0].Path != "" {
		return tables[i].Sources[0].Path
	}
	return fmt.Sprintf("data file %d", i+1)
}

// sameWeight is the weight that all files name, else "".
func sameWeight(tables []*survey.Table) string {
	for _, t := range tables {
		if t.Weight != tables[0].Weight {
			return ""
		}
	}
	return tables[0].Weight
}

// stackVariable stacks one variable; parts are nil in tables without it.
func (p *preparer) stackVariable(name string, tables []*survey.Table) *survey.Variable {
	parts := make([]*survey.Variable, len(tables))
	for i, t := range tables {
		parts[i] = t.Lookup(name)
	}
	model := modelOf(parts)
	for i, v := range parts {
		if v == nil || v.Kind == model.Kind {
			continue
		}
		if !isEmpty(v) {
			p.fault(fmt.Sprintf("$.data[%d].file", i), survey.Problem{Variable: name,
				Message: fmt.Sprintf("the variable has %s values here, and %s values in %s", v.Kind, model.Kind, origin(tables, slices.Index(parts, model))),
				Remedy:  "make the files agree, or rename the variable in one of them"})
		}
		parts[i] = nil
	}
	out := p.mergeDictionaries(model, parts)
	if out.IsText() {
		out.Texts, out.Numbers = stackTexts(parts, tables), nil
	} else {
		out.Numbers, out.Texts = stackNumbers(parts, tables), nil
	}
	return out
}

// modelOf is the first part that holds values: an empty column agrees with
// any kind, since a reader cannot tell what it would hold.
func modelOf(parts []*survey.Variable) *survey.Variable {
	var first *survey.Variable
	for _, v := range parts {
		if v != nil && first == nil {
			first = v
		}
		if v != nil && !isEmpty(v) {
			return v
		}
	}
	return first
}

func stackNumbers(parts []*survey.Variable, tables []*survey.Table) *survey.NumberColumn {
	out := &survey.NumberColumn{}
	for i, v := range parts {
		if v != nil {
			for _, x := range v.Numbers.All() {
				out.Append(x)
			}
			continue
		}
		for range tables[i].Rows {
			out.Append(math.NaN())
		}
	}
	return out
}

func stackTexts(parts []*survey.Variable, tables []*survey.Table) *survey.TextColumn {
	out := &survey.TextColumn{}
	at := map[string]int32{}
	for i, v := range parts {
		if v == nil {
			for range tables[i].Rows {
				out.Index.Append(-1)
			}
			continue
		}
		to := make([]int32, len(v.Texts.Values))
		for k, s := range v.Texts.Values {
			if _, ok := at[s]; !ok {
				at[s] = int32(len(out.Values))
				out.Values = append(out.Values, s)
			}
			to[k] = at[s]
		}
		for _, k := range v.Texts.Index.All() {
			if k >= 0 {
				k = to[k]
			}
			out.Index.Append(k)
		}
	}
	return out
}

// mergeDictionaries unites the dictionaries of a variable's parts; where they
// differ, the first one wins and a notice says so.
func (p *preparer) mergeDictionaries(model *survey.Variable, parts []*survey.Variable) *survey.Variable {
	out := *model
	out.Label, out.Measure, out.Codes, out.Missing = "", survey.MeasureUnknown, nil, nil
	var differ []string
	for _, v := range parts {
		if v == nil {
			continue
		}
		if out.Label != "" && v.Label != "" && v.Label != out.Label {
			differ = append(differ, fmt.Sprintf("the label (%q, %q)", out.Label, v.Label))
		}
		if out.Label == "" {
			out.Label = v.Label
		}
		if out.Measure == survey.MeasureUnknown {
			out.Measure = v.Measure
		}
		for _, c := range v.Codes {
			k := slices.IndexFunc(out.Codes, func(known survey.Code) bool { return known.Value == c.Value })
			switch {
			case k < 0:
				out.Codes = append(out.Codes, c)
			case out.Codes[k].Label != c.Label:
				differ = append(differ, fmt.Sprintf("the label of %s (%q, %q)", c.Value, out.Codes[k].Label, c.Label))
			}
		}
		for _, m := range v.Missing {
			same := func(known survey.Missing) bool {
				known.Reason = m.Reason
				return known == m
			}
			if !slices.ContainsFunc(out.Missing, same) {
				out.Missing = append(out.Missing, m)
			}
		}
	}
	for _, v := range parts {
		if v != nil && len(v.Missing) != len(out.Missing) {
			differ = append(differ, "the missing values (a value declared missing in one file is missing in all)")
			break
		}
	}
	if len(differ) > 0 {
		p.notice(survey.NoticeDiffers, []string{out.Name}, "%s: the files differ in %s; the first one is used", out.Name, strings.Join(slices.Compact(differ), ", "))
	}
	return &out
}

// waves fills design.wave_variable in each table from the wave of its file.
func (p *preparer) waves(tables []*survey.Table) []*survey.Table {
	name := p.study.Design.WaveVariable
	kind, used := p.waveKind(tables)
	out := make([]*survey.Table, len(tables))
	for i, t := range tables {
		out[i] = t
		path := fmt.Sprintf("$.data[%d]", i)
		switch wave := p.waveOf(i); {
		case wave != "" && name == "":
			p.fault(path+".wave", survey.Problem{Value: wave, Message: "the wave has no variable",
				Remedy: "name one in design.wave_variable"})
		case wave != "":
			out[i] = p.withWave(path+".wave", t, wave, kind)
		case used && t.Lookup(name) == nil:
			p.fault(path, survey.Problem{Message: fmt.Sprintf("the file has no variable %q, and the study gives it no wave", name),
				Remedy: "add wave to this file"})
		}
	}
	return out
}

func (p *preparer) waveOf(i int) string {
	if i >= len(p.study.Data) {
		return ""
	}
	return p.study.Data[i].Wave
}

// waveKind is the kind of the wave variable: the files' own where one has it,
// else number where all waves given are numbers. Used is false where neither
// a file nor the study gives it.
func (p *preparer) waveKind(tables []*survey.Table) (kind survey.Kind, used bool) {
	kind = survey.Number
	for i, t := range tables {
		if v := t.Lookup(p.study.Design.WaveVariable); v != nil && !isEmpty(v) {
			return v.Kind, true
		}
		if wave := p.waveOf(i); wave != "" {
			used = true
			if _, ok := number(wave); !ok {
				kind = survey.Text
			}
		}
	}
	return kind, used && p.study.Design.WaveVariable != ""
}

// withWave gives a table the wave variable, or checks the one that it has.
func (p *preparer) withWave(path string, t *survey.Table, wave string, kind survey.Kind) *survey.Table {
	value := survey.TextValue(wave)
	if kind != survey.Text {
		x, ok := number(wave)
		if !ok {
			p.fault(path, survey.Problem{Value: wave, Message: fmt.Sprintf("the variable %s holds numbers", p.study.Design.WaveVariable),
				Remedy: "give the wave as a number"})
		}
		value = survey.NumberValue(x)
	}
	v := &survey.Variable{Name: p.study.Design.WaveVariable, Measure: survey.Ordinal}
	if own := t.Lookup(v.Name); own != nil {
		p.checkWave(path, own, value)
		dictionary := *own
		v = &dictionary
	}
	v.Kind, v.Numbers, v.Texts = kind, nil, nil
	if value.IsText {
		v.Texts = &survey.TextColumn{Index: survey.RepeatedPlaces(0, t.Rows), Values: []string{wave}}
		return t.With(v)
	}
	v.Numbers = survey.NewNumbers(make([]float64, t.Rows))
	for i := range v.Numbers.Len() {
		v.Numbers.Set(i, value.Number)
	}
	return t.With(v)
}

// checkWave reports rows whose own wave is another one than the study's.
func (p *preparer) checkWave(path string, own *survey.Variable, wave survey.Value) {
	first, differ := -1, 0
	for i := range own.Len() {
		if x, ok := own.At(i); ok && x != wave {
			if differ += own.Count(i); first < 0 {
				first = i
			}
		}
	}
	if differ == 0 {
		return
	}
	x, _ := own.At(first)
	row := first + 1
	if own.Rows != nil {
		row = 0
	}
	p.fault(path, survey.Problem{Row: row, Variable: own.Name, Value: x.String(),
		Message: fmt.Sprintf("the study gives the wave %s, but %s rows of the file have another", wave, survey.FormatCount(differ)),
		Remedy:  "correct the wave, or leave it out to use the waves of the file"})
}

// number reads a finite number.
func number(s string) (float64, bool) {
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
}
