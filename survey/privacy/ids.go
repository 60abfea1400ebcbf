package privacy

import (
	"iter"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"surveykit/survey/pattern"
)

// nationalIDs are numbers that are recognised by their form or check characters.
var nationalIDs = []struct {
	// letters means that there are capital letters among the digits.
	letters bool
	form    func() *regexp.Regexp
	valid   func(string) bool
}{
	// United States: no area 000, 666 or 900 and over, no group 00, no serial 0000.
	{false, pattern.Lazy(`(?:^|[^0-9-])([0-9]{3}-[0-9]{2}-[0-9]{4})(?:$|[^0-9-])`), socialSecurity},
	// Canada: three groups of three, Luhn.
	{false, pattern.Lazy(`(?:^|[^0-9-])([1-79][0-9]{2}[ -][0-9]{3}[ -][0-9]{3})(?:$|[^0-9-])`), luhn},
	// United Kingdom: the letters in use.
	{true, pattern.Lazy(`\b([ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D])\b`), always},
	// Spain: DNI and NIE with their letter.
	{true, pattern.Lazy(`\b([0-9XYZ][0-9]{7}-?[A-Z])\b`), spanish},
	// Italy: codice fiscale with its letter.
	{true, pattern.Lazy(`\b([A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z])\b`), italian},
	// Mexico: CURP.
	{true, pattern.Lazy(`\b([A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX][A-Z]{5}[A-Z0-9][0-9])\b`), always},
	// Brazil: CPF in its usual form.
	{false, pattern.Lazy(`(?:^|[^0-9])([0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2})(?:$|[^0-9])`), brazilian},
	// Sweden: personnummer, Luhn over the last ten digits.
	{false, pattern.Lazy(`(?:^|[^0-9-])((?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{2}[-+][0-9]{4})(?:$|[^0-9-])`), func(s string) bool { d := onlyDigits(s); return luhn(d[len(d)-10:]) }},
	// France: NIR with its key, 97 less the rest.
	{false, pattern.Lazy(`(?:^|[^0-9])([12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2})(?:$|[^0-9])`), french},
	// China: date of birth and check sign (GB 11643).
	{false, pattern.Lazy(`(?:^|[^0-9])([1-9][0-9]{16}[0-9Xx])(?:$|[^0-9])`), chinese},
}

// holdsNationalID reports whether a text contains a number of nationalIDs.
func holdsNationalID(text string, t traits) bool {
	if len(text) == 15 && countDigits(text) == 15 {
		return false // see digitChecks
	}
	for _, id := range nationalIDs {
		if id.letters && !t.mixed || !id.letters && t.run < 9 {
			continue
		}
		for _, m := range id.form().FindAllStringSubmatch(text, -1) {
			if id.valid(m[1]) {
				return true
			}
		}
	}
	return false
}

