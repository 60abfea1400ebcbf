package delimited

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/pattern"
)

// order is the order of day, month and year in a date of numbers.
type order uint8

const (
	unknownOrder order = iota
	dayFirst
	monthFirst
	yearFirst
)

// orders are the words of the option date_order.
var orders = map[string]order{"dmy": dayFirst, "mdy": monthFirst, "ymd": yearFirst}

func (o order) String() string {
	return [...]string{"", "day, month, year", "month, day, year", "year, month, day"}[o]
}

// calendar is how the dates of a column are written where they are not plain ISO 8601.
type calendar struct {
	order order // that was taken for the dates' own; unknownOrder where they show it
	short bool  // years have two digits
	zone  bool  // an offset from UTC follows
	// doubt means that the texts are dates, but the day may be the first or the second
	// number.
	doubt bool
}

// The forms of a date, and what may follow it: a time of the day, and an offset from UTC
// or the name of a time zone.
const (
	datePattern  = `(\d{1,4})[-/.] ?(\d{1,2})[-/.] ?(\d{1,4})\.?`
	dayPattern   = `(\d{1,2})(?:[-/ ]|\. ?|)([A-Za-z]{3,9})[-/., ]*(\d{2}|\d{4})`
	monthPattern = `([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})`
	clockPattern = `(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(?: ?([AaPp])\.?[Mm]\.?)?`
	tailPattern  = `(?:(?:,? +|T)` + clockPattern + ` ?(Z|[A-Z]{3,4}|(?:UTC|GMT)?[-+]\d{1,2}:?(?:\d{2})?)?)?$`
)

var (
	numberDate = pattern.Lazy(`^` + datePattern + tailPattern)
	dayDate    = pattern.Lazy(`^` + dayPattern + tailPattern)
	monthDate  = pattern.Lazy(`^` + monthPattern + tailPattern)
	onlyClock  = pattern.Lazy(`^` + clockPattern + `$`)
)

// moment is a date with or without a time of the day, or a time alone.
type moment struct {
	parts  [3]string // of the date, as they are written; nil of a time alone
	named  bool      // the month is a word and the second part
	points bool      // between the parts
	clock  float64   // seconds
	kind   survey.Kind
	zone   bool
}

// parseMoment reads a date or a time as people and survey platforms write it.
func parseMoment(s string) (m moment, ok bool) {
	if len(s) > mostAmount {
		return m, false
	}
	var tail []string
	if f := numberDate().FindStringSubmatch(s); f != nil {
		m.parts, tail = [3]string(f[1:4]), f[4:]
		m.points = strings.Count(s, ".") > 1 && !strings.ContainsAny(s, "/")
	} else if f := dayDate().FindStringSubmatch(s); f != nil {
		m.parts, tail, m.named = [3]string(f[1:4]), f[4:], true
	} else if f := monthDate().FindStringSubmatch(s); f != nil {
		m.parts, tail, m.named = [3]string{f[2], f[1], f[3]}, f[4:], true
	} else if f := onlyClock().FindStringSubmatch(s); f != nil && (f[5] != "" || f[3] != "") {
		tail, m.kind = append(f[1:], ""), survey.TimeOfDay
	} else {
		return m, false
	}
	if tail[0] == "" {
		m.kind = survey.Date
		return m, true
	}
	if m.kind == "" {
		m.kind = survey.DateTime
	}
	m.zone = tail[5] != "" && tail[5] != "Z"
	m.clock, ok = clockOf(tail)
	return m, ok
}

// clockOf is a time of the day in seconds, of its hour, minute, second, fraction and half.
func clockOf(f []string) (seconds float64, ok bool) {
	hour, _ := strconv.Atoi(f[0])
	minute, _ := strconv.Atoi(f[1])
	second, _ := strconv.Atoi("0" + f[2])
	half := strings.ToLower(f[4])
	switch {
	case minute > 59 || second > 59 || hour > 23 || half != "" && (hour < 1 || hour > 12):
		return 0, false
	case half == "a" && hour == 12:
		hour = 0
	case half == "p" && hour < 12:
		hour += 12
	}
	return addSeconds(int64(hour*3600+minute*60+second), strings.TrimRight(strings.TrimRight(f[3], "0"), ".")), true
}

// orders are those of day, month and year that the moment's numbers allow.
func (m moment) orders() (out [4]bool) {
	for _, o := range []order{dayFirst, monthFirst, yearFirst} {
		_, out[o] = m.value(o)
	}
	return out
}

// value is the number of a moment whose date is in an order: days or seconds from
// 1970-01-01.
func (m moment) value(o order) (x float64, ok bool) {
	if m.kind == survey.TimeOfDay {
		return m.clock, true
	}
	year, month, day := m.parts[2], m.parts[1], m.parts[0]
	switch {
	case m.named:
	case o == monthFirst:
		day, month = month, day
	case o == yearFirst:
		year, day = day, year
	}
	y, err := strconv.Atoi(year)
	n := 0
	if m.named {
		n = monthNamed(month)
	} else {
		n, _ = strconv.Atoi(month)
	}
	d, _ := strconv.Atoi(day)
	switch {
	case err != nil || len(year) != 2 && len(year) != 4 || len(day) > 2 || y == 0 && len(year) == 4:
		return 0, false
	case len(year) == 2 && y < 69:
		y += 2000
	case len(year) == 2:
		y += 1900
	}
	date := time.Date(y, time.Month(n), d, 0, 0, 0, 0, time.UTC)
	if n < 1 || n > 12 || d < 1 || date.Day() != d {
		return 0, false
	}
	if m.kind == survey.Date {
		return float64(date.Unix() / daySeconds), true
	}
	return float64(date.Unix()) + m.clock, true
}

