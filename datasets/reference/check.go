package reference

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Program runs a command line and returns what it prints; an error is of a call
// that does not end well.
type Program func(ctx context.Context, args []string) ([]byte, error)

// Family is how the cases of one kind came out.
type Family struct {
	Name         string
	Cases, Agree int
	// Worst is the largest relative error.
	Worst float64
	// Fault is the first case that disagrees, "" where all agree.
	Fault string
}

// Check asks a program all cases and compares its answers with the recorded ones.
func Check(ctx context.Context, program Program) ([]*Family, error) {
	cases, err := Cases()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "surveykit-check-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	k := checker{ctx, program, dir}
	var families []*Family
	at := map[string]*Family{}
	for _, c := range cases {
		f := at[c.Family()]
		if f == nil {
			f = &Family{Name: c.Family()}
			at[f.Name] = f
			families = append(families, f)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o := k.check(c)
		f.Cases++
		f.Worst = math.Max(f.Worst, o.worst)
		if o.fault == "" {
			f.Agree++
		} else if f.Fault == "" {
			f.Fault = c.ID + ": " + o.fault
		}
	}
	return families, nil
}

// checker holds cases against a program, whose files are in dir.
type checker struct {
	ctx     context.Context
	program Program
	dir     string
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

func (k checker) check(c Case) outcome {
	var o outcome
	data, err := k.file(c)
	if err != nil {
		o.fail("%v", err)
		return o
	}
	if c.Request.Statistic == "weighting" {
		k.checkWeighting(c, data, &o)
		return o
	}
	got, err := k.records(append(caseArgs(c, data), designArgs(c)...))
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

// file writes a shipped data file into the folder, once.
func (k checker) file(c Case) (string, error) {
	path := filepath.Join(k.dir, filepath.Base(c.Data))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	b, err := File(filepath.Base(c.Data))
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, b, 0o600)
}

// record is a result as JSON has it.
type record map[string]any

// call runs a command line and reads its JSON.
func (k checker) call(args []string, into any) error {
	out, err := k.program(k.ctx, append(args, "--json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(out, into)
}

func (k checker) records(args []string) ([]record, error) {
	var result struct {
		Results []record `json:"results"`
	}
	err := k.call(args, &result)
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

func fieldTolerance(c Case, field string) float64 {
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

func (o *outcome) compare(c Case, want, got []record) {
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
				what := w.key() + " " + field
				tol := fieldTolerance(c, field)
				g, ok := r[field].(float64)
				if !ok {
					o.fail("%s is missing, want %v", what, x)
					continue
				}
				diff := math.Abs(g - x)
				if diff > 1e-12 {
					o.worst = math.Max(o.worst, diff/math.Max(math.Abs(x), 1e-300))
				}
				if diff > tol*math.Abs(x)+1e-12*math.Min(1, tol/tolerance) {
					o.fail("%s is %v, want %v", what, g, x)
				}
			}
		}
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

// caseArgs is a case's request as a command line.
func caseArgs(c Case, data string) []string {
	q := c.Request
	names := strings.Join(q.Variables, ",")
	switch q.Statistic {
	case "mean", "total":
		args := []string{"estimate", data, "--" + q.Statistic, names}
		if q.Deff {
			args = append(args, "--deff", "replace")
		}
		return args
	case "ratio":
		return []string{"estimate", data, "--ratio", names + "/" + q.Denominator}
	case "proportion":
		return []string{"estimate", data, "--proportion", names, "--ci", q.CI}
	case "quantile":
		return []string{"estimate", data, "--quantile", names, "--probs", numbers(q.Quantiles), "--quantile-rule", q.Rule, "--quantile-ci", q.Interval}
	case "chisq":
		return []string{"test", data, "--association", names, "--method", strings.Join(q.Statistics, ",")}
	case "difference":
		return []string{"test", data, "--difference", names, "--between", q.Contrast.Variable + ":" + strings.Join(q.Contrast.Levels, ",")}
	}
	return []string{"regress", data, "--formula", q.Formula, "--family", q.Family}
}

// designArgs is a case's design and domain as flags.
func designArgs(c Case) []string {
	var args []string
	flag := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	d, q := c.Design, c.Request
	flag("weight", d.Weight)
	flag("strata", d.Strata)
	flag("psu", strings.Join(d.PSU, ","))
	flag("fpc", strings.Join(d.FPC, ","))
	flag("lonely-psu", d.LonelyPSU)
	if r := d.Replicates; r != nil {
		flag("replicates", r.Prefix+"*")
		flag("replicate-type", strings.ToLower(r.Type))
		if r.Scale != nil {
			flag("replicate-scale", numbers([]float64{*r.Scale}))
		}
		flag("replicate-rscales", numbers(r.RScales))
		if r.Rho != nil {
			flag("fay-rho", numbers([]float64{*r.Rho}))
		}
		if r.MSE {
			args = append(args, "--mse")
		}
	}
	flag("by", strings.Join(q.By, ","))
	flag("where", q.Where)
	if q.Level != 0 {
		flag("level", numbers([]float64{q.Level}))
	}
	return args
}

func numbers(x []float64) string {
	parts := make([]string, len(x))
	for i, v := range x {
		parts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strings.Join(parts, ",")
}

// caseSpec is a case's weighting as a weighting spec.
func caseSpec(q Request) map[string]any {
	s := map[string]any{"method": q.Method}
	switch q.Method {
	case "rake":
		margins := map[string]any{}
		for _, m := range q.Margins {
			margins[m.Variable] = m.Targets
		}
		s["margins"] = margins
	case "poststratify":
		var cells []map[string]any
		for _, c := range q.Cells {
			cell := map[string]any{"total": c["Freq"]}
			for _, v := range q.Variables {
				cell[v] = c[v]
			}
			cells = append(cells, cell)
		}
		s["cells"] = cells
	case "calibrate":
		s["formula"], s["population"], s["distance"] = q.Formula, q.Population, q.Distance
		if len(q.Bounds) > 0 {
			s["bounds"] = q.Bounds
		}
	case "trim":
		s["lower"], s["upper"] = q.Lower, q.Upper
	}
	return s
}

// checkWeighting weights the data, compares every weight, then the means under
// the calibrated design.
func (k checker) checkWeighting(c Case, data string, o *outcome) {
	var want struct {
		Weights []float64 `json:"weights"`
		Means   []record  `json:"means"`
	}
	spec, err := json.Marshal(caseSpec(c.Request))
	if err == nil {
		err = json.Unmarshal(c.Expected, &want)
	}
	specFile, output := filepath.Join(k.dir, "spec.yaml"), filepath.Join(k.dir, "weighted.csv")
	if err == nil {
		err = os.WriteFile(specFile, spec, 0o600)
	}
	var report struct {
		Column string `json:"weight_column"`
	}
	if err == nil {
		args := append([]string{"weight", data}, designArgs(c)...)
		err = k.call(append(args, "--spec", specFile, "--output", output), &report)
	}
	if err != nil {
		o.fail("%v", err)
		return
	}
	o.weights(output, report.Column, want.Weights)
	if len(c.Request.ThenMean) == 0 || c.Request.Method == "trim" {
		return
	}
	args := append([]string{"estimate", data, "--calibration", specFile, "--mean", strings.Join(c.Request.ThenMean, ",")}, designArgs(c)...)
	got, err := k.records(args)
	if err != nil {
		o.fail("%v", err)
		return
	}
	c.Request.Statistic = "regression" // calibration iterates as a regression does
	o.compare(c, want.Means, got)
}

func (o *outcome) weights(path, column string, want []float64) {
	f, err := os.Open(path)
	if err != nil {
		o.fail("%v", err)
		return
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != len(want)+1 {
		o.fail("%d rows of weights, want %d (%v)", len(rows)-1, len(want), err)
		return
	}
	at := -1
	for i, name := range rows[0] {
		if name == column {
			at = i
		}
	}
	if at < 0 {
		o.fail("there is no column %q", column)
		return
	}
	for i, w := range want {
		got, err := strconv.ParseFloat(rows[i+1][at], 64)
		if err != nil || math.Abs(got-w) > toleranceWeights*math.Abs(w) {
			o.fail("the weight of row %d is %v, want %v", i+1, got, w)
		}
		o.worst = math.Max(o.worst, math.Abs(got-w)/math.Abs(w))
	}
}
