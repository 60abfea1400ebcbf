package harmonize

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/prepare"
	"surveykit/survey/spec"
)

// Stack puts the files' tables, in the mapping's order, under each other: every
// variable under its new name and in the stacked codes, the wave of each row in
// the wave variable. Strata and PSU ids of independent waves get the wave in
// front, "2008:11", because they are different strata and clusters in each; the
// weights stay as they are. The error is survey.Problems, each at its place in the
// mapping; notices say what was left out or differs.
func Stack(m *Mapping, source *spec.Source, tables []*survey.Table) (*survey.Table, error) {
	var problems survey.Problems
	fail := func(path string, p survey.Problem) { problems = append(problems, source.Annotate(path, p)) }
	renamed := make([]*survey.Table, len(tables))
	for k, t := range tables {
		renamed[k] = m.renamed(k, t, fail)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	as := &survey.Study{Data: m.Files, Design: survey.Design{WaveVariable: m.WaveVariable}}
	stacked, faults, err := prepare.Apply(renamed, as, "")
	if err != nil {
		return nil, err
	}
	for _, f := range faults {
		fail(strings.Replace(strings.Replace(f.Path, "$.data", "$.files", 1), "$.design.wave_variable", "$.wave_variable", 1), f.Problem)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	stacked.Weight = m.Design.Weight
	if m.Design.Waves == "panel" {
		return stacked, nil
	}
	wave := stacked.Lookup(m.WaveVariable)
	qualified := stacked
	for _, name := range append([]string{m.Design.Strata}, m.Design.PSU...) {
		if v := stacked.Lookup(name); v != nil && wave != nil {
			qualified = qualified.With(withWave(v, wave))
		}
	}
	return qualified, nil
}

// renamed is a file's table under the stacked names and in the stacked codes.
func (m *Mapping) renamed(k int, t *survey.Table, fail func(string, survey.Problem)) *survey.Table {
	out := *t
	out.Variables, out.Sets, out.Weight = nil, nil, ""
	names := map[string]string{}
	for i, v := range m.Variables {
		column := v.From[k]
		if column == "" {
			continue
		}
		path := fmt.Sprintf("$.variables[%d].from[%d]", i, k)
		old := t.Lookup(column)
		if old == nil {
			p := t.Unknown(column)
			p.Message += fmt.Sprintf(" in file %d", k+1)
			fail(path, p)
			continue
		}
		names[column] = v.Name
		x := *old
		x.Name = v.Name
		for _, r := range v.Recodes {
			if r.File == k+1 {
				x = recodedVariable(x, r.Values, path, fail)
			}
		}
		out.Variables = append(out.Variables, &x)
	}
	out.Sets = renamedSets(t.Sets, names)
	if left := slices.DeleteFunc(t.Names(), func(name string) bool { return names[name] != "" }); len(left) > 0 {
		out.Notices = slices.Clip(t.Notices)
		out.Notices.Note(survey.NoticeUnmapped, left, "left out, because the mapping does not name it: %s", strings.Join(left, ", "))
	}
	return &out
}

// renamedSets keeps the sets whose variables are all in the mapping.
func renamedSets(sets []survey.MultipleResponse, names map[string]string) []survey.MultipleResponse {
	var out []survey.MultipleResponse
	for _, s := range sets {
		variables := make([]string, len(s.Variables))
		whole := true
		for i, name := range s.Variables {
			variables[i] = names[name]
			whole = whole && variables[i] != ""
		}
		if s.Variables = variables; whole {
			out = append(out, s)
		}
	}
	return out
}

// recodedVariable recodes values, codes and missing values.
func recodedVariable(v survey.Variable, recode survey.CodeList, path string, fail func(string, survey.Problem)) survey.Variable {
	for _, c := range recode {
		if to := targetOf(c.Label, v.IsText()); c.Value.IsText != v.IsText() || to.IsText != v.IsText() {
			fail(path, survey.Problem{Variable: v.Name, Value: c.Value.String(), Message: fmt.Sprintf("the recode of %s to %s does not fit a variable of %s values", c.Value, c.Label, v.Kind), Remedy: "recode numbers to numbers and texts to texts"})
			return v
		}
	}
	codes := slices.Clone(v.Codes)
	for i, c := range codes {
		codes[i].Value = recoded(recode, c.Value)
	}
	v.Codes, v.Missing = codes, turnedMissing(v.Missing, recode)
	if v.IsText() {
		out := &survey.TextColumn{Index: v.Texts.Index.Clone()}
		to, at := make([]int32, len(v.Texts.Values)), map[string]int32{}
		for k, s := range v.Texts.Values {
			s = recoded(recode, survey.TextValue(s)).Text
			if _, ok := at[s]; !ok {
				at[s] = int32(len(out.Values))
				out.Values = append(out.Values, s)
			}
			to[k] = at[s]
		}
		for i, k := range out.Index.All() {
			if k >= 0 {
				out.Index.Set(i, to[k])
			}
		}
		v.Texts = out
		return v
	}
	to := map[float64]float64{}
	for _, c := range recode {
		to[c.Value.Number] = targetOf(c.Label, false).Number
	}
	v.Numbers = v.Numbers.Map(func(x float64) float64 {
		if y, ok := to[x]; ok {
			return y
		}
		return x
	})
	return v
}

// withWave is a variable of texts WAVE:ID, missing where either is.
func withWave(v, wave *survey.Variable) *survey.Variable {
	out := &survey.Variable{Name: v.Name, Label: v.Label, Kind: survey.Text, Measure: survey.Nominal, Texts: &survey.TextColumn{Index: survey.RepeatedPlaces(-1, v.Len())}}
	at := map[[2]survey.Value]int32{}
	for i := range v.Len() {
		x, ok := v.At(i)
		w, known := wave.At(i)
		if !ok || !known {
			continue
		}
		k, seen := at[[2]survey.Value{w, x}]
		if !seen {
			k = int32(len(out.Texts.Values))
			at[[2]survey.Value{w, x}] = k
			id := w.String() + ":" + x.String()
			out.Texts.Values = append(out.Texts.Values, id)
			if label := v.LabelOf(x); label != x.String() {
				out.Codes = append(out.Codes, survey.Code{Value: survey.TextValue(id), Label: wave.LabelOf(w) + ": " + label})
			}
		}
		out.Texts.Index.Set(i, k)
	}
	return out
}
