package main

import (
	"cmp"
	"context"
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
	"surveykit/reports/wording"
	"surveykit/survey"
	"surveykit/survey/fence"
	"surveykit/survey/privacy"
)

func newRun() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run STUDY.yaml",
		Short: "Make every table of a study: workbook, charts and data",
		Args:  oneData,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c, args[0])
		},
	}
	c.Flags().StringVarP(&o.output, "output", "o", "", "write into folder `DIR` (default: the study's output folder, or results beside it)")
	c.Flags().StringSliceVar(&o.only, "only", nil, "make only the tables `ID[,ID…]`")
	registerStudy(c, &o.allowed)
	c.Flags().BoolVar(&o.pdf, "pdf", false, "print the web page to report.pdf, too (needs Chromium)")
	return c
}

type runOptions struct {
	output  string
	only    []string
	allowed []string
	pdf     bool
}

// run computes a study and delivers every file of it into a folder.
func (o runOptions) run(c *cobra.Command, path string) error {
	started := time.Now()
	r, err := compute(c, path, o)
	if err != nil {
		return err
	}
	b := r.book
	output, err := o.folder(path, r.want)
	if err != nil {
		return err
	}
	d, err := publish.Open(output)
	if err != nil {
		return err
	}
	defer d.Discard()
	if err := render(c.Context(), d, outputs(c.Context(), r, o.pdf)); err != nil {
		return err
	}
	m := publish.Manifest{
		Version: version(), Command: os.Args, Synthetic: b.Synthetic,
		Inputs: inputs(b), Study: &b.StudyFile, Start: started, End: time.Now(),
	}
	if err := d.Deliver(m); err != nil {
		return err
	}
	for _, w := range b.Warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	if n := lettersNotice(b); n != "" {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", n)
	}
	fmt.Fprintf(c.OutOrStdout(), "%d tables written to %s\n", len(b.Tables), output)
	return nil
}

// folder is where the files go: where the call says, or else below the study's
// own folder, out of which no link leads them.
func (o runOptions) folder(path string, want survey.OutputSpec) (string, error) {
	if o.output != "" {
		return o.output, nil
	}
	output := filepath.Join(filepath.Dir(path), filepath.FromSlash(cmp.Or(want.Folder, "results")))
	if fence.Around(path, nil).Check(output) != nil {
		return "", survey.Problems{{File: path, Value: output, Message: "a link leads the folder of the results out of the study's folder", Remedy: "say by --output where they go"}}
	}
	return output, nil
}

// inputs are the files that a book was made from, but for the study.
func inputs(b *survey.Book) []survey.Source {
	if b.Weighting == nil {
		return b.Sources
	}
	return slices.Concat(b.Sources, b.Weighting.Inputs)
}

// report is what a run makes its files of: the book, what the study says of the
// output, and the typing tools.
type report struct {
	book  *survey.Book
	want  survey.OutputSpec
	tools []studyTool
}

// compute reads a study and makes its book, of all tables or of some; typing
// tools go with all.
func compute(c *cobra.Command, path string, o runOptions) (r report, err error) {
	e, err := examine(c.Context(), path, o.allowed)
	if err != nil {
		return r, err
	}
	if err := only(e.study, o.only); err != nil {
		return r, err
	}
	if len(o.only) > 0 {
		e.tools = nil
	}
	return e.report(c.Context(), progress(c.ErrOrStderr(), len(e.study.Tables)))
}

// report makes the tables of a study, and the book of them.
func (e *examined) report(ctx context.Context, progress func(done int)) (r report, err error) {
	tables, err := e.tables.All(ctx, progress)
	if err != nil {
		return r, err
	}
	r = report{book: book.Assemble(e.study, e.table, e.frame, tables, e.tables.Level), want: e.study.Output, tools: e.tools}
	return r, r.complete(e.path, e.weighted, e.own)
}

// complete adds to the book what the tables do not say: the weighting, the
// typing tools, and the files that it was made from.
func (r report) complete(path string, weighted *survey.Weighting, own ownWeights) (err error) {
	b := r.book
	b.Methods = append(b.Methods, privacy.Sentences(b.Sources)...)
	if b.Weighting = weighted; weighted != nil {
		b.Design = append(b.Design, wording.HowWeighted(weighted)...)
	}
	b.Sources = append(fromStudy(path, b.Sources), own.inputs...)
	b.Warnings = append(b.Warnings, own.warnings...)
	for _, tool := range r.tools {
		tool.tell(b)
	}
	b.StudyFile, err = identify(path)
	return err
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
