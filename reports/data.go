package reports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/draft"
	"surveykit/survey/engine"
	"surveykit/survey/engine/grouped"
	"surveykit/survey/engine/memory"
	"surveykit/survey/estimate"
	"surveykit/survey/fence"
	"surveykit/survey/ingest"
	"surveykit/survey/ingest/database"
	"surveykit/survey/prepare"
	"surveykit/survey/study"
	"surveykit/survey/tabulate"
	"surveykit/survey/weighting"
)

// Data are the rows of a data file, or of a study as it prepares them, with what
// is known of the sample.
type Data struct {
	// Path is the file's, as it was given.
	Path string
	// Table holds the rows. A study's segments are empty in it; the table of a Sample
	// has them.
	Table *survey.Table
	// Design is how the sample was drawn: the study's, empty for a data file.
	Design survey.Design
	// Weighting is the path of the spec by which weights are made from those of the
	// design: the study's, "" for none.
	Weighting string
	// Study is the study file's content, nil for a data file.
	Study *survey.Study

	file    survey.DataFile
	allowed []string
	// engine answers what is asked of the rows, of which Table is then the codebook, and
	// asked is the source that it asks; nil where Table holds the rows.
	engine engine.Grouping
	asked  *grouped.Recorder
}

// NeedsRows is the problem of what works on the rows where they stay where they are.
func (d *Data) NeedsRows(what string) error {
	if d.engine == nil {
		return nil
	}
	return survey.Problems{{File: d.Path, Message: what + " needs the rows, and they stay where they are", Remedy: survey.ReadRows}}
}

// Close ends the connections of data that stay in a database, and removes the temporary file
// of those that are larger than memory. Nothing may be asked of them afterwards. Data in
// memory need not be closed.
func (d *Data) Close() error {
	if d.asked == nil {
		return nil
	}
	return d.asked.Close()
}

// answering is what answers questions about the rows.
func (d *Data) answering() engine.Engine {
	if d.engine != nil {
		return d.engine
	}
	return memory.New(d.Table)
}

// Open reads a data file of any format, a table of a database whose DSN is the path, or a study file
// (.yaml, .yml) with its data. The error is survey.Problems: everything that is wrong with the files; or a
// *survey.Unreachable where a database does not answer.
func Open(path string, o OpenOptions) (d *Data, err error) {
	in := reader{ctx: cmp.Or(o.Context, context.Background()), grouped: o.Grouped, memory: o.Data.Memory}
	defer in.closeOn(&err)
	if !IsStudy(path) {
		file := o.Data
		if file.File = path; IsDatabase(path) {
			file.SQL, file.File = path, ""
		}
		t, err := in.read(file)
		if err != nil {
			return nil, err
		}
		return in.attach(&Data{Path: path, Table: t, file: file, allowed: o.Allowed}), nil
	}
	in.notices = true
	s, t, err := study.Load(path, o.Allowed, func(d survey.DataFile) (*survey.Table, error) {
		if o.Data.Columns == nil {
			d.Columns = nil
		} else if d.Columns != nil {
			d.Columns = append(d.Columns, o.Data.Columns...)
		}
		return in.read(d)
	})
	if err != nil {
		return nil, err
	}
	return in.attach(&Data{Path: path, Table: t, Design: s.Design, Weighting: weightingOf(path, s), Study: s, allowed: o.Allowed}), nil
}

// IsStudy reports whether a path names a study file.
func IsStudy(path string) bool {
	return strings.HasSuffix(path, ".yaml") || strings.HasSuffix(path, ".yml")
}

// IsDatabase reports whether a path is the DSN of a database.
func IsDatabase(path string) bool { return database.Is(path) }

// reader reads data files, or their codebooks where the rows stay where they are.
type reader struct {
	ctx context.Context
	// notices are those of whole files.
	notices bool
	files   int // so far
	// grouped lets files stay where they are.
	grouped bool
	// memory is the most that the rows of one file may take; "" is what the study says.
	memory survey.Size
	// progress, where not nil, gets the rows so far of a file that is read in blocks.
	progress func(rows int)
	// source and codebook are of the data that stay where they are, if any.
	source   *grouped.Recorder
	codebook *survey.Table
}

