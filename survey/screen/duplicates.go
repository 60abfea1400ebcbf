package screen

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// Duplicates counts rows whose answers are all the same as another row's.
type Duplicates struct {
	// Columns were compared, in the Rows that have at least ten answers.
	Columns int `json:"columns"`
	Rows    int `json:"rows"`
	// Identical counts the rows that are equal to another row, Groups the groups of
	// equal rows, Largest the rows of the largest group; Share is Identical/Rows, which
	// does not exist without rows.
	Identical int           `json:"identical"`
	Groups    int           `json:"groups"`
	Largest   int           `json:"largest"`
	Share     survey.Figure `json:"share"`
	// RowNumbers are the rows of each group.
	RowNumbers [][]int `json:"row_numbers,omitempty"`
}

// leastAnswers is how many answers a row must have to be compared.
const leastAnswers = 10

// notAnswers are names of what the fieldwork records, not the respondent.
var notAnswers = pattern.Lazy(`(?i)(^|[^a-z])(id|uuid|serial|token|record|case|stratum|strata|psu|cluster)([^a-z]|$)|caseid|respid|weight|wgt|duration|timestamp`)

// isRecorded reports whether a name is among notAnswers; one of many words is a question's
// wording.
func isRecorded(name string) bool {
	const mostWords = 3
	return len(strings.Fields(name)) <= mostWords && notAnswers().MatchString(name)
}

// FindDuplicates compares all rows over the columns that have answers: not those
// in except, not dates and times, not columns that are different in every row, and
// not those that are named as numbers of cases, weights or durations.
// Source: exact duplicates as in Kuriakose & Robbins 2016, Statistical Journal
// of the IAOS 32(3), whose near duplicates are not looked for.
func FindDuplicates(t *survey.Table, except []string) Duplicates {
	var columns []*survey.Variable
	for _, v := range t.Variables {
		if (v.Kind == survey.Number || v.Kind == survey.Text) && !slices.Contains(except, v.Name) && !isRecorded(v.Name) && !allDiffer(v) {
			columns = append(columns, v)
		}
	}
	d := Duplicates{Columns: len(columns)}
	hash, enough := make([]uint64, t.Rows), make([]bool, t.Rows) // of each row; enough answers
	answers := make([]int, t.Rows)
	for _, v := range columns {
		for i, h := range hash {
			bits, ok := content(v, i)
			if ok {
				answers[i]++
			}
			h = (h ^ bits) * 0x9E3779B97F4A7C15
			hash[i] = h ^ h>>32
		}
	}
	for i, n := range answers {
		enough[i] = n >= leastAnswers
	}
	for i := range hash {
		if enough[i] {
			d.Rows++
		}
	}
	for _, g := range twins(columns, hash, enough) {
		d.Groups++
		d.Identical += len(g)
		d.Largest = max(d.Largest, len(g))
		d.RowNumbers = append(d.RowNumbers, g)
	}
	if d.Rows > 0 {
		d.Share = survey.FigureOf(float64(d.Identical) / float64(d.Rows))
	}
	return d
}

// allDiffer reports whether no value occurs twice.
func allDiffer(v *survey.Variable) bool {
	if v.IsText() {
		seen := make([]bool, len(v.Texts.Values))
		for _, k := range v.Texts.Index.All() {
			if k >= 0 && seen[k] {
				return false
			}
			if k >= 0 {
				seen[k] = true
			}
		}
		return true
	}
	seen := map[float64]bool{}
	for _, x := range v.Numbers.All() {
		if seen[x] {
			return false
		}
		if !math.IsNaN(x) {
			seen[x] = true
		}
	}
	return true
}

// content is a number for each value of a column; ok is false without one.
func content(v *survey.Variable, row int) (bits uint64, ok bool) {
	if v.IsText() {
		k := v.Texts.Index.At(row)
		return uint64(k), k >= 0
	}
	x := v.Numbers.At(row) + 0 // -0 becomes 0
	return math.Float64bits(x), !math.IsNaN(x)
}

// twins are the groups of rows that are equal, in order of their first row.
func twins(columns []*survey.Variable, hash []uint64, enough []bool) [][]int {
	var rows []int
	for i := range hash {
		if enough[i] {
			rows = append(rows, i)
		}
	}
	slices.SortFunc(rows, func(a, b int) int {
		return cmp.Or(cmp.Compare(hash[a], hash[b]), a-b)
	})
	var groups [][]int
	for from := 0; from < len(rows); {
		to := from + 1
		group := []int{rows[from] + 1}
		for ; to < len(rows) && hash[rows[to]] == hash[rows[from]]; to++ {
			if equal(columns, rows[from], rows[to]) {
				group = append(group, rows[to]+1)
			}
		}
		if len(group) > 1 {
			groups = append(groups, group)
		}
		from = to
	}
	slices.SortFunc(groups, func(a, b []int) int { return a[0] - b[0] })
	return groups
}

func equal(columns []*survey.Variable, a, b int) bool {
	for _, v := range columns {
		x, okX := content(v, a)
		y, okY := content(v, b)
		if okX != okY || okX && x != y {
			return false
		}
	}
	return true
}

// fieldworkName are names, which may end with a wave's number, fieldworkLabel short
// labels, of what the fieldwork records besides what notAnswers lists.
var (
	fieldworkName  = pattern.Lazy(`(?i)^(sample|samp|lang|language|quota|useragent|finished|interviewer|intdate|int_date|startdate|enddate|recordeddate|latitude|longitude|ipaddress|(interview|survey)_?(mode|language|form|version|date)|device_?type|form)(_w[0-9]+)?$`)
	fieldworkLabel = pattern.Lazy(`(?i)^([a-z]{0,3}[0-9]*[a-z]?[.:] *)?(sample (source|type|frame)|type of sample|(date|time|start|end|length|mode|language) of (the )?(survey|interview)|(interview|survey) (date|time|length|mode|language)|interviewer|respondent (id|number)|duration|timestamp)\b.{0,20}$`)
)

// Fieldwork reports whether a variable was recorded by the fieldwork and is not an
// answer: a date or a time, the number of a case, a weight, a duration, the place or
// mode of the interview. It uses the kind, the name and the label.
func Fieldwork(v *survey.Variable) bool {
	if v.Kind == survey.Date || v.Kind == survey.DateTime || v.Kind == survey.TimeOfDay {
		return true
	}
	return isRecorded(v.Name) || fieldworkName().MatchString(v.Name) || fieldworkLabel().MatchString(v.Label) ||
		len(v.Codes) == 0 && (durationName().MatchString(v.Name) || len(v.Label) <= 40 && durationName().MatchString(v.Label))
}
