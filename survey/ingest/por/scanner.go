package por

import (
	"bufio"
	"io"
	"math"
	"math/big"
	"strings"

	"surveykit/survey/ingest/raw"
)

// lineLength is the length to which shorter lines are padded with blanks.
const lineLength = 80

// scanner reads the characters of a portable file in ASCII, without line ends.
// The first failure sticks, and every read after it gives zeros.
type scanner struct {
	src *bufio.Reader
	// at is the place in the file, column the place in the line.
	at     int64
	column int
	// blanks is the number of blanks left to pad a short line.
	blanks int
	// ascii translates the file's characters.
	ascii [256]byte
	// ahead is the next character where looked is set.
	ahead  byte
	looked bool
	err    error
}

func newScanner(r io.Reader) *scanner {
	s := &scanner{src: bufio.NewReaderSize(r, 1<<16)}
	for i := range s.ascii {
		s.ascii[i] = byte(i)
	}
	return s
}

// damage is the failure of bytes that do not follow the format.
func (s *scanner) damage(format string, args ...any) {
	if s.err == nil {
		s.err = raw.Damaged(s.at, format, args...)
	}
}

// peek looks at the next character.
func (s *scanner) peek() byte {
	if !s.looked {
		s.ahead, s.looked = s.read(), true
	}
	return s.ahead
}

// next reads a character.
func (s *scanner) next() byte {
	c := s.peek()
	s.looked = false
	return c
}

// read takes a character from the line, or a blank after its end.
func (s *scanner) read() byte {
	for s.err == nil {
		if s.blanks > 0 {
			s.blanks--
			return ' '
		}
		b, err := s.src.ReadByte()
		switch {
		case err == io.EOF:
			s.damage("the file ends too early")
			return 0
		case err != nil:
			s.err = err
			return 0
		}
		s.at++
		switch b {
		case '\r':
		case '\n':
			s.blanks = max(0, lineLength-s.column)
			s.column = 0
		default:
			s.column++
			return s.ascii[b]
		}
	}
	return 0
}

// take reads n characters.
func (s *scanner) take(n int) []byte {
	var b []byte
	for len(b) < n && s.err == nil {
		b = append(b, s.next())
	}
	return b
}

// str reads a text: its length, and that many characters.
func (s *scanner) str() []byte {
	const most = 65535
	n := s.integer("a text's length")
	if n < 0 || n > most {
		s.damage("a text has %d characters, not 0 to %d", n, most)
		return nil
	}
	return s.take(n)
}

// integer reads a number that must be a whole one.
func (s *scanner) integer(what string) int {
	x := s.number()
	n := int(x)
	if s.err == nil && float64(n) != x {
		s.damage("%s is %v, not a whole number", what, x)
		return 0
	}
	return n
}

const (
	base   = 30
	digits = "0123456789ABCDEFGHIJKLMNOPQRST"
	// maxDigits and maxExponent bound the work for one number; no float64 needs more.
	maxDigits   = 400
	maxExponent = 400
	// exactDigits is how many digits, and powers of 30, a float64 holds exactly.
	exactDigits = 10
)

// number reads a number up to its stroke: blanks, a minus, base-30 digits with a
// point among them, and an exponent of 30. An asterisk and one more character are
// the missing value, NaN.
func (s *scanner) number() float64 {
	for s.peek() == ' ' {
		s.next()
	}
	if s.peek() == '*' {
		s.take(2)
		return math.NaN()
	}
	negative := s.accept('-')
	whole := s.digits(nil)
	all, exponent := whole, 0
	if s.accept('.') {
		all = s.digits(whole)
		exponent = len(whole) - len(all)
	}
	switch {
	case s.accept('+'):
		exponent += s.exponent()
	case s.accept('-'):
		exponent -= s.exponent()
	}
	if c := s.next(); s.err == nil && (c != '/' || len(all) == 0) {
		s.damage("a number in base 30 and a stroke should be here: it continues with %q", rune(c))
	}
	x := scaled(all, exponent)
	if math.IsInf(x, 0) {
		s.damage("a number is too large")
	}
	if negative {
		return -x
	}
	return x
}

// accept reads the character c if it is the next one.
func (s *scanner) accept(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.next()
	return true
}

// digits appends the values of the base-30 digits that follow.
func (s *scanner) digits(all []byte) []byte {
	for s.err == nil {
		d := strings.IndexByte(digits, s.peek())
		if d < 0 {
			break
		}
		if len(all) == maxDigits {
			s.damage("a number has more than %d digits", maxDigits)
			break
		}
		all = append(all, byte(d))
		s.next()
	}
	return all
}

// exponent reads an exponent without its sign.
func (s *scanner) exponent() (e int) {
	for _, d := range s.digits(nil) {
		e = min(base*e+int(d), maxExponent+1)
	}
	if e > maxExponent {
		s.damage("a number has an exponent over %d", maxExponent)
	}
	return e
}

// scaled is the number with these digits times 30 to the exponent, rounded to the nearest float64.
func scaled(digits []byte, exponent int) float64 {
	if len(digits) <= exactDigits && -exactDigits <= exponent && exponent <= 0 {
		var u uint64
		for _, d := range digits {
			u = base*u + uint64(d)
		}
		return float64(u) / math.Pow(base, float64(-exponent))
	}
	// 64 bits more than a float64 has keep the intermediate roundings out of the result.
	const precision = 53 + 64
	x := new(big.Float).SetPrec(precision)
	for _, d := range digits {
		x.Mul(x, big.NewFloat(base)).Add(x, big.NewFloat(float64(d)))
	}
	power := new(big.Float).SetPrec(precision).SetInt(new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(max(exponent, -exponent))), nil))
	if exponent < 0 {
		x.Quo(x, power)
	} else {
		x.Mul(x, power)
	}
	f, _ := x.Float64()
	return f
}
