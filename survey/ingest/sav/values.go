package sav

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// labelValues gives the variables the codes of the label records. Variables that
// share a record share the slice of codes.
func (d *dictionary) labelValues() {
	for _, r := range d.labels {
		made := map[survey.Kind][]survey.Code{}
		for _, element := range r.elements {
			c := d.at(element)
			if c == nil {
				d.blame(r.at, "value labels refer to element %d, where no variable begins", element)
				break
			}
			if c.IsText() && c.width > 8 {
				d.Note(survey.NoticeLabels, []string{c.Name}, "value labels of the long text %s are in the wrong record and were left out", c.Name)
				continue
			}
			if _, ok := made[c.Kind]; !ok {
				codes := make([]survey.Code, len(r.values))
				for i, octet := range r.values {
					codes[i].Label = d.text(r.labels[i])
					if c.IsText() {
						codes[i].Value = survey.TextValue(d.text(octet[:]))
					} else {
						codes[i].Value = survey.NumberValue(d.number(c, octet))
					}
				}
				made[c.Kind] = slices.Clip(mergeCodes(nil, codes))
			}
			c.addCodes(made[c.Kind])
		}
	}
}

// addCodes adds labelled values, whose slice it shares where they are the first.
func (c *column) addCodes(codes []survey.Code) {
	if len(c.Codes) > 0 {
		codes = mergeCodes(c.Codes, codes)
	}
	c.Codes = slices.Clip(codes)
}

// mergeCodes appends more to a copy of codes; the label of a value that is there
// already takes the place of the earlier one.
func mergeCodes(codes, more []survey.Code) []survey.Code {
	merged := slices.Clone(codes)
	index := make(map[survey.Value]int, len(codes)+len(more))
	for i, code := range codes {
		index[code.Value] = i
	}
	for _, code := range more {
		i, again := index[code.Value]
		if again {
			merged[i] = code
			continue
		}
		index[code.Value] = len(merged)
		merged = append(merged, code)
	}
	return merged
}

// declareMissing takes the missing values from the variable records. The ends of
// a range that mean LO and HI become infinities.
func (d *dictionary) declareMissing() {
	for _, c := range d.columns {
		r := c.record
		single := r.missing
		if r.missingRanges && !c.IsText() {
			m := survey.Missing{Low: d.number(c, r.missing[0]), High: d.number(c, r.missing[1])}
			if math.Float64frombits(d.order.Uint64(r.missing[0][:])) <= lowest {
				m.Low = math.Inf(-1)
			}
			if math.Float64frombits(d.order.Uint64(r.missing[1][:])) >= highest {
				m.High = math.Inf(1)
			}
			c.Missing = append(c.Missing, m)
			single = r.missing[2:]
		}
		for _, octet := range single {
			if c.IsText() {
				c.Missing = append(c.Missing, survey.MissingText(d.text(octet[:min(8, c.width)]), survey.ReasonUnknown))
				continue
			}
			c.Missing = append(c.Missing, survey.MissingNumber(d.number(c, octet), survey.ReasonUnknown))
		}
	}
}

// fields reads the parts of an extension; reading past its end returns nil.
type fields struct {
	data  []byte
	at    int64
	order binary.ByteOrder
	short bool
}

func (d *dictionary) fields(subtype int32) *fields {
	e := d.extensions[subtype]
	return &fields{data: e.data, at: e.at, order: d.order}
}

func (f *fields) take(n int) []byte {
	if n < 0 || n > len(f.data) {
		f.short, f.data = true, nil
		return nil
	}
	b := f.data[:n]
	f.data, f.at = f.data[n:], f.at+int64(n)
	return b
}

func (f *fields) int32() int {
	b := f.take(4)
	if b == nil {
		return 0
	}
	return int(int32(f.order.Uint32(b)))
}

// labelLongValues reads the labels of texts of more than eight bytes: name,
// width, number of labels, and then each value and label with its length.
func (d *dictionary) labelLongValues() {
	f := d.fields(extLongLabels)
	for len(f.data) > 0 {
		name := f.take(f.int32())
		f.int32()
		var codes []survey.Code
		for n := f.int32(); n > 0 && !f.short; n-- {
			value := survey.TextValue(d.text(f.take(f.int32())))
			codes = append(codes, survey.Code{Value: value, Label: d.text(f.take(f.int32()))})
		}
		if f.short {
			d.blame(f.at, "the labels of long text values end too early")
			return
		}
		if c := d.longText(name); c != nil {
			c.addCodes(codes)
		}
	}
}

// declareLongMissing reads the missing values of texts of more than eight bytes:
// name, their number in one byte, their length, and the values. Old programs
// repeat the length before each value.
func (d *dictionary) declareLongMissing() {
	f := d.fields(extLongMissing)
	for len(f.data) > 0 {
		name := f.take(f.int32())
		count := f.take(1)
		length := f.int32()
		var values []survey.Missing
		for i := 0; !f.short && i < int(count[0]); i++ {
			if i > 0 && len(f.data) >= 4 && int(f.order.Uint32(f.data)) == length {
				f.take(4)
			}
			values = append(values, survey.MissingText(d.text(f.take(length)), survey.ReasonUnknown))
		}
		if f.short {
			d.blame(f.at, "the missing values of long texts end too early")
			return
		}
		if c := d.longText(name); c != nil {
			c.Missing = append(c.Missing, values...)
		}
	}
}

