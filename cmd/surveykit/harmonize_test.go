package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/datasets"
)

// mustRun runs a command that has to succeed.
func mustRun(t *testing.T, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := Main(context.Background(), args, &stdout, &stderr); status != exitDone {
		t.Fatalf("%s: status %d: %s", strings.Join(args, " "), status, stderr.String())
	}
}

// The founding study gives the same results, to the last digit, from its two
// waves and from the file in which harmonize has stacked them: with wave, strata
// and clusters as they stand, and with those of the stacked file alone.
func TestStackedWavesGiveTheStudysFigures(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	mustRun(t, "simulate", "-o", dir, "--n-2008", "700", "--n-2011", "900", "--seed", "5")
	founding := string(datasets.FoundingStudy())
	const data = "  - {file: wave2008.csv, wave: 2008}\n  - {file: wave2011.csv, wave: 2011}\n"
	if !strings.Contains(founding, data) {
		t.Fatal("the founding study names its data in another way")
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, wave := range []string{"2008", "2011"} {
		write(wave+".yaml", "surveykit: study/1\ntitle: Wave\ndata: [{file: wave"+wave+".csv}]\ndesign: {weight: weight, strata: stratum, psu: [psu]}\ntables: [{id: t, rows: [gender]}]\n")
	}
	mustRun(t, "harmonize", at("2008.yaml"), at("2011.yaml"), "-o", at("mapping.yaml"))
	mustRun(t, "harmonize", at("mapping.yaml"), "--stack", at("both.sav"))
	write("waves.yaml", founding)
	write("stacked.yaml", strings.Replace(founding, data, "  - {file: both.sav}\n", 1))
	mustRun(t, "run", at("waves.yaml"), "-o", at("waves"))
	mustRun(t, "run", at("stacked.yaml"), "-o", at("stacked"))
	waves, stacked := read(t, at("waves/results.csv")), read(t, at("stacked/results.csv"))
	if !bytes.Equal(waves, stacked) || len(waves) < 10_000 {
		t.Errorf("%d bytes of results from the waves, %d others from the stacked file", len(waves), len(stacked))
	}
	var means [2]string
	for k, args := range [][]string{
		{at("waves.yaml")}, {at("both.sav"), "--weight", "weight", "--strata", "stratum", "--psu", "psu"},
	} {
		mustRun(t, append([]string{"estimate", "-o", at("estimate.json"), "--mean", "age,education", "--by", "gender", "--json"}, args...)...)
		means[k] = resultsOf(string(read(t, at("estimate.json"))))
	}
	if means[0] != means[1] {
		t.Errorf("from the waves:\n%s\nfrom the stacked file, without naming the wave:\n%s", means[0], means[1])
	}
}

// resultsOf are the figures of a result, without the labels, which the study has and the file has not.
func resultsOf(json string) string {
	var kept []string
	for part := range strings.SplitSeq(json, ",") {
		if strings.HasPrefix(part, `"estimate"`) || strings.HasPrefix(part, `"se"`) || strings.HasPrefix(part, `"df"`) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "\n")
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
