package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"surveykit/survey/pattern"

	"github.com/xuri/excelize/v2"
)

// look is how a number format shows a number.
type look uint8

const (
	plain look = iota
	date
	dateTime
	clock
)

// marks are shown in place of numbers that look like dates; noFormat, an id that
// no number format has, shows a number as it is.
var marks = map[look]string{date: "\x01date", dateTime: "\x01datetime", clock: "\x01time"}

const noFormat = -1

// markDates makes all cells that look like dates show their mark. It reports
// whether there can be any.
func markDates(book *excelize.File) (any bool, err error) {
	var looks []look
	for _, xf := range book.Styles.CellXfs.Xf {
		kind := plain
		if xf.NumFmtID != nil {
			kind = lookOf(*xf.NumFmtID, codeOf(book, *xf.NumFmtID))
		}
		looks = append(looks, kind)
		any = any || kind != plain
	}
	ids := map[look]int{plain: noFormat}
	for kind, mark := range marks {
		code := `"` + mark + `"`
		style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			return false, err
		}
		ids[kind] = *book.Styles.CellXfs.Xf[style].NumFmtID
	}
	for i, kind := range looks {
		id := ids[kind]
		book.Styles.CellXfs.Xf[i].NumFmtID = &id
	}
	return any, nil
}

// codeOf is the code of a number format that is not built in.
func codeOf(book *excelize.File, id int) string {
	if book.Styles.NumFmts == nil {
		return ""
	}
	for _, f := range book.Styles.NumFmts.NumFmt {
		if f.NumFmtID == id {
			return f.FormatCode
		}
	}
	return ""
}

// Day 0 of the two date systems in days since 1970-01-01: 1899-12-30, valid
// from 1900-03-01 on because Excel has a 29th of February in 1900, and
// 1904-01-01.
const (
	epoch1900 = -25569
	epoch1904 = -24107
	leapDay   = 60
)

// iso writes a serial number of days as the date or time of its mark, to the
// nearest millisecond; ok is false where the number is not one.
func iso(serial, mark string, mac bool) (text string, ok bool) {
	x, err := strconv.ParseFloat(serial, 64)
	if err != nil || !(math.Abs(x) < 1e7) {
		return "", false
	}
	const dayMillis = 86400e3
	if mark == marks[clock] {
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
	if mark == marks[date] {
		return moment.Format(time.DateOnly), true
	}
	return moment.Format("2006-01-02T15:04:05.000"), true
}

// lookOf finds what a number format shows: the built-in ids of ECMA-376 part 1,
// 18.8.30, among them those of East Asian calendars, or a code.
func lookOf(id int, code string) look {
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
