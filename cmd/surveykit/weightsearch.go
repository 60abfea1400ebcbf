package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/reports/tidy"
)

// searchReport is what weight --search prints.
type searchReport struct {
	Schema string              `json:"schema"`
	Sets   []reports.MarginSet `json:"sets"`
}

// runSearch shows what raking to sets of margins would bring and cost.
func (o *weightOptions) runSearch(c *cobra.Command, in *reports.Data) error {
	sets, err := in.SearchMargins(o.spec)
	if err != nil {
		return err
	}
	return o.output.to(c, func(w io.Writer) error {
		if o.output.json {
			return json.NewEncoder(w).Encode(searchReport{tidy.Schema, sets})
		}
		printSets(w, sets)
		return nil
	})
}

func printSets(out io.Writer, sets []reports.MarginSet) {
	t := newTable(out, "", "MARGINS", "ERROR (PTS)", "WORST (PTS)", "KISH DEFF", "EFFECTIVE N")
	for _, s := range sets {
		name := strings.Join(s.Margins, ", ")
		if name == "" {
			name = "(no margins)"
		}
		if s.Failed != "" {
			t.row("", name, s.Failed, "", "", "")
			continue
		}
		mark := ""
		if s.Efficient {
			mark = "*"
		}
		t.row(mark, name, figure.Number(100*math.Sqrt(s.Error), 2), figure.Number(100*s.Worst, 2), figure.Number(s.KishDeff, 3), figure.Number(s.NEffective, 0))
	}
	t.flush()
	fmt.Fprintln(out, "\nError is the root of the mean squared error over the shares of all margins of the spec, in points. No other set has both a")
	fmt.Fprintln(out, "smaller error and a larger effective n than a set marked *. Weighting cannot correct what the margins do not measure.")
}
