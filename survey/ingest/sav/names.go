package sav

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"surveykit/survey/ingest/raw"
)

// The longest names, in bytes.
const (
	maxName      = 64
	maxShortName = 8
)

// reserved are the words that SPSS's syntax keeps for itself.
var reserved = map[string]bool{
	"ALL": true, "AND": true, "BY": true, "EQ": true, "GE": true, "GT": true, "LE": true,
	"LT": true, "NE": true, "NOT": true, "OR": true, "TO": true, "WITH": true,
}

// namer hands out names that SPSS allows, none of them twice in any case.
type namer struct {
	longs, shorts map[string]bool
	count         int
}

func newNamer() *namer { return &namer{longs: map[string]bool{}, shorts: map[string]bool{}} }

// long is the name itself where it is allowed and free, else one near it.
func (n *namer) long(name string) string {
	good := allowed(name)
	for try, i := good, 2; ; i++ {
		if key := strings.ToUpper(try); !n.longs[key] {
			n.longs[key] = true
			return try
		}
		tail := fmt.Sprintf("_%d", i)
		try = cut(good, maxName-len(tail)) + tail
	}
}

// short is the name of up to eight bytes that stands in a variable record: the
// long name in capitals where that fits, else V and a number.
func (n *namer) short(long string, segment int) string {
	key := strings.ToUpper(long)
	if segment == 0 && len(key) <= maxShortName && raw.IsASCII([]byte(key)) && !n.shorts[key] {
		n.shorts[key] = true
		return key
	}
	for {
		n.count++
		key := fmt.Sprintf("V%d", n.count)
		if !n.shorts[key] && !n.longs[key] {
			n.shorts[key] = true
			return key
		}
	}
}

// allowed mends a name: letters, digits and . _ $ # @ only, a letter or @ first,
// no full stop last, no reserved word, at most 64 bytes.
func allowed(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("._$#@", r) {
			return r
		}
		return '_'
	}, name)
	first, _ := utf8.DecodeRuneInString(name)
	if name == "" || !unicode.IsLetter(first) && first != '@' || reserved[strings.ToUpper(name)] {
		name = "V_" + name
	}
	name = cut(name, maxName)
	if last := len(name) - 1; name[last] == '.' {
		name = name[:last] + "_"
	}
	return name
}

// cut shortens s to at most n bytes of whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
