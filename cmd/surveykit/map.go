package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/analysis/correspondence"
)

type mapOptions struct {
	design designOptions
	output outputOptions
	ask    correspondence.Options
	chart  string
}

func newMap() *cobra.Command {
	var o mapOptions
	c := &cobra.Command{
		Use:   "map DATA",
		Short: "Map of groups and their answers (correspondence analysis)",
		Long: `map places the categories of a variable, such as segments, and the answers of others on two common axes: groups
near each other answer alike, answers near each other come from the same groups. Ellipses show how firmly points lie
under the sample design, given the axes.`,
		Example: `  surveykit map study.yaml --rows segment --columns trust,rewards --chart map.svg
  surveykit map wave.csv --weight w --psu psu --rows segment --columns trust --supplementary age_bracket -o map.csv`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.design.data.named = true
	o.output.register(c)
	f := c.Flags()
	f.StringVar(&o.ask.Rows, "rows", "", "`VARIABLE` whose categories are the groups")
	f.StringSliceVar(&o.ask.Columns, "columns", nil, "variables and sets `A,B,…` whose answers are placed")
	f.StringSliceVar(&o.ask.Supplementary, "supplementary", nil, "variables `A,B,…` whose categories are put into the finished map")
	f.StringVar(&o.chart, "chart", "", "draw the map to `FILE` (.svg, .png or .pdf)")
	return c
}

func (o *mapOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	s, in, err := o.design.designed(path)
	if err != nil {
		return err
	}
	m, err := correspondence.Make(s, o.ask)
	if err != nil {
		return err
	}
	if o.chart != "" {
		if err := in.DrawMap(o.chart, m, s); err != nil {
			return err
		}
	}
	if strings.EqualFold(filepath.Ext(o.output.file), ".csv") && !o.output.json {
		return o.output.to(c, func(w io.Writer) error { return tidy.WritePoints(w, m.Points) })
	}
	return write(c, o.output, s, []*correspondence.Map{m}, printMaps)
}

func (o *mapOptions) check(c *cobra.Command) error {
	switch {
	case o.ask.Rows == "" || len(o.ask.Columns) == 0:
		return usageError{errors.New("--rows names the variable of the groups, --columns those of the answers")}
	case len(o.design.domain.By) > 0:
		return usageError{errors.New("--by cannot be used here: use --where for a part of the sample")}
	}
	return o.design.check(c)
}

func printMaps(w io.Writer, maps []*correspondence.Map) {
	for _, m := range maps {
		t := newTable(w, "AXIS", "INERTIA", "SHARE")
		for d, a := range m.Axes {
			t.row(fmt.Sprint(d+1), figure.Number(float64(a.Inertia), 5), show(survey.RowShare, a.Share))
		}
		t.flush()
		fmt.Fprintln(w)
		t = newTable(w, "KIND", "VARIABLE", "POINT", "AXIS 1", "SE", "AXIS 2", "SE", "INERTIA", "QUALITY")
		for _, p := range m.Points {
			x, y := p.Coordinates[0], p.Coordinates[1]
			t.row(string(p.Kind), p.Variable, p.Label, show(survey.RowMean, x.Value), show(survey.RowMean, x.SE), show(survey.RowMean, y.Value), show(survey.RowMean, y.SE),
				show(survey.RowShare, p.Inertia), show(survey.RowShare, p.Quality))
		}
		t.flush()
	}
}