// monthNamed is the month of an English name or its first three letters, 0 for none.
func monthNamed(s string) int {
	for month := time.January; month <= time.December; month++ {
		name := month.String()
		if strings.EqualFold(s, name) || strings.EqualFold(s, name[:3]) || month == time.September && strings.EqualFold(s, "Sept") {
			return int(month)
		}
	}
	return 0
}

// moments reads the texts as dates of one kind, and finds the orders of day, month and year
// that all of them allow; ok is false where one is none.
func (c *column) moments() (all []moment, allowed [4]bool, ok bool) {
	all = make([]moment, len(c.entries))
	allowed = [4]bool{dayFirst: true, monthFirst: true, yearFirst: true}
	first := -1
	for k, e := range c.entries {
		if e.kind == token {
			continue
		}
		if all[k], ok = parseMoment(trimmed(e.text)); !ok || first >= 0 && (all[k].kind != all[first].kind || all[k].named != all[first].named) {
			return nil, allowed, false
		}
		if first < 0 {
			first = k
		}
		for o, may := range all[k].orders() {
			allowed[o] = allowed[o] && may
		}
		if allowed == [4]bool{} {
			return nil, allowed, false
		}
	}
	return all, allowed, first >= 0
}

// findOrder finds the order of day, month and year that the columns of a text have where it
// is certain, unless an option gives it.
func (rd *reader) findOrder(columns []*column) {
	if rd.dialect.order != unknownOrder {
		return
	}
	var certain [4]bool
	for _, c := range columns {
		if c == nil || c.text || c.numbers != nil {
			continue
		}
		if all, allowed, ok := c.moments(); ok && allowed[dayFirst] != allowed[monthFirst] && !slices.ContainsFunc(all, func(m moment) bool { return m.points }) {
			certain[dayFirst], certain[monthFirst] = certain[dayFirst] || allowed[dayFirst], certain[monthFirst] || allowed[monthFirst]
		}
	}
	switch {
	case certain[dayFirst] && !certain[monthFirst]:
		rd.dialect.order = dayFirst
	case certain[monthFirst] && !certain[dayFirst]:
		rd.dialect.order = monthFirst
	}
}

// dates reads the texts as dates of one kind; the kind is "" where they are not. The order
// of day, month and year is the one that all allow, else that of the text; between points
// the day is first.
func (c *column) dates(d *dialect) (kind survey.Kind) {
	if kind = c.isoDates(); kind != "" {
		return kind
	}
	all, allowed, ok := c.moments()
	if !ok {
		return ""
	}
	is, told := calendar{order: d.order}, false // told means that the other order gives other dates
	if is.order == unknownOrder || !allowed[is.order] {
		is.order = order(slices.Index(allowed[:], true))
		points := !slices.ContainsFunc(all, func(m moment) bool { return m.kind != "" && !m.points })
		is.doubt = allowed[dayFirst] && allowed[monthFirst] && !points
	}
	read := slices.Clone(c.entries)
	for k, e := range read {
		if e.kind == token {
			continue
		}
		m := all[k]
		x, _ := m.value(is.order)
		swapped, other := m.value(dayFirst + monthFirst - is.order)
		if told = told || !other || swapped != x; told && is.doubt {
			c.calendar = is
			return ""
		}
		is.short = is.short || m.kind != survey.TimeOfDay && len(m.parts[0]) < 4 && len(m.parts[2]) < 4
		is.zone = is.zone || m.zone
		read[k].number, read[k].kind, kind = x, number, m.kind
	}
	if is.doubt = false; !told || !allowed[dayFirst] || !allowed[monthFirst] {
		is.order = unknownOrder
	}
	c.entries, c.calendar = read, is
	return kind
}

// isoDates is dates for plain ISO 8601.
func (c *column) isoDates() (kind survey.Kind) {
	read := slices.Clone(c.entries)
	for k, e := range read {
		if e.kind == token {
			continue
		}
		x, found, ok := ParseDate(e.text)
		if !ok || kind != "" && found != kind {
			return ""
		}
		read[k].number, read[k].kind, kind = x, number, found
	}
	if kind != "" {
		c.entries = read
	}
	return kind
}

// noteDates says how dates were read that are not ISO 8601.
func (rd *reader) noteDates(columns []*column) {
	in := map[order][]string{}
	var short, zone, doubtful []string
	for j, c := range columns {
		if c == nil {
			continue
		}
		name := rd.names[j]
		if c.calendar.doubt {
			doubtful = append(doubtful, name)
			continue
		}
		if o := c.calendar.order; o == dayFirst || o == monthFirst {
			in[o] = append(in[o], name)
		}
		if c.calendar.short {
			short = append(short, name)
		}
		if c.calendar.zone {
			zone = append(zone, name)
		}
	}
	note := func(code survey.NoticeCode, names []string, text string) {
		if names != nil {
			rd.Note(code, names, "%s: %s", raw.Listed(names), text)
		}
	}
	for _, o := range []order{dayFirst, monthFirst} {
		note(survey.NoticeDialect, in[o], "dates were read in the order "+o.String())
	}
	note(survey.NoticeDialect, short, "years of two digits were read as 1969 to 2068")
	note(survey.NoticeDialect, zone, "times are those of the clock; their time zones and offsets from UTC were left out")
	note(survey.NoticeMixed, doubtful, "dates stay text, because the day may be the first or the second number: set the option date_order to dmy or mdy")
}
