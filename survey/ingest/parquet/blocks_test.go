package parquet

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

// Blocks are the rows of the table, in their order, described as it is.
func TestBlocks(t *testing.T) {
	const rows = 2*blockRows + 4321
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
	f, err := Open(bytes.NewReader(packed.Bytes()), int64(packed.Len()), "x.parquet")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Read(bytes.NewReader(packed.Bytes()), int64(packed.Len()), "x.parquet", nil)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	err = f.Blocks(context.Background(), []string{"t", "c", "n"}, func(block *survey.Table) error {
		if block.Rows > blockRows {
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
		if diff := cmp.Diff(whole.Lookup("c"), block.Lookup("c"), cmpopts.IgnoreFields(survey.Variable{}, "Numbers")); diff != "" {
			t.Error(diff)
		}
		at += block.Rows
		return nil
	})
	if err != nil || at != rows {
		t.Error(at, err)
	}
	if err := f.Blocks(context.Background(), []string{"z"}, nil); err == nil {
		t.Error("an unknown column")
	}
}
