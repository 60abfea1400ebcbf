package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"surveykit/reports/book"
	"surveykit/reports/markdown"
	"surveykit/reports/publish"
	"surveykit/reports/typing"
	"surveykit/survey"
	"surveykit/survey/analysis/propensity"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

// tool is the typing tool of some of a study's segments.
type tool struct {
	segment.Spec
	tool typing.Tool
}

// toolOf is the workbook of a typing tool; the study is nil where there is none.
func toolOf(t *segment.Typing, title string, s *survey.Study) typing.Tool {
	made := typing.Tool{Title: title, Model: t.Model, Typing: t}
	if s != nil {
		made.Theme, made.Source, made.Synthetic = s.Output.Theme, book.SourceLine(s), s.Synthetic
	}
	return made
}

// SaveTool writes a typing tool as a workbook with live formulas, with a title over
// its form and the look that the study asks for.
func (d *Data) SaveTool(file string, t *segment.Typing, title string) error {
	made := toolOf(t, title, d.Study)
	return publish.WriteFile(file, func(w io.Writer) error { return typing.Write(w, made) })
}

func (t tool) file(ending string) string { return "typing/" + t.Name + ending }

// outputs are the tool's workbook and its model.
func (t tool) outputs() []output {
	return []output{
		one(t.file(".xlsx"), func(w io.Writer) error { return typing.Write(w, t.tool) }),
		one(t.file(".json"), func(w io.Writer) error { return encodeModel(w, t.tool.Model) }),
	}
}

// SaveModel writes a model that Assign or Score reads, as JSON that people can read.
func SaveModel(file string, model any) error {
	return publish.WriteFile(file, func(w io.Writer) error { return encodeModel(w, model) })
}

func encodeModel(w io.Writer, model any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(model)
}

// SaveCard writes the card of a model of propensities, as Markdown: what it is for,
// how good it is, and what it was made of.
func (d *Data) SaveCard(file string, s *estimate.Sample, r *propensity.Result) error {
	parts := []string{"no weight, every row counts 1"}
	if d.Design.Weight != "" {
		parts[0] = "weight " + d.Design.Weight
	}
	switch {
	case d.Design.Replicates != nil:
		parts = append(parts, fmt.Sprintf("%d replicate weights %s", len(s.Frame().Replicates.Names), d.Design.Replicates.Columns))
	case len(d.Design.PSU) > 0:
		parts = append(parts, fmt.Sprintf("%d PSUs by %s", s.Frame().PSUs, strings.Join(d.Design.PSU, ", ")))
	default:
		parts = append(parts, "every row is a PSU")
	}
	if d.Design.Strata != "" {
		parts = append(parts, fmt.Sprintf("%d strata by %s", s.Frame().Strata, d.Design.Strata))
	}
	card := markdown.Card{Result: r, Sources: s.Table().Sources, Design: strings.Join(parts, "; "), Program: "Made by surveykit " + Version() + "."}
	return publish.WriteFile(file, func(w io.Writer) error { return markdown.ModelCard(w, card) })
}
