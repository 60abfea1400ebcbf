package delimited

import (
	"math"

	"surveykit/survey"
)

// column is a column that is being read: as numbers until a cell is none, then
// once more as text.
type column struct {
	numbers []float64
	failed  bool // a cell was no number
	text    bool // the column is known to hold text
	texts   *survey.TextColumn
	places  map[string]int32 // of each text in texts.Values
	missing map[string]int   // how often a usual missing token was met
}

// columns reads all cells. What shows itself as text in the first rows is read
// as text at once; a column that turns out so later takes a second pass.
func (rd *reader) columns() []*column {
	all := make([]*column, len(rd.names))
	for j := range all {
		text := rd.knownText(rd.names[j])
		all[j] = &column{failed: text, text: text}
	}
	rd.fill(rd.rows[:min(len(rd.rows), headRows)], all)
	rd.fill(rd.rows, all)
	late := make([]*column, len(all))
	again := false
	for j, c := range all {
		if c.failed {
			late[j], again = c, true
		}
	}
	if again {
		rd.fill(rd.rows, late)
	}
	return all
}

func (rd *reader) knownText(name string) bool { return rd.asText != nil && rd.asText(name) }

// reset makes room for rows, for texts where a cell was no number before.
func (c *column) reset(rows int) {
	c.missing = map[string]int{}
	if !c.failed && c.texts == nil {
		c.numbers = make([]float64, rows)
		return
	}
	c.failed, c.numbers = false, nil
	c.texts = &survey.TextColumn{Index: make([]int32, rows)}
	c.places = map[string]int32{}
}

func (c *column) addNumber(row int, b []byte, d *dialect) {
	b = trim(b)
	if len(b) == 0 || d.missing != nil && d.missing[string(b)] {
		c.numbers[row] = math.NaN()
		return
	}
	x, v := parseNumber(b, d.decimal)
	switch {
	case v == plainNumber:
		c.numbers[row] = x
	case d.missing == nil && usuallyMissing(string(b)):
		c.numbers[row] = math.NaN()
		c.missing[string(b)]++
	default:
		c.failed = true
	}
}

func (c *column) addText(row int, b []byte, d *dialect) {
	bare := trim(b)
	if len(bare) == 0 || d.missing != nil && d.missing[string(bare)] {
		c.texts.Index[row] = -1
		return
	}
	k, known := c.places[string(b)]
	if !known {
		k = c.learn(string(b))
	}
	c.texts.Index[row] = k
}

// learn adds a text that no row has had.
func (c *column) learn(text string) int32 {
	k := int32(len(c.texts.Values))
	c.places[text] = k
	c.texts.Values = append(c.texts.Values, text)
	return k
}

// usuallyMissing tells whether statistical programs write s for "no value".
func usuallyMissing(s string) bool {
	switch s {
	case "NA", ".", "NaN", "nan", "NULL", "#NULL!":
		return true
	}
	return false
}

// variable hands the column over, as dates where every text is one.
func (c *column) variable(d *dialect) *survey.Variable {
	if c.texts == nil {
		return &survey.Variable{Kind: survey.Number, Numbers: c.numbers}
	}
	if values, kind := c.dates(d); kind != "" && !c.text {
		return &survey.Variable{Kind: kind, Numbers: values}
	}
	return &survey.Variable{Kind: survey.Text, Texts: c.texts}
}

// dates reads the texts as dates of one kind, which is "" where they are not.
func (c *column) dates(d *dialect) (values []float64, kind survey.Kind) {
	distinct := make([]float64, len(c.texts.Values))
	token := make([]bool, len(distinct))
	for k, s := range c.texts.Values {
		if token[k] = d.missing == nil && usuallyMissing(s); token[k] {
			distinct[k] = math.NaN()
			continue
		}
		x, found, ok := parseDate(s)
		if !ok || kind != "" && found != kind {
			return nil, ""
		}
		distinct[k], kind = x, found
	}
	if kind == "" {
		return nil, ""
	}
	values = make([]float64, len(c.texts.Index))
	for i, k := range c.texts.Index {
		if k < 0 {
			values[i] = math.NaN()
			continue
		}
		values[i] = distinct[k]
		if token[k] {
			c.missing[c.texts.Values[k]]++
		}
	}
	return values, kind
}
