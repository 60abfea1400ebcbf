package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"surveykit/reports"
	"surveykit/survey"
)

// dataOptions are the flags of every command that takes DATA: what a data file
// does not say itself. Each has the name that it has in a study under data.
type dataOptions struct {
	file         survey.DataFile
	text         survey.DelimitedOptions
	decimalComma bool
	flags        *pflag.FlagSet
	allowRows    bool
	// grouped means that the command asks for nothing but figures of an engine.
	grouped bool
	// context is that of the command once it runs.
	context func() context.Context
	// named means that the command looks at no column but those that its flags name,
	// or a study that is its DATA, so that no others are read.
	named bool
	// allowed is what a study may read besides its own folder.
	allowed []string
}

// registerStudy adds the flag of commands that take a study.
func registerStudy(c *cobra.Command, allowed *[]string) {
	c.Flags().StringArrayVar(allowed, "allow-outside", nil, "let the study also read files in `DIR`, outside its own folder; may be repeated")
}

// registerMemory adds the flag of commands that read data.
func registerMemory(c *cobra.Command, memory *survey.Size) {
	c.Flags().Var(&checked{kind: "SIZE", set: func(text string) error {
		if *memory = survey.Size(text); memory.Bytes() == 0 {
			return fmt.Errorf("%q is not an amount of memory; write one such as 500 MB or 2 GB", text)
		}
		return nil
	}}, "memory", "most that the columns of a file may take, such as 2GB; larger ones are read a block of rows at a time for figures of groups; default: a quarter of the machine's")
}

// dataFlags are the names of the flags; those of delimited text are the last ones.
var dataFlags = []string{"table", "query", "allow-rows", "codebook", "sheet", "catalog", "delimiter", "quote", "escape", "encoding", "decimal-comma", "date-order", "missing", "skip", "header-row", "header-rows"}

const otherFlags = 6

func (o *dataOptions) register(c *cobra.Command) {
	f := c.Flags()
	o.flags, o.context = f, c.Context
	registerMemory(c, &o.file.Memory)
	f.StringVar(&o.file.Table, "table", "", "`TABLE` of a database, where DATA is one: sqlite:FILE")
	f.StringVar(&o.file.Query, "query", "", "`SELECT` in place of a table of the database")
	f.BoolVar(&o.allowRows, "allow-rows", false, "let rows leave the database, for what cannot be computed of groups of rows")
	f.StringVar(&o.file.Codebook, "codebook", "", "codebook `FILE` (CSV or XLSX) with labels, codes and missing values of the data file")
	f.StringVar(&o.file.Sheet, "sheet", "", "`SHEET` of a workbook, by name or place; default: the one with the table")
	f.StringVar(&o.file.Catalog, "catalog", "", "SAS catalog `FILE` with value labels; default: the one named like the data file")
	f.StringVar(&o.text.Delimiter, "delimiter", "", "`CHARACTER` between the cells of delimited text, or tab; default: as recognised")
	f.StringVar(&o.text.Quote, "quote", "", "`CHARACTER` around cells of delimited text, or none")
	f.StringVar(&o.text.Escape, "escape", "", "`CHARACTER` before a quote within a cell, such as \\, or none; default: as recognised")
	f.StringVar(&o.text.Encoding, "encoding", "", "encoding `NAME` of the text of CSV, SPSS, Stata and SAS files, such as windows-1252; default: as recognised")
	f.BoolVar(&o.decimalComma, "decimal-comma", false, "numbers in delimited text have a decimal comma, as in 1,5")
	f.StringVar(&o.text.DateOrder, "date-order", "", "`ORDER` of day, month and year in dates of delimited text and workbooks: dmy, mdy or ymd; default: as a day over 12 shows")
	f.StringSliceVar(&o.text.Missing, "missing", nil, "cells of delimited text and workbooks that mean no value, besides the empty one: `TEXT[,TEXT...]`; default: NA, N/A, NULL, - and the like")
	f.IntVar(&o.text.Skip, "skip", 0, "leave out the first `N` lines of delimited text; default: titles, comments and blank lines")
	f.IntVar(&o.text.HeaderRow, "header-row", 0, "`LINE` of delimited text with the names of the columns; default: as recognised")
	f.IntVar(&o.text.HeaderRows, "header-rows", 0, "`NUMBER` of rows of delimited text or a workbook with names and labels: 1 where the row after the names is a respondent; default: as recognised")
}

// given lists the flags that were given, of those named.
func (o *dataOptions) given(names []string) (out []string) {
	for _, name := range names {
		if o.flags.Changed(name) {
			out = append(out, "--"+name)
		}
	}
	return out
}

// at is the data file at path as the flags describe it.
func (o *dataOptions) at(path string) survey.DataFile {
	d := o.file
	if reports.IsDatabase(path) {
		d.SQL = path
	} else {
		d.File = path
	}
	if o.allowRows {
		d.Rows = survey.RowsAllowed
	}
	if len(o.given(dataFlags[otherFlags:])) == 0 {
		return d
	}
	text := o.text
	if o.flags.Changed("decimal-comma") {
		text.DecimalComma = &o.decimalComma
	}
	d.Options = &text
	return d
}

// open reads DATA: a data file as the flags describe it, or a study file, which
// describes its data itself.
func (o *dataOptions) open(path string) (*reports.Data, error) {
	if flags := o.given(dataFlags); reports.IsStudy(path) && len(flags) > 0 {
		return nil, usageError{fmt.Errorf("%s: a study says under data: how its files are read; write it there", strings.Join(flags, ", "))}
	}
	file := o.at(path)
	if o.named {
		file.Columns = o.values()
	}
	for _, name := range []string{"weight", "replicates"} {
		if f := o.flags.Lookup(name); f != nil && f.Changed {
			file.Weights = append(file.Weights, f.Value.String())
		}
	}
	return reports.Open(path, reports.OpenOptions{Data: file, Allowed: o.allowed, Grouped: o.grouped, Context: o.context()})
}

// values are the values of all flags that were given.
func (o *dataOptions) values() []string {
	values := []string{}
	o.flags.Visit(func(f *pflag.Flag) {
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = append(values, list.GetSlice()...)
		} else {
			values = append(values, f.Value.String())
		}
	})
	return values
}
