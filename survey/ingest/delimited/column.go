package delimited

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"surveykit/survey"
)

// kind says what a cell may mean.
type kind uint8

const (
	word   kind = iota // text
	answer             // text in quotes that would be a token without them
	number             // a plain number
	token              // what statistical programs write for "no value"
)

// entry is a distinct cell of a column.
type entry struct {
	text   string
	number float64 // NaN unless the kind is number
	kind   kind
}

func (e entry) isText() bool { return e.kind == word || e.kind == answer }

// dictionary gives each distinct cell of a column a place. It belongs to one reader.
type dictionary struct {
	entries []entry
	numeric bool // no entry is a word
	// The places of cells plus two, 1 for cells that mean "no value", 0 for those not
	// met yet: of whole numbers below 1000, of cells of up to 8 bytes by their hash,
	// and of longer ones.
	small  []int32
	keys   []uint64
	slots  []int32
	short  int // cells in slots
	long   map[string]int32
	quoted map[string]int32 // those of answers that would otherwise be tokens
	global []int32          // the place in the whole column plus one of each entry; of the joiner
}

func newDictionary() *dictionary {
	return &dictionary{numeric: true, keys: make([]uint64, 8), slots: make([]int32, 8)}
}

// place is the place of a cell, -1 where it means "no value".
func (t *dictionary) place(b []byte, d *dialect) int32 {
	if len(b) > 8 {
		k, known := t.long[string(b)]
		if !known {
			if k = t.learn(b, d); t.long == nil {
				t.long = map[string]int32{}
			}
			t.long[string(b)] = k
		}
		return k - 2
	}
	if len(b) == 0 {
		return -1
	}
	var padded [8]byte
	copy(padded[:], b)
	key := binary.LittleEndian.Uint64(padded[:]) // no cell has NUL bytes
	at := t.slot(key)
	if t.slots[at] == 0 {
		if 2*t.short >= len(t.slots) {
			t.widen()
			at = t.slot(key)
		}
		t.short++
		t.keys[at], t.slots[at] = key, t.learn(b, d)
	}
	return t.slots[at] - 2
}

// whole is the place of a whole number below 1000.
func (t *dictionary) whole(n int, d *dialect) int32 {
	if n >= len(t.small) {
		t.small = append(t.small, make([]int32, max(8, 2*n)-len(t.small))...)
	}
	if t.small[n] == 0 {
		t.small[n] = t.place(strconv.AppendInt(nil, int64(n), 10), d) + 2
	}
	return t.small[n] - 2
}

// slot is the slot of a key, or the free one that it would take.
func (t *dictionary) slot(key uint64) int {
	mask := len(t.slots) - 1
	at := int(key*0x9e3779b97f4a7c15>>32) & mask
	for t.slots[at] != 0 && t.keys[at] != key {
		at = (at + 1) & mask
	}
	return at
}

func (t *dictionary) widen() {
	keys, slots := t.keys, t.slots
	t.keys, t.slots = make([]uint64, 2*len(keys)), make([]int32, 2*len(slots))
	for i, k := range slots {
		if k != 0 {
			at := t.slot(keys[i])
			t.keys[at], t.slots[at] = keys[i], k
		}
	}
}

// learn adds a cell that was not met yet, and returns its place plus two.
func (t *dictionary) learn(b []byte, d *dialect) int32 {
	bare := trim(b)
	if len(bare) == 0 || d.missing != nil && d.missing[string(bare)] {
		return 1
	}
	e := entry{text: string(b), number: math.NaN()}
	if x, v := parseNumber(bare, d.decimal); v == plainNumber {
		e.number, e.kind = x, number
	} else if d.missing == nil && usuallyMissing(string(bare)) {
		e.kind = token
	}
	return t.append(e)
}

func (t *dictionary) append(e entry) int32 {
	t.numeric = t.numeric && !e.isText()
	t.entries = append(t.entries, e)
	return int32(len(t.entries)) + 1
}

// answer is the place of a cell in quotes that would otherwise be a token.
func (t *dictionary) answer(b []byte) int32 {
	k, known := t.quoted[string(b)]
	if !known {
		if t.quoted == nil {
			t.quoted = map[string]int32{}
		}
		k = t.append(entry{text: string(b), number: math.NaN(), kind: answer})
		t.quoted[string(b)] = k
	}
	return k - 2
}

