package survey

import (
	"math"
	"slices"
	"strings"

	"surveykit/survey/pattern"
)

// Tabulation is one finished table: the only thing that renderers see. Rows
// and columns hold labels, cells hold Estimates; nothing is rounded yet.
type Tabulation struct {
	// ID is unique in a book and safe as a file name.
	ID string
	// Kind names the kind of table that the study asks for, "" for an ordinary one.
	Kind string
	// Title states what the table shows, Question the wording asked.
	Title    string
	Question string
	// Base says in words who was asked, Filter the expression that chose them.
	Base   string
	Filter string
	// Columns are the banner's points, left to right; Rows the stub's, top down.
	Columns []Column
	Rows    []Row
	// Cells[r][c] is the cell of row r under column c.
	Cells [][]Cell
	// Comparisons are the tests between columns that the letters rest on.
	Comparisons []LetterTest
	// Legend explains intervals, tests, minimum bases; Notes are this table's own remarks.
	Legend []string
	Notes  []string
	// Rounding counts the decimals that the study wants people to see.
	Rounding Rounding
	// Chart says how the table is drawn; nil where the study asks for none.
	Chart *Chart
}

// Column is one point of a banner.
type Column struct {
	// Group heads neighbouring columns that belong together ("Age"), Label is the point ("18–24").
	Group, Label string
	// Short is the shorter name of a column that has one; see Row.
	Short string
	// Everybody marks the column of all whom the table is about.
	Everybody bool
	// Merged are the labels of the columns that were merged into this one; nil of others.
	Merged []string
	// Kind is RowShare of a column that is an answer of the rows' common scale,
	// RowNet of one that is several answers, Scale the scale's polarity; both are
	// empty of columns that are groups of people.
	Kind  RowKind
	Scale Polarity
	// Letter names the column in tests, "" where it is not tested.
	Letter string
	// Change marks a column that holds differences between two others, in points.
	Change bool
	// Wave marks a point in time: a category of the design's wave variable.
	Wave bool
	// Untold keeps the column out of findings, Battery names the grid or the set
	// that it is a part of; see Row.
	Untold  bool
	Battery string
	// The column's base over respondents with an answer to the table's question;
	// zero in a table whose rows have bases of their own (then see the cells).
	N          int
	NWeighted  float64
	NEffective float64
}

// Named reports whether a study means the column by a name: its label, alone or
// as "group: label", or in the same ways its short name, or the label of a column
// that is merged into it.
func (c Column) Named(name string) bool {
	return named(name, c.Group, c.Label, c.Short) || slices.Contains(c.Merged, name)
}

// RowKind says what a row's figures are, and so how they are formatted.
type RowKind string

// The kinds of row.
const (
	RowShare RowKind = "share" // proportions 0–1, shown as percentages
	RowNet   RowKind = "net"   // a proportion over several categories, shown in bold
	RowMean  RowKind = "mean"  // a mean in the variable's own unit
	RowRatio RowKind = "ratio" // a ratio of two figures, 1 means equal
	RowTotal RowKind = "total" // a population total
	RowCount RowKind = "count" // a count of respondents
	RowIndex RowKind = "index" // an index number, 100 means equal
	RowGap   RowKind = "gap"   // a difference of two proportions, shown in points
)

// Row is one line of a stub.
type Row struct {
	// Group heads neighbouring rows that belong together (a question in a summary table).
	Group, Label string
	// Short is a shorter name of a row that has one: "Top 2 box" of "Top 2 box: Always, Often".
	Short string
	Kind  RowKind
	// Indent counts levels under a net.
	Indent int
	// Untold keeps the row out of findings: what the fieldwork wrote, dates, codes
	// without a label.
	Untold bool
	// Battery names the group of items, the grid or the set that the row's question
	// belongs to, "" where it is alone.
	Battery string
	// Scale is the polarity of the ordered scale that the row is an answer of.
	Scale Polarity
}

// Named reports whether a study means the row by a name: its label, alone or as
// "group: label", or in the same ways its short name.
func (r Row) Named(name string) bool { return named(name, r.Group, r.Label, r.Short) }

func named(name, group, label, short string) bool {
	return name == label || name == group+": "+label || short != "" && (name == short || name == group+": "+short)
}

// Cell is one figure of a table.
type Cell struct {
	Estimate
	// Letters name the columns of its group that the cell differs from.
	Letters string
}

// Shown is the cell's figure, NaN where it is not shown.
func (c Cell) Shown() float64 {
	if slices.Contains(c.Flags, FlagSuppressed) {
		return math.NaN()
	}
	return c.Value.Float()
}

