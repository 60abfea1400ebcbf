package dta

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

// madeTable is what makeFile's files hold.
func madeTable(m *maker) *survey.Table {
	yesNo := []survey.Code{{Value: survey.NumberValue(1), Label: "Yes"}, {Value: survey.NumberValue(2), Label: "No"}}
	number := func(name string, kind survey.Kind, format string, x float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: kind, Format: format, Numbers: survey.NewNumbers([]float64{x, math.NaN()})}
	}
	text := func(name, format, s string) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Text, Format: format,
			Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{s, ""}}}
	}
	const day = 86400
	table := &survey.Table{Rows: 2, Variables: []*survey.Variable{
		number("agree", survey.Number, "%8.0g", 1),
		number("day", survey.Date, "%-d", -1-3653),
		number("at", survey.DateTime, "%tc", 1.5-3653*day),
		number("share", survey.Number, "%9.0g", -0.5),
		number("income", survey.Number, "%10.0g", -1e300),
		text("city", "%5s", "Köln"),
		text("story", "%9s", "long"),
	}[:len(m.types())]}
	table.Variables[0].Label = "Do you agree?"
	table.Variables[0].Codes, table.Variables[4].Codes = yesNo, yesNo
	remark := func(text string, about ...string) survey.Notice {
		return survey.Notice{Code: survey.NoticeRemark, Variables: about, Text: text}
	}
	table.Notices = survey.Notices{remark("file label: Small"), remark("note: keep this"), remark("note on agree: and this", "agree")}
	missing := func(value, text string, about ...string) survey.Notice {
		return survey.Notice{Code: survey.NoticeMissing, Variables: about, Value: value, Text: value + text}
	}
	if m.release >= 113 {
		table.Notices = append(table.Notices,
			missing(".a", ` ("Refused") is read as missing: 1 cell in agree, income`, "agree", "income"),
			missing(".b", " is read as missing: 1 cell in at", "at"), missing(".c", " is read as missing: 1 cell in share", "share"),
			missing(".z", " is read as missing: 1 cell in income", "income"))
	}
	return table
}

func TestEveryFormat(t *testing.T) {
	for _, release := range releases {
		for _, m := range []*maker{makeFile(release, little), makeFile(release, big)} {
			t.Run(fmt.Sprint(release, m.order), func(t *testing.T) {
				if diff := cmp.Diff(madeTable(m), m.mustRead(t), cmpopts.EquateNaNs()); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// The ends of the ranges of numbers, and what lies beyond them.
func TestMissingValues(t *testing.T) {
	for _, c := range []struct {
		kind   byte
		tagged bool
		bits   uint64
		want   float64
		tag    int
	}{
		{asByte, true, 100, 100, -1},
		{asByte, true, 101, 0, 0},
		{asByte, true, 127, 0, 26},
		{asByte, true, 0x81, -127, -1},
		{asByte, false, 126, 126, -1},
		{asByte, false, 127, 0, 0},
		{asInt, true, 32740, 32740, -1},
		{asInt, true, 32767, 0, 26},
		{asInt, false, 32766, 32766, -1},
		{asLong, true, 2147483620, 2147483620, -1},
		{asLong, true, 2147483647, 0, 26},
		{asLong, false, 2147483646, 2147483646, -1},
		{asFloat, true, 0x7effffff, math.Float64frombits(0x47dfffffe0000000), -1},
		{asFloat, true, 0x7f000000, 0, 0},
		{asFloat, true, 0x7f00d000, 0, 26},
		{asFloat, true, 0x7f00d800, 0, 0},
		{asFloat, true, 0xff7fffff, -math.MaxFloat32, -1},
		{asFloat, true, 0x7fc00000, 0, 0},
		{asFloat, true, 0xff800000, 0, 0},
		{asDouble, true, 0x7fdfffffffffffff, math.Float64frombits(0x7fdfffffffffffff), -1},
		{asDouble, true, 0x7fe0000000000000, 0, 0},
		{asDouble, true, 0x7fe0010000000000, 0, 1},
		{asDouble, true, 0xfff8000000000000, 0, 0},
		{asDouble, true, 0x8000000000000000, 0, -1},
	} {
		m := &maker{order: little}
		m.uints(8, c.bits)
		s := &numbers{column: &column{storage: numeric[c.kind]}, order: binary.LittleEndian, tagged: c.tagged}
		x, tag := s.number(m.Bytes())
		if x != c.want || tag != c.tag {
			t.Errorf("%c %#x: got %v %d, want %v %d", c.kind, c.bits, x, tag, c.want, c.tag)
		}
	}
}

// The formats before 113 have no letters: a float beyond the missing value is just
// missing.
func TestOldFormatsHaveOneMissingValue(t *testing.T) {
	for _, tagged := range []bool{false, true} {
		m := &maker{order: little}
		m.uints(4, 0x7f000800)
		s := &numbers{column: &column{Variable: &survey.Variable{Kind: survey.Number}, kept: true, storage: numeric[asFloat]}, order: binary.LittleEndian, tagged: tagged}
		s.add(m.Bytes(), 4)
		if want := map[bool]int{false: 0, true: 1}[tagged]; s.tags[want] != 1 || !math.IsNaN(s.values.At(0)) {
			t.Errorf("with letters %v: %v, tags %v", tagged, s.values.Slice(), s.tags)
		}
	}
}

func TestKinds(t *testing.T) {
	for format, want := range map[string]survey.Kind{
		"%td": survey.Date, "%d": survey.Date, "%dD_m_Y": survey.Date, "%-tdD_m_Y": survey.Date,
		"%tc": survey.DateTime, "%-tc": survey.DateTime, "%tC": survey.DateTime,
		"%tm": survey.Number, "%tq": survey.Number, "%9.0g": survey.Number, "%-9s": survey.Number, "": survey.Number,
	} {
		if got := kindOf(format); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
}
