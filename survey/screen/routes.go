package screen

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"surveykit/survey"
)

// Route says that a question was asked only of those who gave certain answers
// to an earlier one.
type Route struct {
	Question string `json:"question"`
	// Asked and NotAsked count the rows; a row is not asked where it has no value,
	// or one that is declared as not asked.
	Asked    int `json:"asked"`
	NotAsked int `json:"not_asked"`
	// By is the question whose answers decide, If the answers with which somebody
	// was asked, Unless those with which nobody was.
	By string `json:"by"`
	// Explained is the share (0–1) of NotAsked that gave one of Unless, or was not
	// asked By itself.
	Explained float64       `json:"explained"`
	If        []survey.Code `json:"if"`
	Unless    []survey.Code `json:"unless"`
}

// A route has at least leastSkipped rows and a leastShare of all rows without a
// value, nearly all of them explained, and most of the others answered.
const (
	leastSkipped   = 5
	leastShare     = 0.02
	leastExplained = 0.95
	leastAnswered  = 0.5
	mostAnswers    = 20
)

// Routes finds the routed questions, in file order. Of several questions that could
// decide, it names the one that explains most, then the nearest.
func Routes(t *survey.Table) []Route {
	reached := make([]bitset, len(t.Variables))
	best := make([]Route, len(t.Variables))
	var open []int
	for k, v := range t.Variables {
		out := newBitset(v.Len())
		for i, was := range v.Asked() {
			if was {
				out.set(i)
			}
		}
		reached[k] = out
		n := 0
		for _, word := range reached[k] {
			n += bits.OnesCount64(word)
		}
		best[k] = Route{Question: v.Name, Asked: n, NotAsked: t.Rows - n}
		if n > 0 && t.Rows-n >= leastSkipped && float64(t.Rows-n) >= leastShare*float64(t.Rows) {
			open = append(open, k)
		}
	}
	for p, by := range t.Variables {
		for len(open) > 0 && open[0] <= p {
			open = open[1:]
		}
		if len(open) == 0 {
			break
		}
		answers := answersOf(by, reached[p])
		for _, q := range open {
			if r := answers.route(best[q], reached[q]); r.Explained >= leastExplained && r.Explained >= best[q].Explained {
				best[q] = r
			}
		}
	}
	var out []Route
	for _, r := range best {
		if r.By != "" {
			slices.SortStableFunc(r.If, byValue)
			slices.SortStableFunc(r.Unless, byValue)
			out = append(out, r)
		}
	}
	return out
}

func byValue(a, b survey.Code) int {
	return cmp.Or(cmp.Compare(a.Value.Number, b.Value.Number), cmp.Compare(a.Value.Text, b.Value.Text))
}

// answers are a question's answers with the rows that gave them.
type answers struct {
	by    *survey.Variable
	codes []survey.Code
	rows  []bitset
	n     []int
	none  bitset
	left  int
}

// answersOf sorts the rows by answer; a question with more than mostAnswers
// different ones has none.
func answersOf(v *survey.Variable, reached bitset) answers {
	a := answers{by: v, none: newBitset(v.Len())}
	place := map[survey.Value]int{}
	at := func(x survey.Value) int {
		k, ok := place[x]
		if !ok && len(a.codes) < mostAnswers {
			k = len(a.codes)
			place[x] = k
			a.codes = append(a.codes, survey.Code{Value: x, Label: v.LabelOf(x)})
			a.rows, a.n = append(a.rows, newBitset(v.Len())), append(a.n, 0)
		} else if !ok {
			return -1
		}
		return k
	}
	var small [smallCodes]int // place + 1 of whole numbers from 0
	for i := range v.Len() {
		if reached[i/64]&(1<<(i%64)) == 0 {
			a.none.set(i)
			a.left++
			continue
		}
		k := -1
		if code := wholeCode(v, i); code >= 0 {
			if small[code] == 0 {
				small[code] = at(valueOf(v, i)) + 1
			}
			k = small[code] - 1
		} else {
			k = at(valueOf(v, i))
		}
		if k < 0 {
			return answers{by: v}
		}
		a.rows[k].set(i)
		a.n[k]++
	}
	return a
}

// smallCodes is the number of codes that are looked up in an array.
const smallCodes = 128

// wholeCode is the row's small whole number, or the place of its text; -1 for
// anything else.
func wholeCode(v *survey.Variable, row int) int {
	if v.IsText() {
		if k := int(v.Texts.Index.At(row)); k < smallCodes {
			return k
		}
		return -1
	}
	if x := v.Numbers.At(row); x >= 0 && x < smallCodes && x == math.Trunc(x) {
		return int(x)
	}
	return -1
}

func valueOf(v *survey.Variable, row int) survey.Value {
	x, _ := v.At(row)
	return x
}

// route is what the answers explain of a question that reached some rows; its
// By is empty where they do not decide.
func (a answers) route(r Route, reached bitset) Route {
	r.By, r.If, r.Unless, r.Explained = "", nil, nil, 0
	explained, open, answered := 0, 0, 0
	for k, code := range a.codes {
		n := a.rows[k].common(reached)
		if n == 0 {
			r.Unless = append(r.Unless, code)
			explained += a.n[k]
			continue
		}
		r.If = append(r.If, code)
		open, answered = open+a.n[k], answered+n
	}
	if len(r.Unless) == 0 || len(r.If) == 0 || float64(answered) < leastAnswered*float64(open) {
		return r
	}
	if a.none.common(reached) == 0 {
		explained += a.left
	}
	r.By, r.Explained = a.by.Name, float64(explained)/math.Max(1, float64(r.NotAsked))
	return r
}

// bitset has a bit for each row.
type bitset []uint64

func newBitset(rows int) bitset { return make(bitset, (rows+63)/64) }

func (b bitset) set(i int) { b[i/64] |= 1 << (i % 64) }

// common counts the rows of both.
func (b bitset) common(other bitset) int {
	n := 0
	for k, word := range b {
		n += bits.OnesCount64(word & other[k])
	}
	return n
}
