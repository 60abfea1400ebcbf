package privacy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// texts is a column of the cells, missing where they are empty.
func texts(name string, cells ...string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Text, Texts: &survey.TextColumn{}}
	at := map[string]int32{}
	for _, cell := range cells {
		if cell == "" {
			v.Texts.Index.Append(-1)
			continue
		}
		if _, ok := at[cell]; !ok {
			at[cell] = int32(len(v.Texts.Values))
			v.Texts.Values = append(v.Texts.Values, cell)
		}
		v.Texts.Index.Append(at[cell])
	}
	return v
}

func numbers(name string, values ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(values)}
}

func table(vars ...*survey.Variable) *survey.Table {
	return &survey.Table{Rows: vars[0].Len(), Variables: vars, Sources: []survey.Source{{Path: "data.csv", Rows: vars[0].Len()}}}
}

// The examples are the schemes' own, or those of their reference articles.
var identifiers = map[Kind][]string{
	Email:       {"ada@example.org", "write to zoë.b+x@mail.example.co.uk please", "用户@例子.公司"},
	Phone:       {"+49 170 1234567", "(555) 234-5678", "call 555-234-5678 after six", "030 1234 5678", "+442079460958"},
	IP:          {"192.0.2.17", "2001:db8::8a2e:370:7334", "came from 198.51.100.7."},
	Location:    {"48.13743, 11.57549", "at -33.8568;151.2153"},
	PaymentCard: {"4111 1111 1111 1111", "Amex 378282246310005", "paid by 5555-5555-5555-4444"},
	BankAccount: {"GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"},
	Name:        {"my name is Ada", "Ich heiße Kim", "me llamo Ana", "меня зовут Анна", "我叫小明"},
	NationalID: {"078-05-1120", "SIN 130 692 544", "AB 12 34 56 C", "12345678Z", "X1234567L", "RSSMRA85T10A562S", "529.982.247-25",
		"811218-9876", "2 55 08 14 168 025 38", "11010519491231002X", "HEGG560427MVZRRL04"},
}

// harmless looks like the above, and is not.
var harmless = []string{
	"2011-05-03 12:30", "03/05/2011", "12:30:15", "12.50", "1234567890", "@home", "a@b", "10.0.19042.1", "v1.2.3", "4111 1111 1111 1112", "GB82 WEST 1234 5698 7654 33",
	"078-00-1120", "666-05-1120", "12345678A", "RSSMRA85T10A562T", "529.982.247-26", "811218-9877", "11010519491231002Y", "110105194912310021", "2 55 08 14 168 025 39",
	"200, 300", "+1 234 567 in 2011", "+12345678901234567", "95.12345, 11.57549", "the name is known", "3 of 10 people", "18-24", "$1,250.00", "Q12_3", "::", "000.000.000-00", "1985-1990",
}

func TestHeld(t *testing.T) {
	for kind, examples := range identifiers {
		for _, s := range examples {
			if got := held(s); !slices.Contains(got, kind) {
				t.Errorf("%q holds %v, not seen to hold %s", s, got, article(kind))
			}
		}
	}
	for _, s := range harmless {
		if got := held(s); len(got) > 0 {
			t.Errorf("%q is taken for %v", s, got)
		}
	}
}

func TestHeldIsSafeForAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held(rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9A-Z+@. :-]{0,40}`)).Draw(t, "text"))
	})
}

// The look that comes before the patterns hides nothing from them.
func TestTraitsHideNothing(t *testing.T) {
	var examples []string
	for _, list := range identifiers {
		examples = append(examples, list...)
	}
	slices.Sort(examples)
	piece := rapid.OneOf(rapid.SampledFrom(examples), rapid.StringMatching(`[0-9A-Z+@.,: /()-]{0,12}`))
	all := traits{run: 99, mixed: true}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 1, 3).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " ", ", "}).Draw(t, "between"))
		got := held(s)
		for kind, holds := range map[Kind]func(string) bool{
			Email: emailPattern().MatchString, Phone: holdsPhone, IP: holdsIP, Location: holdsPair, PaymentCard: holdsCard, BankAccount: holdsIBAN, Name: holdsName,
			NationalID: func(s string) bool { return holdsNationalID(s, all) },
		} {
			if holds(s) != slices.Contains(got, kind) {
				t.Fatalf("%q: %s is %v, held says %v", s, kind, holds(s), got)
			}
		}
	})
}

// Every digit of a number with a check digit counts: another last digit fails.
func TestCheckDigits(t *testing.T) {
	for name, c := range map[string]struct {
		number string
		valid  func(string) bool
	}{
		"Luhn": {"79927398713", luhn}, "Steuer-ID": {"86095742719", german}, "CPF": {"52998224725", brazilian}, "Verhoeff": {"2363", verhoeff},
		"BSN": {"111222333", digitChecks[0].valid}, "PESEL": {"44051401359", digitChecks[1].valid},
	} {
		for digit := range 10 {
			s := c.number[:len(c.number)-1] + fmt.Sprint(digit)
			if got := c.valid(s); got != (s == c.number) {
				t.Errorf("%s: %s is valid: %v", name, s, got)
			}
		}
	}
}

func TestScanByValues(t *testing.T) {
	cells := make([]string, 10)
	for i := range cells {
		cells[i] = fmt.Sprintf("person%d@example.org", i)
	}
	found := Scan(table(texts("q7", cells...)))
	if len(found) != 1 || found[0] != (Finding{"q7", Email, "the values look like e-mail addresses", 10, 1}) {
		t.Errorf("a column of addresses: %+v", found)
	}
	for i := range cells {
		if i != 3 && i != 4 {
			cells[i] = fmt.Sprintf("I liked product %d best", i)
		}
	}
	cells[9] = ""
	found = Scan(table(texts("comment", cells...)))
	if len(found) != 1 || found[0] != (Finding{"comment", Email, "text in which some values hold an e-mail address", 2, 2. / 9}) {
		t.Errorf("free text: %+v", found)
	}
}

// Numbers of nothing but digits pass a check now and then; a column of them does not.
func TestScanDigitIDs(t *testing.T) {
	var bsn, random []float64
	for x := 111222333.; len(bsn) < 40; x++ {
		random = append(random, x)
		if digitChecks[0].valid(fmt.Sprintf("%.0f", x)) {
			bsn = append(bsn, x)
		}
	}
	random = random[:40]
	var cards, cases []string
	for x := 4111111111111111; len(cards) < 40; x++ {
		if cases = append(cases, fmt.Sprint(x)); luhn(fmt.Sprint(x)) {
			cards = append(cards, fmt.Sprint(x))
		}
	}
	found := Scan(table(numbers("x", bsn...), numbers("y", random...), texts("z", cards...), texts("case", cases...)))
	if len(found) != 2 || found[0].Variable != "x" || found[0].Kind != NationalID || found[0].Rows != 40 || found[1].Variable != "z" || found[1].Kind != PaymentCard {
		t.Errorf("got %+v", found)
	}
}

func TestScanByName(t *testing.T) {
	people := []string{"Ada Byron", "Kim Lee", "Ana Paz", "Jo Roe"}
	for name, want := range map[string]Kind{
		"first_name": Name, "RecipientLastName": Name, "Vorname": Name, "Prénom": Name, "Имя": Name, "姓名": Name, "名前": Name, "name": Name,
		"brand_name": "", "Strasse": Address, "home address": Address, "E-Mail": Email, "emailHash": Email, "ssn": NationalID, "Passport number": NationalID, "dob": Birth, "opinion": "",
		"IPAddress": IP, "Telefonnummer": Phone, "iban2": BankAccount, "filename": "",
	} {
		found := Scan(table(texts(name, people...)))
		if want == "" && len(found) > 0 || want != "" && (len(found) != 1 || found[0].Kind != want || found[0].Rows != 4) {
			t.Errorf("%s: %+v, want %q", name, found, want)
		}
	}
	byLabel := texts("q1", people...)
	byLabel.Label = "Your full name"
	asked := texts("q2", people...)
	asked.Label = "Do you give your phone number to companies when they ask?"
	if found := Scan(table(byLabel, asked)); len(found) != 1 || found[0].Variable != "q1" {
		t.Errorf("by label: %+v", found)
	}
}

// Answers about an identifier are not one: few values, or labelled ones.
func TestScanLeavesAnswersAlone(t *testing.T) {
	var yes []float64
	var words []string
	for i := range 100 {
		yes = append(yes, float64(i%5))
		words = append(words, []string{"often", "never", "sometimes"}[i%3])
	}
	labelled := texts("email", "a@example.org", "b@example.org")
	labelled.Codes = []survey.Code{{Value: survey.TextValue("a@example.org"), Label: "A"}}
	if found := Scan(table(numbers("channel_phone", yes...), texts("use_of_email", words...), numbers("latitude", 1, 2, 3), labelled, texts("email"))); len(found) > 0 {
		t.Errorf("got %+v", found)
	}
}

func TestScanLocation(t *testing.T) {
	found := Scan(table(numbers("LocationLatitude", 48.13743, 52.52, 50.1109), numbers("LocationLongitude", 11.57549, 13.405, 8.6821), numbers("lat", 48, 52, 50)))
	if len(found) != 2 || found[0].Kind != Location || found[1].Kind != Location {
		t.Errorf("got %+v", found)
	}
}

// No finding quotes what it found.
func TestFindingsQuoteNothing(t *testing.T) {
	for _, examples := range identifiers {
		for _, f := range Scan(table(texts("x", examples...))) {
			for _, s := range examples {
				if strings.Contains(fmt.Sprintf("%+v", f), s) {
					t.Errorf("%+v quotes %q", f, s)
				}
			}
		}
	}
}

func BenchmarkScanMillionTexts(b *testing.B) {
	cells := make([]string, 1_000_000)
	for i := range cells {
		cells[i] = fmt.Sprintf("answer %d: the service was good, but we waited %d minutes", i, i%60)
	}
	t := table(texts("comment", cells...))
	for b.Loop() {
		Scan(t)
	}
}
