package survey

// Rest stands for everybody outside a column where a LetterTest names no other column.
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
