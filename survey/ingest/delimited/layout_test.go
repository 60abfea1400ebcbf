package delimited

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// laidOut is a table as lines, and its notices.
func laidOut(t *survey.Table) (lines []string, notices string) {
	lines = []string{strings.Join(t.Names(), " ")}
	for i := range t.Rows {
		var row []string
		for _, v := range t.Variables {
			cell := "."
			if x, ok := v.At(i); ok {
				cell = x.String()
			}
			row = append(row, cell)
		}
		lines = append(lines, strings.Join(row, " "))
	}
	return lines, strings.Join(t.Notices.Texts(), "\n")
}

// The table is found among titles, blank lines, comments and footers, and what is left out
// is told.
func TestTableIsFound(t *testing.T) {
	type options = survey.DelimitedOptions
	people := []string{"id g age", "1 m 34", "2 f 51"}
	for _, test := range []struct {
		name, text string
		options    *options
		want       []string
		notice     string
	}{
		{"a title", "Survey results May 2024\nid,g,age\n1,m,34\n2,f,51\n", nil, people, "names of the columns are in line 2; left out above them: 1 title line"},
		{"a title with delimiters", "Survey results, May 2024,,\n,,\nid,g,age,\n1,m,34,\n2,f,51,\n", nil, people, "line 3; left out above them: 1 title line, 1 blank line"},
		{"a title of a file with semicolons", "Results, of 2024\nid;g;age\n1;m;34\n2;f;51\n", nil, people, "1 title line"},
		{"what was exported and when", "Survey,May\nDate,2024-05-01\n\nid,g,age\n1,m,34\n2,f,51\n3,m,20\n4,f,21\n5,f,30\n", nil, append(slices.Clone(people), "3 m 20", "4 f 21", "5 f 30"), "line 4; left out above them: 2 title lines, 1 blank line"},
		{"comments", "# exported, by hand\n# x\nid,g,age\n1,m,34\n# half\n2,f,51\n", nil, people, "line 3; left out above them: 2 comments\nleft out 1 line that begin with #"},
		{"a name that begins with #", "#,g,age\n1,m,34\n2,f,51\n", nil, []string{"# g age", "1 m 34", "2 f 51"}, ""},
		{"Excel's line", "sep=;\nid;g;age\n1;m;34\n2;f;51\n", nil, people, `delimiter ";"`},
		{"Excel's line in quotes", "\"SEP=|\"\r\nid|g|age\r\n1|m|34\r\n2|f|51\r\n", nil, people, `delimiter "|"`},
		{"Excel's line for tabs", "sep=\t\nid\tg\tage\n1\tm\t34\n2\tf\t51\n", nil, people, `delimiter tab`},
		{"blank rows at the top", ",,\n,,\nid,g,age\n1,m,34\n2,f,51\n", nil, people, ""},
		{"blank rows between and at the end", "id,g,age\n1,m,34\n,,\n\n ,,\n2,f,51\n,,\n,,\n", nil, people, "skipped 5 blank lines"},
		{"a row without an answer", "id,g,age\n1,m,34\n\"\",,\n2,f,51\n", nil, []string{"id g age", "1 m 34", ". . .", "2 f 51"}, ""},
		{"a footer after a blank line", "id,g,age\n1,m,34\n2,f,51\n\nTotal responses: 2, complete\n(c) Us\n", nil, people, "left out 2 lines after the table"},
		{"a footer at once", "id,g,age\n1,m,34\n2,f,51\nTotal responses: 2\n", nil, people, "left out 1 line after the table"},
		{"a footer of Excel", "id,g,age\n1,m,34\n2,f,51\n,,\nTotal: 2,,\n", nil, people, "left out 1 line after the table"},
		{"longer rows", "id,g,age\n1,m,34,\n2,f,51,\n", nil, people, "2 rows end in more delimiters"},
		{"longer names", "id,g,age,\n1,m,34\n2,f,51,\n", nil, people, "left out 1 column without a name or a value"},
		{"backslashes before quotes", "id,g,age\n1,\"m \\\"x\\\", \\\\\",34\n2,\"f\",51\n", nil, []string{"id g age", `1 m "x", \ 34`, "2 f 51"}, "escape"},
		{"backslashes that are none", "id,g,age\n1,\"C:\\\",34\n2,f,51\n", nil, []string{"id g age", `1 C:\ 34`, "2 f 51"}, ""},
		{"skipped", "a,b,c\nid,g,age\n1,m,34\n2,f,51\n", &options{Skip: 1}, people, ""},
		{"the line of names", "a,b,c\r\nd,e,f\r\nid,g,age\r\n1,m,34\r\n2,f,51\r\n", &options{HeaderRow: 3}, people, ""},
		{"a title as the names", "Results\n1\n2\n", &options{HeaderRow: 1}, []string{"Results", "1", "2"}, ""},
		{"one column of several", "Title of it\na;b\n1;2\n", &options{Delimiter: ","}, []string{"Title of it", "a;b", "1;2"}, `one column, but 2 of its 2 rows have ";"`},
		{"rows of labels", "id,g,age\nYour number,Gender,Your age\n1,m,34\n2,f,51\n", nil, people, "the row after the names has the columns' labels"},
		{"rows that repeat names", "Id,Age,g\nID,age,x\na,o,m\nb,p,f\n", nil, []string{"Id Age g", "a o m", "b p f"}, "the row after the names has the columns' labels"},
		{"rows of respondents", "id,g,age\nYour number,Gender,Your age\n1,m,34\n2,f,51\n", &options{HeaderRows: 1}, []string{"id g age", "Your number Gender Your age", "1 m 34", "2 f 51"}, "id is text: 1 of its 3 values"},
		{"rows of labels as asked", "id,g\nx,y\nz,w\n1,2\n", &options{HeaderRows: 3}, []string{"id g", "1 2"}, ""},
		{"a first respondent with words", "id,g,age,income\n1,m,none,unknown\n2,f,51,1\n3,f,52,2\n", nil, []string{"id g age income", "1 m none unknown", "2 f 51 1", "3 f 52 2"}, "age is text"},
		{"a first respondent who chose all", "r,Alpha,Beta\nx,Alpha,Beta\ny,Alpha,\nz,,Beta\n", nil, []string{"r Alpha Beta", "x Alpha Beta", "y Alpha .", "z . Beta"}, ""},
	} {
		table := read(t, test.text, test.options)
		lines, notices := laidOut(table)
		if diff := cmp.Diff(test.want, lines); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if !strings.Contains(notices, test.notice) || test.notice == "" && notices != "" {
			t.Errorf("%s: notices %q, want %q", test.name, notices, test.notice)
		}
	}
	labelled := read(t, "id,age\nA,B\n\"{\"\"x\"\"}\",C\n1,2\n3,4\n", nil)
	if labelled.Lookup("id").Label != "A" || labelled.Lookup("age").Label != "B – C" || labelled.Rows != 2 {
		t.Errorf("labels %q, %q of %d rows", labelled.Lookup("id").Label, labelled.Lookup("age").Label, labelled.Rows)
	}
}

