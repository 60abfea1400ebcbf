package main

import (
	"strings"

	"github.com/spf13/cobra"

	"surveykit/survey/estimate"
)

// statistic is a flag that asks for a statistic.
type statistic struct {
	estimate.Statistic
	values []string
}

// register adds the flag: repeated where its value may hold commas, else a list.
func (s *statistic) register(c *cobra.Command) {
	if s.Whole {
		c.Flags().StringArrayVar(&s.values, s.Flag(), nil, s.Usage)
		return
	}
	c.Flags().StringSliceVar(&s.values, s.Flag(), nil, s.Usage)
}

// flagList names the flags: --a, --b or --c.
func flagList(statistics []*statistic) string {
	names := make([]string, len(statistics))
	for i, s := range statistics {
		names[i] = "--" + s.Flag()
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
