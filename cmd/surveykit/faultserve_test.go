package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"surveykit/reports/notify"
	"surveykit/reports/schedule"
)

// told counts the messages that a webhook receives, by their ids.
type told struct {
	mu  sync.Mutex
	ids map[string]int
}

// webhook is a server that takes its time, and the notify entry of a job for it.
func (n *told) webhook(t *testing.T) string {
	n.ids = map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond)
		var m notify.Message
		json.NewDecoder(r.Body).Decode(&m)
		n.mu.Lock()
		defer n.mu.Unlock()
		n.ids[m.ID]++
	}))
	t.Cleanup(server.Close)
	t.Setenv("HOOK_SECRET", "s3cret")
	return fmt.Sprintf("notify: [{on: [done], webhook: {url: %s, secret: {env: HOOK_SECRET}}}]", server.URL)
}

func (n *told) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.ids)
}

var listening = regexp.MustCompile(`"msg":"listening","address":"([^"]+)"`)

// answer asks a serving process.
func (c *child) answer(path string) string {
	at := listening.FindStringSubmatch(c.said())
	if at == nil {
		return ""
	}
	r, err := http.Get("http://" + at[1] + path)
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(r.Body)
	return fmt.Sprint(r.StatusCode, " ", string(text))
}

// Two processes serve one ledger: each run is made once, and each message sent
// once. Both stop in good order; what was under way is due again.
func TestFaultTwoServers(t *testing.T) {
	count := 6
	if *full {
		count = 200
	}
	var n told
	hook := n.webhook(t)
	k := newTracker(t, t.TempDir(), strings.TrimSuffix(nightly, "}")+", "+hook+"}")
	k.enter(0, count)
	servers := []*child{k.start("schedule", "serve", k.path("jobs.yaml"), "--listen", ":0"), k.start("schedule", "serve", k.path("jobs.yaml"), "--listen", "127.0.0.1:0")}
	t.Cleanup(func() {
		for _, s := range servers {
			s.Process.Kill()
		}
	})
	within(t, time.Duration(60+3*count)*time.Second, "all is done and told", func() bool { return n.count() == count })
	for _, s := range servers {
		if got := s.answer("/healthz"); got != "200 ok\n" {
			t.Errorf("health: %s", got)
		}
		if want := fmt.Sprintf("surveykit_runs{job=\"nightly\",state=\"done\"} %d\n", count); !strings.Contains(s.answer("/metrics"), want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	k.allDone("nightly", count)
	begun := servers[0].said() + servers[1].said()
	for key, r := range k.history() {
		if times := strings.Count(begun, `"msg":"begin","job":"nightly","run":"`+key); times != 1 || r.Attempt != 1 {
			t.Errorf("%s was begun %d times in %d attempts", key, times, r.Attempt)
		}
	}
	k.put("wave.csv", wave(400_000)) // so that it is under way
	k.enter(count, 1)
	within(t, 30*time.Second, "the next begins", func() bool {
		return strings.Count(servers[0].said()+servers[1].said(), `"msg":"begin"`) == count+1
	})
	for _, s := range servers {
		k.must(s.Process.Signal(syscall.SIGTERM))
	}
	for _, s := range servers {
		if got := s.status(); got != exitDone {
			t.Errorf("stopped with status %d: %s", got, s.said())
		}
	}
	within(t, 5*time.Second, "children end", func() bool { return len(k.orphans()) == 0 })
	states := map[schedule.State]int{}
	for _, r := range k.history() {
		states[r.State]++
	}
	if states[schedule.Due] != 1 {
		t.Errorf("after the stop: %v, want one run due again", states)
	}
	k.put("wave.csv", wave(200))
	k.runDue(exitDone)
	k.sound()
	k.allDone("nightly", count+1)
	n.mu.Lock()
	defer n.mu.Unlock()
	for id, times := range n.ids {
		if times != 1 {
			t.Errorf("message %s came %d times", id, times)
		}
	}
}

// Interrupted runs end with the status for it and are due again.
func TestFaultInterrupted(t *testing.T) {
	t.Parallel()
	k := newTracker(t, t.TempDir(), nightly)
	k.put("wave.csv", wave(400_000))
	k.enter(0, 1)
	c := k.start("schedule", "run", k.path("jobs.yaml"), "--due")
	within(t, 30*time.Second, "the run begins", func() bool { return strings.Contains(c.said(), `"msg":"begin"`) })
	k.must(c.Process.Signal(syscall.SIGTERM))
	if got := c.status(); got != exitInterrupted {
		t.Errorf("status %d: %s", got, c.said())
	}
	k.put("wave.csv", wave(200))
	k.runDue(exitDone)
	k.allDone("nightly", 1)
}

// Many processes begin at once on a ledger that is not there yet.
func TestFaultFirstLedger(t *testing.T) {
	t.Parallel()
	k := newTracker(t, t.TempDir(), nightly)
	rounds := 3
	if *full {
		rounds = 50
	}
	for range rounds {
		k.must(os.RemoveAll(k.path("out")))
		var all []*child
		for range 6 {
			all = append(all, k.start("schedule", "run", k.path("jobs.yaml"), "--due"))
		}
		for _, c := range all {
			if got := c.status(); got != exitDone {
				t.Errorf("status %d: %s", got, c.said())
			}
		}
		k.intact()
	}
}

// A mail server that says nothing keeps nobody from the report, and the message
// stays in the ledger until it can be sent.
func TestFaultMailHangs(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	called := make(chan net.Conn, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			called <- c
		}
	}()
	mail := fmt.Sprintf("notify: [{on: [done], email: {server: '%s', tls: none, from: a@example.org, to: [b@example.org]}}]", l.Addr())
	k := newTracker(t, t.TempDir(), strings.TrimSuffix(nightly, "}")+", "+mail+"}")
	k.enter(0, 1)
	c := k.start("schedule", "run", k.path("jobs.yaml"), "--due")
	conn := <-called
	defer conn.Close()
	k.allDone("nightly", 1)
	k.sound()
	k.must(c.Process.Signal(syscall.SIGTERM))
	if got := c.status(); got != exitInterrupted {
		t.Errorf("status %d: %s", got, c.said())
	}
	// The next does not wait for the server again within the pause.
	k.enter(1, 1)
	next := k.start("schedule", "run", k.path("jobs.yaml"), "--due")
	defer next.Process.Kill()
	within(t, 20*time.Second, "the next report is there", func() bool {
		return k.history()["nightly@2020-01-01T03:01:00Z"].State == schedule.Done
	})
}
