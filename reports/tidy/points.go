package tidy

import (
	"encoding/csv"
	"io"
	"strconv"
	"surveykit/survey"
	"surveykit/survey/analysis/correspondence"
)

// WritePoints writes the points of a map as CSV, a line a point in full precision.
func WritePoints(w io.Writer, points []correspondence.Point) error {
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
