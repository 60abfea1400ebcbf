package delimited

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"surveykit/survey"
)

const daySeconds = 86400

// parseDate reads 2019-06-03 (days since 1970-01-01), 2019-06-03T10:11[:12.5][Z]
// with T or a blank (seconds since 1970-01-01 00:00) or [-]10:11:12.5 (seconds;
// hours may pass 24). Dates that the calendar lacks are none. Moments with an
// offset from UTC stay text: to shift them is not for a reader to decide.
func parseDate(s string) (x float64, kind survey.Kind, ok bool) {
	if len(s) < 10 || s[4] != '-' {
		positive, negative := strings.CutPrefix(s, "-")
		whole, fraction, ok := parseClock(positive)
		if x = addSeconds(whole, fraction); negative {
			x = -x
		}
		return x, survey.TimeOfDay, ok
	}
	day, err := time.Parse(time.DateOnly, s[:10])
	if err != nil || day.Year() < 1 {
		return 0, "", false
	}
	if len(s) == 10 {
		return float64(day.Unix() / daySeconds), survey.Date, true
	}
	clock := strings.TrimSuffix(s[11:], "Z")
	if len(clock) == len("10:11") {
		clock += ":00"
	}
	whole, fraction, ok := parseClock(clock)
	if s[10] != 'T' && s[10] != ' ' || !ok || whole >= daySeconds || clock[2] != ':' {
		return 0, "", false
	}
	return addSeconds(day.Unix()+whole, fraction), survey.DateTime, true
}

// longestFraction bounds the digits of a fraction; no float64 of these sizes needs more.
const longestFraction = 400

// parseClock reads h:mm:ss[.fraction] as whole seconds and what follows, "" or
// a point and digits, the last of which is not zero.
func parseClock(s string) (whole int64, fraction string, ok bool) {
	hours, rest, _ := strings.Cut(s, ":")
	if len(hours) == 0 || len(hours) > 7 || len(rest) < 5 || rest[2] != ':' {
		return 0, "", false
	}
	h, err := strconv.ParseUint(hours, 10, 32)
	minutes, ok1 := toSixty(rest[:2])
	seconds, ok2 := toSixty(rest[3:5])
	if fraction = rest[5:]; fraction != "" {
		_, end := digits(fraction, 1, 0)
		if fraction[0] != '.' || end == 1 || end < len(fraction) || end > longestFraction {
			return 0, "", false
		}
		fraction = strings.TrimRight(strings.TrimRight(fraction, "0"), ".")
	}
	return int64(h)*3600 + minutes*60 + seconds, fraction, err == nil && ok1 && ok2
}

// toSixty reads 00 to 59.
func toSixty(s string) (n int64, ok bool) {
	if s[0] < '0' || s[0] > '5' || s[1] < '0' || s[1] > '9' {
		return 0, false
	}
	return int64(s[0]-'0')*10 + int64(s[1]-'0'), true
}

// addSeconds is the float64 nearest to whole seconds and a decimal fraction.
func addSeconds(whole int64, fraction string) float64 {
	if fraction == "" {
		return float64(whole)
	}
	sum, _ := new(big.Rat).SetString("0" + fraction)
	x, _ := sum.Add(sum, big.NewRat(whole, 1)).Float64()
	return x
}

// splitSeconds is the inverse of addSeconds for the shortest decimal that
// stands for x.
func splitSeconds(x float64) (whole int64, fraction string) {
	whole = int64(math.Floor(x))
	text := strconv.FormatFloat(x, 'f', -1, 64)
	_, decimals, _ := strings.Cut(text, ".")
	if decimals == "" {
		return whole, ""
	}
	rest, _ := new(big.Rat).SetString(text)
	rest.Sub(rest, big.NewRat(whole, 1))
	return whole, rest.FloatString(len(decimals))[1:]
}

// The seconds from 1970 that four-digit years reach, and the longest time that
// parseClock reads.
const (
	firstSecond = -62135596800
	lastSecond  = 253402300799
	longestTime = 3600e6
)

// formatDate writes what parseDate reads back as the same number. It fails
// where four-digit years do not reach, and for a date that is not a whole day.
func formatDate(x float64, kind survey.Kind) (string, error) {
	if kind == survey.TimeOfDay {
		return formatTime(x)
	}
	if kind == survey.Date {
		if x != math.Floor(x) {
			return "", fmt.Errorf("%v is not a whole day", x)
		}
		x *= daySeconds
	}
	if x < firstSecond || x >= lastSecond+1 {
		return "", fmt.Errorf("its year has not four digits")
	}
	whole, fraction := splitSeconds(x)
	moment := time.Unix(whole, 0).UTC()
	if kind == survey.Date {
		return moment.Format(time.DateOnly), nil
	}
	return moment.Format("2006-01-02T15:04:05") + fraction, nil
}

func formatTime(x float64) (string, error) {
	if math.Abs(x) >= longestTime {
		return "", fmt.Errorf("%v seconds are too long for a time", x)
	}
	sign := ""
	if math.Signbit(x) {
		sign = "-"
	}
	whole, fraction := splitSeconds(math.Abs(x))
	return fmt.Sprintf("%s%02d:%02d:%02d%s", sign, whole/3600, whole/60%60, whole%60, fraction), nil
}
