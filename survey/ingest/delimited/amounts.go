package delimited

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// notation is how the numbers of a column are written where they are not plain. All of
// them agree in it.
type notation struct {
	decimal  byte
	group    rune   // between thousands, 0 where there is none
	currency string // "" for none
	percent  bool
}

// String is the notation in words.
func (n notation) String() string {
	var told []string
	switch n.group {
	case 0:
	case ',':
		told = append(told, "commas between thousands")
	case '.':
		told = append(told, "points between thousands")
	case ' ':
		told = append(told, "blanks between thousands")
	default:
		told = append(told, "apostrophes between thousands")
	}
	if n.decimal == ',' {
		told = append(told, "a decimal comma")
	}
	if n.percent {
		told = append(told, "signs of per cent")
	}
	if n.currency != "" {
		told = append(told, "the currency "+n.currency)
	}
	if told == nil {
		return "another minus sign or parentheses around negative numbers"
	}
	return strings.Join(told, ", ")
}

// mostAmount is the most bytes that an amount has.
const mostAmount = 64

// parseAmount reads a number with a decimal mark as people write it: 1,234.50, 1 234,
// $5, 12.50 EUR, 45%, (5) and −5 for -5. Fraction is the number of digits after the mark.
func parseAmount(s string, decimal byte) (x float64, n notation, fraction int, ok bool) {
	n.decimal = decimal
	if len(s) > mostAmount || strings.IndexFunc(s, unicode.IsDigit) < 0 {
		return 0, n, 0, false
	}
	s = blanks(s)
	s, negative := cutAround(s, "(", ")")
	cutMinus := func() {
		for _, sign := range []string{"-", "\u2212"} {
			if rest, found := strings.CutPrefix(s, sign); found && !negative {
				s, negative = blanks(rest), true
			}
		}
	}
	cutMinus()
	if s, n.currency = cutCurrency(s); n.currency != "" {
		cutMinus()
	}
	if rest, found := strings.CutSuffix(s, "%"); found {
		s, n.percent = blanks(rest), true
	}
	whole, rest, marked := strings.Cut(s, string(decimal))
	whole, n.group, ok = ungrouped(whole, decimal)
	if !ok || marked && (rest == "" || strings.Trim(rest, "0123456789") != "") {
		return 0, n, 0, false
	}
	if marked {
		whole += "." + rest
	}
	x, v := parseNumber(whole, '.')
	if negative {
		x = -x
	}
	return x, n, len(rest), v == plainNumber
}

// blanks removes blanks of all kinds at both ends.
func blanks(s string) string { return strings.TrimFunc(s, unicode.IsSpace) }

func cutAround(s, before, after string) (string, bool) {
	if strings.HasPrefix(s, before) && strings.HasSuffix(s, after) {
		return blanks(s[len(before) : len(s)-len(after)]), true
	}
	return s, false
}

// cutCurrency removes a sign such as $, or a code such as EUR, before or after a number.
func cutCurrency(s string) (rest, sign string) {
	if first, size := utf8.DecodeRuneInString(s); unicode.Is(unicode.Sc, first) {
		return blanks(s[size:]), string(first)
	}
	if last, size := utf8.DecodeLastRuneInString(s); unicode.Is(unicode.Sc, last) {
		return blanks(s[:len(s)-size]), string(last)
	}
	for _, at := range []int{0, len(s) - 3} {
		if len(s) < 4 || s[at] < 'A' || s[at] > 'Z' {
			continue
		}
		if unit, err := currency.ParseISO(s[at : at+3]); err == nil && unit.String() == s[at:at+3] {
			return blanks(s[:at] + s[at+3:]), unit.String()
		}
	}
	return s, ""
}

// ungrouped is a whole number without what is between its thousands; ok is false where
// it is none, or begins with 0 and has more digits.
func ungrouped(s string, decimal byte) (digits string, group rune, ok bool) {
	var b strings.Builder
	since := 0 // digits since the last mark
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
			since++
			continue
		case unicode.IsSpace(r):
			r = ' '
		case r == '\u2019':
			r = '\''
		case r == rune(decimal) || r != '.' && r != ',' && r != '\'':
			return "", 0, false
		}
		if b.Len() == 0 || group != 0 && (r != group || since != 3) || group == 0 && since > 3 {
			return "", 0, false
		}
		group, since = r, 0
	}
	digits = b.String()
	if digits == "" || group != 0 && since != 3 || len(digits) > 1 && digits[0] == '0' {
		return "", 0, false
	}
	return digits, group, true
}

