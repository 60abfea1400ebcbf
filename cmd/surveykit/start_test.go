package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Only the command that is called is made: by its own name.
func TestACommandIsCalledByItsName(t *testing.T) {
	for _, c := range commands() {
		made := newRoot([]string{c.name}).Commands()
		if len(made) != 1 || made[0].Name() != c.name {
			t.Errorf("%s: %d commands are made", c.name, len(made))
		}
	}
	if n := len(newRoot([]string{"help"}).Commands()); n != len(commands()) {
		t.Errorf("%d commands are made for help", n)
	}
}

// Nothing is compiled as the program starts, which all commands would wait for:
// patterns and templates are made when they are first used.
func TestNothingIsCompiledAtTheStart(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl, *ast.FuncLit:
					return false
				case *ast.SelectorExpr:
					if strings.HasPrefix(n.Sel.Name, "Must") {
						t.Errorf("%s: %s: use pattern.Lazy or sync.OnceValue", files.Position(n.Pos()), n.Sel.Name)
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
