package survey

import (
	"math"
	"sort"
)

// Classes sorts a variable's answers into categories.
type Classes struct {
	// Values and Labels describe the categories, in questionnaire order.
	Values []Value
	Labels []string
	// Index is each row's category, -1 where the row holds no valid answer.
	Index Places
}

// Classify sorts the valid answers of a variable into categories: its labelled
// codes that are not declared missing, whether or not anybody chose them, and
// every other value that occurs. The order is the questionnaire's where all
// values that occur are labelled, ascending otherwise.
func Classify(v *Variable) Classes {
	if v.IsText() {
		return classifyTexts(v)
	}
	return classifyNumbers(v)
}

func classifyTexts(v *Variable) Classes {
	var c Classes
	at := map[string]int32{}
	c.addCodes(v, func(x Value, k int32) { at[x.Text] = k })
	ordered := true
	index := make([]int32, len(v.Texts.Values))
	for k, s := range v.Texts.Values {
		x := TextValue(s)
		if v.IsMissing(x) {
			index[k] = -1
			continue
		}
		if _, ok := at[s]; !ok {
			at[s] = c.add(x, v)
			ordered = false
		}
		index[k] = at[s]
	}
	c.Index.Grow(v.Len())
	for _, k := range v.Texts.Index.All() {
		if k >= 0 {
			k = index[k]
		}
		c.Index.Append(k)
	}
	c.dropUnused(v)
	if !ordered {
		c.sort()
	}
	return c
}

// denseCodes is how far whole-number codes are looked up in an array.
const denseCodes = 4096

func classifyNumbers(v *Variable) Classes {
	var c Classes
	c.Index.Grow(v.Len())
	at := map[float64]int32{}
	c.addCodes(v, func(x Value, k int32) { at[x.Number] = k })
	ordered := true
	var dense [denseCodes]int32 // category + 1
	for _, x := range v.Numbers.All() {
		small := x >= 0 && x < denseCodes && x == math.Trunc(x)
		if small && dense[int(x)] != 0 {
			c.Index.Append(dense[int(x)] - 1)
			continue
		}
		k := int32(-1)
		if !math.IsNaN(x) && !v.IsMissing(NumberValue(x)) {
			known := false
			if k, known = at[x]; !known {
				k = c.add(NumberValue(x), v)
				at[x] = k
				ordered = false
			}
		}
		if small && k >= 0 {
			dense[int(x)] = k + 1
		}
		c.Index.Append(k)
	}
	if !ordered {
		c.sort()
	}
	return c
}

func (c *Classes) addCodes(v *Variable, note func(Value, int32)) {
	for _, code := range v.Codes {
		if !v.IsMissing(code.Value) {
			note(code.Value, c.add(code.Value, v))
		}
	}
}

func (c *Classes) add(x Value, v *Variable) int32 {
	c.Values = append(c.Values, x)
	c.Labels = append(c.Labels, v.LabelOf(x))
	return int32(len(c.Values) - 1)
}

// dropUnused removes unlabelled texts that no row holds: a dictionary may list
// values whose rows were left out.
func (c *Classes) dropUnused(v *Variable) {
	used := make([]bool, len(c.Values))
	for _, k := range c.Index.All() {
		if k >= 0 {
			used[k] = true
		}
	}
	labelled := map[Value]bool{}
	for _, code := range v.Codes {
		labelled[code.Value] = true
	}
	c.keep(func(k int) bool { return used[k] || labelled[c.Values[k]] })
}

func (c *Classes) keep(wanted func(int) bool) {
	var order []int
	for k := range c.Values {
		if wanted(k) {
			order = append(order, k)
		}
	}
	c.reorder(order)
}

func (c *Classes) sort() {
	order := make([]int, len(c.Values))
	for k := range order {
		order[k] = k
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := c.Values[order[a]], c.Values[order[b]]
		if x.IsText {
			return x.Text < y.Text
		}
		return x.Number < y.Number
	})
	c.reorder(order)
}

func (c *Classes) reorder(order []int) {
	place := make([]int32, len(c.Values))
	values, labels := make([]Value, len(order)), make([]string, len(order))
	for to, from := range order {
		place[from] = int32(to)
		values[to], labels[to] = c.Values[from], c.Labels[from]
	}
	for i, k := range c.Index.All() {
		if k >= 0 {
			c.Index.Set(i, place[k])
		}
	}
	c.Values, c.Labels = values, labels
}

// Find is the category that a person names by label or by value, -1 where
// there is none. A label wins over a value.
func (c Classes) Find(name Value) int {
	text := name.String()
	for k, label := range c.Labels {
		if label == text {
			return k
		}
	}
	for k, v := range c.Values {
		if v == name || v.String() == text {
			return k
		}
	}
	return -1
}
