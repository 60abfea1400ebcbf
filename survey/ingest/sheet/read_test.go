package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// made is a sheet of rows; a nil row is blank.
func made(name string, rows ...[]string) Sheet {
	return Sheet{Name: name, Rows: func(each func(int, []string) error) error {
		for i, cells := range rows {
			if cells == nil {
				continue
			}
			if err := each(i, cells); err != nil {
				return err
			}
		}
		return nil
	}}
}

func cells(text string) []string { return strings.Split(text, " ") }

// The first sheet with at least half as many cells as the largest is read; hidden ones,
// empty ones and a codebook only by their names.
func TestChoice(t *testing.T) {
	small := made("small", cells("a b"), cells("1 2"))
	large := made("large", cells("c d"), cells("1 2"), cells("3 4"), cells("5 6"))
	half := made("half", cells("e f g"), cells("1 2 3"))
	hidden := made("hidden", cells("h"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"), cells("1"))
	hidden.Hidden = true
	for want, sheets := range map[string][]Sheet{
		"c d":   {hidden, made("empty"), small, large},
		"e f g": {small, half, large},
		"a b":   {small},
	} {
		b := &Book{Path: "x", Sheets: sheets, Limit: 1000}
		table, err := b.Read("", nil)
		if err != nil || strings.Join(table.Names(), " ") != want {
			t.Errorf("%s: got %v, %v", want, table, err)
		}
	}
	if table, err := (&Book{Sheets: []Sheet{large, hidden}, Limit: 1000}).Read("hidden", nil); err != nil || table.Rows != 13 {
		t.Errorf("got %v, %v", table, err)
	}
}

// Rows that no table may be made of are refused only where their sheet is read.
func TestFaultsOfOtherSheets(t *testing.T) {
	cover := made("cover", cells("a b"), cells("1 2 3"))
	data := made("data", cells("c d"), cells("1 2"), nil, nil, cells("3 4"), cells("#N/A 6"))
	b := &Book{Path: "x", Sheets: []Sheet{cover, data}, Limit: 1000}
	table, err := b.Read("", nil)
	if err != nil || damagetest.Shown(table) != "c|d\n1|2\n3|4\n|6\n" {
		t.Errorf("got %v, %v", table, err)
	}
	told := fmt.Sprint(table.Notices.Texts())
	if !strings.Contains(told, "2 blank rows of the sheet were skipped") || !strings.Contains(told, "1 cells with errors") {
		t.Error(told)
	}
	if _, err := b.Read("1", nil); err == nil || !strings.Contains(err.Error(), "no name above it") {
		t.Errorf("got %v", err)
	}
}

// Names far down in a sheet are found, and nothing larger than the limit is held.
func TestBounds(t *testing.T) {
	rows := make([][]string, 100)
	rows = append(rows, cells("a b"), cells("1 2"))
	if table, err := (&Book{Sheets: []Sheet{made("S", rows...)}, Limit: 1000}).Read("", nil); err != nil || damagetest.Shown(table) != "a|b\n1|2\n" {
		t.Errorf("got %v, %v", table, err)
	}
	endless := Sheet{Name: "S", Rows: func(each func(int, []string) error) error {
		for i := 0; ; i++ {
			if err := each(i, []string{"text"}); err != nil {
				return err
			}
		}
	}}
	for limit, words := range map[int64]string{100_000: "unpacks to more than 100000 bytes", 1 << 40: "it has more than 1048576 rows"} {
		var found survey.Problems
		if _, err := (&Book{Path: "x", Sheets: []Sheet{endless}, Limit: limit}).Read("", nil); !errors.As(err, &found) || !strings.Contains(err.Error(), words) {
			t.Errorf("got %v, want %q", err, words)
		}
	}
}
