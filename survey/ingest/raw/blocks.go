package raw

import (
	"errors"

	"surveykit/survey"
	"surveykit/survey/ingest/charset"
)

// ErrWhole is the error of a reader in blocks whose file can only be read as a whole.
var ErrWhole = errors.New("the file can only be read as a whole")

// Blocks says how a file is read, and takes its rows, a block of them at a time. The zero
// value keeps all rows where they are.
type Blocks struct {
	// Encoding is the name of the text's encoding, which charset.Named knows, in place of the
	// one that the file names or that is guessed. Default: none.
	Encoding string
	// Each gets a block. An error of it ends the reading.
	Each func(block *survey.Table) error
	// Rows is about how many rows a block has.
	Rows int
	// Restart forgets the blocks so far, because the file is read once more.
	Restart func()
}

// Decoder decodes text in the encoding that is given, else as own does.
func (b Blocks) Decoder(own func() Decoder) Decoder {
	if b.Encoding == "" {
		return own()
	}
	enc, _ := charset.Named(b.Encoding)
	return Decoder{Encoding: enc}
}

// Room is for how many rows columns take memory before they are read.
func (b Blocks) Room(rows int64) int {
	if b.Each != nil {
		rows = min(rows, int64(b.Rows))
	}
	return int(rows)
}

// Full reports whether so many rows are to be handed on.
func (b Blocks) Full(rows int) bool { return b.Each != nil && rows >= b.Rows }

// Hand hands on the rows that variables have; those without values were not picked. Many
// more rows than a block has are handed on as several.
func (b Blocks) Hand(rows int, variables []*survey.Variable) error {
	if b.Each == nil || rows == 0 {
		return nil
	}
	block := &survey.Table{Rows: rows}
	for _, v := range variables {
		if (v.Numbers != nil || v.Texts != nil) && v.Len() == rows {
			own := *v
			block.Variables = append(block.Variables, &own)
		}
	}
	if rows < 2*b.Rows {
		return b.Each(block)
	}
	for at := 0; at < rows; at += b.Rows {
		some := make([]int32, min(b.Rows, rows-at))
		for i := range some {
			some[i] = int32(at + i)
		}
		part := &survey.Table{Rows: len(some)}
		for _, v := range block.Variables {
			part.Variables = append(part.Variables, v.Pick(some))
		}
		if err := b.Each(part); err != nil {
			return err
		}
	}
	return nil
}
