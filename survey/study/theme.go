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
)

// maxLogo is how large a logo's file may be: it stands in every chart.
const maxLogo = 1 << 20

// theme finds colours that cannot be used and a logo outside the study's folder.
func theme(root *node) []fault {
	output := root.find("output")
	if output == nil || output.value.find("theme") == nil {
		return nil
	}
	n := output.value.find("theme").value
	out := seriesColours(n.itemsOf("colours"))
	for _, key := range []string{"positive", "negative"} {
		if e := n.find(key); e != nil && e.value.isScalar() {
			out = append(out, colourFaults(e.value)...)
		}
	}
	if e := n.find("logo"); e != nil && e.value.isScalar() && !filepath.IsLocal(filepath.FromSlash(e.value.text)) {
		out = append(out, fault{e.value.at, survey.Problem{Value: e.value.text,
			Message: "the logo's path leaves the study's folder", Remedy: "copy the logo beside the study file and name it there"}})
	}
	return out
}

func seriesColours(items []*node) []fault {
	var out []fault
	if len(items) > survey.MostColours {
		out = append(out, fault{items[survey.MostColours].at, survey.Problem{
			Message: fmt.Sprintf("output.theme.colours lists %d colours, and readers tell %d apart", len(items), survey.MostColours), Remedy: "keep the most different ones"}})
	}
	var seen []string
	for _, item := range items {
		if !item.isScalar() {
			continue
		}
		out = append(out, colourFaults(item)...)
		if slices.Contains(seen, strings.ToUpper(item.text)) {
			out = append(out, fault{item.at, survey.Problem{Value: item.text, Message: "this colour stands there twice", Remedy: "give each series its own"}})
		}
		seen = append(seen, strings.ToUpper(item.text))
	}
	return out
}

func colourFaults(n *node) []fault {
	var problem survey.Problem
	if _, err := survey.ParseColour(n.text); errors.As(err, &problem) {
		return []fault{{n.at, problem}}
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
	data, err := readWithin(filepath.Dir(source.path), filepath.FromSlash(theme.Logo))
	if err == nil && len(data) > maxLogo {
		err = survey.Problem{Message: "the logo is larger than 1 MB, and it stands in every chart", Remedy: "save it smaller"}
	}
	if err == nil {
		_, err = survey.ParseLogo(data)
	}
	if err != nil {
		return survey.Problems{source.Annotate("$.output.theme.logo", logoProblem(err, theme.Logo))}
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

func logoProblem(err error, name string) survey.Problem {
	var p survey.Problem
	var cause *os.PathError
	switch {
	case errors.As(err, &p):
	case errors.As(err, &cause):
		p = survey.Problem{Message: "the logo cannot be read: " + cause.Err.Error(), Remedy: "check its path, from the study file's folder"}
	default:
		p = survey.Problem{Message: "the logo cannot be read: " + err.Error()}
	}
	p.Value = name
	return p
}
