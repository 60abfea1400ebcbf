// Package notify reports to people and programs how a run ended: by e-mail over
// SMTP, or by a signed webhook. Messages contain no answers of respondents; secrets
// come from the environment or a file and never appear in a message, error or log.
package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Channel is one way to send notices. Exactly one of email and webhook is given.
type Channel struct {
	// On are the ends that are reported: done, held, failed. Default held and failed.
	On      []string `yaml:"on,omitempty"`
	Email   *Email   `yaml:"email,omitempty"`
	Webhook *Webhook `yaml:"webhook,omitempty"`
}

// Email is a message over SMTP.
type Email struct {
	// Server is host:port.
	Server string `yaml:"server"`
	// TLS is starttls (the default), implicit, or none, which is allowed only for a
	// server on this machine.
	TLS      string   `yaml:"tls,omitempty"`
	User     string   `yaml:"user,omitempty"`
	Password Secret   `yaml:"password,omitempty"`
	From     string   `yaml:"from"`
	To       []string `yaml:"to"`
	// Attach are files of the run, such as workbook.xlsx.
	Attach []string `yaml:"attach,omitempty"`
	// AttachUpTo is how many megabytes all attachments may have together; those
	// that do not fit are named with their path. Default 10.
	AttachUpTo float64 `yaml:"attach_up_to,omitempty"`
}

// Webhook is a signed POST of JSON.
type Webhook struct {
	URL string `yaml:"url"`
	// Secret signs the body; see Sign.
	Secret Secret `yaml:"secret"`
}

// Secret says where a secret is: in a variable of the environment or in a file.
type Secret struct {
	Env  string `yaml:"env,omitempty"`
	File string `yaml:"file,omitempty"`
}

// Message says how a run ended.
type Message struct {
	// ID is the same whenever the same message is sent again.
	ID    string    `json:"id"`
	Job   string    `json:"job"`
	State string    `json:"state"`
	Due   time.Time `json:"due"`
	Ended time.Time `json:"ended"`
	// Status is the run's exit status, Text one line on how it ended, Folder its path.
	Status int    `json:"status"`
	Text   string `json:"text"`
	Folder string `json:"folder,omitempty"`
}

// ends are the ends of runs that can be reported.
var ends = []string{"done", "held", "failed"}

// Wants reports whether the channel reports runs that end in a state.
func (c Channel) Wants(state string) bool {
	if len(c.On) == 0 {
		return state == "held" || state == "failed"
	}
	return slices.Contains(c.On, state)
}

// Resolve replaces the paths of secrets' files by place of them.
func (c Channel) Resolve(place func(path string) string) {
	if c.Email != nil && c.Email.Password.File != "" {
		c.Email.Password.File = place(c.Email.Password.File)
	}
	if c.Webhook != nil && c.Webhook.Secret.File != "" {
		c.Webhook.Secret.File = place(c.Webhook.Secret.File)
	}
}

// Check says what is wrong with a channel, "" for nothing. Secrets are looked for only
// when they are needed.
func (c Channel) Check() string {
	for _, state := range c.On {
		if !slices.Contains(ends, state) {
			return fmt.Sprintf("on: %q is not done, held or failed", state)
		}
	}
	switch {
	case (c.Email == nil) == (c.Webhook == nil):
		return "give either email or webhook"
	case c.Email != nil:
		return c.Email.check()
	}
	u, err := url.Parse(c.Webhook.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return "url: is not an https address (http only for this machine)"
	}
	return c.Webhook.Secret.check("secret")
}

func (e *Email) check() string {
	host, _, err := net.SplitHostPort(e.Server)
	if err != nil || host == "" {
		return fmt.Sprintf("server: %q is not host:port, such as smtp.example.org:587", e.Server)
	}
	switch {
	case e.TLS != "" && e.TLS != "starttls" && e.TLS != "implicit" && e.TLS != "none":
		return fmt.Sprintf("tls: %q is not starttls, implicit or none", e.TLS)
	case e.TLS == "none" && !loopback(host):
		return "tls: none is only for a server on this machine: passwords and reports would be readable on the network"
	case (e.User == "") != (e.Password == Secret{}):
		return "give both user and password, or neither"
	case len(e.To) == 0:
		return "to: is empty: give an address"
	case e.AttachUpTo < 0:
		return "attach_up_to: is negative: give megabytes"
	}
	for _, address := range append([]string{e.From}, e.To...) {
		if _, err := mail.ParseAddress(address); err != nil {
			return fmt.Sprintf("%q is not an address", address)
		}
	}
	if e.User != "" {
		return e.Password.check("password")
	}
	return ""
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s Secret) check(key string) string {
	if (s.Env == "") == (s.File == "") {
		return key + ": must not be written in this file: give {env: NAME} or {file: PATH}"
	}
	return ""
}

// read fetches the secret. The error names its place, never its value.
func (s Secret) read() (string, error) {
	if s.Env != "" {
		if v, ok := os.LookupEnv(s.Env); ok && v != "" {
			return v, nil
		}
		return "", fmt.Errorf("the environment has no %s; set it where the schedule runs", s.Env)
	}
	text, err := os.ReadFile(s.File)
	if err != nil {
		return "", fmt.Errorf("the secret's file %s cannot be read", s.File)
	}
	if v := strings.TrimSpace(string(text)); v != "" {
		return v, nil
	}
	return "", fmt.Errorf("the secret's file %s is empty", s.File)
}

// patience is how long a server has for one message.
const patience = 30 * time.Second

// Send sends the message once. The error contains no secret.
func (c Channel) Send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := errors.New("the channel is empty")
	switch {
	case c.Email != nil:
		err = c.Email.send(ctx, m)
	case c.Webhook != nil:
		err = c.Webhook.send(ctx, m)
	}
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("the server did not answer within %v", patience)
	}
	return err
}

// The headers of a webhook.
const (
	IDHeader        = "Surveykit-Id"
	TimeHeader      = "Surveykit-Time"
	SignatureHeader = "Surveykit-Signature"
)

// Sign is the signature of a webhook, in hexadecimal: HMAC-SHA-256, keyed by the
// secret, of the time header, a full stop and the body. A receiver computes it
// again and refuses old times, so that nothing can be forged or replayed.
func Sign(secret, at string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	io.WriteString(h, at+".")
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

func (w *Webhook) send(ctx context.Context, m Message) error {
	secret, err := w.Secret.read()
	if err != nil {
		return err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address of the webhook is not valid; check url")
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(IDHeader, m.ID)
	r.Header.Set(TimeHeader, at)
	r.Header.Set(SignatureHeader, Sign(secret, at, body))
	answer, err := client.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the address, whose path may be a secret
		}
		return fmt.Errorf("the webhook's server cannot be reached: %w", err)
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the webhook's server answered %s", answer.Status)
	}
	return nil
}

// client does not follow redirects: the message is only for the given address.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
