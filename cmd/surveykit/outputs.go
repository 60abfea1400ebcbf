package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"

	"surveykit/reports/chart"
	"surveykit/reports/html"
	"surveykit/reports/markdown"
	"surveykit/reports/publish"
	"surveykit/reports/tidy"
	"surveykit/reports/workbook"
	"surveykit/survey"
)

// output is one or more files made together, by name.
type output func() (map[string][]byte, error)

// outputs are the files of a run, in the order in which a fault is reported.
func outputs(b *survey.Book) []output {
	records := tidy.Records(b)
	results := tidy.Results[tidy.Record]{Results: records, Warnings: b.Warnings, Provenance: tidy.FromBook(b, version())}
	all := []output{
		one("workbook.xlsx", func(w io.Writer) error { return workbook.Write(w, b) }),
		one("report.html", func(w io.Writer) error { return html.Write(w, b) }),
		one("report.md", func(w io.Writer) error { return markdown.Write(w, b) }),
		one("results.json", func(w io.Writer) error { return tidy.WriteJSON(w, results) }),
		one("results.csv", func(w io.Writer) error { return tidy.WriteCSV(w, records) }),
	}
	for _, t := range b.Tables {
		if t.Chart != nil {
			all = append(all, func() (map[string][]byte, error) { return drawings(b, t) })
		}
	}
	return all
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
	p, err := chart.Draw(t, chart.Options{Source: b.Source, Synthetic: b.Synthetic})
	if err != nil {
		return nil, fmt.Errorf("chart of table %s: %w", t.ID, err)
	}
	svg, err := p.SVG()
	if err != nil {
		return nil, fmt.Errorf("chart of table %s: %w", t.ID, err)
	}
	png, err := p.PNG()
	if err != nil {
		return nil, fmt.Errorf("chart of table %s: %w", t.ID, err)
	}
	return map[string][]byte{"charts/" + t.ID + ".svg": svg, "charts/" + t.ID + ".png": png}, nil
}

// render makes all outputs, on all cores, and stages them. Nothing is
// delivered where one fails.
func render(ctx context.Context, d *publish.Folder, all []output) error {
	made := make([]map[string][]byte, len(all))
	faults := make([]error, len(all))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				if faults[i] = ctx.Err(); faults[i] == nil {
					made[i], faults[i] = all[i]()
				}
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	wg.Wait()
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
