package harmonize

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"surveykit/survey"
)

// How alike wordings and answers must be.
const (
	// sameWording: a question that kept its name is the same from here on.
	sameWording = 0.5
	// likeWording: questions of different names are worth a person's look.
	likeWording = 0.6
	// sameAnswers: under it, the answers are those of another question.
	sameAnswers = 0.5
	// likeAnswers is asked of a question that changed its name.
	likeAnswers = 0.8
)

// judgement is what is thought of a variable of the stacked data and one of a file.
type judgement struct {
	merge      bool
	confidence float64
	why        string
	answers    answers
	changes    []Change
}

// judge weighs two variables. They are merged where the name is the same and
// neither wording, answers nor type speak against it; or where the wording is
// the same, unique in both files (alone), and so are the answers; or where both
// files declare them to be the same part of the design (role). Related is false
// where nothing connects them.
func (w *wordings) judge(a, b *model, role, alone bool) (j judgement, related bool) {
	sameName := nameKey(a.stem) == nameKey(b.stem)
	wording := math.NaN()
	if labelled(a.Variable, b.Variable) {
		wording = w.similarity(a.Label, b.Label)
	}
	if !role && !sameName && !(wording >= likeWording) {
		return j, false
	}
	j.answers = compareAnswers(a, b)
	j.changes = changes(a, b, wording, j.answers)
	j.confidence = confidence(a.stem, b.stem, wording, j.answers.similarity, role)
	j.why = doubt(a, b, wording, j.answers, role, sameName, alone)
	j.merge = j.why == ""
	return j, true
}

// nameKey is a name without regard to case and signs.
func nameKey(name string) string { return strings.ReplaceAll(fold(name), " ", "") }

// behindNames is what surveys put behind the names of a wave: _W49, _2011, .1.
var behindNames = regexp.MustCompile(`[._][A-Za-z]{0,4}[0-9]{1,4}$`)

// suffixOf is what stands behind more than half of a file's names, "" where
// nothing does.
func suffixOf(names []string) string {
	n := map[string]int{}
	for _, name := range names {
		n[behindNames.FindString(name)]++
	}
	for suffix, count := range n {
		if 2*count > len(names) && count > 1 {
			return suffix
		}
	}
	return ""
}

// confidence is 1 for the same name, wording and answers. Each thing that
// differs or is not there to be compared takes something off.
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

// doubt says what speaks against merging, "" for nothing.
func doubt(a, b *model, wording float64, s answers, role, sameName, alone bool) string {
	switch {
	case a.Kind != b.Kind && !empty(a.Variable) && !empty(b.Variable):
		return fmt.Sprintf("one holds %s values, the other %s values", a.Kind, b.Kind)
	case s.conflict != "":
		return s.conflict
	case role:
		return ""
	case s.similarity < sameAnswers:
		return "the answers are others"
	case sameName && wording < sameWording:
		return "the name is the same, the wording is another"
	case sameName:
		return ""
	case wording < 1:
		return "the wording is alike, the name is another"
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

// changes lists what differs, the name first.
func changes(a, b *model, wording float64, s answers) []Change {
	var out []Change
	if a.stem != b.stem {
		out = append(out, Change{Kind: Renamed, Text: fmt.Sprintf("it is called %s", b.Name)})
	}
	if wording < 1 {
		out = append(out, Change{Kind: Reworded, Text: fmt.Sprintf("%q here, %q before", b.Label, a.Label)})
	}
	if a.Kind != b.Kind {
		out = append(out, Change{Kind: TypeChanged, Text: fmt.Sprintf("it holds %s values here, %s values before", b.Kind, a.Kind)})
	}
	return append(out, s.changes...)
}
