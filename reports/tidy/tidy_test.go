package tidy

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// estimate is a record with every figure set, so that a lost one shows.
func estimate(value float64, flags ...string) survey.Estimate {
	code := survey.NumberValue(4)
	return survey.Estimate{
		Statistic: "proportion", Variable: "q1", Category: "Agree", Code: &code,
		Group:      survey.Group{{Variable: "gender", Value: survey.TextValue("Female")}, {Variable: "wave", Value: survey.TextValue("2011")}},
		GroupCodes: survey.Group{{Variable: "gender", Value: survey.NumberValue(2)}, {Variable: "wave", Value: survey.NumberValue(2011)}},
		Quantile:   survey.Figure{}, Value: survey.FigureOf(value), SE: survey.FigureOf(0.01), Low: survey.FigureOf(0.2), High: survey.FigureOf(0.4), Interval: "logit", Level: survey.FigureOf(0.95),
		DF: survey.FigureOf(57), N: 120, NWeighted: survey.FigureOf(118.25), NEffective: survey.FigureOf(99.5), Deff: survey.Figure{}, Flags: flags, T: survey.Figure{}, P: survey.Figure{},
	}
}

func book(cells ...survey.Cell) *survey.Book {
	t := &survey.Tabulation{ID: "t1", Rows: []survey.Row{{Group: "Views", Label: "=Agree", Kind: survey.RowShare}}, Cells: [][]survey.Cell{cells}}
	for i := range cells {
		t.Columns = append(t.Columns, survey.Column{Group: "Age", Label: strconv.Itoa(i)})
	}
	return &survey.Book{Tables: []*survey.Tabulation{t}}
}

func TestRecordsCarryTheirPlace(t *testing.T) {
	records := Records(book(survey.Cell{Estimate: estimate(0.3), Letters: "B"}, survey.Cell{Estimate: estimate(0.2)}))
	if len(records) != 2 {
		t.Fatalf("%d records, want one a cell", len(records))
	}
	r := records[1]
	got := []string{r.Table, r.RowGroup, r.Row, r.ColumnGroup, r.Column, records[0].Letters}
	if diff := cmp.Diff([]string{"t1", "Views", "=Agree", "Age", "1", "B"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSuppressedFiguresAreWithheld(t *testing.T) {
	var out bytes.Buffer
	b := book(survey.Cell{Estimate: estimate(0.987654, survey.FlagSuppressed)})
	if err := WriteCSV(&out, Records(b)); err != nil {
		t.Fatal(err)
	}
	row := readCSV(t, out.String())[0]
	if row["estimate"] != "" || row["se"] != "" || row["ci_low"] != "" || row["ci_high"] != "" {
		t.Errorf("a suppressed figure is shown: %v", row)
	}
	if row["n"] != "120" || row["flags"] != survey.FlagSuppressed {
		t.Errorf("base and flag must stay: %v", row)
	}
	if b.Tables[0].Cells[0][0].Value.Float() != 0.987654 {
		t.Error("the book itself was changed")
	}
}

func TestJSONShape(t *testing.T) {
	var out bytes.Buffer
	study := survey.Source{Path: "study.yaml", SHA256: "ab"}
	b := book(survey.Cell{Estimate: estimate(1.0 / 3)})
	b.StudyFile = study
	err := WriteJSON(&out, Results[Record]{Results: Records(b), Warnings: survey.Notices{{Text: "1 < 2 & so on"}}, Provenance: FromBook(b, "1.2.3")})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema     string
		Results    []map[string]any
		Warnings   []string
		Provenance map[string]any
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in\n%s", err, out.String())
	}
	r := got.Results[0]
	if got.Schema != "surveykit/1" || r["table"] != "t1" || r["estimate"] != 1.0/3 || r["deff"] != nil || r["code"] != 4.0 {
		t.Errorf("wrong record: %v", r)
	}
	if diff := cmp.Diff(map[string]any{"gender": "Female", "wave": "2011"}, r["group"]); diff != "" {
		t.Error(diff)
	}
	if flags, ok := r["flags"].([]any); !ok || len(flags) != 0 {
		t.Errorf("flags are %v, want an empty list", r["flags"])
	}
	if got.Warnings[0] != "1 < 2 & so on" || !strings.Contains(out.String(), "1 < 2 & so on") {
		t.Error("warnings are not plain text")
	}
	if got.Provenance["version"] != "1.2.3" || got.Provenance["study"].(map[string]any)["sha256"] != "ab" {
		t.Errorf("provenance: %v", got.Provenance)
	}
}

func TestJSONOfNothingHasEmptyLists(t *testing.T) {
	var out bytes.Buffer
	if err := WriteJSON(&out, Results[survey.Estimate]{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"results": []`, `"warnings": []`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
}

func TestCSVRow(t *testing.T) {
	var out bytes.Buffer
	simulated := book(survey.Cell{Estimate: estimate(1.0/3, "edge", "low_base"), Letters: "AB"})
	simulated.Synthetic = true
	if err := WriteCSV(&out, Records(simulated)); err != nil {
		t.Fatal(err)
	}
	want := "table,row_group,row,column_group,column,statistic,variable,denominator,category,code,group,group_codes,quantile,estimate,se,ci_low,ci_high,ci_method,level,df,n,n_weighted,n_effective,deff,t,p,letters,flags,synthetic,n_other\n" +
		"t1,Views,'=Agree,Age,0,proportion,q1,,Agree,4,gender=Female; wave=2011,gender=2; wave=2011,,0.3333333333333333,0.01,0.2,0.4,logit,0.95,57,120,118.25,99.5,,,,AB,edge;low_base,synthetic,\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// Any figure reads back from CSV and JSON as the very same float64, and any
// text comes back whole.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.Float64().Draw(rt, "value")
		e := estimate(value)
		e.Category = rapid.StringMatching(`[ -~é,"\n]{0,12}`).Draw(rt, "category")
		records := Records(book(survey.Cell{Estimate: e}))

		var asCSV, asJSON bytes.Buffer
		if err := WriteCSV(&asCSV, records); err != nil {
			rt.Fatal(err)
		}
		row := readCSV(rt, asCSV.String())[0]
		x, err := strconv.ParseFloat(row["estimate"], 64)
		if err != nil || math.Float64bits(x) != math.Float64bits(value) && x != value {
			rt.Errorf("csv: %v became %q", value, row["estimate"])
		}
		if survey.Unguarded(row["category"]) != e.Category {
			rt.Errorf("csv: %q became %q", e.Category, row["category"])
		}
		if err := WriteJSON(&asJSON, Results[Record]{Results: records}); err != nil {
			rt.Fatal(err)
		}
		var back struct{ Results []struct{ Estimate float64 } }
		if err := json.Unmarshal(asJSON.Bytes(), &back); err != nil || back.Results[0].Estimate != value {
			rt.Errorf("json: %v became %v (%v)", value, back.Results, err)
		}
	})
}

func readCSV(t interface{ Fatal(...any) }, s string) []map[string]string {
	rows, err := csv.NewReader(strings.NewReader(s)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}
