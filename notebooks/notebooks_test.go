// Package notebooks holds executed walk-throughs of surveykit's packages, and
// the tests that keep them true.
package notebooks

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the outputs of the notebooks instead of comparing them")

var names = []string{"first_look.ipynb", "founding_example.ipynb"}

// machinePath is a folder of the machine on which a notebook was executed.
var machinePath = regexp.MustCompile(`/(tmp|root|home|Users|work|usr|var)/[^"\\]*`)

func read(t *testing.T, path string) (*notebook, []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := new(notebook)
	if err := json.Unmarshal(b, n); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return n, b
}

func TestAllNotebooksAreNamed(t *testing.T) {
	found, err := filepath.Glob("*.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(names, found); diff != "" {
		t.Error(diff)
	}
}

func TestNotebooksAreExecuted(t *testing.T) {
	for _, name := range names {
		n, text := read(t, name)
		checkCells(t, name, n)
		if path := machinePath.Find(text); path != nil {
			t.Errorf("%s names %s, a place on one machine", name, path)
		}
	}
}

func checkCells(t *testing.T, name string, n *notebook) {
	t.Helper()
	ids := map[string]bool{}
	for i, c := range n.Cells {
		if c.ID == "" || ids[c.ID] {
			t.Errorf("%s: cell %d has the id %q, which is empty or another's", name, i, c.ID)
		}
		ids[c.ID] = true
		if c.Type == "code" {
			checkOutputs(t, name, i, c)
		}
	}
}

func checkOutputs(t *testing.T, name string, i int, c cell) {
	t.Helper()
	if len(c.Outputs) == 0 {
		t.Errorf("%s: cell %d was not executed, or shows nothing", name, i)
	}
	for _, o := range c.Outputs {
		if o.Type == "error" || o.Name == "stderr" {
			t.Errorf("%s: cell %d failed: %s%s", name, i, o.Error, o.Text)
		}
	}
}

// The file is what normalize would write, so that executing changes nothing else.
func TestNotebooksAreNormal(t *testing.T) {
	for _, name := range names {
		n, text := read(t, name)
		n.normalize()
		want, err := n.bytes()
		if err != nil {
			t.Fatal(err)
		}
		if n.Format != 4 || n.Minor != 5 || !bytes.Equal(text, want) {
			t.Errorf("%s was written by other means than notebooks/run:\n%s", name, cmp.Diff(string(want), string(text)))
		}
	}
}

// Pictures are compared by their kind alone: package chart has tests of its own.
func TestExecutedAgain(t *testing.T) {
	for _, tool := range []string{"jupyter", "gonb", "goimports"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here: notebooks/run brings the Go kernel, and needs Jupyter", tool)
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			want, _ := read(t, name)
			got := execute(t, name)
			checkCells(t, name, got)
			if t.Failed() {
				return
			}
			if *update {
				save(t, name, got)
				return
			}
			if diff := cmp.Diff(want.withoutPictures(), got.withoutPictures()); diff != "" {
				t.Errorf("the outputs are not those committed; notebooks/run writes them anew:\n%s", diff)
			}
		})
	}
}

// executionLimit is far more than an execution takes, the build included.
const executionLimit = 10 * time.Minute

// execute runs a notebook with the Go kernel that is on the path.
func execute(t *testing.T, name string) *notebook {
	t.Helper()
	dir := t.TempDir()
	kernel := filepath.Join(dir, "kernels", "gonb", "kernel.json")
	if err := os.MkdirAll(filepath.Dir(kernel), 0o755); err != nil {
		t.Fatal(err)
	}
	spec := `{"argv": ["gonb", "--kernel", "{connection_file}"], "display_name": "Go (gonb)", "language": "go"}`
	if err := os.WriteFile(kernel, []byte(spec), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), executionLimit)
	defer cancel()
	c := exec.CommandContext(ctx, "jupyter", "nbconvert", "--to", "notebook", "--execute", "--output-dir", dir, name)
	c.Env = append(os.Environ(), "JUPYTER_PATH="+dir, "JUPYTER_RUNTIME_DIR="+dir)
	if message, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, message)
	}
	n, _ := read(t, filepath.Join(dir, name))
	n.normalize()
	return n
}

func save(t *testing.T, name string, n *notebook) {
	t.Helper()
	b, err := n.bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
