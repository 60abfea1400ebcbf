package database

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/grouped"
	"surveykit/survey/ingest/database/servertest"
)

// server opens a connection that makes tables for a test.
func server(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	a, err := parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	db, err := a.connect(t.Context(), writing)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(s, err)
		}
	}
}

// typed is a type of an engine, some values, and what they become.
type typed struct{ declared, values, want string }

// types makes a table of each type; create follows its columns.
func types(t *testing.T, dsn, create string, cases []typed) {
	t.Helper()
	for _, c := range cases {
		db := server(t, dsn)
		run(t, db, "DROP TABLE IF EXISTS t", "CREATE TABLE t (v "+c.declared+")"+create)
		for _, v := range strings.Split(c.values, ", ") {
			run(t, db, "INSERT INTO t SELECT "+v)
		}
		db.Close()
		if got := column(read(t, Place{DSN: dsn, Query: "SELECT v FROM t ORDER BY v"}).Variables[0]); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.declared, c.values, got, c.want)
		}
	}
}

// fault opens a place in vain.
func fault(t *testing.T, p Place, unreachable bool, want string) {
	t.Helper()
	s, err := Open(t.Context(), p, Options{})
	if err == nil {
		s.Close()
		t.Fatalf("%s was opened, want %s", p, want)
	}
	failed(t, err, unreachable, want)
}

// failed checks what an error is and says.
func failed(t *testing.T, err error, unreachable bool, want string) {
	t.Helper()
	var u *survey.Unreachable
	var problems survey.Problems
	if err == nil || errors.As(err, &u) != unreachable || errors.As(err, &problems) == unreachable || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if err != nil && strings.Contains(err.Error(), servertest.Password) {
		t.Errorf("the message has the password: %v", err)
	}
}

func TestPostgres(t *testing.T) {
	nodes := servertest.Postgres(t, 1)
	dsn := servertest.PostgresDSN(nodes[0])
	t.Run("types", func(t *testing.T) {
		run(t, server(t, dsn), "CREATE TYPE mood AS ENUM ('sad', 'happy')")
		types(t, dsn, "", []typed{
			{"smallint", "1, -2, NULL", "number -2 1 -"},
			{"bigint", "9007199254740992, -1, 0", "number -1 0 9.007199254740992e+15"},
			{"bigint", "9007199254740993, -1, 0", "text -1 0 9007199254740993"},
			{"numeric", "0.1, 1e20+0.5, 'NaN'", "number 0.1 1e+20 -"},
			{"numeric", "0.1, 9007199254740993", "text 0.1 9007199254740993"},
			{"real", "0.5, 'NaN', 'Infinity'", "number 0.5 +Inf -"},
			{"double precision", "0.1, 1e300, NULL", "number 0.1 1e+300 -"},
			{"boolean", "true, false, NULL", "number 0 1 - 0=false 1=true"},
			{"text", "'b', '', NULL", "text  b -"},
			{"varchar(5)", "'é', 'a'", "text a é"},
			{"char(3)", "'a', 'bc'", "text a bc"},
			{"mood", "'happy', 'sad', NULL", "text sad happy -"},
			{"uuid", "'00000000-0000-0000-0000-00000000000a'", "text 00000000-0000-0000-0000-00000000000a"},
			{"integer[]", "'{1,2}'", "text {1,2}"},
			{"bytea", `'\x61ff'`, `text \x61ff`},
			{"date", "'1970-01-02', '1969-12-31', NULL", "date -1 1 -"},
			{"timestamp", "'1970-01-01 00:00:01.5'", "datetime 1.5"},
			{"timestamptz", "'1970-01-01 00:00:01+02:00'", "datetime -7199"},
			{"time", "'10:00:00.5', '00:00:01'", "time 1 36000.5"},
		})
	})
	t.Run("round trip", func(t *testing.T) {
		roundTrip(t, Place{DSN: dsn, Table: "answers"}, "q", "specified more than once")
		run(t, server(t, dsn), "CREATE SCHEMA waves")
		roundTrip(t, Place{DSN: dsn, Table: "waves.answers"}, "q", "specified more than once")
	})
	t.Run("reading cannot write", func(t *testing.T) {
		a, _ := parse(dsn)
		db, err := a.connect(t.Context(), reading)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		_, err = db.ExecContext(t.Context(), "CREATE TABLE w (a integer)")
		failed(t, a.explained(err), false, "a query only reads")
	})
	t.Run("faults", func(t *testing.T) {
		run(t, server(t, dsn), "CREATE TABLE held (a integer, b text)", "INSERT INTO held VALUES (1, 'x'), (2, 'y')")
		swap := strings.NewReplacer(":pass%3Aword%2F1@", ":wrong@").Replace
		fault(t, Place{DSN: swap(dsn), Table: "held"}, true, `password authentication failed for user "survey"`)
		fault(t, Place{DSN: strings.Replace(dsn, "/postgres", "/other", 1), Table: "held"}, false, `database "other" does not exist; check the name of the database`)
		fault(t, Place{DSN: dsn, Table: "hold"}, false, `there is no table "hold"; did you mean held`)
		fault(t, Place{DSN: dsn, Query: "SELECT c FROM held"}, false, `column "c" does not exist`)
		fault(t, Place{DSN: dsn + "?statement_timeout=200", Query: "SELECT a FROM held, pg_sleep(2)"}, true, "canceling statement due to statement timeout")
	})
	t.Run("changed", func(t *testing.T) {
		db := server(t, dsn)
		run(t, db, "CREATE TABLE changing AS SELECT i AS a, 1.5 AS w FROM generate_series(1, 4) AS i")
		s := opened(t, Place{DSN: dsn, Table: "changing"}, Options{})
		e := grouped.New(s, nil)
		f, err := e.Frame(t.Context(), survey.Design{Weight: "w"})
		if err != nil {
			t.Fatal(err)
		}
		asked := []engine.Query{{Numbers: []engine.Number{engine.Answer{Column: "a"}}}}
		run(t, db, "UPDATE changing SET w = 2 WHERE a = 1")
		_, err = e.Totals(t.Context(), f, asked)
		failed(t, err, true, "table changing: changed while they were read: the weights had another sum before")
		run(t, db, "INSERT INTO changing VALUES (5, 1)")
		_, err = e.Totals(t.Context(), f, asked)
		failed(t, err, true, "changed while they were read: there were 4 rows and are 5 now")
		_, err = s.Table(t.Context())
		failed(t, err, true, "the data changed while they were read: there were 4 rows and are 5 now")
	})
	t.Run("killed", func(t *testing.T) {
		const slow = "SELECT CAST(pg_sleep(60) AS text)"
		end := func(how string) string {
			return "SELECT " + how + "(pid) FROM pg_stat_activity WHERE state = 'active' AND query = '" + slow + "'"
		}
		killed(t, Place{DSN: dsn, Table: "held"}, slow, end("pg_cancel_backend"), "canceling statement due to user request; ask again")
		killed(t, Place{DSN: dsn, Table: "held"}, slow, end("pg_terminate_backend"), "terminating connection due to administrator command; try again once the server runs")
	})
	t.Run("cut", func(t *testing.T) {
		run(t, server(t, dsn), "CREATE TABLE many AS SELECT i AS a, 1.5 AS w FROM generate_series(1, 50000) AS i")
		cut(t, nodes[0], Place{DSN: dsn, Table: "many"})
	})
	t.Run("lost", func(t *testing.T) { lose(t, nodes[0], Place{DSN: dsn, Table: "held"}) })
}

