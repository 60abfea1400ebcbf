package survey

import (
	"fmt"
	"strconv"
	"strings"

	"surveykit/survey/pattern"
)

// TableSpec asks for one table.
type TableSpec struct {
	// ID names the table in files and links: letters, digits, - and _.
	ID string `yaml:"id" json:"id" jsonschema:"pattern=^[A-Za-z0-9_-]+$"`
	// Title of the table; without it the row variable's label.
	Title string `yaml:"title,omitempty" json:"title,omitempty"`
	// Question is the wording asked.
	Question string `yaml:"question,omitempty" json:"question,omitempty"`
	// Kind lays the table out in a way of its own.
	Kind *TableKind `yaml:"kind,omitempty" json:"kind,omitempty"`
	// Rows of the table.
	Rows []RowSpec `yaml:"rows,omitempty" json:"rows,omitempty" jsonschema:"minItems=1"`
	// Grid, in place of rows, is one table of a group's items (rows) by the categories of their scale (columns).
	Grid *GridSpec `yaml:"grid,omitempty" json:"grid,omitempty"`
	// Analysis, in place of rows, makes the table, under the key of the analysis.
	Analysis Analysis `yaml:"-" json:"-"`
	// Columns are the banner, side by side: variables, sets, nested variables or conditions.
	Columns []ColumnSpec `yaml:"columns,omitempty" json:"columns,omitempty"`
	// Total is false where no column of everybody comes first.
	Total *bool `yaml:"total,omitempty" json:"total,omitempty"`
	// Show lists the figures of every share, each in a block of rows of its own: column percentages where it is absent.
	Show []ShownAs `yaml:"show,omitempty" json:"show,omitempty" jsonschema:"enum=percent,enum=row_percent,enum=total_percent,enum=count,enum=weighted_count,enum=index"`
	// Sort orders the rows of each block by their figures; a plain word is the order.
	Sort *SortSpec `yaml:"sort,omitempty" json:"sort,omitempty"`
	// SmallColumns hides columns under the minimum base, or merges them with a neighbour; without it every column is kept as it is.
	SmallColumns string `yaml:"small_columns,omitempty" json:"small_columns,omitempty" jsonschema:"enum=hide,enum=merge"`
	// Weight is a weight for this table alone, in place of the design's: a name under weights, with what that says of its variance, or a variable, which counts as a sampling weight under the design's strata and PSUs as it is in the data, whatever weighting the study makes.
	Weight string `yaml:"weight,omitempty" json:"weight,omitempty"`
	// Changes are columns that compare two categories of a variable, within everybody and within each other banner column.
	Changes []ChangeSpec `yaml:"changes,omitempty" json:"changes,omitempty"`
	// Trends are columns with the linear trend over three or more waves, within everybody and within each other banner column.
	Trends []TrendSpec `yaml:"trends,omitempty" json:"trends,omitempty"`
	// Cohorts, in place of columns, holds each age group of a later wave against people of that age and against people of those years of birth in an earlier one.
	Cohorts *CohortSpec `yaml:"cohorts,omitempty" json:"cohorts,omitempty"`
	// Tests of this table, where they differ from the study's.
	Tests TestSpec `yaml:"tests,omitempty" json:"tests,omitempty"`
	// Filter keeps rows of respondents for which it holds; a domain, so the design stays whole.
	Filter string `yaml:"filter,omitempty" json:"filter,omitempty"`
	// Base says in words who was asked.
	Base string `yaml:"base,omitempty" json:"base,omitempty"`
	// Notes are printed under the table.
	Notes []string `yaml:"notes,omitempty" json:"notes,omitempty"`
	// Chart asks for a drawing of the table.
	Chart *Chart `yaml:"chart,omitempty" json:"chart,omitempty"`
}

// ColumnSpec asks for columns. A plain name is short for {variable: name}, and
// "a > b" for {nest: [a, b]}.
type ColumnSpec struct {
	// Variable gives a column for each category, or for each answer of a multiple-response set.
	Variable string `yaml:"variable,omitempty" json:"variable,omitempty"`
	// Nest gives a column for each combination of categories, the first variable outermost.
	Nest []string `yaml:"nest,omitempty" json:"nest,omitempty" jsonschema:"minItems=2"`
	// Membership gives a column for each segment of a variable in which every person counts by the probability of belonging to it, as the variables NAME_1, NAME_2 … hold it; bases are expected numbers of people.
	Membership string `yaml:"membership,omitempty" json:"membership,omitempty"`
	// Where gives one column: the rows for which the expression holds. Such columns may overlap.
	Where string `yaml:"where,omitempty" json:"where,omitempty"`
	// Label of the column of where, or of the heading over the columns of a variable.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Group is the heading over neighbouring columns of where.
	Group string `yaml:"group,omitempty" json:"group,omitempty"`
}

