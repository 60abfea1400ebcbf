package codebook

import (
	"strings"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// The headings of the columns that are read of REDCap's data dictionary.
const (
	redcapName    = "Variable / Field Name"
	redcapForm    = "Form Name"
	redcapType    = "Field Type"
	redcapLabel   = "Field Label"
	redcapChoices = "Choices, Calculations, OR Slider Labels"
)

// markup is what labels have of HTML.
var markup = pattern.Lazy(`<[^>]*>`)

// readDictionary reads REDCap's data dictionary: a row for each field, with its choices as
// 1, White | 2, Black. A field of checkboxes is a set of the columns NAME___CODE, and each
// form has the column FORM_complete. Fields that the data do not have are left out of them.
func (b *Book) readDictionary(t *survey.Table) {
	forms := map[string]bool{}
	for row := range t.Rows {
		cell := func(column string) string {
			if v := t.Lookup(column); v != nil {
				x, _ := v.At(row)
				return strings.Join(strings.Fields(markup().ReplaceAllString(x.Text, " ")), " ")
			}
			return ""
		}
		e := &entry{line: row + 1, name: cell(redcapName), label: cell(redcapLabel), optional: true}
		switch cell(redcapType) {
		case "radio", "dropdown":
			e.measure, e.codes = survey.Nominal, choices(row+1, cell(redcapChoices))
		case "yesno":
			e.measure, e.codes = survey.Nominal, choices(row+1, "1, Yes | 0, No")
		case "truefalse":
			e.measure, e.codes = survey.Nominal, choices(row+1, "1, True | 0, False")
		case "slider", "calc":
			e.measure = survey.Scale
		case "checkbox":
			for _, c := range choices(row+1, cell(redcapChoices)) {
				box := &entry{line: row + 1, name: e.name + "___" + strings.ReplaceAll(strings.ToLower(c.code), "-", "_"), label: c.label, measure: survey.Nominal, optional: true}
				b.entries, b.members = append(b.entries, box), append(b.members, member{row + 1, e.name, box.name})
			}
			e.kind, e.codes = setKind, []codeRow{{line: row + 1, code: "1"}}
		}
		b.entries = append(b.entries, e)
		if form := cell(redcapForm); form != "" && !forms[form] {
			forms[form] = true
			b.entries = append(b.entries, &entry{line: row + 1, name: form + "_complete", measure: survey.Nominal, optional: true,
				codes: choices(row+1, "0, Incomplete | 1, Unverified | 2, Complete")})
		}
	}
}

// choices reads 1, White | 2, Black.
func choices(line int, text string) (codes []codeRow) {
	for _, choice := range strings.Split(text, "|") {
		code, label, ok := strings.Cut(choice, ",")
		if code = strings.TrimSpace(code); ok && code != "" {
			codes = append(codes, codeRow{line: line, code: code, label: strings.TrimSpace(label)})
		}
	}
	return codes
}
