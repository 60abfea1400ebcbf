package privacy

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"surveykit/survey/pattern"
)

var (
	emailPattern = pattern.Lazy(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}`)
	// A telephone number is international with +, North American in three groups,
	// or national with a leading zero and at least two groups.
	phonePattern = pattern.Lazy(`\+[1-9][0-9 ./()-]{6,18}[0-9]|(?:^|[^0-9.-])(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}(?:$|[^0-9])|(?:^|[^0-9.,:/-])\(?0[1-9][0-9]{1,4}\)?[ /-]{1,3}[0-9]{3}[0-9 -]{2,8}[0-9](?:$|[^0-9])`)
	pairPattern  = pattern.Lazy(`(-?[0-9]{1,3}\.[0-9]{3,})°? ?[NSns]?[,; ]{1,3}(-?[0-9]{1,3}\.[0-9]{3,})`)
	cardPattern  = pattern.Lazy(`(?:^|[^0-9])([2-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,7}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})(?:$|[^0-9])`)
	ibanPattern  = pattern.Lazy(`\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b`)
	ipRun        = pattern.Lazy(`[0-9A-Fa-f:.]{6,45}`)
)

// selfNamed are phrases, in lower case, with which people give their name in free text.
var selfNamed = []string{"my name is ", "i am called ", "ich heiße ", "ich heisse ", "mein name ist ", "je m'appelle ", "je m’appelle ", "mon nom est ", "me llamo ", "mi nombre es ",
	"mi chiamo ", "meu nome é ", "mijn naam is ", "jag heter ", "jeg heter ", "jeg hedder ", "nazywam się ", "меня зовут ", "我叫", "私の名前は"}

func holdsName(text string) bool {
	low := strings.ToLower(text)
	for _, phrase := range selfNamed {
		at := strings.Index(low, phrase)
		if at < 0 {
			continue
		}
		if before, _ := utf8.DecodeLastRuneInString(low[:at]); at == 0 || unspaced(phrase) || !unicode.IsLetter(before) {
			return true
		}
	}
	return false
}

// traits are found in one pass over a text, so that patterns are tried only where they
// can fit.
type traits struct {
	digits, dots, colons int
	// run is the most digits with only characters of numbers between them.
	run int
	// at is true with an @, mixed where a digit and a capital letter are neighbours.
	at, mixed bool
}

func traitsOf(s string) traits {
	var t traits
	run := 0
	last := byte(' ') // the last character that is neither a blank nor a hyphen
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			t.digits++
			run++
			t.run = max(t.run, run)
			t.mixed = t.mixed || last >= 'A' && last <= 'Z'
		case c == ' ' || c == '-':
			continue
		case c == '.':
			t.dots++
		case strings.IndexByte("+()/", c) < 0:
			run = 0
			if c == ':' {
				t.colons++
			}
			t.at = t.at || c == '@'
			t.mixed = t.mixed || c >= 'A' && c <= 'Z' && last >= '0' && last <= '9'
		}
		last = c
	}
	return t
}

// held lists the identifiers that a text contains, in no order.
func held(text string) []Kind {
	var out []Kind
	t := traitsOf(text)
	for _, look := range []struct {
		kind  Kind
		worth bool
		holds func(string) bool
	}{
		{Email, t.at, emailPattern().MatchString},
		{Phone, t.run >= 8, holdsPhone},
		{IP, t.dots >= 3 || t.colons >= 2, holdsIP},
		{Location, t.digits >= 8 && t.dots >= 2, holdsPair},
		{NationalID, t.run >= 9 || t.mixed, func(s string) bool { return holdsNationalID(s, t) }},
		{PaymentCard, t.run >= 13, holdsCard},
		{BankAccount, t.mixed, holdsIBAN},
		{Name, len(text) >= 8, holdsName},
	} {
		if look.worth && look.holds(text) {
			out = append(out, look.kind)
		}
	}
	return out
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// holdsPhone requires 8 to 15 digits (ITU-T E.164) that are not of a card or a bank
// account.
func holdsPhone(text string) bool {
	if holdsCard(text) || holdsIBAN(text) {
		return false
	}
	for _, m := range phonePattern().FindAllString(text, -1) {
		if n := countDigits(m); n >= 8 && n <= 15 {
			return true
		}
	}
	return false
}

func holdsIP(text string) bool {
	for _, run := range ipRun().FindAllString(text, -1) {
		run = strings.TrimRight(run, ".")
		if strings.Count(run, ".") == 3 || strings.Count(run, ":") >= 2 {
			if _, err := netip.ParseAddr(run); err == nil {
				return true
			}
		}
	}
	return false
}

// holdsPair finds a latitude and a longitude to a hundred metres or better.
func holdsPair(text string) bool {
	for _, m := range pairPattern().FindAllStringSubmatch(text, -1) {
		latitude, err1 := strconv.ParseFloat(m[1], 64)
		longitude, err2 := strconv.ParseFloat(m[2], 64)
		if err1 == nil && err2 == nil && latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180 {
			return true
		}
	}
	return false
}

// holdsCard leaves values of digits only to digitChecks: one long number in ten passes
// the check by chance.
func holdsCard(text string) bool {
	if countDigits(text) == len(text) {
		return false
	}
	for _, m := range cardPattern().FindAllStringSubmatch(text, -1) {
		if luhn(onlyDigits(m[1])) {
			return true
		}
	}
	return false
}

// holdsIBAN checks the two digits of ISO 13616: the number with its first four
// characters at the end and letters as 10 to 35 leaves 1 when divided by 97.
func holdsIBAN(text string) bool {
	for _, m := range ibanPattern().FindAllString(text, -1) {
		s := strings.ReplaceAll(m, " ", "")
		rest := 0
		for _, r := range s[4:] + s[:4] {
			if r >= 'A' {
				rest = (rest*100 + int(r-'A') + 10) % 97
				continue
			}
			rest = (rest*10 + int(r-'0')) % 97
		}
		if rest == 1 {
			return true
		}
	}
	return false
}
