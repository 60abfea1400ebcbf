package schedule

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"surveykit/reports/notify"
)

// mailServer hangs until it is told to speak; then it takes messages, and says
// goodbye in the wrong way.
type mailServer struct {
	mu       sync.Mutex
	speaks   bool
	called   int
	received int
	onCall   func()
}

func (s *mailServer) get() (called, received int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.called, s.received
}

// mailed lets the first job tell by mail.
func mailed(t *testing.T, j *Jobs) *mailServer {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &mailServer{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	j.Jobs[0].Notify = []notify.Channel{{On: []string{"done"}, Email: &notify.Email{Server: l.Addr().String(), TLS: "none", From: "a@example.org", To: []string{"b@example.org"}}}}
	return s
}

func (s *mailServer) talk(c net.Conn) {
	defer c.Close()
	s.mu.Lock()
	s.called++
	speaks, onCall := s.speaks, s.onCall
	s.mu.Unlock()
	onCall()
	in := bufio.NewReader(c)
	if !speaks {
		in.ReadString('\n') // until the client gives up
		return
	}
	fmt.Fprint(c, "220 test\r\n")
	for data := false; ; {
		line, err := in.ReadString('\n')
		switch verb := strings.ToUpper(strings.TrimSpace(line)); {
		case err != nil:
			return
		case data && verb != ".":
		case data:
			data = false
			s.mu.Lock()
			s.received++
			s.mu.Unlock()
			fmt.Fprint(c, "250 taken\r\n")
		case verb == "DATA":
			data = true
			fmt.Fprint(c, "354 go on\r\n")
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

// A mail server that hangs: the runs are made first, the server is asked once
// for all its messages, and each comes once when it speaks again.
func TestFaultMailServerHangs(t *testing.T) {
	j := parse(t, fmt.Sprintf(daily, CatchUp))
	s := mailed(t, j)
	c, n, l := &clock{now: at("2026-01-01T02:00:00Z")}, &counter{}, open(t, memory(t))
	defer l.Close()
	once(t, scheduler(t, j, l, c, n))
	c.set(at("2026-01-03T03:00:00Z"))
	n.make = func(Run) Outcome {
		if called, _ := s.get(); called > 0 && len(n.runs) == 1 {
			t.Error("a run waited for a message")
		}
		return Outcome{State: Done}
	}
	// The scheduler stops while the server hangs.
	ctx, cancel := context.WithCancel(t.Context())
	s.mu.Lock()
	s.onCall = cancel
	s.mu.Unlock()
	if _, err := scheduler(t, j, l, c, n).Once(ctx); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	once(t, scheduler(t, j, l, c, n))
	if called, _ := s.get(); len(n.runs) != 3 || called != 1 {
		t.Errorf("%d runs, the server was called %d times", len(n.runs), called)
	}
	s.mu.Lock()
	s.speaks = true
	s.mu.Unlock()
	for range 5 {
		c.set(c.Now().Add(2 * time.Minute))
		once(t, scheduler(t, j, l, c, n))
	}
	if _, received := s.get(); received != 3 {
		t.Errorf("%d messages came, want 3", received)
	}
}

// Two processes find the same message: one of them sends it.
func TestFaultMessageOfTwo(t *testing.T) {
	j, folder := parse(t, fmt.Sprintf(daily, CatchUp)), memory(t)
	h := hooked(t, j)
	c, n := &clock{now: at("2026-01-01T02:00:00Z")}, &counter{make: func(Run) Outcome { return Outcome{State: Held} }}
	first, second := open(t, folder), open(t, folder)
	defer first.Close()
	defer second.Close()
	once(t, scheduler(t, j, first, c, n))
	h.mu.Lock() // the server takes its time
	time.AfterFunc(300*time.Millisecond, h.mu.Unlock)
	c.set(at("2026-01-01T03:00:00Z"))
	var wg sync.WaitGroup
	for _, l := range []*Ledger{first, second} {
		wg.Go(func() {
			for range 10 {
				if _, err := scheduler(t, j, l, c, n).Once(context.Background()); err != nil {
					t.Error(err)
				}
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	wg.Wait()
	if len(h.got) != 1 {
		t.Errorf("the message was sent %d times", len(h.got))
	}
}

// The ledger cannot be written when a run ends: the same process writes the end
// down later, and does not stand still.
func TestFaultEndIsWrittenLater(t *testing.T) {
	j := parse(t, fmt.Sprintf(daily, CatchUp))
	c, l := &clock{now: at("2026-01-01T02:00:00Z")}, open(t, memory(t))
	defer l.Close()
	s := scheduler(t, j, l, c, &counter{})
	once(t, s)
	runs := 0
	readOnly := func(on int) {
		if _, err := l.db.Exec(fmt.Sprintf("PRAGMA query_only = %d", on)); err != nil {
			t.Error(err)
		}
	}
	s.Attempt = func(context.Context, *Job, Run) Outcome {
		if runs++; runs == 1 {
			readOnly(1)
		}
		return Outcome{State: Done}
	}
	c.set(at("2026-01-02T03:00:00Z"))
	if _, err := s.Once(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot be written down") {
		t.Errorf("error %v", err)
	}
	readOnly(0)
	once(t, s)
	history, err := l.History(t.Context(), "a", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range history {
		if r.State != Done || r.Attempt != 1 {
			t.Errorf("%s is %s after %d attempts", r.Key, r.State, r.Attempt)
		}
	}
	if runs != 2 || len(history) != 2 {
		t.Errorf("%d attempts at %d runs", runs, len(history))
	}
}

// Pauses that a clock a year ahead has set do not last a year.
func TestFaultPauseOfAWrongClock(t *testing.T) {
	j := parse(t, fmt.Sprintf(daily, CatchUp))
	h := hooked(t, j)
	h.down = true
	c, n, l := &clock{now: at("2026-12-31T02:00:00Z")}, &counter{}, open(t, memory(t))
	defer l.Close()
	s := scheduler(t, j, l, c, n)
	once(t, s)
	c.set(at("2026-12-31T03:00:00Z"))
	n.make = func(Run) Outcome { return Outcome{State: Held} }
	once(t, s)
	n.make = func(Run) Outcome { return Outcome{State: Failed, Retry: true} }
	c.set(at("2027-01-01T03:00:00Z"))
	once(t, s)
	n.make, h.down = nil, false
	c.set(at("2026-01-01T02:00:00Z"))
	once(t, s)
	if key := "a@2027-01-01T03:00:00Z"; n.runs[key] != 2 {
		t.Errorf("%s was tried %d times, want again", key, n.runs[key])
	}
	if len(h.got) != 1 {
		t.Errorf("%d messages came, want 1", len(h.got))
	}
}

// The locks of processes that were killed are swept; that of a living one stays.
func TestFaultLocksAreSwept(t *testing.T) {
	folder := memory(t)
	living := open(t, folder)
	defer living.Close()
	for range 5 {
		dead := open(t, folder)
		dead.lock.Unlock() // what the system does when a process dies
		dead.db.Close()
	}
	open(t, folder).Close()
	left, err := filepath.Glob(filepath.Join(folder, "holders", "*"))
	if err != nil || len(left) != 1 || left[0] != living.lock.Path() {
		t.Errorf("left are %v, %v", left, err)
	}
}

// A file that cannot be taken over keeps neither other files nor the clock's runs back.
func TestFaultStubbornInput(t *testing.T) {
	dir := t.TempDir()
	j, err := Parse([]byte(`
surveykit: jobs/1
folder: out
jobs:
- {name: a, study: s.yaml, schedule: '0 3 * * *', input: {files: incoming/*.csv, append_to: waves, settle: 1s}}
`), filepath.Join(dir, "jobs.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.csv", "b.csv"} {
		if err := os.MkdirAll(filepath.Join(dir, "incoming"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "incoming", name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "waves", "a.csv"), 0o755); err != nil {
		t.Fatal(err)
	}
	c, n, l := &clock{now: at("2026-01-01T02:59:00Z")}, &counter{}, open(t, memory(t))
	defer l.Close()
	s := scheduler(t, j, l, c, n)
	once(t, s)
	c.set(at("2026-01-01T03:00:00Z"))
	if _, err := s.Once(t.Context()); err == nil || !strings.Contains(err.Error(), "a.csv") {
		t.Errorf("error %v", err)
	}
	if len(n.runs) != 2 {
		t.Errorf("runs %v, want that of the clock and that of b.csv", n.runs)
	}
}

// A run by hand while another process is at work on the job is left to that one.
func TestFaultByHandMeanwhile(t *testing.T) {
	j, folder := parse(t, fmt.Sprintf(daily, CatchUp)), memory(t)
	first, second := open(t, folder), open(t, folder)
	defer first.Close()
	defer second.Close()
	c, n := &clock{now: at("2026-01-01T02:00:00Z")}, &counter{}
	busy := scheduler(t, j, first, c, n)
	var left []Run
	busy.Attempt = func(ctx context.Context, job *Job, r Run) Outcome {
		if len(left) == 0 {
			var err error
			if left, err = scheduler(t, j, second, c, n).Run(ctx, "a"); err != nil {
				t.Error(err)
			}
		}
		return n.attempt(ctx, job, r)
	}
	once(t, busy)
	c.set(at("2026-01-01T03:00:00Z"))
	if ended := once(t, busy); len(ended) != 2 || len(n.runs) != 2 {
		t.Errorf("ended %v, runs %v; want both made by the busy one", ended, n.runs)
	}
	if len(left) != 1 || left[0].State != Due || !strings.Contains(left[0].Message, "another process") {
		t.Errorf("the run by hand: %v", left)
	}
}
