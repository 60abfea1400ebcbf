package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/fence"
	"surveykit/survey/harmonize"
	"surveykit/survey/ingest"
	"surveykit/survey/study"
)

type harmonizeOptions struct {
	output  outputOptions
	stack   string
	allowed []string
}

func newHarmonize() *cobra.Command {
	var o harmonizeOptions
	c := &cobra.Command{
		Use:   "harmonize A B … [-o MAPPING.yaml] | MAPPING.yaml --stack OUT",
		Short: "Fit the questions of several files together, and stack the files by the reviewed mapping",
		Long: `harmonize compares the codebooks of two or more files, usually waves: the same question under another name,
changed wording, changed or added codes, reversed scales, changed missing values and types. It writes a mapping, in
which every decision stands with its confidence. Nothing is merged on a guess: pairs in doubt stay apart, and the
mapping says why.

Given the reviewed mapping, --stack puts the files under each other: with the wave, with strata and cluster ids that
are of their wave, and with the weights as declared. A study file brings its labels, its design and its privacy.`,
		Example: `  surveykit harmonize wave2008.sav wave2011.sav -o mapping.yaml
  surveykit harmonize mapping.yaml --stack both.sav`,
		RunE: func(c *cobra.Command, args []string) error {
			if o.stack != "" {
				return o.stackFiles(c, args)
			}
			return o.compare(c, args)
		},
	}
	c.Flags().StringVarP(&o.output.file, "output", "o", "", "write the mapping to `FILE` instead of standard output")
	c.Flags().BoolVar(&o.output.json, "json", false, "the comparison as JSON, in place of the mapping")
	registerStudy(c, &o.allowed)
	c.Flags().StringVar(&o.stack, "stack", "", "stack the files of MAPPING into `OUT`, in any format that convert writes")
	return c
}

// compare writes the mapping, and tells a person what is in it.
func (o *harmonizeOptions) compare(c *cobra.Command, args []string) error {
	if len(args) < 2 {
		return usageError{fmt.Errorf("%s takes two data or study files or more, or MAPPING.yaml --stack OUT; see %s --help", c.CommandPath(), c.CommandPath())}
	}
	files, err := o.files(args)
	if err != nil {
		return err
	}
	m := harmonize.Compare(files)
	err = o.output.to(c, func(w io.Writer) error {
		if o.output.json {
			return writeComparison(w, m)
		}
		tables := make([]*survey.Table, len(files))
		for k, f := range files {
			tables[k] = f.Table
		}
		_, err := w.Write(m.Write(tables))
		return err
	})
	if err != nil {
		return err
	}
	to := c.ErrOrStderr()
	if o.output.file != "" {
		to = c.OutOrStdout()
	}
	printMapping(to, m)
	return nil
}

// files opens every file; the problems are those of all.
func (o *harmonizeOptions) files(args []string) ([]harmonize.File, error) {
	var files []harmonize.File
	var problems survey.Problems
	for _, path := range args {
		in, err := open(path, o.allowed)
		var many survey.Problems
		switch {
		case errors.As(err, &many):
			problems = append(problems, many...)
		case err != nil:
			return nil, err
		default:
			files = append(files, harmonize.File{Path: relativeTo(o.output.file, path), Table: in.table, Design: in.design})
		}
	}
	return files, problems.Err()
}

// stackFiles puts the files of a mapping under each other.
func (o *harmonizeOptions) stackFiles(c *cobra.Command, args []string) error {
	if len(args) != 1 || o.output.file != "" || o.output.json {
		return usageError{errors.New("--stack OUT takes one MAPPING.yaml, and neither --output nor --json")}
	}
	data, err := readText(args[0], "the mapping")
	if err != nil {
		return err
	}
	m, source, err := harmonize.Parse(data, args[0])
	if err != nil {
		return err
	}
	files, err := ingest.Files(o.stack, ingest.WriteOptions{})
	if err != nil {
		return err
	}
	tables, err := o.openMapped(args[0], m, source, files)
	if err != nil {
		return err
	}
	t, err := harmonize.Stack(m, source, tables)
	if err != nil {
		return err
	}
	return deliver(c, files, o.stack, t)
}

