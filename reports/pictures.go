package reports

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"surveykit/reports/chart"
	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/analysis/correspondence"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/analysis/maxdiff"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/analysis/turf"
	"surveykit/survey/estimate"
)

// Pictures are drawn in the look of the study, in the format of the file's name: .svg,
// .png or .pdf. An OptionError says that it is another one.

// DrawReach draws the reach of the best bundle of each size.
func (d *Data) DrawReach(file string, sizes []turf.Bundles) error {
	t := &survey.Tabulation{ID: "reach", Chart: &survey.Chart{Kind: survey.ChartReach}, Columns: []survey.Column{{Label: "Reach"}}}
	for _, s := range sizes {
		best := s.Best[0]
		t.Rows = append(t.Rows, survey.Row{Label: strings.Join(best.Items, " + "), Kind: survey.RowShare})
		t.Cells = append(t.Cells, []survey.Cell{{Estimate: best.Reach}})
		t.Columns[0].N, t.Columns[0].NWeighted, t.Columns[0].NEffective = best.Reach.N, best.Reach.NWeighted.Float(), best.Reach.NEffective.Float()
	}
	last := sizes[len(sizes)-1]
	t.Title = fmt.Sprintf("With the best bundle of %d, %s are reached", last.Size, figure.Value(survey.RowShare, last.Best[0].Reach.Value.Float(), 1))
	return d.drawTable(file, t)
}

// DrawPreferences draws everybody's preferences of a MaxDiff, a dot an item.
func (d *Data) DrawPreferences(file string, r maxdiff.Analysis) error {
	t := &survey.Tabulation{ID: "preferences", Chart: &survey.Chart{Kind: survey.ChartDots}, Columns: []survey.Column{{Label: "Preference"}}}
	order := r.ByPreference()
	for _, j := range order {
		p := r.Items[j].Preference
		t.Rows = append(t.Rows, survey.Row{Label: r.Items[j].Item, Kind: survey.RowShare})
		t.Cells = append(t.Cells, []survey.Cell{{Estimate: p}})
		t.Columns[0].N, t.Columns[0].NWeighted, t.Columns[0].NEffective = p.N, p.NWeighted.Float(), p.NEffective.Float()
	}
	top := r.Items[order[0]]
	t.Title = fmt.Sprintf("%s would choose %s out of %d items", figure.Value(survey.RowShare, top.Preference.Value.Float(), 1), top.Item, len(r.Items))
	return d.drawTable(file, t)
}

// DrawDrivers draws importance against performance.
func (d *Data) DrawDrivers(file string, a *drivers.Analysis) error {
	t := a.Tabulation()
	var err error
	if t.Chart, err = a.Plane(); err != nil {
		return err
	}
	return d.drawTable(file, t)
}

// DrawFlows draws who is where in the next of several solutions of segments.
func (d *Data) DrawFlows(file string, s *segment.Streams) error {
	f := chart.Flows{ID: "solutions", Base: "people in a segment, weighted", N: s.N}
	for _, stage := range s.Solutions {
		f.Stages = append(f.Stages, chart.Stage{Name: stage.Name, Categories: stage.Segments})
	}
	for n, flow := range s.Weight {
		for from, row := range flow {
			for to, w := range row {
				f.Flows = append(f.Flows, chart.Flow{Stage: n, From: from, To: to, Weight: w})
			}
		}
	}
	p, err := chart.Alluvial(f, d.look())
	if err != nil {
		return err
	}
	return savePicture(file, p)
}

// DrawMap draws a map of groups and answers of a sample.
func (d *Data) DrawMap(file string, m *correspondence.Map, s *estimate.Sample) error {
	p, err := chart.Map(places(m, s.Table(), s.Level()), d.look())
	if err != nil {
		return err
	}
	return savePicture(file, p)
}

// DrawWeights draws the distribution of weights that a spec made, and returns what
// writes the file.
func DrawWeights(file string, w *survey.WeightingReport, spec string) (save func() error, err error) {
	p, err := chart.Weights(w, chart.Options{Source: "Weighting: " + spec})
	if err != nil {
		return nil, err
	}
	return pictureFile(file, p)
}

// look is what a picture takes from the study.
func (d *Data) look() chart.Options {
	if d.Study == nil {
		return chart.Options{}
	}
	return chart.Options{Synthetic: d.Study.Synthetic, Theme: d.Study.Output.Theme}
}

func (d *Data) drawTable(file string, t *survey.Tabulation) error {
	p, err := chart.Draw(t, d.look())
	if err != nil {
		return err
	}
	return savePicture(file, p)
}

func savePicture(file string, p *draw.Picture) error {
	save, err := pictureFile(file, p)
	if err != nil {
		return err
	}
	return save()
}

// pictureFile draws a picture in the format of the file's name, and returns what
// writes it.
func pictureFile(file string, p *draw.Picture) (save func() error, err error) {
	draw, ok := map[string]func() ([]byte, error){".svg": p.SVG, ".png": p.PNG, ".pdf": p.PDF}[strings.ToLower(filepath.Ext(file))]
	if !ok {
		return nil, &OptionError{"chart", file, errors.New("the name must end in .svg, .png or .pdf")}
	}
	picture, err := draw()
	if err != nil {
		return nil, err
	}
	return func() error {
		return publish.WriteFile(file, func(to io.Writer) error { _, err := to.Write(picture); return err })
	}, nil
}

// places is the map as a picture: groups, answers and what was put in afterwards.
func places(m *correspondence.Map, t *survey.Table, level float64) chart.Places {
	share := func(d int) string { return figure.Value(survey.RowShare, m.Axes[d].Share.Float(), 0) }
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
		p.Points = append(p.Points, chart.Place{Kind: k, Label: label, Strong: q.Kind == correspondence.Group, X: q.Coordinates[0].Value.Float(), Y: q.Coordinates[1].Value.Float(),
			Major: q.Ellipse.Major.Float(), Minor: q.Ellipse.Minor.Float(), Angle: q.Ellipse.Angle.Float()})
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
