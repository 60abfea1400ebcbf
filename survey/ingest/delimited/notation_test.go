package delimited

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// Numbers are read in the notation that all cells of their column have, and the notice
// names it; codes, telephone numbers and mixtures stay text.
func TestNotations(t *testing.T) {
	type options = survey.DelimitedOptions
	for _, test := range []struct {
		name, text string
		options    *options
		want       []string // of the first column
		notice     string
	}{
		{"dollars", "x\n\"$1,234.50\"\n$5\n-$6\n", nil, []string{"number", "1234.5", "5", "-6"}, "x: texts were read as numbers with commas between thousands, the currency $"},
		{"euros before", "x;y\n€12,50;1\n€ 0,5;2\n", nil, []string{"number", "12.5", "0.5"}, "a decimal comma, the currency €"},
		{"euros after", "x;y\n12.500,50 €;1\n950,00 €;2\n", nil, []string{"number", "12500.5", "950"}, "points between thousands, a decimal comma, the currency €"},
		{"codes of currencies", "x\n12.50 CHF\nCHF 3\n", nil, []string{"number", "12.5", "3"}, "the currency CHF"},
		{"letters that are none", "x\n12 ABC\n3 ABC\n", nil, []string{"text", "12 ABC", "3 ABC"}, ""},
		{"per cent", "x;y\n12,5%;1\n7 %;2\nNA;3\n", nil, []string{"number", "12.5", "7", ""}, "a decimal comma, signs of per cent"},
		{"per cent of some", "x\n45%\n45\n", nil, []string{"text", "45%", "45"}, ""},
		{"two currencies", "x\n$5\n€5\n", nil, []string{"text", "$5", "€5"}, ""},
		{"parentheses", "x\n(1234.5)\n2\n", nil, []string{"number", "-1234.5", "2"}, "parentheses around negative numbers"},
		{"a minus sign", "x\n\u22125\n2.5\n", nil, []string{"number", "-5", "2.5"}, "another minus sign"},
		{"blanks of all kinds", "x\n1 234\n2\u00a0345\n12\u202f345.5\n9\n", nil, []string{"number", "1234", "2345", "12345.5", "9"}, "blanks between thousands"},
		{"apostrophes", "x\n1'234.50\n12’345\n", nil, []string{"number", "1234.5", "12345"}, "apostrophes between thousands"},
		{"several codes", "x\n101\n102\n101 102\n102 101\n", nil, []string{"text", "101", "102", "101 102", "102 101"}, ""},
		{"choices", "x,y\n\"1,2\",1\n\"1,3\",2\n", nil, []string{"text", "1,2", "1,3"}, ""},
		{"telephone numbers", "x\n600 123 456\n600 123 457\n", nil, []string{"text", "600 123 456", "600 123 457"}, ""},
		{"post codes", "x;y\n01067;1,5\n80331;2\n", nil, []string{"text", "01067", "80331"}, ""},
		{"groups of other sizes", "x\n\"1,23\"\n\"1,2345\"\n", nil, []string{"text", "1,23", "1,2345"}, ""},
		{"thousands with points", "x;y\n1.234;a\n2.500;b\n950;c\n12.000;d\n", nil, []string{"number", "1234", "2500", "950", "12000"}, "x: texts were read as numbers with points between thousands, a decimal comma"},
		{"points that may be either", "x;y\n1.234;a\n2.500;b\n", nil, []string{"number", "1.234", "2.5"}, "if it is between thousands, set the option decimal_comma"},
		{"points that are asked for", "x;y\n1.234;a\n2.500;b\n", &options{DecimalComma: yes()}, []string{"number", "1234", "2500"}, "points between thousands"},
		{"points that another column shows", "x;y\n1.234;0.5\n950;2\n", nil, []string{"number", "1.234", "950"}, ""},
		{"points beside decimal commas", "x;y\n1.234;0,5\n950;2\n", nil, []string{"number", "1234", "950"}, "points between thousands"},
		{"large numbers without points", "x;y\n1.234;a\n2500;b\n", nil, []string{"number", "1.234", "2500"}, ""},
		{"commas that may be either", "x;y\n1,234;a\n5;b\n", nil, []string{"text", "1,234", "5"}, "set the option decimal_comma"},
		{"commas in millions", "x;y\n1,234,567;a\n5;b\n", nil, []string{"number", "1234567", "5"}, "commas between thousands"},
		{"no decimal comma", "x;y\n12,5%;a\n7,5%;b\n", &options{DecimalComma: no()}, []string{"text", "12,5%", "7,5%"}, ""},
	} {
		table := read(t, test.text, test.options)
		if diff := cmp.Diff(test.want, cells(table)["x"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		_, notices := laidOut(table)
		if !strings.Contains(notices, test.notice) || test.notice == "" && strings.Contains(notices, "texts were read") {
			t.Errorf("%s: notices %q, want %q", test.name, notices, test.notice)
		}
	}
}

// A column of many amounts, the first of which are plain, is numbers, too.
func TestLateAmounts(t *testing.T) {
	var b strings.Builder
	b.WriteString("x,y\n")
	for i := range 3 * manyDistinct {
		b.WriteString(survey.FormatNumber(float64(i)) + ",1\n")
	}
	b.WriteString("\"1,234,567\",NA\n")
	v := read(t, b.String(), nil).Lookup("x")
	if x, _ := v.At(v.Len() - 1); v.Kind != survey.Number || x.Number != 1234567 {
		t.Errorf("%s %v", v.Kind, x)
	}
}

// Dates are read in the orders that people and platforms use.
func TestDates(t *testing.T) {
	type options = survey.DelimitedOptions
	for _, test := range []struct {
		name, text string
		options    *options
		want       string // the kind and the second value of the first column
		notice     string
	}{
		{"months first", "x\n4/22/2016 19:57:50\n5/3/2016 19:57:50\n", nil, "datetime 2016-05-03T19:57:50", ""},
		{"days first", "x\n22/4/2021\n3/5/2021\n", nil, "date 2021-05-03", ""},
		{"points", "x\n2.4.2021\n3.5.2021\n", nil, "date 2021-05-03", "day, month, year"},
		{"points and months first", "x\n4.22.2021\n5.3.2021\n", nil, "date 2021-05-03", ""},
		{"short years", "x\n4/22/18 4:01\n5/3/18 4:02\n", nil, "datetime 2018-05-03T04:02:00", "years of two digits"},
		{"halves of the day", "x\n04/22/2021 12:37:56 AM\n05/03/2021 12:37 pm\n", nil, "datetime 2021-05-03T12:37:00", ""},
		{"Z", "x\n2021-04-22T03:04:05Z\n2021-05-03T03:04:05Z\n", nil, "datetime 2021-05-03T03:04:05", ""},
		{"offsets", "x\n2021-04-22T03:04:05.123+01:00\n2021-05-03T03:04:05.500+02:00\n", nil, "datetime 2021-05-03T03:04:05.5", "time zones and offsets from UTC were left out"},
		{"Google", "x\n2024/04/22 10:01:02 AM GMT+1\n2024/05/03 10:01:02 PM GMT+1\n", nil, "datetime 2024-05-03T22:01:02", "time zones"},
		{"names of months", "x\n22 Apr 2021\n3 May 2021\n", nil, "date 2021-05-03", ""},
		{"names of months first", "x\n\"Apr 22, 2021 10:01 AM EDT\"\n\"May 3, 2021 11:01 PM EDT\"\n", nil, "datetime 2021-05-03T23:01:00", "time zones"},
		{"Oracle and SAS", "x\n22-APR-21\n03MAY2021\n", nil, "date 2021-05-03", "years of two digits"},
		{"times with halves", "x\n10:01 AM\n11:02 pm\n", nil, "time 23:02:00", ""},
		{"another column shows the order", "x,y\n3/4/2021,4/22/2021\n5/3/2021,5/3/2021\n", nil, "date 2021-05-03", "x: dates were read in the order month, day, year"},
		{"no day over 12", "x\n3/4/2021\n3/5/2021\n", nil, "text 3/5/2021", "set the option date_order"},
		{"the same in either order", "x\n4/4/2021\n5/5/2021\n", nil, "date 2021-05-05", ""},
		{"the order that is given", "x\n3/4/2021\n3/5/2021\n", &options{DateOrder: "dmy"}, "date 2021-05-03", "day, month, year"},
		{"short years first", "x\n21-04-22\n21-05-03\n", &options{DateOrder: "ymd"}, "date 2021-05-03", "years of two digits"},
		{"the given order does not fit", "x\n4/22/2021\n5/3/2021\n", &options{DateOrder: "dmy"}, "date 2021-05-03", ""},
		{"no order fits all", "x\n4/22/2021\n22/4/2021\n", nil, "text 22/4/2021", ""},
		{"no date of the calendar", "x\n2/30/2021\n2/31/2021\n", nil, "text 2/31/2021", ""},
		{"dates among moments", "x\n4/22/2021\n4/23/2021 10:00\n", nil, "text 4/23/2021 10:00", ""},
		{"no months", "x\n22 Foo 2021\n3 Bar 2021\n", nil, "text 3 Bar 2021", ""},
		{"versions", "x\n1.2.3\n1.2.4\n", nil, "text 1.2.4", ""},
		{"addresses", "x\n10.0.0.1\n10.0.0.2\n", nil, "text 10.0.0.2", ""},
		{"hours without a half", "x\n10:01\n11:02\n", nil, "text 11:02", ""},
		{"hour 13 PM", "x\n13:01 PM\n11:02 PM\n", nil, "text 11:02 PM", ""},
	} {
		table := read(t, test.text, test.options)
		v := table.Lookup("x")
		x, _ := v.At(1)
		got := x.Text
		if !v.IsText() {
			got, _ = FormatDate(x.Number, v.Kind)
		}
		if got = string(v.Kind) + " " + got; got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		_, notices := laidOut(table)
		if !strings.Contains(notices, test.notice) || test.notice == "" && strings.Contains(notices, "dates") {
			t.Errorf("%s: notices %q, want %q", test.name, notices, test.notice)
		}
	}
	if _, err := Read(strings.NewReader("x\n1\n"), 4, "t.csv", &options{DateOrder: "ydm"}); err == nil {
		t.Error("an order that there is not was taken")
	}
}

// Whatever the layout, a moment is the one that package time reads.
func TestMomentsAgreeWithPackageTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom([]string{"1/2/2006 3:04:05 PM", "01/02/2006 15:04", "2.1.2006 15:04:05", "2006/01/02 03:04:05 PM", "2 Jan 2006 15:04", "January 2, 2006 3:04 PM", "02-Jan-2006 15:04:05", "2006-01-02 15:04:05 -0700"}).Draw(t, "layout")
		want := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "second"), 0).UTC()
		if !strings.Contains(layout, "05") {
			want = want.Truncate(time.Minute)
		}
		m, ok := parseMoment(want.Format(layout))
		o := dayFirst
		switch layout[:2] {
		case "1/", "01":
			o = monthFirst
		case "20":
			o = yearFirst
		}
		if x, fits := m.value(o); !ok || !fits || x != float64(want.Unix()) {
			t.Fatalf("%s: got %v (%v), want %d", want.Format(layout), x, ok && fits, want.Unix())
		}
	})
}
