package survey

// Item is one answer of a multiple-response set.
type Item struct {
	// Value is the chosen code in a set of categories, the variable's name in a
	// set of dichotomies.
	Value Value
	Label string
	// Index is 1 where the row chose the item, 0 where it answered the set but
	// did not, -1 where it answered none of the set.
	Index Places
}

// Items sorts the rows for each answer of a set. Everybody with a valid value
// in any of the set's variables answered it.
func (t *Table) Items(set MultipleResponse) []Item {
	vars := make([]*Variable, 0, len(set.Variables))
	for _, name := range set.Variables {
		if v := t.Lookup(name); v != nil {
			vars = append(vars, v)
		}
	}
	answered := make([]bool, t.Rows)
	for _, v := range vars {
		for i, ok := range v.Valid() {
			answered[i] = answered[i] || ok
		}
	}
	if set.Counted != nil {
		return dichotomies(vars, *set.Counted, answered)
	}
	return categories(vars, answered)
}

// Asked marks the rows whose respondents were asked a set, that is any of its
// variables. Where one is declared not asked, empty ones do not count as asked.
func (t *Table) Asked(set MultipleResponse) []bool {
	asked, given, denied := make([]bool, t.Rows), make([]bool, t.Rows), make([]bool, t.Rows)
	for _, name := range set.Variables {
		v := t.Lookup(name)
		if v == nil {
			continue
		}
		for i, was := range v.Asked() {
			_, ok := v.At(i)
			asked[i] = asked[i] || was
			given[i] = given[i] || was && ok
			denied[i] = denied[i] || !was && ok
		}
	}
	for i := range asked {
		asked[i] = given[i] || asked[i] && !denied[i]
	}
	return asked
}

// Refuses lists what a request for rows asks of a set that has no meaning for
// one; none where it can be met.
func (m MultipleResponse) Refuses(r RowSpec) Problems {
	var out Problems
	if r.Top+r.Bottom+len(r.Statistics) > 0 {
		out = append(out, Problem{Variable: m.Name, Message: "a multiple-response set has no scale", Remedy: "leave out top, bottom and statistics"})
	}
	if r.Base == "responses" && len(r.Nets) > 0 {
		out = append(out, Problem{Variable: m.Name, Message: "a net of a set counts people, so it is not a share of the responses",
			Remedy: "leave out base: responses, or the nets"})
	}
	return out
}

func dichotomies(vars []*Variable, counted Value, answered []bool) []Item {
	items := make([]Item, len(vars))
	for k, v := range vars {
		items[k] = Item{Value: TextValue(v.Name), Label: v.Title(), Index: unchosen(answered)}
		for i := range answered {
			if x, ok := v.At(i); ok && x == counted {
				items[k].Index.Set(i, 1)
			}
		}
	}
	return items
}

func categories(vars []*Variable, answered []bool) []Item {
	var items []Item
	place := map[Value]int{}
	for _, v := range vars {
		c := Classify(v)
		for k, x := range c.Values {
			if _, ok := place[x]; !ok {
				place[x] = len(items)
				items = append(items, Item{Value: x, Label: c.Labels[k], Index: unchosen(answered)})
			}
		}
		for i, k := range c.Index.All() {
			if k >= 0 {
				items[place[c.Values[k]]].Index.Set(i, 1)
			}
		}
	}
	return items
}

func unchosen(answered []bool) Places {
	index := RepeatedPlaces(0, len(answered))
	for i, ok := range answered {
		if !ok {
			index.Set(i, -1)
		}
	}
	return index
}

// NoAnswer labels the rows of people who were asked and left it blank.
const NoAnswer = "No answer"

// WithUnanswered widens the base of a set's items to everybody who was asked,
// and adds those without an answer as a last item.
func WithUnanswered(items []Item, asked []bool) []Item {
	none := Item{Value: TextValue(""), Label: NoAnswer, Index: RepeatedPlaces(0, len(asked))}
	out := make([]Item, len(items))
	for k, item := range items {
		out[k] = item
		out[k].Index = item.Index.Clone()
	}
	for i := range asked {
		switch {
		case len(items) > 0 && items[0].Index.At(i) >= 0:
		case !asked[i]:
			none.Index.Set(i, -1)
		default:
			none.Index.Set(i, 1)
			for k := range out {
				out[k].Index.Set(i, 0)
			}
		}
	}
	return append(out, none)
}
