package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/datasets/reference"
	"surveykit/reports/figure"
	"surveykit/survey/coverage"
)

func newCheck() *cobra.Command {
	o := coverage.Simulation{Samples: 2000}
	ofCoverage, ofLetters := false, false
	c := &cobra.Command{
		Use:   "check",
		Short: "Compare this program on this machine with recorded reference answers",
		Long: "check runs the shipped reference cases (" + reference.Source + ") and prints the largest error of each family. It ends with status 1 if any case disagrees.\n\n" +
			"With --coverage it draws samples of a simulated population instead, and counts how often each interval of a proportion holds the truth. " +
			"With --letters it makes tables of simulated samples whose columns do not differ, and counts how often their letters, arrows and changes say that they do.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case ofCoverage && ofLetters:
				return usageError{errors.New("--coverage and --letters are two simulations: ask for one")}
			case ofCoverage:
				return checkCoverage(c, o)
			case ofLetters:
				return checkLetters(c, o)
			}
			return runCheck(c)
		},
	}
	f := c.Flags()
	f.BoolVar(&ofCoverage, "coverage", false, "count what the intervals of proportions cover")
	f.BoolVar(&ofLetters, "letters", false, "count the false letters of tables")
	whole(f, &o.Samples, "samples", 1, math.MaxInt32, "with --coverage and --letters: samples of each size")
	f.Uint64Var(&o.Seed, "seed", 1, "with --coverage and --letters: seed `N` of the random numbers")
	return c
}

func runCheck(c *cobra.Command) error {
	families, err := reference.Check(c.Context(), asked)
	if err != nil {
		return err
	}
	t := newTable(c.OutOrStdout(), "FAMILY", "AGREE", "OF", "LARGEST RELATIVE ERROR")
	agree, all, fault := 0, 0, ""
	for _, f := range families {
		t.row(f.Name, figure.Count(f.Agree), figure.Count(f.Cases), fmt.Sprintf("%.1e", f.Worst))
		agree, all, fault = agree+f.Agree, all+f.Cases, cmp.Or(fault, f.Fault)
	}
	t.flush()
	fmt.Fprintf(c.OutOrStdout(), "%d of %d cases agree with %s\n", agree, all, reference.Source)
	if agree < all {
		return fmt.Errorf("%d cases disagree: %s", all-agree, fault)
	}
	return nil
}

// asked is what this program prints when it is called as a person would call it.
func asked(ctx context.Context, args []string) ([]byte, error) {
	var out, messages bytes.Buffer
	if status := Main(ctx, args, &out, &messages); status != exitDone {
		return nil, fmt.Errorf("exit status %d: %s", status, strings.TrimSpace(messages.String()))
	}
	return out.Bytes(), nil
}