// sourceOf opens data whose rows stay where they are; nil of a file that is read.
var sourceOf = func(ctx context.Context, d survey.DataFile) (grouped.Source, error) {
	if d.SQL == "" || d.Rows == survey.RowsAllowed {
		return nil, nil
	}
	sources := make([]grouped.Source, 1+len(d.Shards))
	for k, dsn := range append([]string{d.SQL}, d.Shards...) {
		place := placeOf(d)
		place.DSN = dsn
		source, err := ingest.Database(ctx, place, optionsOf(d))
		if err != nil {
			return nil, err
		}
		sources[k] = source
	}
	if len(sources) == 1 {
		return sources[0], nil
	}
	return grouped.Shards(sources)
}

// read reads the columns of a data file that are mentioned.
func (r *reader) read(d survey.DataFile) (*survey.Table, error) {
	if r.memory != "" && d.Memory != survey.Unlimited {
		d.Memory = r.memory
	}
	if of := cmp.Or(d.Table, d.Query); of != "" && d.SQL == "" {
		return nil, survey.Problems{{File: d.File, Value: of, Message: "a file has no tables and takes no query: these are of a database", Remedy: "leave them out, or name a database, such as sqlite:FILE"}}
	}
	source, err := sourceOf(r.ctx, d)
	if source == nil && err == nil && r.grouped && d.SQL == "" {
		source, err = r.streamOf(d)
	}
	if err != nil {
		return nil, err
	}
	if r.files++; r.files > 1 && (source != nil || r.source != nil) {
		grouped.Close(source)
		return nil, survey.Problems{{File: cmp.Or(d.File, placeOf(d).String()), Message: "files and tables of databases are put under each other by their rows, and the rows of a database are read only where that is allowed",
			Remedy: "say rows: allow, or put the tables together in a view or a query"}}
	}
	if source == nil {
		return readTable(r.ctx, d, r.notices)
	}
	r.source = &grouped.Recorder{Source: source}
	r.codebook, err = grouped.Codebook(r.ctx, r.source, d.Weights...)
	return r.codebook, err
}

// closeOn closes data that stay where they are after an error.
func (r *reader) closeOn(err *error) {
	if *err != nil && r.source != nil {
		r.source.Close()
	}
}

// attach gives data that stay where they are their engine, over what a study, if any,
// makes of the codebook.
func (r *reader) attach(d *Data) *Data {
	if d.asked = r.source; r.source == nil {
		return d
	}
	var variables grouped.Variables
	if d.Study != nil {
		variables = prepare.NewVariables(r.codebook, d.Table, d.Study)
	}
	d.engine = grouped.New(r.source, variables)
	return d
}

// readTable reads the columns of a data file that are mentioned. Notices are those of
// the whole file where they are asked for. Rows of a database must be allowed.
func readTable(ctx context.Context, d survey.DataFile, notices bool) (*survey.Table, error) {
	o := optionsOf(d)
	o.Notices = notices
	if d.SQL == "" {
		return ingest.Open(d.File, o)
	}
	if d.Rows != survey.RowsAllowed {
		if _, err := sourceOf(ctx, d); err != nil { // a table that is not there is the first thing to say
			return nil, err
		}
		return nil, survey.Problems{{File: placeOf(d).String(), Message: "this needs the rows, and the rows of a database are read only where that is allowed",
			Remedy: "give --allow-rows, or rows: allow in the study"}}
	}
	return ingest.Rows(ctx, placeOf(d), o)
}

// placeOf is where data of a database are.
func placeOf(d survey.DataFile) database.Place {
	return database.Place{DSN: d.SQL, Table: d.Table, Query: d.Query}
}

// optionsOf are how a data file is read.
func optionsOf(d survey.DataFile) ingest.Options {
	o := ingest.Options{Delimited: d.Options, Sheet: d.Sheet, Catalog: d.Catalog, Codebook: d.Codebook}
	if d.Columns != nil {
		o.Columns = func(dictionary *survey.Table) []string { return ingest.Mentioned(dictionary, d.Columns) }
	}
	return o
}

