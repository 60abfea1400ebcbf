package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
)

type convertOptions struct {
	data         dataOptions
	fixed, force bool
}

func newConvert() *cobra.Command {
	var o convertOptions
	c := &cobra.Command{
		Use:   "convert IN OUT",
		Short: "Write a data file in another format: .sav, .zsav, .csv with a codebook, .xlsx, .parquet, .sss, a database",
		Long: "convert reads a data file of any format and writes it in the format of OUT's ending. Labels, codes, missing\n" +
			"values and sets are kept as far as the format can; notices name what is lost. CSV gets a second file,\n" +
			"OUT_codebook.csv, and a workbook a second sheet with labels, codes and missing values. Triple-S is a\n" +
			"definition, OUT.sss, and its data, OUT.csv or OUT.asc. Parquet holds the labels in its metadata, for\n" +
			"surveykit and for pandas (attrs). A database (sqlite:FILE) gets a table, and TABLE_codebook with labels, codes\n" +
			"and missing values; --table is its table then, and IN from a database is given by --query.",
		Example: "  surveykit convert export.sss survey.sav\n  surveykit convert survey.sav survey.parquet\n  surveykit convert survey.sav sqlite:survey.db --table answers",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("%s takes IN and OUT, two data files; see %s --help", c.CommandPath(), c.CommandPath())}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0], args[1]) },
	}
	o.data.register(c)
	c.Flags().BoolVar(&o.fixed, "fixed", false, "put the data of Triple-S into fixed columns, not CSV")
	c.Flags().BoolVar(&o.force, "force", false, "replace the table of a database")
	return c
}

func (o *convertOptions) run(c *cobra.Command, in, out string) error {
	from, to := o.data.at(in), reports.Target{Path: out, Fixed: o.fixed, Replace: o.force}
	if reports.IsDatabase(out) {
		from.Table, to.Table = "", from.Table
	}
	w, err := reports.Convert(c.Context(), from, to)
	if errors.As(err, new(reports.Exists)) {
		return usageError{err}
	}
	return tellWritten(c, w, err)
}

// tellWritten says what files hold and could not keep.
func tellWritten(c *cobra.Command, w *reports.Written, err error) error {
	if err != nil {
		return err
	}
	for _, n := range w.Notices {
		fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s rows, %s variables\n", w.Path, figure.Count(w.Table.Rows), figure.Count(len(w.Table.Variables)))
	for _, f := range w.Files {
		if f.Holds != "" {
			fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", f.Path, f.Holds)
		}
	}
	return nil
}
