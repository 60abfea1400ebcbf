package platform

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// What only resembles an export is left alone.
func TestRecogniseIsCareful(t *testing.T) {
	for name, rows := range map[string][][]string{
		"one row":                         {{"Respondent ID", "Collector ID"}},
		"names alone":                     {{"age", "sex"}, {"1", "2"}},
		"a time that is none":             {{"Timestamp", "q"}, {"early", "x"}},
		"a time that is not first":        {{"q", "Timestamp"}, {"x", "2024/03/04 10:01:02"}},
		"a time under another name":       {{"When", "q"}, {"2024/03/04 10:01:02", "x"}},
		"an answer under a blank heading": {{"id", "q", ""}, {"1", "A", "B"}, {"2", "C", "D"}},
		"an answer that is a response":    {{"id", "q"}, {"", "Response"}, {"", "Response"}},
		"a codebook of Qualtrics":         {{"name", "label"}, {"ResponseId", "Response ID"}, {"Status", "Status"}},
		"labels of one platform only":     {{"Name", "q"}, {"Name", "x"}, {"Ann", "1"}},
		"headings with colons":            {{"a:q", "b:q"}, {"1", "2"}, {"a", "b"}},
		"an ID of no form":                {{"ID", "Start time", "q"}, {"1", "2", "3"}},
		"a record only":                   {{"record", "status"}, {"1", "2"}},
		"one box":                         {{"id", "race___1"}, {"1", "0"}},
		"a respondent only":               {{"respid", "q_1"}, {"1", "2"}},
		"SurveyMonkey without options":    {{"Respondent ID", "Collector ID", "q"}, {"1", "2", "3"}},
		"LimeSurvey's id only":            {{"id", "q"}, {"1", "2"}},
		"a response id only":              {{"Response ID", "Status"}, {"1", "Complete"}},
		"V1 that is not Qualtrics'":       {{"V1", "V2"}, {"1", "2"}},
		"a third row of JSON":             {{"a"}, {"b"}, {`{"id":1}`}},
		"rows of one blank cell":          {{""}, {""}, {""}},
	} {
		if e := Recognise(rows); e != nil {
			t.Errorf("%s was read as %s", name, e.Platform)
		}
	}
}

