package delimited

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Write writes a table as RFC 4180 text in UTF-8 with a line of names, commas,
// and LF as line ends. Numbers carry full precision, dates are ISO 8601,
// missing cells are empty; Read gives the same values back, but an empty text
// comes back as missing, and labels and missing rules are not kept. An infinite
// number, or a date that ISO 8601 cannot write, is survey.Problems; nothing is then complete in w.
func Write(w io.Writer, t *survey.Table) error {
	out := bufio.NewWriterSize(w, 1<<16)
	for j, v := range t.Variables {
		if j > 0 {
			out.WriteByte(',')
		}
		writeText(out, v.Name)
	}
	out.WriteByte('\n')
	for row := range t.Rows {
		for j, v := range t.Variables {
			if j > 0 {
				out.WriteByte(',')
			}
			if err := writeCell(out, v, row); err != nil {
				return err
			}
		}
		if len(t.Variables) == 1 && isMissing(t.Variables[0], row) {
			// A line of nothing would be no row.
			out.WriteString(`""`)
		}
		out.WriteByte('\n')
	}
	return out.Flush()
}

func isMissing(v *survey.Variable, row int) bool {
	_, ok := v.At(row)
	return !ok
}

func writeCell(out *bufio.Writer, v *survey.Variable, row int) error {
	value, ok := v.At(row)
	if !ok {
		return nil
	}
	switch v.Kind {
	case survey.Text:
		writeText(out, value.Text)
		return nil
	case survey.Number:
		if math.IsInf(value.Number, 0) {
			return survey.Problems{{Row: row + 1, Variable: v.Name, Value: value.String(),
				Message: "an infinite number cannot be written", Remedy: "recode it to missing"}}
		}
		writeNumber(out, value.Number)
		return nil
	}
	s, err := formatDate(value.Number, v.Kind)
	if err != nil {
		return survey.Problems{{Row: row + 1, Variable: v.Name, Value: value.String(),
			Message: "this cannot be written as a date: " + err.Error(), Remedy: "recode it to a number"}}
	}
	out.WriteString(s)
	return nil
}

// writeNumber writes what survey.FormatNumber gives, quickly for integers.
func writeNumber(out *bufio.Writer, x float64) {
	if n := int64(x); float64(n) == x && n != 0 && -1e15 < x && x < 1e15 {
		out.Write(strconv.AppendInt(out.AvailableBuffer(), n, 10))
		return
	}
	out.WriteString(survey.FormatNumber(x))
}

// writeText quotes what would otherwise not come back: also text that holds
// another delimiter, so that no reader mistakes it for the file's.
func writeText(out *bufio.Writer, s string) {
	if s != "" && s == strings.TrimSpace(s) && !strings.ContainsAny(s, ",;|\t\"\r\n") {
		out.WriteString(s)
		return
	}
	out.WriteByte('"')
	out.WriteString(strings.ReplaceAll(s, `"`, `""`))
	out.WriteByte('"')
}
