package delimited

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Pieces are the text, and each ends where a record does: quotes, line ends of all kinds
// and the beginnings of runes may be at the edge of what is read at once.
func TestPiecesAreWholeRecords(t *testing.T) {
	d := dialect{delimiter: ',', quote: '"'}
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.TrimRight([]byte(rapid.StringMatching(`([a,"é ]|\r\n|\n|\r|"",){0,60}`).Draw(t, "text")), "\r\n")
		var ends []int
		for s := newScanner(text, d); s.pos < len(text); ends = append(ends, s.pos) {
			s.skipRecord()
		}
		all := pieces{text: bytes.NewReader(text), end: int64(len(text)), dialect: d, least: rapid.Int64Range(1, 20).Draw(t, "least")}
		at := 0
		for {
			piece, err := all.next(nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(piece) == 0 {
				break
			}
			if !bytes.HasPrefix(text[at:], piece) {
				t.Fatalf("%q does not continue at %d", piece, at)
			}
			if at += len(piece); !slices.Contains(ends, at) {
				t.Fatalf("%q of %q does not end with a record", piece, text)
			}
		}
		if at != len(text) {
			t.Fatalf("%d bytes of %d were read", at, len(text))
		}
	})
}
