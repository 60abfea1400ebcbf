package sav

import (
	"bytes"
	"encoding/binary"
	"math"

	"surveykit/survey/ingest/raw"
)

// The ways that cases are stored.
const (
	plainCases    = 0
	byteCodeCases = 1
	zlibCases     = 2
)

// header is the file's first 176 bytes.
type header struct {
	compression int32
	// weight is the 1-based dictionary element of the weight variable, 0 if none.
	weight int32
	// rows is the number of cases, -1 where the file does not say.
	rows int64
	// bias is taken off a byte code to give its number.
	bias  float64
	label []byte
}

const headerSize = 176

// readHeader also learns the file's byte order, and leaves it in the cursor.
func readHeader(c cursor) (header, error) {
	first := c.Take(min(headerSize, c.Left()), "the header")
	if c.Err() != nil {
		return header{}, c.Err()
	}
	if err := checkSignature(first); err != nil {
		return header{}, err
	}
	if len(first) < headerSize {
		return header{}, raw.Damaged(int64(len(first)), "the file ends inside the header, which is %d bytes", headerSize)
	}
	if c.Order = orderOf(first[64:68]); c.Order == nil {
		return header{}, raw.Damaged(64, "the layout code is neither 2 nor 3 in any byte order")
	}
	word := func(at int) int32 { return int32(c.Order.Uint32(first[at:])) }
	h := header{
		compression: word(72),
		weight:      word(76),
		rows:        int64(word(80)),
		bias:        math.Float64frombits(c.Order.Uint64(first[84:])),
		label:       first[109:173],
	}
	return h, h.check(string(first[:4]))
}

// checkSignature refuses what is not a system file.
func checkSignature(first []byte) error {
	if bytes.HasPrefix(first, []byte("$FL2")) || bytes.HasPrefix(first, []byte("$FL3")) {
		return nil
	}
	if len(first) >= 20 && string(first[8:20]) == "ENCRYPTEDSAV" {
		return &raw.Fault{At: 0, Message: "the file is encrypted with a password", Remedy: "open it in SPSS and save it without a password"}
	}
	return &raw.Fault{At: 0, Message: "this is not an SPSS system file: it does not begin with $FL2 or $FL3",
		Remedy: "check that the file is a .sav or .zsav; open portable files (.por) and mainframe files in SPSS and save them as .sav"}
}

// orderOf finds the byte order in which the layout code is 2 or 3.
func orderOf(code []byte) binary.ByteOrder {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if n := order.Uint32(code); n == 2 || n == 3 {
			return order
		}
	}
	return nil
}

func (h header) check(signature string) error {
	switch {
	case h.compression < plainCases || h.compression > zlibCases:
		return raw.Damaged(72, "the compression code is %d, not 0, 1 or 2", h.compression)
	case (signature == "$FL3") != (h.compression == zlibCases):
		return raw.Damaged(72, "the signature %s does not go with compression code %d", signature, h.compression)
	case h.rows < -1:
		return raw.Damaged(80, "the number of cases is %d", h.rows)
	case h.compression != plainCases && !(math.Abs(h.bias) < 1<<31):
		return &raw.Fault{At: 84, Message: "the compression bias is no ordinary IEEE number", Remedy: "save the file in SPSS on a PC or a Mac"}
	}
	return nil
}
