package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"surveykit/reports/chart"
	"surveykit/reports/html"
	"surveykit/reports/markdown"
	"surveykit/reports/print"
	"surveykit/reports/publish"
	"surveykit/reports/slides"
	"surveykit/reports/tidy"
	"surveykit/reports/workbook"
	"surveykit/stats/parallel"
	"surveykit/survey"
)

// output is one or more files made together, by name.
type output func() (map[string][]byte, error)

// outputs are the files of a run, in the order in which a fault is reported.
func outputs(ctx context.Context, r report, pdf bool) []output {
	b := r.book
	records := tidy.Records(b)
	results := tidy.Results[tidy.Record]{Results: records, Warnings: b.Warnings, Provenance: tidy.FromBook(b, version())}
	all := workbooks(b, r.want.Workbook)
	all = append(all,
		one("report.html", func(w io.Writer) error { return html.Write(w, b) }),
		one("report.md", func(w io.Writer) error { return markdown.Write(w, b) }),
		one("slides.pptx", func(w io.Writer) error { return slides.Write(w, b) }),
		one("results.json", func(w io.Writer) error { return tidy.WriteJSON(w, results) }),
		one("results.csv", func(w io.Writer) error { return tidy.WriteCSV(w, records) }),
		one("comparisons.csv", func(w io.Writer) error { return tidy.WriteComparisonsCSV(w, b) }),
	)
	if b.Weighting != nil {
		all = append(all, one("weighting.json", func(w io.Writer) error { return tidy.WriteWeighting(w, b.Weighting) }))
	}
	if pdf {
		all = append(all, one("report.pdf", func(w io.Writer) error { return printed(ctx, w, b) }))
	}
	for _, t := range b.Tables {
		if t.Chart != nil {
			all = append(all, func() (map[string][]byte, error) { return drawings(b, t) })
		}
	}
	for _, t := range r.tools {
		all = append(all, t.outputs()...)
	}
	return all
}

// workbooks are the workbook in the profile that the study asks for, or in both.
func workbooks(b *survey.Book, profile survey.WorkbookProfile) []output {
	tabbook := one("workbook.xlsx", func(w io.Writer) error { return workbook.Write(w, b) })
	accessible := func(name string) output {
		return one(name, func(w io.Writer) error { return workbook.WriteAccessible(w, b) })
	}
	switch profile {
	case survey.WorkbookAccessible:
		return []output{accessible("workbook.xlsx")}
	case survey.WorkbookBoth:
		return []output{tabbook, accessible("workbook-accessible.xlsx")}
	}
	return []output{tabbook}
}

// printed is the web page as a PDF.
func printed(ctx context.Context, w io.Writer, b *survey.Book) error {
	var page bytes.Buffer
	if err := html.Write(&page, b); err != nil {
		return err
	}
	pdf, err := print.PDF(ctx, page.Bytes())
	if err != nil {
		return err
	}
	_, err = w.Write(pdf)
	return err
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

// drawings are a table's chart in every format.
func drawings(b *survey.Book, t *survey.Tabulation) (map[string][]byte, error) {
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
}

// lettersNotice says which letters of the charts no font here has.
func lettersNotice(b *survey.Book) string {
	var scripts []string
	for _, t := range b.Tables {
		if t.Chart == nil {
			continue
		}
		if p, err := chart.Draw(t, chart.Options{Source: b.Source, Theme: b.Theme}); err == nil { // faults are told with the files
			scripts = append(scripts, p.Lacking()...)
		}
	}
	slices.Sort(scripts)
	return chart.LackingNotice(slices.Compact(scripts))
}

// render makes all outputs, on all cores, and stages them. Nothing is
// delivered where one fails.
func render(ctx context.Context, d *publish.Folder, all []output) error {
	made := make([]map[string][]byte, len(all))
	faults := make([]error, len(all))
	if err := parallel.Each(ctx, len(all), func(i int) { made[i], faults[i] = all[i]() }); err != nil {
		return err
	}
	for i, files := range made {
		if faults[i] != nil {
			return faults[i]
		}
		for name, data := range files {
			if err := d.Write(name, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
				return err
			}
		}
	}
	return nil
}