// digitChecks are numbers of digits only. One number in ten passes by chance, so
// nearly all values of a column must pass.
var digitChecks = []struct {
	kind   Kind
	digits int
	valid  func(string) bool
}{
	{NationalID, 9, func(s string) bool { return weighted(s, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0 }},       // Netherlands: BSN
	{NationalID, 11, func(s string) bool { return weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0 }}, // Poland: PESEL
	{NationalID, 11, german},
	{NationalID, 11, brazilian},
	{NationalID, 12, verhoeff}, // India: Aadhaar
	{NationalID, 9, luhn},      // Canada: SIN
	{NationalID, 15, french},
	{PaymentCard, 15, luhn},
	{PaymentCard, 16, luhn},
}

const (
	// nearlyAll is the share of values that must pass a check of digits.
	nearlyAll = 0.95
	// fewest is how many different values are needed: by chance 8 pass once in 10⁸.
	fewest = 8
)

// digitIDs checks whether nearly all values are numbers of one national scheme.
func (c *column) digitIDs(texts iter.Seq[string]) []Finding {
	total := 0
	passed := make([]int, len(digitChecks))
	for text := range texts {
		total++
		for k, check := range digitChecks {
			if len(text) == check.digits && countDigits(text) == check.digits && check.valid(text) {
				passed[k]++
			}
		}
		if total == 10*fewest && slices.Max(passed) <= total/2 {
			return nil
		}
	}
	for k, check := range digitChecks {
		if total >= fewest && float64(passed[k]) >= nearlyAll*float64(total) {
			share := float64(passed[k]) / float64(total)
			return []Finding{{c.Name, check.kind, "nearly all values have the check digit of a " + string(check.kind), int(share*float64(c.valid) + 0.5), share}}
		}
	}
	return nil
}

func always(string) bool { return true }

// weighted is the sum of digits times weights; -1, which passes no check, where the
// digits are all zero.
func weighted(digits string, weights ...int) int {
	if strings.Trim(digits, "0") == "" {
		return -1
	}
	sum := 0
	for i, w := range weights {
		sum += w * int(digits[i]-'0')
	}
	return sum
}

// luhn checks the last digit: every second digit from the right counts double.
// Source: ISO/IEC 7812-1, annex B.
func luhn(s string) bool {
	digits := onlyDigits(s)
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum > 0 && sum%10 == 0
}

func socialSecurity(s string) bool {
	return s[:3] != "000" && s[:3] != "666" && s[0] != '9' && s[4:6] != "00" && s[7:] != "0000"
}

// spanish checks the letter: the number modulo 23, X, Y and Z being 0, 1 and 2.
func spanish(s string) bool {
	number := strings.NewReplacer("X", "0", "Y", "1", "Z", "2").Replace(s[:1]) + s[1:8]
	n := 0
	for _, r := range number {
		n = n*10 + int(r-'0')
	}
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n%23] == s[len(s)-1]
}

// italian checks the last letter of a codice fiscale (DM 23 December 1976).
func italian(s string) bool {
	odd := [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for i := range 15 {
		k := int(s[i] - 'A')
		if s[i] <= '9' {
			k = int(s[i] - '0')
		}
		if i%2 == 0 {
			k = odd[k]
		}
		sum += k
	}
	return byte('A'+sum%26) == s[15]
}

// brazilian checks both digits of a CPF.
func brazilian(s string) bool {
	d := onlyDigits(s)
	if strings.Count(d, d[:1]) == len(d) {
		return false
	}
	check := func(n int) bool {
		sum := 0
		for i := range n {
			sum += int(d[i]-'0') * (n + 1 - i)
		}
		return sum*10%11%10 == int(d[n]-'0')
	}
	return check(9) && check(10)
}

func french(s string) bool {
	d := onlyDigits(s)
	body, _ := new(big.Int).SetString(d[:13], 10)
	key, _ := new(big.Int).SetString(d[13:], 10)
	return 97-new(big.Int).Mod(body, big.NewInt(97)).Int64() == key.Int64()
}

func chinese(s string) bool {
	born, err := time.Parse("20060102", s[6:14])
	if err != nil || born.Year() < 1900 {
		return false
	}
	sum := weighted(s[:17], 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	return "10X98765432"[sum%11] == strings.ToUpper(s)[17]
}

// german checks the last digit of the tax id (ISO 7064, MOD 11,10).
func german(s string) bool {
	product := 10
	for i := range 10 {
		sum := (int(s[i]-'0') + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = 2 * sum % 11
	}
	return s[0] != '0' && (11-product)%10 == int(s[10]-'0')
}

// verhoeff checks the last digit by Verhoeff's scheme (1969) in the dihedral group of order 10.
func verhoeff(s string) bool {
	turn := [10]int{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}
	c := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		for range i % 8 {
			d = turn[d]
		}
		c = dihedral(c, d)
	}
	return s[0] >= '2' && c == 0
}

// dihedral multiplies two elements: 0 to 4 are rotations, 5 to 9 reflections.
func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b-5)%5
	case b < 5:
		return 5 + (a-5+5-b)%5
	}
	return (a - b + 5) % 5
}
