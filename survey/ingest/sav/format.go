package sav

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
)

// format is a display format: type, width and decimals.
type format struct {
	code            byte
	width, decimals byte
}

func (f format) pack() int32 { return int32(f.code)<<16 | int32(f.width)<<8 | int32(f.decimals) }

// The format types that the package itself chooses.
const (
	formatA        = 1
	formatF        = 5
	formatDate     = 20
	formatTime     = 21
	formatDateTime = 22
)

// formatNames names the format types. MTIME and YMDHMS are 40 and 41 in some
// programs and 85 and 86 in others.
var formatNames = map[byte]string{
	formatA: "A", 2: "AHEX", 3: "COMMA", 4: "DOLLAR", formatF: "F", 6: "IB", 7: "PIBHEX", 8: "P", 9: "PIB", 10: "PK",
	11: "RB", 12: "RBHEX", 15: "Z", 16: "N", 17: "E",
	formatDate: "DATE", formatTime: "TIME", formatDateTime: "DATETIME", 23: "ADATE", 24: "JDATE", 25: "DTIME",
	26: "WKDAY", 27: "MONTH", 28: "MOYR", 29: "QYR", 30: "WKYR", 31: "PCT", 32: "DOT",
	33: "CCA", 34: "CCB", 35: "CCC", 36: "CCD", 37: "CCE", 38: "EDATE", 39: "SDATE",
	40: "MTIME", 41: "YMDHMS", 85: "MTIME", 86: "YMDHMS",
}

// formatCodes is formatNames the other way round.
var formatCodes = func() map[string]byte {
	codes := make(map[string]byte, len(formatNames))
	for code, name := range formatNames {
		if code < 85 {
			codes[name] = code
		}
	}
	return codes
}()

// String is the format as SPSS shows it: F8.2, F8, DATE11.
func (f format) String() string {
	name, known := formatNames[f.code]
	switch {
	case !known:
		return ""
	case f.decimals == 0:
		return fmt.Sprintf("%s%d", name, f.width)
	}
	return fmt.Sprintf("%s%d.%d", name, f.width, f.decimals)
}

// kind is the kind of a number with this format. Days of the week and months
// (WKDAY, MONTH) are plain numbers.
func (f format) kind() survey.Kind {
	switch formatNames[f.code] {
	case "DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR":
		return survey.Date
	case "DATETIME", "YMDHMS":
		return survey.DateTime
	case "TIME", "DTIME", "MTIME":
		return survey.TimeOfDay
	}
	return survey.Number
}

// parseFormat understands what String writes; ok is false for anything else.
func parseFormat(s string) (f format, ok bool) {
	name := strings.TrimRight(strings.ToUpper(s), "0123456789.")
	code, ok := formatCodes[name]
	if !ok {
		return format{}, false
	}
	whole, fraction, _ := strings.Cut(s[len(name):], ".")
	if fraction == "" {
		fraction = "0"
	}
	width, err1 := strconv.ParseUint(whole, 10, 8)
	decimals, err2 := strconv.ParseUint(fraction, 10, 8)
	if err1 != nil || err2 != nil || width < 1 || width > 40 || decimals > 16 || decimals >= width {
		return format{}, false
	}
	return format{code, byte(width), byte(decimals)}, true
}

// SPSS counts dates in seconds from the start of the Gregorian calendar,
// 1582-10-14 00:00.
const (
	secondsPerDay = 86400
	epochDays     = 141428 // from 1582-10-14 to 1970-01-01
)

// fromFile turns a number as the file holds it into the kind's own unit.
func fromFile(kind survey.Kind, x float64) float64 {
	switch kind {
	case survey.Date:
		return x/secondsPerDay - epochDays
	case survey.DateTime:
		return x - epochDays*secondsPerDay
	}
	return x
}

// toFile is the inverse of fromFile.
func toFile(kind survey.Kind, x float64) float64 {
	switch kind {
	case survey.Date:
		return (x + epochDays) * secondsPerDay
	case survey.DateTime:
		return x + epochDays*secondsPerDay
	}
	return x
}

// Three numbers have a special meaning in a file.
var (
	systemMissing = -math.MaxFloat64
	highest       = math.MaxFloat64
	lowest        = math.Nextafter(-math.MaxFloat64, 0)
)

// Display names an SPSS display format by its type, width and decimals (F8.2,
// DATE11), "" for a type that does not exist, and the kind of its numbers.
// Portable files number the types as system files do.
func Display(code, width, decimals byte) (name string, kind survey.Kind) {
	f := format{code, width, decimals}
	return f.String(), f.kind()
}

// Unit turns a number as SPSS keeps it into the kind's own unit: days or seconds
// from 1970-01-01 out of seconds from 1582-10-14.
func Unit(kind survey.Kind, x float64) float64 { return fromFile(kind, x) }
