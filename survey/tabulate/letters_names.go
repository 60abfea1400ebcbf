package tabulate

import (
	"strings"

	"surveykit/survey"
)

// alphabet is the number of letters.
const alphabet = 26

// letter names the nth column of a group: A to Z, then AA, AB and so on.
func letter(n int) string {
	if n < alphabet {
		return string(rune('A' + n))
	}
	return letter(n/alphabet-1) + letter(n%alphabet)
}

func letterOf(c survey.Column, strength int) string {
	if strength == 1 {
		return strings.ToLower(c.Letter)
	}
	return c.Letter
}

// arrow points up where the column is higher, and is filled at the first level.
func arrow(strength int, up bool) string {
	switch {
	case strength == 2 && up:
		return "▲"
	case strength == 2:
		return "▼"
	case up:
		return "△"
	}
	return "▽"
}

// appended adds a letter to those of a cell.
func appended(letters, letter, separator string) string {
	if letters == "" {
		return letter
	}
	return letters + separator + letter
}
