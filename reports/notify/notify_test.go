package notify

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const password = "correct-horse-battery"

// login is how AUTH PLAIN sends the password.
var login = base64.StdEncoding.EncodeToString([]byte("\x00bot\x00" + password))

var message = Message{
	ID: "tracker-0123", Job: "tracker", State: "held", Status: 4,
	Due: time.Date(2026, 5, 1, 6, 0, 0, 0, time.UTC), Ended: time.Date(2026, 5, 1, 6, 0, 9, 0, time.UTC),
	Text: "trust moved by +6.0 pts, more than 5 points; 3 of 200 figures moved beyond chance",
}

// server is a mail server of a few lines: it speaks SMTP as far as a client
// that sends one message needs.
type server struct {
	net.Listener
	mu       sync.Mutex
	received []string
	logins   []string
	// hang makes it say nothing, refuse makes it turn recipients away.
	// echo makes it refuse a login and say what it was.
	hang, refuse, echo bool
}

func serve(t *testing.T, s *server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Listener = l
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return l.Addr().String()
}

func (s *server) talk(c net.Conn) {
	defer c.Close()
	if s.hang {
		io.Copy(io.Discard, c)
		return
	}
	in := bufio.NewReader(c)
	say := func(text string) { fmt.Fprintf(c, "%s\r\n", text) }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		switch verb {
		case "EHLO":
			say("250-test")
			say("250 AUTH PLAIN")
		case "AUTH":
			s.mu.Lock()
			s.logins = append(s.logins, strings.TrimSpace(line))
			s.mu.Unlock()
			if s.echo {
				say("535 " + password + " is wrong: " + strings.TrimSpace(line))
				continue
			}
			say("235 ok")
		case "RCPT":
			if s.refuse {
				say("550 nobody here")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			s.take(in)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *server) take(in *bufio.Reader) {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		text.WriteString(line)
	}
	s.mu.Lock()
	s.received = append(s.received, text.String())
	s.mu.Unlock()
}

func email(server string) *Email {
	return &Email{Server: server, TLS: "none", From: "surveykit@example.org", To: []string{"ana@example.org"}}
}

func TestEmail(t *testing.T) {
	folder := t.TempDir()
	for name, size := range map[string]int{"changes.html": 100, "workbook.xlsx": 3 << 20} {
		if err := os.WriteFile(filepath.Join(folder, name), make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("MAIL_PASSWORD", password)
	s := &server{}
	e := email(serve(t, s))
	e.User, e.Password = "bot", Secret{Env: "MAIL_PASSWORD"}
	e.Attach, e.AttachUpTo = []string{"changes.html", "workbook.xlsx", "../outside", "none.pdf"}, 1
	m := message
	m.Folder = folder
	if err := (Channel{Email: e}).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if len(s.received) != 1 || len(s.logins) != 1 {
		t.Fatalf("%d messages, %d logins", len(s.received), len(s.logins))
	}
	got := strings.ReplaceAll(s.received[0], "=\r\n", "")
	for _, want := range []string{
		"Subject: surveykit: tracker held (2026-05-01 06:00 UTC)", "Message-ID: <tracker-0123@surveykit>", "To: <ana@example.org>",
		"trust moved by +6.0 pts, more than 5 points\r\n3 of 200 figures", `filename="changes.html"`,
		"Not attached: workbook.xlsx (3.0 MB", "Not attached: ../outside (the run has no such file)", "Not attached: none.pdf",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the message has no %q:\n%s", want, got[:min(len(got), 3000)])
		}
	}
	if strings.Contains(got, `filename="workbook.xlsx"`) || strings.Contains(got, password) {
		t.Error("the message holds a file that is too large, or the password")
	}
}

func TestEmailFails(t *testing.T) {
	t.Setenv("MAIL_PASSWORD", password)
	refusing := email(serve(t, &server{refuse: true}))
	refusing.User, refusing.Password = "bot", Secret{Env: "MAIL_PASSWORD"}
	plain := &server{}
	noTLS := email(serve(t, plain))
	noTLS.TLS = "starttls"
	noTLS.User, noTLS.Password = "bot", Secret{Env: "MAIL_PASSWORD"}
	closed := email("127.0.0.1:1")
	telling := email(serve(t, &server{echo: true}))
	telling.User, telling.Password = "bot", Secret{Env: "MAIL_PASSWORD"}
	for name, c := range map[string]struct {
		email *Email
		want  string
	}{
		"refused":     {refusing, "did not accept the message"},
		"no starttls": {noTLS, "STARTTLS"},
		"closed":      {closed, "127.0.0.1:1"},
		"telling":     {telling, "did not accept the message"},
	} {
		err := (Channel{Email: c.email}).Send(t.Context(), message)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), password) || strings.Contains(err.Error(), login) {
			t.Errorf("%s: error %v, want one of %q without the password", name, err, c.want)
		}
	}
	if len(plain.received) > 0 || len(plain.logins) > 0 {
		t.Errorf("a server without TLS got %v and %v", plain.logins, plain.received)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := (Channel{Email: email(serve(t, &server{hang: true}))}).Send(ctx, message); err == nil || !strings.Contains(err.Error(), "did not answer") {
		t.Errorf("a server that hangs: %v", err)
	}
	// A scheduler that stops does not wait for it.
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	defer cancel()
	began := time.Now()
	err := (Channel{Email: email(serve(t, &server{hang: true}))}).Send(ctx, message)
	if waited := time.Since(began); err == nil || waited > patience/2 {
		t.Errorf("a stop during a message waited %v: %v", waited, err)
	}
}

func TestWebhook(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got Message
	status := http.StatusNoContent
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if Sign(password, r.Header.Get(TimeHeader), body) != r.Header.Get(SignatureHeader) || r.Header.Get(IDHeader) != message.ID {
			t.Error("the signature or the id does not fit")
		}
		if strings.Contains(string(body)+fmt.Sprint(r.Header), password) {
			t.Error("the secret is sent")
		}
		json.Unmarshal(body, &got)
		w.WriteHeader(status)
	}))
	defer hook.Close()
	c := Channel{Webhook: &Webhook{URL: hook.URL + "/path-that-is-secret", Secret: Secret{File: file}}}
	if err := c.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	if got != message {
		t.Errorf("received %+v", got)
	}
	status = http.StatusFound
	if err := c.Send(t.Context(), message); err == nil || !strings.Contains(err.Error(), "302") {
		t.Errorf("a redirect: %v", err)
	}
	hook.Close()
	if err := c.Send(t.Context(), message); err == nil || strings.Contains(err.Error(), "path-that-is-secret") {
		t.Errorf("a closed server: %v", err)
	}
}