// ChartKind names a drawing; the empty one leaves the choice to the table's shape.
type ChartKind string

// The kinds of chart that code names; ChartKinds lists all.
const (
	ChartDots      ChartKind = "dots"
	ChartBars      ChartKind = "bars"
	ChartStacked   ChartKind = "stacked"
	ChartDiverging ChartKind = "diverging"
	ChartSlope     ChartKind = "slope"
	ChartLine      ChartKind = "line"
	ChartHeat      ChartKind = "heat"
	ChartMultiples ChartKind = "multiples"
	ChartReach     ChartKind = "reach"
	ChartQuadrant  ChartKind = "quadrant"
)

// ChartKinds are the kinds of chart with what each draws. Package chart has how.
var ChartKinds = []struct {
	Kind  ChartKind
	Draws string
}{
	{ChartDots, "dots with their intervals"},
	{ChartBars, "bars with their intervals"},
	{ChartStacked, "bars of parts that make up 100%"},
	{ChartDiverging, "such bars around the middle of a scale"},
	{ChartSlope, "lines between two columns"},
	{ChartLine, "lines over two columns or more, with ribbons"},
	{ChartHeat, "a table of shaded cells"},
	{ChartMultiples, "a panel a series, all on one scale"},
	{ChartReach, "cumulative steps"},
	{ChartQuadrant, "each row by two measures, one a direction"},
	{"waffle", "for each share a field of a hundred squares"},
}

// Book is everything that one run hands to the renderers.
type Book struct {
	Title    string
	Subtitle string
	// Synthetic marks simulated data; every output says so.
	Synthetic bool
	// Design, Precision and Methods are finished sentences for people.
	Design    []string
	Precision []string
	Methods   []string
	// Weighting says how the run made the weights; nil where the data brought them.
	Weighting *WeightingReport
	// Disclosure are the facts of the survey in the order in which they are shown.
	Disclosure []Fact
	Tables     []*Tabulation
	// Warnings were raised on the way.
	Warnings Notices
	// Sources are the data files, StudyFile the study with its hash.
	Sources   []Source
	StudyFile Source
	// Source is the line printed under every chart and table.
	Source string
	// Theme is how charts, workbook, page and slides look.
	Theme Theme
}

// Fact is a labelled statement.
type Fact struct{ Label, Text string }

// Rest means everybody outside a column where a LetterTest names no other column.
const Rest = -1

// LetterTest is the test of one cell against another of its row: what a
// letter rests on.
type LetterTest struct {
	// Row and Column place the cell in its table; Against is the column that it
	// is compared with, or Rest.
	Row, Column, Against int
	// Difference is the cell's figure minus the other's, in the unit of the row
	// (shares 0–1), SE its standard error, T and DF the statistic of a two-sided
	// t test; DF does not exist where the statistic is held against the normal
	// distribution.
	Difference, SE, T, DF Figure
	// P is the two-sided p-value, PAdjusted the one corrected for the family of
	// tests that the table's legend names.
	P, PAdjusted Figure
	// Edge gives the limits of the difference of two shares at or near 0 or 1,
	// whose test has no standard error and no T; nil where the test is another.
	Edge Limits
	// Mimicked is true of a test that repeats another program's on Kish's bases:
	// its standard error is not that of the design.
	Mimicked bool
}

// Limits gives confidence limits for a level, NaN where there are none.
type Limits interface {
	Limits(level float64) (low, high float64)
}

// Placeholder is a figure that a text names in place of writing it: {row|column}.
type Placeholder struct {
	// Text is the placeholder as it is written, with its braces.
	Text string
	// Row and Column are names as Row.Named and Column.Named take them; Column is
	// "" where the braces hold no |.
	Row, Column string
}

var braces = pattern.Lazy(`\{([^{}|]+)(?:\|([^{}|]+))?\}`)

// Placeholders are those of a text, and what is in braces without a column.
func Placeholders(text string) []Placeholder {
	var out []Placeholder
	for _, m := range braces().FindAllStringSubmatch(text, -1) {
		out = append(out, Placeholder{m[0], strings.TrimSpace(m[1]), strings.TrimSpace(m[2])})
	}
	return out
}

// Fill replaces each placeholder with a column by what a function makes of it.
func Fill(text string, figure func(Placeholder) string) string {
	return braces().ReplaceAllStringFunc(text, func(found string) string {
		p := Placeholders(found)[0]
		if p.Column == "" {
			return found
		}
		return figure(p)
	})
}
