package schedule

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestNext(t *testing.T) {
	for _, c := range []struct{ cron, zone, after, want string }{
		{"0 6 * * 1-5", "UTC", "2026-11-20T06:00:00Z", "2026-11-23T06:00:00Z"},
		{"*/15 8-10 * * *", "UTC", "2026-01-01T10:45:00Z", "2026-01-02T08:00:00Z"},
		{"0 0 29 feb *", "UTC", "2025-03-01T00:00:00Z", "2028-02-29T00:00:00Z"},
		{"0 0 13 * fri", "UTC", "2026-02-01T00:00:00Z", "2026-02-06T00:00:00Z"}, // either day is enough
		{"30 23 * * 7", "UTC", "2026-11-21T00:00:00Z", "2026-11-22T23:30:00Z"},
		{"@monthly", "UTC", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"5/20 3 * * *", "UTC", "2026-01-01T03:05:00Z", "2026-01-01T03:25:00Z"},
		// Berlin skips 02:00–03:00 on 29 March 2026 and repeats 02:00–03:00 on 25 October.
		{"30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		{"30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		{"30 * * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
		{"30 * * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"},
		// New York goes back at 06:00 UTC on 1 November 2026, forward at 07:00 UTC on 8 March.
		{"15 1 * * *", "America/New_York", "2026-11-01T05:15:00Z", "2026-11-02T06:15:00Z"},
		{"0 2 * * *", "America/New_York", "2026-03-08T00:00:00Z", "2026-03-08T07:00:00Z"},
		// Lord Howe moves by half an hour.
		{"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z"},
		// Cairo's clocks skip midnight itself on 24 April 2026.
		{"10 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z"},
	} {
		expression, err := ParseCron(c.cron)
		if err != nil {
			t.Fatal(err)
		}
		after, _ := time.Parse(time.RFC3339, c.after)
		if got := expression.Next(after, zone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s after %s is due %s, want %s", c.cron, c.zone, c.after, got, c.want)
		}
	}
}

func TestParseCronRefuses(t *testing.T) {
	for text, why := range map[string]string{
		"":                               "0 fields",
		"0 6 * *":                        "4 fields",
		"60 * * * *":                     "minute",
		"0 24 * * *":                     "hour",
		"0 0 0 * *":                      "day of the month",
		"0 0 * foo *":                    "month",
		"0 0 * * 8":                      "day of the week",
		"0 10-8 * * *":                   "backwards",
		"*/0 * * * *":                    "step",
		"0 0 31 2 *":                     "no year",
		"@reboot":                        "1 fields",
		"- * * * *":                      "minute",
		"0 0 1,,2 * *":                   "day of the month",
		"*/99999999999999999999 * * * *": "step",
	} {
		if _, err := ParseCron(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: error %v, want one about %s", text, err, why)
		}
	}
}

// Over any year each day that matches has each time of the day once, whatever
// the clock does.
func TestTimesOfDayComeOnceADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata", "America/St_Johns"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		hour, minute := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")
		c := Cron{minute: 1 << minute, hour: 1 << hour, day: 1<<32 - 2, month: 1<<13 - 2, weekday: 1<<7 - 1, anyDay: true, anyWeekday: true}
		at := time.Date(rapid.IntRange(2000, 2036).Draw(t, "year"), 1, 1, 0, 0, 0, 0, z)
		end, runs := at.AddDate(1, 0, 0), 0
		for next := c.Next(at.Add(-time.Nanosecond), z); next.Before(end); next = c.Next(next, z) {
			runs++
		}
		days := int(end.Sub(at).Hours()/24 + 0.5)
		if runs != days {
			t.Fatalf("%02d:%02d came %d times in %d days", hour, minute, runs, days)
		}
	})
}

func FuzzParseCron(f *testing.F) {
	for _, s := range []string{"0 6 * * 1-5", "@daily", "*/5 0-23/2 1,15 jan-mar sun", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCron(s)
		if err != nil {
			return
		}
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		if next := c.Next(at, time.UTC); !next.After(at) {
			t.Errorf("%q is due at %v, not after %v", s, next, at)
		}
	})
}
