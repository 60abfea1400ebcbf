package main

import (
	"context"
	"fmt"

	"surveykit/reports/book"
	"surveykit/reports/typing"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/segment"
	"surveykit/survey/study"
	"surveykit/survey/tabulate"
)

// examined is a study with its data, checked in all that run needs before it
// makes the figures of its tables. What run refuses, examine refuses: validate is
// no more than this.
type examined struct {
	study    *survey.Study
	table    *survey.Table
	frame    *engine.Frame
	weighted *survey.Weighting
	own      ownWeights
	tables   *tabulate.Maker
	tools    []studyTool

	path    string
	allowed []string
	source  *study.Source
}

// examine reads a study and finds all that is wrong with it: one fault hides no
// other but what follows from it. Each step goes on from what is sound.
func examine(ctx context.Context, path string, allowed []string) (*examined, error) {
	s, t, source, err := study.Read(path, allowed, openData)
	if err != nil {
		return nil, err
	}
	e := &examined{study: s, table: t, path: path, allowed: allowed, source: source}
	if t == nil {
		return nil, source.Err()
	}
	if err := e.weigh(); err != nil {
		return nil, err
	}
	found, err := e.segment(ctx)
	if err != nil {
		return nil, err
	}
	if err := e.plan(ctx); err != nil {
		return nil, err
	}
	if err := e.makeTools(ctx, found); err != nil {
		return nil, err
	}
	if err := source.Add("$.output.folder", outputFolder(path, s.Output)); err != nil {
		return nil, err
	}
	return e, source.Err()
}

// weigh counts the designs and makes the weights. Where that fails everybody
// counts as one, so that the rest can be looked at.
func (e *examined) weigh() (err error) {
	at := "$.design"
	if e.study.Weighting != nil {
		at = "$.weighting"
	}
	if !e.source.Faulty("$.design") && !e.source.Faulty("$.weighting") {
		e.frame, e.weighted, err = weighStudy(e.path, e.study, e.table, e.allowed)
		if err := e.source.Add(at, err); err != nil {
			return err
		}
		if e.own, err = weighOwn(e.path, e.study, e.table, e.allowed); err != nil {
			if err := e.source.Add("$.weights", err); err != nil {
				return err
			}
		}
	}
	if e.frame != nil {
		return nil
	}
	for k := range e.study.Segments {
		e.source.Skip(fmt.Sprintf("$.segments[%d]", k))
	}
	e.frame, err = engine.NewFrame(e.table, survey.Design{})
	return e.source.Add("$.data", err)
}

// segment finds the segments by the weights of the study.
func (e *examined) segment(ctx context.Context) ([]*segment.Solution, error) {
	if e.frame == nil || e.source.Faulty("$.segments") {
		return nil, nil
	}
	t, found, err := segments(ctx, e.study, e.table, e.frame)
	if err == nil {
		e.table = t
		return found, nil
	}
	for k := range e.study.Segments {
		e.source.Skip(fmt.Sprintf("$.segments[%d]", k))
	}
	return nil, e.source.Add("$.segments", err)
}

// plan lays out the tables and their charts.
func (e *examined) plan(ctx context.Context) error {
	if e.frame == nil {
		return nil
	}
	e.tables = &tabulate.Maker{Table: e.table, Frame: e.frame, Frames: e.own.frames, Study: e.study, Level: e.study.Design.Confidence()}
	plans, err := e.tables.Check(ctx, e.source.Faulty)
	if err != nil {
		return err
	}
	for _, p := range plans {
		e.source.Fail(p.Faults...)
	}
	e.source.Fail(book.Check(plans, e.study.Output.Theme)...)
	return nil
}

// makeTools makes the typing tools, where there are segments.
func (e *examined) makeTools(ctx context.Context, found []*segment.Solution) error {
	if len(found) < len(e.study.Segments) || e.source.Faulty("$.segments") {
		return nil
	}
	made, err := tools(ctx, e.study, e.table, e.frame, found)
	for k, tool := range made {
		if err := typing.Check(tool.tool); err != nil {
			if err := e.source.Add(fmt.Sprintf("$.segments[%d].typing", k), err); err != nil {
				return err
			}
		}
	}
	e.tools = made
	return e.source.Add("$.segments", err)
}

// outputFolder is the problem of a folder for the results that a link leads out
// of the study's.
func outputFolder(path string, want survey.OutputSpec) error {
	_, err := runOptions{}.folder(path, want)
	return err
}
