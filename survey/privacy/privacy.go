// Package privacy protects the people in the data: it finds columns that look like
// direct identifiers (Scan), and leaves out what a study names, columns and rows
// without consent, as the files are read (Guard). It reports columns, reasons and
// counts, never a value.
package privacy

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
)

// Kind is what a column seems to identify a person by.
type Kind string

// The direct identifiers that Scan knows. They are those of the HIPAA Safe
// Harbor list (45 CFR 164.514(b)(2)) that occur in surveys.
const (
	Email       Kind = "e-mail address"
	Phone       Kind = "telephone number"
	IP          Kind = "IP address"
	Location    Kind = "exact location"
	NationalID  Kind = "national id"
	PaymentCard Kind = "payment card number"
	BankAccount Kind = "bank account"
	Birth       Kind = "date of birth"
	Address     Kind = "postal address"
	Name        Kind = "name"
)

// kinds is the order of the findings of a column.
var kinds = []Kind{Email, Phone, IP, Location, NationalID, PaymentCard, BankAccount, Birth, Address, Name}

// Finding is one reason why a column looks like a direct identifier.
type Finding struct {
	Variable string `json:"variable"`
	Kind     Kind   `json:"kind"`
	// Reason is the evidence in words.
	Reason string `json:"reason"`
	// Rows counts the rows whose value is the evidence, or all rows with a value where
	// the column's name is; Share is their share of the rows with a value.
	Rows  int     `json:"rows"`
	Share float64 `json:"share"`
}

// Scan finds the columns that look like direct identifiers, in file
// order: by their values (patterns, and check digits where the number has
// them), else by their name or label in some twenty languages where the values
// are those of an identifier, many and without labels. A column may have
// several findings. Where less than half of the values are identifiers, the
// finding says that the column is text with some of them.
func Scan(t *survey.Table) []Finding {
	var out []Finding
	for _, v := range t.Variables {
		out = append(out, scan(v)...)
	}
	return out
}

func scan(v *survey.Variable) []Finding {
	if len(v.Codes) > 0 {
		return nil
	}
	c := describe(v)
	if c.valid == 0 {
		return nil
	}
	found := c.byValues()
	kind := c.namedKind()
	if kind == "" || !c.couldBe(kind) {
		return found
	}
	for _, f := range found {
		if f.Kind == kind || f.Share >= mostly {
			return found
		}
	}
	return append(found, Finding{v.Name, kind, "its name or label suggests it, and its values differ from row to row", c.valid, 1})
}

// mostly is the share of values from which a column is an identifier as a whole, and
// not text with some of them.
const mostly = 0.5

// column is what Scan knows about a variable.
type column struct {
	*survey.Variable
	words    string
	valid    int
	distinct int
	// least, most, whole and fine describe numbers: fine ones have three decimals or more.
	least, most float64
	whole, fine bool
	// count is how many rows have each text.
	count []int
}

// enough is the most different values of the answers to a closed question.
const enough = 20

func describe(v *survey.Variable) *column {
	c := &column{Variable: v, words: words(v.Name)}
	if v.IsText() {
		c.count = make([]int, len(v.Texts.Values))
		for _, k := range v.Texts.Index.All() {
			if k >= 0 {
				c.count[k]++
				c.valid++
			}
		}
		for _, n := range c.count {
			c.distinct += min(n, 1)
		}
		return c
	}
	c.least, c.most, c.whole = math.Inf(1), math.Inf(-1), true
	var seen []float64
	for _, x := range c.Numbers.All() {
		if math.IsNaN(x) {
			continue
		}
		c.valid++
		c.least, c.most = min(c.least, x), max(c.most, x)
		c.whole = c.whole && x == math.Trunc(x)
		if len(seen) <= enough && !slices.Contains(seen, x) {
			seen = append(seen, x)
			c.fine = c.fine || math.Abs(x*100-math.Round(x*100)) > 1e-6
		}
	}
	c.distinct = len(seen)
	return c
}

// many reports whether there are more values than a closed question has answers.
func (c *column) many() bool { return c.distinct > enough || 2*c.distinct > c.valid }

// couldBe reports whether the values of a column can be of the kind in its name.
func (c *column) couldBe(k Kind) bool {
	if !c.many() {
		return false
	}
	switch k {
	case Phone, NationalID, PaymentCard, BankAccount:
		return c.IsText() || c.Kind == survey.Number && c.whole && c.most >= 1e6
	case Location:
		return c.IsText() || c.Kind == survey.Number && c.fine && c.least >= -180 && c.most <= 180
	case Birth:
		return c.IsText() || c.Kind == survey.Date || c.Kind == survey.DateTime
	}
	return c.IsText()
}

// byValues finds identifiers among the values.
func (c *column) byValues() []Finding {
	if !c.IsText() {
		if c.Kind == survey.Number && c.whole && c.least >= 1e8 && c.many() {
			return c.digitIDs(numbersAsText(c.Numbers.Slice()))
		}
		return nil
	}
	rows := map[Kind]int{}
	for k, text := range c.Texts.Values {
		if c.count[k] == 0 {
			continue
		}
		for _, kind := range held(text) {
			rows[kind] += c.count[k]
		}
	}
	if saysVersion().MatchString(c.words) {
		delete(rows, IP)
	}
	var out []Finding
	for _, kind := range kinds {
		if n := rows[kind]; n > 0 {
			f := Finding{Variable: c.Name, Kind: kind, Rows: n, Share: float64(n) / float64(c.valid)}
			f.Reason = "text in which some values hold " + article(kind)
			if f.Share >= mostly {
				f.Reason = "the values look like " + plural(kind)
			}
			out = append(out, f)
		}
	}
	if rows[NationalID] == 0 && c.many() {
		out = append(out, c.digitIDs(c.usedTexts())...)
	}
	return out
}

func article(k Kind) string {
	switch k {
	case Email, IP, Location:
		return "an " + string(k)
	}
	return "a " + string(k)
}

func plural(k Kind) string {
	switch k {
	case Email, IP, Address:
		return string(k) + "es"
	case Birth:
		return "dates of birth"
	}
	return string(k) + "s"
}

// usedTexts yields the values that occur in a row.
func (c *column) usedTexts() func(func(string) bool) {
	return func(yield func(string) bool) {
		for k, text := range c.Texts.Values {
			if c.count[k] > 0 && !yield(text) {
				return
			}
		}
	}
}

func numbersAsText(numbers []float64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, x := range numbers {
			if !math.IsNaN(x) && !yield(fmt.Sprintf("%.0f", x)) {
				return
			}
		}
	}
}
