package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/ingest"
)

type convertOptions struct {
	data  dataOptions
	write ingest.WriteOptions
}

func newConvert() *cobra.Command {
	var o convertOptions
	c := &cobra.Command{
		Use:   "convert IN OUT",
		Short: "Write a data file in another format: .sav, .zsav, .csv with a codebook, .xlsx, .parquet, .sss",
		Long: "convert reads a data file of any format and writes it in the format of OUT's ending. Labels, codes, missing\n" +
			"values and sets are kept as far as the format can; notices say what is not. CSV gets a second file,\n" +
			"OUT_codebook.csv, and a workbook a second sheet with labels, codes and missing values. Triple-S is a\n" +
			"definition, OUT.sss, and its data, OUT.csv or OUT.asc. Parquet holds the labels in its metadata, for\n" +
			"surveykit and for pandas (attrs).",
		Example: "  surveykit convert export.sss survey.sav\n  surveykit convert survey.sav survey.parquet",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("%s takes IN and OUT, two data files; see %s --help", c.CommandPath(), c.CommandPath())}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0], args[1]) },
	}
	o.data.register(c)
	c.Flags().BoolVar(&o.write.Fixed, "fixed", false, "put the data of Triple-S into fixed columns, not CSV")
	return c
}

func (o *convertOptions) run(c *cobra.Command, in, out string) error {
	files, err := ingest.Files(out, o.write)
	if err != nil {
		return err
	}
	if err := overwrites(files, in); err != nil {
		return err
	}
	t, err := openData(o.data.at(in))
	if err != nil {
		return err
	}
	for _, source := range t.Sources {
		if err := overwrites(files, source.Path); err != nil {
			return err
		}
	}
	return deliver(c, files, out, t)
}

// deliver writes a table and tells what the files hold and could not keep.
func deliver(c *cobra.Command, files []ingest.File, out string, t *survey.Table) error {
	notices := t.Notices
	for _, f := range files {
		lost, err := writeTable(f, t)
		if err != nil {
			return err
		}
		notices = append(notices[:len(notices):len(notices)], lost...)
	}
	for _, n := range notices {
		fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s rows, %s variables\n", out, figure.Count(t.Rows), figure.Count(len(t.Variables)))
	for _, f := range files {
		if f.Holds != "" {
			fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", f.Path, f.Holds)
		}
	}
	return nil
}

// overwrites refuses to write over a file that is read.
func overwrites(files []ingest.File, read string) error {
	for _, f := range files {
		if sameFile(read, f.Path) {
			return usageError{fmt.Errorf("%s is the file that is read; give OUT another name", f.Path)}
		}
	}
	return nil
}

func writeTable(f ingest.File, t *survey.Table) (lost []string, err error) {
	err = publish.WriteFile(f.Path, func(w io.Writer) error {
		lost, err = f.Write(w, t)
		return err
	})
	return lost, err
}

func sameFile(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}
