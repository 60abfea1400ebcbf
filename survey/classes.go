package survey

import "sort"

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
	var c Classes
	at := map[Value]int32{}
	for _, code := range v.Codes {
		if !v.IsMissing(code.Value) {
			at[code.Value] = c.add(code.Value, v)
		}
	}
	ordered := true
	c.Index = v.Places(func(x Value) int32 {
		k, known := at[x]
		if !known {
			if k = -1; !v.IsMissing(x) {
				k, ordered = c.add(x, v), false
			}
			at[x] = k
		}
		return k
	})
	if !ordered {
		c.sort()
	}
	return c
}

func (c *Classes) add(x Value, v *Variable) int32 {
	c.Values = append(c.Values, x)
	c.Labels = append(c.Labels, v.LabelOf(x))
	return int32(len(c.Values) - 1)
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
	place := make([]int32, len(order))
	values, labels := make([]Value, len(order)), make([]string, len(order))
	for to, from := range order {
		place[from] = int32(to)
		values[to], labels[to] = c.Values[from], c.Labels[from]
	}
	c.Values, c.Labels, c.Index = values, labels, c.Index.Map(place)
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
