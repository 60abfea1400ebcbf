package main

import (
	"strings"
	"testing"
	"time"
)

// Progress shows rows, then tables and the time that the others take, on one line that is
// empty in the end.
func TestProgress(t *testing.T) {
	var out strings.Builder
	p := progress{to: &out}
	p.rows(32768)
	p.tables(1, 4)
	p.started = p.started.Add(-10 * time.Second)
	p.tables(2, 4)
	p.tables(4, 4)
	want := "\r32,768 rows read\r1 of 4 tables\033[K\r2 of 4 tables, about 20s left\033[K\r4 of 4 tables\033[K\r\033[K"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	if progressTo(&out) != nil {
		t.Error("what is no terminal shows progress")
	}
}
