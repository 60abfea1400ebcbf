package schedule

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"surveykit/reports/notify"
	"surveykit/survey"
)

// full makes the long forms of tests: go test ./reports/schedule -full -timeout 2h.
var full = flag.Bool("full", false, "run the long forms of tests")

func parse(t testing.TB, text string) *Jobs {
	t.Helper()
	j, err := Parse([]byte(text), filepath.Join(t.TempDir(), "jobs.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func open(t testing.TB, folder string) *Ledger {
	t.Helper()
	l, err := OpenLedger(folder)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// counter is an Attempt that counts how often each key was run.
type counter struct {
	mu   sync.Mutex
	runs map[string]int
	make func(r Run) Outcome
}

func (c *counter) attempt(_ context.Context, _ *Job, r Run) Outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs == nil {
		c.runs = map[string]int{}
	}
	c.runs[r.Key]++
	if c.make != nil {
		return c.make(r)
	}
	return Outcome{State: Done}
}

func scheduler(t testing.TB, jobs *Jobs, l *Ledger, c *clock, n *counter) *Scheduler {
	return &Scheduler{Jobs: jobs, Ledger: l, Attempt: n.attempt, Now: c.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// wall lists the instants of a year at which a minute's clock shows what a job
// asks for, found by looking at every minute: the rule of Cron by brute force
// for a fixed hour and minute.
func wall(z *time.Location, from, to time.Time, hour, minute int) []time.Time {
	var out []time.Time
	day := func(t time.Time) string { return t.In(z).Format(time.DateOnly) }
	for d := from.Add(-24 * time.Hour); d.Before(to); {
		// A calendar day: the first minute at or past the wall time, once.
		today, found := day(d), time.Time{}
		for t := d; day(t) == today; t = t.Add(time.Minute) {
			l := t.In(z)
			if found.IsZero() && (l.Hour() > hour || l.Hour() == hour && l.Minute() >= minute) {
				found = t
			}
			d = t.Add(time.Minute)
		}
		if !found.IsZero() && found.After(from) && !found.After(to) {
			out = append(out, found)
		}
	}
	return out
}

// A simulated year of jobs in three zones: whatever the looks, the restarts and
// the jumps of the clock, each due run happens exactly once.
func TestYear(t *testing.T) {
	jobs, days := 9, 40
	if *full {
		jobs, days = 100, 365
	}
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"}
	rng := rand.New(rand.NewPCG(1, 2))
	text := "surveykit: jobs/1\nfolder: out\njobs:\n"
	type when struct {
		zone         *time.Location
		hour, minute int
	}
	asked := map[string]when{}
	for i := range jobs {
		w := when{zone(t, zones[i%3]), rng.IntN(5), rng.IntN(60)}
		name := fmt.Sprintf("job%d", i)
		asked[name] = w
		text += fmt.Sprintf("- {name: %s, study: s.yaml, schedule: '%d %d * * *', time_zone: %s, missed: catch-up}\n", name, w.minute, w.hour, zones[i%3])
	}
	j := parse(t, text)
	// Both changes of all three zones fall into the year; the short form looks at
	// the weeks around those of autumn, or spring in the south.
	start := at("2026-01-01T12:00:00Z")
	if !*full {
		start = at("2026-09-28T12:00:00Z")
	}
	c, n, folder := &clock{now: start}, &counter{}, memory(t)
	l := open(t, folder)
	for end := start.AddDate(0, 0, days); ; {
		if _, err := scheduler(t, j, l, c, n).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !c.Now().Before(end) {
			break
		}
		switch rng.IntN(40) {
		case 0: // a restart
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			l = open(t, folder)
		case 1: // the clock is set back
			c.set(c.Now().Add(-time.Duration(rng.IntN(7200)) * time.Second))
		case 2: // the machine sleeps
			c.set(c.Now().Add(time.Duration(rng.IntN(72)) * time.Hour))
		}
		c.set(c.Now().Add(time.Duration(1+rng.IntN(180)) * time.Minute))
	}
	for name, w := range asked {
		for _, due := range wall(w.zone, start, c.Now(), w.hour, w.minute) {
			key := name + "@" + due.UTC().Format(time.RFC3339)
			if n.runs[key] != 1 {
				t.Errorf("%s ran %d times", key, n.runs[key])
			}
			delete(n.runs, key)
		}
	}
	for key := range n.runs {
		t.Errorf("%s ran and was not due", key)
	}
	l.Close()
}

// memory is a folder on the machine's memory where there is one: tests of a
// year write tens of thousands of transactions.
func memory(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "ledger")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

const daily = `
surveykit: jobs/1
folder: out
jobs:
- {name: a, study: s.yaml, schedule: '0 3 * * *', missed: %s, retries: 2, backoff: 5m}
`

func TestMissedRuns(t *testing.T) {
	for missed, want := range map[Missed][]State{
		Skip:    {Skipped, Skipped, Done},
		CatchUp: {Done, Done, Done},
	} {
		j := parse(t, fmt.Sprintf(daily, missed))
		c, n, l := &clock{now: at("2026-01-01T02:00:00Z")}, &counter{}, open(t, memory(t))
		s := scheduler(t, j, l, c, n)
		once(t, s)
		c.set(at("2026-01-03T03:30:00Z"))
		once(t, s)
		var got []State
		history, err := l.History(t.Context(), "a", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range slices.Backward(history) {
			got = append(got, r.State)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", missed, got, want)
		}
		l.Close()
	}
}

func once(t testing.TB, s *Scheduler) []Run {
	t.Helper()
	runs, err := s.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// A clock that was a year ahead for a while: nothing that was skipped then is
// lost.
func TestClockWasAhead(t *testing.T) {
	j := parse(t, fmt.Sprintf(daily, Skip))
	c, n, l := &clock{now: at("2026-01-01T02:00:00Z")}, &counter{}, open(t, memory(t))
	defer l.Close()
	s := scheduler(t, j, l, c, n)
	once(t, s)
	c.set(at("2027-01-01T02:00:00Z"))
	once(t, s)
	for day := 1; day <= 5; day++ {
		c.set(time.Date(2026, 1, day, 2, 30, 0, 0, time.UTC))
		once(t, s)
		c.set(time.Date(2026, 1, day, 3, 0, 5, 0, time.UTC))
		once(t, s)
	}
	for day := 1; day <= 5; day++ {
		if key := fmt.Sprintf("a@2026-01-%02dT03:00:00Z", day); n.runs[key] != 1 {
			t.Errorf("%s ran %d times", key, n.runs[key])
		}
	}
}

func TestRetries(t *testing.T) {
	j := parse(t, fmt.Sprintf(daily, CatchUp))
	c, l := &clock{now: at("2026-01-01T02:00:00Z")}, open(t, memory(t))
	defer l.Close()
	n := &counter{make: func(Run) Outcome { return Outcome{State: Failed, Retry: true, Status: 1, Message: "no"} }}
	s := scheduler(t, j, l, c, n)
	told := hooked(t, j)
	once(t, s)
	key := "a@2026-01-01T03:00:00Z"
	// Tries at 3:00, 3:05 and 3:15: the pause doubles.
	for _, look := range []struct {
		at    string
		tries int
	}{{"03:00", 1}, {"03:04", 1}, {"03:05", 2}, {"03:14", 2}, {"03:15", 3}, {"09:00", 3}} {
		c.set(at("2026-01-01T" + look.at + ":00Z"))
		once(t, s)
		if n.runs[key] != look.tries {
			t.Errorf("at %s there were %d tries, want %d", look.at, n.runs[key], look.tries)
		}
	}
	if len(told.got) != 1 || told.got[0].State != "failed" || told.got[0].Text != "no" {
		t.Errorf("told of %v, want one failure", told.got)
	}
	// A fault of the data is not tried again.
	n.make = func(Run) Outcome { return Outcome{State: Failed, Status: 3} }
	c.set(at("2026-01-02T03:00:00Z"))
	if ended := once(t, s); len(ended) != 1 || ended[0].State != Failed || ended[0].Attempt != 1 {
		t.Errorf("ended %v, want one failure at the first try", ended)
	}
}

// Two processes on one ledger: each key is run by one of them.
func TestTwoProcesses(t *testing.T) {
	text := "surveykit: jobs/1\nfolder: out\njobs:\n"
	for i := range 10 {
		text += fmt.Sprintf("- {name: j%d, study: s.yaml, schedule: '*/10 * * * *', missed: catch-up}\n", i)
	}
	j, folder := parse(t, text), memory(t)
	c, n := &clock{now: at("2026-01-01T00:00:00Z")}, &counter{}
	a, b := open(t, folder), open(t, folder)
	defer a.Close()
	defer b.Close()
	once(t, scheduler(t, j, a, c, n))
	for range 20 {
		c.set(c.Now().Add(10 * time.Minute))
		var wg sync.WaitGroup
		for _, l := range []*Ledger{a, b} {
			wg.Go(func() {
				if _, err := scheduler(t, j, l, c, n).Once(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	if len(n.runs) != 200 {
		t.Errorf("%d runs, want 200", len(n.runs))
	}
	for key, times := range n.runs {
		if times != 1 {
			t.Errorf("%s ran %d times", key, times)
		}
	}
}

// A run under way is left alone while its process lives, and taken over once
// that has died.
func TestTakeOver(t *testing.T) {
	j, folder := parse(t, fmt.Sprintf(daily, CatchUp)), memory(t)
	first, second := open(t, folder), open(t, folder)
	defer second.Close()
	now := at("2026-01-01T03:00:00Z")
	if err := first.Add(t.Context(), "a", now, []Run{{Key: "a@x", Job: "a", Due: now, State: Due}}); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := first.Claim(t.Context(), "a", now); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, ok, _ := second.Claim(t.Context(), "a", now.Add(1000*time.Hour)); ok {
		t.Error("a run was taken from a living process")
	}
	first.lock.Unlock() // what the system does when a process dies
	first.db.Close()
	r, ok, err := second.Claim(t.Context(), "a", now)
	if !ok || err != nil || r.Attempt != 2 {
		t.Errorf("claim %v %v %v, want the second attempt", r, ok, err)
	}
	_ = j
}

func TestDeadlineAndStop(t *testing.T) {
	j := parse(t, strings.Replace(fmt.Sprintf(daily, CatchUp), "retries: 2", "deadline: 20ms", 1))
	c, l := &clock{now: at("2026-01-01T02:00:00Z")}, open(t, memory(t))
	defer l.Close()
	s := scheduler(t, j, l, c, &counter{})
	s.Attempt = func(ctx context.Context, _ *Job, _ Run) Outcome {
		<-ctx.Done()
		return Outcome{State: Failed, Message: ctx.Err().Error()}
	}
	once(t, s)
	c.set(at("2026-01-01T03:00:00Z"))
	if ended := once(t, s); len(ended) != 1 || !strings.Contains(ended[0].Message, "not done within 20ms") {
		t.Errorf("ended %v", ended)
	}
	// The scheduler stops in the middle of a run: it is due again.
	c.set(at("2026-01-02T03:00:00Z"))
	ctx, cancel := context.WithCancel(t.Context())
	s.Attempt = func(ctx context.Context, _ *Job, _ Run) Outcome {
		cancel()
		<-ctx.Done()
		return Outcome{State: Failed}
	}
	if _, err := s.Once(ctx); err != nil {
		t.Fatal(err)
	}
	n := &counter{}
	s.Attempt = n.attempt
	once(t, s)
	if n.runs["a@2026-01-02T03:00:00Z"] != 1 {
		t.Errorf("runs after the stop: %v", n.runs)
	}
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	j, err := Parse([]byte(`
surveykit: jobs/1
folder: out
jobs:
- {name: a, study: s.yaml, input: {files: incoming/*.csv, append_to: waves, settle: 30s}}
`), filepath.Join(dir, "jobs.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, "incoming"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "incoming", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, n, l := &clock{now: at("2026-01-01T00:00:00Z")}, &counter{}, open(t, memory(t))
	defer l.Close()
	s := scheduler(t, j, l, c, n)
	want := func(what string, runs int) {
		t.Helper()
		c.set(c.Now().Add(20 * time.Second))
		once(t, s)
		if len(n.runs) != runs {
			t.Fatalf("%s: %d runs, want %d", what, len(n.runs), runs)
		}
	}
	want("no folder", 0)
	put("w1.csv", "a\n1\n")
	put("w9.csv.part", "half")
	put(".hidden.csv", "x")
	want("first look", 0)
	put("w1.csv", "a\n1\n2\n")
	want("it grew", 0)
	want("not settled", 0)
	want("settled", 1)
	if text, _ := os.ReadFile(filepath.Join(dir, "waves", "w1.csv")); string(text) != "a\n1\n2\n" {
		t.Errorf("the history holds %q", text)
	}
	put("copy.csv", "a\n1\n2\n")
	want("a copy", 1)
	want("a copy", 1)
	want("a copy settled, the same content", 1)
	put("w1.csv", "a\n1\n2\n3\n")
	put("w2.csv", "a\n4\n")
	want("replaced and new", 1)
	want("replaced and new", 1)
	want("both in one run", 2)
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "incoming", "link.csv")); err != nil {
		t.Fatal(err)
	}
	want("a link", 2)
	want("a link", 2)
	want("a link is not followed", 2)
	names, _ := filepath.Glob(filepath.Join(dir, "waves", "*"))
	if len(names) != 2 {
		t.Errorf("the history holds %v", names)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"surveykit: jobs/2\nfolder: x\njobs: []":                                                             "write jobs/1",
		"surveykit: jobs/1\njobs: [{name: 'a b', study: s}]":                                                 "has no folder",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: 1 2 3}]":                         "3 fields",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: '@daily', time_zone: Mars}]":     "IANA",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: '@daily', deadline: soon}]":      "not a length of time",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: '@daily', memory: 2}]":           "not an amount of memory",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: '@daily', memory: 10 MB}]":       "write 64 MB or more",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: '@daily', memory: -2 GB}]":       "not an amount of memory",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedul: '@daily'}]":                       "schedul",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: '@daily'}, {name: a, study: s}]": "given twice",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, schedule: '@daily'}, {name: A, study: s}]": "not by capitals alone",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: holders, study: s, schedule: '@daily'}]":                "not the name holders",
		"surveykit: jobs/1\nfolder: x\njobs: [{name: a, study: s, input: {files: '[x'}}]":                    "not a pattern of files",
	} {
		if _, err := Parse([]byte(text), "jobs.yaml"); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "jobs.yaml") {
			t.Errorf("%s\nerror %v, want one of jobs.yaml with %q", text, err, want)
		}
	}
}

