package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

func newSegment() *cobra.Command {
	c := &cobra.Command{
		Use:   "segment",
		Short: "Groups of people who answer alike: find them, describe them, assign others to them",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newTyping(), newProfile(), newAssign(), newCompareSegments())
	for _, m := range segment.Methods {
		switch m {
		case segment.LatentClassMethod:
			c.AddCommand(newLatentClass(m))
		case segment.CHAIDMethod:
			c.AddCommand(newCHAID(m))
		default:
			c.AddCommand(newClusters(m))
		}
	}
	return c
}

// segmentOptions are the flags of all commands that find segments.
type segmentOptions struct {
	sampleOptions
	files segmentFiles
}

// command is the command of a method with these flags and, among its own options, the items.
func (o *segmentOptions) command(m *segment.Method, items *[]string, what string) *cobra.Command {
	c := &cobra.Command{Use: m.Name + " DATA", Short: m.Short, Long: m.Long, Example: m.Example}
	o.sampleOptions.register(c)
	o.files.register(c)
	c.Flags().StringSliceVar(items, "items", nil, what+" `A,B,...`; A:nominal, A:ordinal or A:scale says how answers are taken")
	return c
}

const (
	mostStarts    = 10_000
	mostResamples = 1000
)

// checkItems finds that segments are to be made of nothing.
func checkItems(items []string) error {
	if len(items) == 0 {
		return usageError{errors.New("give --items, the variables that the segments are made of, such as --items trust,worry")}
	}
	return nil
}

// segmentFiles are the files that finding segments leaves.
type segmentFiles struct {
	model, assigned, name string
}

func (o *segmentFiles) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.model, "model", "", "write the model to `FILE`, for segment assign")
	f.StringVar(&o.assigned, "assigned", "", "write the data with everybody's segment to `FILE`")
	f.StringVar(&o.name, "name", "segment", "`NAME` of the new variable; NAME_1, NAME_2 … hold the probabilities of each segment")
}

// write leaves the files that were asked for.
func (o *segmentFiles) write(c *cobra.Command, t *survey.Table, s *segment.Solution) error {
	if o.model != "" {
		if err := reports.SaveModel(o.model, s.Model); err != nil {
			return err
		}
	}
	if o.assigned == "" {
		return nil
	}
	return save(c, o.assigned, t.With(s.Variables(o.name)...))
}

// save writes a table and prints what its format could not keep.
func save(c *cobra.Command, file string, t *survey.Table) error {
	notices, err := reports.Save(file, t)
	for _, n := range notices {
		fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
	}
	return err
}

// newAssign assigns people to the segments of a model.
func newAssign() *cobra.Command {
	var o segmentFiles
	var data dataOptions
	var output outputOptions
	c := &cobra.Command{
		Use:     "assign MODEL DATA",
		Short:   "Assign people to the segments of a model",
		Example: "  surveykit segment assign segments.json new.csv --output new_segments.csv",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("%s takes MODEL and DATA; see %s --help", c.CommandPath(), c.CommandPath())}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if output.file == "" {
				return usageError{errors.New("give --output, the file for the data with everybody's segment")}
			}
			return assign(c, data, args, output.file, o.name)
		},
	}
	data.register(c)
	registerStudy(c, &data.allowed)
	c.Flags().StringVarP(&output.file, "output", "o", "", "write the data with everybody's segment to `FILE`")
	c.Flags().StringVar(&o.name, "name", "segment", "`NAME` of the new variable; NAME_1, NAME_2 … hold the probabilities of each segment")
	return c
}

func assign(c *cobra.Command, data dataOptions, args []string, to, name string) error {
	in, err := data.open(args[1])
	if err != nil {
		return err
	}
	defer in.Close()
	assigned, err := in.Assign(args[0], name)
	if err != nil {
		return err
	}
	return save(c, to, assigned)
}
