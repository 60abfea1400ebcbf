package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/ingest"
	"surveykit/survey/segment"
)

func newSegment() *cobra.Command {
	c := &cobra.Command{
		Use:   "segment",
		Short: "Groups of people who answer alike: find them, describe them, assign others to them",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newTyping(), newProfile())
	c.AddCommand(newLatentClass(), newAssign())
	c.AddCommand(newKMeans(), newKMedoids(), newHierarchical(), newCHAID(), newCompareSegments())
	return c
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
		err := publish.WriteFile(o.model, func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			return enc.Encode(s.Model)
		})
		if err != nil {
			return err
		}
	}
	if o.assigned == "" {
		return nil
	}
	return writeAssigned(c, o.assigned, t.With(s.Variables(o.name)...))
}

func writeAssigned(c *cobra.Command, path string, t *survey.Table) error {
	save, err := ingest.Writer(path)
	if err != nil {
		return err
	}
	return publish.WriteFile(path, func(w io.Writer) error {
		notices, err := save(w, t)
		for _, n := range notices {
			fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
		}
		return err
	})
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
				return usageError{fmt.Errorf("--output says where the data with everybody's segment go")}
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
	raw, err := readText(args[0], "the model")
	if err != nil {
		return err
	}
	m, err := segment.ParseModel(raw, args[0])
	if err != nil {
		return err
	}
	in, err := data.open(args[1])
	if err != nil {
		return err
	}
	s, err := m.Assign(in.table)
	if err != nil {
		return err
	}
	return writeAssigned(c, to, in.table.With(s.Variables(name)...))
}

// parseClasses reads "4" or "2-6".
func parseClasses(text string) ([]int, error) {
	low, high, ranged := strings.Cut(text, "-")
	a, errA := strconv.Atoi(low)
	b := a
	var errB error
	if ranged {
		b, errB = strconv.Atoi(high)
	}
	if errA != nil || errB != nil || a < 1 || b < a || b > 50 {
		return nil, usageError{fmt.Errorf("--classes %q is no number of classes from 1 to 50, nor a range such as 2-6", text)}
	}
	var out []int
	for k := a; k <= b; k++ {
		out = append(out, k)
	}
	return out, nil
}
