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
	"surveykit/survey/ingest/codebook"
)

type convertOptions struct {
	data dataOptions
}

func newConvert() *cobra.Command {
	var o convertOptions
	c := &cobra.Command{
		Use:   "convert IN OUT",
		Short: "Write a data file in another format: .sav, .zsav, .csv with a codebook, .xlsx",
		Long: "convert reads a data file of any format and writes it in the format of OUT's ending. Labels, codes, missing\n" +
			"values and sets are kept as far as the format can; notices say what is not. CSV gets a second file,\n" +
			"OUT_codebook.csv, and a workbook a second sheet with labels, codes and missing values.",
		Example: "  surveykit convert export.sss survey.sav",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("%s takes IN and OUT, two data files; see %s --help", c.CommandPath(), c.CommandPath())}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0], args[1]) },
	}
	o.data.register(c)
	return c
}

func (o *convertOptions) run(c *cobra.Command, in, out string) error {
	save, err := ingest.Writer(out)
	if err != nil {
		return err
	}
	if sameFile(in, out) {
		return usageError{fmt.Errorf("%s is the file that is read; give OUT another name", out)}
	}
	t, err := openData(o.data.at(in))
	if err != nil {
		return err
	}
	notices := t.Notices
	err = publish.WriteFile(out, func(w io.Writer) error {
		lost, err := save(w, t)
		notices = append(notices[:len(notices):len(notices)], lost...)
		return err
	})
	if err != nil {
		return err
	}
	for _, n := range notices {
		fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s rows, %s variables\n", out, figure.Count(t.Rows), figure.Count(len(t.Variables)))
	return saveCodebook(c, out, t)
}

// saveCodebook writes a second file where the data alone would lose the labels.
func saveCodebook(c *cobra.Command, out string, t *survey.Table) error {
	path := ingest.Codebook(out)
	if path == "" {
		return nil
	}
	if err := publish.WriteFile(path, func(w io.Writer) error { return codebook.Write(w, t) }); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: labels, codes and missing values\n", path)
	return nil
}

func sameFile(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}
