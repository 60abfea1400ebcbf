package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/datasets/reference"
	"surveykit/reports/figure"
)

func newCheck() *cobra.Command {
	var o coverageOptions
	ofCoverage, ofLetters := false, false
	c := &cobra.Command{
		Use:   "check",
		Short: "Hold this program on this machine against recorded reference answers",
		Long: "check runs the shipped reference cases (" + reference.Source + ") and prints the largest error of each family. It ends with status 1 where any case disagrees.\n\n" +
			"With --coverage it draws samples of a simulated population instead, and counts how often each interval of a proportion holds the truth. " +
			"With --letters it makes tables of simulated samples whose columns do not differ, and counts how often their letters, arrows and changes say that they do.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case ofCoverage && ofLetters:
				return usageError{errors.New("--coverage and --letters are two simulations: ask for one")}
			case ofCoverage:
				return o.run(c)
			case ofLetters:
				return o.letters(c)
			}
			return runCheck(c)
		},
	}
	f := c.Flags()
	f.BoolVar(&ofCoverage, "coverage", false, "count what the intervals of proportions cover")
	f.BoolVar(&ofLetters, "letters", false, "count the false letters of tables")
	f.IntVar(&o.samples, "samples", 2000, "with --coverage and --letters: samples of each size")
	f.Uint64Var(&o.seed, "seed", 1, "with --coverage and --letters: seed of the random numbers")
	return c
}

func runCheck(c *cobra.Command) error {
	families, err := checkCases(c.Context(), "")
	if err != nil {
		return err
	}
	t := newTable(c.OutOrStdout(), "FAMILY", "AGREE", "OF", "LARGEST RELATIVE ERROR")
	agree, all := 0, 0
	for _, f := range families {
		t.row(f.name, figure.Count(f.agree), figure.Count(f.cases), fmt.Sprintf("%.1e", f.worst))
		agree, all = agree+f.agree, all+f.cases
	}
	t.flush()
	fmt.Fprintf(c.OutOrStdout(), "%d of %d cases agree with %s\n", agree, all, reference.Source)
	if agree < all {
		return fmt.Errorf("%d cases disagree: %s", all-agree, firstFault(families))
	}
	return nil
}

// family collects the cases of one kind.
type family struct {
	name         string
	cases, agree int
	worst        float64
	// fault is the first case that disagrees.
	fault string
}

func firstFault(families []*family) string {
	for _, f := range families {
		if f.fault != "" {
			return f.fault
		}
	}
	return ""
}

// checkCases runs every shipped case whose id starts with a prefix.
func checkCases(ctx context.Context, prefix string) ([]*family, error) {
	cases, err := reference.Cases()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "surveykit-check-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var families []*family
	at := map[string]*family{}
	for _, c := range cases {
		if !strings.HasPrefix(c.ID, prefix) {
			continue
		}
		f := at[c.Family()]
		if f == nil {
			f = &family{name: c.Family()}
			at[f.name] = f
			families = append(families, f)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f.add(c, checkCase(ctx, c, dir))
	}
	return families, nil
}

// outcome is the largest error of a case, and what is beyond its tolerance.
type outcome struct {
	worst float64
	fault string
}

func (o *outcome) fail(format string, args ...any) {
	if o.fault == "" {
		o.fault = fmt.Sprintf(format, args...)
	}
}

func (f *family) add(c reference.Case, o outcome) {
	f.cases++
	f.worst = math.Max(f.worst, o.worst)
	if o.fault == "" {
		f.agree++
	} else if f.fault == "" {
		f.fault = c.ID + ": " + o.fault
	}
}

func checkCase(ctx context.Context, c reference.Case, dir string) outcome {
	var o outcome
	data, err := caseFile(c, dir)
	if err != nil {
		o.fail("%v", err)
		return o
	}
	if c.Request.Statistic == "weighting" {
		checkWeighting(ctx, c, data, dir, &o)
		return o
	}
	got, err := caseRecords(ctx, append(caseArgs(c, data), designArgs(c)...))
	if err != nil {
		o.fail("%v", err)
		return o
	}
	var want []record
	if err := json.Unmarshal(c.Expected, &want); err != nil {
		o.fail("%v", err)
		return o
	}
	o.compare(c, want, got)
	return o
}

// caseFile writes a shipped data file into dir, once.
func caseFile(c reference.Case, dir string) (string, error) {
	path := filepath.Join(dir, filepath.Base(c.Data))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	b, err := reference.File(filepath.Base(c.Data))
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, b, 0o600)
}

// record is a result as JSON has it.
type record map[string]any

// call runs the command line in this process and reads its JSON.
func call(ctx context.Context, args []string, into any) error {
	var out, messages bytes.Buffer
	if status := Main(ctx, args, &out, &messages); status != exitDone {
		return fmt.Errorf("exit status %d: %s", status, strings.TrimSpace(messages.String()))
	}
	return json.Unmarshal(out.Bytes(), into)
}

func caseRecords(ctx context.Context, args []string) ([]record, error) {
	var result struct {
		Results []record `json:"results"`
	}
	err := call(ctx, append(args, "--json"), &result)
	return result.Results, err
}

// The relative errors that a case may show: results that are sums agree to
// rounding; limits, statistics and p-values go through distribution functions
// that the reference has to about 1e-8; its regressions stop iterating at 1e-8
// of the deviance.
const (
	tolerance           = 1e-9
	toleranceTails      = 1e-6
	toleranceRegression = 1e-6
	toleranceDeff       = 1e-8
	toleranceWeights    = 1e-6
)

func fieldTolerance(c reference.Case, field string) float64 {
	regression := c.Request.Statistic == "regression"
	switch field {
	case "n":
		return 0
	case "deff":
		return toleranceDeff
	case "estimate", "se", "estimate_from", "estimate_to", "n_weighted", "df":
		if regression && field != "df" {
			return toleranceRegression
		}
		return tolerance
	}
	return toleranceTails
}

func (o *outcome) compare(c reference.Case, want, got []record) {
	have := map[string]record{}
	for _, r := range got {
		have[r.key()] = r
	}
	for _, w := range want {
		r, ok := have[w.key()]
		if !ok {
			o.fail("no record for %s", w.key())
			continue
		}
		for field, value := range w {
			if x, ok := value.(float64); ok && field != "quantile" {
				o.number(w.key()+" "+field, r[field], x, fieldTolerance(c, field))
			}
		}
	}
}

func (o *outcome) number(what string, got any, want, tol float64) {
	g, ok := got.(float64)
	if !ok {
		o.fail("%s is missing, want %v", what, want)
		return
	}
	diff := math.Abs(g - want)
	if diff > 1e-12 {
		o.worst = math.Max(o.worst, diff/math.Max(math.Abs(want), 1e-300))
	}
	if diff > tol*math.Abs(want)+1e-12*math.Min(1, tol/tolerance) {
		o.fail("%s is %v, want %v", what, g, want)
	}
}

// key names a record: its variable, category, group and quantile.
func (r record) key() string {
	var parts []string
	for _, field := range []string{"variable", "term", "test"} {
		if s, ok := r[field].(string); ok && s != "" {
			parts = append(parts, s)
			break
		}
	}
	if s, ok := r["category"].(string); ok && s != "" {
		parts = append(parts, s)
	}
	if g, ok := r["group"].(map[string]any); ok && len(g) > 0 {
		parts = append(parts, fmt.Sprint(g))
	}
	if q, ok := r["quantile"].(float64); ok {
		parts = append(parts, fmt.Sprint(q))
	}
	return strings.Join(parts, " ")
}