// amounts reads the texts as numbers of one notation, and reports whether all are. The
// decimal mark is that of the text, or the other one where the cells can have no other.
func (c *column) amounts(d *dialect) bool {
	for _, decimal := range []byte{d.decimal, ',' ^ '.' ^ d.decimal} {
		read, n, ok := c.amountsWith(decimal)
		if !ok || decimal != d.decimal && (d.asked || n.group == 0 && n.currency == "" && !n.percent) {
			continue
		}
		if n.group == ',' && d.commaDoubt && c.oneGroup(n) {
			return false
		}
		c.entries, c.notation = read, n
		return true
	}
	return false
}

// amountsWith reads the texts with a decimal mark. Cells such as 101 102 whose parts are
// all cells themselves are several codes; if all are as long as 600 123 456, they are
// telephone numbers.
func (c *column) amountsWith(decimal byte) (read []entry, all notation, ok bool) {
	read = slices.Clone(c.entries)
	first, grouped, codes, long := true, 0, 0, 0
	for k, e := range read {
		if e.kind == token {
			continue
		}
		x, n, _, ok := parseAmount(e.text, decimal)
		if !ok || !first && (n.currency != all.currency || n.percent != all.percent || n.group != 0 && all.group != 0 && n.group != all.group) {
			return nil, all, false
		}
		if math.Abs(x) >= 1e8 && n.group == ' ' {
			long++
		}
		if n.group != 0 {
			grouped++
			if c.hasAll(strings.FieldsFunc(e.text, func(r rune) bool { return !unicode.IsDigit(r) })) {
				codes++
			}
		} else {
			n.group = all.group
		}
		first, all = false, n
		read[k].number, read[k].kind = x, number
	}
	return read, all, !first && (codes < 2 || codes < grouped) && (long == 0 || long < len(read))
}

func (c *column) hasAll(cells []string) bool {
	for _, cell := range cells {
		if _, ok := c.places[cell]; !ok {
			return false
		}
	}
	return true
}

// oneGroup reports whether all cells with a mark between thousands could have it before
// their decimals: 1,234, but not 1,234,567.
func (c *column) oneGroup(n notation) bool {
	return n.currency == "" && !n.percent && !slices.ContainsFunc(c.entries, func(e entry) bool {
		return strings.Count(e.text, string(n.group)) > 1 || strings.Count(e.text, ".") > 0
	})
}

// thousands reads points as between thousands in a text with semicolons, none of whose
// numbers can only have a decimal point: where all numbers of the column with a point have
// three digits after it and the others are below 1000. Where there are no others, it is not
// certain.
func (c *column) thousands(d *dialect) {
	if !d.pointDoubt || c.numbers != nil {
		return
	}
	read := slices.Clone(c.entries)
	pointed, small := 0, 0
	for k, e := range read {
		text := trimmed(e.text)
		switch {
		case e.kind != number:
		case maybeThousands([]byte(text), '.'):
			pointed++
			read[k].number = 1000 * e.number
		case strings.Contains(text, ".") || e.number >= 1000 || e.number <= -1000:
			return
		default:
			small++
		}
	}
	switch {
	case pointed > 0 && small > 0:
		c.entries, c.notation = read, notation{decimal: ',', group: '.'}
	case pointed > 0:
		c.doubt = true
	}
}

// noteAmounts says how numbers were read that are not plain.
func (rd *reader) noteAmounts(columns []*column) {
	var order []notation
	names := map[notation][]string{}
	var doubtful []string
	for j, c := range columns {
		if c == nil {
			continue
		}
		if c.doubt {
			doubtful = append(doubtful, rd.names[j])
		}
		if c.notation == (notation{}) {
			continue
		}
		if names[c.notation] == nil {
			order = append(order, c.notation)
		}
		names[c.notation] = append(names[c.notation], rd.names[j])
	}
	for _, n := range order {
		rd.Note(survey.NoticeDialect, names[n], "%s: texts were read as numbers with %s", raw.Listed(names[n]), n)
	}
	if doubtful != nil {
		rd.Note(survey.NoticeMixed, doubtful, "%s: the point in all numbers is followed by three digits and was read as the decimal point; if it is between thousands, set the option decimal_comma", raw.Listed(doubtful))
	}
}
