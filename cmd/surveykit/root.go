package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/print"
	"surveykit/reports/schedule"
	"surveykit/survey"
)

// The exit statuses of every command.
const (
	exitDone        = schedule.ExitDone
	exitFailed      = schedule.ExitFailed
	exitUsage       = schedule.ExitUsage
	exitInvalid     = schedule.ExitInvalid
	exitAttention   = schedule.ExitAttention
	exitUnreachable = schedule.ExitUnreachable
	exitInterrupted = schedule.ExitInterrupted
)

// errAttention is returned by a command that did its work but found something
// that a person must look at.
var errAttention = errors.New("a person must look at this")

// usageError is a wrong call: the arguments, not the data.
type usageError struct{ error }

// Main runs the command line and returns the exit status.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(args)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		complete(root)
	}
	err := root.ExecuteContext(ctx)
	var option *reports.OptionError
	if errors.As(err, &option) {
		if option.Option != "" {
			option.Option = "--" + option.Option
		}
		err = usageError{option}
	}
	if err != nil && !errors.Is(err, errAttention) {
		fmt.Fprintln(stderr, "surveykit:", err)
	}
	return status(ctx, err)
}

func status(ctx context.Context, err error) int {
	var problems survey.Problems
	var usage usageError
	var unreachable *survey.Unreachable
	switch {
	case err == nil:
		return exitDone
	case ctx.Err() != nil:
		return exitInterrupted
	case errors.Is(err, errAttention):
		return exitAttention
	case errors.As(err, &problems):
		return exitInvalid
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, print.ErrNoBrowser), errors.As(err, &unreachable):
		return exitUnreachable
	}
	return exitFailed
}

// callable is a command and the word that calls it.
type callable struct {
	name    string
	command func() *cobra.Command
}

func commands() []callable {
	return []callable{
		{"inspect", newInspect}, {"init", newInit}, {"validate", newValidate}, {"estimate", newEstimate}, {"test", newTest},
		{"explain", newExplain}, {"plan", newPlan}, {"regress", newRegress}, {"drivers", newDrivers}, {"propensity", newPropensity},
		{"score", newScore}, {"segment", newSegment}, {"replicate", newReplicate}, {"weight", newWeight}, {"convert", newConvert},
		{"harmonize", newHarmonize}, {"turf", newTurf}, {"maxdiff", newMaxDiff}, {"map", newMap}, {"tab", newTab},
		{"run", newRun}, {"changes", newChanges}, {"schedule", newSchedule}, {"demo", newDemo}, {"simulate", newSimulate},
		{"check", newCheck}, {"schema", newSchema}, {"version", newVersion},
	}
}

// newRoot makes the command line: the command that a call names, or all of them where
// it names none.
func newRoot(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "surveykit",
		Short:         "Weighted survey results with design-based intervals, workbooks and charts",
		Long:          "surveykit turns a survey export into numbers an analyst can defend and a workbook a client can open.",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noSuchCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	for _, c := range commands() {
		if len(args) > 0 && args[0] == c.name {
			root.AddCommand(c.command())
			return root
		}
	}
	for _, c := range commands() {
		root.AddCommand(c.command())
	}
	return root
}

func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	names := make([]string, 0, len(c.Commands()))
	for _, s := range c.Commands() {
		names = append(names, s.Name())
	}
	return usageError{errors.New(survey.UnknownName("command", args[0], names).Error())}
}

// oneData is the argument check of commands that take one DATA.
func oneData(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("%s takes one DATA, a data file or a study file; see %s --help", c.CommandPath(), c.CommandPath())}
	}
	return nil
}

func noArguments(c *cobra.Command, args []string) error {
	if len(args) != 0 {
		return usageError{fmt.Errorf("%s takes no arguments; see %s --help", c.CommandPath(), c.CommandPath())}
	}
	return nil
}