// usuallyMissing reports whether programs write s for "no value".
func usuallyMissing(s string) bool {
	switch s {
	case "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "NULL", "null", "#NULL!", `\N`, ".", "-":
		return true
	}
	return false
}

// stretch is the cells of a column in one piece of the text.
type stretch struct {
	known   *dictionary
	entries []entry        // of the dictionary, when the piece was read
	index   []int32        // the place of each row's cell
	spelled bool           // numbers in place of the index
	numbers []float64      // of each row
	tokens  map[string]int // how often each token was met among numbers
	words   bool           // a cell was no number, and its text is lost
}

// manyDistinct is how many distinct numbers a reader keeps as texts, in case a
// later cell is none, and how many distinct texts from one piece to the next.
const manyDistinct = 1 << 14

// begin readies the stretch for a piece of the text, with what its reader knows.
func (s *stretch) begin(own *stretch, c *column) {
	if own.known == nil || len(own.known.entries) > manyDistinct && !own.spelled {
		own.spelled = own.known != nil && own.known.numeric && !c.keep
		own.known = newDictionary()
	}
	*s = stretch{known: own.known, spelled: own.spelled, index: s.index[:0], numbers: s.numbers[:0]}
}

// add adds a cell.
func (s *stretch) add(b []byte, quoted bool, d *dialect) {
	isAnswer := quoted && d.quotesTexts && usuallyMissing(string(trim(b)))
	if isAnswer && !s.spelled {
		s.index = append(s.index, s.known.answer(b))
		return
	}
	if !s.spelled {
		s.index = append(s.index, s.known.place(b, d))
		return
	}
	bare, x := trim(b), math.NaN()
	if len(bare) > 0 && !d.missing[string(bare)] {
		switch y, v := parseNumber(bare, d.decimal); {
		case v == plainNumber:
			x = y
		case d.missing == nil && usuallyMissing(string(bare)) && !isAnswer:
			if s.tokens == nil {
				s.tokens = map[string]int{}
			}
			s.tokens[string(bare)]++
		default:
			s.words = true
		}
	}
	s.numbers = append(s.numbers, x)
}

// addWhole adds a whole number below 1000, or -1 for an empty cell.
func (s *stretch) addWhole(n int, d *dialect) {
	switch {
	case n < 0 && !s.spelled:
		s.index = append(s.index, -1)
	case !s.spelled:
		s.index = append(s.index, s.known.whole(n, d))
	case n < 0:
		s.numbers = append(s.numbers, math.NaN())
	default:
		s.numbers = append(s.numbers, float64(n))
	}
}

// column is a column while it is read.
type column struct {
	text    bool // the column is known to hold text
	keep    bool // texts are kept, however many there are
	entries []entry
	places  map[string]int32 // of each entry that is not an answer
	answers map[string]int32 // of the others
	index   survey.Places
	numbers *survey.NumberColumn // in place of index, where there are many distinct numbers
	missing map[string]int       // how often each token was met
	words   bool                 // a cell was no number, and texts are lost: read it again as text
	rows    int                  // about how many there will be
	// notation is how the numbers are written where they are not plain; doubt means that
	// their points may be between thousands.
	notation notation
	doubt    bool
	calendar calendar
	// Of rows that were handed on: how many have each entry, the first one with it, and the
	// numbers of the entries where these are lost. At the end the index lists the entries.
	counts, firsts []int
	early          []float64
	listed         bool
	made           *survey.Variable // of the column, at the end
}

func newColumn(text, keep bool, rows int) *column {
	c := &column{text: text, keep: text || keep, places: map[string]int32{}, answers: map[string]int32{}, missing: map[string]int{}, rows: rows}
	c.index.Grow(rows)
	return c
}

// join adds a stretch to the column, which has those before it: so texts are in the
// order of their first appearance.
func (c *column) join(s *stretch) {
	switch {
	case c.words:
	case s.spelled:
		c.spell()
		c.words = c.words || s.words
		for _, x := range s.numbers {
			c.numbers.Append(x)
		}
		for name, n := range s.tokens {
			c.missing[name] += n
		}
	case c.numbers != nil:
		for _, k := range s.index {
			if k < 0 {
				c.numbers.Append(math.NaN())
				continue
			}
			c.appendNumber(s.entries[k])
		}
	default:
		global := slices.Grow(s.known.global, len(s.entries)-len(s.known.global))[:len(s.entries)]
		for _, k := range s.index {
			if k >= 0 {
				if global[k] == 0 {
					global[k] = c.learn(s.entries[k]) + 1
				}
				k = global[k] - 1
			}
			c.index.Append(k)
		}
		s.known.global = global
	}
}

