package schedule

import (
	"database/sql"
	"encoding/json"
	"net/url"
	"path/filepath"
	"time"
)

// uri is a file's path as SQLite takes it in a connection's name.
type uri struct{ path string }

func (u *uri) String() string {
	return (&url.URL{Path: filepath.ToSlash(u.path)}).EscapedPath()
}

func encode(list []string) (string, error) {
	text, err := json.Marshal(list)
	return string(text), err
}

func decode(text string) (list []string, err error) {
	err = json.Unmarshal([]byte(text), &list)
	return list, err
}

func instant(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

func milli(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}
