package prepare

import (
	"fmt"
	"math"
	"strconv"

	"surveykit/survey"
)

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
		v.Texts = &survey.TextColumn{Index: make([]int32, t.Rows), Values: []string{wave}}
		return t.With(v)
	}
	v.Numbers = make([]float64, t.Rows)
	for i := range v.Numbers {
		v.Numbers[i] = value.Number
	}
	return t.With(v)
}

// checkWave reports rows whose own wave is another one than the study's.
func (p *preparer) checkWave(path string, own *survey.Variable, wave survey.Value) {
	first, differ := -1, 0
	for i := range own.Len() {
		if x, ok := own.At(i); ok && x != wave {
			if differ++; first < 0 {
				first = i
			}
		}
	}
	if differ == 0 {
		return
	}
	x, _ := own.At(first)
	p.fault(path, survey.Problem{Row: first + 1, Variable: own.Name, Value: x.String(),
		Message: fmt.Sprintf("the study gives the wave %s, but %s rows of the file have another", wave, survey.FormatCount(differ)),
		Remedy:  "correct the wave, or leave it out to use the waves of the file"})
}

// number reads a finite number.
func number(s string) (float64, bool) {
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
}
