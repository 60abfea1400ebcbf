package workbook

import (
	"fmt"
	"strings"
	"unicode"

	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// maxSheetName is Excel's limit, in UTF-16 units.
const maxSheetName = 31

// sheetNames gives each table a sheet name that Excel accepts, made from its
// id: no : \ / ? * [ ], no apostrophe, at most 31 units, unlike any other sheet's
// name without regard to case, none of the reserved ones and not "History",
// which Excel keeps for itself.
func sheetNames(tables []*survey.Tabulation, reserved ...string) []string {
	taken := map[string]bool{"history": true}
	for _, s := range append(reserved, coverSheet, contentsSheet, disclosureSheet, weightingSheet, notesSheet, dataSheet, chartDataSheet) {
		taken[strings.ToLower(s)] = true
	}
	names := make([]string, len(tables))
	for i, t := range tables {
		base := cleanName(t.ID)
		if base == "" {
			base = fmt.Sprintf("Table %d", i+1)
		}
		name := ooxml.Shorten(base, maxSheetName)
		for k := 2; taken[strings.ToLower(name)]; k++ {
			suffix := fmt.Sprintf(" (%d)", k)
			name = ooxml.Shorten(base, maxSheetName-len(suffix)) + suffix
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

func cleanName(id string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]'`, r) {
			return '_'
		}
		return r
	}, id))
}

// rangeNames gives each table a name for its ranges, made from its id: letters,
// digits and _, unlike any other's without regard to case.
func rangeNames(tables []*survey.Tabulation) []string {
	taken := map[string]bool{}
	names := make([]string, len(tables))
	for i, t := range tables {
		base := rangeName(t.ID)
		names[i] = base
		for k := 2; taken[strings.ToLower(names[i])]; k++ {
			names[i] = fmt.Sprintf("%s_%d", base, k)
		}
		taken[strings.ToLower(names[i])] = true
	}
	return names
}

// rangeName makes a name of letters, digits and _.
func rangeName(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, ooxml.Shorten(text, maxRangeName))
}

// maxRangeName leaves room for a prefix and a number in the 255 units of a name.
const maxRangeName = 200
