package typing_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/typing"
	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// agreement of the workbook's probabilities with the engine's: both are sums of
// a few logarithms, which differ by rounding.
const agreement = 1e-12

// mixed is a model of nominal, ordinal and scale items whose labels are what
// spreadsheets stumble over: patterns, capitals, numbers, dates, formulas, twins.
func mixed(rng *rand.Rand) *segment.Model {
	m := &segment.Model{Schema: segment.ModelVersion, Method: segment.LatentClassMethod.Name, Names: []string{"Watchful", "Easy-going", "Torn: data, \"trust\"", "=Sum"},
		LatentClass: &mixture.Model{Shares: []float64{0.4, 0.3, 0.2, 0.1}}}
	nominal := func(name string, labels ...string) {
		x := segment.ModelItem{Variable: name, Label: "Which of these? " + name, Measure: survey.Nominal}
		for c, label := range labels {
			x.Values = append(x.Values, survey.NumberValue(float64(c+1)))
			x.Labels = append(x.Labels, label)
		}
		m.Items = append(m.Items, x)
		m.LatentClass.Items = append(m.LatentClass.Items, mixture.ItemModel{Probability: chances(rng, 4, len(labels))})
	}
	nominal("pattern", "What?", "Whatx", "*", "What*")
	nominal("capitals", "yes", "Yes", "YES")
	nominal("numbers", "2", "3", "1", "18-24")
	nominal("twins", "Other", "Other", "TRUE", "=1+1")
	nominal("long", strings.Repeat("A very long answer that nobody would read aloud ", 6), "Short")
	text := segment.ModelItem{Variable: "town", Label: "Town", Measure: survey.Nominal, Values: []survey.Value{survey.TextValue("Łódź"), survey.TextValue("Bern")}, Labels: []string{"Łódź", "Bern"}}
	m.Items = append(m.Items, text)
	m.LatentClass.Items = append(m.LatentClass.Items, mixture.ItemModel{Probability: chances(rng, 4, 2)})
	ordinal := segment.ModelItem{Variable: "trust", Label: "How far do you trust companies that hold data on you to keep them safe?", Measure: survey.Ordinal}
	for c := range 5 {
		ordinal.Values, ordinal.Labels = append(ordinal.Values, survey.NumberValue(float64(c))), append(ordinal.Labels, fmt.Sprint(c))
	}
	m.Items = append(m.Items, ordinal)
	m.LatentClass.Items = append(m.LatentClass.Items, slopes(rng, 4, 5))
	m.Items = append(m.Items, segment.ModelItem{Variable: "age", Label: "Age", Measure: survey.Scale})
	m.LatentClass.Items = append(m.LatentClass.Items, mixture.ItemModel{Mean: []float64{25, 40, 55.5, 70}, SD: []float64{8, 11, 0.5, 14}})
	return m
}

func chances(rng *rand.Rand, classes, categories int) [][]float64 {
	out := make([][]float64, classes)
	for k := range out {
		var sum float64
		for range categories {
			out[k] = append(out[k], math.Exp(2*rng.NormFloat64()))
			sum += out[k][len(out[k])-1]
		}
		for c := range out[k] {
			out[k][c] /= sum
		}
	}
	return out
}

// slopes is an ordinal item by adjacent-category logits.
func slopes(rng *rand.Rand, classes, categories int) mixture.ItemModel {
	x := mixture.ItemModel{Intercept: make([]float64, categories)}
	for k := range classes {
		theta := float64(k) * rng.NormFloat64()
		x.Slope = append(x.Slope, theta)
		p := make([]float64, categories)
		var sum float64
		for c := range p {
			p[c] = math.Exp(theta * float64(c))
			sum += p[c]
		}
		for c := range p {
			p[c] /= sum
		}
		x.Probability = append(x.Probability, p)
	}
	return x
}

// people answer at random, blank or not; texts are what is typed.
func people(rng *rand.Rand, m *segment.Model, n int) (t *survey.Table, typed [][]any) {
	t = &survey.Table{Rows: n}
	typed = make([][]any, n)
	for _, x := range m.Items {
		v := &survey.Variable{Name: x.Variable, Numbers: survey.NewNumbers(make([]float64, n))}
		var texts []string
		for i := range n {
			answer, number := any(""), math.NaN()
			text := ""
			switch c := rng.IntN(max(1, len(x.Values)) + 1); {
			case rng.IntN(5) == 0 || x.Measure != survey.Scale && c == len(x.Values):
			case x.Measure == survey.Scale:
				number = math.Round(rng.Float64()*900) / 10
				answer = number
			default:
				number, text = x.Values[c].Number, x.Values[c].Text
				answer = typedAnswer(rng, x, c)
			}
			v.Numbers.Set(i, number)
			texts = append(texts, text)
			typed[i] = append(typed[i], answer)
		}
		if len(x.Values) > 0 && x.Values[0].IsText {
			v = textVariable(x.Variable, texts)
		}
		t.Variables = append(t.Variables, v)
	}
	return t, typed
}

