package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/fence"
	"surveykit/survey/ingest/database"
	"surveykit/survey/near"
	"surveykit/survey/prepare"
	"surveykit/survey/privacy"
	"surveykit/survey/spec"
)

// Load reads the study file at path, opens its data files with open, which gets
// their paths as seen from here (they are relative to the study file's folder), prepares the table and checks the study
// against it. The files that the study names lie below its own folder or below
// those that are allowed besides; links do not lead out of them. The error is
// survey.Problems: everything that is wrong with the study file, with the files that
// it names, and with what it asks of the data.
func Load(path string, allowed []string, open func(survey.DataFile) (*survey.Table, error)) (*survey.Study, *survey.Table, error) {
	study, table, source, err := Read(path, allowed, open)
	if err == nil {
		err = source.Err()
	}
	if err != nil {
		return nil, nil, err
	}
	return study, table, nil
}

// Read is Load for those who check more than it does: the source has the faults
// found so far and takes more. The table is nil where the data cannot be read; the
// study then may be nil as well. Files are not opened where the study's data or
// privacy sections, or a key that may mean one of them, have a fault.
func Read(path string, allowed []string, open func(survey.DataFile) (*survey.Table, error)) (*survey.Study, *survey.Table, *Source, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, nil, nil, survey.Problems{unreadableFile(path, err)}
	}
	study, source := parse(data, path)
	if study == nil {
		return nil, nil, source, nil
	}
	if err := source.Add("$.output.theme.logo", readLogo(study, source)); err != nil {
		return nil, nil, nil, err
	}
	if source.Faulty("$.data") || source.Faulty("$.privacy") || source.misses("data", "privacy") {
		return study, nil, source, nil
	}
	table, err := source.table(study, fence.Around(path, allowed), open)
	if err := source.Add("$.data", err); err != nil {
		return nil, nil, nil, err
	}
	return study, table, source, nil
}

// misses reports whether a key of the file is none, but may be meant as one of some.
func (s *Source) misses(keys ...string) bool {
	known := studyFile.Keys()
	return slices.ContainsFunc(s.Root.Entries, func(e spec.Entry) bool {
		return !slices.Contains(known, e.Key.Text) && len(near.Names(e.Key.Text, keys, 1)) > 0
	}) || s.Root.Find("data") == nil
}

// table opens the data and prepares the table that the study describes.
func (s *Source) table(study *survey.Study, around fence.Fence, open opener) (*survey.Table, error) {
	if err := outsiders(study, s, around); err != nil {
		return nil, err
	}
	if err := expand(study, s); err != nil {
		return nil, err
	}
	// A link among the files of a pattern can lead elsewhere, too.
	if err := outsiders(study, s, around); err != nil {
		return nil, err
	}
	tables, err := openPrivately(study, s, open)
	if err != nil {
		return nil, err
	}
	table, faults, err := prepare.Apply(tables, study, s.Path)
	if err != nil {
		return nil, err
	}
	s.Fail(faults...)
	if table != nil {
		notices, faults := prepare.CheckTables(table, study)
		s.Fail(faults...)
		// From here on nothing may take the place of a model's variable for its values.
		for _, m := range study.Models {
			if v := table.Lookup(m.Makes()); v != nil {
				unmade := *v
				unmade.Unmade, table = true, table.With(&unmade)
			}
		}
		told := *table
		told.Notices, table = notices, &told
	}
	return table, nil
}

// readFile reads no more than Parse would accept.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, spec.MaxBytes+1))
}

// unreadableFile says why a study file could not be read.
func unreadableFile(path string, err error) survey.Problem {
	p := survey.Problem{File: path, Message: "the study file cannot be read: " + err.Error()}
	var cause *os.PathError
	if errors.As(err, &cause) {
		p.Message = "the study file cannot be read: " + cause.Err.Error()
	}
	if errors.Is(err, os.ErrNotExist) {
		p.Message, p.Remedy = "there is no such study file", "check the path; surveykit init DATA writes a first one"
	}
	return p
}

