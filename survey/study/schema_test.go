package study

import (
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/analysis"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
	"surveykit/survey/spec/spectest"
	"surveykit/survey/tabulate"

	"github.com/invopop/jsonschema"
)

// The schema says what the Go types say; `go generate` writes it anew.
func TestSchemaIsGenerated(t *testing.T) {
	comments := []spectest.Comments{{Package: "surveykit/survey", Folder: "..", Files: []string{"study.go", "design.go", "tablespec.go"}}}
	spectest.Schema(t, "schema.json", "surveykit study", survey.Study{}, comments, func(s *jsonschema.Schema) {
		for part, list := range added {
			to := s
			if part != reflect.TypeFor[survey.Study]() {
				to = s.Definitions[part.Name()]
			}
			for _, a := range list {
				spectest.Add(t, s, to, a, filepath.Join("../analysis", path.Base(reflect.TypeOf(a).PkgPath())))
			}
		}
		spectest.OneOf(s.Definitions["Recode"], append([]string{"brackets", "map", "reverse", "count", "mean", "expression", "rules"}, keys(analysis.Recodes)...)...)
		s.Definitions["Recode"].DependentRequired = map[string][]string{"brackets": {"from"}, "map": {"from"}, "reverse": {"from"}}
		reverse, _ := s.Definitions["Recode"].Properties.Get("reverse")
		reverse.Enum = []any{true}
		row := s.Definitions["RowSpec"]
		spectest.OneOf(row, survey.RowKeys(false)...)
		row.DependentRequired = map[string][]string{"place": {"nets"}}
		for _, f := range survey.RowForms {
			for _, key := range f.With {
				row.DependentRequired[key] = []string{f.Key}
			}
		}
		statistics, _ := row.Properties.Get("statistics")
		var patterns, words []string
		for _, s := range tabulate.RowStatistics {
			patterns, words = append(patterns, s.Pattern), append(words, s.Words)
		}
		statistics.Items.Pattern = "^(" + strings.Join(patterns, "|") + ")$"
		statistics.Description += " They are " + strings.Join(words, "; ") + "."
		spectest.OrWord(row)
		column := s.Definitions["ColumnSpec"]
		spectest.OneOf(column, "variable", "nest", "membership", "where")
		column.DependentRequired = map[string][]string{"where": {"label"}, "group": {"where"}}
		spectest.OrWord(column)
		order := s.Definitions["SortSpec"]
		order.OneOf = []*jsonschema.Schema{{Type: "object"}}
		spectest.OrWord(order)
		spectest.OneOf(s.Definitions["TableSpec"], append([]string{"rows", "grid"}, keys(analysis.Tables)...)...)
		kind, _ := s.Definitions["TableSpec"].Properties.Get("kind")
		var kinds []string
		for _, k := range analysis.Kinds {
			kind.Enum, kinds = append(kind.Enum, k.Name), append(kinds, fmt.Sprintf("%s: %s", k.Name, k.Draws))
		}
		kind.Description += " " + strings.Join(kinds, "; ") + "."
		method, _ := s.Definitions["SegmentSpec"].Properties.Get("method")
		for _, m := range segment.StudyMethods() {
			method.Enum = append(method.Enum, m)
		}
		design := s.Definitions["Design"]
		for key, names := range map[string][]string{
			"interval": stats.Names(stats.IntervalMethods), "quantile_rule": stats.Names(stats.QuantileRules), "quantile_interval": stats.Names(estimate.QuantileIntervals),
		} {
			p, _ := design.Properties.Get(key)
			for _, name := range names {
				p.Enum = append(p.Enum, name)
			}
		}
		chart, _ := s.Definitions["Chart"].Properties.Get("kind")
		var draws []string
		for _, k := range survey.ChartKinds {
			chart.Enum = append(chart.Enum, k.Kind)
			draws = append(draws, fmt.Sprintf("%s: %s", k.Kind, k.Draws))
		}
		chart.Description += " " + strings.Join(draws, "; ") + "."
	})
}

func keys[A survey.Analysis](list []A) (out []string) {
	for _, a := range list {
		out = append(out, a.Key())
	}
	return out
}
