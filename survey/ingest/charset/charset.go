// Package charset finds encodings of text by their names, and guesses the encoding of a
// text that is not UTF-8.
package charset

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	text "golang.org/x/text/encoding/unicode"
)

// Named finds an encoding by any name that the web or IANA gives it, or by "cp" and a code
// page number; nil means UTF-8. Only encodings that contain ASCII are found: the names and
// formats of statistical files are ASCII.
func Named(name string) (enc encoding.Encoding, ok bool) {
	enc, err := htmlindex.Get(name)
	if err != nil {
		enc, err = ianaindex.IANA.Encoding(name)
	}
	if err != nil || enc == nil {
		lower := strings.ToLower(name)
		digits := strings.TrimLeft(lower, "abcdefghijklmnopqrstuvwxyz-_ ")
		code, err := strconv.ParseInt(digits, 10, 32)
		if err != nil || strings.HasPrefix(lower, "ibm") {
			return nil, false
		}
		return CodePage(int32(code))
	}
	if enc == text.UTF8 {
		return nil, true
	}
	ascii := []byte("\x1b")
	for b := byte(' '); b <= '~'; b++ {
		ascii = append(ascii, b)
	}
	out, err := enc.NewDecoder().Bytes(ascii)
	return enc, err == nil && bytes.Equal(out, ascii)
}

// CodePage finds the encoding of a code page number of Windows, as Named does.
func CodePage(code int32) (encoding.Encoding, bool) {
	name, known := map[int32]string{
		858: "IBM00858", 874: "windows-874", 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5",
		10000: "macintosh", 10007: "x-mac-cyrillic", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u",
		20932: "euc-jp", 51932: "euc-jp", 51936: "gbk", 51949: "euc-kr", 54936: "gb18030", 65001: "utf-8",
	}[code]
	switch {
	case known:
	case 1250 <= code && code <= 1258:
		name = fmt.Sprintf("windows-%d", code)
	case 28591 <= code && code <= 28606:
		name = fmt.Sprintf("iso-8859-%d", code-28590)
	default:
		name = fmt.Sprintf("IBM%d", code)
	}
	return Named(name)
}

// sampleBytes of a text's words are enough to guess by.
const sampleBytes = 1 << 16

// Guess is the likely encoding of a text that is not UTF-8, by its name in the encoding
// standard of the web: windows-1252 unless the text shows another.
func Guess(raw []byte) string {
	words := foreign(raw)
	if name := detected(words); name != "" {
		return name
	}
	switch {
	case share(words, "shift_jis", japanese) > 0.9 && share(words, "shift_jis", kana) > 0.05:
		return "shift_jis"
	case crowded(words) < 0.9:
	case share(words, "windows-1251", unicode.Cyrillic) > 0.95 && cased(words, "windows-1251"):
		return "windows-1251"
	case share(words, "gbk", unicode.Han) > 0.95:
		return "gbk"
	}
	return "windows-1252"
}

// foreign are the words of a text that have bytes beyond ASCII, a sample of them.
func foreign(raw []byte) []byte {
	var out []byte
	for len(raw) > 0 && len(out) < sampleBytes {
		k := bytes.IndexFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf || r == utf8.RuneError })
		if k < 0 {
			break
		}
		from := bytes.LastIndexAny(raw[:k], ",;\t\r\n\"") + 1
		to := len(raw)
		if n := bytes.IndexAny(raw[k:], ",;\t\r\n\""); n >= 0 {
			to = k + n
		}
		out = append(append(out, raw[from:to]...), '\n')
		raw = raw[to:]
	}
	return out
}

// The detector's own confidence below which its answer is not taken. Of Western encodings
// it only tells those of Windows and of the Mac apart, with less confidence.
const (
	sure    = 0.8
	sureMac = 0.55
)

// detected is what the detector of character sets is sure of, "" for nothing.
func detected(words []byte) string {
	found := chardet.Detect(words)
	name := map[string]string{"MacRoman": "macintosh", "GB2312": "gbk", "TIS-620": "windows-874", "CP949": "euc-kr", "Johab": ""}[found.Encoding]
	if name == "" {
		if name = strings.ToLower(found.Encoding); strings.HasPrefix(name, "iso-8859-1") || strings.HasPrefix(name, "utf") || strings.HasPrefix(name, "ascii") {
			return ""
		}
	}
	if found.Confidence < sure && (name != "macintosh" || found.Confidence < sureMac) {
		return ""
	}
	if enc, ok := Named(name); !ok || enc == nil || broken(decoded(words, enc)) {
		return ""
	}
	return name
}

func decoded(words []byte, enc encoding.Encoding) string {
	out, _ := enc.NewDecoder().Bytes(words)
	return string(out)
}

// broken reports whether more than one character in a hundred could not be read.
func broken(s string) bool {
	return 100*strings.Count(s, string(utf8.RuneError)) > utf8.RuneCountInString(s)
}

// japanese are the kana of full width and the Chinese characters.
var (
	kana     = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3041, Hi: 0x30fe, Stride: 1}}}
	japanese = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3041, Hi: 0x30fe, Stride: 1}, {Lo: 0x4e00, Hi: 0x9fff, Stride: 1}}}
)

// cased reports whether most letters are small, and none of the others follows a small one,
// as in words.
func cased(words []byte, name string) bool {
	enc, _ := Named(name)
	small, all, before := 0, 0, ' '
	for _, r := range decoded(words, enc) {
		if unicode.IsLower(before) && unicode.IsUpper(r) {
			return false
		}
		if before = r; unicode.IsLower(r) {
			small++
		}
		if unicode.IsLetter(r) {
			all++
		}
	}
	return 2*small > all
}

// share is the share of characters of a script among those beyond ASCII, as an encoding
// reads them; 0 where it cannot.
func share(words []byte, name string, script *unicode.RangeTable) float64 {
	enc, _ := Named(name)
	s := decoded(words, enc)
	if broken(s) {
		return 0
	}
	of, all := 0, 0
	for _, r := range s {
		if r >= utf8.RuneSelf {
			all++
		}
		if unicode.Is(script, r) {
			of++
		}
	}
	return float64(of) / float64(max(all, 1))
}

// crowded is the share of the bytes beyond ASCII that are in runs of several, with no ASCII
// letter beside them: low in Western languages, whose letters with accents are among others.
func crowded(words []byte) float64 {
	letter := func(i int) bool {
		return i >= 0 && i < len(words) && (words[i]|0x20 >= 'a' && words[i]|0x20 <= 'z')
	}
	crowd, all := 0, 0
	for i := 0; i < len(words); i++ {
		from := i
		for i < len(words) && words[i] >= utf8.RuneSelf {
			i++
		}
		if all += i - from; i-from > 1 && !letter(from-1) && !letter(i) {
			crowd += i - from
		}
	}
	return float64(crowd) / float64(max(all, 1))
}
