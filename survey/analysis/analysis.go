// Package analysis lists the analyses: everything that computes more than a table
// of rows by columns, each in a package of its own. The study file, its schema, the
// checks and the tables take them from this list and name none. A program that makes a
// study in Go uses their values: survey.TableSpec{ID: "why", Analysis: drivers.Spec{…}}.
package analysis

import (
	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/analysis/turf"
	"surveykit/survey/analysis/westin"
	"surveykit/survey/prepare"
	"surveykit/survey/tabulate"
)

// Table is an analysis that makes a table in place of rows.
type Table interface {
	prepare.Table
	tabulate.Analysis
}

// Models make variables of the respondents, under a key of the study.
var Models = []prepare.Model{segment.Spec{}}

// Recodes make a variable of a recode, under a key of it.
var Recodes = []prepare.Recode{westin.Spec{}}

// Tables make a table, under a key of it.
var Tables = []Table{drivers.Spec{}}

// Kinds are the kinds of table.
var Kinds = []*survey.TableKind{drivers.ImportancePerformance, turf.Reach, segment.Profile, segment.Portraits}
