package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"surveykit/survey/pattern"
)

// Look is how a number format shows a number.
type Look uint8

const (
	plain Look = iota
	date
	dateTime
	clock
)

// Day 0 of the two date systems in days since 1970-01-01: 1899-12-30, valid
// from 1900-03-01 on because Excel has a 29th of February in 1900, and
// 1904-01-01.
const (
	epoch1900 = -25569
	epoch1904 = -24107
	leapDay   = 60
)

// ISO writes a serial number of days as the date or time that it looks like, to the
// nearest millisecond; ok is false where it does not, and where the number is none.
func ISO(serial string, as Look, mac bool) (text string, ok bool) {
	if as == plain {
		return "", false
	}
	x, err := strconv.ParseFloat(serial, 64)
	if err != nil || !(math.Abs(x) < 1e7) {
		return "", false
	}
	const dayMillis = 86400e3
	if as == clock {
		millis := int64(math.Round(x * dayMillis))
		if millis < 0 {
			return "", false
		}
		return fmt.Sprintf("%02d:%02d:%02d.%03d", millis/3600e3, millis/60e3%60, millis/1e3%60, millis%1e3), true
	}
	epoch := float64(epoch1900)
	if mac {
		epoch = epoch1904
	} else if x < leapDay {
		epoch++
	}
	moment := time.UnixMilli(int64(math.Round((x + epoch) * dayMillis))).UTC()
	if moment.Year() < 1 || moment.Year() > 9999 {
		return "", false
	}
	if as == date {
		return moment.Format(time.DateOnly), true
	}
	return moment.Format("2006-01-02T15:04:05.000"), true
}

// LookOf finds what a number format shows: the built-in ids of ECMA-376 part 1,
// 18.8.30, among them those of East Asian calendars, or a code.
func LookOf(id int, code string) Look {
	switch {
	case code != "":
		first, _, _ := strings.Cut(code, ";")
		tokens := strings.ToLower(literals().ReplaceAllString(first, ""))
		tokens = strings.ReplaceAll(strings.ReplaceAll(tokens, "am/pm", "h"), "a/p", "h")
		days, hours := strings.ContainsAny(tokens, "yd"), strings.ContainsAny(tokens, "hs")
		switch {
		case days && hours:
			return dateTime
		case hours:
			return clock
		case days, strings.Contains(tokens, "mmm"):
			return date
		}
		return plain
	case id == 22:
		return dateTime
	case id >= 18 && id <= 21, id >= 45 && id <= 47, id >= 32 && id <= 35, id == 55, id == 56:
		return clock
	case id >= 14 && id <= 17, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return date
	}
	return plain
}

// literals are the parts of a code that are shown as they are, colours,
// currencies and conditions; [h], [m] and [s] are hours, minutes and seconds.
var literals = pattern.Lazy(`"[^"]*"|\\.|_.|\*.|\[[^\]hmsHMS][^\]]*\]|\[[hmsHMS][^\]hmsHMS][^\]]*\]|General`)
