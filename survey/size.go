package survey

import (
	"math"
	"strconv"

	"surveykit/survey/pattern"
)

// Size is an amount of memory written as 500 MB, 2 GB or 1.5 GiB; "" is none.
type Size string

// Unlimited is no bound.
const Unlimited Size = "unlimited"

var sizeForm = pattern.Lazy(`^([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([KMGT]i?B)$`)

// Bytes is the amount, 0 where none is given or the text is no size.
func (s Size) Bytes() int64 {
	if s == Unlimited {
		return math.MaxInt64
	}
	parts := sizeForm().FindStringSubmatch(string(s))
	if parts == nil {
		return 0
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	if err != nil {
		return 0
	}
	units := map[string]float64{
		"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
		"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	}
	return int64(math.Min(number*units[parts[2]], math.MaxInt64/2))
}