// openAll opens the study's data files; the problems are those of all files. A
// file that changes meanwhile is none of them: it may be sound when it is whole; nor is
// a database that does not answer.
func openAll(study *survey.Study, source *Source, open func(survey.DataFile) (*survey.Table, error)) ([]*survey.Table, error) {
	var tables []*survey.Table
	var problems survey.Problems
	for i, d := range study.Data {
		if d.Columns, d.Weights, d.Memory = source.columns(study), study.WeightColumns(), study.Memory; study.NeedsRows() {
			d.Memory = survey.Unlimited
		}
		for _, path := range []*string{&d.File, &d.Catalog, &d.Codebook} {
			*path = besides(source.Path, *path)
		}
		at := fmt.Sprintf("$.data[%d].file", i)
		if d.SQL != "" {
			at = fmt.Sprintf("$.data[%d].sql", i)
		}
		beside := func(dsn string) string {
			if path, ok := database.File(dsn); ok {
				return database.WithFile(dsn, besides(source.Path, path))
			}
			return dsn
		}
		d.SQL, d.Shards = beside(d.SQL), slices.Clone(d.Shards)
		for k, dsn := range d.Shards {
			d.Shards[k] = beside(dsn)
		}
		t, err := open(d)
		var unreachable *survey.Unreachable
		if errors.Is(err, survey.ErrChanged) || errors.As(err, &unreachable) || errors.Is(err, context.Canceled) {
			return nil, err
		}
		if err != nil {
			problems = append(problems, dataProblems(err, source, at)...)
			continue
		}
		tables = append(tables, t)
	}
	return tables, problems.Err()
}

// columns are all keys and texts of the study file, which mention the columns that its
// report needs. They are nil where all columns count: where files are held against each
// other to be stacked, and where a weighting spec names more, or the answers that it
// moved most are listed.
func (s *Source) columns(study *survey.Study) []string {
	if len(study.Data) > 1 || study.Weighting != nil || slices.ContainsFunc(study.Weights, func(w survey.FurtherWeight) bool { return w.Weighting != "" }) {
		return nil
	}
	texts := []string{}
	var walk func(n *spec.Node)
	walk = func(n *spec.Node) {
		if n.IsScalar() {
			texts = append(texts, n.Text)
		}
		for _, item := range n.Items {
			walk(item)
		}
		for _, e := range n.Entries {
			texts = append(texts, e.Key.Text)
			walk(e.Value)
		}
	}
	walk(s.Root)
	return texts
}

// besides is a path in a study file as seen from here, "" where there is none.
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

// opener opens one data file of a study.
type opener = func(survey.DataFile) (*survey.Table, error)

// openPrivately opens the study's data files without what its privacy section
// leaves out, and gives the memory of that back at once.
func openPrivately(study *survey.Study, source *Source, open opener) ([]*survey.Table, error) {
	p := study.Privacy
	if p.Consent == "" && len(p.Drop) == 0 {
		return openAll(study, source, open)
	}
	guard := privacy.NewGuard(p)
	tables, err := openAll(study, source, func(d survey.DataFile) (*survey.Table, error) {
		t, err := open(d)
		if err != nil {
			return nil, unquoted(err, guard)
		}
		kept, err := guard.Apply(t)
		return kept, consentProblems(err, source)
	})
	if err != nil {
		return nil, err
	}
	var problems survey.Problems
	unmatched := guard.Unmatched()
	for _, k := range slices.Sorted(maps.Keys(unmatched)) {
		problems = append(problems, source.Annotate(fmt.Sprintf("$.privacy.drop[%d]", k), unmatched[k]))
	}
	debug.FreeOSMemory()
	return tables, problems.Err()
}

// unquoted takes the values of dropped columns out of a reader's problems.
func unquoted(err error, guard *privacy.Guard) error {
	var problems survey.Problems
	if !errors.As(err, &problems) {
		return err
	}
	problems = slices.Clone(problems)
	for i, p := range problems {
		if guard.Drops(p.Variable) {
			problems[i].Value, problems[i].Excerpt = "", ""
		}
	}
	return problems
}

