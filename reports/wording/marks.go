package wording

import (
	"surveykit/survey"
)

// Mark is a sign at a figure or in place of one, with what it means. Code is
// the shorthand for it where signs are not read well.
type Mark struct{ Sign, Code, Meaning string }

// The marks of a table's cells.
var (
	// LowBase is behind a figure on a base under the caution limit.
	LowBase = Mark{"†", "[u]", "small base: read with caution"}

	// Suppressed, Confidential and Unreliable are shown in place of figures that are
	// held back, the others in place of figures that do not exist.
	Suppressed   = Mark{"*", "[n]", "base under the minimum: no figure is shown"}
	Confidential = Mark{"‡", "[c]", "hidden for confidentiality"}
	Unreliable   = Mark{"§", "[q]", "too uncertain to be shown under the presentation standard"}
	Nobody       = Mark{"–", "[e]", "nobody is in the base"}
	NoDivisor    = Mark{"÷", "[d]", "there is nothing to divide by"}
	Inapplicable = Mark{"n/a", "[z]", "not applicable"}
	Unavailable  = Mark{"×", "[x]", "not available: the data do not determine it"}

	// FewDF and NoSpread are behind figures without limits, Outside is in place
	// of one limit.
	FewDF    = Mark{"°", "[f]", "no limits: too few degrees of freedom for an interval"}
	RowsDF   = Mark{"ᵈ", "[r]", "no limits: the degrees of freedom of replicate weights need the rows of the data"}
	NoSpread = Mark{"≡", "[s]", "no limits: the sample shows no spread to estimate them from"}
	Outside  = Mark{"…", "[o]", "a limit that lies outside the data"}
)

// AllMarks lists them in the order in which they are explained.
var AllMarks = []Mark{LowBase, Suppressed, Confidential, Unreliable, Nobody, NoDivisor, Inapplicable, Unavailable, FewDF, RowsDF, NoSpread, Outside}

// InPlace is the mark in place of a cell's figure; ok is false where the figure
// is shown. What is confidential says nothing else, not even that its base is
// empty.
func InPlace(c survey.Cell) (m Mark, ok bool) {
	switch {
	case Has(c, survey.FlagConfidential):
		return Confidential, true
	case Has(c, survey.FlagNoRows), c.N == 0 && !c.Value.Exists():
		return Nobody, true
	case Has(c, survey.FlagUnreliable):
		return Unreliable, true
	case Has(c, survey.FlagSuppressed):
		return Suppressed, true
	case c.Value.Exists():
		return Mark{}, false
	case Has(c, survey.FlagZeroDivisor):
		return NoDivisor, true
	case Has(c, survey.FlagNotApplicable):
		return Inapplicable, true
	}
	return Unavailable, true
}

// WithoutLimits is the mark of a figure of a kind of row that lacks a limit or
// both: Outside goes in place of a limit, the others behind the figure. It is
// empty where both limits exist, where the figure is a plain count, and where no
// standard error is estimated.
func WithoutLimits(kind survey.RowKind, c survey.Cell) Mark {
	switch {
	case kind == survey.RowCount, c.Low.Exists() && c.High.Exists():
	case c.Low.Exists() || c.High.Exists():
		return Outside
	case Has(c, survey.FlagDFUnknown):
		return RowsDF
	case Has(c, survey.FlagNoDF), c.DF.Float() <= 0:
		return FewDF
	case Has(c, survey.FlagNoVariance), c.SE.Float() == 0:
		return NoSpread
	case c.Quantile.Exists() && c.DF.Float() > 0:
		return Outside
	}
	return Mark{}
}

// Marks lists the marks that the table's cells carry, in a fixed order.
func Marks(t *survey.Tabulation) []Mark {
	used := map[Mark]bool{}
	for r, row := range t.Cells {
		for _, c := range row {
			if m, ok := InPlace(c); ok {
				used[m] = true
				continue
			}
			used[LowBase] = used[LowBase] || Has(c, survey.FlagLowBase)
			if m := WithoutLimits(t.Rows[r].Kind, c); m.Sign != "" {
				used[m] = true
			}
		}
	}
	var out []Mark
	for _, m := range AllMarks {
		if used[m] {
			out = append(out, m)
		}
	}
	return out
}
