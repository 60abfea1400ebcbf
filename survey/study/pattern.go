package study

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// expand puts the files that a pattern stands for in its place, in the order of
// their names, so that a tracker reads whatever waves are there. A wave of "*"
// is what the pattern's star stands for in each name. No file for a pattern is a
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
