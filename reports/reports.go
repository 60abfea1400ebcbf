// Package reports is the door to surveykit: from data files and study files to
// estimates, tables and reports, with the weights, the segments and the typing
// tools that a study asks for. The command line prints what these calls give,
// so that a study has the same numbers in both.
//
// Figures of a data file, in order:
//
//  1. Open reads the file.
//  2. Data.Design says how the sample was drawn, Data.Weighting which weights
//     are to be made; a study file says both itself.
//  3. Data.Sample counts the design, makes the weights and the segments, and
//     answers: Means, Proportions, Differences and all of package estimate.
//
// The report of a study, in order:
//
//  1. Validate reads the study with its data and finds everything that is wrong.
//  2. Valid.Report makes its tables, and the book of them.
//  3. Report.Deliver writes the workbook, the pages, the charts and the data
//     into a folder, all of them or none.
//
// Run does these three at once. The packages below this one do a part each:
// tables of a study whose weights or segments have not been made are refused there.
package reports

import (
	"context"
	"fmt"
	"runtime/debug"

	"surveykit/survey"
)

// OpenOptions say what a file does not say itself.
type OpenOptions struct {
	// Data is how a data file is read; its File is not used. A study says it itself,
	// but not which columns are read for what is asked besides it: Data.Columns.
	Data survey.DataFile
	// Allowed are folders and files that a study, or a weighting spec, may read
	// besides its own folder. Default: none.
	Allowed []string
	// Grouped lets a file whose columns take more memory than Data.Memory be read a block
	// of rows at a time: the table is then its codebook, and an engine answers for its
	// rows. Default: its rows are read.
	Grouped bool
	// Context ends what is asked of a database. Default: it is not ended.
	Context context.Context
}

// Options say how a study is run.
type Options struct {
	// Allowed are folders and files that the study may read besides its own folder.
	// Default: none.
	Allowed []string
	// Only are the ids of the tables to make, in their order; typing tools are then
	// left out. Default: all.
	Only []string
	// Folder is where the files go. Default: the study's output folder.
	Folder string
	// Memory is the most that the rows of the data may take. Default: what the study says.
	Memory survey.Size
	// PDF prints the web page to report.pdf, too, which needs Chromium.
	PDF bool
	// Reading, where not nil, gets the number of rows so far as a file larger than memory is
	// read.
	Reading func(rows int)
	// Progress, where not nil, is called as tables are done, from several goroutines
	// but one at a time.
	Progress func(done, total int)
}

// OptionError is a fault of a call, not of the study or its data.
type OptionError struct {
	// Option is the name of the option, as the command line has it, and Value its
	// value where that is at fault; "" for an argument, which the error names.
	Option, Value string
	Err           error
}

func (e *OptionError) Error() string {
	switch {
	case e.Option == "":
		return e.Err.Error()
	case e.Value == "":
		return fmt.Sprintf("%s: %v", e.Option, e.Err)
	}
	return fmt.Sprintf("%s %q: %v", e.Option, e.Value, e.Err)
}

func (e *OptionError) Unwrap() error { return e.Err }

// release is the version that the next release will have.
const release = "0.1.0"

// Version is the release, with the commit where the build knows it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return release + "+" + s.Value[:12]
		}
	}
	return release
}
