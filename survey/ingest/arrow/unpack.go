package arrow

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// unpacker unpacks buffers, one after the other.
type unpacker struct {
	lz4  *lz4.Reader
	zstd *zstd.Decoder
}

// usualExpansion is how many times its size a buffer usually unpacks to; memory
// for more is taken only when there is more.
const usualExpansion = 8

// buffer unpacks content, which must give n bytes.
func (u *unpacker) buffer(codec int, content []byte, n int) ([]byte, error) {
	in, err := u.reader(codec, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(min(n, usualExpansion*len(content)))
	if _, err := io.CopyN(&out, in, int64(n)); err != nil {
		return nil, errors.New("a packed buffer is damaged: " + err.Error())
	}
	return out.Bytes(), nil
}

func (u *unpacker) reader(codec int, in io.Reader) (io.Reader, error) {
	if codec == lz4Frame {
		if u.lz4 == nil {
			u.lz4 = lz4.NewReader(nil)
		}
		u.lz4.Reset(in)
		return u.lz4, nil
	}
	if u.zstd == nil {
		// One goroutine: the result does not depend on the machine.
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(alwaysAllowed))
		if err != nil {
			return nil, err
		}
		u.zstd = d
	}
	return u.zstd, u.zstd.Reset(in)
}

func (u *unpacker) close() {
	if u.zstd != nil {
		u.zstd.Close()
	}
}