// killed asks a question that takes long, and ends it by another connection.
func killed(t *testing.T, p Place, slow, end, want string) {
	t.Helper()
	s := opened(t, p, Options{})
	answer := make(chan error)
	go func() {
		_, err := again(t.Context(), s, func() (bool, error) {
			return true, s.each(t.Context(), slow, func([]any) error { return nil })
		})
		answer <- err
	}()
	db := server(t, p.DSN)
	for {
		run(t, db, end)
		select {
		case err := <-answer:
			failed(t, err, true, want)
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// cut reads by a server that loses connections in the middle of its answers: once is no
// fault, and each time is one.
func cut(t *testing.T, n *servertest.Node, p Place) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var cuts atomic.Int32 // to come
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", n.Address())
			if err != nil {
				from.Close()
				continue
			}
			go io.Copy(to, from)
			go func() {
				defer from.Close()
				defer to.Close()
				const some = 100_000 // bytes
				if _, err := io.CopyN(from, to, some); err == nil && cuts.Add(-1) < 0 {
					_, _ = io.Copy(from, to)
				}
			}()
		}
	}()
	p.DSN = strings.Replace(p.DSN, n.Address(), l.Addr().String(), 1)
	for times, unreachable := range map[int32]bool{1: false, 9: true} {
		cuts.Store(0)
		s := opened(t, p, Options{})
		cuts.Store(times)
		groups, err := s.Group(t.Context(), grouped.Request{Columns: []string{"a"}, Weights: []grouped.Scaled{{Weight: grouped.Weight{Column: "w"}, Exponent: 10}}})
		if unreachable {
			failed(t, err, true, "the connection to the server was lost")
		} else if err != nil || groups.Table.Rows != s.Rows() {
			t.Errorf("a connection was lost once: %v", err)
		}
	}
}

