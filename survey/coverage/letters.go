package coverage

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate"
)

// Letters says what tables are made of, to count how often two of their columns
// are told apart.
type Letters struct {
	// Samples are drawn with random numbers of Seed.
	Samples int
	Seed    uint64
	// Small and Large are people of those columns.
	Small, Large int
	// PSUs are those of a column, 0 where people are drawn one by one.
	PSUs int
	// Spread is the coefficient of variation of the weights, which have nothing to
	// do with the answers; 0 where they are equal.
	Spread float64
	// Outcomes are the rows of the tables.
	Outcomes []Outcome
}

// Outcome is a yes-or-no question: the expected shares, 0–1, of the small column
// and of the others. A letter is false where they are the same.
type Outcome struct{ Small, Others float64 }

// LetterKind is what the small column is compared with.
type LetterKind string

// The kinds of letters. Columns of pairs and rest share their PSUs, waves share none.
const (
	PairLetter     LetterKind = "A column against another"
	RestLetter     LetterKind = "A column against the rest"
	PreviousLetter LetterKind = "A wave against the one before"
	ChangeLetter   LetterKind = "A change between waves"
)

// LetterKinds are all kinds, in the order of results.
var LetterKinds = []LetterKind{PairLetter, RestLetter, PreviousLetter, ChangeLetter}

// LetterCount is how often one outcome was compared and told apart at 5%. Both
// columns at 0%, or both at 100%, are no comparison.
type LetterCount struct {
	Kind           LetterKind
	Outcome        Outcome
	Compared, Told int
}

// Rate is the share of the comparisons that are told apart, with the standard
// error that the number of samples leaves; NaN without any.
func (c LetterCount) Rate() (rate, se float64) {
	n := float64(c.Compared)
	rate = float64(c.Told) / n
	return rate, math.Sqrt(rate * (1 - rate) / n)
}

// The columns of the samples by their codes, and the people of a third, which is
// in the rest of the small one.
const (
	largeColumn, smallColumn = 1, 2

	otherPeople = 300
)

// within is the correlation inside PSUs of the normal behind each answer.
const within = 0.05

const letterLevel = 0.05