// Nested is what comes between the names of nested variables.
const Nested = " > "

// ParseColumn reads the short notation of a column: a name, or names with
// Nested between them.
func ParseColumn(text string) ColumnSpec {
	if parts := strings.Split(text, Nested); len(parts) > 1 {
		return ColumnSpec{Nest: parts}
	}
	return ColumnSpec{Variable: text}
}

// MembershipName is the name of the variable that holds the probability, 0–1,
// that a row belongs to the k-th segment, from 1, of a variable: NAME_k.
func MembershipName(variable string, k int) string { return fmt.Sprintf("%s_%d", variable, k) }

// RowSpec asks for rows of one kind. A plain name is short for {variable: name}.
type RowSpec struct {
	// Variable gives a row for each category of a variable, or for each item of a multiple-response set.
	Variable string `yaml:"variable,omitempty" json:"variable,omitempty"`
	// Nets are added to the categories of the variable; a net over the answers of a set counts the people who chose any of them, each once.
	Nets NetList `yaml:"nets,omitempty" json:"nets,omitempty"`
	// Place puts each net above or below its members, which are indented, and a net inside a wider one; without it nets come after all categories.
	Place string `yaml:"place,omitempty" json:"place,omitempty" jsonschema:"enum=above,enum=below"`
	// Top adds the share in so many of the scale's codes with the highest values.
	Top int `yaml:"top,omitempty" json:"top,omitempty" jsonschema:"minimum=1"`
	// Bottom adds the share in so many of the scale's codes with the lowest values.
	Bottom int `yaml:"bottom,omitempty" json:"bottom,omitempty" jsonschema:"minimum=1"`
	// Categories keeps only these labels or codes of the variable.
	Categories []Value `yaml:"categories,omitempty" json:"categories,omitempty"`
	// Statistics are rows under the categories of the variable or the rows of the summary.
	Statistics []Statistic `yaml:"statistics,omitempty" json:"statistics,omitempty"`
	// Base is who counts in the percentages of a variable or set: valid answers (the default), all who were asked (a row more for each way of giving no answer; of a set, one for all of them; rows that the file leaves empty were not asked unless the variable says empty: asked), or the responses of a set.
	Base string `yaml:"base,omitempty" json:"base,omitempty" jsonschema:"enum=valid,enum=all,enum=responses"`
	// Summary gives only the statistics of a number: mean, median and sd where it lists none.
	Summary string `yaml:"summary,omitempty" json:"summary,omitempty"`
	// Group gives a row for each item of a group: the share of items' answers among values, or the mean of the item.
	Group string `yaml:"group,omitempty" json:"group,omitempty"`
	// Values that a row of a group counts; without them the rows are means.
	Values []Value `yaml:"values,omitempty" json:"values,omitempty"`
	// Correlation makes the rows of a group the items' correlations with this variable.
	Correlation string `yaml:"correlation,omitempty" json:"correlation,omitempty"`
	// Share is an expression: the proportion of rows for which it holds among those where its variables are answered.
	Share string `yaml:"share,omitempty" json:"share,omitempty"`
	// Among narrows the base of a share to the rows for which it holds.
	Among string `yaml:"among,omitempty" json:"among,omitempty"`
	// Gap is the difference of two shares over the rows that answered both.
	Gap *GapSpec `yaml:"gap,omitempty" json:"gap,omitempty"`
	// Mean gives the mean of a variable.
	Mean string `yaml:"mean,omitempty" json:"mean,omitempty"`
	// Total gives the population total of a variable.
	Total string `yaml:"total,omitempty" json:"total,omitempty"`
	// Ratio compares the shares of two expressions.
	Ratio *RatioSpec `yaml:"ratio,omitempty" json:"ratio,omitempty"`
	// Verbatim lists the answers of a text variable that enough respondents gave, most frequent first.
	Verbatim string `yaml:"verbatim,omitempty" json:"verbatim,omitempty"`
	// Limit is the longest list of verbatim answers (default 20).
	Limit int `yaml:"limit,omitempty" json:"limit,omitempty" jsonschema:"minimum=1"`
	// AtLeast so many respondents must have given a verbatim answer for it to be shown (default 5).
	AtLeast int `yaml:"at_least,omitempty" json:"at_least,omitempty" jsonschema:"minimum=3"`
	// By splits a share, gap, mean, total or ratio into a row for each category of a variable.
	By string `yaml:"by,omitempty" json:"by,omitempty"`
	// Label of the row (or of the block of rows).
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Untested keeps the row out of letters and families of tests. A kind of table sets it, not a study.
	Untested bool `yaml:"-" json:"-"`
}

// Statistic names a figure of a number's distribution, one of tabulate.RowStatistics.
type Statistic string

