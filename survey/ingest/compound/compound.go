// Package compound opens the files of old Office programs, which are small file systems,
// behind guards against hostile ones.
package compound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/richardlehane/mscfb"
)

// Signature begins such files.
const Signature = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

var errDamaged = errors.New("the list of its parts is damaged")

// Entries calls each for the files in the file of size bytes in r, until it returns false.
func Entries(r io.ReaderAt, size int64, each func(*mscfb.File) bool) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", errDamaged, fault)
		}
	}()
	head := make([]byte, 80)
	if _, err := r.ReadAt(head, 0); err != nil {
		return errDamaged
	}
	// The library makes room for as many sectors as the head says.
	const smallest = 512 // bytes of a sector
	for _, at := range []int{40, 44, 64, 72} {
		if int64(binary.LittleEndian.Uint32(head[at:])) > size/smallest {
			return errDamaged
		}
	}
	files, err := mscfb.New(io.NewSectionReader(r, 0, size))
	if err != nil {
		return err
	}
	for {
		switch f, err := files.Next(); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case !each(f):
			return nil
		}
	}
}