// weightingOf is the path of a study's weighting spec as seen from here, "" for none.
func weightingOf(path string, s *survey.Study) string {
	if s.Weighting == nil {
		return ""
	}
	return beside(path, s.Weighting.Spec)
}

// beside is a path that a file names as seen from here, "" for none.
func beside(file, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), filepath.FromSlash(path))
}

// fence is around what a weighting spec may read: as much as the study that names
// it, or what lies beside the spec.
func (d *Data) fence(spec string) fence.Fence {
	if d.Study != nil && spec == weightingOf(d.Path, d.Study) {
		return fence.Around(d.Path, d.allowed)
	}
	return fence.Around(spec, d.allowed)
}

// Sample counts the design over all rows, makes the weights and the study's
// segments, and takes the part of the sample that the options describe. The
// level and the methods of their intervals are the design's by default. The error is survey.Problems.
func (d *Data) Sample(ctx context.Context, o estimate.Options) (*estimate.Sample, error) {
	w, err := d.Weigh(ctx, d.Weighting)
	if err != nil {
		return nil, err
	}
	t, err := d.segmented(ctx, w.Frame)
	if err != nil {
		return nil, err
	}
	said, problems := estimate.Designed(d.Design)
	if len(problems) > 0 {
		return nil, problems
	}
	o.Engine = d.engine
	o.Level, o.Interval, o.Context = cmp.Or(o.Level, said.Level), cmp.Or(o.Interval, said.Interval), cmp.Or(o.Context, ctx)
	o.Rule, o.QuantileInterval = cmp.Or(o.Rule, said.Rule), cmp.Or(o.QuantileInterval, said.QuantileInterval)
	return estimate.New(t, w.Frame, o)
}

// segmented is the table with the segments that the study asks for, by the weights
// of a frame.
func (d *Data) segmented(ctx context.Context, f *engine.Frame) (*survey.Table, error) {
	t, _, err := d.segments(ctx, f)
	var found survey.Faults
	if errors.As(err, &found) {
		return nil, found.Problems()
	}
	return t, err
}

// segments is segmented with what the models made, none where all are made. The error is survey.Faults of the
// segments and of the study's tables that use them.
func (d *Data) segments(ctx context.Context, f *engine.Frame) (*survey.Table, []prepare.Made, error) {
	s := d.Study
	if s == nil || !slices.ContainsFunc(d.Table.Variables, func(v *survey.Variable) bool { return v.Unmade }) {
		return d.Table, nil, nil
	}
	everybody, err := d.everybody(ctx, d.Table, f)
	if err != nil {
		return nil, nil, err
	}
	t, made, err := prepare.Make(ctx, everybody, s)
	if err != nil {
		return nil, nil, err
	}
	_, faults := prepare.CheckTables(t, s)
	return t, made, survey.Faults(faults).Err()
}

// everybody is the whole sample with the rules of the design.
func (d *Data) everybody(ctx context.Context, t *survey.Table, f *engine.Frame) (*estimate.Sample, error) {
	o, problems := estimate.Designed(d.Design)
	if len(problems) > 0 {
		return nil, problems
	}
	o.Context, o.Engine = ctx, d.engine
	return estimate.New(t, f, o)
}

// Tabulate makes tables of the data as those of a report are made; the study's
// labels, groups and rules hold for them, and its segments are made. The warnings are of the design and of
// the tables. The error is survey.Problems, all of them.
func (d *Data) Tabulate(ctx context.Context, tables []survey.TableSpec) (made []*survey.Tabulation, warnings survey.Notices, err error) {
	s := &survey.Study{}
	if d.Study != nil {
		*s = *d.Study
	}
	s.Design, s.Tables = d.Design, tables
	w, err := d.Weigh(ctx, d.Weighting)
	if err != nil {
		return nil, nil, err
	}
	own, err := d.weighOwn(ctx, slices.DeleteFunc(slices.Clone(s.Weights), func(w survey.FurtherWeight) bool {
		return !slices.ContainsFunc(tables, func(t survey.TableSpec) bool { return t.Weight == w.Name })
	}))
	if err != nil {
		return nil, nil, err
	}
	t, err := d.segmented(ctx, w.Frame)
	if err != nil {
		return nil, nil, err
	}
	notices, faults := prepare.CheckTables(t, s)
	if len(faults) > 0 {
		return nil, nil, survey.Faults(faults).Problems()
	}
	warnings = slices.Concat(w.Frame.Warnings, own.warnings, notices[len(d.Table.Notices):])
	m := &tabulate.Maker{Table: t, Frame: w.Frame, Frames: own.frames, Study: s, Engine: d.engine}
	made, err = m.All(ctx, nil)
	return made, warnings, err
}

