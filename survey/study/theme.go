package study

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/appearance"
	"surveykit/survey/spec"
)

// maxLogo is how large a logo's file may be: it is in every chart.
const maxLogo = 1 << 20

// theme finds colours that cannot be used and a logo outside the study's folder.
func theme(root *spec.Node) []spec.Fault {
	output := root.Find("output")
	if output == nil || output.Value.Find("theme") == nil {
		return nil
	}
	n := output.Value.Find("theme").Value
	items := n.ItemsOf("colours")
	var out []spec.Fault
	if len(items) > appearance.MostColours {
		out = append(out, items[appearance.MostColours].At.Fault(survey.Problem{
			Message: fmt.Sprintf("output.theme.colours lists %d colours, and readers tell %d apart", len(items), appearance.MostColours), Remedy: "keep the most different ones"}))
	}
	var seen []string
	for _, item := range items {
		if !item.IsScalar() {
			continue
		}
		out = append(out, colourFaults(item)...)
		if slices.Contains(seen, strings.ToUpper(item.Text)) {
			out = append(out, item.At.Fault(survey.Problem{Value: item.Text, Message: "this colour is listed twice", Remedy: "give each series a different colour"}))
		}
		seen = append(seen, strings.ToUpper(item.Text))
	}
	for _, key := range []string{"positive", "negative"} {
		if e := n.Find(key); e != nil && e.Value.IsScalar() {
			out = append(out, colourFaults(e.Value)...)
		}
	}
	if e := n.Find("logo"); e != nil && e.Value.IsScalar() && !filepath.IsLocal(filepath.FromSlash(e.Value.Text)) {
		out = append(out, e.Value.At.Fault(survey.Problem{Value: e.Value.Text,
			Message: "the path of the logo leads outside the study's folder", Remedy: "copy the logo beside the study file and name it there"}))
	}
	return out
}

func colourFaults(n *spec.Node) []spec.Fault {
	var problem survey.Problem
	if _, err := appearance.ParseColour(n.Text); errors.As(err, &problem) {
		return []spec.Fault{n.At.Fault(problem)}
	}
	return nil
}

// readLogo fills in the content of the theme's logo. The file is opened within
// the study's folder, so that no link leads out of it.
func readLogo(study *survey.Study, source *Source) error {
	theme := &study.Output.Theme
	if theme.Logo == "" {
		return nil
	}
	data, err := readWithin(filepath.Dir(source.Path), filepath.FromSlash(theme.Logo))
	if err == nil && len(data) > maxLogo {
		err = survey.Problem{Message: "the logo is larger than 1 MB, and every chart contains it", Remedy: "make the file smaller"}
	}
	if err == nil {
		_, err = appearance.ParseLogo(data)
	}
	if err != nil {
		var p survey.Problem
		var cause *os.PathError
		switch {
		case errors.As(err, &p):
		case errors.As(err, &cause):
			p = survey.Problem{Message: "the logo cannot be read: " + cause.Err.Error(), Remedy: "check its path, from the study file's folder"}
		default:
			p = survey.Problem{Message: "the logo cannot be read: " + err.Error()}
		}
		p.Value = theme.Logo
		return survey.Problems{source.Annotate("$.output.theme.logo", p)}
	}
	theme.LogoData = data
	return nil
}

func readWithin(folder, name string) ([]byte, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxLogo+1))
}