// The moments that Google writes in its languages, and what is none.
func TestMoments(t *testing.T) {
	for text, want := range map[string]bool{
		"2024/03/04 10:01:02 AM GMT+1": true, "3/4/2024 13:45:10": true, "04.03.2024 13:45:10": true, "2024-03-04T13:45:10.000": true,
		"2024. 3. 4 오전 10:01:02": true, "04/03/2024, 9.45": true,
		"2024-03-04": false, "10:01:02": false, "1.2.3": false, "about 2024/03/04 10:01": false, "": false,
	} {
		if moment().MatchString(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func TestOptionsHoldColonsAndDashes(t *testing.T) {
	wording, options := alchemerRun([]string{"a: b:Q: or so", "c:Q: or so", "Other"})
	if wording != "Q: or so" || !slices.Equal(options, []string{"a: b", "c"}) {
		t.Errorf("got %q, %q", wording, options)
	}
	run := []Column{{Name: "Q1_1", Label: "Where to - if at all? - Sub-Sahara", asked: true}, {Name: "Q1_2", Label: "Where to - if at all? - Sub-Carpathia", asked: true}}
	selectAll(run)
	if run[0].option != "Sub-Sahara" || run[1].option != "Sub-Carpathia" || run[0].wording != "Where to - if at all?" || run[0].question != "Q1" {
		t.Errorf("got %+v", run)
	}
	legacy := []Column{{Name: "Q1_1", Label: "Which?-Radio", asked: true}, {Name: "Q1_2", Label: "Which?-Print", asked: true}}
	if selectAll(legacy); legacy[1].option != "Print" || legacy[1].wording != "Which?" {
		t.Errorf("got %+v", legacy)
	}
}

// texts is a column of these cells, "" for missing.
func texts(cells ...string) *survey.TextColumn {
	c := &survey.TextColumn{}
	for _, cell := range cells {
		k := slices.Index(c.Values, cell)
		if k < 0 && cell != "" {
			k = len(c.Values)
			c.Values = append(c.Values, cell)
		}
		c.Index.Append(int32(k))
	}
	return c
}

func TestOptionsOf(t *testing.T) {
	for _, c := range []struct {
		name, separator string
		cells           []string
		want            []string
	}{
		{"order of the questionnaire", ", ", []string{"B", "A, B", "C", "B, C", "A"}, []string{"A", "B", "C"}},
		{"words with commas", ", ", []string{"Yes, daily", "Yes, daily, Never", "Never", "Yes, daily"}, []string{"Yes, daily", "Never"}},
		{"several begin alike", ", ", []string{"Yes, daily", "Yes, weekly", "No", "Yes, daily, No", "Yes, weekly, No", "No"}, []string{"Yes, daily", "Yes, weekly", "No"}},
		{"codes as numbers", ",", []string{"2", "10", "2,10", "1,10", "1"}, []string{"1", "2", "10"}},
		{"codes that always stand together", ",", []string{"1,2", "3", "1,2,3", "4"}, []string{"1", "2", "3", "4"}},
		{"places are no options", ", ", []string{"York, England", "Leeds, England", "York, England", "Leeds, England", "Paris, France"}, nil},
		{"thousands", ",", []string{"1,200", "1,300", "1,200", "2,300"}, nil},
		{"single answers", ", ", []string{"A", "B", "A", "B"}, nil},
		{"either order", ", ", []string{"A", "B", "A, B", "B, A"}, nil},
		{"one answer twice", ", ", []string{"A", "B", "A, A", "A, B"}, nil},
		{"prose", ", ", []string{"Well, no", "No", "Yes", "No, not at all, really", "I like it, mostly", "Too long, too dull"}, nil},
	} {
		if diff := cmp.Diff(c.want, optionsOf(texts(c.cells...), c.separator, false)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Whatever the cells hold: where a set is made of them, its options in their
// order and the respondent's own words behind them are the cell again.
func TestCellsAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		separator := rapid.SampledFrom([]string{", ", ",", ";"}).Draw(t, "separator")
		words := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"A", "B", "C", "Yes" + separator + "daily", "Yes" + separator + "never", "1", "2", "10", "a"}), 2, 5, rapid.ID).Draw(t, "options")
		cells := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			var chosen []string
			for _, w := range words {
				if rapid.Bool().Draw(t, "chosen") {
					chosen = append(chosen, w)
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "own") == 0 {
				chosen = append(chosen, rapid.SampledFrom([]string{"my own", "x, y", "A"}).Draw(t, "words"))
			}
			return strings.Join(chosen, separator)
		}), 3, 30).Draw(t, "cells")
		v := &survey.Variable{Name: "q", Kind: survey.Text, Texts: texts(cells...)}
		e := &Export{Columns: []Column{{Name: "q", asked: true}}, separators: []string{separator}}
		table := e.Apply(&survey.Table{Rows: len(cells), Variables: []*survey.Variable{v}}, func(string) bool { return false })
		set := table.Set("q")
		if set == nil {
			return
		}
		for i, cell := range cells {
			var parts []string
			for _, name := range set.Variables {
				d := table.Lookup(name)
				if x, ok := d.At(i); ok != (cell != "") {
					t.Fatalf("row %d of %s: %v, %v of %q", i, name, x, ok, cell)
				} else if ok && x.Number == 1 && !strings.HasSuffix(name, "_other") {
					parts = append(parts, d.Label)
				}
			}
			if own := table.Lookup("q_other_text"); own != nil {
				if x, ok := own.At(i); ok {
					parts = append(parts, x.Text)
				}
			}
			if got := strings.Join(parts, separator); got != cell {
				t.Fatalf("row %d is %q, not %q", i, got, cell)
			}
		}
	})
}

// Any first rows are looked at without harm, and every column keeps its place.
func FuzzRecognise(f *testing.F) {
	f.Add("Respondent ID,Collector ID,q,\n,,A,B\n1,2,A,")
	f.Add("id,submitdate,startlanguage,Q1[SQ001],Q1[other]. x [y]\n1,2,en,Y,")
	f.Add("Response ID,Time Started,Date Submitted,Status,a:q,b:q\n1,2,3,4,a,b")
	f.Add("Timestamp,q [a],q [b],\n2024/03/04 10:01:02,A;B,A,")
	f.Add("V1,Q1_1,Q1_2\nResponseID,a-b,a-c\nR,1,")
	f.Add("a\nb\n{\"ImportId\":\"QID1\"}")
	f.Fuzz(func(t *testing.T, text string) {
		var rows [][]string
		for _, line := range strings.Split(text, "\n") {
			rows = append(rows, strings.Split(line, ","))
		}
		head := rows
		e := Recognise(head)
		if e == nil {
			return
		}
		if len(e.Columns) < len(head[0]) || e.Header > len(head) {
			t.Fatalf("%s: %d columns of %d, %d rows of %d", e.Platform, len(e.Columns), len(head[0]), e.Header, len(head))
		}
		table := &survey.Table{Rows: len(rows) - e.Header}
		for j, name := range e.Names() {
			if table.Lookup(name) != nil {
				continue
			}
			cells := make([]string, table.Rows)
			for i, row := range rows[e.Header:] {
				if j < len(row) {
					cells[i] = row[j]
				}
			}
			table.Variables = append(table.Variables, &survey.Variable{Name: name, Kind: survey.Text, Texts: texts(cells...)})
		}
		after := e.Apply(table, func(string) bool { return false })
		if len(after.Variables) < len(table.Variables) {
			t.Fatal("a column was lost")
		}
	})
}
