package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"surveykit/reports/book"
	"surveykit/reports/figure"
	"surveykit/reports/typing"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/segment"
)

// studyTool is the typing tool of some of a study's segments.
type studyTool struct {
	survey.SegmentSpec
	tool typing.Tool
}

// tools are the typing tools that a study asks for.
func tools(ctx context.Context, s *survey.Study, t *survey.Table, f *engine.Frame, found []*segment.Solution) ([]studyTool, error) {
	everybody, err := estimate.New(t, f, estimate.Domain{})
	if err != nil {
		return nil, err
	}
	everybody.Level = s.Design.Confidence()
	made, err := segment.TypeStudied(ctx, everybody, s, found)
	if err != nil {
		return nil, err
	}
	var out []studyTool
	for k, typed := range made {
		if typed != nil {
			out = append(out, studyTool{s.Segments[k], toolOf(typed, s.Segments[k].Typing.Title, s)})
		}
	}
	return out, nil
}

// toolOf is the workbook of a typing tool; the study is nil where there is none.
func toolOf(t *segment.Typing, title string, s *survey.Study) typing.Tool {
	tool := typing.Tool{Title: title, Model: t.Model, Typing: t}
	if s != nil {
		tool.Theme, tool.Source, tool.Synthetic = s.Output.Theme, book.SourceLine(s), s.Synthetic
	}
	return tool
}

func (t studyTool) file(ending string) string { return "typing/" + t.Name + ending }

// outputs are the tool's workbook and its model.
func (t studyTool) outputs() []output {
	return []output{
		one(t.file(".xlsx"), func(w io.Writer) error { return typing.Write(w, t.tool) }),
		one(t.file(".json"), func(w io.Writer) error { return encodeModel(w, t.tool.Model) }),
	}
}

// tell says in a report that there is the tool, and warns where it is not as
// good as was asked for.
func (t studyTool) tell(b *survey.Book) {
	name := cmp.Or(t.Label, t.Name)
	b.Methods = append(b.Methods, fmt.Sprintf("%s has a typing tool, %s: %s", name, t.file(".xlsx"), t.tool.Quality()))
	if !t.tool.Typing.Reached {
		wanted := cmp.Or(t.Typing.Accuracy, segment.DefaultAccuracy)
		b.Warnings = append(b.Warnings, fmt.Sprintf("typing tool of %s: no number of items reaches %s; the best is taken", name, figure.Percent(wanted, 0)))
	}
}
