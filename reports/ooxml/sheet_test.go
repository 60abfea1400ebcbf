package ooxml

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// Any text comes back from the file as it went in: mark-up, what looks like the
// code of a character, space at its ends, any script.
func TestTextsReadBack(t *testing.T) {
	label := rapid.OneOf(
		rapid.StringMatching(`[ -~À-ž病歴\n]{1,30}`),
		rapid.SampledFrom([]string{"_x0041_", "a_x000D_b", "<b>&amp;\"'", " both ends ", "🙂 face"}))
	rapid.Check(t, func(rt *rapid.T) {
		text := label.Draw(rt, "text")
		w := NewWorkbook(survey.Theme{})
		s := w.Sheet("T", Layout{Widths: []float64{10}})
		s.Add(0, Cell{Value: text})
		s.Close()
		var out bytes.Buffer
		if err := w.Save(&out); err != nil {
			rt.Fatal(err)
		}
		back, err := excelize.OpenReader(&out)
		if err != nil {
			rt.Fatal(err)
		}
		defer back.Close()
		if got, _ := back.GetCellValue("T", "A1"); got != text {
			rt.Errorf("%q came back as %q", text, got)
		}
	})
}

// A cell with an empty text would count as filled.
func TestEmptyTextsAreEmptyCells(t *testing.T) {
	for want, cell := range map[string]Cell{
		``: {Value: ""}, `<c r="A1" s="3"/>`: {Value: "", Style: 3}, `<c r="A1" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>`: {Value: " "},
	} {
		if got := string(cell.append(nil, 1, 1)); got != want {
			t.Errorf("%#v: %s, want %s", cell, got, want)
		}
	}
}

// An endless text is looked at once, not copied for each of its letters.
func TestEndlessTextsAreCutAtOnce(t *testing.T) {
	text, cut := strings.Repeat("é", 400_000), ""
	if copies := testing.AllocsPerRun(1, func() { cut = Shorten(text, MaxText) }); copies > 1 || len(cut) >= len(text) {
		t.Errorf("%v copies are made, %d bytes left", copies, len(cut))
	}
}

// Rows added after Stream, more than are held at once, follow those before it.
func TestStreamedRowsReadBack(t *testing.T) {
	w := NewWorkbook(survey.Theme{})
	s := w.Sheet("Many", Layout{})
	s.Add(0, Cell{Value: "Row"})
	s.Stream()
	for i := 2; i <= 5000; i++ {
		s.Add(0, Cell{Value: i})
	}
	s.Close()
	var out bytes.Buffer
	if err := w.Save(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Many")
	if err != nil || len(rows) != 5000 || rows[0][0] != "Row" || rows[4999][0] != "5000" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestTooManyRowsNameTheSheet(t *testing.T) {
	w := NewWorkbook(survey.Theme{})
	s := w.Sheet("Full", Layout{})
	s.Skip(MaxRows)
	s.Add(0, Cell{Value: 1})
	s.Close()
	if err := w.Save(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), `"Full"`) {
		t.Errorf("error %v", err)
	}
}

// Columns are as wide as so many digits of the cells' own font: 7 pixels each at
// 10 points, by which pages are laid out.
func TestColumnsAreInDigitsOfTheCells(t *testing.T) {
	w := NewWorkbook(survey.Theme{})
	if first := string(w.fonts[0].Bytes()); !strings.Contains(first, `<sz val="10">`) {
		t.Errorf("the font of columns is %s", first)
	}
}