// learn is the place of an entry, to which it is added if new.
func (c *column) learn(e entry) int32 {
	places := c.places
	if e.kind == answer {
		places = c.answers
	}
	k, known := places[e.text]
	if !known {
		k = int32(len(c.entries))
		places[e.text] = k
		c.entries = append(c.entries, e)
	}
	return k
}

// spell holds the numbers of the rows in place of their texts.
func (c *column) spell() {
	if c.numbers != nil {
		return
	}
	numbers := make([]float64, len(c.entries))
	for k, e := range c.entries {
		numbers[k] = e.number
		c.words = c.words || e.isText()
	}
	c.countTokens()
	c.early, c.counts = numbers, nil
	c.numbers = survey.NumbersAt(c.index, numbers)
	c.numbers.Grow(max(0, c.rows-c.index.Len()))
	c.index, c.entries, c.places = survey.Places{}, nil, nil
}

// countTokens counts the rows of each token, and reports whether there are any.
func (c *column) countTokens() bool {
	if !slices.ContainsFunc(c.entries, func(e entry) bool { return e.kind == token }) {
		return false
	}
	for k, n := range c.counts {
		if c.entries[k].kind == token {
			c.missing[trimmed(c.entries[k].text)] += n
		}
	}
	for _, k := range c.index.All() {
		if k >= 0 && c.entries[k].kind == token && !c.listed {
			c.missing[trimmed(c.entries[k].text)]++
		}
	}
	return true
}

// take takes the rows out of the column, with some before them: the places of the cells
// among its entries, or numbers.
func (c *column) take(before int) *survey.Variable {
	if c.numbers != nil {
		v := &survey.Variable{Kind: survey.Number, Numbers: c.numbers}
		c.numbers = &survey.NumberColumn{}
		return v
	}
	for len(c.counts) < len(c.entries) {
		c.counts, c.firsts = append(c.counts, 0), append(c.firsts, 0)
	}
	for i, k := range c.index.All() {
		if k < 0 {
			continue
		}
		if c.counts[k]++; c.counts[k] == 1 {
			c.firsts[k] = before + i
		}
	}
	v := &survey.Variable{Kind: survey.Text, Texts: &survey.TextColumn{Index: c.index}}
	c.index = survey.Places{}
	return v
}

// list makes the distinct cells of a column whose rows were taken its rows.
func (c *column) list() {
	if c.listed = true; c.numbers != nil {
		c.numbers = survey.NewNumbers(c.early)
		return
	}
	for k := range c.entries {
		c.index.Append(int32(k))
	}
}

func (c *column) appendNumber(e entry) {
	c.numbers.Append(e.number)
	switch e.kind {
	case word, answer:
		c.words = true
	case token:
		c.missing[trimmed(e.text)]++
	}
}

func trimmed(s string) string { return string(trim([]byte(s))) }

// variable is the finished column: numbers, dates where every text is one, or text.
func (c *column) variable(d *dialect) *survey.Variable {
	switch {
	case c.numbers != nil:
		return &survey.Variable{Kind: survey.Number, Numbers: c.numbers}
	case c.text:
		return c.texts()
	case !slices.ContainsFunc(c.entries, entry.isText):
		c.thousands(d)
		c.spell()
		return &survey.Variable{Kind: survey.Number, Numbers: c.numbers}
	}
	if kind := c.dates(d); kind != "" {
		c.spell()
		return &survey.Variable{Kind: kind, Numbers: c.numbers}
	}
	if c.amounts(d) {
		c.spell()
		return &survey.Variable{Kind: survey.Number, Numbers: c.numbers}
	}
	return c.texts()
}

// texts is the column as text, without tokens unless it is known to be text.
func (c *column) texts() *survey.Variable {
	to, texts := make([]int32, len(c.entries)), make([]string, 0, len(c.entries))
	tokens := !c.text && c.countTokens()
	for k, e := range c.entries {
		if to[k] = int32(len(texts)); tokens && e.kind == token {
			to[k] = -1
			continue
		}
		texts = append(texts, e.text)
	}
	index := c.index
	if tokens {
		index = c.index.Map(to)
	}
	return &survey.Variable{Kind: survey.Text, Texts: &survey.TextColumn{Index: index, Values: texts}}
}
