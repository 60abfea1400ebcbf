// Package print turns a web page into a PDF with the Chromium of the machine.
package print

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"surveykit/survey/pattern"
)

// ErrNoBrowser means that no Chromium is installed.
var ErrNoBrowser = errors.New("no Chromium was found: install chromium or google-chrome, or leave out --pdf")

// browsers are the names of Chromium programs.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// PDF prints a self-contained page. The times that Chromium writes into the file are
// replaced, so that the same page gives the same bytes. The error is ErrNoBrowser
// without a Chromium, and else what Chromium printed.
func PDF(ctx context.Context, page []byte) ([]byte, error) {
	browser := ""
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		return nil, ErrNoBrowser
	}
	dir, err := os.MkdirTemp("", "surveykit-print-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, err
	}
	arguments := []string{"--headless", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + out, "file://" + in}
	if os.Geteuid() == 0 {
		arguments = append(arguments, "--no-sandbox") // Chromium refuses root otherwise
	}
	c := exec.CommandContext(ctx, browser, arguments...)
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s could not print the page: %w\n%s", browser, err, said.String())
	}
	made, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("%s printed nothing: %s", browser, said.String())
	}
	return timeless(made), nil
}

var times = pattern.Lazy(`/(CreationDate|ModDate) \(D:\d{14}[^)]*\)`)

// timeless replaces the times in place, because positions in a PDF are in bytes.
func timeless(pdf []byte) []byte {
	return times().ReplaceAllFunc(pdf, func(m []byte) []byte {
		open := bytes.IndexByte(m, '(')
		blank := append([]byte{}, m[:open]...)
		blank = append(blank, []byte("(D:19700101000000Z")...)
		for len(blank) < len(m)-1 {
			blank = append(blank, ' ')
		}
		return append(blank, ')')
	})
}
