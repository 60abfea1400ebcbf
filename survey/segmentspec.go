package survey

import (
	"strconv"
	"strings"
)

// SegmentSpec makes a variable of the segments that a method finds among the
// respondents, by the design's weight and once it is known.
type SegmentSpec struct {
	// Name of the new variable: 1, 2 … for the segments, largest first; missing for people without a weight or an answer to any item.
	Name string `yaml:"name" json:"name" jsonschema:"minLength=1"`
	// Label of the new variable.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Method that finds the segments.
	Method string `yaml:"method" json:"method"`
	// Items are what the segments are made of: variables or groups; q1:nominal, q1:ordinal or q1:scale says how answers are taken.
	Items []string `yaml:"items" json:"items" jsonschema:"minItems=1"`
	// Classes is the number of segments, or a range such as 2-6, of which the lowest BIC is chosen, with clusters the largest silhouette.
	Classes string `yaml:"classes" json:"classes" jsonschema:"minLength=1"`
	// Starts are the random starts for each number of segments (default 20).
	Starts int `yaml:"starts,omitempty" json:"starts,omitempty" jsonschema:"minimum=1,maximum=10000"`
	// Seed of the random starts (default 1).
	Seed *int `yaml:"seed,omitempty" json:"seed,omitempty" jsonschema:"minimum=0,maximum=1000000000"`
	// Names of the segments, largest first; they are made of the most telling answers where none are given.
	Names []string `yaml:"names,omitempty" json:"names,omitempty" jsonschema:"minItems=1"`
	// Typing asks for a typing tool of the segments: a workbook with live formulas, and a model for segment assign.
	Typing *TypingSpec `yaml:"typing,omitempty" json:"typing,omitempty"`
}

// TypingSpec says how short a typing tool is to be: a number of items, or an
// accuracy, or neither for the fewest items that put 90% of people right.
type TypingSpec struct {
	// Items is the number of items to ask.
	Items int `yaml:"items,omitempty" json:"items,omitempty" jsonschema:"minimum=1"`
	// Accuracy is the share of people, 0-1, that the fewest items must put into their own segment (default 0.9).
	Accuracy float64 `yaml:"accuracy,omitempty" json:"accuracy,omitempty" jsonschema:"minimum=0.01,maximum=1"`
	// From are the items to choose from, in place of the segments' own: variables or groups, with :nominal, :ordinal or :scale behind them.
	From []string `yaml:"from,omitempty" json:"from,omitempty" jsonschema:"minItems=1"`
	// Title over the form.
	Title string `yaml:"title,omitempty" json:"title,omitempty"`
}

// MostSegments is the largest number of segments that may be asked for.
const MostSegments = 50

// ParseRange reads a number such as 4, or all of a range such as 2-6, from 1 to
// most; ok is false where the text is neither.
func ParseRange(text string, most int) (numbers []int, ok bool) {
	low, high, ranged := strings.Cut(text, "-")
	a, err := strconv.Atoi(low)
	b, errB := a, error(nil)
	if ranged {
		b, errB = strconv.Atoi(high)
	}
	if err != nil || errB != nil || a < 1 || b < a || b > most {
		return nil, false
	}
	for k := a; k <= b; k++ {
		numbers = append(numbers, k)
	}
	return numbers, true
}

// Rule is one segment of a recode by rules.
type Rule struct {
	// Label of the segment.
	Label string `yaml:"label" json:"label" jsonschema:"minLength=1"`
	// Where is the condition of the segment. The first rule that holds counts; where one cannot be judged because its variables are missing, the person is not classed. The last rule may do without: everybody else.
	Where string `yaml:"where,omitempty" json:"where,omitempty"`
}

// WestinSpec names the three statements of Westin's privacy segmentation, each
// with a scale of four answers.
type WestinSpec struct {
	// Control is "Consumers have lost all control over how personal information is collected and used by companies".
	Control string `yaml:"control" json:"control" jsonschema:"minLength=1"`
	// Handling is "Most businesses handle the personal information they collect about consumers in a proper and confidential way".
	Handling string `yaml:"handling" json:"handling" jsonschema:"minLength=1"`
	// Protection is "Existing laws and organizational practices provide a reasonable level of protection for consumer privacy today".
	Protection string `yaml:"protection" json:"protection" jsonschema:"minLength=1"`
	// Agree are the two answers that mean agreement.
	Agree []Value `yaml:"agree" json:"agree" jsonschema:"minItems=2,maxItems=2"`
}
