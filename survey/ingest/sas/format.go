package sas

import (
	"strings"

	"surveykit/survey"
)

// formatKinds are the formats of dates and times, by the beginning of their
// names. SAS has several of each, which differ in what stands between the parts.
var formatKinds = []struct {
	kind   survey.Kind
	prefix []string
}{
	{survey.DateTime, []string{"DATETIME", "DATEAMPM", "MDYAMPM", "DTDATE", "DTMON", "DTWKDAT", "DTYEAR", "DTYYQC",
		"B8601DN", "B8601DT", "B8601DX", "B8601DZ", "B8601LX", "E8601DN", "E8601DT", "E8601DX", "E8601DZ", "E8601LX",
		"IS8601DN", "IS8601DT", "IS8601DZ", "NLDATM", "EURDFDT"}},
	{survey.TimeOfDay, []string{"TIME", "HHMM", "MMSS", "TOD", "B8601TM", "B8601TZ", "B8601LZ", "E8601TM", "E8601TZ", "E8601LZ",
		"IS8601TM", "IS8601TZ", "NLTIM"}},
	{survey.Date, []string{"DATE", "WEEKDATE", "WEEKDATX", "WORDDAT", "MMDDYY", "DDMMYY", "YYMMDD", "JULIAN", "PDJUL",
		"MONYY", "MMYY", "YYMM", "YYMON", "YYQ", "B8601DA", "E8601DA", "IS8601DA", "NLDATE", "EURDFDD", "EURDFDE", "EURDFMY",
		"MINGUO", "NENGO", "HDATE", "HEBDATE"}},
}

// kindOf is how a number with a format counts. Parts of dates (YEAR, MONTH, QTR,
// WEEKDAY) show a date as well; the number behind them is the date.
func kindOf(format string) survey.Kind {
	name := strings.TrimRight(strings.ToUpper(format), "0123456789.")
	switch name {
	case "YEAR", "MONTH", "MONNAME", "QTR", "QTRR", "WEEKDAY", "DOWNAME", "DAY", "JULDAY", "WEEKU", "WEEKV", "WEEKW":
		return survey.Date
	}
	for _, f := range formatKinds {
		for _, p := range f.prefix {
			if strings.HasPrefix(name, p) {
				return f.kind
			}
		}
	}
	return survey.Number
}

// SAS counts dates in days and date-times in seconds from 1960-01-01.
const (
	secondsPerDay = 86400
	epochDays     = 3653 // from 1960-01-01 to 1970-01-01
)

// fromFile turns a number as the file holds it into the kind's own unit.
func fromFile(kind survey.Kind, x float64) float64 {
	switch kind {
	case survey.Date:
		return x - epochDays
	case survey.DateTime:
		return x - epochDays*secondsPerDay
	}
	return x
}
