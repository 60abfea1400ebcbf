package schedule

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Cron is a cron expression: minute, hour, day of month, month, day of week.
//
// Each field is *, a number, a range 1-5, a list 1,3,5, or any of these in steps
// (*/15, 8-18/2); months and days have English names (jan, mon), Sunday is 0 or
// 7. Where both days are restricted either is enough. @hourly, @daily, @weekly,
// @monthly and @yearly mean midnight of the first day.
//
// Clock changes follow the rule of Debian's cron. An expression whose hours begin
// with * goes by elapsed time: it has runs in both of two repeated hours and none
// in a skipped one. Any other names times of the day, which are due once a day: a
// skipped time at the end of the gap, a repeated time when it comes first.
type Cron struct {
	minute, hour, day, month, weekday uint64
	// anyDay and anyWeekday say that the field was *.
	anyDay, anyWeekday bool
	// elapsed says that the hours began with *.
	elapsed bool
	text    string
}

// String is the expression as it was written.
func (c Cron) String() string { return c.text }

type field struct {
	name      string
	low, high int
	names     []string
}

var fields = []field{
	{name: "minute", low: 0, high: 59},
	{name: "hour", low: 0, high: 23},
	{name: "day of the month", low: 1, high: 31},
	{name: "month", low: 1, high: 12, names: []string{"", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of the week", low: 0, high: 7, names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

var nicknames = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
	"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}

// ParseCron reads a cron expression. The error says which field is wrong, and
// an expression that is never due, such as the 31st of February, is one.
func ParseCron(text string) (Cron, error) {
	plain := text
	if full, ok := nicknames[strings.ToLower(strings.TrimSpace(text))]; ok {
		plain = full
	}
	parts := strings.Fields(plain)
	if len(parts) != len(fields) {
		return Cron{}, fmt.Errorf("has %d fields, not minute, hour, day of the month, month and day of the week, such as 0 6 * * 1-5", len(parts))
	}
	var sets [5]uint64
	for i, f := range fields {
		set, err := f.parse(parts[i])
		if err != nil {
			return Cron{}, err
		}
		sets[i] = set
	}
	c := Cron{
		minute: sets[0], hour: sets[1], day: sets[2], month: sets[3], weekday: sets[4] | sets[4]>>7&1,
		anyDay: parts[2] == "*", anyWeekday: parts[4] == "*", elapsed: strings.HasPrefix(parts[1], "*"), text: text,
	}
	if c.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC).IsZero() {
		return Cron{}, fmt.Errorf("names a day that no year has")
	}
	return c, nil
}

func (f field) parse(text string) (uint64, error) {
	var set uint64
	for _, part := range strings.Split(text, ",") {
		span, step, stepped := strings.Cut(part, "/")
		low, high, err := f.span(span, stepped)
		if err != nil {
			return 0, err
		}
		by := 1
		if stepped {
			if by, err = strconv.Atoi(step); err != nil || by < 1 {
				return 0, fmt.Errorf("%s: %q is not a step", f.name, step)
			}
		}
		for v := low; v <= high; v += by {
			set |= 1 << v
		}
	}
	return set, nil
}

// span reads *, a value or a range; a stepped value runs to the field's end.
func (f field) span(text string, stepped bool) (low, high int, err error) {
	if text == "*" {
		return f.low, f.high, nil
	}
	from, to, ranged := strings.Cut(text, "-")
	if low, err = f.value(from); err != nil {
		return 0, 0, err
	}
	switch high = low; {
	case ranged:
		if high, err = f.value(to); err != nil {
			return 0, 0, err
		}
	case stepped:
		high = f.high
	}
	if high < low {
		return 0, 0, fmt.Errorf("%s: %s runs backwards", f.name, text)
	}
	return low, high, nil
}

func (f field) value(text string) (int, error) {
	if i := slices.Index(f.names, strings.ToLower(text)); i >= 0 && text != "" {
		return i, nil
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < f.low || v > f.high {
		return 0, fmt.Errorf("%s: %q is not from %d to %d", f.name, text, f.low, f.high)
	}
	return v, nil
}

func has(set uint64, v int) bool { return set>>v&1 == 1 }

// matchesDay reports whether a calendar day is one of the expression's.
func (c Cron) matchesDay(y int, m time.Month, d int) bool {
	if !has(c.month, int(m)) {
		return false
	}
	day := has(c.day, d)
	weekday := has(c.weekday, int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday()))
	switch {
	case c.anyDay:
		return weekday
	case c.anyWeekday:
		return day
	}
	return day || weekday
}

// horizon is as many days as can lie between two due times: a 29th of February
// on a given day of the week comes again after at most 40 years.
const horizon = 40*366 + 1

// Next is the first due time after an instant, in a time zone; the zero time
// where none comes.
func (c Cron) Next(after time.Time, zone *time.Location) time.Time {
	local := after.In(zone)
	y, m, d := local.Date()
	// A gap at midnight can push a time of the day before to this one.
	for n := -1; n <= horizon; n++ {
		day := time.Date(y, m, d+n, 0, 0, 0, 0, time.UTC)
		if !c.matchesDay(day.Date()) {
			continue
		}
		for _, t := range c.times(day, zone) {
			if t.After(after) {
				return t
			}
		}
	}
	return time.Time{}
}

// times are the due times of a calendar day in order.
func (c Cron) times(day time.Time, zone *time.Location) []time.Time {
	var out []time.Time
	y, m, d := day.Date()
	for h := range 24 {
		if !has(c.hour, h) {
			continue
		}
		for minutes := c.minute; minutes != 0; minutes &= minutes - 1 {
			minute := bits.TrailingZeros64(minutes)
			first, second, gap := instants(y, m, d, h, minute, zone)
			switch {
			case gap && c.elapsed:
			case c.elapsed && !second.IsZero():
				out = append(out, first, second)
			default:
				out = append(out, first)
			}
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// instants are when a wall clock shows a time: once; twice where the clock is
// set back over it; never, gap, where it is set forward over it, and then first
// is the end of the gap.
func instants(y int, m time.Month, d, h, minute int, zone *time.Location) (first, second time.Time, gap bool) {
	t := time.Date(y, m, d, h, minute, 0, 0, zone)
	start, end := t.ZoneBounds()
	if t.Hour() != h || t.Minute() != minute {
		if !start.IsZero() && t.Sub(start) < 24*time.Hour {
			return start, time.Time{}, true
		}
		return end, time.Time{}, true
	}
	for _, other := range []time.Time{sameClock(t, start, -1), sameClock(t, end, 0)} {
		if other.IsZero() {
			continue
		}
		if other.Before(t) {
			return other, t, false
		}
		return t, other, false
	}
	return t, time.Time{}, false
}

// sameClock is the instant on the other side of a change of the clock at which
// it shows the same as at t; zero where there is none.
func sameClock(t, change time.Time, side time.Duration) time.Time {
	if change.IsZero() {
		return time.Time{}
	}
	_, here := t.Zone()
	_, there := change.Add(side).Zone()
	other := t.Add(time.Duration(here-there) * time.Second)
	if (side < 0) != other.Before(change) || here == there {
		return time.Time{}
	}
	return other
}

// mostMissed due times are entered at a time, the latest ones: a job that was
// away for years does not fill the ledger.
const mostMissed = 10000

// Enter puts what has become due since the last look into the ledger. A job
// that is new begins now. Where the clock was set back to before the last look,
// times skipped in the meantime are due again; those that ran are not.
func (l *Ledger) Enter(ctx context.Context, j *Job, now time.Time) error {
	if j.cron == nil {
		return nil
	}
	through, known, err := l.Through(ctx, j.Name)
	switch {
	case err != nil:
		return err
	case !known:
		return l.Add(ctx, j.Name, now, nil)
	case through.After(now):
		if err := l.Unskip(ctx, j.Name, now); err != nil {
			return err
		}
		return l.Add(ctx, j.Name, now, nil)
	}
	return l.Add(ctx, j.Name, now, j.dues(through, now))
}

// dues are the runs that became due in (after, now], as the job treats missed ones.
func (j *Job) dues(after, now time.Time) []Run {
	var times []time.Time
	for t := j.Next(after); !t.IsZero() && !t.After(now); t = j.Next(t) {
		times = append(times, t)
		if len(times) > mostMissed {
			times = times[1:]
		}
	}
	runs := make([]Run, len(times))
	for i, t := range times {
		runs[i] = Run{Key: j.Name + "@" + t.UTC().Format(time.RFC3339), Job: j.Name, Due: t, State: Due}
		if j.Missed != CatchUp && (i < len(times)-1 || now.Sub(t) > late) {
			runs[i].State, runs[i].Message = Skipped, "missed"
		}
	}
	return runs
}

// ByHand is a run that somebody asks for now.
func ByHand(j *Job, now time.Time) Run {
	return Run{Key: j.Name + "!" + now.UTC().Format(time.RFC3339Nano), Job: j.Name, Due: now, State: Due}
}
