package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

type typingOptions struct {
	design   designOptions
	output   outputOptions
	model    string
	variable string
	from     []string
	short    string
	workbook string
	title    string
	segment.TypingOptions
}

func newTyping() *cobra.Command {
	var o typingOptions
	c := &cobra.Command{
		Use:   "typing DATA",
		Short: "A typing tool: the fewest questions that tell a person's segment, as a workbook and as a model",
		Long: `The fewest items that put people into the segments in which all items put them, chosen and tried by
cross-validation over PSUs. The workbook asks them with lists of answers and computes the segment with live
formulas, as segment assign does with the short model.`,
		Example: `  surveykit segment typing wave.csv --weight w --psu psu --model segments.json --accuracy 0.9 --workbook tool.xlsx --short short.json
  surveykit segment typing study.yaml --segment stance --from trust,worry,age:scale --items 5 --workbook tool.xlsx`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.output.register(c)
	f := c.Flags()
	f.StringVar(&o.model, "model", "", "model `FILE` of the segments, as segment latent-class --model wrote it")
	f.StringVar(&o.variable, "segment", "", "in place of a model: the variable `V` that holds the segments, however they were found")
	f.StringSliceVar(&o.from, "from", nil, "with --segment: the items `A,B,…` to choose from; A:nominal, A:ordinal or A:scale says how answers are taken")
	f.IntVar(&o.Items, "items", 0, "number of items `N` (default: the fewest that reach --accuracy)")
	f.Float64Var(&o.Accuracy, "accuracy", segment.DefaultAccuracy, "share of people to be put into their segment, 0–1")
	f.StringVar(&o.workbook, "workbook", "", "write the tool to `FILE`.xlsx")
	f.StringVar(&o.short, "short", "", "write the model of the chosen items to `FILE`, for segment assign")
	f.StringVar(&o.title, "title", "", "`TEXT` over the form")
	return c
}

func (o *typingOptions) check(c *cobra.Command) error {
	switch {
	case (o.model == "") == (o.variable == ""):
		return usageError{errors.New("give either --model FILE or --segment VARIABLE: the segments that the tool is to tell")}
	case o.model != "" && len(o.from) > 0:
		return usageError{errors.New("--from goes with --segment: a model has its items")}
	case o.variable != "" && len(o.from) == 0:
		return usageError{errors.New("--segment needs --from A,B,…: the items to choose from")}
	case c.Flags().Changed("items") && o.Items < 1:
		return usageError{fmt.Errorf("--items %d is not 1 or more", o.Items)}
	case !(o.Accuracy > 0 && o.Accuracy <= 1):
		return usageError{fmt.Errorf("--accuracy %g is not above 0 and up to 1", o.Accuracy)}
	case len(o.design.domain.By) > 0:
		return usageError{errors.New("--by cannot be used here: a tool is for everybody; use --where for a part of the sample")}
	}
	return o.design.check(c)
}

func (o *typingOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	s, in, err := o.design.designed(path)
	if err != nil {
		return err
	}
	t, err := o.make(c, s, in)
	if err != nil {
		return err
	}
	if err := o.deliver(t, in); err != nil {
		return err
	}
	if !t.Reached {
		fmt.Fprintf(c.ErrOrStderr(), "warning: no number of items reaches %s; the best is taken\n", figure.Percent(o.Accuracy, 0))
	}
	return write(c, o.output, s, []*segment.Typing{t}, printTyping)
}

func (o *typingOptions) make(c *cobra.Command, s *estimate.Sample, in *reports.Data) (*segment.Typing, error) {
	if o.model == "" {
		return segment.TypeKnown(c.Context(), s, o.variable, in.Items(o.from), o.TypingOptions)
	}
	m, err := reports.ReadSegments(o.model)
	if err != nil {
		return nil, err
	}
	return segment.Type(c.Context(), s, m, o.TypingOptions)
}

// deliver writes the files that were asked for.
func (o *typingOptions) deliver(t *segment.Typing, in *reports.Data) error {
	if o.short != "" {
		if err := reports.SaveModel(o.short, t.Model); err != nil {
			return err
		}
	}
	if o.workbook == "" {
		return nil
	}
	return in.SaveTool(o.workbook, t, o.title)
}

func printTyping(w io.Writer, records []*segment.Typing) {
	r := records[0]
	t := newTable(w, "ITEMS", "PUT RIGHT", "")
	for _, s := range r.Steps {
		last := s.Items[len(s.Items)-1]
		t.row(fmt.Sprint(len(s.Items)), show(survey.RowShare, s.Accuracy), "with "+last)
	}
	t.flush()
	fmt.Fprintln(w)
	t = newTable(w, "PEOPLE OF", "PUT RIGHT", "SE", "INTERVAL", "N")
	row := func(name string, e survey.Estimate) {
		t.row(name, show(survey.RowShare, e.Value), show(survey.RowShare, e.SE),
			figure.Interval(survey.RowShare, float64(e.Low), float64(e.High), decimals(survey.RowShare)), figure.Count(e.N))
	}
	row("everybody", r.Accuracy)
	for _, g := range r.Segments {
		row(g.Name, g.Accuracy)
	}
	t.flush()
	fmt.Fprintln(w)
	fmt.Fprintln(w, "ITEMS OF THE TOOL")
	for _, name := range r.Items {
		fmt.Fprintln(w, name)
	}
}
