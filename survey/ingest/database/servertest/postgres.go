package servertest

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
)

// Postgres starts servers of PostgreSQL that do not know each other.
func Postgres(t testing.TB, count int) []*Node {
	t.Helper()
	server := program(t, "postgres", "/usr/lib/postgresql/*/bin", "apt-get install postgresql")
	beside := func(name string) string { return filepath.Join(filepath.Dir(server), name) }
	dir, err := os.MkdirTemp("", "postgres") // other users cannot enter t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	write(t, filepath.Join(dir, "password"), Password)
	as := unprivileged(t, dir, filepath.Join(dir, "password"))
	first := filepath.Join(dir, "0")
	run(t, as(beside("initdb"), "-D", first, "--no-sync", "--locale=C", "--encoding=UTF8",
		"-U", User, "--auth=scram-sha-256", "--pwfile="+filepath.Join(dir, "password")))
	nodes := make([]*Node, count)
	free := ports(t, count)
	for k := range nodes {
		data, port := filepath.Join(dir, strconv.Itoa(k)), strconv.Itoa(free[k])
		if k > 0 {
			run(t, as("cp", "-r", first, data))
		}
		// SIGQUIT ends the processes of all connections at once, which outlive a SIGKILL.
		nodes[k] = &Node{Port: free[k], log: data + ".log", signal: "QUIT",
			command: as(server, "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
				"-c", "fsync=off", "-c", "shared_buffers=32MB"),
			ready: []string{beside("pg_isready"), "-q", "-h", "127.0.0.1", "-p", port}}
	}
	start(t, nodes)
	return nodes
}

// PostgresDSN is the address of a node's database.
func PostgresDSN(n *Node) string {
	return (&url.URL{Scheme: "postgres", User: url.UserPassword(User, Password), Host: n.Address(), Path: "/postgres"}).String()
}

// unprivileged gives paths to the user postgres where the test is root's, as whom the
// server refuses to run, and returns what makes a command one of that user.
func unprivileged(t testing.TB, paths ...string) func(command ...string) []string {
	t.Helper()
	if os.Getuid() != 0 {
		return func(command ...string) []string { return command }
	}
	setpriv := program(t, "setpriv", "", "apt-get install util-linux")
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Skip(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	for _, path := range paths {
		if err := os.Chown(path, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	return func(command ...string) []string {
		return append([]string{setpriv, "--reuid=" + u.Uid, "--regid=" + u.Gid, "--clear-groups"}, command...)
	}
}

// run runs a command to its end.
func run(t testing.TB, command []string) {
	t.Helper()
	c := exec.Command(command[0], command[1:]...)
	c.Dir = "/" // where any user may be
	if words, err := c.CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("%s: %w\n%s", command, err, words))
	}
}
