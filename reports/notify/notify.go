// Package notify tells people and programs how a run ended: by e-mail over
// SMTP, or by a signed webhook. Messages hold no answers of respondents; secrets
// come from the environment or a file and are in no message, error or log.
package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Channel is one way to tell. Exactly one of email and webhook is given.
type Channel struct {
	// On are the ends that are told: done, held, failed. Default held and failed.
	On      []string `yaml:"on,omitempty"`
	Email   *Email   `yaml:"email,omitempty"`
	Webhook *Webhook `yaml:"webhook,omitempty"`
}

// Email is a message over SMTP.
type Email struct {
	// Server is host:port.
	Server string `yaml:"server"`
	// TLS is starttls (the default), implicit, or none, which only a server on
	// this machine may have.
	TLS      string   `yaml:"tls,omitempty"`
	User     string   `yaml:"user,omitempty"`
	Password Secret   `yaml:"password,omitempty"`
	From     string   `yaml:"from"`
	To       []string `yaml:"to"`
	// Attach are files of the run, such as workbook.xlsx.
	Attach []string `yaml:"attach,omitempty"`
	// AttachUpTo is how many megabytes all attachments may have together; those
	// that do not fit are named with their place. Default 10.
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

// Message is what is told.
type Message struct {
	// ID is the same whenever the same message is sent again.
	ID    string    `json:"id"`
	Job   string    `json:"job"`
	State string    `json:"state"`
	Due   time.Time `json:"due"`
	Ended time.Time `json:"ended"`
	// Status is the run's exit status, Text one line on how it ended, Folder where
	// it is; Synthetic and the like stand in the report itself.
	Status int    `json:"status"`
	Text   string `json:"text"`
	Folder string `json:"folder,omitempty"`
}

// The ends of runs that can be told.
var ends = []string{"done", "held", "failed"}

// Wants reports whether the channel tells of runs that end in a state.
func (c Channel) Wants(state string) bool {
	if len(c.On) == 0 {
		return state == "held" || state == "failed"
	}
	return slices.Contains(c.On, state)
}

// Resolve turns the paths of secrets' files into those that place says.
func (c Channel) Resolve(place func(path string) string) {
	for _, s := range c.secrets() {
		if s.File != "" {
			s.File = place(s.File)
		}
	}
}

func (c Channel) secrets() []*Secret {
	switch {
	case c.Email != nil:
		return []*Secret{&c.Email.Password}
	case c.Webhook != nil:
		return []*Secret{&c.Webhook.Secret}
	}
	return nil
}

// Check says what is wrong with a channel, "" where nothing is. Whether its
// secrets are there is known only when they are needed.
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
	return c.Webhook.check()
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
		return "tls: none is only for a server on this machine: passwords and reports would be readable on the way"
	case (e.User == "") != (e.Password == Secret{}):
		return "user and password belong together"
	case len(e.To) == 0:
		return "to: names nobody"
	case e.AttachUpTo < 0:
		return "attach_up_to: is under 0"
	}
	for _, address := range append([]string{e.From}, e.To...) {
		if _, err := mail.ParseAddress(address); err != nil {
			return fmt.Sprintf("%q is no address", address)
		}
	}
	if e.User != "" {
		return e.Password.check("password")
	}
	return ""
}

func (w *Webhook) check() string {
	u, err := url.Parse(w.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return "url: is no https address (http only for this machine)"
	}
	return w.Secret.check("secret")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s Secret) check(key string) string {
	if (s.Env == "") == (s.File == "") {
		return key + ": is never written here: say {env: NAME} or {file: PATH}"
	}
	return ""
}

// read fetches the secret. The error names where it should be, never what it is.
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

// Send tells once. The error says what went wrong without any secret.
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
