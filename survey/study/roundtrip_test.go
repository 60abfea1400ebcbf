package study

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/analysis/westin"
	"surveykit/survey/spec"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// A study that the YAML library writes is read back as it was.
func TestRoundTripProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genStudy(t)
		options := slices.Concat(ownNotations(), addedKeys())
		data, err := yaml.MarshalWithOptions(want, options...)
		if err != nil {
			t.Fatal(err)
		}
		models, err := yaml.MarshalWithOptions(map[string]any{"segments": want.Models}, options...)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, models...)
		got, _, err := Parse(data, "study.yaml")
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, data)
		}
	})
}

// ownNotations writes the types that decodeOwn reads.
func ownNotations() []yaml.EncodeOption {
	values := func(vs []survey.Value) string {
		parts := make([]string, len(vs))
		for i, v := range vs {
			parts[i] = spec.WriteValue(v)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return []yaml.EncodeOption{
		yaml.CustomMarshaler(func(s string) ([]byte, error) { return []byte(spec.WriteText(s)), nil }),
		yaml.CustomMarshaler(func(v survey.Value) ([]byte, error) { return []byte(spec.WriteValue(v)), nil }),
		yaml.CustomMarshaler(func(l survey.MissingList) ([]byte, error) { return []byte(spec.WriteMissing(l)), nil }),
		yaml.CustomMarshaler(func(l survey.CodeList) ([]byte, error) {
			var b strings.Builder
			for _, c := range l {
				fmt.Fprintf(&b, "%s: %s\n", spec.WriteValue(c.Value), spec.WriteText(c.Label))
			}
			return []byte(b.String()), nil
		}),
		yaml.CustomMarshaler(func(l survey.ScoreList) ([]byte, error) {
			var b strings.Builder
			for _, s := range l {
				fmt.Fprintf(&b, "%s: %s\n", spec.WriteValue(s.Answer), survey.FormatNumber(s.Number))
			}
			return []byte(b.String()), nil
		}),
		yaml.CustomMarshaler(func(l survey.NetList) ([]byte, error) {
			var b strings.Builder
			for _, n := range l {
				fmt.Fprintf(&b, "%s: %s\n", spec.WriteText(n.Label), values(n.Values))
			}
			return []byte(b.String()), nil
		}),
	}
}

// addedKeys writes the keys of analyses.
func addedKeys() []yaml.EncodeOption {
	with := func(plain any, a survey.Analysis) ([]byte, error) {
		data, err := yaml.MarshalWithOptions(plain, ownNotations()...)
		if a == nil || err != nil {
			return data, err
		}
		more, err := yaml.MarshalWithOptions(map[string]any{a.Key(): a}, ownNotations()...)
		return append(data, more...), err
	}
	return []yaml.EncodeOption{
		yaml.CustomMarshaler(func(r survey.Recode) ([]byte, error) {
			type plain survey.Recode
			return with(plain(r), r.Analysis)
		}),
		yaml.CustomMarshaler(func(s survey.TableSpec) ([]byte, error) {
			type plain survey.TableSpec
			return with(plain(s), s.Analysis)
		}),
	}
}

var (
	genText = rapid.SampledFrom([]string{"yes", "1", "007", "1e3", "true", "null", "~", "a: b", "- x", "#x", "ü—ß", "it's", `"q"`,
		"two\nlines", "*a", "&b", "{x}", "a, b", "plain", "[y", " blank ", "%", "!t", "a #b", "?", "Q 1.a", "$set", "<<"})
	genNumber = rapid.SampledFrom([]float64{0, 1, -1, 99, 0.5, -2.25, 1e-9, 123456789, 1e21})
	genValue  = rapid.OneOf(
		rapid.Map(genNumber, survey.NumberValue),
		rapid.Map(genText, survey.TextValue),
	)
	genTexts  = rapid.SliceOfN(genText, 1, 3)
	genValues = rapid.SliceOfN(genValue, 1, 3)
	genCount  = rapid.Ptr(rapid.IntRange(0, 500), true)
)

// identity is what two keys of one mapping must differ in.
func identity(v survey.Value) string { return v.String() }

func genCodes(t *rapid.T) (codes survey.CodeList) {
	for _, v := range rapid.SliceOfNDistinct(genValue, 1, 4, identity).Draw(t, "codes") {
		codes = append(codes, survey.Code{Value: v, Label: genText.Draw(t, "label")})
	}
	return codes
}

func genScores(t *rapid.T) (scores survey.ScoreList) {
	for _, v := range rapid.SliceOfNDistinct(genValue, 0, 3, identity).Draw(t, "scores") {
		scores = append(scores, survey.Score{Answer: v, Number: genNumber.Draw(t, "number")})
	}
	return scores
}

func genNets(t *rapid.T) (nets survey.NetList) {
	for _, label := range rapid.SliceOfNDistinct(genText, 1, 3, rapid.ID).Draw(t, "nets") {
		nets = append(nets, survey.Net{Label: label, Values: genValues.Draw(t, "values")})
	}
	return nets
}

func genMissing(t *rapid.T) (list survey.MissingList) {
	reasons := rapid.SampledFrom([]survey.Reason{survey.DontKnow, survey.Refused, survey.NotAsked})
	if rapid.Bool().Draw(t, "plain list") {
		reasons = rapid.Just(survey.ReasonUnknown)
	}
	for _, v := range rapid.SliceOfNDistinct(genValue, 1, 3, identity).Draw(t, "missing") {
		list = append(list, survey.MissingValue(v, reasons.Draw(t, "reason")))
	}
	return list
}

func genRecode(t *rapid.T, name string) survey.Recode {
	r := survey.Recode{Name: name, Label: genText.Draw(t, "label"), From: genText.Draw(t, "from"), Values: genScores(t)}
	switch rapid.IntRange(0, 7).Draw(t, "way") {
	case 0:
		r.Brackets = genTexts.Draw(t, "brackets")
	case 1:
		r.Map = genNets(t)
	case 2:
		r.Reverse, r.Codes = true, genCodes(t)
	case 3:
		r.From, r.Count = "", &survey.CountSpec{Items: genTexts.Draw(t, "items"), Values: genValues.Draw(t, "values")}
	case 4:
		r.From, r.Mean = "", genTexts.Draw(t, "mean")
	case 5:
		r.From, r.Expression = "", genText.Draw(t, "expression")
	case 6:
		r.From, r.Rules = "", []survey.Rule{{Label: genText.Draw(t, "label"), Where: genText.Draw(t, "where")}, {Label: "rest"}}
	case 7:
		r.From, r.Analysis = "", westin.Spec{Control: genText.Draw(t, "control"), Handling: "b", Protection: "c",
			Agree: rapid.SliceOfN(genValue, 2, 2).Draw(t, "agree")}
	}
	return r
}

func genRow(t *rapid.T) survey.RowSpec {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 5:
		return survey.RowSpec{Gap: &survey.GapSpec{Share: genText.Draw(t, "share"), Minus: genText.Draw(t, "minus")}}
	case 0:
		return survey.RowSpec{Variable: genText.Draw(t, "variable"), Nets: genNets(t), Place: "below", Top: 2, Base: "all",
			Statistics: []survey.Statistic{"mean", "p90"}, Categories: genValues.Draw(t, "categories")}
	case 1:
		return survey.RowSpec{Group: genText.Draw(t, "group"), Values: genValues.Draw(t, "values")}
	case 2:
		return survey.RowSpec{Share: genText.Draw(t, "share"), By: genText.Draw(t, "by")}
	case 3:
		return survey.RowSpec{Ratio: &survey.RatioSpec{Share: genText.Draw(t, "share"), Over: genText.Draw(t, "over")}}
	}
	return survey.RowSpec{Mean: genText.Draw(t, "mean"), Label: genText.Draw(t, "label")}
}

func genTable(t *rapid.T, id string) survey.TableSpec {
	s := survey.TableSpec{ID: id, Title: genText.Draw(t, "title"), Filter: genText.Draw(t, "filter")}
	for range rapid.IntRange(1, 3).Draw(t, "rows") {
		s.Rows = append(s.Rows, genRow(t))
	}
	s.Columns = []survey.ColumnSpec{{Variable: genText.Draw(t, "column")}, {Membership: genText.Draw(t, "membership")}, {Nest: rapid.SliceOfN(genText, 2, 3).Draw(t, "nest")}, {Where: genText.Draw(t, "where"), Label: genText.Draw(t, "label")}}
	s.Sort = &survey.SortSpec{Order: "ascending", Pin: genTexts.Draw(t, "pin")}
	s.Show = []survey.ShownAs{survey.AsIndex, survey.AsCount}
	s.Changes = []survey.ChangeSpec{{Variable: genText.Draw(t, "variable"), From: genValue.Draw(t, "from"), To: genValue.Draw(t, "to")}}
	s.Kind = rapid.SampledFrom(append(analysis.Kinds, nil)).Draw(t, "kind of table")
	s.Chart = &survey.Chart{Kind: rapid.SampledFrom([]survey.ChartKind{survey.ChartDots, survey.ChartStacked}).Draw(t, "chart"), SeriesByRow: true}
	return s
}

func genStudy(t *rapid.T) *survey.Study {
	yes := true
	s := &survey.Study{Version: "study/1", Title: genText.Draw(t, "title"), Synthetic: rapid.Bool().Draw(t, "synthetic")}
	s.Data = []survey.DataFile{{File: genText.Draw(t, "file"), Wave: genText.Draw(t, "wave"),
		Codebook: genText.Draw(t, "codebook"), Sheet: genText.Draw(t, "sheet"), Catalog: genText.Draw(t, "catalog"),
		Options: &survey.DelimitedOptions{DecimalComma: &yes, Missing: genTexts.Draw(t, "missing")}}}
	s.Design = survey.Design{Weight: genText.Draw(t, "weight"), PSU: genTexts.Draw(t, "psu"), LonelyPSU: "adjust",
		Level: rapid.SampledFrom([]survey.Level{0.5, 0.95, 0.999}).Draw(t, "level")}
	s.Variables = map[string]survey.VariableSpec{}
	for _, name := range genTexts.Draw(t, "variables") {
		s.Variables[name] = survey.VariableSpec{Label: genText.Draw(t, "label"), Measure: survey.Scale, Codes: genCodes(t), Missing: genMissing(t)}
	}
	for _, name := range rapid.SliceOfNDistinct(genText, 0, 3, rapid.ID).Draw(t, "recodes") {
		s.Recodes = append(s.Recodes, genRecode(t, name))
	}
	seed := rapid.IntRange(0, 9).Draw(t, "seed")
	s.Models = []survey.Model{segment.Spec{Name: genText.Draw(t, "segment"), Method: "latent-class", Items: genTexts.Draw(t, "items"),
		Classes: rapid.SampledFrom([]string{"4", "2-6"}).Draw(t, "classes"), Starts: 30, Seed: &seed, Names: genTexts.Draw(t, "names"),
		Typing: &segment.TypingSpec{Items: rapid.IntRange(0, 9).Draw(t, "asked"), Accuracy: rapid.SampledFrom([]float64{0, 0.85, 1}).Draw(t, "accuracy"), From: genTexts.Draw(t, "from"), Title: genText.Draw(t, "form")}}}
	counted := genValue.Draw(t, "counted")
	s.Sets = []survey.SetSpec{{Name: genText.Draw(t, "set"), Variables: genTexts.Draw(t, "variables"), Counted: &counted}}
	for i := range rapid.IntRange(1, 3).Draw(t, "tables") {
		s.Tables = append(s.Tables, genTable(t, fmt.Sprintf("t-%d", i)))
	}
	s.Tables = append(s.Tables, survey.TableSpec{ID: "moved", Analysis: drivers.Spec{Outcome: genText.Draw(t, "outcome"), Items: genTexts.Draw(t, "drivers"),
		Family: rapid.SampledFrom([]string{"", "binomial"}).Draw(t, "family"), Importance: "johnson", Top: 2, Orders: 100, Seed: &seed}})
	s.Quality = survey.QualitySpec{MinimumBase: genCount.Draw(t, "minimum"), TestBase: genCount.Draw(t, "test")}
	s.Disclosure.ResponseRate = genText.Draw(t, "rate")
	return s
}
