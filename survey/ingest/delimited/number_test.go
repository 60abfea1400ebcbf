package delimited

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestVerdicts(t *testing.T) {
	for s, want := range map[string]verdict{
		"0": plainNumber, "-0": plainNumber, "0.0": plainNumber, "1.": plainNumber, ".5": plainNumber, "+1": plainNumber,
		"1e5": plainNumber, "1E-5": plainNumber, "1.5e+10": plainNumber, "0e0": plainNumber, "9007199254740992": plainNumber,
		"00000000000000000000000000.1": codeNumber,
		"01":                           codeNumber, "-01": codeNumber, "00": codeNumber, "007.5": codeNumber,
		"9007199254740993": longNumber, "18446744073709551616": longNumber, "18446744073709551617": longNumber, "99999999999999999999999": longNumber,
		"": notNumber, ".": notNumber, "-": notNumber, "+-1": notNumber, "e5": notNumber, "1e": notNumber, "1e+": notNumber, "1e5x": notNumber,
		"1,5": notNumber, "1 5": notNumber, "1.2.3": notNumber, "1e999": notNumber, "inf": notNumber, "NaN": notNumber, "0x1p4": notNumber,
	} {
		if _, got := parseNumber(s, '.'); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

// Twenty digits wrap a uint64 to nothing.
func TestLongFraction(t *testing.T) {
	if x, v := parseNumber("1844674407370955161.6", '.'); v != plainNumber || x != 1844674407370955161.6 {
		t.Errorf("got %v (%d)", x, v)
	}
}

// Whatever its digits, a number is the float64 that strconv gives.
func TestNumbersAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})\.[0-9]{1,25}(e-?[0-9]{1,2})?|-?[1-9][0-9]{0,14}`).Draw(t, "number")
		want, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Skip("beyond float64")
		}
		x, v := parseNumber([]byte(s), '.')
		if v != plainNumber || math.Float64bits(x) != math.Float64bits(want) {
			t.Fatalf("%s: got %v (%d), want %v", s, x, v, want)
		}
	})
}

// The quick way for small numbers must agree with the careful one.
func TestSmallAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9.x-]{0,3}[0-9]{0,4}`).Draw(t, "cell")
		scan := newScanner([]byte(s+",1"), dialect{delimiter: ',', quote: '"'})
		x, ok := scan.small()
		want, v := parseNumber(s, '.')
		switch {
		case ok && s == "":
			if x != -1 {
				t.Fatalf("an empty cell gave %v", x)
			}
		case ok:
			if v != plainNumber || float64(x) != want || scan.pos != len(s)+1 {
				t.Fatalf("%q: got %v, want %v (%d)", s, x, want, v)
			}
		case scan.pos != 0:
			t.Fatalf("%q: the scanner moved", s)
		}
	})
}
