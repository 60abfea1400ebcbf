package survey

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"surveykit/survey/pattern"
)

// Bracket is a range of numbers, with both ends in it; Open leaves the high end
// out. An end may be infinite.
type Bracket struct {
	Low, High float64
	Open      bool
}

// Holds reports whether a number is in the bracket.
func (b Bracket) Holds(x float64) bool {
	return b.Low <= x && (x < b.High || x == b.High && !b.Open)
}

// Overlaps reports whether any number is in both brackets.
func (b Bracket) Overlaps(o Bracket) bool {
	low, high := max(b.Low, o.Low), min(b.High, o.High)
	return low < high || low == high && b.Holds(low) && o.Holds(low)
}

// notations are the ways to write a bracket of whole numbers; x and y are the
// first and the last number in it.
var notations = []struct {
	form    func() *regexp.Regexp
	bracket func(x, y float64) Bracket
}{
	{pattern.Lazy(`^(\d+) ?[-–] ?(\d+)$`), func(x, y float64) Bracket { return Bracket{Low: x, High: y} }},
	{pattern.Lazy(`^(\d+) ?\+$`), func(x, _ float64) Bracket { return Bracket{Low: x, High: math.Inf(1)} }},
	{pattern.Lazy(`^[-–](\d+)$`), func(_, y float64) Bracket { return Bracket{Low: math.Inf(-1), High: y} }},
	{pattern.Lazy(`^(?i:under) (\d+)$`), func(_, y float64) Bracket { return Bracket{Low: math.Inf(-1), High: y, Open: true} }},
	{pattern.Lazy(`^(\d+)$`), func(x, _ float64) Bracket { return Bracket{Low: x, High: x} }},
}

// ParseBracket reads one notation: 18-24, 65+, -17 (up to 17), under 18 or 5.
func ParseBracket(s string) (b Bracket, ok bool) {
	for _, n := range notations {
		if digits := n.form().FindStringSubmatch(s); digits != nil {
			x, _ := strconv.ParseFloat(digits[1], 64)
			y, _ := strconv.ParseFloat(digits[len(digits)-1], 64)
			b = n.bracket(x, y)
			return b, b.Low <= b.High
		}
	}
	return Bracket{}, false
}

// Less is the bracket so much lower.
func (b Bracket) Less(by float64) Bracket {
	b.Low, b.High = b.Low-by, b.High-by
	return b
}

// String writes a bracket as people read it: 18–24, 65+, under 18, up to 17.
func (b Bracket) String() string {
	switch {
	case b.Open:
		return "under " + FormatNumber(b.High)
	case math.IsInf(b.Low, -1):
		return "up to " + FormatNumber(b.High)
	case math.IsInf(b.High, 1):
		return FormatNumber(b.Low) + "+"
	case b.Low == b.High:
		return FormatNumber(b.Low)
	}
	return FormatNumber(b.Low) + "–" + FormatNumber(b.High)
}

// ParseRange reads a number such as 4, or all of a range such as 2-6, from 1 to
// most; ok is false where the text is neither.
func ParseRange(text string, most int) (numbers []int, ok bool) {
	low, high, ranged := strings.Cut(text, "-")
	a, err := strconv.Atoi(low)
	b, errB := a, error(nil)
	if ranged {
		b, errB = strconv.Atoi(high)
	}
	if err != nil || errB != nil || a < 1 || b < a || b > most {
		return nil, false
	}
	for k := a; k <= b; k++ {
		numbers = append(numbers, k)
	}
	return numbers, true
}