// A server that is in trouble, or sends the message elsewhere: the message
// failed, nobody else got it, and no error tells the address.
func TestWebhookInTrouble(t *testing.T) {
	t.Setenv("HOOK_SECRET", password)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the message went to another host") }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308, 400, 429, 500, 503} {
		hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(status)
		}))
		address := strings.Replace(hook.URL, "://", "://ana:"+password+"@", 1) + "/path-that-is-secret?token=" + password
		err := Channel{Webhook: &Webhook{URL: address, Secret: Secret{Env: "HOOK_SECRET"}}}.Send(t.Context(), message)
		hook.Close()
		if err == nil || !strings.Contains(err.Error(), fmt.Sprint(status)) || strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "path-that") {
			t.Errorf("status %d: error %v", status, err)
		}
	}
}

// The signature as OpenSSL 3.0 makes it: printf '12.{}' | openssl dgst -sha256 -hmac key.
func TestSignature(t *testing.T) {
	if got, want := Sign("key", "12", []byte("{}")), "043e30e1e15664dc97494d18e4110984bcbd2c4e6f3e19de9569dc1ea6d9b03e"; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestSecretsAreElsewhere(t *testing.T) {
	for _, s := range []Secret{{Env: "SURVEYKIT_NO_SUCH"}, {File: "/no/such/file"}} {
		if _, err := s.read(); err == nil {
			t.Errorf("%+v was read", s)
		}
	}
}

func TestCheck(t *testing.T) {
	good := Channel{Email: email("127.0.0.1:25")}
	if why := good.Check(); why != "" {
		t.Errorf("a good channel: %s", why)
	}
	for want, c := range map[string]Channel{
		"either email or webhook":          {},
		"is not done":                      {On: []string{"never"}, Email: email("127.0.0.1:25")},
		"is not host:port":                 {Email: email("example.org")},
		"on this machine":                  {Email: email("example.org:25")},
		"to: is empty":                     {Email: &Email{Server: "localhost:25", From: "a@b.c"}},
		"is not an address":                {Email: &Email{Server: "localhost:25", From: "nobody", To: []string{"a@b.c"}}},
		"give both user and password":      {Email: &Email{Server: "localhost:25", From: "a@b.c", To: []string{"a@b.c"}, User: "x"}},
		"not an https address":             {Webhook: &Webhook{URL: "http://example.org/", Secret: Secret{Env: "X"}}},
		"must not be written in this file": {Webhook: &Webhook{URL: "https://example.org/"}},
	} {
		if why := c.Check(); !strings.Contains(why, want) {
			t.Errorf("%q, want %q", why, want)
		}
	}
}

func TestWants(t *testing.T) {
	if (Channel{}).Wants("done") || !(Channel{}).Wants("failed") || !(Channel{On: []string{"done"}}).Wants("done") {
		t.Error("a channel tells of the wrong ends")
	}
}