// Run draws the samples, on all cores, makes the tables of each and counts, kind
// by kind and outcome by outcome. The result is the same for any number of cores.
func (l Letters) Run(ctx context.Context, progress func(done int)) ([]LetterCount, error) {
	samples, err := each(ctx, l.Samples, l.sample, progress)
	if err != nil {
		return nil, err
	}
	var out []LetterCount
	for _, kind := range LetterKinds {
		for r, o := range l.Outcomes {
			c := LetterCount{Kind: kind, Outcome: o}
			for _, found := range samples {
				if p := found[kind][r].Float(); !math.IsNaN(p) {
					c.Compared++
					if p <= letterLevel {
						c.Told++
					}
				}
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// sample gives the p-values of each kind, an outcome each, NaN where there is no
// comparison.
func (l Letters) sample(k int) (map[LetterKind][]survey.Figure, error) {
	rng := l.random(k)
	columns := []survey.ColumnSpec{{Variable: "column"}}
	with := func(id, against string) survey.TableSpec {
		var out []survey.RowSpec
		for r := range l.Outcomes {
			out = append(out, survey.RowSpec{Share: outcomeName(r) + " == 1"})
		}
		return survey.TableSpec{ID: id, Rows: out, Columns: columns, Tests: survey.TestSpec{Against: against, Adjust: "none"}}
	}
	design := survey.Design{Weight: "weight"}
	if l.PSUs > 0 {
		design.PSU = []string{"psu"}
	}
	crossed, err := made(l.draw(rng, false), design, with("pairs", "pairs"), with("rest", "rest"))
	if err != nil {
		return nil, err
	}
	if l.PSUs > 0 {
		design.Strata = "column"
	}
	waves := with("waves", "previous")
	waves.Changes = []survey.ChangeSpec{{Variable: "column", From: survey.NumberValue(largeColumn), To: survey.NumberValue(smallColumn)}}
	nested, err := made(l.draw(rng, true), design, waves)
	if err != nil {
		return nil, err
	}
	change := make([]survey.Figure, len(l.Outcomes))
	for r, row := range nested[0].Cells {
		change[r] = row[len(row)-1].P
	}
	return map[LetterKind][]survey.Figure{
		PairLetter:     l.compared(crossed[0], largeColumn, smallColumn),
		RestLetter:     l.compared(crossed[1], smallColumn, survey.Rest),
		PreviousLetter: l.compared(nested[0], smallColumn, largeColumn),
		ChangeLetter:   change,
	}, nil
}

// made makes tables as a report has them.
func made(table *survey.Table, design survey.Design, tables ...survey.TableSpec) ([]*survey.Tabulation, error) {
	design.Level = letterLevel
	frame, err := engine.NewFrame(table, design)
	if err != nil {
		return nil, err
	}
	m := tabulate.Maker{Table: table, Frame: frame, Study: &survey.Study{Design: design, Tables: tables}}
	return m.All(context.Background(), nil)
}

// compared are the p-values of two columns, a row each. The total comes first, so
// that a column's place is its code.
func (l Letters) compared(t *survey.Tabulation, column, against int) []survey.Figure {
	out := make([]survey.Figure, len(l.Outcomes))
	for r := range out {
		out[r] = survey.Figure{}
	}
	for _, c := range t.Comparisons {
		if c.Column == column && c.Against == against {
			out[c.Row] = c.P
		}
	}
	return out
}

func outcomeName(r int) string { return "y" + string(rune('a'+r)) }

// random gives the random numbers of sample k.
func (l Letters) random(k int) *rand.Rand { return rand.New(rand.NewPCG(l.Seed, uint64(k))) }

// draw makes a sample: three columns whose people live in the same PSUs, or two
// waves of which each has PSUs of its own. The people of a column are spread
// evenly over its PSUs.
func (l Letters) draw(rng *rand.Rand, waves bool) *survey.Table {
	sizes := []int{l.Large, l.Small, otherPeople}
	if waves {
		sizes = sizes[:2]
	}
	var column, psu, weight []float64
	for c, n := range sizes {
		for i := range n {
			unit := 0
			if l.PSUs > 0 {
				unit = i % l.PSUs
			}
			if waves {
				unit += c * l.PSUs
			}
			column, psu = append(column, float64(c+1)), append(psu, float64(unit))
			weight = append(weight, math.Exp(math.Sqrt(math.Log1p(l.Spread*l.Spread))*rng.NormFloat64()))
		}
	}
	number := func(name string, x []float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
	}
	out := &survey.Table{Rows: len(column), Variables: []*survey.Variable{number("column", column), number("psu", psu), number("weight", weight)}}
	for r, o := range l.Outcomes {
		out.Variables = append(out.Variables, number(outcomeName(r), l.answers(rng, o, column, psu)))
	}
	return out
}

// answers to one question. In a PSU whose level is the normal u, a person says yes
// with the chance Φ((Φ⁻¹(share) + u√ρ)/√(1−ρ)), ρ the correlation, which is the share over all PSUs.
func (l Letters) answers(rng *rand.Rand, o Outcome, column, psu []float64) []float64 {
	units := int(slices.Max(psu)) + 1
	chances := [2][]float64{slices.Repeat([]float64{o.Others}, units), slices.Repeat([]float64{o.Small}, units)}
	for u := 0; l.PSUs > 0 && u < units; u++ {
		level := rng.NormFloat64() * math.Sqrt(within)
		for c, share := range []float64{o.Others, o.Small} {
			chances[c][u] = stats.NormalUpper(-(stats.NormalQuantile(share) + level) / math.Sqrt(1-within))
		}
	}
	y := make([]float64, len(column))
	for i := range y {
		in := 0
		if column[i] == smallColumn {
			in = 1
		}
		if rng.Float64() < chances[in][int(psu[i])] {
			y[i] = 1
		}
	}
	return y
}
