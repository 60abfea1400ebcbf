package codebook

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// book reads a codebook written as lines of cells with | between them.
func book(t *testing.T, text string) (*Book, error) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	var rows [][]string
	for _, line := range lines[1:] {
		rows = append(rows, strings.Split(line, "|"))
	}
	return Read(texts(strings.Split(lines[0], "|"), rows), "book.csv")
}

// texts is the table of texts that a file of these rows is.
func texts(names []string, rows [][]string) *survey.Table {
	t := &survey.Table{Rows: len(rows)}
	for j, name := range names {
		column := &survey.TextColumn{}
		for _, row := range rows {
			k := int32(-1)
			if row[j] != "" {
				column.Values = append(column.Values, row[j])
				k = int32(len(column.Values) - 1)
			}
			column.Index.Append(k)
		}
		t.Variables = append(t.Variables, &survey.Variable{Name: name, Kind: survey.Text, Texts: column})
	}
	return t
}

func data() *survey.Table {
	return &survey.Table{Rows: 2, Variables: []*survey.Variable{
		{Name: "trust", Label: "as it was", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 9}), Codes: []survey.Code{{Value: survey.NumberValue(5), Label: "gone"}}},
		{Name: "town", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, -1}), Values: []string{"x"}}},
		{Name: "blank", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{math.NaN(), math.NaN()})},
	}}
}

// A codebook as people write it: few columns, labels repeated, headings in words.
func TestMergeOfAPlainCodebook(t *testing.T) {
	b, err := book(t, `
Variable|Question|Code|Value Label|Missing|remark
trust|Do you trust?|1|Yes||first
trust|Do you trust?|9|Refused|Refused|
trust||90..99||yes|
town||x|X town||
blank|Nothing yet||||`)
	if err != nil {
		t.Fatal(err)
	}
	before := data()
	got, err := b.Merge(before)
	if err != nil {
		t.Fatal(err)
	}
	want := data()
	trust, town, blank := want.Variables[0], want.Variables[1], want.Variables[2]
	trust.Label, trust.Codes = "Do you trust?", []survey.Code{{Value: survey.NumberValue(1), Label: "Yes"}, {Value: survey.NumberValue(9), Label: "Refused"}}
	trust.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused), {Low: 90, High: 99}}
	town.Codes = []survey.Code{{Value: survey.TextValue("x"), Label: "X town"}}
	blank.Label = "Nothing yet"
	nan := gocmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })
	if diff := gocmp.Diff(want, got, nan); diff != "" {
		t.Error(diff)
	}
	if diff := gocmp.Diff(data(), before, nan); diff != "" {
		t.Errorf("the data themselves changed: %s", diff)
	}
}

func TestReadProblems(t *testing.T) {
	_, err := book(t, `
name|label|kind|measure|code|code_label|missing
q|One|number||1|Yes|
q|Two|||||
q||||1|No|
|x|||||
r||integer|interval|||`)
	want := []string{
		`book.csv: row 2, column q, value "Two": the label of this variable is "One" in another row; give it once`,
		`book.csv: row 3, column q, value "1": the code is already in row 1; delete one of the two rows`,
		`book.csv: row 4: the row does not name a variable; fill its name, or delete the row`,
		`book.csv: row 5, column r, value "integer": there is no such kind of variable; use number, text, date, datetime, time or set`,
		`book.csv: row 5, column r, value "interval": there is no such level of measurement; use nominal, ordinal or scale`,
	}
	if diff := gocmp.Diff(strings.Join(want, "\n"), err.Error()); diff != "" {
		t.Error(diff)
	}
	if _, err := book(t, "label|code\nx|1"); err == nil || !strings.Contains(err.Error(), "has no column name; name its columns name, label") {
		t.Errorf("got %v", err)
	}
}

func TestMergeProblems(t *testing.T) {
	b, err := book(t, `
name|label|kind|code|code_label|missing
trsut|Trust||||
trust|||one|Yes|
trust|||1..3|Few|
trust|||9..8||yes
trust|||7|Hm|perhaps
trust|||4..5||
town||number|||
blank||text|||`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Merge(data())
	want := []string{
		`book.csv: row 1: there is no variable "trsut" in the data; did you mean trust?`,
		`book.csv: row 2, column trust, value "one": the variable has numbers, and this code is not a number; give a number, or LOW..HIGH for a range of missing values`,
		`book.csv: row 3, column trust, value "1..3": a range of codes cannot have a label; give each code a row`,
		`book.csv: row 4, column trust, value "9..8": the variable has numbers, and this code is not a number; give a number, or LOW..HIGH for a range of missing values`,
		`book.csv: row 5, column trust, value "perhaps": this is not a reason for a missing value; use yes, don't know, refused or not asked, or leave it empty`,
		`book.csv: row 6, column trust, value "4..5": a range of codes without a reason says nothing; fill the column missing`,
		`book.csv: row 7, column town, value "x": the codebook says number, but the data are text, first in row 1; correct the kind, or leave it empty`,
	}
	if diff := gocmp.Diff(strings.Join(want, "\n"), err.Error()); diff != "" {
		t.Error(diff)
	}
}

// What Rows lays out, Read and Merge put back: names, labels, kinds, levels,
// formats and codes as they were, and missing values but for their order.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := genTable(t)
		b, err := Read(texts(Columns, Rows(before)), "book.csv")
		if err != nil {
			t.Fatal(err)
		}
		bare := &survey.Table{}
		for _, v := range before.Variables {
			bare.Variables = append(bare.Variables, &survey.Variable{Name: v.Name, Kind: survey.Number})
		}
		after, err := b.Merge(bare)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range before.Variables {
			v.Numbers, v.Texts = after.Variables[i].Numbers, after.Variables[i].Texts
			for _, missing := range [][]survey.Missing{v.Missing, after.Variables[i].Missing} {
				slices.SortFunc(missing, func(a, b survey.Missing) int {
					return cmp.Or(cmp.Compare(a.Low, b.Low), strings.Compare(a.Text, b.Text))
				})
			}
		}
		if diff := gocmp.Diff(before.Variables, after.Variables); diff != "" {
			t.Fatal(diff)
		}
		if diff := gocmp.Diff(before.Sets, after.Sets); diff != "" {
			t.Fatal(diff)
		}
	})
}

