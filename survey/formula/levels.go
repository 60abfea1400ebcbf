package formula

import (
	"fmt"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"surveykit/survey"
)

// levels finds the levels of a factor in the complete rows.
func (b *builder) levels(k int, complete []bool) {
	c := &b.columns[k]
	if !c.isFactor() {
		return
	}
	c.classes = survey.Classify(c.source)
	occurs, rows := make([]bool, len(c.classes.Values)), 0
	for i, class := range c.classes.Index {
		if complete[i] {
			occurs[class] = true
			rows++
		}
	}
	order := c.order(occurs)
	c.level = make([]int, len(occurs))
	for class := range c.level {
		c.level[class] = slices.Index(order, class)
	}
	for _, class := range order {
		c.names = append(c.names, c.levelName(class))
	}
	if len(order) == 1 {
		b.problems = append(b.problems, survey.Problem{Variable: c.name,
			Message: fmt.Sprintf("all %s rows of the model are in one category, %s", survey.FormatCount(rows), c.names[0]), Remedy: "leave the variable out of the formula"})
	}
}

// order lists the classes that occur: numbers ascending, texts as in a
// dictionary, where a comes before B, as R sorts them in a language's locale.
func (c *column) order(occurs []bool) []int {
	var order []int
	for class, in := range occurs {
		if in {
			order = append(order, class)
		}
	}
	alphabet := collate.New(language.English)
	slices.SortStableFunc(order, func(x, y int) int {
		a, b := c.classes.Values[x], c.classes.Values[y]
		switch {
		case a.IsText:
			return alphabet.CompareString(a.Text, b.Text)
		case a.Number < b.Number:
			return -1
		}
		return 1
	})
	return order
}

// levelName is the label of a class, or its value where two have that label.
func (c *column) levelName(class int) string {
	label := c.classes.Labels[class]
	for other, l := range c.classes.Labels {
		if l == label && other != class {
			return c.classes.Values[class].String()
		}
	}
	return label
}