// Where all columns are known to be text, as in a codebook, each row after the names is one.
func TestTextsHaveNoLabels(t *testing.T) {
	if table := read(t, "a,b,c,best,worst\nA,B,C,A,B\nA,B,C,A,B\nC,A,B,C,A\n", nil); table.Rows != 3 {
		t.Errorf("of three answers with the letters of their names %d are rows", table.Rows)
	}
	for _, text := range []string{"name,code,weight\nyes,Name,Weight\na,1,2\nb,2,3\n", "ResponseId,Q1\nResponse ID,How?\na,1\nb,2\n"} {
		table, err := ReadAs(strings.NewReader(text), int64(len(text)), "t.csv", nil, func(string) bool { return true }, nil)
		if err != nil || table.Rows != 3 {
			t.Errorf("%q: %d rows, %v", text, table.Rows, err)
		}
	}
}

// What looks like a footer may be the last row of a file that was cut off, or a row.
func TestRowsAreNoFooters(t *testing.T) {
	for _, text := range []string{
		"id,g,age\n1,m,34\n2,f\n", "id,g,age\n1,m,34\n2", "id,g,age\nR_1,m,34\nR_2", "id,g,age\nR_1,m,34\nR_2,f\n",
		"id,g,age\n1,m,34\nTotal of 2\n3,m,20\n", "id,g,age\n1,m,34\n\n2,f\n",
	} {
		if table, err := Read(strings.NewReader(text), int64(len(text)), "t.csv", nil); err == nil {
			t.Errorf("%q was read with %d rows", text, table.Rows)
		}
	}
	for text, rows := range map[string]int{"id,g,age\nR_1,m,34\nR_2,,\n": 2, "id,g,age\nR_1,m,34\n\nR_2,f,\n": 2, "comment\nFine so far\nTotal responses: 2\n": 2} {
		if table := read(t, text, &survey.DelimitedOptions{Delimiter: ","}); table.Rows != rows && !strings.Contains(text, "comment") {
			t.Errorf("%q has %d rows", text, table.Rows)
		}
	}
}

