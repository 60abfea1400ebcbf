package reports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"surveykit/reports/book"
	"surveykit/reports/figure"
	"surveykit/reports/typing"
	"surveykit/reports/wording"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/prepare"
	"surveykit/survey/privacy"
	"surveykit/survey/study"
	"surveykit/survey/tabulate"
)

// Schema is the JSON Schema of the study file, by which editors complete and check it.
func Schema() []byte { return study.Schema }

// Valid is a study with its data, found sound in all that its report needs: its
// weights, segments and typing tools are made, its tables are laid out.
type Valid struct {
	*Data
	// Weights are those of the study.
	Weights Weights

	options Options
	started time.Time
	source  *study.Source
	own     ownWeights
	tables  *tabulate.Maker
	tools   []tool
	// undrawn are the charts that are too large to be drawn.
	undrawn survey.Notices
}

// Validate reads a study with its data and finds everything that is wrong with
// them: one fault hides no other but what follows from it. What Report and Deliver
// would refuse, it refuses. The error is survey.Problems, or an OptionError.
func Validate(ctx context.Context, path string, o Options) (v *Valid, err error) {
	started := time.Now()
	in := reader{ctx: ctx, notices: true, grouped: true, memory: o.Memory, progress: o.Reading}
	defer in.closeOn(&err)
	s, t, source, err := study.Read(path, o.Allowed, in.read)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, source.Err()
	}
	v = &Valid{
		Data:    in.attach(&Data{Path: path, Table: t, Design: s.Design, Weighting: weightingOf(path, s), Study: s, allowed: o.Allowed}),
		options: o, started: started, source: source,
	}
	// Each step goes on from what is sound.
	if err := v.weighAll(ctx); err != nil {
		return nil, err
	}
	made, err := v.segment(ctx)
	if err != nil {
		return nil, err
	}
	if err := v.plan(ctx); err != nil {
		return nil, err
	}
	if len(o.Only) == 0 {
		if err := v.makeTools(ctx, made); err != nil {
			return nil, err
		}
	}
	_, err = v.folder(o.Folder)
	if err := source.Add("$.output.folder", err); err != nil {
		return nil, err
	}
	if err := source.Err(); err != nil {
		return nil, err
	}
	return v, v.choose(o.Only)
}

// weighAll counts the designs and makes the weights. Where that fails everybody
// counts as one, so that the rest can be looked at.
func (v *Valid) weighAll(ctx context.Context) (err error) {
	at := "$.design"
	if v.Study.Weighting != nil {
		at = "$.weighting"
	}
	if !v.source.Faulty("$.design") && !v.source.Faulty("$.weighting") {
		v.Weights, err = v.weighStudy(ctx)
		if err := v.source.Add(at, err); err != nil {
			return err
		}
		v.own, err = v.weighOwn(ctx, v.Study.Weights)
		for k, w := range v.Study.Weights {
			if v.own.frames[w.Name] == nil {
				v.source.Skip(fmt.Sprintf("$.weights[%d]", k))
			}
		}
		if err := v.source.Add("$.weights", err); err != nil {
			return err
		}
	}
	if v.Weights.Frame != nil {
		return nil
	}
	if v.Study.Weighting != nil {
		v.source.Skip("$.weighting")
	}
	for k := range v.Study.Models {
		v.source.Skip(v.Study.ModelPath(k))
	}
	for k := range v.Study.Weights {
		v.source.Skip(fmt.Sprintf("$.weights[%d]", k))
	}
	v.Weights.Frame, err = v.answering().Frame(ctx, survey.Design{})
	return v.source.Add("$.data", err)
}

// segment finds the segments by the weights of the study.
func (v *Valid) segment(ctx context.Context) ([]prepare.Made, error) {
	if v.Weights.Frame == nil || v.source.Faulty("$.segments") {
		for k := range v.Study.Models {
			v.source.Skip(v.Study.ModelPath(k))
		}
		return nil, nil
	}
	t, made, err := v.segments(ctx, v.Weights.Frame)
	if err == nil {
		v.Table = t
		return made, nil
	}
	for k := range v.Study.Models {
		v.source.Skip(v.Study.ModelPath(k))
	}
	return nil, v.source.Add("$.segments", err)
}

// plan lays out the tables and their charts.
func (v *Valid) plan(ctx context.Context) error {
	if v.Weights.Frame == nil {
		return nil
	}
	v.tables = &tabulate.Maker{Table: v.Table, Frame: v.Weights.Frame, Frames: v.own.frames, Study: v.Study, Engine: v.engine}
	plans, err := v.tables.Check(ctx, v.source.Faulty)
	if err != nil {
		return err
	}
	for _, p := range plans {
		v.source.Fail(p.Faults...)
	}
	faults, undrawn := book.Check(plans, v.Study.Output.Theme)
	v.source.Fail(faults...)
	v.undrawn = undrawn
	return nil
}