// genTable makes variables without values; missing values do not overlap, since
// of a number that two rules declare the codebook tells once.
func genTable(t *rapid.T) *survey.Table {
	word := rapid.StringN(1, 8, -1)
	table := &survey.Table{}
	for _, name := range rapid.SliceOfNDistinct(word, 1, 4, rapid.ID).Draw(t, "names") {
		v := &survey.Variable{Name: name, Label: rapid.String().Draw(t, "label"), Kind: rapid.SampledFrom(kinds[1:]).Draw(t, "kind"),
			Measure: rapid.SampledFrom(measures).Draw(t, "measure"), Format: rapid.StringMatching(`(F8\.2)?`).Draw(t, "format")}
		reason := rapid.SampledFrom([]survey.Reason{"", survey.DontKnow, survey.Refused, survey.NotAsked})
		if v.IsText() {
			for _, s := range rapid.SliceOfNDistinct(word, 0, 4, rapid.ID).Draw(t, "codes") {
				if rapid.Bool().Draw(t, "labelled") {
					v.Codes = append(v.Codes, survey.Code{Value: survey.TextValue(s), Label: word.Draw(t, "code label")})
				} else {
					v.Missing = append(v.Missing, survey.MissingText(s, reason.Draw(t, "why")))
				}
			}
			table.Variables = append(table.Variables, v)
			continue
		}
		for i, x := range rapid.SliceOfNDistinct(rapid.Float64Range(-5, 90), 0, 5, rapid.ID[float64]).Draw(t, "codes") {
			if i != 1 {
				v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(x), Label: word.Draw(t, "code label")})
			}
			if i < 3 {
				v.Missing = append(v.Missing, survey.MissingNumber(x, reason.Draw(t, "why")))
			}
		}
		if rapid.Bool().Draw(t, "range") {
			v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(98), Label: "Don't know"})
			v.Missing = append(v.Missing, survey.Missing{Low: 97, High: rapid.SampledFrom([]float64{99, math.Inf(1)}).Draw(t, "high"), Reason: reason.Draw(t, "why")})
		}
		table.Variables = append(table.Variables, v)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "sets") {
		in := rapid.Permutation(table.Names()).Draw(t, "members")
		set := survey.MultipleResponse{Name: fmt.Sprintf("$set of chosen ones %d", i), Label: rapid.String().Draw(t, "set label"), Variables: in[:rapid.IntRange(1, len(in)).Draw(t, "size")]}
		if rapid.Bool().Draw(t, "dichotomies") {
			one := survey.NumberValue(rapid.Float64Range(-5, 90).Draw(t, "counted"))
			if table.Lookup(in[0]).IsText() {
				one = survey.TextValue(word.Draw(t, "counted text"))
			}
			set.Counted = &one
		}
		table.Sets = append(table.Sets, set)
	}
	return table
}

// A set needs variables, a name of its own, and one code at most.
func TestProblemsOfSets(t *testing.T) {
	b, err := book(t, `
name|kind|code|code_label|set
$a|set|1||
$b|set|yes||
$c|set|1|Yes|
town|set|||
trust||||$a
blank||||$b
trust||||$c
blank||||$d`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Merge(data())
	want := []string{
		`book.csv: row 2, column $b, value "yes": a set needs one code that means chosen; give one value of blank, or none where the variables have the chosen answers`,
		`book.csv: row 3, column $c, value "1": a set needs one code that means chosen; give one value of trust, or none where the variables have the chosen answers`,
		`book.csv: row 4, column town: the data have a variable with the set's name; give the set another name, such as $town`,
		`book.csv: row 4, column town: no variable is in the set; name the set in the column set, in a row of each of its variables`,
		`book.csv: row 8, column blank, value "$d": the codebook has no such set; add a row of this name and of the kind set`,
	}
	if diff := gocmp.Diff(strings.Join(want, "\n"), err.Error()); diff != "" {
		t.Error(diff)
	}
}

// A codebook can say one weight, and what it says of it must make sense.
func TestMergeOfAWeight(t *testing.T) {
	for rows, want := range map[string]string{
		"trust|yes|\nblank|no|falling": "",
		"trust|yes|\nblank|yes|":       "row 2, column blank: trust is the weight, too; say it of one variable",
		"town|yes|":                    "row 1, column town: the weight is text; name a column of numbers",
		"trust|1|":                     `row 1, column trust, value "1": this does not say whether`,
		"trust||up":                    `row 1, column trust, value "up": there is no such polarity`,
	} {
		b, err := book(t, "name|weight|polarity\n"+rows)
		var merged *survey.Table
		if err == nil {
			merged, err = b.Merge(data())
		}
		switch {
		case want == "" && (err != nil || merged.Weight != "trust" || merged.Lookup("blank").Polarity != survey.Falling):
			t.Errorf("%s: %v, %+v", rows, err, merged)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %s", rows, err, want)
		}
	}
}