// The address of a webhook can be a secret: no problem repeats it.
func TestProblemsKeepSecrets(t *testing.T) {
	text := "surveykit: jobs/1\nfolder: x\njobs:\n- {name: a, study: s, schedule: '@daily', notify: [{webhook: {url: 'http://hooks.example.org/T0P-S3CRET', secret: {env: X}}}]}\n"
	_, err := Parse([]byte(text), "jobs.yaml")
	if err == nil || !strings.Contains(err.Error(), "jobs.yaml:4") || !strings.Contains(err.Error(), "not an https address") || strings.Contains(fmt.Sprintf("%+v", err), "S3CRET") {
		t.Errorf("error %+v", err)
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[survey.Size]int64{
		"": 0, "500 MB": 500_000_000, "2GB": 2_000_000_000, "1.5 GiB": 3 << 29, "64 MiB": 64 << 20, "1 TB": 1_000_000_000_000, "70000 KB": 70_000_000,
	} {
		if got := text.Bytes(); got != want || tooLittle(text) {
			t.Errorf("%q is %d bytes, want %d", text, got, want)
		}
	}
	for _, text := range []survey.Size{"2", "GB", "1e3 MB", "2 gb", "2 PB", " 2 GB", "0 GB", "63.999 MB", "-1 GB", "1,5 GB"} {
		if !tooLittle(text) {
			t.Errorf("%q is taken for %d bytes", text, text.Bytes())
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(daily, Skip)))
	f.Fuzz(func(t *testing.T, text []byte) {
		j, err := Parse(text, "jobs.yaml")
		if err == nil && len(j.Jobs) == 0 {
			t.Error("no job and no error")
		}
	})
}

// hook is a webhook's server, which can be down.
type hook struct {
	mu   sync.Mutex
	down bool
	got  []notify.Message
}

// hooked lets the first job tell a webhook.
func hooked(t *testing.T, j *Jobs) *hook {
	h := &hook{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		var m notify.Message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || h.down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		h.got = append(h.got, m)
	}))
	t.Cleanup(server.Close)
	t.Setenv("HOOK_SECRET", "s3cret")
	j.Jobs[0].Notify = []notify.Channel{{Webhook: &notify.Webhook{URL: server.URL, Secret: notify.Secret{Env: "HOOK_SECRET"}}}}
	return h
}

