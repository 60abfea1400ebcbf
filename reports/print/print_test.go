package print

import (
	"bytes"
	"errors"
	"testing"
)

func TestTimesAreBlankedInPlace(t *testing.T) {
	const before = "<</Creator (x)\n/CreationDate (D:20261121220000+00'00')\n/ModDate (D:20261121220000+00'00')>>"
	const after = "<</Creator (x)\n/CreationDate (D:19700101000000Z      )\n/ModDate (D:19700101000000Z      )>>"
	if got := string(timeless([]byte(before))); got != after {
		t.Errorf("got\n%s\nwant\n%s", got, after)
	}
}

func TestPDF(t *testing.T) {
	page := []byte("<!doctype html><title>A page</title><p>Text")
	first, err := PDF(t.Context(), page)
	if errors.Is(err, ErrNoBrowser) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(first, []byte("%PDF-")) {
		t.Errorf("no PDF: %q", first[:20])
	}
	second, err := PDF(t.Context(), page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same page gave other bytes")
	}
}
