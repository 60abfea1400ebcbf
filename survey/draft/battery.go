package draft

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// kind is how the tables of a topic are laid out.
type kind int

const (
	question kind = iota // the answers of a variable
	measure              // mean, median and standard deviation of a number
	rating               // answers from 0 to 10 with their mean, and the net promoter score where they recommend
	set                  // the items of a multiple-response question
	shares               // the share of one answer in each item, each with its own base
	grid                 // items by the answers of their scale
	means                // the mean of each item
	verbatim             // answers that several people gave in their own words
)

// topic is what one table of a draft, or several, are about: a question, or several that
// belong together.
type topic struct {
	kind kind
	// name is that of the variable, the set or the group.
	name  string
	title string
	items []*profile
	// labels are the items' in the rows of their table; nil where the file's are good.
	labels []string
	// counted is the answer of a set or of shares; nil in a set whose variables hold what was chosen.
	counted *survey.Value
	// negative is the answer of all who did not choose an item, where each item has a word
	// of its own for those who did; "" elsewhere.
	negative string
	// declared is true where the draft has to declare the set.
	declared bool
}

// form is what the answers of an item look like: items that belong together have the
// same key. The answers of a set are given by counted or negative; neither is there
// where each item has one word of its own or nothing.
type form struct {
	key      string
	set      bool
	counted  *survey.Value
	negative string
	// option is the label of a set's item where its codes have it.
	option string
	// none are numbers beside 0 and 1 that are no answer.
	none []survey.Value
}

var (
	// unselected are the answers of people who did not choose an item, refused those of
	// people who say no, accepted those of people who chose it or say yes.
	unselected = pattern.Lazy(`(?i)^(not|nicht) (selected|checked|chosen|mentioned|marked|ticked|quoted|gewählt|ausgewählt|genannt|angekreuzt)$|^(un(checked|selected|ticked|marked))$|^non (coché|sélectionné|choisi|cité)e?$|^no (seleccionad[oa]|marcad[oa])$`)
	refused    = pattern.Lazy(`(?i)^(no|nein|non|nee|nej|nei|não|nie|нет|false|0|off|n)(, .*)?$`)
	accepted   = pattern.Lazy(`(?i)^(yes|ja|oui|s[ií]|sì|sim|tak|да|true|1|on|y|(selected|checked|chosen|mentioned|marked|ticked|quoted|ausgewählt|gewählt|genannt|angekreuzt|coché|sélectionné|cité)e?)(, .*)?$`)
)

// The keys of items that hold nothing where they were not chosen.
const (
	onlyChosen = "1"
	ownWord    = "own word"
)

// formOf is the form of a variable's answers; ok is false where it can be no item.
func formOf(p *profile) (f form, ok bool) {
	if p.why != "" && p.why != sameEverywhere || p.Kind != survey.Number && p.Kind != survey.Text || p.isMeasure() {
		return f, false
	}
	if p.IsText() {
		return textForm(p)
	}
	codes := p.codes()
	if f, ok := dichotomy(p, codes); ok {
		return f, true
	}
	if len(p.counts) > mostNumbers || len(codes) > mostNumbers || max(len(p.counts), len(codes)) < 2 {
		return f, false
	}
	if len(codes) == 0 {
		return form{key: "numbers"}, true
	}
	key := "codes"
	for _, c := range codes {
		key += "\n" + c.Value.String() + "=" + c.Label
	}
	for _, x := range p.Occurring() {
		if !p.none[x] && p.LabelOf(x) == x.String() {
			key += "\n" + x.String()
		}
	}
	return form{key: key}, true
}