// consentProblems shows the problems of the consent at their place in the study.
func consentProblems(err error, source *Source) error {
	var problems survey.Problems
	if !errors.As(err, &problems) {
		return err
	}
	problems = slices.Clone(problems)
	for i, p := range problems {
		problems[i] = source.Annotate("$.privacy.consent", p)
	}
	return problems
}

// expand puts the files that a pattern fits in its place, in the order of
// their names, so that a tracker reads whatever waves are there. A wave of "*"
// is what the pattern's star is in each name. No file for a pattern is a
// problem.
func expand(study *survey.Study, source *Source) error {
	var problems survey.Problems
	var files []survey.DataFile
	var origin []int
	for i, d := range study.Data {
		found := []survey.DataFile{d}
		if strings.ContainsAny(d.File, "*?[") {
			var p *survey.Problem
			if found, p = matches(d, source.Path); p != nil {
				problems = append(problems, source.Annotate(fmt.Sprintf("$.data[%d].file", i), *p))
			}
		}
		for _, f := range found {
			files, origin = append(files, f), append(origin, i)
		}
	}
	study.Data = files
	source.Written = func(path string) string { // an entry of the file can stand for several
		number, rest, ok := strings.Cut(strings.TrimPrefix(path, "$.data["), "]")
		i, err := strconv.Atoi(number)
		if !ok || err != nil || !strings.HasPrefix(path, "$.data[") || i < 0 || i >= len(origin) {
			return path
		}
		return fmt.Sprintf("$.data[%d]%s", origin[i], rest)
	}
	return problems.Err()
}

// matches are the files of a pattern, with their paths as the study would write
// them.
func matches(d survey.DataFile, study string) ([]survey.DataFile, *survey.Problem) {
	star := strings.Count(d.File, "*") == 1 && !strings.ContainsAny(d.File, "?[")
	if d.Wave == "*" && !star {
		return nil, &survey.Problem{Value: d.File, Message: "the wave is the text that matches *, so the pattern needs exactly one *", Remedy: "write a pattern such as wave-*.csv"}
	}
	pattern := besides(study, d.File)
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		return nil, &survey.Problem{Value: d.File, Message: "no file matches the pattern", Remedy: "check the folder and the pattern"}
	}
	slices.Sort(paths)
	before, after, _ := strings.Cut(pattern, "*")
	files := make([]survey.DataFile, len(paths))
	for i, path := range paths {
		files[i] = d
		files[i].File = strings.Replace(d.File, filepath.Base(filepath.FromSlash(d.File)), filepath.Base(path), 1)
		if d.Wave == "*" {
			files[i].Wave = strings.TrimSuffix(strings.TrimPrefix(path, before), after)
		}
	}
	return files, nil
}

// outsiders finds the files of a study that lie where it may not read.
func outsiders(study *survey.Study, source *Source, f fence.Fence) error {
	var problems survey.Problems
	check := func(key, path string) {
		var p survey.Problem
		if path != "" && errors.As(f.Check(besides(source.Path, path)), &p) {
			p.Value = path
			problems = append(problems, source.Annotate(key, p))
		}
	}
	for i, d := range study.Data {
		check(fmt.Sprintf("$.data[%d].file", i), d.File)
		if path, ok := database.File(d.SQL); ok {
			check(fmt.Sprintf("$.data[%d].sql", i), path)
		}
		for k, dsn := range d.Shards {
			if path, ok := database.File(dsn); ok {
				check(fmt.Sprintf("$.data[%d].shards[%d]", i, k), path)
			}
		}
		check(fmt.Sprintf("$.data[%d].codebook", i), d.Codebook)
		check(fmt.Sprintf("$.data[%d].catalog", i), d.Catalog)
	}
	if study.Weighting != nil {
		check("$.weighting.spec", study.Weighting.Spec)
	}
	for i, w := range study.Weights {
		check(fmt.Sprintf("$.weights[%d].weighting", i), w.Weighting)
	}
	return problems.Err()
}
