// Package servertest starts database servers for tests: three shards of ClickHouse that
// know each other, and nodes of PostgreSQL that do not. They listen on the loopback
// interface, keep their data in the test's temporary folder, and end with the test. Where
// a server is not installed the test is skipped.
package servertest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// What the servers ask of those who log in.
const (
	User     = "survey"
	Password = "pass:word/1" // signs that an address must escape
)

// Shards is the number of servers of ClickHouse.
const Shards = 3

// Node is one server.
type Node struct {
	Port    int
	command []string // runs the server until it is killed
	signal  string   // kills the server with all its processes
	ready   []string // succeeds once the server answers; nil if it does as soon as it listens
	log     string
	process *exec.Cmd
	input   io.Closer // the server ends when it is closed
}

// Address is host and port.
func (n *Node) Address() string { return fmt.Sprintf("127.0.0.1:%d", n.Port) }

// Start starts a server that was killed, and returns when it answers.
func (n *Node) Start(t testing.TB) {
	t.Helper()
	if err := n.start(); err != nil {
		t.Fatal(err)
	}
}

func (n *Node) start() error {
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	// The shell kills the server when the test's process is gone, however that ended.
	n.process = exec.Command("sh", append([]string{"-c", `"$@" & server=$!; read -r end; kill -s $0 $server; wait $server`, n.signal}, n.command...)...)
	n.process.Dir, n.process.Stdout, n.process.Stderr = "/", log, log
	if n.input, err = n.process.StdinPipe(); err != nil {
		return err
	}
	if err := n.process.Start(); err != nil {
		return err
	}
	const patience = 30 * time.Second
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(20 * time.Millisecond) {
		if n.answers() {
			return nil
		}
	}
	words, _ := os.ReadFile(n.log)
	return fmt.Errorf("%s does not answer after %s:\n%s", n.command, patience, words)
}

func (n *Node) answers() bool {
	c, err := net.Dial("tcp", n.Address())
	if err != nil {
		return false
	}
	c.Close()
	return n.ready == nil || exec.Command(n.ready[0], n.ready[1:]...).Run() == nil
}

// Kill ends the server at once, as a machine that fails.
func (n *Node) Kill() {
	if n.process == nil {
		return
	}
	n.input.Close()
	_ = n.process.Wait() // never without an error
	n.process = nil
}

// start starts all nodes, to be killed with the test.
func start(t testing.TB, nodes []*Node) {
	t.Helper()
	errs := make([]error, len(nodes))
	var all sync.WaitGroup
	for k, n := range nodes {
		t.Cleanup(n.Kill)
		all.Go(func() { errs[k] = n.start() })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// ports finds ports that nothing listens on.
func ports(t testing.TB, count int) []int {
	out := make([]int, count)
	for k := range out {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // after all are found, so that they differ
		out[k] = l.Addr().(*net.TCPAddr).Port
	}
	return out
}

// program finds a program in the path or in folders that a pattern names, and skips the
// test where it is not installed.
func program(t testing.TB, name, pattern, remedy string) string {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(pattern, name))
	if path, err := exec.LookPath(name); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		t.Skipf("%s is not installed (%s)", name, remedy)
	}
	return found[0]
}
