package tidy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"surveykit/survey"
)

// Results is the object that every command prints with --json and that a run
// writes to results.json. T is the command's record.
type Results[T any] struct {
	Results    []T
	Warnings   survey.Notices
	Provenance Provenance
}

// WriteJSON writes r as {"schema", "results", "warnings", "provenance"} with
// one record a line: numbers as the shortest decimals that read back exactly,
// figures that do not exist as null, lists that are empty as [].
func WriteJSON[T any](w io.Writer, r Results[T]) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "{\n\"schema\": %q,\n\"results\": ", Schema)
	if err := writeList(out, r.Results); err != nil {
		return err
	}
	out.WriteString(",\n\"warnings\": ")
	if err := writeList(out, r.Warnings); err != nil {
		return err
	}
	provenance, err := marshal(r.Provenance)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, ",\n\"provenance\": %s\n}\n", provenance)
	return out.Flush()
}

func writeList[T any](out *bufio.Writer, items []T) error {
	if len(items) == 0 {
		_, err := out.WriteString("[]")
		return err
	}
	for i, item := range items {
		b, err := marshal(item)
		if err != nil {
			return fmt.Errorf("record %d: %w", i+1, err)
		}
		if i == 0 {
			out.WriteString("[\n")
		} else {
			out.WriteString(",\n")
		}
		out.Write(b)
	}
	_, err := out.WriteString("\n]")
	return err
}

// marshal leaves < > & as they are: labels are read by people too.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
