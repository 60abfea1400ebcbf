package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

type scoreOptions struct {
	data         dataOptions
	output, name string
}

func newScore() *cobra.Command {
	var o scoreOptions
	c := &cobra.Command{
		Use:     "score MODEL DATA",
		Short:   "Compute the propensities of people in another file with a model",
		Example: "  surveykit score model.json new.csv --output scored.csv",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("%s takes MODEL and DATA; see %s --help", c.CommandPath(), c.CommandPath())}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0], args[1]) },
	}
	o.data.register(c)
	c.Flags().StringVarP(&o.output, "output", "o", "", "write the data with everybody's propensities to `FILE`")
	c.Flags().StringVar(&o.name, "name", "propensity", "`NAME` of the new variable; NAME_1, NAME_2 … with several outcomes")
	return c
}

func (o *scoreOptions) run(c *cobra.Command, model, data string) error {
	if o.output == "" {
		return usageError{errors.New("give --output, the file for the data with everybody's propensities")}
	}
	in, err := o.data.open(data)
	if err != nil {
		return err
	}
	defer in.Close()
	scored, notices, err := in.Score(model, o.name)
	if err != nil {
		return err
	}
	for _, n := range notices {
		fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
	}
	fmt.Fprintln(c.ErrOrStderr(), "notice: propensities are not for decisions about individuals; the model's file and its card say what they are for")
	return save(c, o.output, scored)
}
