package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"surveykit/datasets/reference"
)

// jackknifeTolerance is the rounding of 70 sums of some 1,500 products.
const jackknifeTolerance = 1e-10

// The stratified jackknife of a total is its linearised variance exactly; that
// of a mean is near it.
func TestStratifiedJackknifeIsLinearisation(t *testing.T) {
	dir := t.TempDir()
	data, err := reference.File("twostage.csv")
	if err != nil {
		t.Fatal(err)
	}
	plain, replicated := filepath.Join(dir, "plain.csv"), filepath.Join(dir, "replicated.csv")
	if err := os.WriteFile(plain, data, 0o600); err != nil {
		t.Fatal(err)
	}
	design := []string{"--weight", "weight", "--strata", "stratum", "--psu", "psu"}
	var made replicateReport
	if err := call(t.Context(), append([]string{"replicate", plain, "--type", "jkn", "-o", replicated, "--json"}, design...), &made); err != nil {
		t.Fatal(err)
	}
	ask := []string{"--total", "spend", "--mean", "trust"}
	linear, err := caseRecords(t.Context(), append(append([]string{"estimate", plain}, design...), ask...))
	if err != nil {
		t.Fatal(err)
	}
	jackknife, err := caseRecords(t.Context(), append([]string{"estimate", replicated, "--weight", "weight", "--replicates", made.Columns,
		"--replicate-type", "jkn", "--replicate-rscales", rscalesText(made.RScales)}, ask...))
	if err != nil {
		t.Fatal(err)
	}
	for i, tolerance := range map[int]float64{0: 0.05, 1: jackknifeTolerance} {
		a, b := linear[i]["se"].(float64), jackknife[i]["se"].(float64)
		if math.Abs(a-b) > tolerance*a {
			t.Errorf("%v %v: linearised se %v, jackknife %v", linear[i]["statistic"], linear[i]["variable"], a, b)
		}
	}
}
