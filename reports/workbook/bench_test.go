package workbook

import (
	"fmt"
	"io"
	"testing"

	"surveykit/survey"
)

// manyTables is a book of n questions with eight answers under a banner of 31 columns.
func manyTables(n int) *survey.Book {
	book := sampleBook()
	book.Tables = nil
	for i := range n {
		t := agreeTable()
		t.ID = fmt.Sprintf("q%d", i+1)
		for len(t.Columns) < 31 {
			c := t.Columns[1+len(t.Columns)%9]
			c.Group = fmt.Sprintf("Banner %d", len(t.Columns)/6)
			t.Columns = append(t.Columns, c)
		}
		t.Rows = append(t.Rows, survey.Row{Label: "Other", Kind: survey.RowShare}, survey.Row{Label: "Refused", Kind: survey.RowShare})
		t.Cells = nil
		fill(t, 0.66, 0.31, 0.35, 0.17, 0.12, 0.05, 0.02, 0.01)
		book.Tables = append(book.Tables, t)
	}
	return book
}

func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{120, 500} {
		b.Run(fmt.Sprintf("tables=%d", n), func(b *testing.B) {
			book := manyTables(n)
			for b.Loop() {
				if err := Write(io.Discard, book); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
