package draft

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

var (
	// number is a question's number before its wording: "Q5. ", "[Q5a] ", "5) ", "Q5_1: ".
	number = pattern.Lazy(`^[\[(]?(?i:q|qn|qst|question|frage|item|[a-z])?[ _.]?[0-9]+[A-Za-z]?(?:[._-][0-9]+[A-Za-z]?)*(?:[\])]+[.:]?|[.:)]|\s*[|–—-])\s+`)
	// named is a name before a wording: "SOCMEDIAUSEb. ", "F_REG: ".
	named = pattern.Lazy(`^[\[(]?([\pL][\pL\pN_]*)(?:[\])]+[.:]?|[.:)])\s+`)
	// choice is what Qualtrics adds to the wording of a closed question.
	choice = pattern.Lazy(`(?i)\s*[-–:]\s*selected choice\b`)
)

// wordingOf is a question's wording on one line: the label, or a name that is a
// heading of words, without the question's number or the variable's name before it
// and without what platforms add. It is "" where there is none.
func wordingOf(v *survey.Variable) string {
	label := onOneLine(v.Label)
	if label == "" && strings.ContainsFunc(strings.TrimSpace(v.Name), unicode.IsSpace) {
		label = onOneLine(v.Name)
	}
	return strings.Trim(withoutHead(label, v.Name), "*_")
}

// withoutHead is a label without the number or name before it.
func withoutHead(label, name string) string {
	label = strings.TrimSpace(choice().ReplaceAllString(label, ""))
	head := number().FindString(label)
	if m := named().FindStringSubmatch(label); head == "" && m != nil && utf8.RuneCountInString(m[1]) > 1 && strings.Contains(strings.ToLower(name), strings.ToLower(m[1])) {
		head = m[0]
	}
	if rest := strings.TrimSpace(label[len(head):]); strings.ContainsFunc(rest, unicode.IsLetter) {
		return rest
	}
	return label
}

// onOneLine is a text without control characters, and with one blank between its words.
func onOneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}

// shortened is a text of at most n letters, cut between words where it is longer.
func shortened(s string, n int) string {
	letters := []rune(s)
	if len(letters) <= n {
		return s
	}
	cut := string(letters[:n-1])
	if k := strings.LastIndexByte(cut, ' '); k > len(cut)/2 {
		cut = cut[:k]
	}
	return strings.TrimRight(cut, " ,;:–-") + "…"
}

// stem is what the wordings of several items begin, or end, with; items are what
// is left of each. sure is false where no sign parts the two.
type stem struct {
	text  string
	items []string
	sure  bool
}

// leastStem is the least number of letters that wordings have in common, leastSigned where
// a sign parts them from the rest.
const (
	leastStem   = 10
	leastSigned = 4
)

// stemOf finds what wordings have in common; ok is false where that is not enough or
// leaves nothing of one of them.
func stemOf(texts []string) (s stem, ok bool) {
	head := texts[0]
	for _, t := range texts[1:] {
		head = head[:common(head, t)]
	}
	begin, sure := cutAfterSign(head)
	rest := make([]string, len(texts))
	for k, t := range texts {
		rest[k] = t[len(begin):]
	}
	if sure && utf8.RuneCountInString(begin) >= leastSigned {
		return finished(begin, rest, true)
	}
	tail := rest[0]
	for _, t := range rest[1:] {
		tail = tail[len(tail)-commonEnd(tail, t):]
	}
	end, signed := cutBeforeSign(tail)
	for k, t := range rest {
		rest[k] = t[:len(t)-len(end)]
	}
	if utf8.RuneCountInString(begin)+utf8.RuneCountInString(end) < leastStem {
		return stem{}, false
	}
	if !sure && !signed && alike(rest) {
		return stem{}, false // the difference is further on
	}
	if end = strings.TrimLeft(end, " :–—-]"); begin != "" && strings.ContainsFunc(end, unicode.IsLetter) {
		between := " … "
		if sure {
			between = " – "
		}
		begin = strings.TrimRight(begin, " :–—-") + between
	}
	return finished(begin+end, rest, sure || signed && begin == "")
}

// alike reports whether all items begin with the same letters.
func alike(items []string) bool {
	const letters = 3
	for _, item := range items {
		if common(item, items[0]) < letters {
			return false
		}
	}
	return true
}

// finished trims the signs between stem and items.
func finished(text string, items []string, sure bool) (stem, bool) {
	s := stem{text: strings.TrimRight(strings.TrimSpace(text), " :–—-([|"), items: items, sure: sure}
	seen := map[string]bool{}
	for k, item := range items {
		item = strings.Trim(strings.TrimSpace(item), " :–—-|[]")
		item = strings.TrimPrefix(item, "choice=")
		if strings.HasSuffix(item, ")") && !strings.Contains(item, "(") {
			item = strings.TrimSuffix(item, ")")
		}
		s.items[k] = strings.TrimSpace(item)
		if seen[s.items[k]] || !strings.ContainsFunc(item, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			return stem{}, false
		}
		seen[s.items[k]] = true
	}
	return s, true
}

// common is the length of what two texts begin with, in whole letters.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		r, size := utf8.DecodeRuneInString(a[n:])
		if other, _ := utf8.DecodeRuneInString(b[n:]); other != r {
			break
		}
		n += size
	}
	return min(n, len(b))
}

func commonEnd(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		r, size := utf8.DecodeLastRuneInString(a[:len(a)-n])
		if other, _ := utf8.DecodeLastRuneInString(b[:len(b)-n]); other != r {
			break
		}
		n += size
	}
	return min(n, len(b))
}

// cutAfterSign cuts a beginning after the last sign that parts a stem from an item,
// or else after its last word; sure says which.
func cutAfterSign(s string) (string, bool) {
	at := -1
	for i, r := range s {
		after := i + utf8.RuneLen(r)
		followed := after < len(s) && s[after] == ' '
		switch r {
		case '?', ':', '.', '!', '–', '—', '-', '|':
			if followed || after == len(s) && r != '-' && r != '.' {
				at = after
			}
		case '…', '[', '？', '：', '＿':
			at = after
		case '(':
			if strings.HasPrefix(s[after:], "choice=") {
				at = after
			}
		}
	}
	if at >= 0 {
		return s[:at], true
	}
	return s[:strings.LastIndexByte(s, ' ')+1], false
}

// cutBeforeSign cuts an end before the first sign that parts an item from a stem, or
// else before its first word.
func cutBeforeSign(s string) (string, bool) {
	for _, sign := range []string{"] ", ": ", " - ", " – ", " | "} {
		if k := strings.Index(s, sign); k >= 0 {
			return s[k:], true
		}
	}
	if k := strings.IndexByte(s, ' '); k >= 0 {
		return s[k:], false
	}
	return "", false
}
