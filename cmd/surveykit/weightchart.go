package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"surveykit/reports/chart"
	"surveykit/reports/publish"
	"surveykit/survey"
)

// drawing draws the weights in the format of the chart's name and returns what
// writes the file; nothing is written before all is drawn.
func (o *weightOptions) drawing(w *survey.Weighting, source string) (write func() error, err error) {
	if o.chart == "" {
		return func() error { return nil }, nil
	}
	p, err := chart.Weights(w, chart.Options{Source: "Weighting: " + source})
	if err != nil {
		return nil, err
	}
	draw, ok := map[string]func() ([]byte, error){".svg": p.SVG, ".png": p.PNG, ".pdf": p.PDF}[strings.ToLower(filepath.Ext(o.chart))]
	if !ok {
		return nil, usageError{fmt.Errorf("--chart %q: the name must end in .svg, .png or .pdf", o.chart)}
	}
	picture, err := draw()
	if err != nil {
		return nil, err
	}
	return func() error {
		return publish.WriteFile(o.chart, func(to io.Writer) error { _, err := to.Write(picture); return err })
	}, nil
}
