package tabulate_test

import (
	"context"
	"fmt"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/ingest"
	"surveykit/survey/tabulate"
)

// A table is asked for as in a study file. Letters name the columns that a
// figure is significantly above.
func ExampleMaker_All() {
	table, err := ingest.Open("../../datasets/reference/twostage.csv", ingest.Options{})
	if err != nil {
		panic(err)
	}
	study := &survey.Study{
		Design: survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}},
		Tables: []survey.TableSpec{{
			ID: "concern", Filter: "wave == 2011",
			Columns: []survey.ColumnSpec{{Variable: "age_bracket"}},
			Rows:    []survey.RowSpec{{Share: "concern_identity >= 4", Label: "Concerned"}, {Mean: "trust", Label: "Trust"}},
		}},
	}
	frame, err := engine.NewFrame(table, study.Design)
	if err != nil {
		panic(err)
	}
	maker := &tabulate.Maker{Table: table, Frame: frame, Study: study}
	tables, err := maker.All(context.Background(), nil)
	if err != nil {
		panic(err)
	}
	for c, column := range tables[0].Columns {
		concerned, trust := tables[0].Cells[0][c], tables[0].Cells[1][c]
		fmt.Println(strings.TrimSpace(fmt.Sprintf("%-5s %-1s  %.0f%% %-3s  %.1f %s", column.Label, column.Letter,
			100*concerned.Value.Float(), concerned.Letters, trust.Value.Float(), trust.Letters)))
	}
	// Output:
	// Total    65%      4.7
	// 18-24 A  43%      5.6 DEF
	// 25-34 B  51%      5.0 EF
	// 35-44 C  55%      5.0 EF
	// 45-54 D  70% ABC  4.5
	// 55-64 E  76% ABC  4.2
	// 65+   F  81% ABC  4.3
}