// makeTools makes the typing tools, where there are segments.
func (v *Valid) makeTools(ctx context.Context, made []prepare.Made) error {
	if v.Weights.Frame == nil || len(made) < len(v.Study.Models) || v.source.Faulty("$.segments") {
		return nil
	}
	everybody, err := v.everybody(ctx, v.Table, v.Weights.Frame)
	if err != nil {
		return v.source.Add("$.segments", err)
	}
	typed, err := segment.TypeStudied(ctx, everybody, v.Study, made)
	if err != nil {
		return v.source.Add("$.segments", err)
	}
	for k, t := range typed {
		if t == nil {
			continue
		}
		spec := made[k].(segment.Found).Asked
		one := tool{spec, toolOf(t, spec.Typing.Title, v.Study)}
		if err := v.source.Add(v.Study.ModelPath(k)+".typing", typing.Check(one.tool)); err != nil {
			return err
		}
		v.tools = append(v.tools, one)
	}
	return nil
}

// choose keeps the tables with these ids.
func (v *Valid) choose(only []string) error {
	if len(only) == 0 {
		return nil
	}
	var names []string
	byID := map[string]survey.TableSpec{}
	for _, t := range v.Study.Tables {
		names = append(names, t.ID)
		byID[t.ID] = t
	}
	v.Study.Tables = nil
	for _, id := range only {
		t, ok := byID[strings.TrimSpace(id)]
		if !ok {
			return &OptionError{"only", "", survey.UnknownName("table", id, names)}
		}
		v.Study.Tables = append(v.Study.Tables, t)
	}
	return nil
}

// Warnings are what a person should know of the data before the tables are made.
func (v *Valid) Warnings() survey.Notices {
	return slices.Concat(v.Weights.Warnings, v.own.warnings, v.Table.Notices, v.undrawn)
}

// Identifiers are columns that look like direct identifiers, among all columns of the
// data: where the study names only some, the data are read once more.
func (v *Valid) Identifiers() ([]privacy.Finding, error) {
	if v.Table.Columns == nil || v.engine != nil {
		return v.Data.Identifiers(), nil
	}
	all, err := Open(v.Path, OpenOptions{Allowed: v.allowed})
	if err != nil {
		return nil, err
	}
	return all.Identifiers(), nil
}

// Report is the book of a study with the typing tools that go with it.
type Report struct {
	Book *survey.Book

	of    *Valid
	tools []tool
}

// Run validates a study, makes its report and delivers it. The error is that of
// the first step that fails; nothing is delivered then.
func Run(ctx context.Context, path string, o Options) (*Report, error) {
	v, err := Validate(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	r, err := v.Report(ctx)
	if err != nil {
		return nil, err
	}
	return r, r.Deliver(ctx)
}

// Report makes the tables of a study, and the book of them.
func (v *Valid) Report(ctx context.Context) (*Report, error) {
	var progress func(int)
	if v.options.Progress != nil {
		progress = func(done int) { v.options.Progress(done, len(v.Study.Tables)) }
	}
	tables, err := v.tables.All(ctx, progress)
	if err != nil {
		return nil, err
	}
	b, err := book.Assemble(ctx, v.tables, tables)
	if err != nil {
		return nil, err
	}
	b.Methods = append(b.Methods, privacy.Sentences(b.Sources)...)
	if b.Weighting = v.Weights.Made; b.Weighting != nil {
		b.Design = append(b.Design, wording.HowWeighted(b.Weighting)...)
	}
	b.Sources = append(seenFrom(v.Path, b.Sources), v.own.inputs...)
	b.Warnings = append(b.Warnings, v.own.warnings...)
	for _, t := range v.tools {
		name := cmp.Or(t.Label, t.Name)
		b.Methods = append(b.Methods, fmt.Sprintf("%s has a typing tool, %s: %s", name, t.file(".xlsx"), t.tool.Quality()))
		if !t.tool.Typing.Reached {
			wanted := cmp.Or(t.Typing.Accuracy, segment.DefaultAccuracy)
			b.Warnings.Note(segment.NoticeTyping, nil, "typing tool of %s: no number of items reaches %s; the most accurate is used", name, figure.Percent(wanted, 0))
		}
	}
	b.StudyFile, err = identify(v.Path)
	return &Report{Book: b, of: v, tools: v.tools}, err
}

// identify names a study file by its hash.
func identify(path string) (survey.Source, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return survey.Source{}, err
	}
	sum := sha256.Sum256(data)
	return survey.Source{Path: filepath.Base(path), Format: "study", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}, nil
}
