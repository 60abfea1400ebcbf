package por

import (
	"bufio"
	"io"

	"surveykit/survey/ingest/raw"
)

// lineLength is the length that shorter lines are filled up to with blanks.
const lineLength = 80

// scanner gives the characters of a portable file in ASCII, without line ends.
// The first failure sticks, and every read after it gives zeros.
type scanner struct {
	src *bufio.Reader
	// at is the place in the file, column the place in the line.
	at     int64
	column int
	// blanks are still to come in the place of what a short line lacks.
	blanks int
	// ascii translates the file's characters.
	ascii [256]byte
	// ahead is the next character where it has been looked at.
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

// read takes a character from the line, or a blank behind its end.
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

// str reads a text: its length, and so many characters.
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
		s.damage("%s is %v, no whole number", what, x)
		return 0
	}
	return n
}
