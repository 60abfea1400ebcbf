// Package disclosure holds what codes of practice ask a published survey to disclose,
// in the order in which reports show it.
package disclosure

import (
	"reflect"
	"strings"

	"surveykit/survey"
)

// Code is a code of practice that says what a published survey must say.
type Code string

// The codes of practice.
const (
	// BPC are the rules of the British Polling Council, section 2 (disclosure).
	BPC Code = "BPC"
	// AAPOR are the immediate disclosure elements of the AAPOR Code (2021), which
	// are those of its Transparency Initiative.
	AAPOR Code = "AAPOR"
	// ESOMAR are the notes for publication of the ESOMAR/WAPOR guideline on
	// opinion polls and published surveys (2014).
	ESOMAR Code = "ESOMAR"
)

// Item is one thing that readers must be told.
type Item struct {
	// Key is the item's key under disclosure in a study file.
	Key string
	// Label heads the item in reports.
	Label string
	// Asks says what an answer holds.
	Asks string
	// Codes are those that ask for it, in the order BPC, AAPOR, ESOMAR.
	Codes []Code
}

// Items lists what a study is asked to disclose, in the order in
// which reports show it. What the data and the tables say by themselves
// (sample size, precision, question wording) is not in it.
func Items() []Item {
	all := []Code{BPC, AAPOR, ESOMAR}
	return []Item{
		{"sponsor", "Sponsor", "who paid for the survey", all},
		{"conductor", "Conducted by", "who did the fieldwork", all},
		{"dates", "Field dates", "first and last day of the interviews", all},
		{"universe", "Universe", "the population that the survey speaks for", all},
		{"coverage", "Geographic coverage", "the countries or regions that were covered, and what was left out", all},
		{"sample_source", "Sample source", "the frame, the panel or the list, and how people were drawn from it", []Code{AAPOR, ESOMAR}},
		{"incentives", "Incentives", "what people got for taking part", []Code{AAPOR}},
		{"mode", "Mode", "how people were interviewed: web, telephone, face to face, mail", all},
		{"languages", "Languages", "the languages of the interviews", []Code{AAPOR}},
		{"weighting", "Weighting", "how the weights were made, and to which totals", all},
		{"response_rate", "Response rate", "the rate and its definition (for AAPOR's: RR1 to RR6)", []Code{ESOMAR}},
		{"questionnaire", "Questionnaire", "where to find the full wording and order of the questions", all},
		{"processing", "Data processing", "how answers were checked, edited and imputed", []Code{AAPOR}},
		{"known_limits", "Known limits", "what the survey cannot show", []Code{AAPOR, ESOMAR}},
		{"published", "Published at", "where to find the full results", []Code{BPC}},
		{"contact", "Contact", "whom to ask for more", all},
	}
}

// Facts lists the items that are filled, in the order of Items.
func Facts(d survey.Disclosure) []survey.Fact {
	var facts []survey.Fact
	for _, item := range Items() {
		if said := text(d, item.Key); said != "" {
			facts = append(facts, survey.Fact{Label: item.Label, Text: said})
		}
	}
	return facts
}

// Missing lists the items that are not filled, in the order of Items.
func Missing(d survey.Disclosure) []Item {
	var missing []Item
	for _, item := range Items() {
		if text(d, item.Key) == "" {
			missing = append(missing, item)
		}
	}
	return missing
}

// text is what the study says under a key of disclosure.
func text(d survey.Disclosure, key string) string {
	v := reflect.ValueOf(d)
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ","); name == key {
			return strings.TrimSpace(v.Field(i).String())
		}
	}
	return ""
}
