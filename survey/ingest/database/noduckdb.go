//go:build !duckdb

package database

import (
	"database/sql"

	"surveykit/survey"
)

// duckdbEngine says that this program has no DuckDB, which needs cgo.
var duckdbEngine = &Dialect{Scheme: "duckdb", File: true,
	Open: func(string, use) (*sql.DB, error) {
		return nil, survey.Problems{{Message: "this program was built without DuckDB", Remedy: "build it with CGO_ENABLED=1 go build -tags duckdb"}}
	},
}
