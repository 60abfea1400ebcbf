package reports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/analysis/propensity"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/fence"
	"surveykit/survey/harmonize"
	"surveykit/survey/ingest"
	"surveykit/survey/ingest/database"
	"surveykit/survey/spec"
)

// Exists is the error of Convert for a table of a database that is not to be replaced.
type Exists = database.Exists

// CanSave reports whether Save knows the format of a file's name; the error is
// survey.Problems that list the endings there are.
func CanSave(file string) error {
	_, err := ingest.Writer(file)
	return err
}

// Save writes a table into one file, in the format of its name, without variables
// that have not been made. The notices say what the format could not keep.
func Save(file string, t *survey.Table) (notices survey.Notices, err error) {
	write, err := ingest.Writer(file)
	if err != nil {
		return nil, err
	}
	made := *t
	made.Variables = slices.DeleteFunc(slices.Clone(t.Variables), func(v *survey.Variable) bool { return v.Unmade })
	err = publish.WriteFile(file, func(w io.Writer) error {
		notices, err = write(w, &made)
		return err
	})
	return notices, err
}

// Written is a table in the files, or the tables of a database, that hold it.
type Written struct {
	// Path is the file that was asked for, or the table.
	Path  string
	Table *survey.Table
	Files []ingest.File
	// Notices are of the table, and of what the files could not keep.
	Notices survey.Notices
}

// Target is where Convert writes.
type Target struct {
	// Path is a file, whose ending names the format, or the DSN of a database.
	Path string
	// Fixed puts the data of Triple-S into fixed columns, not CSV.
	Fixed bool
	// Table is the table of a database; Replace lets it take the place of one that is
	// there.
	Table   string
	Replace bool
}

// Convert reads data and writes them in another format, with the codebook, the definition or the sheet that the
// format needs for labels, or into a database. The error is survey.Problems, an OptionError where it would write
// over what it reads, or a *survey.Unreachable.
func Convert(ctx context.Context, in survey.DataFile, out Target) (*Written, error) {
	if database.Is(out.Path) {
		t, err := readTable(ctx, in, true)
		if err != nil {
			return nil, err
		}
		place := database.Place{DSN: out.Path, Table: out.Table}
		if err := database.Write(ctx, place, t, out.Replace); err != nil {
			return nil, err
		}
		book := ingest.File{Path: place.Book().String(), Holds: "labels, codes and missing values"}
		return &Written{Path: place.String(), Table: t, Files: []ingest.File{book}, Notices: t.Notices}, nil
	}
	files, err := ingest.Files(out.Path, ingest.WriteOptions{Fixed: out.Fixed})
	if err != nil {
		return nil, err
	}
	if err := overwrites(files, in.File); err != nil {
		return nil, err
	}
	t, err := readTable(ctx, in, true)
	if err != nil {
		return nil, err
	}
	for _, source := range t.Sources {
		if err := overwrites(files, source.Path); err != nil {
			return nil, err
		}
	}
	return write(out.Path, files, t)
}

func write(path string, files []ingest.File, t *survey.Table) (*Written, error) {
	w := &Written{Path: path, Table: t, Files: files, Notices: t.Notices}
	for _, f := range files {
		var lost survey.Notices
		err := publish.WriteFile(f.Path, func(to io.Writer) (err error) {
			lost, err = f.Write(to, t)
			return err
		})
		if err != nil {
			return nil, err
		}
		w.Notices = append(w.Notices[:len(w.Notices):len(w.Notices)], lost...)
	}
	return w, nil
}

// overwrites refuses to write over a file that is read.
func overwrites(files []ingest.File, read string) error {
	for _, f := range files {
		x, err1 := os.Stat(read)
		y, err2 := os.Stat(f.Path)
		if err1 == nil && err2 == nil && os.SameFile(x, y) {
			return &OptionError{"", "", fmt.Errorf("%s is the file that is read; give OUT another name", f.Path)}
		}
	}
	return nil
}

