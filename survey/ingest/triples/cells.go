package triples

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"surveykit/survey"
)

// column is a variable that grows by one value a record.
type column struct {
	*survey.Variable
	places map[string]int32 // of each text in Texts.Values
}

func (c *column) addNumber(x float64) { c.Numbers = append(c.Numbers, x) }

func (c *column) addText(s string) {
	k, known := c.places[s]
	if s == "" {
		k = -1
	} else if !known {
		k = int32(len(c.Texts.Values))
		c.places[s] = k
		c.Texts.Values = append(c.Texts.Values, s)
	}
	c.Texts.Index = append(c.Texts.Index, k)
}

// add reads the record's cells of a variable; what is wrong with them is told.
func (f *field) add(cells []string, csv bool) (fault string) {
	switch {
	case f.Type != "multiple":
		return f.addOne(f.columns[0], strings.Join(cells, ""), csv)
	case f.Spread == nil:
		return f.addBits(strings.TrimSpace(strings.Join(cells, "")))
	case len(cells) == f.Spread.Subfields:
		return f.addCodes(cells)
	}
	joined := []rune(strings.TrimRight(strings.Join(cells, ""), " "))
	parts := make([]string, f.Spread.Subfields)
	for k := range parts {
		parts[k] = string(joined[min(k*f.width, len(joined)):min((k+1)*f.width, len(joined))])
	}
	if len(joined) > f.Spread.Subfields*f.width {
		return fmt.Sprintf("%d characters are more than %d subfields of %d", len(joined), f.Spread.Subfields, f.width)
	}
	return f.addCodes(parts)
}

func (f *field) addOne(c *column, cell string, csv bool) (fault string) {
	bare := strings.TrimSpace(cell)
	if c.Kind == survey.Text {
		if f.Type == "character" {
			bare = strings.TrimRight(cell, " ")
		}
		c.addText(bare)
		return ""
	}
	if bare == "" {
		c.addNumber(math.NaN())
		return ""
	}
	x, ok := 0.0, false
	switch f.Type {
	case "date":
		x, ok = parseDay(bare)
	case "time":
		x, ok = parseClock(bare, csv)
	default:
		x, ok = parseNumber(bare)
		if _, labelled := f.labels[bare]; !ok && labelled {
			f.strange[bare]++
			x, ok = math.NaN(), true
		}
	}
	if !ok {
		return "this is no " + f.Type
	}
	c.addNumber(x)
	return ""
}

// addBits reads a multiple question of one digit an answer: digit k is 1 where
// the answer with the code k was chosen.
func (f *field) addBits(bits string) (fault string) {
	if strings.Trim(bits, "01") != "" {
		return "a bit is neither 0 nor 1"
	}
	for k, x := range f.Values {
		code, _ := strconv.Atoi(x.Code) // checked with the definition
		switch {
		case bits == "":
			f.columns[k].addNumber(math.NaN())
		case code > len(bits):
			return fmt.Sprintf("%d bits do not reach to the code %d", len(bits), code)
		default:
			f.columns[k].addNumber(float64(bits[code-1] - '0'))
		}
	}
	return ""
}

// addCodes reads a multiple question of one subfield an answer. A 0 that is no
// code fills an empty subfield.
func (f *field) addCodes(parts []string) (fault string) {
	for k, part := range parts {
		bare := strings.TrimSpace(part)
		if _, labelled := f.labels[bare]; !labelled && strings.Trim(bare, "0") == "" && !f.literal() {
			bare = ""
		}
		if told := f.addOne(f.columns[k], bare, false); told != "" {
			fault = told
		}
	}
	if fault != "" {
		return "a subfield holds no code"
	}
	return ""
}

// parseNumber reads a decimal number.
func parseNumber(s string) (x float64, ok bool) {
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// parseDay reads yyyymmdd as days since 1970-01-01; zeros are no date.
func parseDay(s string) (x float64, ok bool) {
	if s == "00000000" {
		return math.NaN(), true
	}
	day, err := time.Parse("20060102", s)
	const daySeconds = 86400
	return float64(day.Unix()) / daySeconds, err == nil
}

// parseClock reads hhmmss as seconds; CSV may lack the leading zeros.
func parseClock(s string, csv bool) (x float64, ok bool) {
	if csv && len(s) < 6 {
		s = strings.Repeat("0", 6-len(s)) + s
	}
	clock, err := time.Parse("150405", s)
	return float64(clock.Hour()*3600 + clock.Minute()*60 + clock.Second()), err == nil && len(s) == 6
}
