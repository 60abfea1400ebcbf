package sav

import (
	"bytes"
	"strconv"
	"strings"

	"surveykit/survey"
)

// readSets reads the multiple-response sets of one extension. Each is
//
//	$name=C LENGTH LABEL VARIABLE VARIABLE …            categories
//	$name=DLENGTH VALUE LENGTH LABEL VARIABLE …         dichotomies, labelled by variable
//	$name=E FLAG LENGTH VALUE LENGTH LABEL VARIABLE …   dichotomies, labelled by counted value
//
// and ends with a line feed. A fault in one leaves out it and those behind it,
// with a notice.
func (d *dictionary) readSets(subtype int32) {
	e := d.extensions[subtype]
	s := &setScanner{rest: e.data}
	for {
		s.rest = bytes.TrimLeft(s.rest, "\n\x00 ")
		if len(s.rest) == 0 {
			return
		}
		set := s.next()
		if s.failed {
			d.Note(survey.NoticeSets, nil, "the multiple-response sets at byte %d are not readable behind the first %d", e.at, len(d.sets))
			return
		}
		d.addSet(set)
	}
}

// rawSet is a set as the file describes it.
type rawSet struct {
	name, label, counted []byte
	categories           bool
	// labelled says that the set takes its label from its first variable.
	labelled  bool
	variables [][]byte
}

// setScanner walks over the sets; the first failure sticks.
type setScanner struct {
	rest   []byte
	failed bool
}

func (s *setScanner) next() (set rawSet) {
	name, rest, _ := bytes.Cut(s.rest, []byte{'='})
	if len(rest) == 0 {
		s.failed = true
		return set
	}
	kind := rest[0]
	set.name, s.rest = name, rest[1:]
	switch kind {
	case 'C':
		set.categories = true
		s.word()
	case 'D':
		set.counted = s.counted()
	case 'E':
		s.word()
		set.labelled = string(s.word()) == "11"
		set.counted = s.counted()
	default:
		s.failed = true
	}
	set.label = s.counted()
	line, rest, _ := bytes.Cut(s.rest, []byte{'\n'})
	set.variables, s.rest = bytes.Fields(line), rest
	return set
}

// word reads up to the next space.
func (s *setScanner) word() []byte {
	word, rest, ok := bytes.Cut(s.rest, []byte{' '})
	s.rest, s.failed = rest, s.failed || !ok
	return word
}

// counted reads a length, a space, so many bytes, and a space.
func (s *setScanner) counted() []byte {
	n, err := strconv.Atoi(string(s.word()))
	if err != nil || n < 0 || n > len(s.rest) {
		s.failed = true
		return nil
	}
	text := s.rest[:n]
	s.rest = bytes.TrimPrefix(s.rest[n:], []byte{' '})
	return text
}

// addSet keeps a set whose variables exist.
func (d *dictionary) addSet(raw rawSet) {
	set := survey.MultipleResponse{Name: d.text(raw.name), Label: d.text(raw.label)}
	var first *column
	for _, name := range raw.variables {
		c := d.setMember(name)
		if c == nil {
			d.Note(survey.NoticeSets, nil, "multiple-response set %s names %s, which is no variable: it was left out of the set", set.Name, d.text(name))
			continue
		}
		if first == nil {
			first = c
		}
		set.Variables = append(set.Variables, c.Name)
	}
	if first == nil {
		d.Note(survey.NoticeSets, nil, "multiple-response set %s has no variables and was left out", set.Name)
		return
	}
	if raw.labelled && set.Label == "" {
		set.Label = first.Label
	}
	if !raw.categories {
		counted, ok := countedValue(first, d.text(raw.counted))
		if !ok {
			d.Note(survey.NoticeSets, set.Variables, "multiple-response set %s counts %q, which is no number: it was left out", set.Name, raw.counted)
			return
		}
		set.Counted = &counted
	}
	d.sets = append(d.sets, set)
}

// setMember finds a variable by its short name, as SPSS writes it into sets, or
// else by its long one.
func (d *dictionary) setMember(raw []byte) *column {
	key := strings.ToUpper(d.text(raw))
	if c := d.byShort[key]; c != nil {
		return c
	}
	return d.byName[key]
}

func countedValue(c *column, text string) (survey.Value, bool) {
	if c.IsText() {
		return survey.TextValue(text), true
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return survey.NumberValue(fromFile(c.Kind, x)), err == nil
}
