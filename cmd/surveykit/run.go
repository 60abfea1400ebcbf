package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"surveykit/reports/book"
	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/study"
	"surveykit/survey/tabulate"
)

func newRun() *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "run STUDY.yaml",
		Short: "Make every table of a study: workbook, charts and data",
		Args:  oneData,
		RunE: func(c *cobra.Command, args []string) error {
			return runStudy(c, args[0], output)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "write into folder `DIR` (default: the study's output folder, or results beside it)")
	return c
}

// runStudy computes a study and delivers every file of it into a folder.
func runStudy(c *cobra.Command, path, output string) error {
	started := time.Now()
	b, folder, err := compute(c, path)
	if err != nil {
		return err
	}
	if output == "" {
		output = folder
	}
	d, err := publish.Open(output)
	if err != nil {
		return err
	}
	defer d.Discard()
	if err := render(c.Context(), d, outputs(b)); err != nil {
		return err
	}
	m := publish.Manifest{
		Version: version(), Command: os.Args,
		Inputs: b.Sources, Study: &b.StudyFile, Start: started, End: time.Now(),
	}
	if err := d.Deliver(m); err != nil {
		return err
	}
	for _, w := range b.Warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	fmt.Fprintf(c.OutOrStdout(), "%d tables written to %s\n", len(b.Tables), output)
	return nil
}

// compute reads a study and makes its book; folder is where the study wants it.
func compute(c *cobra.Command, path string) (b *survey.Book, folder string, err error) {
	s, t, err := study.Load(path, openData)
	if err != nil {
		return nil, "", err
	}
	design := withLevel(s.Design)
	f, err := engine.NewFrame(t, design)
	if err != nil {
		return nil, "", err
	}
	m := &tabulate.Maker{Table: t, Frame: f, Study: s, Level: design.Level}
	tables, err := m.All(c.Context(), progress(c.ErrOrStderr(), len(s.Tables)))
	if err != nil {
		return nil, "", err
	}
	b = book.Assemble(s, t, f, tables, design.Level)
	b.Sources = fromStudy(path, b.Sources)
	if b.StudyFile, err = identify(path); err != nil {
		return nil, "", err
	}
	folder = s.Output.Folder
	if folder == "" {
		folder = "results"
	}
	return b, filepath.Join(filepath.Dir(path), folder), nil
}

// fromStudy names data files as seen from the study file, so that the outputs
// do not depend on the folder from which the run was started.
func fromStudy(path string, sources []survey.Source) []survey.Source {
	out := slices.Clone(sources)
	for i, s := range out {
		if rel, err := filepath.Rel(filepath.Dir(path), s.Path); err == nil {
			out[i].Path = filepath.ToSlash(rel)
		}
	}
	return out
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

// progress tells a person at a terminal how far the tables are.
func progress(w io.Writer, total int) func(done int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done int) {
		fmt.Fprintf(f, "\r%d of %d tables", done, total)
		if done == total {
			fmt.Fprint(f, "\r\033[K")
		}
	}
}
