package expression

import (
	"database/sql"
	"math"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
	"pgregory.net/rapid"

	"surveykit/survey"
)

func translationTable() *survey.Table {
	number := func(name string, codes ...survey.Code) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Codes: codes, Numbers: survey.NewNumbers([]float64{1, 2})}
	}
	return &survey.Table{Rows: 2, Variables: []*survey.Variable{
		number("wave"), number("age"), number("odd name"),
		number("q1", survey.Code{Value: survey.NumberValue(4), Label: "Agree"}, survey.Code{Value: survey.NumberValue(5), Label: "Strongly agree"}),
		{Name: "region", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{"North", "South"}}},
	}}
}

func TestTranslate(t *testing.T) {
	for _, c := range []struct{ source, r, stata, sql string }{
		{"wave == 2011 and age >= 55", "((wave == 2011) & (age >= 55))", "((wave == 2011) & (age >= 55))",
			`(("wave" = 2011) AND ("age" >= 55))`},
		{"q1 in ['Agree', 'Strongly agree']", "(q1 %in% c(4, 5))", "(inlist(q1, 4, 5))",
			`("q1" IN (4, 5))`},
		{"q1 != 'Agree' or region == 'North'", `((!(q1 == 4)) | (region == "North"))`, `((!(q1 == 4)) | (region == "North"))`,
			`((NOT ("q1" = 4)) OR ("region" = 'North'))`},
		{"not age == 3", "(!(age == 3))", "(!(age == 3))",
			`(NOT ("age" = 3))`},
		{"18 <= age < 25", "((18 <= age) & (age < 25))", "((18 <= age) & (age < 25))",
			`((18 <= "age") AND ("age" < 25))`},
		{"missing(q1) and max(age, -2) > 1", "(!(!is.na(q1)) & (pmax(age, -2) > 1))", "(!(!missing(q1)) & (max(age, -2) > 1))",
			`(NOT ("q1" IS NOT NULL) AND ((CASE WHEN "age" >= -2 THEN "age" WHEN "age" IS NOT NULL AND -2 IS NOT NULL THEN -2 END) > 1))`},
		{"(age + wave) / 2 > round(age)", "(((age + wave) / 2) > trunc(age + sign(age) * 0.5))", "(((age + wave) / 2) > trunc(age + sign(age) * 0.5))",
			`((CAST(("age" + "wave") AS DOUBLE PRECISION) / NULLIF(2, 0)) > trunc("age" + sign("age") * 0.5))`},
	} {
		for _, d := range []struct {
			dialect Dialect
			want    string
		}{{R, c.r}, {Stata, c.stata}, {SQL, c.sql}} {
			got, _, err := Translate(c.source, translationTable(), d.dialect)
			if err != nil || got != d.want {
				t.Errorf("%s: %s, want %s (%v)", c.source, got, d.want, err)
			}
		}
	}
}

// The rows that count are those where every variable outside missing() is answered.
func TestTranslateSaysWhoCounts(t *testing.T) {
	_, given, err := Translate("`odd name` > 1 or missing(age)", translationTable(), R)
	if err != nil || strings.Join(given, ";") != "!is.na(`odd name`)" {
		t.Errorf("given %q, %v", given, err)
	}
	if _, _, err := Translate("agee > 1", translationTable(), R); err == nil {
		t.Error("an unknown variable is not refused")
	}
}

// A database finds the rows in which a condition holds, those in which it does not,
// and the numbers of an expression that are found here. Declared missing values are
// NULL there.
func TestSQLAgainstADatabase(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	rapid.Check(t, func(t *rapid.T) {
		table, _ := respondents(t)
		store(t, db, table)
		claim := drawClaim(t, 3).text
		e, err := Compile(claim, table)
		if err != nil {
			t.Fatal(err)
		}
		condition, given, err := Translate(claim, table, SQL)
		if err != nil {
			t.Fatal(err)
		}
		holds, valid := e.Truth()
		for i, x := range queried(t, db, "CASE WHEN "+condition+" THEN 1 WHEN NOT ("+condition+") THEN 0 END", given) {
			if (x.Valid != valid[i] || holds[i] != (x.Float64 == 1)) && determined(claim) {
				t.Fatalf("%s, row %d: holds %v valid %v, %s is %v", claim, i, holds[i], valid[i], condition, x)
			}
		}
		figure := drawFigure(t, 3).text
		if e, err = CompileValue(figure, table); err != nil {
			t.Fatal(err)
		}
		value, given, err := TranslateValue(figure, table, SQL)
		if err != nil {
			t.Fatal(err)
		}
		want := e.Numbers()
		for i, x := range queried(t, db, value, given) {
			if (x.Valid == math.IsNaN(want[i]) || x.Valid && math.Abs(x.Float64-want[i]) > 1e-12*math.Abs(want[i])) && determined(figure) {
				t.Fatalf("%s, row %d: %v, %s is %v", figure, i, want[i], value, x)
			}
		}
	})
}

// determined reports whether rounding cannot turn an outcome: it can where a
// remainder is of a number that is not whole.
func determined(source string) bool {
	return !strings.Contains(source, "%") || !strings.Contains(source, "/")
}

// store writes a table into the database, in its order of rows.
func store(t *rapid.T, db *sql.DB, table *survey.Table) {
	var names, rows []string
	for _, v := range table.Variables {
		names = append(names, SQL.name(v.Name))
	}
	for i := range table.Rows {
		cells := make([]string, len(table.Variables))
		for k, v := range table.Variables {
			cells[k] = "NULL"
			if x, ok := v.At(i); ok && !v.IsMissing(x) {
				cells[k] = SQL.spell(x)
			}
		}
		rows = append(rows, "("+strings.Join(cells, ", ")+")")
	}
	script := "DROP TABLE IF EXISTS d; CREATE TABLE d (" + strings.Join(names, ", ") + ");"
	if len(rows) > 0 {
		script += "INSERT INTO d VALUES " + strings.Join(rows, ", ")
	}
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}

// queried is the value of an expression in each row, none where a variable is missing.
func queried(t *rapid.T, db *sql.DB, value string, given []string) (out []sql.NullFloat64) {
	if len(given) > 0 {
		value = "CASE WHEN " + SQL.And(given...) + " THEN " + value + " END"
	}
	rows, err := db.Query("SELECT " + value + " FROM d ORDER BY rowid")
	if err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	defer rows.Close()
	for rows.Next() {
		var x sql.NullFloat64
		if err := rows.Scan(&x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}
