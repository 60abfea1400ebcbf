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
	"net/http"
	"net/url"
	"strconv"
	"time"
)

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
		return errors.New("the address of the webhook is wrong")
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

// client follows no redirect: the message is only for the given address.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