// longText finds the text column that an extension names; a name that is not a
// text variable gives a notice and nil.
func (d *dictionary) longText(name []byte) *column {
	c := d.byName[strings.ToUpper(d.text(name))]
	if c == nil {
		c = d.find(name)
	}
	if c == nil || !c.IsText() {
		d.Note(survey.NoticeLabels, nil, "labels or missing values refer to %q, which is not a text variable: they were left out", d.text(name))
		return nil
	}
	return c
}

// System files declare missing values without a reason. Write adds it in an
// attribute of the variable, a list of VALUE=REASON, which PSPP shows with the
// others and saves again:
//
//	NAME:MissingReasons('98=don't know'<newline>'99=refused'<newline>)/NAME2:…
const reasonsAttribute = "MissingReasons"

// ruleKey names a missing rule by the values that the file holds: 99, 90..99 or a text.
func ruleKey(kind survey.Kind, m survey.Missing) string {
	if m.IsText {
		return strings.TrimRight(strings.ReplaceAll(m.Text, "\n", " "), " ")
	}
	key := survey.FormatNumber(toFile(kind, m.Low))
	if m.Low != m.High {
		key += ".." + survey.FormatNumber(toFile(kind, m.High))
	}
	return key
}

// reasons writes the attributes of the variables whose missing values have a reason.
func (p *layout) reasons(b *recordBuffer) {
	for _, f := range p.fields {
		var known []string
		for _, m := range f.Missing {
			if m.Reason != survey.ReasonUnknown {
				known = append(known, fmt.Sprintf("'%s=%s'\n", ruleKey(f.Kind, m), m.Reason))
			}
		}
		if len(known) == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		fmt.Fprintf(b, "%s:%s(%s)", f.name, reasonsAttribute, strings.Join(known, ""))
	}
}

// readReasons gives missing values the reasons that Write left. Other attributes
// are passed over, and so are reasons of values that are no longer missing.
func (d *dictionary) readReasons() {
	rest := d.text(d.extensions[extAttributes].data)
	for rest != "" {
		name, attributes, ok := strings.Cut(rest, ":")
		if rest = attributes; !ok {
			return
		}
		c := d.byName[strings.ToUpper(name)]
		for rest != "" && rest[0] != '/' {
			var attribute string
			var values []string
			if attribute, values, rest, ok = cutAttribute(rest); !ok {
				return
			}
			if c != nil && attribute == reasonsAttribute {
				c.giveReasons(values)
			}
		}
		rest = strings.TrimPrefix(rest, "/")
	}
}

// cutAttribute separates an attribute and its values from what follows.
func cutAttribute(s string) (name string, values []string, rest string, ok bool) {
	name, rest, ok = strings.Cut(s, "(")
	for ok && !strings.HasPrefix(rest, ")") {
		var value string
		value, rest, ok = strings.Cut(rest, "\n")
		values = append(values, strings.TrimSuffix(strings.TrimPrefix(value, "'"), "'"))
	}
	return name, values, strings.TrimPrefix(rest, ")"), ok
}

func (c *column) giveReasons(values []string) {
	for _, value := range values {
		at := strings.LastIndexByte(value, '=')
		if at < 0 {
			continue
		}
		switch why := survey.Reason(value[at+1:]); why {
		case survey.DontKnow, survey.Refused, survey.NotAsked:
			for i, m := range c.Missing {
				if ruleKey(c.Kind, m) == value[:at] {
					c.Missing[i].Reason = why
				}
			}
		}
	}
}

// readSets reads the multiple-response sets of one extension. Each is
//
//	$name=C LENGTH LABEL VARIABLE VARIABLE …            categories
//	$name=DLENGTH VALUE LENGTH LABEL VARIABLE …         dichotomies, labelled by variable
//	$name=E FLAG LENGTH VALUE LENGTH LABEL VARIABLE …   dichotomies, labelled by counted value
//
// and ends with a line feed. A fault in one leaves out that set and the following
// ones, with a notice.
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
			d.Note(survey.NoticeSets, nil, "the multiple-response sets at byte %d are not readable after the first %d", e.at, len(d.sets))
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

// counted reads a length, a space, that many bytes, and a space.
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
		c := d.find(name)
		if c == nil {
			d.Note(survey.NoticeSets, nil, "multiple-response set %s names %s, which is not a variable: it was left out of the set", set.Name, d.text(name))
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
		counted := survey.TextValue(d.text(raw.counted))
		if !first.IsText() {
			x, err := strconv.ParseFloat(strings.TrimSpace(counted.Text), 64)
			if err != nil {
				d.Note(survey.NoticeSets, set.Variables, "multiple-response set %s counts %q, which is not a number: it was left out", set.Name, raw.counted)
				return
			}
			counted = survey.NumberValue(fromFile(first.Kind, x))
		}
		set.Counted = &counted
	}
	d.sets = append(d.sets, set)
}
