package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"surveykit/reports"
	"surveykit/reports/portrait"
	"surveykit/reports/terminal"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

type tabOptions struct {
	sampleOptions
	rows    []string
	columns []string
	show    []survey.ShownAs
	sort    string
	noTotal bool
}

func newTab() *cobra.Command {
	var o tabOptions
	c := &cobra.Command{
		Use:   "tab DATA",
		Short: "A table in the terminal, made as the tables of a report are",
		Example: `  surveykit tab wave.csv --weight w --rows trust --columns gender,age
  surveykit tab study.yaml --rows rewards --columns 'gender > age_bracket' --where 'wave == 2011' --sort descending`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.register(c)
	o.design.data.named = true
	f := c.Flags()
	f.StringSliceVar(&o.rows, "rows", nil, "rows: the categories of `V,V...`, or of multiple-response sets; the means of a group's items")
	f.StringSliceVar(&o.columns, "columns", nil, "columns: the categories of `V,V...`, nested ones as 'a > b'")
	choices(c, &o.show, "show", []survey.ShownAs{"percent", "row_percent", "total_percent", "count", "weighted_count", "index"}, "what cells show, percent by default")
	choice(c, &o.sort, "sort", []string{"descending", "ascending"}, "order the rows by the first column")
	f.BoolVar(&o.noTotal, "no-total", false, "leave out the column of everybody")
	return c
}

func (o *tabOptions) check() error {
	if len(o.rows) == 0 {
		return usageError{fmt.Errorf("a table needs rows: give --rows V")}
	}
	return o.design.check()
}

func (o *tabOptions) run(c *cobra.Command, path string) error {
	if err := o.check(); err != nil {
		return err
	}
	o.design.data.grouped = true
	in, err := o.design.open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	return o.tabulate(c, in, o.table(in))
}

// tabulate makes a table over the data and prints it.
func (o *tabOptions) tabulate(c *cobra.Command, in *reports.Data, spec survey.TableSpec) error {
	tables, warnings, err := in.Tabulate(c.Context(), []survey.TableSpec{spec})
	if err != nil {
		return err
	}
	tables = portrait.Pages(tables)
	for _, w := range warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	return o.output.to(c, func(w io.Writer) error {
		if o.output.json {
			return tidy.WriteJSON(w, tidy.Results[tidy.Record]{Results: tidy.Records(&survey.Book{Tables: tables}), Warnings: warnings, Provenance: provenance(in.Table)})
		}
		return printTables(w, tables, screenWidth(c.OutOrStdout()))
	})
}

func printTables(w io.Writer, tables []*survey.Tabulation, width int) error {
	for k, t := range tables {
		if k > 0 {
			fmt.Fprintln(w)
		}
		if err := terminal.Write(w, t, width); err != nil {
			return err
		}
	}
	return nil
}

// table is the table that the flags ask for.
func (o *tabOptions) table(in *reports.Data) survey.TableSpec {
	total := !o.noTotal
	t := survey.TableSpec{ID: "table", Filter: o.design.domain.Where, Total: &total, Show: o.show}
	for _, name := range o.rows {
		isGroup := in.Study != nil && slices.ContainsFunc(in.Study.Groups, func(g survey.ItemGroup) bool { return g.Name == name })
		if isGroup && in.Table.Lookup(name) == nil && in.Table.Set(name) == nil {
			t.Rows = append(t.Rows, survey.RowSpec{Group: name})
		} else {
			t.Rows = append(t.Rows, survey.RowSpec{Variable: name})
		}
	}
	for _, name := range o.columns {
		t.Columns = append(t.Columns, survey.ParseColumn(name))
	}
	if o.sort != "" {
		t.Sort = &survey.SortSpec{Order: o.sort}
	}
	return t
}

// defaultWidth is how wide output is that goes to no terminal.
const defaultWidth = 100

func screenWidth(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return defaultWidth
}
