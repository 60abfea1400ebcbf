// Package html writes a book as one self-contained web page: it needs no network, no
// other file, and no script to be read. It follows the reader's light or dark setting,
// prints, and fits a phone.
//
// The page is page.tmpl filled with the values of view.go; page.css is its
// look and page.js adds searching and sorting. The same book gives the same
// bytes.
package html

import (
	"bufio"
	_ "embed"
	"html/template"
	"io"

	"surveykit/survey"
)

var (
	//go:embed page.tmpl
	layout string
	//go:embed page.css
	style template.CSS
	//go:embed page.js
	script template.JS
)

var page = template.Must(template.New("page").Parse(layout))

// Write writes the book as an HTML page: findings, a section for each table with
// its chart, then design, methods, precision, disclosure and sources. Everything
// from the book is escaped. The error of a chart that cannot be drawn names
// its table; nothing is written then.
func Write(w io.Writer, b *survey.Book) error {
	v, err := newView(b)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if err := page.Execute(out, v); err != nil {
		return err
	}
	return out.Flush()
}
