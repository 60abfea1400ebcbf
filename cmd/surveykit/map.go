package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/chart"
	"surveykit/reports/figure"
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
	o.output.register(c)
	f := c.Flags()
	f.StringVar(&o.ask.Rows, "rows", "", "`VARIABLE` whose categories are the groups")
	f.StringSliceVar(&o.ask.Columns, "columns", nil, "variables and sets `A,B,…` whose answers are placed")
	f.StringSliceVar(&o.ask.Supplementary, "supplementary", nil, "variables `A,B,…` whose categories are put into the finished map")
	f.StringVar(&o.chart, "chart", "", "draw the map into `FILE` (.svg, .png or .pdf)")
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
		p, err := chart.Map(places(m, s.Table(), s.Level()), pictured(in))
		if err != nil {
			return err
		}
		if err := savePicture(o.chart, p); err != nil {
			return err
		}
	}
	if strings.EqualFold(filepath.Ext(o.output.file), ".csv") && !o.output.json {
		return o.output.to(c, func(w io.Writer) error { return writePoints(w, m.Points) })
	}
	return write(c, o.output, s, []*correspondence.Map{m}, printMaps)
}

func (o *mapOptions) check(c *cobra.Command) error {
	switch {
	case o.ask.Rows == "" || len(o.ask.Columns) == 0:
		return usageError{errors.New("--rows names the variable of the groups, --columns those of the answers")}
	case len(o.design.domain.By) > 0:
		return usageError{errors.New("--by has no place here: use --where for a part of the sample")}
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

// writePoints writes a line a point in full precision.
func writePoints(w io.Writer, points []correspondence.Point) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"kind", "variable", "label", "axis_1", "se_1", "axis_2", "se_2", "covariance", "mass", "inertia", "contribution_1", "contribution_2", "quality",
		"ellipse_major", "ellipse_minor", "ellipse_angle", "n"}}
	for _, p := range points {
		x, y := p.Coordinates[0], p.Coordinates[1]
		line := []string{string(p.Kind), survey.Guarded(p.Variable), survey.Guarded(p.Label)}
		of := []survey.Figure{survey.NoFigure(), survey.NoFigure()}
		copy(of, p.Contributions)
		for _, f := range []survey.Figure{x.Value, x.SE, y.Value, y.SE, p.Covariance, p.Mass, p.Inertia, of[0], of[1], p.Quality, p.Ellipse.Major, p.Ellipse.Minor, p.Ellipse.Angle} {
			text := ""
			if f.Exists() {
				text = strconv.FormatFloat(float64(f), 'g', -1, 64)
			}
			line = append(line, text)
		}
		lines = append(lines, append(line, strconv.Itoa(x.N)))
	}
	if err := out.WriteAll(lines); err != nil {
		return err
	}
	return out.Error()
}

// places is the map as a picture: groups, answers and what was put in afterwards.
func places(m *correspondence.Map, t *survey.Table, level float64) chart.Places {
	share := func(d int) string { return figure.Value(survey.RowShare, float64(m.Axes[d].Share), 0) }
	p := chart.Places{
		Across: "Axis 1: " + share(0) + " of the inertia", Up: "Axis 2: " + share(1) + " of the inertia",
		Facts: []string{fmt.Sprintf("Correspondence analysis, symmetric map · ellipses at %g%% confidence, given the axes", 100*level)},
		Notes: []string{"Groups near each other answer alike; answers near each other come from the same groups. A group lies towards the answers that it gives more than others do."},
	}
	kinds := map[correspondence.Kind]int{}
	titles := map[string]string{}
	several := false
	for _, q := range m.Points {
		if q.Kind == correspondence.Answer {
			titles[q.Variable] = titleOf(t, q.Variable)
			several = len(titles) > 1
		}
	}
	for _, q := range m.Points {
		k, known := kinds[q.Kind]
		if !known {
			k = len(p.Kinds)
			kinds[q.Kind], p.Kinds = k, append(p.Kinds, map[correspondence.Kind]string{correspondence.Group: titleOf(t, q.Variable), correspondence.Answer: "Answers", correspondence.Supplementary: "Added to the finished map"}[q.Kind])
		}
		label := q.Label
		if several && q.Kind == correspondence.Answer {
			label = titles[q.Variable] + ": " + label
		}
		p.Points = append(p.Points, chart.Place{Kind: k, Label: label, Strong: q.Kind == correspondence.Group, X: float64(q.Coordinates[0].Value), Y: float64(q.Coordinates[1].Value),
			Major: float64(q.Ellipse.Major), Minor: float64(q.Ellipse.Minor), Angle: float64(q.Ellipse.Angle)})
	}
	p.Title = p.Kinds[0] + " and answers on one map"
	return p
}

// titleOf is what people call a variable or a set.
func titleOf(t *survey.Table, name string) string {
	if v := t.Lookup(name); v != nil {
		return v.Title()
	}
	if set := t.Set(name); set != nil && set.Label != "" {
		return set.Label
	}
	return name
}
