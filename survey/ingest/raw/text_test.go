package raw

import (
	"slices"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// Different bytes that mean the same text are one value, in every kind of decoder,
// and bytes that mean another text are another.
func TestTextsAreDistinct(t *testing.T) {
	for _, c := range []struct {
		name    string
		decoder Decoder
		cells   []string
		values  []string
		index   []int32
	}{
		{"UTF-8, one cut in two", Decoder{}, []string{"é", "a", "é\xc3", "é", "\xff"}, []string{"é", "a", "\uFFFD"}, []int32{0, 1, 0, 0, 2}},
		{"windows-1252", Decoder{Encoding: charmap.Windows1252}, []string{"\xe9", "a", "\xe9", "\x81", "\x8d"}, []string{"é", "a", "\uFFFD"}, []int32{0, 1, 0, 2, 2}},
		{"bytes that are another one's text", Decoder{Encoding: charmap.Windows1252}, []string{"\xe9", "\xc3\xa9"}, []string{"é", "Ã©"}, []int32{0, 1}},
		{"guessed", Decoder{Encoding: charmap.Windows1252, Guess: true}, []string{"\xe9", "é", "a", "é"}, []string{"é", "a"}, []int32{0, 0, 1, 0}},
	} {
		texts := NewTexts(&c.decoder, len(c.cells))
		for _, cell := range c.cells {
			texts.Add([]byte(cell))
		}
		if got := texts.Column(); !slices.Equal(got.Values, c.values) || !slices.Equal(got.Index.Slice(), c.index) {
			t.Errorf("%s: got %q at %v", c.name, got.Values, got.Index.Slice())
		}
	}
}