// dichotomy is the form of a number that says whether an item was chosen.
func dichotomy(p *profile, codes []survey.Code) (f form, ok bool) {
	zero, one := survey.NumberValue(0), survey.NumberValue(1)
	binary, reserved := true, true
	var none []survey.Value
	for x := range p.counts {
		if x != zero && x != one {
			binary = false
			none = append(none, x)
			reserved = reserved && (x.Number >= 7 && x.Number <= 9 || x.Number == 77 || x.Number == 88 || x.Number >= 97 && x.Number <= 99 || x.Number < 0)
		}
	}
	slices.SortFunc(none, func(a, b survey.Value) int { return cmp.Compare(a.Number, b.Number) })
	switch {
	case len(codes) == 0 && (binary || reserved && p.whole && len(none) <= 3 && p.counts[zero] > 0 && p.counts[one] > 0):
		f = form{key: "0/1", set: true, counted: &one, none: none}
		if len(p.counts) == 1 && p.counts[one] > 0 && p.empty > 0 {
			f.key = onlyChosen
		}
		return f, true
	case len(codes) == 1 && binary && codes[0].Value == one && p.counts[zero] == 0:
		f = form{key: onlyChosen, set: true, counted: &one, option: codes[0].Label}
	case len(codes) == 2 && p.unlabelled() == 0:
		for k, c := range codes {
			other := codes[1-k]
			if no := refused().MatchString(c.Label); no && accepted().MatchString(other.Label) || unselected().MatchString(c.Label) {
				f = form{key: "chosen " + other.Value.String() + ", not " + c.Value.String() + " " + c.Label, set: true, counted: &other.Value, option: other.Label}
				if no || accepted().MatchString(other.Label) {
					f.key += " " + other.Label
				}
			}
		}
	}
	if accepted().MatchString(f.option) {
		f.option = ""
	}
	return f, f.key != ""
}

// textForm is the form of texts.
func textForm(p *profile) (f form, ok bool) {
	var no, yes, other []string
	for x := range p.counts {
		switch {
		case unselected().MatchString(x.Text), refused().MatchString(x.Text):
			no = append(no, x.Text)
		case accepted().MatchString(x.Text):
			yes = append(yes, x.Text)
		default:
			other = append(other, x.Text)
		}
	}
	switch {
	case len(no) == 1 && len(yes) == 1 && len(other) == 0:
		counted := survey.TextValue(yes[0])
		return form{key: "text " + no[0] + "/" + yes[0], set: true, counted: &counted}, true
	case len(no) == 1 && len(yes) == 0 && len(other) <= 1 && unselected().MatchString(no[0]):
		return form{key: "text not " + no[0], set: true, negative: no[0], option: strings.Join(other, "")}, true
	case len(p.counts) == 1 && len(other) == 1 && p.empty > 0:
		return form{key: ownWord, set: true, option: other[0]}, true
	case len(p.counts) < 2 || len(p.counts) > mostNumbers:
		return f, false
	}
	words := slices.Sorted(maps.Keys(p.texts()))
	return form{key: "texts\n" + strings.Join(words, "\n")}, true
}

func (p *profile) texts() map[string]bool {
	out := map[string]bool{}
	for x := range p.counts {
		out[x.Text] = true
	}
	return out
}

// batteries are the questions of several items. Neighbours whose names or wordings have
// much in common are taken together, and of these the ones of the same form.
func (d *draft) batteries() (found []topic) {
	forms := make([]form, len(d.profiles))
	free := make([]bool, len(d.profiles))
	for k, p := range d.profiles {
		if !d.used[p.Name] {
			forms[k], free[k] = formOf(p)
		}
	}
	for first := 0; first < len(d.profiles); {
		block, next := []int{first}, first+1
		for ; next < len(d.profiles); next++ {
			p := d.profiles[next]
			if p.why == otherText || p.why == noAnswer {
				continue
			}
			if !free[first] || !free[next] || !related(d.profiles[block[len(block)-1]], p) {
				break
			}
			block = append(block, next)
		}
		if len(block) == 1 {
			first++
			continue
		}
		first = block[len(block)-1] + 1
		var keys []string
		parts := map[string][]int{}
		for _, k := range block {
			key := forms[k].key
			if parts[key] == nil {
				keys = append(keys, key)
			}
			parts[key] = append(parts[key], k)
		}
		for _, key := range keys {
			items := make([]*profile, len(parts[key]))
			options := make([]string, len(items))
			for j, k := range parts[key] {
				items[j], options[j] = d.profiles[k], forms[k].option
			}
			if len(items) < 2 {
				continue
			}
			for j, k := range parts[key] {
				items[j].declare(forms[k].none)
			}
			if t, ok := d.batteryOf(forms[parts[key][0]], items, options); ok {
				found = append(found, t)
			}
		}
	}
	return found
}

