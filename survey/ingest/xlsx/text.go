package xlsx

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"

	"surveykit/survey/ingest/office"
)

// readText adds the text of the current element: all of <t> in it, but no phonetic
// readings.
func readText(p *office.Part, text *strings.Builder) {
	depth, phonetic := p.Depth(), 0
	for p.Depth() >= depth {
		switch t := p.Token().(type) {
		case nil:
			return
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				phonetic = p.Depth()
			}
		case xml.EndElement:
			if p.Depth() < phonetic {
				phonetic = 0
			}
		case xml.CharData:
			if phonetic == 0 && p.In() == "t" {
				text.Write(t)
			}
		}
	}
}

// readValue adds the characters of the current element.
func readValue(p *office.Part, text *strings.Builder) {
	for depth := p.Depth(); p.Depth() >= depth; {
		switch t := p.Token().(type) {
		case nil:
			return
		case xml.CharData:
			text.Write(t)
		}
	}
}

// number is a whole number that is not negative, else -1.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return -1
	}
	return int(n)
}

// unescaped is a text of which characters that XML cannot have are written as _xHHHH_.
// Line ends become \n.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		k := strings.Index(s, "_x")
		if k < 0 || len(s) < k+7 {
			break
		}
		code, err := strconv.ParseUint(s[k+2:k+6], 16, 16)
		if r := rune(code); err != nil || s[k+6] != '_' || !utf8.ValidRune(r) || r == 0 {
			b.WriteString(s[:k+2])
			s = s[k+2:]
			continue
		}
		b.WriteString(s[:k])
		b.WriteRune(rune(code))
		s = s[k+7:]
	}
	b.WriteString(s)
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(b.String())
}
