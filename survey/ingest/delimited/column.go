package delimited

import (
	"math"
	"runtime"
	"sync"

	"surveykit/survey"
)

// column is a column while it is read: as numbers until a cell is not one, then
// once more as text.
type column struct {
	numbers []float64
	failed  bool             // a cell was not a number
	text    bool             // the column is known to hold text
	index   []int32          // place of each row's text, -1 where missing; nil for numbers
	texts   []string         // the distinct texts in order of first appearance
	places  map[string]int32 // of each text in texts
	missing map[string]int   // how often a usual missing token was met
}

// columns reads the cells of the columns that are picked; the others are nil. A column that has text in the first rows is read as
// text at once; one that has it later takes a second pass.
func (rd *reader) columns(picked func(name string) bool) []*column {
	all := make([]*column, len(rd.names))
	for j, name := range rd.names {
		if picked(name) {
			text := rd.knownText(name)
			all[j] = &column{failed: text, text: text}
		}
	}
	rd.fill(rd.rows[:min(len(rd.rows), headRows)], all)
	rd.fill(rd.rows, all)
	late := make([]*column, len(all))
	again := false
	for j, c := range all {
		if c != nil && c.failed {
			late[j], again = c, true
		}
	}
	if again {
		rd.fill(rd.rows, late)
	}
	return all
}

func (rd *reader) knownText(name string) bool { return rd.asText != nil && rd.asText(name) }

// reset allocates memory for rows, as texts where a cell was not a number before.
func (c *column) reset(rows int) {
	c.missing = map[string]int{}
	if !c.failed && c.index == nil {
		c.numbers = make([]float64, rows)
		return
	}
	c.failed, c.numbers = false, nil
	c.index, c.texts, c.places = make([]int32, rows), nil, map[string]int32{}
}

func (c *column) addNumber(row int, b []byte, d *dialect) {
	b = trim(b)
	if len(b) == 0 || d.missing != nil && d.missing[string(b)] {
		c.numbers[row] = math.NaN()
		return
	}
	x, v := parseNumber(b, d.decimal)
	switch {
	case v == plainNumber:
		c.numbers[row] = x
	case d.missing == nil && usuallyMissing(string(b)):
		c.numbers[row] = math.NaN()
		c.missing[string(b)]++
	default:
		c.failed = true
	}
}

func (c *column) addText(row int, b []byte, d *dialect) {
	bare := trim(b)
	if len(bare) == 0 || d.missing != nil && d.missing[string(bare)] {
		c.index[row] = -1
		return
	}
	k, known := c.places[string(b)]
	if !known {
		k = c.learn(string(b))
	}
	c.index[row] = k
}

// learn adds a text that no earlier row has.
func (c *column) learn(text string) int32 {
	k := int32(len(c.texts))
	c.places[text] = k
	c.texts = append(c.texts, text)
	return k
}

// usuallyMissing reports whether statistical programs write s for "no value".
func usuallyMissing(s string) bool {
	switch s {
	case "NA", ".", "NaN", "nan", "NULL", "#NULL!":
		return true
	}
	return false
}

// variable is the finished column, with dates where every text is one.
func (c *column) variable(d *dialect) *survey.Variable {
	if c.index == nil {
		return &survey.Variable{Kind: survey.Number, Numbers: survey.NewNumbers(c.numbers)}
	}
	if values, kind := c.dates(d); kind != "" && !c.text {
		return &survey.Variable{Kind: kind, Numbers: survey.NewNumbers(values)}
	}
	return &survey.Variable{Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces(c.index), Values: c.texts}}
}

