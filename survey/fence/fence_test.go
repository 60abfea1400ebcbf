package fence

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey"
)

// tree makes a folder with a study's folder and another one beside it.
func tree(t *testing.T) (top string) {
	t.Helper()
	top = t.TempDir()
	for _, dir := range []string{"study/data", "study2", "else"} {
		if err := os.MkdirAll(filepath.Join(top, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{
		"study/out": "../else", "study/out.csv": "../else/a.csv", "study/in.csv": "data/a.csv", "study/up": "..",
		"study/nowhere": "../else/absent", "study/circle": "circle", "alias": "study", "study/back": "../alias/data",
	} {
		if err := os.Symlink(to, filepath.Join(top, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	for _, name := range []string{"study/data/a.csv", "else/a.csv", "study2/a.csv"} {
		if err := os.WriteFile(filepath.Join(top, name), []byte("a\n1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return top
}

func TestCheck(t *testing.T) {
	top := tree(t)
	allowed := []string{filepath.Join(top, "else")}
	for _, c := range []struct {
		path     string
		alone    bool // may be read
		withElse bool // may be read where the other folder is allowed
		says     string
	}{
		{path: "study/data/a.csv", alone: true, withElse: true},
		{path: "study/data/../data/a.csv", alone: true, withElse: true},
		{path: "study/absent.csv", alone: true, withElse: true},
		{path: "study/absent/absent.csv", alone: true, withElse: true},
		{path: "study/in.csv", alone: true, withElse: true},
		{path: "study/back/a.csv", alone: true, withElse: true},
		{path: "study/..data", alone: true, withElse: true},
		{path: "alias/data/a.csv", alone: true, withElse: true},
		{path: "else/a.csv", withElse: true, says: "outside the folder"},
		{path: "study/../else/a.csv", withElse: true, says: "outside the folder"},
		{path: "study/out/a.csv", withElse: true, says: "outside the folder"},
		{path: "study/out/absent.csv", withElse: true, says: "outside the folder"},
		{path: "study/out.csv", withElse: true, says: "a symbolic link leads out"},
		{path: "study/up/study2/a.csv", says: "outside the folder"},
		{path: "study2/a.csv", says: "outside the folder"},
		{path: "study/nowhere", says: "leads nowhere"},
		{path: "study/nowhere/absent", says: "leads nowhere"},
		{path: "study/circle", says: "leads nowhere"},
	} {
		path := filepath.Join(top, filepath.FromSlash(c.path))
		study := filepath.Join(top, "study", "study.yaml")
		for with, want := range map[bool]bool{false: c.alone, true: c.withElse} {
			f := Around(study, nil)
			if with {
				f = Around(study, allowed)
			}
			err := f.Check(path)
			if (err == nil) != want {
				t.Errorf("%s, else allowed %v: %v", c.path, with, err)
			}
			var p survey.Problem
			if err != nil && (!errors.As(err, &p) || !strings.Contains(p.Message, c.says) || p.Remedy == "") {
				t.Errorf("%s: %v does not say %q", c.path, err, c.says)
			}
		}
	}
}

// What the remedy names is enough.
func TestRemedy(t *testing.T) {
	top := tree(t)
	for _, path := range []string{"else/a.csv", "study/out.csv", "study/out/a.csv", "study2/a.csv"} {
		err := Around(filepath.Join(top, "study", "study.yaml"), nil).Check(filepath.Join(top, path))
		if err == nil {
			t.Fatalf("%s may be read", path)
		}
		_, rest, _ := strings.Cut(err.Error(), "--allow-outside ")
		folder, _, _ := strings.Cut(rest, " (")
		if err := Around(filepath.Join(top, "study", "study.yaml"), []string{folder}).Check(filepath.Join(top, path)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A single file can be allowed; the rest of its folder is not.
func TestOneFile(t *testing.T) {
	top := tree(t)
	f := Around(filepath.Join(top, "study", "study.yaml"), []string{filepath.Join(top, "else", "a.csv")})
	if err := f.Check(filepath.Join(top, "else", "a.csv")); err != nil {
		t.Error(err)
	}
	if f.Check(filepath.Join(top, "else", "b.csv")) == nil || f.Check(filepath.Join(top, "else")) == nil {
		t.Error("what lies beside the allowed file may be read")
	}
	if (Fence{}).Check(filepath.Join(top, "else", "a.csv")) == nil {
		t.Error("nothing around anything lets a file be read")
	}
}

// Paths are seen from the working folder.
func TestRelative(t *testing.T) {
	t.Chdir(filepath.Join(tree(t), "study"))
	f := Around("study.yaml", nil)
	if err := f.Check("data/a.csv"); err != nil {
		t.Error(err)
	}
	if f.Check("../else/a.csv") == nil || f.Check("/etc/passwd") == nil {
		t.Error("a path out of the folder may be read")
	}
}