// related reports whether two variables look like items of one question: their names
// differ in the number or letter of the item only, or their wordings in what a sign
// parts from the rest.
func related(p, q *profile) bool {
	if _, ok := nameStem([]string{p.Name, q.Name}); ok {
		return true
	}
	if _, _, ok := wordStem([]string{p.Name, q.Name}); ok && p.text == "" && q.text == "" || headed(p) && headed(q) {
		return true
	}
	if p.text == "" || q.text == "" {
		return false
	}
	s, ok := stemOf([]string{p.text, q.text})
	return ok && s.sure
}

// headed reports whether a column holds its own heading or nothing.
func headed(p *profile) bool {
	f, ok := formOf(p)
	return ok && f.key == ownWord && f.option == p.Name
}

// batteryOf makes a topic of items of one form; ok is false where they are questions of their own.
func (d *draft) batteryOf(f form, items []*profile, options []string) (t topic, ok bool) {
	names, texts := make([]string, len(items)), make([]string, len(items))
	for k, p := range items {
		names[k], texts[k] = p.Name, p.text
	}
	name, named := nameStem(names)
	var words []string
	if !named && strings.Join(texts, "") == "" {
		name, words, named = wordStem(names)
	}
	t = topic{items: items, counted: f.counted, negative: f.negative}
	worded, has := stem{}, false
	if !slices.Contains(texts, "") {
		worded, has = stemOf(texts)
	}
	switch {
	case !slices.ContainsFunc(items, func(p *profile) bool { return !headed(p) }):
		name, named, t.title = "choices", true, strings.Join(names, ", ")
	case !slices.Contains(options, "") && f.option != "":
		t.labels, t.title = options, worded.text
		if t.title == "" && texts[0] != "" && !slices.ContainsFunc(texts, func(s string) bool { return s != texts[0] }) {
			t.title = texts[0]
		}
	case has && (worded.sure || named):
		t.labels, t.title = worded.items, worded.text
	case !named || slices.ContainsFunc(texts, func(s string) bool { return strings.HasSuffix(s, "?") || utf8.RuneCountInString(s) > 60 }):
		return t, false
	case !slices.Contains(texts, ""):
		t.labels = texts
	case words != nil:
		t.labels = words
	}
	if !named {
		const longestName = 40
		name = cmp.Or(shortened(t.title, longestName), items[0].Name)
	}
	// An answer that nobody gave and that has no label is not known.
	unchosen := func(p *profile) bool {
		return f.counted != nil && p.counts[*f.counted] == 0 && !slices.ContainsFunc(p.Codes, func(c survey.Code) bool { return c.Value == *f.counted })
	}
	switch {
	case f.set && (f.key == onlyChosen || f.key == ownWord || d.together(items)):
		if t.kind, t.declared = set, true; !slices.ContainsFunc(items, func(p *profile) bool { return !unchosen(p) }) {
			return t, false
		}
	case f.set:
		t.kind = shares
		if slices.ContainsFunc(items, unchosen) {
			return t, false
		}
	case f.key == "numbers":
		kind, one := scaleOf(items)
		if t.kind = kind; len(items) < 3 || !one {
			return t, false
		}
	default:
		if t.kind = grid; t.labels == nil && len(items) < 3 {
			return t, false
		}
	}
	t.name = d.free(name)
	return t, true
}

// together reports whether all items have a value in the same rows: the base of a set is
// everybody with a value in any.
func (d *draft) together(items []*profile) bool {
	for _, p := range items[1:] {
		if p.rows != items[0].rows {
			return false
		}
		if d.table.Groups != nil {
			continue
		}
		for i := range d.table.Rows {
			x, ok := p.At(i)
			y, too := items[0].At(i)
			if (ok && !p.IsMissing(x) && !p.none[x]) != (too && !items[0].IsMissing(y) && !items[0].none[y]) {
				return false
			}
		}
	}
	return true
}

