package delimited

import (
	"strings"
	"testing"

	"surveykit/survey"
)

func TestParseDate(t *testing.T) {
	for s, want := range map[string]float64{
		"0001-01-01": -719162, "1970-01-01": 0, "2000-02-29": 11016, "9999-12-31": 2932896,
		"1969-12-31T23:59:59.75": -0.25, "2000-01-01 00:00": 946684800, "2000-01-01T00:00:00.000Z": 946684800,
		"00:00:00": 0, "100:00:00": 360000, "0:00:00.1": 0.1,
	} {
		if got, _, ok := ParseDate(s); !ok || got != want {
			t.Errorf("%s: got %v (%v), want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{
		"", "1970", "0000-01-01", "1970-13-01", "1970-00-10", "1900-02-29", "1970-1-01", "1970-01-01x", "1970-01-01T",
		"1970-01-01T24:00:00", "1970-01-01T1:00:00", "1970-01-01T12", "1970-01-01T100:00:00", "1970-01-01x10:00:00",
		"10:00", "10:61:00", "10:00:61", "10:00:6", "a:00:00", ":00:00", "12345678:00:00", "10:00:00x5", "10:00:00.", "10:00:00.5x",
		"10:00:00." + strings.Repeat("1", longestFraction),
	} {
		if x, kind, ok := ParseDate(s); ok {
			t.Errorf("%q: got %v (%s)", s, x, kind)
		}
	}
}

// A moment's number is the float64 nearest to what is written, however it is split.
func TestSecondsSplit(t *testing.T) {
	for _, x := range []float64{-0.001, 0.1, 1.473, -1.234, -86399.999, 1e9 + 0.1, -1e9 - 0.1, 5e-324} {
		if whole, fraction := splitSeconds(x); addSeconds(whole, fraction) != x {
			t.Errorf("%v became %d and %q", x, whole, fraction)
		}
	}
	if s, err := FormatDate(-0.001, survey.DateTime); err != nil || s != "1969-12-31T23:59:59.999" {
		t.Errorf("got %q, %v", s, err)
	}
}
