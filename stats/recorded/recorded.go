// Package recorded reads the answers of other programs that tests are held to.
package recorded

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Read fills answers from a JSON file in testdata; null in a number leaves it 0.
// The test ends where the file cannot be read.
func Read(t testing.TB, name string, answers any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, answers); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