// openMapped opens the files that the mapping at a path names, below its own
// folder or what is allowed besides, and none that is written.
func (o *harmonizeOptions) openMapped(mapping string, m *harmonize.Mapping, source *study.Source, written []ingest.File) ([]*survey.Table, error) {
	around := fence.Around(mapping, o.allowed)
	var tables []*survey.Table
	var problems survey.Problems
	for i, d := range m.Files {
		for _, path := range []*string{&d.File, &d.Codebook, &d.Catalog} {
			*path = besideStudy(mapping, *path)
			var p survey.Problem
			if *path != "" && errors.As(around.Check(*path), &p) {
				problems = append(problems, source.Annotate(fmt.Sprintf("$.files[%d]", i), p))
			}
		}
		if len(problems) > 0 {
			continue
		}
		if err := overwrites(written, d.File); err != nil {
			return nil, err
		}
		t, err := openMember(d, around.Folders())
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, problems.Err()
}

// openMember opens a data file, or the data of a study with what it is allowed to read.
func openMember(d survey.DataFile, allowed []string) (*survey.Table, error) {
	if !isStudy(d.File) {
		return openData(d)
	}
	in, err := openStudy(d.File, allowed)
	if err != nil {
		return nil, err
	}
	return in.table, nil
}

// harmonizeEntry is the JSON of a mapping.
type harmonizeEntry struct {
	Schema string `json:"schema"`
	*harmonize.Mapping
	Files     []fileEntry     `json:"files"`
	Variables []variableEntry `json:"variables"`
}

type fileEntry struct {
	File string `json:"file"`
	Wave string `json:"wave"`
}

type variableEntry struct {
	harmonize.Variable
	Recodes []recodeEntry `json:"recode"`
}

type recodeEntry struct {
	File   int           `json:"file"`
	Values []recodedCode `json:"values"`
}

type recodedCode struct {
	From survey.Value `json:"from"`
	To   survey.Value `json:"to"`
}

func writeComparison(w io.Writer, m *harmonize.Mapping) error {
	out := harmonizeEntry{Schema: tidy.Schema, Mapping: m, Files: []fileEntry{}, Variables: []variableEntry{}}
	for _, f := range m.Files {
		out.Files = append(out.Files, fileEntry{f.File, f.Wave})
	}
	for _, v := range m.Variables {
		e := variableEntry{Variable: v, Recodes: []recodeEntry{}}
		for _, r := range v.Recodes {
			codes := recodeEntry{File: r.File}
			for _, code := range r.Values {
				codes.Values = append(codes.Values, recodedCode{code.Value, harmonize.Target(code)})
			}
			e.Recodes = append(e.Recodes, codes)
		}
		out.Variables = append(out.Variables, e)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte(":null"), []byte(":[]")))
	return err
}

// printMapping lists what changed and what is in doubt.
func printMapping(out io.Writer, m *harmonize.Mapping) {
	n := m.Counts()
	fmt.Fprintf(out, "%s variables: %s the same in all %d files, %s changed, %s not in every file; pairs in doubt: %s\n",
		figure.Count(len(m.Variables)), figure.Count(n.Same), len(m.Files), figure.Count(n.Changed), figure.Count(n.Partial), figure.Count(len(m.Doubts)))
	t := newTable(out, "VARIABLE", "FILES", "CONFIDENCE", "CHANGE")
	rows := 0
	for _, v := range m.Variables {
		for _, change := range v.Changes {
			t.row(v.Name, strings.Join(columnNames(v.From), ", "), figure.Number(v.Confidence, 2), fmt.Sprintf("file %d: %s: %s", change.File, change.Kind, shorten(change.Text, 100)))
			rows++
		}
	}
	if rows > 0 {
		fmt.Fprintln(out)
		t.flush()
	}
	if len(m.Doubts) == 0 {
		return
	}
	fmt.Fprintln(out, "\nIn doubt, not merged")
	t = newTable(out, "VARIABLE", "OTHER", "CONFIDENCE", "WHY")
	for _, d := range m.Doubts {
		t.row(d.Variable, fmt.Sprintf("%s of file %d", d.Other, d.File), figure.Number(d.Confidence, 2), d.Why)
	}
	t.flush()
}

// columnNames shows the files' names for a variable, – where a file has none.
func columnNames(from []string) []string {
	out := make([]string, len(from))
	for i, name := range from {
		out[i] = cmp.Or(name, "–")
	}
	return out
}