// CompareFiles fits the codebooks of files together, which are data files or
// studies: a mapping for people to review. Paths in it are as seen from the file
// that it is to be written to, "" for the folder that the program runs in. The
// problems are those of all files.
func CompareFiles(paths []string, mapping string, allowed []string) (*harmonize.Mapping, []*survey.Table, error) {
	var files []harmonize.File
	var tables []*survey.Table
	var problems survey.Problems
	for _, path := range paths {
		d, err := Open(path, OpenOptions{Allowed: allowed})
		var many survey.Problems
		switch {
		case errors.As(err, &many):
			problems = append(problems, many...)
		case err != nil:
			return nil, nil, err
		default:
			files = append(files, harmonize.File{Path: Relative(mapping, path), Table: d.Table, Design: d.Design})
			tables = append(tables, d.Table)
		}
	}
	if len(problems) > 0 {
		return nil, nil, problems
	}
	return harmonize.Compare(files), tables, nil
}

// Stack puts the files of a reviewed mapping under each other and writes them. The
// files lie below the mapping's folder or what is allowed besides. The error is
// survey.Problems, or an OptionError where it would write over what it reads.
func Stack(mapping, out string, allowed []string) (*Written, error) {
	text, err := readText(mapping, "the mapping")
	if err != nil {
		return nil, err
	}
	m, source, err := harmonize.Parse(text, mapping)
	if err != nil {
		return nil, err
	}
	files, err := ingest.Files(out, ingest.WriteOptions{})
	if err != nil {
		return nil, err
	}
	tables, err := openMapped(mapping, m, source, allowed, files)
	if err != nil {
		return nil, err
	}
	t, err := harmonize.Stack(m, source, tables)
	if err != nil {
		return nil, err
	}
	return write(out, files, t)
}

// openMapped opens the files of a mapping, none of which is written.
func openMapped(mapping string, m *harmonize.Mapping, source *spec.Source, allowed []string, written []ingest.File) ([]*survey.Table, error) {
	around := fence.Around(mapping, allowed)
	var tables []*survey.Table
	var problems survey.Problems
	for i, file := range m.Files {
		for _, path := range []*string{&file.File, &file.Codebook, &file.Catalog} {
			*path = beside(mapping, *path)
			var p survey.Problem
			if *path != "" && errors.As(around.Check(*path), &p) {
				problems = append(problems, source.Annotate(fmt.Sprintf("$.files[%d]", i), p))
			}
		}
		if len(problems) > 0 {
			continue
		}
		if err := overwrites(written, file.File); err != nil {
			return nil, err
		}
		d, err := Open(file.File, OpenOptions{Data: file, Allowed: around.Folders()})
		if err != nil {
			return nil, err
		}
		tables = append(tables, d.Table)
	}
	return tables, problems.Err()
}

// Assign gives everybody the segment of a model, which SaveModel wrote: a variable
// of that name, and name_1, name_2 … with the probabilities of each segment.
func (d *Data) Assign(model, name string) (*survey.Table, error) {
	m, err := ReadSegments(model)
	if err != nil {
		return nil, err
	}
	s, err := m.Assign(d.Table)
	if err != nil {
		return nil, err
	}
	return d.Table.With(s.Variables(name)...), nil
}

// Score gives everybody the propensity of a model, which SaveModel wrote: a
// variable of that name, or name_1, name_2 … with several outcomes.
func (d *Data) Score(model, name string) (t *survey.Table, notices survey.Notices, err error) {
	text, err := readText(model, "the model")
	if err != nil {
		return nil, nil, err
	}
	m, err := propensity.ParseModel(text, model)
	if err != nil {
		return nil, nil, err
	}
	scores, notices, err := m.Score(d.Table, name)
	if err != nil {
		return nil, nil, err
	}
	return d.Table.With(scores...), notices, nil
}

// ReadSegments reads a model of segments, which SaveModel wrote.
func ReadSegments(model string) (*segment.Model, error) {
	text, err := readText(model, "the model")
	if err != nil {
		return nil, err
	}
	return segment.ParseModel(text, model)
}
