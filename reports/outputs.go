package reports

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"surveykit/reports/chart"
	"surveykit/reports/chart/draw"
	"surveykit/reports/html"
	"surveykit/reports/markdown"
	"surveykit/reports/print"
	"surveykit/reports/publish"
	"surveykit/reports/slides"
	"surveykit/reports/tidy"
	"surveykit/reports/workbook"
	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/fence"
)

// output is one or more files made together, by name.
type output func() (map[string][]byte, error)

// renderers write the files of a report, in the order in which a fault is reported.
// A new one is a line here.
var renderers = []func(context.Context, *Report) []output{
	workbooks,
	always("report.html", html.Write),
	always("report.md", markdown.Write),
	always("slides.pptx", slides.Write),
	always("results.json", func(w io.Writer, b *survey.Book) error {
		return tidy.WriteJSON(w, tidy.Results[tidy.Record]{Results: tidy.Records(b), Warnings: b.Warnings, Provenance: tidy.FromBook(b, Version())})
	}),
	always("results.csv", func(w io.Writer, b *survey.Book) error { return tidy.WriteCSV(w, tidy.Records(b)) }),
	always("comparisons.csv", tidy.WriteComparisonsCSV),
	weightings,
	printed,
	drawings,
	func(_ context.Context, r *Report) (all []output) {
		for _, t := range r.tools {
			all = append(all, t.outputs()...)
		}
		return all
	},
}

// always is the renderer of one file that every report has.
func always(name string, write func(io.Writer, *survey.Book) error) func(context.Context, *Report) []output {
	return func(_ context.Context, r *Report) []output {
		return []output{one(name, func(w io.Writer) error { return write(w, r.Book) })}
	}
}

func one(name string, write func(io.Writer) error) output {
	return func() (map[string][]byte, error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return map[string][]byte{name: b.Bytes()}, nil
	}
}

// workbooks are the workbook in the profile that the study asks for, or in both.
func workbooks(_ context.Context, r *Report) []output {
	tabbook := one("workbook.xlsx", func(w io.Writer) error { return workbook.Write(w, r.Book) })
	accessible := func(name string) output {
		return one(name, func(w io.Writer) error { return workbook.WriteAccessible(w, r.Book) })
	}
	switch r.of.Study.Output.Workbook {
	case survey.WorkbookAccessible:
		return []output{accessible("workbook.xlsx")}
	case survey.WorkbookBoth:
		return []output{tabbook, accessible("workbook-accessible.xlsx")}
	}
	return []output{tabbook}
}

func weightings(_ context.Context, r *Report) []output {
	if r.Book.Weighting == nil {
		return nil
	}
	return []output{one("weighting.json", func(w io.Writer) error { return tidy.WriteWeighting(w, r.Book.Weighting) })}
}

// printed is the web page as a PDF, where it is asked for.
func printed(ctx context.Context, r *Report) []output {
	if !r.of.options.PDF {
		return nil
	}
	return []output{one("report.pdf", func(w io.Writer) error {
		var page bytes.Buffer
		if err := html.Write(&page, r.Book); err != nil {
			return err
		}
		pdf, err := print.PDF(ctx, page.Bytes())
		if err != nil {
			return err
		}
		_, err = w.Write(pdf)
		return err
	})}
}

// drawings are each table's chart in every format.
func drawings(_ context.Context, r *Report) (all []output) {
	b := r.Book
	for _, t := range b.Tables {
		if t.Chart == nil {
			continue
		}
		all = append(all, func() (map[string][]byte, error) {
			p, err := chart.Draw(t, chart.Options{Source: b.Source, Synthetic: b.Synthetic, Theme: b.Theme})
			if err != nil {
				return nil, fmt.Errorf("chart of table %s: %w", t.ID, err)
			}
			files := map[string][]byte{}
			for ending, draw := range map[string]func() ([]byte, error){".svg": p.SVG, ".png": p.PNG, ".pdf": p.PDF} {
				if files["charts/"+t.ID+ending], err = draw(); err != nil {
					return nil, fmt.Errorf("chart of table %s: %w", t.ID, err)
				}
			}
			return files, nil
		})
	}
	return all
}

// Files makes every file of the report in memory, on all cores, by its path in the
// folder of the report.
func (r *Report) Files(ctx context.Context) (map[string][]byte, error) {
	var all []output
	for _, render := range renderers {
		all = append(all, render(ctx, r)...)
	}
	made := make([]map[string][]byte, len(all))
	faults := make([]error, len(all))
	if err := parallel.Each(ctx, len(all), func(i int) { made[i], faults[i] = all[i]() }); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for i := range made {
		if faults[i] != nil {
			return nil, faults[i]
		}
		for name, data := range made[i] {
			files[name] = data
		}
	}
	return files, nil
}

// Deliver writes the files of the report and their manifest into the folder: all
// of them, or none where one fails. Files of an earlier run that this one no longer
// makes are removed, unless somebody has changed them.
func (r *Report) Deliver(ctx context.Context) error {
	folder, err := r.Folder()
	if err != nil {
		return err
	}
	d, err := publish.Open(folder)
	if err != nil {
		return err
	}
	defer d.Discard()
	files, err := r.Files(ctx)
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := d.Write(name, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			return err
		}
	}
	b := r.Book
	inputs := b.Sources
	if b.Weighting != nil {
		inputs = slices.Concat(inputs, b.Weighting.Inputs)
	}
	m := publish.Manifest{
		Version: Version(), Command: os.Args, Synthetic: b.Synthetic,
		Inputs: inputs, Study: &b.StudyFile, Start: r.of.started, End: time.Now(),
	}
	if r.of.asked != nil {
		m.Asked = r.of.asked.Asked()
	}
	return d.Deliver(m)
}

// Folder is where Deliver writes: where the options say, or else below the study's
// own folder, out of which no link may lead.
func (r *Report) Folder() (string, error) { return r.of.folder(r.of.options.Folder) }

func (v *Valid) folder(asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	folder := filepath.Join(filepath.Dir(v.Path), filepath.FromSlash(cmp.Or(v.Study.Output.Folder, "results")))
	if fence.Around(v.Path, nil).Check(folder) != nil {
		return "", survey.Problems{{File: v.Path, Value: folder, Message: "a link leads the folder of the results out of the study's folder", Remedy: "say by --output where they go"}}
	}
	return folder, nil
}

// Warnings are those of the book, and of letters in its charts that no font here has.
func (r *Report) Warnings() survey.Notices {
	var scripts []string
	for _, t := range r.Book.Tables {
		if t.Chart == nil {
			continue
		}
		if p, err := chart.Draw(t, chart.Options{Source: r.Book.Source, Theme: r.Book.Theme}); err == nil { // Files reports faults
			scripts = append(scripts, p.Lacking()...)
		}
	}
	slices.Sort(scripts)
	warnings := slices.Clone(r.Book.Warnings)
	if n := draw.LackingNotice(slices.Compact(scripts)); n != "" {
		warnings.Note(survey.NoticeFonts, nil, "%s", n)
	}
	return warnings
}
