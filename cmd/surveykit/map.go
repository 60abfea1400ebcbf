package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/analysis/correspondence"
	"surveykit/survey/estimate"
)

type mapOptions struct {
	sampleOptions
	correspondence.Options
	chart string
}

func newMap() *cobra.Command {
	var o mapOptions
	c := &cobra.Command{
		Use:   "map DATA",
		Short: "Map of groups and their answers (correspondence analysis)",
		Long: `map places the categories of a variable, such as segments, and the answers of others on two common axes: groups
near each other answer alike, answers near each other come from the same groups. Ellipses show the uncertainty of points
under the sample design, with the axes fixed.`,
		Example: `  surveykit map study.yaml --rows segment --columns trust,rewards --chart map.svg
  surveykit map wave.csv --weight w --psu psu --rows segment --columns trust --supplementary age_bracket -o map.csv`,
	}
	o.register(c)
	o.design.data.named = true
	f := c.Flags()
	f.StringVar(&o.Rows, "rows", "", "`VARIABLE` whose categories are the groups")
	f.StringSliceVar(&o.Columns, "columns", nil, "variables and sets `A,B,...` whose answers are placed")
	f.StringSliceVar(&o.Supplementary, "supplementary", nil, "variables `A,B,...` whose categories are added to the finished map")
	f.StringVar(&o.chart, "chart", "", "draw the map to `FILE` (.svg, .png or .pdf)")
	answer(c, &o.sampleOptions, o.check, o.ask, o.print)
	return c
}

func (o *mapOptions) ask(_ context.Context, s *estimate.Sample, in *reports.Data) ([]*correspondence.Map, error) {
	m, err := correspondence.Make(s, o.Options)
	if err == nil && o.chart != "" {
		err = in.DrawMap(o.chart, m, s)
	}
	return []*correspondence.Map{m}, err
}

func (o *mapOptions) check() error {
	if o.Rows == "" || len(o.Columns) == 0 {
		return usageError{errors.New("give --rows, the variable of the groups, and --columns, the variables of the answers")}
	}
	return nil
}

// print lays the map out for a person, or as CSV in a file of that ending.
func (o *mapOptions) print(w io.Writer, maps []*correspondence.Map) {
	if !strings.EqualFold(filepath.Ext(o.output.file), ".csv") {
		printMaps(w, maps)
	} else if err := tidy.WritePoints(w, maps[0].Points); err != nil {
		return // the writer keeps the error
	}
}

func printMaps(w io.Writer, maps []*correspondence.Map) {
	for _, m := range maps {
		t := newTable(w, "AXIS", "INERTIA", "SHARE")
		for d, a := range m.Axes {
			t.row(fmt.Sprint(d+1), figure.Number(a.Inertia.Float(), 5), show(survey.RowShare, a.Share))
		}
		t.flush()
		t = newSection(w, "", "KIND", "VARIABLE", "POINT", "AXIS 1", "SE", "AXIS 2", "SE", "INERTIA", "QUALITY")
		for _, p := range m.Points {
			x, y := p.Coordinates[0], p.Coordinates[1]
			t.row(string(p.Kind), p.Variable, p.Label, show(survey.RowMean, x.Value), show(survey.RowMean, x.SE), show(survey.RowMean, y.Value), show(survey.RowMean, y.SE),
				show(survey.RowShare, p.Inertia), show(survey.RowShare, p.Quality))
		}
		t.flush()
	}
}
