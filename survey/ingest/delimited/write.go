package delimited

import (
	"bufio"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Write writes a table as RFC 4180 text in UTF-8 with a line of names, commas,
// and LF as line ends. Numbers carry full precision, dates are ISO 8601,
// missing cells are empty; a column of dates of which one has a time is one of moments. Read returns the same values, but an empty text
// becomes missing, and labels and missing rules are not kept. An infinite number, or
// a date that ISO 8601 cannot write, gives survey.Problems and leaves w incomplete.
func Write(w io.Writer, t *survey.Table) error {
	out := bufio.NewWriterSize(w, 1<<16)
	quoted := slices.ContainsFunc(t.Variables, func(v *survey.Variable) bool {
		return v.Texts != nil && slices.ContainsFunc(v.Texts.Values, usuallyMissing)
	})
	own := *t
	own.Variables = timed(t.Variables)
	t = &own
	for j, v := range t.Variables {
		if j > 0 {
			out.WriteByte(',')
		}
		writeText(out, v.Name, false)
	}
	out.WriteByte('\n')
	for row := range t.Rows {
		if isEmpty(t, row) {
			out.WriteString(`""`) // a line without anything is not a row
		}
		for j, v := range t.Variables {
			if j > 0 {
				out.WriteByte(',')
			}
			if err := writeCell(out, v, row, quoted); err != nil {
				return err
			}
		}
		out.WriteByte('\n')
	}
	return out.Flush()
}

// timed are variables with those dates that are not all whole days as moments, to the
// millisecond.
func timed(all []*survey.Variable) []*survey.Variable {
	all = slices.Clone(all)
	for j, v := range all {
		if v.Kind != survey.Date {
			continue
		}
		moments, whole := make([]float64, v.Len()), true
		for i, day := range v.Numbers.All() {
			whole = whole && (math.IsNaN(day) || day == math.Floor(day))
			const milli = 1e3
			moments[i] = math.Round(day*daySeconds*milli) / milli
		}
		if !whole {
			w := *v
			w.Kind, w.Numbers = survey.DateTime, survey.NewNumbers(moments)
			all[j] = &w
		}
	}
	return all
}

// isEmpty reports whether a row has no value.
func isEmpty(t *survey.Table, row int) bool {
	for _, v := range t.Variables {
		if _, ok := v.At(row); ok {
			return false
		}
	}
	return true
}

func writeCell(out *bufio.Writer, v *survey.Variable, row int, quoted bool) error {
	value, ok := v.At(row)
	if !ok {
		return nil
	}
	switch v.Kind {
	case survey.Text:
		writeText(out, value.Text, quoted)
		return nil
	case survey.Number:
		if math.IsInf(value.Number, 0) {
			return survey.Problems{{Row: row + 1, Variable: v.Name, Value: value.String(),
				Message: "an infinite number cannot be written", Remedy: "recode it to missing"}}
		}
		writeNumber(out, value.Number)
		return nil
	}
	s, err := FormatDate(value.Number, v.Kind)
	if err != nil {
		return survey.Problems{{Row: row + 1, Variable: v.Name, Value: value.String(),
			Message: "this cannot be written as a date: " + err.Error(), Remedy: "recode it to a number"}}
	}
	out.WriteString(s)
	return nil
}

// writeNumber writes what survey.FormatNumber returns, quickly for integers.
func writeNumber(out *bufio.Writer, x float64) {
	if n := int64(x); float64(n) == x && n != 0 && -1e15 < x && x < 1e15 {
		out.Write(strconv.AppendInt(out.AvailableBuffer(), n, 10))
		return
	}
	out.WriteString(survey.FormatNumber(x))
}

// writeText quotes what Read would otherwise change: also text that contains another
// delimiter, which a reader might take for the file's. Where a text is a word for "no
// value", all are quoted.
func writeText(out *bufio.Writer, s string, quoted bool) {
	if !quoted && s != "" && s == strings.TrimSpace(s) && !strings.ContainsAny(s, ",;|\t\"\r\n") {
		out.WriteString(s)
		return
	}
	out.WriteByte('"')
	out.WriteString(strings.ReplaceAll(s, `"`, `""`))
	out.WriteByte('"')
}
