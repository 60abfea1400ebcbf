package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// harm is a file changed in one of many ways, and the way in words.
func harm(r *rand.Rand, name string, data []byte) (how string, out []byte) {
	data = slices.Clone(data)
	text := slices.Contains([]string{".yaml", ".csv", ".jsonl", ".sss", ".asc", ".json"}, filepath.Ext(name))
	for range 1 + r.IntN(3) {
		way := ""
		if text && r.IntN(4) > 0 {
			way, data = harmText(r, data)
		} else {
			way, data = harmBytes(r, data)
		}
		how += way + "; "
	}
	return how, data
}

// extremes are the numbers that break sums of sizes.
var extremes = []uint64{0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF, 0x7FF0000000000000, 0x7FF8000000000001}

// harmBytes changes bytes wherever they are.
func harmBytes(r *rand.Rand, data []byte) (how string, out []byte) {
	if len(data) < 16 {
		return "garbage", garbage(r, 64)
	}
	// Heads hold the sizes: half of the harm is done there.
	at := r.IntN(len(data) - 8)
	if r.IntN(2) == 0 {
		at = r.IntN(min(len(data)-8, 256))
	}
	n := 1 + r.IntN(min(64, len(data)-at))
	switch r.IntN(9) {
	case 0:
		return fmt.Sprintf("cut off at %d", at), data[:at]
	case 1:
		data[at] ^= 1 << r.IntN(8)
		return fmt.Sprintf("a bit at %d", at), data
	case 2:
		return fmt.Sprintf("%d bytes at %d doubled", n, at), slices.Insert(data, at, bytes.Clone(data[at:at+n])...)
	case 3:
		return fmt.Sprintf("%d bytes at %d gone", n, at), slices.Delete(data, at, at+n)
	case 4:
		copy(data[at:at+n], garbage(r, n))
		return fmt.Sprintf("garbage at %d", at), data
	case 5:
		clear(data[at : at+n])
		return fmt.Sprintf("zeroes at %d", at), data
	case 6:
		return "garbage behind", append(data, garbage(r, 1+r.IntN(5000))...)
	}
	var number [8]byte
	x := extremes[r.IntN(len(extremes))]
	size := []int{1, 2, 4, 8}[r.IntN(4)]
	if r.IntN(2) == 0 {
		binary.LittleEndian.PutUint64(number[:], x)
		copy(data[at:], number[:size])
	} else {
		binary.BigEndian.PutUint64(number[:], x)
		copy(data[at:], number[8-size:])
	}
	return fmt.Sprintf("%d bytes of %x at %d", size, x, at), data
}

func garbage(r *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// hostileValues are what people do not write.
var hostileValues = []string{
	"", "null", "~", "[]", "{}", "[[[[[[]]]]]]", "-1", "0", "1e999", "-1e308", ".inf", "-.inf", ".nan", "NaN", "0x7fffffffffffffff", "99999999999999999999999999",
	"1e-320", "0.1", "true", "*a", "&a", "&a [*a]", "<<", "!!binary x", "!!python/object:os.system x", "?", "|", ">", "---", "...", "%YAML 9", "@", "`", "\t", "\x00", "\x01", "\x1b[31m",
	"\u202e", "\ufeff", "\ufffd", "\xff\xfe", "'", "\"", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "<script>alert(1)</script>", "]]>", "&lt;", "%s%n", "$(touch x)", "`id`", "${HOME}",
	"../secret.csv", "../../secret.csv", "..", ".", "/", "/etc/passwd", "/dev/zero", "/dev/stdin", "/proc/self/environ", "C:\\secret.csv", "file:///etc/passwd", "http://127.0.0.1:1/x", "//host/share", "CON", "nul.csv", "a/b", ".hidden", "*", "**/*", "[", "../*", "2024-99-99", "q == q == q", "((((((((", "q > ", "not not not q", "a > b > c > d > e", "1-", "-", "99-1", "1-999999999999",
}

// anyNumber and anyWord are what harmText replaces.
var (
	anyNumber = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?`)
	anyWord   = regexp.MustCompile(`[A-Za-z_]+`)
)

// harmText changes lines, words and numbers.
func harmText(r *rand.Rand, data []byte) (how string, out []byte) {
	lines := strings.Split(string(data), "\n")
	i, j := r.IntN(len(lines)), r.IntN(len(lines))
	value := hostileValues[r.IntN(len(hostileValues))]
	if r.IntN(12) == 0 {
		value = strings.Repeat(value+"x", 1+r.IntN(40_000))
	}
	shown := fmt.Sprintf("%.30q", value)
	switch r.IntN(9) {
	case 0:
		lines = slices.Delete(lines, i, i+1)
		how = fmt.Sprintf("line %d gone", i+1)
	case 1:
		lines = slices.Insert(lines, j, lines[i])
		how = fmt.Sprintf("line %d again at %d", i+1, j+1)
	case 2:
		lines[i], lines[j] = lines[j], lines[i]
		how = fmt.Sprintf("lines %d and %d changed over", i+1, j+1)
	case 3:
		lines[i] = strings.Repeat(" ", r.IntN(9)) + strings.TrimLeft(lines[i], " ")
		how = fmt.Sprintf("line %d shifted", i+1)
	case 4:
		before, _, _ := strings.Cut(lines[i], ":")
		lines[i] = before + ": " + value
		how = fmt.Sprintf("line %d is %s", i+1, shown)
	case 5, 6:
		lines[i] = replaced(r, anyNumber, lines[i], value)
		how = fmt.Sprintf("a number of line %d is %s", i+1, shown)
	case 7:
		lines[i] = replaced(r, anyWord, lines[i], value)
		how = fmt.Sprintf("a word of line %d is %s", i+1, shown)
	default:
		other := anyWord.FindAllString(string(data), -1)
		if len(other) == 0 {
			return "nothing", data
		}
		w := other[r.IntN(len(other))]
		lines[i] = replaced(r, anyWord, lines[i], w)
		how = fmt.Sprintf("a word of line %d is %s", i+1, w)
	}
	return how, []byte(strings.Join(lines, "\n"))
}

// replaced is a line with one of the places that a pattern finds changed.
func replaced(r *rand.Rand, pattern *regexp.Regexp, line, by string) string {
	found := pattern.FindAllStringIndex(line, -1)
	if len(found) == 0 {
		return line + by
	}
	at := found[r.IntN(len(found))]
	return line[:at[0]] + by + line[at[1]:]
}
