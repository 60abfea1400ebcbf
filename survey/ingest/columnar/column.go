// Package columnar has what the formats that store columns have in common: a
// column that grows by one value a row, and a survey's dictionary as metadata.
package columnar

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"surveykit/survey"
)

// maxExact is 2^53: a float64 holds every integer up to it.
const maxExact = 1 << 53

// Column is a variable that grows by one value a row. It has numbers until
// MakeText, or until a whole number that a float64 cannot hold.
type Column struct {
	*survey.Variable
	places map[string]int32 // of each text in Texts.Values
}

// NewColumn is an empty column of numbers with room for rows.
func NewColumn(name string, rows int) *Column {
	numbers := &survey.NumberColumn{}
	numbers.Grow(rows)
	return &Column{Variable: &survey.Variable{Name: name, Kind: survey.Number, Numbers: numbers}}
}

// MakeText makes it a column of texts; its whole numbers become their digits.
func (c *Column) MakeText() {
	numbers := c.Numbers
	c.Kind, c.Numbers, c.places = survey.Text, nil, map[string]int32{}
	c.Texts = &survey.TextColumn{}
	for _, x := range numbers.All() {
		if math.IsNaN(x) {
			c.Null()
			continue
		}
		c.Text(strconv.AppendInt(nil, int64(x), 10))
	}
}

// Take is the variable of the rows so far. Those that are added later are in another one.
func (c *Column) Take() *survey.Variable {
	out := *c.Variable
	if c.IsText() {
		c.Texts, c.places = &survey.TextColumn{}, map[string]int32{}
	} else {
		c.Numbers = &survey.NumberColumn{}
	}
	return &out
}

// Null adds a missing value.
func (c *Column) Null() {
	if c.IsText() {
		c.Texts.Index.Append(-1)
		return
	}
	c.Numbers.Append(math.NaN())
}

// Number adds a number to a column of numbers.
func (c *Column) Number(x float64) { c.Numbers.Append(x) }

// Whole adds a whole number. One beyond 2^53 makes the column a text, so that
// no digit is lost.
func (c *Column) Whole(n int64) {
	switch {
	case c.IsText():
		c.Text(strconv.AppendInt(nil, n, 10))
	case n > maxExact || n < -maxExact:
		c.MakeText()
		c.Whole(n)
	default:
		c.Numbers.Append(float64(n))
	}
}

// Unsigned adds a whole number that has no sign.
func (c *Column) Unsigned(n uint64) {
	if n <= math.MaxInt64 {
		c.Whole(int64(n))
		return
	}
	if !c.IsText() {
		c.MakeText()
	}
	c.Text(strconv.AppendUint(nil, n, 10))
}

// Text adds a text to a column of texts.
func (c *Column) Text(b []byte) {
	k, known := c.places[string(b)]
	if !known {
		k = c.learn(b)
	}
	c.Texts.Index.Append(k)
}

// Place is the index of the text in a column of texts, which it is added to if new.
func (c *Column) Place(b []byte) int32 {
	if k, known := c.places[string(b)]; known {
		return k
	}
	return c.learn(b)
}

// learn adds a text that no row has yet. Bytes that are not UTF-8 become U+FFFD.
func (c *Column) learn(b []byte) int32 {
	text := strings.ToValidUTF8(string(b), "\uFFFD")
	k, known := c.places[text]
	if !known {
		k = int32(len(c.Texts.Values))
		c.Texts.Values = append(c.Texts.Values, text)
		c.places[text] = k
	}
	if text != string(b) {
		c.places[string(b)] = k
	}
	return k
}

// Shortest is the float64 nearest to the shortest decimal that rounds to x, so that
// 0.1 stays 0.1.
func Shortest(x float32) float64 {
	wide, err := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64)
	if err != nil {
		return float64(x)
	}
	return wide
}

// Decimal is the float64 nearest to n / 10^scale.
func Decimal(n *big.Int, scale int32) float64 {
	x, err := strconv.ParseFloat(n.String()+"e"+strconv.Itoa(-int(scale)), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// Signed reads a big-endian integer in two's complement.
func Signed(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}
