package survey

import (
	"reflect"
	"strings"
)

// DisclosureCode is a code of practice that says what a published survey must tell.
type DisclosureCode string

// The codes of practice.
const (
	// BPC are the rules of the British Polling Council, section 2 (disclosure).
	BPC DisclosureCode = "BPC"
	// AAPOR are the immediate disclosure elements of the AAPOR Code (2021), which
	// are those of its Transparency Initiative.
	AAPOR DisclosureCode = "AAPOR"
	// ESOMAR are the notes for publication of the ESOMAR/WAPOR guideline on
	// opinion polls and published surveys (2014).
	ESOMAR DisclosureCode = "ESOMAR"
)

// DisclosureItem is one thing that readers must be told.
type DisclosureItem struct {
	// Key is the item's key under disclosure in a study file.
	Key string
	// Label heads the item in reports.
	Label string
	// Asks says what an answer holds.
	Asks string
	// Codes are those that ask for it, in the order BPC, AAPOR, ESOMAR.
	Codes []DisclosureCode
}

// DisclosureItems lists what a study is asked to disclose, in the order in
// which reports show it. What the data and the tables tell by themselves
// (sample size, precision, question wording) is not in it.
func DisclosureItems() []DisclosureItem {
	all := []DisclosureCode{BPC, AAPOR, ESOMAR}
	return []DisclosureItem{
		{"sponsor", "Sponsor", "who paid for the survey", all},
		{"conductor", "Conducted by", "who did the fieldwork", all},
		{"dates", "Field dates", "first and last day of the interviews", all},
		{"universe", "Universe", "the population that the survey speaks for", all},
		{"coverage", "Geographic coverage", "the countries or regions that were covered, and what was left out", all},
		{"sample_source", "Sample source", "the frame, the panel or the list, and how people were drawn from it", []DisclosureCode{AAPOR, ESOMAR}},
		{"incentives", "Incentives", "what people got for taking part", []DisclosureCode{AAPOR}},
		{"mode", "Mode", "how people were interviewed: web, telephone, face to face, mail", all},
		{"languages", "Languages", "the languages of the interviews", []DisclosureCode{AAPOR}},
		{"weighting", "Weighting", "how the weights were made, and to which totals", all},
		{"response_rate", "Response rate", "the rate and its definition (for AAPOR's: RR1 to RR6)", []DisclosureCode{ESOMAR}},
		{"questionnaire", "Questionnaire", "where the full wording and order of the questions stands", all},
		{"processing", "Data processing", "how answers were checked, edited and imputed", []DisclosureCode{AAPOR}},
		{"known_limits", "Known limits", "what the survey cannot show", []DisclosureCode{AAPOR, ESOMAR}},
		{"published", "Published at", "where the full results stand", []DisclosureCode{BPC}},
		{"contact", "Contact", "whom to ask for more", all},
	}
}

// Facts lists the items that are filled, in the order of DisclosureItems.
func (d Disclosure) Facts() []Fact {
	var facts []Fact
	for _, item := range DisclosureItems() {
		if text := d.text(item.Key); text != "" {
			facts = append(facts, Fact{Label: item.Label, Text: text})
		}
	}
	return facts
}

// Missing lists the items that are not filled, in the order of DisclosureItems.
func (d Disclosure) Missing() []DisclosureItem {
	var missing []DisclosureItem
	for _, item := range DisclosureItems() {
		if d.text(item.Key) == "" {
			missing = append(missing, item)
		}
	}
	return missing
}

// text is what the study says under a key of disclosure.
func (d Disclosure) text(key string) string {
	v := reflect.ValueOf(d)
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ","); name == key {
			return strings.TrimSpace(v.Field(i).String())
		}
	}
	return ""
}