// Whatever stands around a table, and however its cells are cut, it is the same one.
func TestSurroundingsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(3, 6).Draw(t, "columns")
		plain := [][]string{}
		for i := range rapid.IntRange(3, 12).Draw(t, "rows") {
			row := []string{rapid.SampledFrom([]string{"R_", ""}).Draw(t, "id") + string(rune('1'+i))}
			for j := range columns - 1 {
				cells := []string{"1", "2", "3.25", "0.5", ""}
				if j%2 == 1 {
					cells = []string{"Yes", "No, never", "", "12; 13"}
				}
				row = append(row, rapid.SampledFrom(cells).Draw(t, "cell"))
			}
			plain = append(plain, row)
		}
		names := strings.Split("id,q1,q2,q3,q4,q5", ",")[:columns]
		text := func(delimiter, end string, decimal string) string {
			var b strings.Builder
			for _, row := range append([][]string{names}, plain...) {
				for j, cell := range row {
					if j > 0 {
						b.WriteString(delimiter)
					}
					if strings.Trim(cell, "0123456789.") == "" {
						cell = strings.ReplaceAll(cell, ".", decimal)
					}
					if strings.ContainsAny(cell, delimiter+"; ") {
						cell = `"` + cell + `"`
					}
					b.WriteString(cell)
				}
				b.WriteString(end)
			}
			return b.String()
		}
		want := read(&testing.T{}, text(",", "\n", "."), nil)
		delimiter := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "delimiter")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end")
		decimal := "."
		if delimiter != "," && rapid.Bool().Draw(t, "decimal comma") {
			decimal = ","
		}
		lines := strings.SplitAfter(text(delimiter, end, decimal), end)
		blank := strings.Repeat(delimiter, columns-1) + end
		if rapid.Bool().Draw(t, "blank rows") {
			lines = append(lines, blank, end)
			lines = slices.Insert(lines, 2, blank)
			lines = slices.Insert(lines, 0, end, blank)
		}
		if rapid.Bool().Draw(t, "title") {
			lines = slices.Insert(lines, 0, "Survey of May 2024"+end)
		}
		if rapid.Bool().Draw(t, "footer") {
			lines = append(lines, end, "Total responses: many"+end)
		}
		made := strings.Join(lines, "")
		if rapid.Bool().Draw(t, "sep") {
			made = "sep=" + delimiter + end + made
		}
		if rapid.Bool().Draw(t, "mark") {
			made = "\ufeff" + made
		}
		got, err := Read(strings.NewReader(made), int64(len(made)), "t.csv", nil)
		if err != nil {
			t.Fatalf("%q: %v", made, err)
		}
		a, _ := laidOut(want)
		b, _ := laidOut(got)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatalf("%q: %s", made, diff)
		}
	})
}
