package survey

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Estimate is one figure with everything needed to judge it. Its shape is
// always the same; a figure that does not exist is NaN and a flag says why.
// Proportions are 0-1.
type Estimate struct {
	// Table is the id of the tabulation that the record is in, "" outside.
	Table string `json:"table,omitempty"`
	// Statistic names what was estimated: mean, total, ratio, proportion …
	Statistic string `json:"statistic"`
	Variable  string `json:"variable"`
	// Denominator is the variable under a ratio, "" for anything else.
	Denominator string `json:"denominator"`
	// Category is the label of the value that a proportion counts, Code its raw value.
	Category string `json:"category"`
	Code     *Value `json:"code"`
	// Group are the domains' labels by variable, GroupCodes their raw values.
	Group      Group `json:"group"`
	GroupCodes Group `json:"group_codes"`
	// Quantile is the probability of a quantile, NaN for anything else.
	Quantile Figure `json:"quantile"`

	Value    Figure `json:"estimate"`
	SE       Figure `json:"se"`
	Low      Figure `json:"ci_low"`
	High     Figure `json:"ci_high"`
	Interval string `json:"ci_method"`
	Level    Figure `json:"level"`
	// DF are the degrees of freedom: PSUs minus strata among the rows behind the record.
	DF Figure `json:"df"`
	// N counts the rows behind the record that have a nonzero weight (for a
	// proportion its base), NWeighted is their sum of weights and NEffective
	// Kish's effective number (Σw)²/Σw².
	N          int    `json:"n"`
	NWeighted  Figure `json:"n_weighted"`
	NEffective Figure `json:"n_effective"`
	// NOther is the larger base of a ratio of two shares whose bases differ; N and
	// the other figures are those of the smaller one. It is 0 for anything else.
	NOther int `json:"n_other,omitempty"`
	// Deff is the design effect, NaN where it was not asked for.
	Deff  Figure   `json:"deff"`
	Flags []string `json:"flags"`
	// LeftOut counts the replicates without anybody behind the figure, which its
	// variance leaves out.
	LeftOut int `json:"replicates_left_out,omitempty"`

	// T and P are the test statistic and two-sided p of a comparison, NaN otherwise.
	T Figure `json:"t"`
	P Figure `json:"p"`
}

// IntervalMean is the interval value ± t·se of means and of all that has no range
// of its own.
const IntervalMean = "mean"

// CountsPeople reports whether a share (0–1) is one of people, whose interval is a
// proportion's, and not one of a variance.
func (e Estimate) CountsPeople() bool { return e.Interval != IntervalMean }

// Flag adds a flag, once.
func (e *Estimate) Flag(flag string) {
	if !slices.Contains(e.Flags, flag) {
		e.Flags = append(e.Flags, flag)
	}
}

// Hidden reports whether a rule hides the figure: its base, its quality or
// confidentiality. Nothing that would give it away is shown or compared.
func (e Estimate) Hidden() bool {
	return slices.ContainsFunc(e.Flags, func(flag string) bool {
		return flag == FlagSuppressed || flag == FlagUnreliable || flag == FlagConfidential
	})
}

// The flags of an Estimate.
const (
	FlagNoDF          = "no_df"               // df ≤ 0: there is no interval
	FlagDFUnknown     = "df_unknown"          // df of replicate weights that do not follow from groups of rows: there is no interval
	FlagNoRows        = "no_rows"             // nobody is in the base
	FlagEdge          = "edge"                // p = 0 or 1: Korn–Graubard limits
	FlagBeyond        = "beyond_range"        // a plain Wald limit lies outside 0–1
	FlagOneCategory   = "one_category"        // all answers are in one category: there is nothing to compare
	FlagOneRow        = "one_row"             // a base of one row
	FlagLowBase       = "low_base"            // base under the caution limit
	FlagSuppressed    = "suppressed"          // base under the minimum: no figure is shown
	FlagUnreliable    = "unreliable"          // with suppressed: hidden by the presentation standard, not for its base
	FlagReview        = "review"              // shown, but somebody should look: few degrees of freedom, or 0% or 100%
	FlagComplement    = "complement"          // shown, but its complement (1 − p) is too uncertain to be
	FlagConfidential  = "confidential"        // hidden, for it or a cell that it would give away rests on few people
	FlagNotApplicable = "not_applicable"      // the column has no meaning for this kind of row
	FlagZeroDivisor   = "zero_divisor"        // the denominator is zero
	FlagNoVariance    = "no_variance"         // the sample shows one value, or every PSU the same total: SE is 0
	FlagConvergence   = "not_converged"       // an iteration stopped before its tolerance
	FlagCircular      = "circular"            // row and column are made of the same answers: differences are no finding
	FlagNotEstimable  = "not_estimable"       // the data do not determine the figure: separation, aliasing, empty cells
	FlagOneSided      = "one_sided_limit"     // the other limit lies outside the data
	FlagEdgeTest      = "edge_test"           // a test for sides at or near 0% or 100%, without SE and t
	FlagNearEdge      = "near_edge"           // a share with fewer than five effective yes or no answers keeps its t test; p_counts is the test by counts
	FlagLeftOut       = "replicates_left_out" // some replicates have nobody behind the figure
)

// Figure is a number that may not exist. The zero Figure does not, so that a record
// that nobody has filled shows nothing and not the number 0. JSON writes null for it.
type Figure struct {
	// inverted are the bits of the number, each turned around: those of the zero Figure
	// are then a NaN.
	inverted uint64
}

// FigureOf is the figure x; of NaN the zero Figure.
func FigureOf(x float64) Figure {
	if math.IsNaN(x) {
		return Figure{}
	}
	return Figure{^math.Float64bits(x)}
}

// Float is the number, NaN where the figure does not exist.
func (f Figure) Float() float64 { return math.Float64frombits(^f.inverted) }

// Exists reports whether the figure is a finite number.
func (f Figure) Exists() bool { return !math.IsNaN(f.Float()) && !math.IsInf(f.Float(), 0) }

// String is the number as fmt prints it.
func (f Figure) String() string { return fmt.Sprint(f.Float()) }

// MarshalJSON writes full precision, or null where the figure does not exist.
func (f Figure) MarshalJSON() ([]byte, error) {
	if !f.Exists() {
		return []byte("null"), nil
	}
	return json.Marshal(f.Float())
}

// UnmarshalJSON reads null as a figure that does not exist.
func (f *Figure) UnmarshalJSON(b []byte) error {
	var x *float64
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	if *f = (Figure{}); x != nil {
		*f = FigureOf(*x)
	}
	return nil
}

// MarshalJSON writes a number as a number and a text as a string.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.IsText {
		return json.Marshal(v.Text)
	}
	return FigureOf(v.Number).MarshalJSON()
}

// UnmarshalJSON reads a number or a string.
func (v *Value) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		v.IsText = true
		return json.Unmarshal(b, &v.Text)
	}
	return json.Unmarshal(b, &v.Number)
}

// Group maps variables to values in the order in which they were asked for.
type Group []GroupValue

// GroupValue is one variable's value of a Group.
type GroupValue struct {
	Variable string
	Value    Value
}

// MarshalJSON writes an object whose keys keep the group's order.
func (g Group) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range g {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(v.Variable)
		if err != nil {
			return nil, err
		}
		value, err := v.Value.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads an object in the order of its keys.
func (g *Group) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return fmt.Errorf("a group is an object, not %s", b)
	}
	*g = Group{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		v := GroupValue{Variable: key.(string)}
		if err := d.Decode(&v.Value); err != nil {
			return err
		}
		*g = append(*g, v)
	}
	return nil
}
