package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

type typingOptions struct {
	sampleOptions
	segment.TypingOptions
	model    string
	variable string
	from     []string
	short    string
	workbook string
	title    string
}

func newTyping() *cobra.Command {
	o := typingOptions{TypingOptions: segment.TypingOptions{Accuracy: segment.DefaultAccuracy}}
	c := &cobra.Command{
		Use:   "typing DATA",
		Short: "A typing tool: the fewest questions that find a person's segment, as a workbook and as a model",
		Long: `typing chooses the fewest items that put people into the same segments as all items do, by cross-validation
over PSUs. The workbook asks for these items with lists of answers and computes the segment with formulas, as
segment assign does with the short model.`,
		Example: `  surveykit segment typing wave.csv --weight w --psu psu --model segments.json --accuracy 0.9 --workbook tool.xlsx --short short.json
  surveykit segment typing study.yaml --segment stance --from trust,worry,age:scale --items 5 --workbook tool.xlsx`,
	}
	o.register(c)
	f := c.Flags()
	f.StringVar(&o.model, "model", "", "model `FILE` of the segments, as segment latent-class --model wrote it")
	f.StringVar(&o.variable, "segment", "", "in place of a model: the variable `V` of the segments, however they were found")
	f.StringSliceVar(&o.from, "from", nil, "with --segment: the items `A,B,...` to choose from; A:nominal, A:ordinal or A:scale says how answers are taken")
	whole(f, &o.Items, "items", 1, math.MaxInt32, "number `N` of items (default: the fewest that reach --accuracy)")
	number(f, &o.Accuracy, "accuracy", limits{"above 0 and up to 1", func(x float64) bool { return x > 0 && x <= 1 }}, "share of people to put into their segment, above 0 and up to 1")
	f.StringVar(&o.workbook, "workbook", "", "write the tool to `FILE`.xlsx")
	f.StringVar(&o.short, "short", "", "write the model of the chosen items to `FILE`, for segment assign")
	f.StringVar(&o.title, "title", "", "title `TEXT` of the form")
	answer(c, &o.sampleOptions, o.check, o.ask, printTyping)
	return c
}

func (o *typingOptions) check() error {
	switch {
	case (o.model == "") == (o.variable == ""):
		return usageError{errors.New("give the segments, either by --model FILE or by --segment VARIABLE")}
	case o.model != "" && len(o.from) > 0:
		return usageError{errors.New("--from goes with --segment: a model has its items")}
	case o.variable != "" && len(o.from) == 0:
		return usageError{errors.New("--segment needs --from A,B,…: the items to choose from")}
	}
	return nil
}

// ask makes the tool and writes the files that were asked for.
func (o *typingOptions) ask(ctx context.Context, s *estimate.Sample, in *reports.Data) ([]*segment.Typing, error) {
	t, err := o.make(ctx, s, in)
	if err != nil {
		return nil, err
	}
	if o.short != "" {
		err = reports.SaveModel(o.short, t.Model)
	}
	if err == nil && o.workbook != "" {
		err = in.SaveTool(o.workbook, t, o.title)
	}
	if err == nil && !t.Reached {
		fmt.Fprintf(o.design.command.ErrOrStderr(), "warning: no number of items reaches %s; the most accurate is used\n", figure.Percent(o.Accuracy, 0))
	}
	return []*segment.Typing{t}, err
}

func (o *typingOptions) make(ctx context.Context, s *estimate.Sample, in *reports.Data) (*segment.Typing, error) {
	if o.model == "" {
		return segment.TypeKnown(ctx, s, o.variable, in.Items(o.from), o.TypingOptions)
	}
	m, err := reports.ReadSegments(o.model)
	if err != nil {
		return nil, err
	}
	return segment.Type(ctx, s, m, o.TypingOptions)
}

func printTyping(w io.Writer, records []*segment.Typing) {
	r := records[0]
	t := newTable(w, "ITEMS", "PUT RIGHT", "")
	for _, s := range r.Steps {
		last := s.Items[len(s.Items)-1]
		t.row(fmt.Sprint(len(s.Items)), show(survey.RowShare, s.Accuracy), "with "+last)
	}
	t.flush()
	t = newSection(w, "", "PEOPLE OF", "PUT RIGHT", "SE", "INTERVAL", "N")
	row := func(name string, e survey.Estimate) {
		t.row(name, show(survey.RowShare, e.Value), show(survey.RowShare, e.SE),
			interval(survey.RowShare, e), figure.Count(e.N))
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
