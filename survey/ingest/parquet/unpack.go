package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

var errBomb = errors.New("it unpacks to more than it says")

// unpack unpacks at most so many bytes, into room if that is large enough. What
// says its length is held to it before memory is taken; gzip cannot unpack to more
// than a thousand times its size, whatever it says.
func unpack(codec format.CompressionCodec, packed, room []byte, most int64) (content []byte, err error) {
	switch codec {
	case format.Snappy:
		if n, _ := binary.Uvarint(packed); n > uint64(most) {
			return nil, errBomb
		}
	case format.Zstd:
		// The decoder holds a frame that says its length to that.
		if n, ok := frameLength(packed); !ok {
			return unpackZstd(packed, most)
		} else if n > uint64(most) {
			return nil, errBomb
		}
	case format.Lz4Raw:
		return unpackLZ4(packed, room, most)
	case format.Brotli:
		return upTo(brotli.NewReader(bytes.NewReader(packed)), most)
	}
	content, err = parquet.LookupCompressionCodec(codec).Decode(room[:cap(room)], packed)
	if err == nil && int64(len(content)) > most {
		return nil, errBomb
	}
	return content, err
}

// unpackLZ4 sees to it that a block fits: of one that does not, or is damaged,
// Parquet's library tries again with twice the memory, without an end.
func unpackLZ4(packed, room []byte, most int64) ([]byte, error) {
	const mostExpansion = 255
	room = slices.Grow(room[:0], int(min(most, mostExpansion*int64(len(packed)))))
	n, err := lz4.UncompressBlock(packed, room[:cap(room)])
	if err == nil && int64(n) > most {
		return nil, errBomb
	}
	return room[:max(n, 0)], err
}

func unpackZstd(packed []byte, most int64) ([]byte, error) {
	d, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(alwaysAllowed))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return upTo(d, most)
}

// frameLength is what a Zstandard frame says that it unpacks to; not ok where it
// says nothing, or is not the only one.
func frameLength(b []byte) (n uint64, ok bool) {
	var h zstd.Header
	if err := h.Decode(b); err != nil || !h.HasFCS || h.Skippable {
		return 0, false
	}
	const head, repeated, sum = 3, 1, 4
	at := h.HeaderSize
	for last := false; !last; {
		if at+head > len(b) {
			return 0, false
		}
		block := int(b[at]) | int(b[at+1])<<8 | int(b[at+2])<<16
		at += head
		last = block&1 == 1
		if size := block >> 3; block>>1&3 == repeated {
			at++
		} else {
			at += size
		}
	}
	if h.HasCheckSum {
		at += sum
	}
	return h.FrameContentSize, at == len(b)
}

func upTo(in io.Reader, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(content)) > most {
		return nil, errBomb
	}
	return content, err
}