// Explain derives one figure of a sample step by step. The scripts in other
// languages say which of their variables the study makes, for the data file does
// not hold them.
func (d *Data) Explain(s *estimate.Sample, q estimate.Question, where string) ([]estimate.Explanation, error) {
	explained, err := s.Explain(q, d.Design, where)
	if err != nil || d.Study == nil {
		return explained, err
	}
	for k := range explained {
		e := &explained[k]
		var made []string
		for _, r := range d.Study.Recodes {
			if slices.Contains(e.Variables, r.Name) {
				made = append(made, r.Name)
			}
		}
		if len(made) > 0 {
			note := " the study file makes, and so must you: " + strings.Join(made, ", ")
			e.R, e.Stata = "#"+note+"\n"+e.R, "*"+note+"\n"+e.Stata
		}
	}
	return explained, nil
}

// Items are names of items in which the study's groups have become their items.
func (d *Data) Items(names []string) []string {
	if d.Study == nil {
		return names
	}
	return segment.Expand(names, d.Study.Groups, d.Table)
}

// longestText is longer than what is accepted of specs, models and mappings, in bytes.
const longestText = 8 << 20

// readText reads a file that people or programs wrote, and no more of it than
// anybody would write; what names it in problems.
func readText(path, what string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err == nil && info.Size() > longestText {
		err = fmt.Errorf("it is longer than %d MiB", longestText>>20)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, survey.Problems{{File: path, Message: what + " cannot be read: " + err.Error(), Remedy: "check its path"}}
	}
	return data, nil
}

// readSpec reads a weighting spec with the files that it names, within its fence.
func readSpec(path string, around fence.Fence) (*weighting.Spec, error) {
	data, err := readText(path, "the weighting spec")
	if err != nil {
		return nil, err
	}
	return weighting.Parse(data, path, func(p string) (*survey.Table, error) {
		if err := around.Check(p); err != nil {
			return nil, err
		}
		d, err := Open(p, OpenOptions{Allowed: around.Folders()})
		if err != nil {
			return nil, err
		}
		return d.Table, nil
	})
}

// Relative is a path as seen from the folder of another file.
func Relative(file, path string) string {
	from, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return path
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(from, to); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}

// Draft is a commented study file for the data, ready to run, that is to be written
// to a path; "" is the folder that the program runs in. It asks for the first tables, or
// for all. Data without rows are refused.
func (d *Data) Draft(studyFile string, all bool) (*draft.Draft, error) {
	if d.engine == nil && d.Table.Rows == 0 {
		return nil, survey.Problems{{File: d.Path, Message: "the data hold no rows", Remedy: "check the export"}}
	}
	file := d.file
	for _, path := range []*string{&file.File, &file.Codebook, &file.Catalog} {
		if *path != "" {
			*path = Relative(studyFile, *path)
		}
	}
	if path, ok := database.File(file.SQL); ok {
		file.SQL = database.WithFile(file.SQL, Relative(studyFile, path))
	} else if file.SQL != "" {
		file.SQL = database.WithoutSecrets(file.SQL)
	}
	return draft.New(d.Table, draft.Options{Data: file, All: all}), nil
}

// Within reports whether the data lie where a study file at a path may read them.
func (d *Data) Within(studyFile string) bool {
	path := d.Path
	if d.file.SQL != "" {
		file, ok := database.File(d.file.SQL)
		if !ok {
			return true
		}
		path = file
	}
	return fence.Around(studyFile, nil).Check(path) == nil
}