// ShownAs is a figure that a share is shown by.
type ShownAs string

// The figures of a share. Percentages and shares are 0–1; an index is 100
// where the column is as everybody.
const (
	AsPercent       ShownAs = "percent"        // of the column's base
	AsRowPercent    ShownAs = "row_percent"    // of everybody in the row
	AsTotalPercent  ShownAs = "total_percent"  // of everybody
	AsCount         ShownAs = "count"          // respondents
	AsWeightedCount ShownAs = "weighted_count" // people in the population, by the weights
	AsIndex         ShownAs = "index"          // the column's share over everybody's, times 100
)

// GridSpec asks for a table of items by the categories of their scale.
type GridSpec struct {
	// Group of items, all on one scale.
	Group string `yaml:"group" json:"group" jsonschema:"minLength=1"`
	// Nets are columns after the scale's categories.
	Nets NetList `yaml:"nets,omitempty" json:"nets,omitempty"`
	// Top adds the share in so many of the scale's codes with the highest values.
	Top int `yaml:"top,omitempty" json:"top,omitempty" jsonschema:"minimum=1"`
	// Bottom adds the share in so many of the scale's codes with the lowest values.
	Bottom int `yaml:"bottom,omitempty" json:"bottom,omitempty" jsonschema:"minimum=1"`
}

// SortSpec orders rows by their figures in one column.
type SortSpec struct {
	// Order of the rows.
	Order string `yaml:"order,omitempty" json:"order,omitempty" jsonschema:"enum=descending,enum=ascending"`
	// By is the label of the column; the first where it is absent.
	By string `yaml:"by,omitempty" json:"by,omitempty"`
	// Pin are the labels of rows that stay at the end, in this order.
	Pin []string `yaml:"pin,omitempty" json:"pin,omitempty"`
}

// GapSpec is a difference of two shares: share minus minus.
type GapSpec struct {
	// Share is the expression from whose share is taken away.
	Share string `yaml:"share" json:"share"`
	// Minus is the expression whose share is taken away.
	Minus string `yaml:"minus" json:"minus"`
}

// RatioSpec is a relative likelihood: the share of one expression over the share of another.
type RatioSpec struct {
	// Share is the expression above the line.
	Share string `yaml:"share" json:"share"`
	// Over is the expression below the line.
	Over string `yaml:"over" json:"over"`
}

// ChangeSpec compares two categories of a variable, to minus from.
type ChangeSpec struct {
	// Variable whose categories are compared.
	Variable string `yaml:"variable" json:"variable"`
	// From is the label or code that is taken away.
	From Value `yaml:"from" json:"from"`
	// To is the label or code that it is taken from.
	To Value `yaml:"to" json:"to"`
	// Label of the column.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Decompose adds two columns: how much of the change is due to composition and how much to attitude.
	Decompose *DecomposeSpec `yaml:"decompose,omitempty" json:"decompose,omitempty"`
}

// Chart asks for a drawing of a table.
type Chart struct {
	// Kind of drawing; the table's shape decides where it is absent: a whole scale is stacked, waves are lines, all else dots.
	Kind ChartKind `yaml:"kind,omitempty" json:"kind,omitempty"`
	// Title states the finding. {row|column} becomes that cell's figure, so that no figure is ever typed.
	Title string `yaml:"title,omitempty" json:"title,omitempty"`
	// Subtitle gives unit and base; they stand in where it is absent.
	Subtitle string `yaml:"subtitle,omitempty" json:"subtitle,omitempty"`
	// Groups picks blocks of rows; all where absent. A table sets it, not a study.
	Groups []string `yaml:"-" json:"-"`
	// Rows and Columns to draw, by label; all where absent.
	Rows    []string `yaml:"rows,omitempty" json:"rows,omitempty"`
	Columns []string `yaml:"columns,omitempty" json:"columns,omitempty"`
	// SeriesByRow draws one series for each row: colours are rows and the axis lists columns; otherwise colours are columns and the axis lists rows.
	SeriesByRow bool `yaml:"series_by_row,omitempty" json:"series_by_row,omitempty"`
}

// CohortSpec holds each age group of a later wave against two groups of an
// earlier one: people who were as old then, and people born in the same years.
type CohortSpec struct {
	// Age is the variable of the age in years at the interview; fractions of a year are dropped.
	Age string `yaml:"age" json:"age" jsonschema:"minLength=1"`
	// Brackets are the age groups: ["21-24", "25-34", "65+"]. One without a last year takes in everybody older in both waves.
	Brackets []string `yaml:"brackets" json:"brackets" jsonschema:"minItems=1"`
	// Variable of the waves; the design's wave variable where it is absent.
	Variable string `yaml:"variable,omitempty" json:"variable,omitempty"`
	// From is the label or code of the earlier wave.
	From Value `yaml:"from" json:"from"`
	// To is the label or code of the later wave.
	To Value `yaml:"to" json:"to"`
	// Years between the waves; without it they are told from the waves' names, which must then hold a year such as 2008.
	Years int `yaml:"years,omitempty" json:"years,omitempty" jsonschema:"minimum=1,maximum=100"`
}

