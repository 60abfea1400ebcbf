package ingest

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"surveykit/survey"
)

// Mentioned names the columns of a dictionary that texts mention: those whose names
// are a word of a text, as the variables of an expression are; those of the sets that
// are; those that a text fits as a pattern, such as w_*, alone or as a set; and the
// file's own weight. A word ends at an underscore, too, so that q_1 mentions the column
// q of which a set is made. All columns that the texts name are found, and now and
// then one more.
func Mentioned(dictionary *survey.Table, texts []string) []string {
	all := strings.Join(texts, "\n")
	wanted := map[string]bool{dictionary.Weight: true}
	for _, s := range dictionary.Sets {
		if name := strings.TrimPrefix(s.Name, "$"); hasWord(all, name) || fits(texts, name) || fits(texts, s.Name) {
			for _, name := range s.Variables {
				wanted[name] = true
			}
		}
	}
	names := []string{}
	for _, v := range dictionary.Variables {
		if wanted[v.Name] || hasWord(all, v.Name) || hasWord(all, strings.ReplaceAll(v.Name, "`", "``")) || fits(texts, v.Name) {
			names = append(names, v.Name)
		}
	}
	return names
}

// hasWord reports whether a word is in a text between characters that are no letters
// and no digits, unless it has others at its own ends.
func hasWord(text, word string) bool {
	inner := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	first, _ := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(word)
	for from := 0; word != ""; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !(inner(first) && inner(before)) && !(inner(last) && inner(after)) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		from = at + size
	}
	return false
}

// fits reports whether any text is a pattern of the name.
func fits(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}