// dates reads the texts as dates of one kind; the kind is "" where they are not.
func (c *column) dates(d *dialect) (values []float64, kind survey.Kind) {
	distinct := make([]float64, len(c.texts))
	token := make([]bool, len(distinct))
	for k, s := range c.texts {
		if token[k] = d.missing == nil && usuallyMissing(s); token[k] {
			distinct[k] = math.NaN()
			continue
		}
		x, found, ok := ParseDate(s)
		if !ok || kind != "" && found != kind {
			return nil, ""
		}
		distinct[k], kind = x, found
	}
	if kind == "" {
		return nil, ""
	}
	values = make([]float64, len(c.index))
	for i, k := range c.index {
		if k < 0 {
			values[i] = math.NaN()
			continue
		}
		values[i] = distinct[k]
		if token[k] {
			c.missing[c.texts[k]]++
		}
	}
	return values, kind
}

// fill reads the cells of the rows into the columns; nil columns are skipped.
// Long texts are divided into a stretch of rows for each processor; the columns do
// not depend on the number of processors.
func (rd *reader) fill(rows []int, columns []*column) {
	for _, c := range columns {
		if c != nil {
			c.reset(len(rows))
		}
	}
	all := stretches(rows, columns)
	var readers sync.WaitGroup
	for _, s := range all {
		readers.Go(func() {
			defer func() { s.fault = recover() }()
			rd.fillStretch(s)
		})
	}
	readers.Wait()
	for i, s := range all {
		if s.fault != nil {
			panic(s.fault)
		}
		if i > 0 {
			s.join(columns)
		}
	}
}

// stretch is a sequence of rows and the columns of their cells.
type stretch struct {
	first   int // row
	rows    []int
	columns []*column
	fault   any // of a panic
}

// rowsWorthSharing is how many rows are worth a processor of their own.
const rowsWorthSharing = 10000

// stretches divides the rows. The first stretch fills the columns themselves, the
// others the same numbers and texts with dictionaries of their own.
func stretches(rows []int, columns []*column) []*stretch {
	n := max(1, min(runtime.GOMAXPROCS(0), len(rows)/rowsWorthSharing))
	all := make([]*stretch, n)
	for i := range all {
		from, to := i*len(rows)/n, (i+1)*len(rows)/n
		all[i] = &stretch{first: from, rows: rows[from:to], columns: columns}
		if i > 0 {
			all[i].columns = make([]*column, len(columns))
			for j, c := range columns {
				all[i].columns[j] = c.share()
			}
		}
	}
	return all
}

// share is a column that fills c's rows.
func (c *column) share() *column {
	if c == nil {
		return nil
	}
	return &column{numbers: c.numbers, index: c.index, places: map[string]int32{}, missing: map[string]int{}}
}

// join adds the texts of the stretch to the columns, which have those of the
// stretches before it: so texts are in the order of their first appearance.
func (s *stretch) join(columns []*column) {
	for j, c := range columns {
		if c == nil {
			continue
		}
		own := s.columns[j]
		c.failed = c.failed || own.failed
		for token, n := range own.missing {
			c.missing[token] += n
		}
		if c.index == nil {
			continue
		}
		places := make([]int32, len(own.texts))
		for k, text := range own.texts {
			place, known := c.places[text]
			if !known {
				place = c.learn(text)
			}
			places[k] = place
		}
		index := c.index[s.first : s.first+len(s.rows)]
		for i, k := range index {
			if k >= 0 {
				index[i] = places[k]
			}
		}
	}
}

// fillStretch reads the cells of a stretch.
func (rd *reader) fillStretch(stretch *stretch) {
	d := &rd.dialect
	s := newScanner(rd.text, *d)
	var scratch []byte
	columns := stretch.columns
	for n := len(columns); n > 0 && columns[n-1] == nil; n-- {
		columns = columns[:n-1] // no need to step over the last cells of a row
	}
	for i, start := range stretch.rows {
		s.pos = start
		row := stretch.first + i
		for _, c := range columns {
			if c == nil || c.failed {
				s.next()
				continue
			}
			if c.index != nil {
				cell, _ := s.next()
				c.addText(row, s.content(cell, &scratch), d)
				continue
			}
			if d.missing == nil {
				if x, ok := s.integer(); ok {
					c.numbers[row] = x
					continue
				}
			}
			cell, _ := s.next()
			c.addNumber(row, s.content(cell, &scratch), d)
		}
	}
}
