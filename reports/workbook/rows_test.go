package workbook

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
		f := excelize.NewFile()
		defer f.Close()
		m := newMaker(&survey.Book{})
		m.file = f
		steps := []step{{"T", func() error {
			s := m.open("T", page{widths: []float64{10}})
			s.put(0, text)
			return s.close()
		}}}
		var out bytes.Buffer
		if err := m.write(&out, steps); err != nil {
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

// A character that XML cannot hold leaves the file whole.
func TestTextsThatXMLCannotHold(t *testing.T) {
	b := sampleBook()
	b.Tables[0].Rows[0].Label, b.Tables[0].Rows[1].Label = "bell\x07", "not text \xff\xfe"
	f := opened(t, b)
	find(t, f, "q1_control", "bell\uFFFD")
	find(t, f, "q1_control", "not text \uFFFD\uFFFD")
}

// A cell with an empty text would count as filled.
func TestEmptyTextsAreEmptyCells(t *testing.T) {
	for want, value := range map[string]any{
		``: "", `<c r="A1" s="3"/>`: excelize.Cell{StyleID: 3, Value: ""}, `<c r="A1" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>`: " ",
	} {
		if got := string(appendCell(nil, "A1", value)); got != want {
			t.Errorf("%#v: %s, want %s", value, got, want)
		}
	}
}

// An endless text is looked at once, not copied for each of its letters.
func TestEndlessTextsAreCutAtOnce(t *testing.T) {
	text, cut := strings.Repeat("é", 400_000), ""
	if copies := testing.AllocsPerRun(1, func() { cut = shorten(text, excelize.TotalCellChars) }); copies > 1 || len(cut) >= len(text) {
		t.Errorf("%v copies are made, %d bytes left", copies, len(cut))
	}
}

func TestLongTextsAreCut(t *testing.T) {
	b := sampleBook()
	b.Tables[0].Notes = []string{strings.Repeat("é", 40000)}
	f := opened(t, b)
	_, row := find(t, f, "q1_control", strings.Repeat("é", excelize.TotalCellChars))
	if row == 0 {
		t.Error("the note is not there")
	}
}
