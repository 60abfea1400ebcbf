package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"surveykit/survey/ingest/charset"
)

// replacement is U+FFFD, which takes the place of what cannot be read.
var replacement = []byte("\ufffd")

var (
	bomUTF8    = []byte("\xef\xbb\xbf")
	bomUTF16LE = []byte("\xff\xfe")
	bomUTF16BE = []byte("\xfe\xff")
)

// encodingNamed finds an encoding by any name of the WHATWG encoding standard, or as
// charset.Named does.
func encodingNamed(name string) (encoding.Encoding, bool) {
	if e, err := htmlindex.Get(name); err == nil {
		// The standard's name for encodings that nothing should decode.
		return e, e != encoding.Replacement
	}
	return charset.Named(name)
}

// content is what a file holds, in UTF-8 unless a reader finds that it is not.
type content struct {
	text             io.ReaderAt
	size             int64
	encoding, notice string
	err              error
}

// plain is the content of a file that is to be UTF-8, or seems to be, without a byte order
// mark; the error is errNotUTF8 where it surely is not, or another encoding is given.
func plain(r io.ReaderAt, size int64, name string) content {
	start := make([]byte, min(size, 1024))
	_, err := r.ReadAt(start, 0)
	switch given := strings.EqualFold(name, "utf-8"); {
	case err != nil && !errors.Is(err, io.EOF):
		return content{err: err}
	case name != "" && !given || bytes.HasPrefix(start, bomUTF16LE) || bytes.HasPrefix(start, bomUTF16BE) || !given && guessUTF16(start) != nil:
		return content{err: errNotUTF8}
	case bytes.HasPrefix(start, bomUTF8):
		return content{text: io.NewSectionReader(r, int64(len(bomUTF8)), size), size: size - int64(len(bomUTF8)), encoding: "utf-8"}
	}
	return content{text: r, size: size, encoding: "utf-8"}
}

// decoded is the content of a file that is decoded as a whole.
func decoded(r io.ReaderAt, size int64, name string) content {
	raw := make([]byte, size)
	n, err := r.ReadAt(raw, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return content{err: err}
	}
	c := content{}
	var text []byte
	text, c.encoding, c.notice = decode(raw[:n], name)
	c.text, c.size = bytes.NewReader(text), int64(len(text))
	return c
}

// trimmed is the size without line ends after the last row.
func (c content) trimmed() int64 {
	tail := make([]byte, 4096)
	for size := c.size; size > 0; {
		from := max(0, size-int64(len(tail)))
		n, err := c.text.ReadAt(tail[:size-from], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return size // where reading finds the fault
		}
		if k := len(bytes.TrimRight(tail[:n], "\r\n")); k > 0 {
			return from + int64(k)
		}
		size = from
	}
	return 0
}

// decode turns raw into UTF-8 without a byte order mark. Without a name the
// encoding is recognised: by its mark, by the zero bytes of UTF-16, as UTF-8
// where it is mostly valid UTF-8, else guessed. A byte order mark always wins.
func decode(raw []byte, name string) (text []byte, used, notice string) {
	if name != "" {
		e, _ := encodingNamed(name)
		text = convert(raw, unicode.BOMOverride(e.NewDecoder()))
		if n := bytes.Count(text, replacement); n > 0 {
			notice = fmt.Sprintf("the text is not valid %s in %s, read there as the replacement character \ufffd", name, count(n, "place", "places"))
		}
		return text, strings.ToLower(name), notice
	}
	switch guess := guessUTF16(raw); {
	case bytes.HasPrefix(raw, bomUTF8):
		raw = raw[len(bomUTF8):]
	case guess != nil:
		return convert(raw, unicode.BOMOverride(guess.NewDecoder())), "utf-16", ""
	}
	if utf8.Valid(raw) {
		return raw, "utf-8", ""
	}
	if broken, line, mostly := brokenUTF8(raw); mostly {
		return bytes.ToValidUTF8(raw, replacement), "utf-8", fmt.Sprintf(
			"the text is not valid UTF-8 in %s, first in line %d, read there as the replacement character \ufffd",
			count(broken, "place", "places"), line)
	}
	name = charset.Guess(raw)
	e, _ := charset.Named(name)
	return convert(raw, e.NewDecoder()), name, fmt.Sprintf("the text is not UTF-8 and does not say its encoding: it was read as %s, a guess; the encoding that is given overrules it", name)
}

// convert decodes raw, with U+FFFD in the place of what cannot be read.
func convert(raw []byte, t transform.Transformer) []byte {
	text, _, err := transform.Bytes(t, raw)
	if err != nil {
		return bytes.ToValidUTF8(raw, replacement)
	}
	return text
}

// guessUTF16 recognises UTF-16 by its byte order mark, or by zero bytes that are
// only at even or only at odd places: names of columns are mostly ASCII.
func guessUTF16(raw []byte) encoding.Encoding {
	little := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	switch {
	case bytes.HasPrefix(raw, bomUTF16LE):
		return little
	case bytes.HasPrefix(raw, bomUTF16BE):
		return big
	case len(raw) < 4:
		return nil
	}
	var zeros [2]int
	pairs := min(len(raw), 1024) / 2
	for i := range 2 * pairs {
		if raw[i] == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case raw[1] == 0 && zeros[0] == 0 && 2*zeros[1] > pairs:
		return little
	case raw[0] == 0 && zeros[1] == 0 && 2*zeros[0] > pairs:
		return big
	}
	return nil
}

// brokenUTF8 counts the bytes that are not UTF-8. The text is mostly UTF-8
// where these are not more than its longer sequences: text of another encoding
// hardly ever holds one by chance.
func brokenUTF8(raw []byte) (broken, firstLine int, mostly bool) {
	sequences, line := 0, 1
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			if raw[i] == '\n' {
				line++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			if broken == 0 {
				firstLine = line
			}
			broken++
		} else {
			sequences++
		}
		i += size
	}
	return broken, firstLine, sequences >= broken
}