// typedAnswer is a label or, every third time, a code as text or number.
func typedAnswer(rng *rand.Rand, x segment.ModelItem, c int) any {
	code := x.Values[c]
	if rng.IntN(3) > 0 || x.Variable == "numbers" || code.IsText {
		if x.Labels[c] == "Other" {
			return "Other (" + code.String() + ")"
		}
		return x.Labels[c]
	}
	if rng.IntN(2) == 0 {
		return code.String()
	}
	return code.Number
}

func textVariable(name string, texts []string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Text, Texts: &survey.TextColumn{}}
	place := map[string]int32{"": -1}
	for _, s := range texts {
		if _, known := place[s]; !known {
			place[s] = int32(len(v.Texts.Values))
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(place[s])
	}
	return v
}

// workbook writes a tool and types people's answers into it: all on the sheet
// for many, the first also into the form.
func workbook(t *testing.T, tool typing.Tool, typed [][]any) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	if err := typing.Write(&buf, tool); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	for i, answers := range typed {
		for j, a := range answers {
			enter(t, f, "Many people", j+2, i+5, a)
			if i == 0 {
				enter(t, f, "Typing tool", 3, j+9, a)
			}
		}
	}
	return f
}

func enter(t *testing.T, f *excelize.File, sheet string, column, row int, a any) {
	t.Helper()
	if a == "" {
		return
	}
	cell, _ := excelize.CoordinatesToCellName(column, row)
	if err := f.SetCellValue(sheet, cell, a); err != nil {
		t.Fatal(err)
	}
}

// recalculated is the workbook as LibreOffice computes it.
func recalculated(t *testing.T, f *excelize.File) *excelize.File {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: the workbook's formulas are not recalculated")
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "tool.xlsx")
	if err := f.SaveAs(in); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out := filepath.Join(dir, "out")
	c := exec.CommandContext(ctx, office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", out, in)
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if keep := os.Getenv("KEEP_TYPING_TOOL"); keep != "" {
		if err := f.SaveAs(keep); err != nil {
			t.Fatal(err)
		}
	}
	again, err := excelize.OpenFile(filepath.Join(out, "tool.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

func value(t *testing.T, f *excelize.File, sheet string, column, row int) string {
	t.Helper()
	cell, _ := excelize.CoordinatesToCellName(column, row)
	s, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	var x float64
	if _, err := fmt.Sscan(text, &x); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return x
}

func TestLibreOfficeAssignsAsTheEngine(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	m := mixed(rng)
	table, typed := people(rng, m, 1000)
	want, err := m.Assign(table)
	if err != nil {
		t.Fatal(err)
	}
	strange := [][]any{
		{"what?", "", "", "", "", "", "", ""},      // another answer's letters in small
		{"", "", "", "Other", "", "", "", ""},      // two answers have this label
		{"", "", "4", "", "", "", "", "young"},     // an answer's code, and a scale that is no number
		{"Whatx", "", "", "", "", "Berne", "", ""}, // one answer known, one not
	}
	f := recalculated(t, workbook(t, typing.Tool{Model: m, Typing: example(m), People: 1000 + len(strange)}, append(typed, strange...)))
	result := 2 + len(m.Items)
	met := map[string]int{}
	for i := range typed {
		name := ""
		if want.Member[i] >= 0 {
			name = m.Names[want.Member[i]]
		}
		met[name]++
		if got := value(t, f, "Many people", result, 5+i); got != name {
			t.Errorf("person %d, answers %q: %q, the engine says %q %v", i+1, typed[i], got, name, want.Membership[i])
		}
		for k := range m.Names {
			if name == "" {
				continue
			}
			if p := number(t, value(t, f, "Many people", result+3+k, 5+i)); math.Abs(p-want.Membership[i][k]) > agreement {
				t.Errorf("person %d, segment %d: %v, the engine says %v", i+1, k+1, p, want.Membership[i][k])
			}
		}
	}
	for _, name := range m.Names {
		if met[name] < 10 {
			t.Errorf("only %d of the people are %q: the test sees too little", met[name], name)
		}
	}
	for n, answers := range strange {
		if got := value(t, f, "Many people", result, 5+len(typed)+n); got != "Check the answers" {
			t.Errorf("answers %q: %q", answers, got)
		}
	}
	if got := value(t, f, "Typing tool", 3, 5); got != m.Names[want.Member[0]] {
		t.Errorf("the form says %q, the engine %q", got, m.Names[want.Member[0]])
	}
}

// example is how good a tool might be.
func example(m *segment.Model) *segment.Typing {
	e := survey.Estimate{Value: survey.FigureOf(0.92), Low: survey.FigureOf(0.9), High: survey.FigureOf(0.94)}
	out := &segment.Typing{Accuracy: e, Folds: 10}
	for k, name := range m.Names {
		g := segment.Typed{Name: name, Accuracy: e}
		for l := range m.Names {
			share := survey.FigureOf(0.02)
			if k == l {
				share = survey.FigureOf(0.94)
			}
			g.Into = append(g.Into, share)
		}
		out.Segments = append(out.Segments, g)
	}
	for _, x := range m.Items {
		out.Items = append(out.Items, x.Variable)
		out.Steps = append(out.Steps, segment.TypingStep{Items: append([]string(nil), out.Items...), Accuracy: survey.FigureOf(1 - 1/float64(2+len(out.Items)))})
	}
	return out
}
