package parquet

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Blocks are the rows of the table, in their order, described as it is.
func TestBlocks(t *testing.T) {
	const most, rows = 1 << 15, 1<<16 + 4321
	number, code, text := &survey.NumberColumn{}, &survey.NumberColumn{}, &survey.TextColumn{Values: []string{"a", "b", "c"}}
	for i := range rows {
		number.Append(float64(i) / 8)
		code.Append(float64(i % 7))
		if text.Index.Append(int32(i % 3)); i%11 == 0 {
			text.Index.Set(i, -1)
		}
	}
	made := &survey.Table{Rows: rows, Variables: []*survey.Variable{
		{Name: "n", Kind: survey.Number, Numbers: number},
		{Name: "c", Kind: survey.Number, Label: "Code", Numbers: code, Codes: []survey.Code{{Value: survey.NumberValue(1), Label: "One"}}},
		{Name: "t", Kind: survey.Text, Texts: text},
	}}
	var packed bytes.Buffer
	if _, err := Write(&packed, made); err != nil {
		t.Fatal(err)
	}
	whole, err := Read(bytes.NewReader(packed.Bytes()), int64(packed.Len()), "x.parquet", nil)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	described, err := Blocks(bytes.NewReader(packed.Bytes()), int64(packed.Len()), "x.parquet", nil, raw.Blocks{Rows: most, Each: func(block *survey.Table) error {
		if block.Rows > most {
			t.Errorf("a block of %d rows", block.Rows)
		}
		for i := range block.Rows {
			for _, v := range block.Variables {
				got, ok := v.At(i)
				want, given := whole.Lookup(v.Name).At(at + i)
				if got != want || ok != given {
					return fmt.Errorf("row %d of %s: %v, want %v", at+i, v.Name, got, want)
				}
			}
		}
		at += block.Rows
		return nil
	}})
	if err != nil || at != rows {
		t.Fatal(at, err)
	}
	if diff := cmp.Diff(whole, described, cmpopts.IgnoreFields(survey.Variable{}, "Numbers", "Texts"), cmpopts.IgnoreFields(survey.Table{}, "Rows")); diff != "" {
		t.Error(diff)
	}
}