// scaleOf says how items of numbers without labels are shown: by their means where
// together they use a scale without gaps, or by their answers where all have the same. Of
// other numbers, and where few have an answer to one, it is not certain that they are items.
func scaleOf(items []*profile) (k kind, ok bool) {
	const leastScale = 4
	least, most := math.Inf(1), math.Inf(-1)
	all := map[float64]bool{}
	same := true
	for _, p := range items {
		if 2*p.rows < items[0].rows || 2*items[0].rows < p.rows {
			return grid, false
		}
		same = same && len(p.counts) == len(items[0].counts)
		none := p.nonAnswers()
		for x := range p.counts {
			_, shared := items[0].counts[x]
			same = same && shared
			if slices.ContainsFunc(none, func(m survey.Missing) bool { return m.Low == x.Number }) {
				continue
			}
			all[x.Number] = true
			least, most = min(least, x.Number), max(most, x.Number)
		}
	}
	if len(all) >= leastScale && len(all) <= mostNumbers && most-least == float64(len(all)-1) {
		return means, true
	}
	return grid, same
}

// nameStem is what names have in common that differ in the number or letter of an item:
// q3 of q3_1 and q3_2, web1 of web1a and web1b. Questions that are merely numbered, such as
// q1 and q2, have none.
func nameStem(names []string) (string, bool) {
	head, tail := names[0], names[0]
	for _, n := range names[1:] {
		head = head[:common(head, n)]
		tail = tail[len(tail)-commonEnd(tail, n):]
	}
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	if strings.ContainsFunc(names[0][len(head):min(len(names[0]), len(head)+1)]+names[1][len(head):min(len(names[1]), len(head)+1)], isDigit) || len(head) == len(names[0]) || len(head) == len(names[1]) {
		head = strings.TrimRightFunc(head, isDigit)
		tail = strings.TrimLeftFunc(tail, isDigit)
	}
	for _, n := range names {
		if len(n) <= len(head)+len(tail) || !itemCode().MatchString(n[len(head):len(n)-len(tail)]) {
			return "", false
		}
	}
	name := strings.TrimRight(strings.TrimSuffix(head, "$"), "_.-#/ [(:")
	letters := strings.TrimRightFunc(name, isDigit)
	switch {
	case name == "", strings.EqualFold(letters, name) && merelyNumbered().MatchString(name):
		return "", false
	case name == letters && name == head && utf8.RuneCountInString(name) < 3: // hh1, hh3
		return "", false
	}
	last, _ := utf8.DecodeLastRuneInString(name)
	if r := strings.ToLower(string(last)); (r == "r" || r == "c") && len(name) > 1 && unicode.IsDigit(rune(name[len(name)-2])) {
		name = name[:len(name)-1]
	}
	return name, true
}

// wordStem is what names begin with whose items have a word each, such as channel of
// channel_email and channel_mail, and the words.
func wordStem(names []string) (name string, words []string, ok bool) {
	const leastLetters = 3
	head := names[0]
	for _, n := range names[1:] {
		head = head[:common(head, n)]
	}
	head = head[:strings.LastIndexAny(head, "_./")+1]
	if name = strings.TrimRight(head, "_./"); utf8.RuneCountInString(name) < leastLetters {
		return "", nil, false
	}
	for _, n := range names {
		word := strings.ReplaceAll(n[len(head):], "_", " ")
		if !strings.ContainsFunc(word, unicode.IsLetter) {
			return "", nil, false
		}
		words = append(words, word)
	}
	return name, words, true
}

var (
	itemCode       = pattern.Lazy(`^[0-9]{1,4}$|^[A-Za-z]$`)
	merelyNumbered = pattern.Lazy(`(?i)^(q|qu|qn|v|var|item|col|column|question|frage|s|d|f|x|field|spalte|a|b|c|e)$`)
)
