package survey

import (
	"fmt"
	"regexp"
	"strconv"
)

// CohortSpec holds each age group of a later wave against two groups of an
// earlier one: people who were as old then, and people born in the same years.
type CohortSpec struct {
	// Age is the variable of the age in years at the interview; fractions of a year are dropped.
	Age string `yaml:"age" json:"age" jsonschema:"minLength=1"`
	// Brackets are the age groups: ["21-24", "25-34", "65+"]. One without a last year takes in everybody older in both waves.
	Brackets []string `yaml:"brackets" json:"brackets" jsonschema:"minItems=1"`
	// Variable of the waves; the design's wave variable where it is absent.
	Variable string `yaml:"variable,omitempty" json:"variable,omitempty"`
	// From is the label or code of the earlier wave.
	From Value `yaml:"from" json:"from"`
	// To is the label or code of the later wave.
	To Value `yaml:"to" json:"to"`
	// Years between the waves; without it they are told from the waves' names, which must then hold a year such as 2008.
	Years int `yaml:"years,omitempty" json:"years,omitempty" jsonschema:"minimum=1,maximum=100"`
}

// Span is the number of years between two waves, given their labels; the
// problem says why there is none.
func (c CohortSpec) Span(from, to string) (years int, problem *Problem) {
	if c.Years > 0 {
		return c.Years, nil
	}
	first, ok := yearIn(from)
	last, too := yearIn(to)
	switch {
	case !ok || !too:
		return 0, &Problem{Value: from + ", " + to, Message: "the names of the waves do not contain their years", Remedy: "give years, the number of years between them"}
	case last <= first:
		return 0, &Problem{Value: from + ", " + to, Message: "a cohort is followed from an earlier wave to a later one", Remedy: fmt.Sprintf("write from: %s, to: %s", to, from)}
	}
	return last - first, nil
}

var year = regexp.MustCompile(`\b(19|20)\d\d\b`)

// yearIn is the only year that a wave's name holds.
func yearIn(name string) (int, bool) {
	found := year.FindAllString(name, 2)
	if len(found) != 1 {
		return 0, false
	}
	y, err := strconv.Atoi(found[0])
	return y, err == nil
}
