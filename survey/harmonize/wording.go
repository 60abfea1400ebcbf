package harmonize

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"surveykit/survey"
)

// fold is a text without what does not change a question: case, accents'
// composition, punctuation and blanks.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// wordings knows how common each run of three letters is among the labels of
// all files, so that the stem which the items of a grid share counts little.
type wordings struct {
	labels int
	in     map[string]int
	// known are the labels that were folded and cut before.
	known map[string]cut
}

// cut is a label, folded, and its runs of three signs in order.
type cut struct {
	folded string
	grams  []gram
}

// gram is a run of three signs and how often it occurs.
type gram struct {
	signs string
	n     float64
}

func (w *wordings) cut(label string) cut {
	c, ok := w.known[label]
	if !ok {
		folded := fold(label)
		c = cut{folded, grams(folded)}
		w.known[label] = c
	}
	return c
}

func newWordings(files []File) *wordings {
	w := &wordings{in: map[string]int{}, known: map[string]cut{}}
	for _, f := range files {
		for _, v := range f.Table.Variables {
			if v.Label == "" {
				continue
			}
			w.labels++
			for _, g := range w.cut(v.Label).grams {
				w.in[g.signs]++
			}
		}
	}
	return w
}

// grams are the runs of three signs of a folded text with blanks around it.
func grams(folded string) []gram {
	signs := []rune(" " + folded + " ")
	var all []string
	for i := 0; i+3 <= len(signs); i++ {
		all = append(all, string(signs[i:i+3]))
	}
	slices.Sort(all)
	var out []gram
	for _, s := range all {
		if len(out) == 0 || out[len(out)-1].signs != s {
			out = append(out, gram{signs: s})
		}
		out[len(out)-1].n++
	}
	return out
}

// similarity of two wordings is 1 where they are the same but for case and
// punctuation, else below 1: twice what they share over what they hold (Dice
// 1945), each run of three signs weighing ln((N+1)/n), N labels of which n hold
// it. It does not depend on the language.
func (w *wordings) similarity(a, b string) float64 {
	x, y := w.cut(a), w.cut(b)
	if x.folded == y.folded {
		return 1
	}
	var shared, all float64
	k := 0
	for _, g := range x.grams {
		weight := w.weight(g.signs)
		all += weight * g.n
		for k < len(y.grams) && y.grams[k].signs < g.signs {
			k++
		}
		if k < len(y.grams) && y.grams[k].signs == g.signs {
			shared += 2 * weight * math.Min(g.n, y.grams[k].n)
		}
	}
	for _, g := range y.grams {
		all += w.weight(g.signs) * g.n
	}
	if all == 0 {
		return 0
	}
	return math.Min(shared/all, 0.99)
}

func (w *wordings) weight(gram string) float64 {
	return math.Log(float64(w.labels+1) / math.Max(1, float64(w.in[gram])))
}

// plain is the similarity of two short texts by themselves, as of answers.
func plain(a, b string) float64 {
	return (&wordings{labels: 1, in: map[string]int{}, known: map[string]cut{}}).similarity(a, b)
}

// labelled says whether both variables have a wording to compare.
func labelled(a, b *survey.Variable) bool { return fold(a.Label) != "" && fold(b.Label) != "" }
