package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// address is a database that a DSN names.
type address struct {
	dialect *Dialect
	dsn     string   // with its secrets; the path of a file
	shown   string   // without
	secrets []string // that no message may have
}

// Is reports whether a text is a DSN, and not the path of a file.
func Is(text string) bool { return dialectOf(text) != nil }

func dialectOf(dsn string) *Dialect {
	scheme, _, found := strings.Cut(dsn, ":")
	for _, d := range dialects() {
		if found && (d.Scheme == scheme || slices.Contains(d.Names, scheme)) {
			return d
		}
	}
	return nil
}

// File is the path of the file that a DSN names; ok is false for one of a server.
func File(dsn string) (path string, ok bool) {
	d := dialectOf(dsn)
	if d == nil || !d.File {
		return "", false
	}
	_, path, _ = strings.Cut(dsn, ":")
	return path, true
}

// WithFile is the DSN of a file with another path.
func WithFile(dsn, path string) string {
	scheme, _, _ := strings.Cut(dsn, ":")
	return scheme + ":" + path
}

// Shown is a DSN without secrets: scheme, user, host and database of a server.
func Shown(dsn string) string {
	if _, file := File(dsn); file {
		return dsn
	}
	scheme, _, _ := strings.Cut(dsn, ":")
	u, err := url.Parse(variable().ReplaceAllString(dsn, "$$$1"))
	if err != nil {
		return scheme + "://…"
	}
	u.RawQuery, u.Fragment = "", ""
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	text, err := url.PathUnescape(u.String())
	if err != nil {
		return scheme + "://…"
	}
	return text
}

// WithoutSecrets is a DSN that can be kept in a file: variables of the environment stay,
// and one takes the place of a password.
func WithoutSecrets(dsn string) string {
	if _, file := File(dsn); file {
		return dsn
	}
	u, err := url.Parse(variable().ReplaceAllString(dsn, "$$$1$$")) // as a URL may have it
	if err != nil {
		return Shown(dsn)
	}
	if password, ok := u.User.Password(); ok && bareVariable().FindString(password) != password {
		u.User = url.UserPassword(u.User.Username(), "$"+variablePrefix+"PASSWORD$")
	}
	parameters := slices.DeleteFunc(strings.Split(u.RawQuery, "&"), func(pair string) bool {
		key, _, _ := strings.Cut(pair, "=")
		return strings.Contains(strings.ToLower(key), "password")
	})
	u.RawQuery = strings.Join(parameters, "&")
	return bareVariable().ReplaceAllString(u.String(), "$${$1}")
}

var bareVariable = pattern.Lazy(`\$(\w+)\$`)

// variable is a variable of the environment in a DSN. Others are not replaced, since the
// DSN may be of somebody else's study and name any server.
var variable = pattern.Lazy(`\$\{(\w*)\}`)

const variablePrefix = "SURVEYKIT_"

// secret is a variable of the environment, or what is in the file that NAME_FILE names.
func secret(name string) (value string, ok bool) {
	if !strings.HasPrefix(name, variablePrefix) {
		return "", false
	}
	if value, ok = os.LookupEnv(name); ok {
		return value, true
	}
	text, err := os.ReadFile(os.Getenv(name + "_FILE"))
	return strings.TrimRight(string(text), "\r\n"), err == nil
}

// parse finds the engine and puts the secrets in. The error is survey.Problems.
func parse(dsn string) (address, error) {
	a := address{dialect: dialectOf(dsn), dsn: dsn, shown: Shown(dsn)}
	fault := func(message, remedy string) error {
		return survey.Problems{{File: a.shown, Message: message, Remedy: remedy}}
	}
	if a.dialect == nil {
		var schemes []string
		for _, d := range dialects() {
			schemes = append(schemes, d.Scheme)
		}
		return a, survey.Problems{{Message: "this is not the address of a database", Remedy: "begin it with one of " + strings.Join(schemes, ", ") + " and a colon"}}
	}
	if a.dialect.File {
		a.dsn, _ = File(dsn)
		return a, nil
	}
	var missing []string
	a.dsn = variable().ReplaceAllStringFunc(dsn, func(found string) string {
		name := found[2 : len(found)-1]
		value, ok := secret(name)
		if !ok {
			missing = append(missing, name)
		}
		a.secrets = append(a.secrets, value)
		return url.PathEscape(value)
	})
	if len(missing) > 0 {
		return a, fault("the environment has no variable "+strings.Join(missing, ", ")+" for a database", "set it, or "+missing[0]+"_FILE to the path of a file that has it; its name begins with "+variablePrefix)
	}
	u, err := url.Parse(a.dsn)
	if err != nil || u.Host == "" {
		return a, fault("the address of the database cannot be read", "write it as "+a.dialect.Scheme+"://USER:PASSWORD@HOST:PORT/DATABASE, with signs of a password as %XX")
	}
	if password, given := u.User.Password(); given {
		a.secrets = append(a.secrets, password, url.QueryEscape(password), url.PathEscape(password))
	}
	return a, nil
}

// connect opens the database.
func (a address) connect(ctx context.Context, for_ use) (*sql.DB, error) {
	db, err := a.dialect.Open(a.dsn, for_)
	if err != nil {
		return nil, a.explained(err)
	}
	if err := a.reach(ctx, db); err != nil {
		return nil, errors.Join(a.explained(err), db.Close())
	}
	return db, nil
}

// reach makes sure that the database answers, and tries again where it may be starting.
func (a address) reach(ctx context.Context, db *sql.DB) error {
	for wait := 200 * time.Millisecond; ; wait *= 2 {
		err := db.PingContext(ctx)
		if err == nil && a.dialect.Check != nil {
			err = a.dialect.Check(ctx, db)
		}
		if err == nil || wait > time.Second || !a.dialect.Failure(err).Again {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// explained is what an error of the driver means: survey.Problems of this database, or a
// *survey.Unreachable.
func (a address) explained(err error) error {
	var problems survey.Problems
	var known *survey.Unreachable
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &problems):
		for k := range problems {
			if problems[k].File == "" {
				problems[k].File = a.shown
			}
		}
		return problems
	}
	f := a.dialect.Failure(err)
	if f.Message == "" {
		f.Message = "the database failed: " + err.Error()
		var timeout net.Error
		if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
			f.Message, f.Remedy = "the database did not answer in time", "try again, or ask it for less"
		}
	}
	for _, secret := range a.secrets {
		if secret != "" {
			f.Message = strings.ReplaceAll(f.Message, secret, "…")
		}
	}
	if f.Fault {
		return survey.Problems{{File: a.shown, Message: f.Message, Remedy: f.Remedy}}
	}
	return &survey.Unreachable{Source: a.shown, Message: f.Message, Remedy: f.Remedy}
}

// changed is the problem of values that are not what they were when the data were opened.
func changed(column string, kind survey.Kind) error {
	return survey.Problems{{Variable: column, Message: fmt.Sprintf("the column has a value that is not a %s", kind), Remedy: "cast it in a query, or say kind text in a codebook; else somebody changed the data: try again"}}
}
