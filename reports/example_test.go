package reports_test

import (
	"context"
	"fmt"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// must stops an example that fails.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A weighted mean with its interval, from an SPSS file.
func Example() {
	data := must(reports.Open("testdata/people.sav", reports.OpenOptions{}))
	defer data.Close()
	data.Design = survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}
	sample := must(data.Sample(context.Background(), estimate.Options{}))
	trust := must(sample.Means([]string{"trust"}))[0]
	fmt.Printf("%.2f (%.2f to %.2f), %d answers\n", trust.Value.Float(), trust.Low.Float(), trust.High.Float(), trust.N)
	// Output:
	// 4.68 (4.30 to 5.06), 355 answers
}

// A study's weights are made before its figures, as surveykit run makes them.
func ExampleOpen() {
	data := must(reports.Open("testdata/raked/study.yaml", reports.OpenOptions{}))
	defer data.Close()
	sample := must(data.Sample(context.Background(), estimate.Options{}))
	fmt.Println(must(sample.Share("y == 1"))[0].Value.Float())
	// Output:
	// 0.375
}

// The steps of a report. Deliver would write its files into the study's output folder.
func ExampleValidate() {
	ctx := context.Background()
	valid := must(reports.Validate(ctx, "testdata/raked/study.yaml", reports.Options{}))
	defer valid.Close()
	report := must(valid.Report(ctx))
	table := report.Book.Tables[0]
	fmt.Println(table.Rows[0].Label, table.Cells[0][0].Value.Float())
	fmt.Println(must(report.Files(ctx))["results.csv"] != nil)
	// Output:
	// Y 0.375
	// true
}

// A table as those of a report, of a file without a study.
func ExampleData_Tabulate() {
	data := must(reports.Open("testdata/people.sav", reports.OpenOptions{}))
	defer data.Close()
	data.Design.Weight = "weight"
	tables, _, err := data.Tabulate(context.Background(), []survey.TableSpec{{
		ID: "optout", Rows: []survey.RowSpec{{Share: "opted_out == 1", Label: "Opted out"}}, Columns: []survey.ColumnSpec{{Variable: "gender"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for c, column := range tables[0].Columns {
		fmt.Printf("%s %.0f%%\n", column.Label, 100*tables[0].Cells[0][c].Value.Float())
	}
	// Output:
	// Total 34%
	// female 31%
	// male 38%
}
