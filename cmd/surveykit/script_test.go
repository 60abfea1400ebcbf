package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"surveykit/datasets/reference"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"surveykit": func() { os.Exit(process()) },
	})
}

// TestScripts runs every script of testdata/script: commands with what they
// print, their exit status and the files that they leave.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup:               shareReference,
		Cmds:                map[string]func(ts *testscript.TestScript, neg bool, args []string){"status": exitStatus},
	})
}

// shareReference puts the reference samples where scripts find them.
func shareReference(e *testscript.Env) error {
	for _, name := range []string{"twostage.csv", "lonely.csv"} {
		b, err := reference.File(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(e.WorkDir, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// exitStatus is the script command "status N surveykit …": it runs the command
// and holds it to an exit status.
func exitStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command [args]")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}
