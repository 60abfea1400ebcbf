package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Labels of any length are cut where reports could not bear them, and a notice
// says of what; shorter ones stay, to the letter.
func TestEndlessLabels(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data := put("data.csv", "q,r\n1,1\n2,2\n")
	whole := strings.Repeat("x", longestLabel)
	book := put("book.csv", "variable,label,code,code_label\nq,"+strings.Repeat("é", longestLabel)+",1,"+whole+"x\nq,,2,No\nr,"+whole+",1,"+whole+"\n")
	table, err := Open(data, Options{Codebook: book})
	if err != nil {
		t.Fatal(err)
	}
	q, r := table.Lookup("q"), table.Lookup("r")
	if want := strings.Repeat("é", longestLabel/2) + "…"; q.Label != want {
		t.Errorf("the label has %d bytes, want %d", len(q.Label), len(want))
	}
	if q.Codes[0].Label != whole+"…" || q.Codes[1].Label != "No" || r.Label != whole || r.Codes[0].Label != whole {
		t.Errorf("the codes' labels have %d, %d and %d bytes", len(q.Codes[0].Label), len(q.Codes[1].Label), len(r.Codes[0].Label))
	}
	if said := strings.Join(table.Notices.Texts(), "\n"); !strings.Contains(said, "labels of more than 10000 bytes are cut: q") || strings.Contains(said, "cut: q, r") {
		t.Errorf("notices: %s", said)
	}
	_, err = Open(put("name.csv", "q,"+whole+"x\n1,1\n"), Options{})
	if err == nil || !strings.Contains(err.Error(), "the names of columns have more than 10000 bytes: 2") || len(err.Error()) > 500 {
		t.Errorf("an endless name: %.500v", err)
	}
}
