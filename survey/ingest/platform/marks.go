package platform

import (
	"slices"
	"strconv"
)

// marker tells of the distinct values of an option's column, and the option's
// place from 1, which one means that it was chosen and which that it was not; ok
// is false where they mean something else, certain where they cannot.
type marker func(option string, place int, values []string) (chosen, refused string, certain, ok bool)

// optionOrOne is for columns that hold the option's words, or its number, or 1
// in each row that chose it.
func optionOrOne(option string, place int, values []string) (chosen, refused string, certain, ok bool) {
	switch {
	case len(values) == 0:
		return "", "", false, true
	case len(values) > 1:
		return "", "", false, false
	}
	words := plain(values[0]) == plain(option)
	return values[0], "", words, words || values[0] == "1" || values[0] == strconv.Itoa(place)
}

// answers are the words for chosen and not chosen, as codes and in languages.
var answers = [][2]string{{"Y", "N"}, {"Yes", "No"}, {"Ja", "Nein"}, {"Ja", "Nee"}, {"Ja", "Nej"}, {"Ja", "Nei"}, {"Oui", "Non"}, {"Sí", "No"}, {"Sì", "No"}, {"Sim", "Não"}, {"Tak", "Nie"}, {"Да", "Нет"}}

// notSeen is what full answers say of questions that were not shown.
const notSeen = "N/A"

// yesOrNo is for columns that hold Y or Yes in each row that chose the option,
// and nothing or No in others.
func yesOrNo(_ string, _ int, values []string) (chosen, refused string, certain, ok bool) {
	given := slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == notSeen })
	for _, pair := range answers {
		if slices.ContainsFunc(given, func(s string) bool { return s != pair[0] && s != pair[1] }) {
			continue
		}
		if slices.Contains(given, pair[0]) {
			chosen = pair[0]
		}
		if slices.Contains(given, pair[1]) {
			refused = pair[1]
		}
		return chosen, refused, chosen != "" || refused != "", true
	}
	return "", "", false, false
}

// noMarks is for platforms that spread no question over columns.
func noMarks(string, int, []string) (chosen, refused string, certain, ok bool) {
	return "", "", false, false
}