// lose kills a server between two statements.
func lose(t *testing.T, n *servertest.Node, p Place) {
	t.Helper()
	s := opened(t, p, Options{})
	n.Kill()
	_, err := s.Table(t.Context())
	failed(t, err, true, "")
	fault(t, p, true, "the server cannot be reached")
	n.Start(t)
	if _, err := s.Table(t.Context()); err != nil {
		t.Errorf("after the server has started again: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Table(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestClickHouse(t *testing.T) {
	nodes := servertest.ClickHouse(t)
	dsn := servertest.ClickHouseDSN(nodes[0], servertest.User)
	t.Run("types", func(t *testing.T) {
		types(t, dsn, " ENGINE = Memory", []typed{
			{"UInt8", "1, 0", "number 0 1"},
			{"Nullable(Int32)", "1, -2, NULL", "number -2 1 -"},
			{"Int64", "9007199254740992, -1", "number -1 9.007199254740992e+15"},
			{"Nullable(Int64)", "9007199254740993, NULL, -1", "text -1 9007199254740993 -"},
			{"UInt64", "18446744073709551615, 1", "text 1 18446744073709551615"},
			{"Float32", "0.5, inf", "number 0.5 +Inf"},
			{"Nullable(Float64)", "0.1, 1e300, NULL, nan", "number 0.1 1e+300 - -"},
			{"Decimal(9, 2)", "toDecimal32('0.10',2), toDecimal32('-3',2)", "number -3 0.1"},
			{"String", "'b', ''", "text  b"},
			{"Nullable(String)", "'b', '', NULL", "text  b -"},
			{"FixedString(3)", "'b', 'abc'", "text abc b"},
			{"Enum8('sad' = 1, 'happy' = 2)", "'happy', 'sad'", "text sad happy"},
			{"Array(UInt8)", "[1,2]", "text [1,2]"},
			{"Date", "'1970-01-02', '2000-02-29'", "date 1 11016"},
			{"Nullable(DateTime)", "'1970-01-02 00:00:01', NULL", "datetime 86401 -"},
			{"DateTime('Asia/Tokyo')", "toDateTime('1970-01-02 09:00:00','Asia/Tokyo')", "datetime 86400"},
		})
	})
	t.Run("round trip", func(t *testing.T) {
		roundTrip(t, Place{DSN: dsn, Table: "answers"}, "q", "already exists")
	})
	t.Run("faults", func(t *testing.T) {
		run(t, server(t, dsn), "CREATE TABLE held (a Int32, b String) ENGINE = Memory", "INSERT INTO held SELECT arrayJoin([1, 2]), 'x'")
		of := func(user string) string { return servertest.ClickHouseDSN(nodes[0], user) }
		fault(t, Place{DSN: strings.Replace(dsn, ":pass%3Aword%2F1@", ":wrong@", 1), Table: "held"}, true, "check the user and the password")
		fault(t, Place{DSN: of("nobody"), Table: "held"}, true, "check the user and the password")
		fault(t, Place{DSN: dsn + "x", Table: "held"}, false, "check the name of the database")
		fault(t, Place{DSN: dsn, Table: "hold"}, false, `there is no table "hold"; did you mean held`)
		fault(t, Place{DSN: dsn, Query: "SELECT c FROM held"}, false, "ClickHouse refuses the statement")
		fault(t, Place{DSN: of(servertest.Skips), Table: "held"}, false, "the server has skip_unavailable_shards = 1 for this user")
		fault(t, Place{DSN: of(servertest.Cuts), Table: "held"}, false, "the server has timeout_overflow_mode = break for this user")
		slow := "SELECT a FROM held WHERE sleepEachRow(1) = 0"
		fault(t, Place{DSN: of(servertest.Hasty), Query: slow}, true, "raise the limit for this user")
		if got := read(t, Place{DSN: of(servertest.Reader), Table: "held"}); got.Rows != 2 {
			t.Errorf("a user that may change no setting reads %d rows", got.Rows)
		}
	})
	t.Run("shards", func(t *testing.T) {
		for _, n := range nodes {
			run(t, server(t, servertest.ClickHouseDSN(n, servertest.User)), "CREATE TABLE part (a Int32) ENGINE = MergeTree ORDER BY a", "INSERT INTO part SELECT arrayJoin([1, 2])",
				"CREATE TABLE whole AS part ENGINE = Distributed("+servertest.Cluster+", default, part)")
		}
		whole := Place{DSN: dsn, Table: "whole"}
		s := opened(t, whole, Options{})
		if s.Rows() != 2*servertest.Shards {
			t.Errorf("%d rows on all shards", s.Rows())
		}
		nodes[2].Kill()
		_, err := s.Table(t.Context())
		failed(t, err, true, "a shard does not answer")
		fault(t, whole, true, "a shard does not answer")
		nodes[2].Start(t)
		if got, err := s.Table(t.Context()); err != nil || got.Rows != s.Rows() {
			t.Errorf("after the shard has started again: %v", err)
		}
	})
	t.Run("killed", func(t *testing.T) {
		const slow = "SELECT COUNT(*) FROM system.numbers WHERE number < 0"
		killed(t, Place{DSN: dsn, Table: "held"}, slow, "KILL QUERY WHERE query = '"+slow+"' ASYNC", "ask again")
	})
	t.Run("cut", func(t *testing.T) {
		run(t, server(t, dsn), "CREATE TABLE many ENGINE = Memory AS SELECT number AS a, 1.5 AS w FROM numbers(50000)")
		cut(t, nodes[0], Place{DSN: dsn, Table: "many"})
	})
	t.Run("lost", func(t *testing.T) { lose(t, nodes[0], Place{DSN: dsn, Table: "whole"}) })
}
