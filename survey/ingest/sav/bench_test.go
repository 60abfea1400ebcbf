package sav

import (
	"bytes"
	"os"
	"testing"
)

// BenchmarkRead opens a real survey of 4,272 rows and 143 variables, 4.9 MB of
// columns in a file of 0.7 MB.
func BenchmarkRead(b *testing.B) {
	file, err := os.ReadFile("../../../../shared/data/pew_w49/atp_w49.sav")
	if err != nil {
		b.Skip("needs shared/data/pew_w49/atp_w49.sav beside the checkout")
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Read(bytes.NewReader(file), int64(len(file)), "atp_w49.sav", nil); err != nil {
			b.Fatal(err)
		}
	}
}
