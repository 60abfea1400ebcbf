package study

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"surveykit/survey"
	"surveykit/survey/fence"
	"surveykit/survey/prepare"
	"surveykit/survey/yamltree"
)

// Load reads the study file at path, opens its data files with open, which gets
// their paths as seen from here (they stand relative to the study file's folder), prepares the table and checks the study
// against it. The files that the study names lie below its own folder or below
// those that are allowed besides; links do not lead out of them. The error is
// survey.Problems: the study file's own faults, or else the files that it may not
// read, or else the faults of all data files, or else everything in the study
// that the data do not bear out.
func Load(path string, allowed []string, open func(survey.DataFile) (*survey.Table, error)) (*survey.Study, *survey.Table, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, nil, survey.Problems{unreadableFile(path, err)}
	}
	study, source, err := Parse(data, path)
	if err != nil {
		return nil, nil, err
	}
	if err := readLogo(study, source); err != nil {
		return nil, nil, err
	}
	around := fence.Around(path, allowed)
	if err := outsiders(study, source, around); err != nil {
		return nil, nil, err
	}
	if err := expand(study, source); err != nil {
		return nil, nil, err
	}
	// A link among the files of a pattern can lead elsewhere, too.
	if err := outsiders(study, source, around); err != nil {
		return nil, nil, err
	}
	tables, err := openPrivately(study, source, open)
	if err != nil {
		return nil, nil, err
	}
	table, faults := prepare.Apply(tables, study, path)
	if table != nil {
		faults = append(faults, prepare.CheckTables(table, study)...)
	}
	var problems survey.Problems
	for _, f := range faults {
		problems = append(problems, source.Annotate(f.Path, f.Problem))
	}
	if err := problems.Err(); err != nil {
		return nil, nil, err
	}
	return study, table, nil
}

// readFile reads no more than Parse would accept.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, yamltree.MaxBytes+1))
}

// unreadableFile says why a study file could not be read.
func unreadableFile(path string, err error) survey.Problem {
	p := survey.Problem{File: path, Message: "the study file cannot be read: " + err.Error()}
	var cause *os.PathError
	if errors.As(err, &cause) {
		p.Message = "the study file cannot be read: " + cause.Err.Error()
	}
	if errors.Is(err, os.ErrNotExist) {
		p.Message, p.Remedy = "there is no such study file", "check the path; surveykit init DATA writes one to begin with"
	}
	return p
}

// openAll opens the study's data files; the problems are those of all files. A
// file that changes meanwhile is none of them: it may be sound when it is whole.
func openAll(study *survey.Study, source *Source, open func(survey.DataFile) (*survey.Table, error)) ([]*survey.Table, error) {
	var tables []*survey.Table
	var problems survey.Problems
	for i, d := range study.Data {
		for _, path := range []*string{&d.File, &d.Catalog, &d.Codebook} {
			*path = besides(source.tree.Path, *path)
		}
		t, err := open(d)
		if errors.Is(err, survey.ErrChanged) {
			return nil, err
		}
		if err != nil {
			problems = append(problems, dataProblems(err, source, fmt.Sprintf("$.data[%d].file", i))...)
			continue
		}
		tables = append(tables, t)
	}
	return tables, problems.Err()
}

// besides is a path that stands in a study file as seen from here, "" where there is none.
func besides(study, path string) string {
	path = filepath.FromSlash(path)
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(study), path)
}

// dataProblems lays a reader's error out as problems; one that names no place
// of its own is shown at the study's line.
func dataProblems(err error, source *Source, yamlPath string) survey.Problems {
	var many survey.Problems
	var one survey.Problem
	switch {
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return survey.Problems{one}
	}
	return survey.Problems{source.Annotate(yamlPath, survey.Problem{Message: err.Error()})}
}
