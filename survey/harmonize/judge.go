package harmonize

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// How alike wordings and answers must be.
const (
	// sameWording: a question that kept its name is the same from this similarity on.
	sameWording = 0.5
	// likeWording: questions with different names are shown to a person.
	likeWording = 0.6
	// sameAnswers: under it, the answers belong to another question.
	sameAnswers = 0.5
	// likeAnswers is required of a question that changed its name.
	likeAnswers = 0.8
)

// judgement compares a variable of the stacked data with one of a file.
type judgement struct {
	merge      bool
	confidence float64
	why        string
	answers    answers
	changes    []Change
}

// judge compares two variables. They are merged where the name is the same and
// wording, answers and type do not contradict it; or where the wording is
// the same, unique in both files (alone), and so are the answers; or where both
// files declare them to be the same part of the design (role). Related is false
// where nothing connects them.
func (w *wordings) judge(a, b *model, role, alone bool) (j judgement, related bool) {
	sameName := nameKey(a.stem) == nameKey(b.stem)
	wording := math.NaN()
	if fold(a.Variable.Label) != "" && fold(b.Variable.Label) != "" {
		wording = w.similarity(a.Label, b.Label)
	}
	if !role && !sameName && !(wording >= likeWording) {
		return j, false
	}
	j.answers = compareAnswers(a, b)
	if a.stem != b.stem {
		j.changes = append(j.changes, Change{Kind: Renamed, Text: fmt.Sprintf("it is called %s", b.Name)})
	}
	if wording < 1 {
		j.changes = append(j.changes, Change{Kind: Reworded, Text: fmt.Sprintf("%q here, %q before", b.Label, a.Label)})
	}
	if a.Kind != b.Kind {
		j.changes = append(j.changes, Change{Kind: TypeChanged, Text: fmt.Sprintf("it has %s values here, %s values before", b.Kind, a.Kind)})
	}
	j.changes = append(j.changes, j.answers.changes...)
	j.confidence = confidence(a.stem, b.stem, wording, j.answers.similarity, role)
	j.why = doubt(a, b, wording, j.answers, role, sameName, alone)
	j.merge = j.why == ""
	return j, true
}

// nameKey is a name without regard to case and signs.
func nameKey(name string) string { return strings.ReplaceAll(fold(name), " ", "") }

// waveSuffix is what surveys add to the names of a wave: _W49, _2011, .1.
var waveSuffix = pattern.Lazy(`[._][A-Za-z]{0,4}[0-9]{1,4}$`)

// suffixOf is the suffix of more than half of a file's names, "" without one.
func suffixOf(names []string) string {
	n := map[string]int{}
	for _, name := range names {
		n[waveSuffix().FindString(name)]++
	}
	for suffix, count := range n {
		if 2*count > len(names) && count > 1 {
			return suffix
		}
	}
	return ""
}

// confidence is 1 for the same name, wording and answers. Each thing that
// differs or cannot be compared lowers it.
func confidence(a, b string, wording, codes float64, role bool) float64 {
	c := 1.0
	switch {
	case a == b:
	case nameKey(a) == nameKey(b):
		c = 0.98
	default:
		c = 0.95
	}
	if math.IsNaN(wording) {
		c *= 0.9
	} else {
		c *= 0.5 + 0.5*wording
	}
	if math.IsNaN(codes) {
		c *= 0.95
	} else {
		c *= 0.6 + 0.4*codes
	}
	if role {
		c = math.Max(c, 0.9)
	}
	return math.Round(c*100) / 100
}

// doubt is the reason against merging, "" for none.
func doubt(a, b *model, wording float64, s answers, role, sameName, alone bool) string {
	switch {
	case a.Kind != b.Kind && !empty(a.Variable) && !empty(b.Variable):
		return fmt.Sprintf("one has %s values, the other %s values", a.Kind, b.Kind)
	case s.conflict != "":
		return s.conflict
	case role:
		return ""
	case s.similarity < sameAnswers:
		return "the answers are different"
	case sameName && wording < sameWording:
		return "the name is the same, the wording is different"
	case sameName:
		return ""
	case wording < 1:
		return "the wording is similar, the name is different"
	case s.similarity < likeAnswers:
		return "the wording is the same, but not all of the answers are"
	case !alone:
		return "several variables have this wording"
	}
	return ""
}

func empty(v *survey.Variable) bool {
	for i := range v.Len() {
		if _, ok := v.At(i); ok {
			return false
		}
	}
	return true
}

// fold is a text without case, the composition of accents, punctuation and repeated
// blanks, which do not change a question.
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

// wordings has the frequency of each sequence of three letters in the labels of all
// files, so that the common stem of the items of a grid counts little.
type wordings struct {
	labels int
	in     map[string]int
	// known are the labels that have been cut.
	known map[string]cut
}

// cut is a label, folded, and its sequences of three characters in order.
type cut struct {
	folded string
	grams  []gram
}

// gram is a sequence of three characters and how often it occurs.
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

// grams are the sequences of three characters of a folded text with blanks around it.
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

// similarity of two wordings is 1 where they differ in case and punctuation only,
// else below 1: twice what they share over what they have (Dice 1945), where a
// sequence of three characters in n of N labels has the weight ln((N+1)/n). It does
// not depend on the language.
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

// plain is the similarity of two short texts, such as answers, without weights.
func plain(a, b string) float64 {
	return (&wordings{labels: 1, in: map[string]int{}, known: map[string]cut{}}).similarity(a, b)
}
