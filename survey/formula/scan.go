package formula

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scan cuts the text into tokens; the last one is the end.
func (p *parser) scan() {
	for at := 0; at < len(p.text); {
		rest := p.text[at:]
		r, size := utf8.DecodeRuneInString(rest)
		t := token{kind: kind(r), text: rest[:size], at: at}
		switch {
		case unicode.IsSpace(r):
			at += size
			continue
		case r == '`':
			t.kind = name
			quoted, _, closed := strings.Cut(rest[1:], "`")
			t.text, size = quoted, len(quoted)+2
			if !closed {
				t.kind, t.text, size = '`', "`", len(rest)
			}
		case unicode.IsDigit(r):
			t.kind = number
			size = span(rest, func(r rune) bool { return unicode.IsDigit(r) || r == '.' })
			t.text = rest[:size]
		case startsName(r):
			t.kind = name
			size = span(rest, func(r rune) bool { return startsName(r) || unicode.IsDigit(r) || unicode.IsMark(r) })
			t.text = rest[:size]
		}
		p.tokens = append(p.tokens, t)
		at += size
	}
	p.tokens = append(p.tokens, token{at: len(p.text)})
}

// startsName reports whether a name may begin so: also as SPSS allows it.
func startsName(r rune) bool {
	return unicode.IsLetter(r) || strings.ContainsRune("._@#$", r)
}

// span is the length of the characters that fit.
func span(s string, fits func(rune) bool) int {
	n := strings.IndexFunc(s, func(r rune) bool { return !fits(r) })
	if n < 0 {
		return len(s)
	}
	return n
}

var syntactic = regexp.MustCompile(`^(\p{L}|\.[\p{L}_.]|\.$)[\p{L}\p{N}._]*$`)

// label is the variable as R writes it in the names of terms.
func (v variable) label() string {
	s := v.name
	if !syntactic.MatchString(s) {
		s = "`" + s + "`"
	}
	if v.factor {
		s = "factor(" + s + ")"
	}
	return s
}
