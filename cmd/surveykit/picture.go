package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"surveykit/reports"
	"surveykit/reports/chart"
	"surveykit/reports/publish"
	"surveykit/survey"
)

// pictured says of the input what a picture of it must say.
func pictured(in *reports.Data) chart.Options {
	if in.Study == nil {
		return chart.Options{}
	}
	return chart.Options{Synthetic: in.Study.Synthetic, Theme: in.Study.Output.Theme}
}

// drawTable draws a table as its chart asks, in the format of the file's name.
func drawTable(file string, t *survey.Tabulation, o chart.Options) error {
	p, err := chart.Draw(t, o)
	if err != nil {
		return err
	}
	return savePicture(file, p)
}

// savePicture writes a picture in the format of the file's name.
func savePicture(file string, p *chart.Picture) error {
	save, err := pictureFile(file, p)
	if err != nil {
		return err
	}
	return save()
}

// pictureFile draws a picture in the format of the file's name, and returns what
// writes it.
func pictureFile(file string, p *chart.Picture) (save func() error, err error) {
	draw, ok := map[string]func() ([]byte, error){".svg": p.SVG, ".png": p.PNG, ".pdf": p.PDF}[strings.ToLower(filepath.Ext(file))]
	if !ok {
		return nil, usageError{fmt.Errorf("--chart %q: the name must end in .svg, .png or .pdf", file)}
	}
	picture, err := draw()
	if err != nil {
		return nil, err
	}
	return func() error {
		return publish.WriteFile(file, func(to io.Writer) error { _, err := to.Write(picture); return err })
	}, nil
}