// A message that cannot be sent waits, over restarts, until it can; it is sent
// once.
func TestMessagesWait(t *testing.T) {
	j, folder := parse(t, fmt.Sprintf(daily, CatchUp)), memory(t)
	h := hooked(t, j)
	h.down = true
	c := &clock{now: at("2026-01-01T02:00:00Z")}
	n := &counter{make: func(Run) Outcome { return Outcome{State: Held, Status: 4, Message: "look"} }}
	l := open(t, folder)
	once(t, scheduler(t, j, l, c, n))
	c.set(at("2026-01-01T03:00:00Z"))
	once(t, scheduler(t, j, l, c, n))
	l.Close()
	l = open(t, folder)
	defer l.Close()
	s := scheduler(t, j, l, c, n)
	h.down = false
	once(t, s)
	if len(h.got) != 0 {
		t.Error("a message was sent again without a pause")
	}
	for range 3 {
		c.set(c.Now().Add(2 * time.Minute))
		once(t, s)
	}
	if len(h.got) != 1 || h.got[0].State != "held" || h.got[0].Text != "look" {
		t.Errorf("told of %+v", h.got)
	}
}

func TestHealthAndMetrics(t *testing.T) {
	j := parse(t, fmt.Sprintf(daily, CatchUp))
	c, l := &clock{now: at("2026-01-01T02:00:00Z")}, open(t, memory(t))
	s := scheduler(t, j, l, c, &counter{})
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		text, _ := io.ReadAll(r.Body)
		return r.StatusCode, string(text)
	}
	if status, _ := get("/healthz"); status != http.StatusServiceUnavailable {
		t.Errorf("health before the first look: %d", status)
	}
	once(t, s)
	c.set(at("2026-01-01T03:00:00Z"))
	once(t, s)
	if status, text := get("/healthz"); status != http.StatusOK {
		t.Errorf("health: %d %s", status, text)
	}
	_, text := get("/metrics")
	for _, want := range []string{"# TYPE surveykit_runs gauge\n", `surveykit_runs{job="a",state="done"} 1`, `surveykit_last_end_seconds{job="a",state="done"} 1.7672364e+09`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	c.set(at("2026-01-01T09:00:00Z"))
	if status, _ := get("/healthz"); status != http.StatusServiceUnavailable {
		t.Errorf("health of a scheduler that stands still: %d", status)
	}
	l.Close()
	if status, _ := get("/metrics"); status != http.StatusServiceUnavailable {
		t.Errorf("metrics without a ledger: %d", status)
	}
}