// Span is the number of years between two waves, given their labels; the
// problem says why there is none.
func (c CohortSpec) Span(from, to string) (years int, problem *Problem) {
	if c.Years > 0 {
		return c.Years, nil
	}
	first, ok := yearIn(from)
	last, too := yearIn(to)
	switch {
	case !ok || !too:
		return 0, &Problem{Value: from + ", " + to, Message: "the names of the waves do not contain their years", Remedy: "give years, the number of years between them"}
	case last <= first:
		return 0, &Problem{Value: from + ", " + to, Message: "a cohort is followed from an earlier wave to a later one", Remedy: fmt.Sprintf("write from: %s, to: %s", to, from)}
	}
	return last - first, nil
}

var year = pattern.Lazy(`\b(19|20)\d\d\b`)

// yearIn is the only year that a wave's name holds.
func yearIn(name string) (int, bool) {
	found := year().FindAllString(name, 2)
	if len(found) != 1 {
		return 0, false
	}
	y, err := strconv.Atoi(found[0])
	return y, err == nil
}

// TestSpec says which columns are compared and how. Where a table leaves
// something out, the study's choice stands.
type TestSpec struct {
	// Level of the two-sided tests that capital letters and filled arrows show: the confidence, 0.95 (the default), or the error rate that remains, 0.05, which means the same.
	Level Level `yaml:"level,omitempty" json:"level,omitempty" jsonschema:"exclusiveMinimum=0,exclusiveMaximum=1"`
	// SecondLevel is a weaker level, shown by lower-case letters and open arrows: 0.9, or 0.1, which means the same; none where absent.
	SecondLevel Level `yaml:"second_level,omitempty" json:"second_level,omitempty" jsonschema:"exclusiveMinimum=0,exclusiveMaximum=1"`
	// Adjust corrects p-values for the number of tests: bh (Benjamini–Hochberg, the default), holm, bonferroni or none.
	Adjust string `yaml:"adjust,omitempty" json:"adjust,omitempty" jsonschema:"enum=bh,enum=holm,enum=bonferroni,enum=none"`
	// Against says what a column is compared with: pairs (the other columns of its group, the default), rest (everybody outside the column), previous (the column before it in its group), none, or the label of a column.
	Against string `yaml:"against,omitempty" json:"against,omitempty"`
	// Mimic repeats another program's tests of shares and means on Kish's effective bases, for reconciling. Quantum holds the effective base against test_base.
	Mimic string `yaml:"mimic,omitempty" json:"mimic,omitempty" jsonschema:"enum=spss,enum=quantum"`
}

// Over is the table's choice with the study's where the table makes none.
func (s TestSpec) Over(study TestSpec) TestSpec {
	study.Level, study.SecondLevel = s.Level.Or(study.Level), s.SecondLevel.Or(study.SecondLevel)
	for _, choice := range []struct{ to, given *string }{
		{&study.Adjust, &s.Adjust}, {&study.Against, &s.Against}, {&study.Mimic, &s.Mimic},
	} {
		if *choice.given != "" {
			*choice.to = *choice.given
		}
	}
	return study
}

// CheckLevels finds levels that are not between 0 and 1, and a second one that
// is not weaker than the first.
func (s TestSpec) CheckLevels() (problems Problems) {
	level, second := s.Level.Or(DefaultLevel), s.SecondLevel
	if p := level.Check("the level of the tests"); p != nil {
		problems = append(problems, *p)
	}
	if second == 0 {
		return problems
	}
	if p := second.Check("the second level of the tests"); p != nil {
		return append(problems, *p)
	}
	if second.Error() <= level.Error() {
		problems = append(problems, Problem{Message: fmt.Sprintf("the second level of the tests, %s, is not lower than the first, %s", second, level),
			Remedy: "give a lower second_level, such as 0.9 with a level of 0.95"})
	}
	return problems
}

// DecomposeSpec splits a change into composition and attitude.
type DecomposeSpec struct {
	// By are the variables whose joint mix is held at that of the earlier side: age_bracket, gender.
	By []string `yaml:"by" json:"by" jsonschema:"minItems=1"`
}

// TrendSpec is the linear trend over three or more categories of a variable.
type TrendSpec struct {
	// Variable of the waves, in the order of its codes.
	Variable string `yaml:"variable" json:"variable" jsonschema:"minLength=1"`
	// Label of the column.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
}
