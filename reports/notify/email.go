package notify

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

const (
	megabyte       = 1 << 20
	defaultAttachs = 10
)

func (e *Email) send(ctx context.Context, m Message) error {
	password := ""
	if e.User != "" {
		var err error
		if password, err = e.Password.read(); err != nil {
			return err
		}
	}
	client, err := e.client(ctx, password)
	if err != nil {
		return err
	}
	msg := mail.NewMsg()
	if err := msg.From(e.From); err != nil {
		return err
	}
	if err := msg.To(e.To...); err != nil {
		return err
	}
	msg.Subject(strings.Join(strings.Fields(fmt.Sprintf("surveykit: %s %s (%s)", m.Job, m.State, m.Due.Format("2006-01-02 15:04 MST"))), " "))
	msg.SetMessageIDWithValue(m.ID + "@surveykit")
	msg.SetDateWithValue(m.Ended)
	attached, left := e.attachments(m.Folder)
	var b strings.Builder
	fmt.Fprintf(&b, "The run of %s due at %s ended at %s: %s.\n", m.Job, m.Due.Format("2006-01-02 15:04 MST"), m.Ended.Format("2006-01-02 15:04 MST"), m.State)
	if m.Text != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.ReplaceAll(m.Text, "; ", "\n"))
	}
	if m.Folder != "" {
		fmt.Fprintf(&b, "\nThe report is in %s\n", m.Folder)
	}
	for _, name := range left {
		fmt.Fprintf(&b, "Not attached: %s\n", name)
	}
	msg.SetBodyString(mail.TypeTextPlain, b.String())
	for _, file := range attached {
		msg.AttachFile(file)
	}
	// An accepted message is not sent again because the server closed the connection
	// in an unusual way.
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return fmt.Errorf("the mail server %s did not accept the message: %s", e.Server, e.discreet(err, password))
	}
	return nil
}

// discreet is the text of an error without the password, in case the server repeats
// it.
func (e *Email) discreet(err error, password string) string {
	text := err.Error()
	if password == "" {
		return text
	}
	for _, sent := range []string{password, base64.StdEncoding.EncodeToString([]byte(password)), base64.StdEncoding.EncodeToString([]byte("\x00" + e.User + "\x00" + password))} {
		text = strings.ReplaceAll(text, sent, "…")
	}
	return text
}

func (e *Email) client(ctx context.Context, password string) (*mail.Client, error) {
	host, port, err := net.SplitHostPort(e.Server)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	// The library limits each step; the context limits all steps, and ends first.
	left := patience
	if end, ok := ctx.Deadline(); ok {
		left = time.Until(end)
	}
	options := []mail.Option{mail.WithPort(number), mail.WithTimeout(left + time.Second)}
	switch e.TLS {
	case "implicit": // the library's own dialer, which then knows that it may log in
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS), mail.WithDialContextFunc(closedWith(ctx)))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithDialContextFunc(closedWith(ctx)))
	}
	if e.User != "" {
		kind := mail.SMTPAuthAutoDiscover
		if e.TLS == "none" {
			kind = mail.SMTPAuthPlainNoEnc
		}
		options = append(options, mail.WithSMTPAuth(kind), mail.WithUsername(e.User), mail.WithPassword(password))
	}
	return mail.NewClient(host, options...)
}

// closedWith dials connections that are closed when a context ends, because the
// library checks its context only while it dials.
func closedWith(ctx context.Context) mail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		c, err := d.DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { c.Close() })
		return c, nil
	}
}

// attachments are the files that fit; left are the others, with the reason. A name
// outside the run's folder is not attached.
func (e *Email) attachments(folder string) (files, left []string) {
	if folder == "" {
		return nil, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, e.Attach
	}
	defer root.Close()
	limit := e.AttachUpTo
	if limit == 0 {
		limit = defaultAttachs
	}
	room := int64(limit * megabyte)
	for _, name := range e.Attach {
		info, err := root.Stat(name)
		switch {
		case err != nil || !info.Mode().IsRegular():
			left = append(left, name+" (the run has no such file)")
		case info.Size() > room:
			left = append(left, fmt.Sprintf("%s (%.1f MB; see %s)", name, float64(info.Size())/megabyte, filepath.Join(folder, name)))
		default:
			room -= info.Size()
			files = append(files, filepath.Join(folder, name))
		}
	}
	return files, left
}
