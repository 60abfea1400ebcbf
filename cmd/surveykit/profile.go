package main

import (
	"errors"

	"github.com/spf13/cobra"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

type profileOptions struct {
	tab       tabOptions
	segment   string
	probable  bool
	portraits bool
}

func newProfile() *cobra.Command {
	var o profileOptions
	c := &cobra.Command{
		Use:   "profile DATA",
		Short: "What the people of each segment say: percentages, letters, index against everybody; portraits",
		Example: `  surveykit segment profile study.yaml --segment kind --rows trust,worry,rewards
  surveykit segment profile assigned.csv --weight w --segment segment --probable --rows trust --portraits`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.tab.register(c)
	f := c.Flags()
	f.StringVar(&o.segment, "segment", "", "variable `V` of the segments, of the data or of the study")
	f.StringSliceVar(&o.tab.rows, "rows", nil, "rows: the categories of `V,V...`, or of multiple-response sets; the means of a group's items")
	f.BoolVar(&o.probable, "probable", false, "people count in each segment by the probability of belonging to it: V_1, V_2 …, as segment assign writes them")
	f.BoolVar(&o.portraits, "portraits", false, "print a portrait of each segment in place of the table: its size, what sets it apart, how certain it is")
	return c
}

func (o *profileOptions) check() error {
	switch {
	case o.segment == "":
		return usageError{errors.New("give --segment, the variable of the segments")}
	case len(o.tab.rows) == 0:
		return usageError{errors.New("a profile needs rows: give --rows V")}
	}
	return o.tab.check()
}

func (o *profileOptions) run(c *cobra.Command, path string) error {
	if err := o.check(); err != nil {
		return err
	}
	in, err := o.tab.design.open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	t := o.tab.table(in)
	t.ID, t.Kind = "profile", segment.Profile
	if o.portraits {
		t.ID, t.Kind = "portrait", segment.Portraits
	}
	t.Columns = []survey.ColumnSpec{{Variable: o.segment}}
	if o.probable {
		t.Columns = []survey.ColumnSpec{{Membership: o.segment}}
	}
	return o.tab.tabulate(c, in, t)
}
