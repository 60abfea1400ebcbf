package prepare

import (
	"fmt"
	"math"
	"slices"
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
	for _, name := range unionOf(tables) {
		p.table.Variables = append(p.table.Variables, p.stackVariable(name, tables))
	}
	p.tellAbsent(tables)
	p.stackSets(tables)
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

// unionOf lists the variables of all tables, in order of first appearance.
func unionOf(tables []*survey.Table) []string {
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
	return names
}

func (p *preparer) tellAbsent(tables []*survey.Table) {
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

func stackNumbers(parts []*survey.Variable, tables []*survey.Table) []float64 {
	var out []float64
	for i, v := range parts {
		if v != nil {
			out = append(out, v.Numbers...)
			continue
		}
		for range tables[i].Rows {
			out = append(out, math.NaN())
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
				out.Index = append(out.Index, -1)
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
		for _, k := range v.Texts.Index {
			if k >= 0 {
				k = to[k]
			}
			out.Index = append(out.Index, k)
		}
	}
	return out
}

// mergeDictionaries unites the dictionaries of a variable's parts; where they
// differ, the first one wins and a notice tells.
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
		differ = append(differ, addCodes(&out, v.Codes)...)
		addMissing(&out, v.Missing)
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

// addCodes adds codes that are not there, and lists labels that differ.
func addCodes(v *survey.Variable, codes []survey.Code) (differ []string) {
	for _, c := range codes {
		k := slices.IndexFunc(v.Codes, func(known survey.Code) bool { return known.Value == c.Value })
		switch {
		case k < 0:
			v.Codes = append(v.Codes, c)
		case v.Codes[k].Label != c.Label:
			differ = append(differ, fmt.Sprintf("the label of %s (%q, %q)", c.Value, v.Codes[k].Label, c.Label))
		}
	}
	return differ
}

func addMissing(v *survey.Variable, missing []survey.Missing) {
	for _, m := range missing {
		same := func(known survey.Missing) bool {
			known.Reason = m.Reason
			return known == m
		}
		if !slices.ContainsFunc(v.Missing, same) {
			v.Missing = append(v.Missing, m)
		}
	}
}

// stackSets keeps every set once; the first definition wins.
func (p *preparer) stackSets(tables []*survey.Table) {
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
