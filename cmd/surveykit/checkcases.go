package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"surveykit/datasets/reference"
)

// caseArgs is a case's request as a command line.
func caseArgs(c reference.Case, data string) []string {
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
func designArgs(c reference.Case) []string {
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
func caseSpec(q reference.Request) map[string]any {
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
func checkWeighting(ctx context.Context, c reference.Case, data, dir string, o *outcome) {
	var want struct {
		Weights []float64 `json:"weights"`
		Means   []record  `json:"means"`
	}
	spec, err := json.Marshal(caseSpec(c.Request))
	if err == nil {
		err = json.Unmarshal(c.Expected, &want)
	}
	specFile, output := filepath.Join(dir, "spec.yaml"), filepath.Join(dir, "weighted.csv")
	if err == nil {
		err = os.WriteFile(specFile, spec, 0o600)
	}
	var report struct {
		Column string `json:"weight_column"`
	}
	if err == nil {
		args := append([]string{"weight", data}, designArgs(c)...)
		err = call(ctx, append(args, "--spec", specFile, "--output", output, "--json"), &report)
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
	got, err := caseRecords(ctx, args)
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
	for k, name := range rows[0] {
		if name == column {
			at = k
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
