package schedule

import (
	"math"
	"regexp"
	"strconv"
)

// Size is an amount of memory written as 500 MB, 2 GB or 1.5 GiB; "" is none.
type Size string

var sizeForm = regexp.MustCompile(`^([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([KMGT]i?B)$`)

var sizeUnits = map[string]float64{
	"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
	"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
}

// Bytes is the amount, 0 where none is given. Jobs that were read have sizes
// that can be parsed.
func (s Size) Bytes() int64 {
	parts := sizeForm.FindStringSubmatch(string(s))
	if parts == nil {
		return 0
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	if err != nil {
		return 0
	}
	return int64(math.Min(number*sizeUnits[parts[2]], math.MaxInt64/2))
}

// leastMemory is about what a study of a few rows takes.
const leastMemory = 64_000_000

func (s Size) isWrong() bool { return s != "" && s.Bytes() < leastMemory }
