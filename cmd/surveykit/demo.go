package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"surveykit/datasets"
	"surveykit/datasets/simulate"
	"surveykit/reports/figure"
	"surveykit/reports/publish"
)

func newDemo() *cobra.Command {
	output := "demo"
	c := &cobra.Command{
		Use:   "demo",
		Short: "Simulate the founding example and run its study",
		Long:  "demo simulates two waves of a consumer survey on privacy, 2008 and 2011, writes them with their truth and their study file into a folder, and runs the study there. All of it is synthetic.",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := saveSimulation(output, simulate.Options{}); err != nil {
				return err
			}
			path := filepath.Join(output, "study.yaml")
			text := datasets.FoundingStudy()
			if err := publish.WriteFile(path, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
				return err
			}
			return runOptions{output: filepath.Join(output, "results")}.run(c, path)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", output, "folder `DIR` for data and results")
	return c
}

func newSimulate() *cobra.Command {
	var o simulate.Options
	output := "simulated"
	c := &cobra.Command{
		Use:   "simulate",
		Short: "Simulate the founding example's two waves at any size, together with the true values",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := saveSimulation(output, o); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "two synthetic waves, their truth and their data card written to %s\n", output)
			return nil
		},
	}
	f := c.Flags()
	f.StringVarP(&output, "output", "o", output, "folder `DIR`")
	f.Uint64Var(&o.Seed, "seed", 0, "seed `N` of the random numbers")
	f.IntVar(&o.Respondents2008, "n-2008", 0, "`N` respondents in 2008 (default: as shipped)")
	f.IntVar(&o.Respondents2011, "n-2011", 0, "`N` respondents in 2011 (default "+figure.Count(37350)+")")
	return c
}

func saveSimulation(folder string, o simulate.Options) error {
	s, err := simulate.Simulate(o)
	if err != nil {
		return usageError{err}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return s.Save(folder)
}
