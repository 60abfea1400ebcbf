package engine

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
)

// NewFrame counts a design over a table. All faults of the design (unknown
// columns, missing or negative weights, ids without a value, population sizes
// smaller than the sample, strata with one PSU) are reported together as
// survey.Problems.
func NewFrame(t *survey.Table, d survey.Design) (*Frame, error) {
	if t == nil {
		return nil, survey.Problems{{Message: "there is no table to count a design over", Remedy: "open the data first"}}
	}
	return newFrame(t, d, nil)
}

// WeightFacts say what a column of weights holds, over all rows of the data.
type WeightFacts struct {
	// Name is the column.
	Name string
	// Missing, Negative and Infinite count rows without a value, or one declared missing,
	// and with such values. Largest is the largest size of the others and Sum their sum,
	// to the nearest.
	Missing, Negative, Infinite int
	Largest, Sum                float64
}

// Grouped are data whose rows with the same ids are one row: a table of the columns of
// a design, without the weights, and what is known of these.
type Grouped struct {
	Table *survey.Table
	Lots  Lots
	// Weights are the facts of the columns of weights that the design names, in the order
	// of the data: of replicate factors times the weight, where they are factors.
	Weights []WeightFacts
	// Factors are the facts of replicate factors as they are, where they are factors.
	Factors []WeightFacts
}

// facts are those of a column.
func (g *Grouped) facts(name string) (WeightFacts, bool) {
	k := slices.IndexFunc(g.Weights, func(w WeightFacts) bool { return w.Name == name })
	if k < 0 {
		return WeightFacts{}, false
	}
	return g.Weights[k], true
}

// FrameOfGroups is NewFrame for data that are grouped elsewhere: by the strata, the PSUs
// and the population sizes of the design. Table.Rows of a row of g are Lots.Rows rows of
// the data. The frame has no rows; Frame.Of gives it those of a query.
func FrameOfGroups(g Grouped, d survey.Design) (*Frame, error) { return newFrame(g.Table, d, &g) }

func newFrame(t *survey.Table, d survey.Design, g *Grouped) (*Frame, error) {
	b := builder{table: t, design: d, groups: g, file: sourceOf(t), frame: &Frame{Rows: t.Rows, ByRow: &ByRow{}}}
	if g != nil {
		b.frame.ByRow.Lots, b.frame.Rows = &g.Lots, 0
		for _, n := range g.Lots.Rows {
			b.frame.Rows += n
		}
	}
	if t.Rows == 0 {
		b.fault(survey.Problem{Message: "the data hold no rows", Remedy: "check the export"})
		return nil, b.problems
	}
	b.known("policy for lonely PSUs", d.LonelyPSU, string(stats.LonelyFail), string(stats.LonelyCertainty), string(stats.LonelyRemove), string(stats.LonelyAdjust), string(stats.LonelyAverage))
	b.known("kind of waves", d.Waves, "independent", "panel")
	b.weights()
	if d.Replicates != nil {
		b.replicates()
	} else {
		b.stages()
	}
	if err := b.problems.Err(); err != nil {
		return nil, err
	}
	f := b.frame
	if g == nil {
		f.count()
		return f, nil
	}
	f.ids = &ids{design: d, strata: b.strata, psus: b.psus}
	f.Exponent = Exponent(1)
	if weight, ok := g.facts(d.Weight); ok {
		f.Exponent = Exponent(weight.Largest)
	}
	for _, n := range g.Lots.N {
		f.Weighted += n
	}
	f.ByRow = nil
	return f, nil
}

type builder struct {
	table  *survey.Table
	design survey.Design
	// groups is nil where each row of the table is one of the data.
	groups   *Grouped
	file     string
	frame    *Frame
	problems survey.Problems
	// strata and psus number the ids, stage by stage.
	strata []numbers
	psus   []numbers
}

func (b *builder) fault(p survey.Problem) {
	if p.File = b.file; b.groups != nil {
		p.Row = 0 // of the groups
	}
	b.problems = append(b.problems, p)
}

// known reports a name, where one is given, that is not among those there are.
func (b *builder) known(what, name string, names ...string) {
	if name == "" || slices.Contains(names, name) {
		return
	}
	p := survey.UnknownName(what, name, names)
	if p.Remedy == "" {
		p.Remedy = "use " + strings.Join(names, ", ")
	}
	b.fault(p)
}

// column finds a column that the design names, or reports it.
func (b *builder) column(what, name string) *survey.Variable {
	v := b.table.Lookup(name)
	if v == nil {
		p := b.table.Unknown(name)
		p.Message += " for the " + what
		b.fault(p)
	}
	return v
}

// number finds a numeric column that the design names, or reports it.
func (b *builder) number(what, name string) *survey.Variable {
	v := b.column(what, name)
	if v == nil || !v.IsText() {
		return v
	}
	p := survey.Problem{Variable: name, Message: "the " + what + " is text", Remedy: "name a column of numbers"}
	for i := range v.Len() {
		if x, ok := v.At(i); ok && !looksNumeric(x.Text) {
			p.Row, p.Value = i+1, x.Text
			break
		}
	}
	b.fault(p)
	return nil
}

func looksNumeric(s string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return err == nil
}

func (b *builder) weights() {
	f := b.frame
	if b.design.Weight != "" && b.design.Guessed {
		f.Warnings.Note(survey.NoticeGuessed, []string{b.design.Weight}, "the weight, %s, was guessed: check that it is the right one, and take guessed out of the study's design", b.design.Weight)
	}
	if b.design.Weight == "" && b.groups == nil {
		f.ByRow.Weights = make([]float64, f.Rows)
		for i := range f.ByRow.Weights {
			f.ByRow.Weights[i] = 1
		}
	}
	switch {
	case b.design.Weight == "":
		f.Warnings.Note(survey.NoticeNoWeight, nil, "no weight is given: every row counts 1%s", b.ownWeight())
	case b.groups != nil:
		b.checkFacts(b.design.Weight)
	default:
		if v := b.number("weight", b.design.Weight); v != nil {
			f.ByRow.Weights = v.Numbers.Slice()
			b.checkWeights(v)
		}
	}
}

// checkFacts is checkWeights for weights that are known by their facts only.
func (b *builder) checkFacts(name string) {
	facts, known := b.groups.facts(name)
	if !known {
		p := b.table.Unknown(name)
		p.Message += " for the weight"
		b.fault(p)
		return
	}
	fault := func(rows int, what string) {
		if rows > 0 {
			b.fault(survey.Problem{Variable: name, Message: fmt.Sprintf("the weight %s in %d rows", what, rows), Remedy: "give every row a weight of zero or more"})
		}
	}
	fault(facts.Missing, "has no value")
	fault(facts.Negative, "is negative")
	fault(facts.Infinite, "is infinite")
	if facts.Missing+facts.Negative+facts.Infinite == 0 && facts.Largest == 0 {
		b.fault(survey.Problem{Variable: name, Message: "all weights are zero", Remedy: "check the weight column"})
	}
}

// ownWeight points at the weight variable that the file itself declares.
func (b *builder) ownWeight() string {
	if b.table.Weight == "" {
		return ""
	}
	return fmt.Sprintf(" (the file declares %s as its weight: --weight %s uses it)", b.table.Weight, b.table.Weight)
}

func (b *builder) checkWeights(v *survey.Variable) {
	var sum float64
	faults := map[string]*tally{}
	for i, w := range v.Numbers.All() {
		switch {
		case math.IsNaN(w) || v.IsMissing(survey.NumberValue(w)):
			count(faults, "has no value", i, w)
		case w < 0:
			count(faults, "is negative", i, w)
		case math.IsInf(w, 0):
			count(faults, "is infinite", i, w)
		default:
			sum += w
		}
	}
	for _, what := range []string{"has no value", "is negative", "is infinite"} {
		if c := faults[what]; c != nil {
			b.fault(c.problem(v.Name, "the weight "+what, "give every row a weight of zero or more"))
		}
	}
	if len(faults) == 0 && sum == 0 {
		b.fault(survey.Problem{Variable: v.Name, Message: "all weights are zero", Remedy: "check the weight column"})
	}
}

// tally is the first row of a fault and how many rows have it.
type tally struct {
	row, rows int
	value     float64
}

func count(faults map[string]*tally, what string, row int, value float64) {
	if faults[what] == nil {
		faults[what] = &tally{row: row + 1, value: value}
	}
	faults[what].rows++
}

func (c *tally) problem(variable, message, remedy string) survey.Problem {
	p := survey.Problem{Row: c.row, Variable: variable, Message: message, Remedy: remedy}
	if !math.IsNaN(c.value) {
		p.Value = survey.FormatNumber(c.value)
	}
	if c.rows > 1 {
		p.Message += fmt.Sprintf(" (and in %d more rows)", c.rows-1)
	}
	return p
}

// outerValue is a value within an outer id.
type outerValue struct {
	outer int32
	value survey.Value
}

// numbers are the ids of a column's values within outer ids, from 0.
type numbers map[outerValue]int32

// ids numbers the distinct values of some columns, in the order of the values. A row
// without a value is reported.
func (b *builder) ids(what string, within []int32, columns ...*survey.Variable) (id []int32, names []string, by []numbers) {
	id = make([]int32, b.table.Rows)
	copy(id, within)
	for k, v := range columns {
		var values []survey.Value
		at, outer := map[survey.Value]int32{}, int32(0)
		of := v.Places(func(x survey.Value) int32 {
			n, ok := at[x]
			if !ok {
				n = int32(len(values))
				at[x], values = n, append(values, x)
			}
			return n
		})
		for _, n := range id {
			outer = max(outer, n)
		}
		var all []outerValue
		numbered := newPairs(int(outer)+1, len(values))
		for i, value := range of.All() {
			if value < 0 {
				b.fault(survey.Problem{Row: i + 1, Variable: v.Name, Message: "the " + what + " has no value", Remedy: "fill it in or leave the column out of the design"})
				return nil, nil, nil
			}
			n, isNew := numbered.number(id[i], value)
			if isNew {
				all = append(all, outerValue{id[i], values[value]})
			}
			id[i] = n
		}
		seen := make(numbers, len(all))
		for n, key := range all {
			seen[key] = int32(n)
		}
		slices.SortFunc(all, func(a, b outerValue) int {
			return cmp.Or(cmp.Compare(a.outer, b.outer), cmp.Compare(a.value.Number, b.value.Number), compareTexts(a.value.Text, b.value.Text))
		})
		place, next := make([]int32, len(all)), make([]string, len(all))
		for n, key := range all {
			place[seen[key]] = int32(n)
			if next[n] = v.LabelOf(key.value); k > 0 {
				next[n] = names[key.outer] + " / " + next[n]
			}
			seen[key] = int32(n)
		}
		for i, n := range id {
			id[i] = place[n]
		}
		names, by = next, append(by, seen)
	}
	return id, names, by
}

// compareTexts orders texts by the numbers in them, "site 9" before "site 10": so ids have
// one order, whether they are numbers or begin with the name of a wave.
func compareTexts(a, b string) int {
	digits := func(s string) int {
		n := 0
		for n < len(s) && '0' <= s[n] && s[n] <= '9' {
			n++
		}
		return n
	}
	x, y := a, b
	for x != "" && y != "" {
		n, m := digits(x), digits(y)
		if n == 0 || m == 0 {
			if x[0] != y[0] {
				return cmp.Compare(x[0], y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		v, w := strings.TrimLeft(x[:n], "0"), strings.TrimLeft(y[:m], "0")
		if c := cmp.Or(cmp.Compare(len(v), len(w)), cmp.Compare(v, w)); c != 0 {
			return c
		}
		x, y = x[n:], y[m:]
	}
	return cmp.Or(cmp.Compare(min(len(x), 1), min(len(y), 1)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// wholeSample names the one stratum of a design without any.
const wholeSample = "the whole sample"

func (b *builder) stages() {
	strata, ok := b.strataColumns()
	if !ok {
		return
	}
	f := b.frame
	f.ByRow.Stratum, f.StratumNames = make([]int32, b.table.Rows), []string{wholeSample}
	if len(strata) > 0 {
		f.ByRow.Stratum, f.StratumNames, b.strata = b.ids("stratum", nil, strata...)
	}
	f.Strata = len(f.StratumNames)
	if f.ByRow.Stratum == nil {
		return
	}
	b.clusters()
}

// strataOf names the columns that together make the stratum: where waves are
// independent samples the wave comes first; the PSUs of a panel are the same in
// all waves.
func strataOf(d survey.Design) (columns []string) {
	if d.WaveVariable != "" && d.Waves != "panel" {
		columns = append(columns, d.WaveVariable)
	}
	if d.Strata != "" {
		columns = append(columns, d.Strata)
	}
	return columns
}

func (b *builder) strataColumns() (columns []*survey.Variable, ok bool) {
	ok = true
	if b.design.Waves == "panel" && len(b.design.PSU) == 0 {
		b.fault(survey.Problem{Message: "the waves are a panel, but no variable identifies the same people", Remedy: "give the ids of people or clusters that the waves share as psu"})
		return nil, false
	}
	for _, name := range strataOf(b.design) {
		v := b.column("stratum", name)
		ok = ok && v != nil
		columns = append(columns, v)
	}
	return columns, ok
}

func (b *builder) clusters() {
	f, d := b.frame, b.design
	if len(d.FPC) > max(1, len(d.PSU)) {
		b.fault(survey.Problem{Message: fmt.Sprintf("%d population sizes for %d stages", len(d.FPC), max(1, len(d.PSU))), Remedy: "give at most one --fpc column per stage"})
		return
	}
	columns, ok := b.psuColumns()
	if !ok {
		return
	}
	group := f.ByRow.Stratum
	groups := f.Strata
	for k, v := range columns {
		unit, _, by := b.ids("PSU", group, v)
		if unit == nil {
			return
		}
		b.psus = append(b.psus, by...)
		n := b.addStage(group, groups, unit, len(by[0]))
		f.ByRow.Unit, group, groups = unit, unit, n
		if k == 0 {
			f.ByRow.PSU, f.PSUs = unit, n
		}
		if len(d.FPC) <= k {
			break // without a population size the stages below add nothing
		}
	}
	if len(d.PSU) == 0 && b.groups != nil {
		f.PSUs = b.addRows(group, groups)
	}
	if f.EachRow = len(d.PSU) == 0 || f.PSUs == f.Rows && len(f.Stages) == 1; f.EachRow && b.groups == nil {
		f.ByRow.Unit, f.ByRow.PSU = nil, make([]int32, f.Rows)
		for i := range f.ByRow.PSU {
			f.ByRow.PSU[i] = int32(i)
		}
		if len(d.PSU) == 0 {
			f.PSUs = b.addStage(group, groups, f.ByRow.PSU, f.Rows)
		} else { // ids of respondents
			f.Stages[0].Group = f.ByRow.Stratum
		}
	}
	if f.ByRow.Unit != nil && b.groups == nil {
		f.ByRow.rows = sortedBy(f.ByRow.Unit, f.Units())
	}
	b.whole()
	b.lonely()
}

// whole marks the strata that were taken whole at every stage.
func (b *builder) whole() {
	f := b.frame
	whole, above := make([]bool, f.Strata), f.Stages[0].Group
	for h, fraction := range f.Stages[0].Fraction {
		whole[h] = fraction >= 1
	}
	for _, s := range f.Stages[1:] {
		for g, h := range above {
			whole[h] = whole[h] && s.Fraction != nil && s.Fraction[g] >= 1
		}
		next := make([]int32, len(s.Group))
		for j, g := range s.Group {
			next[j] = above[g]
		}
		above = next
	}
	if slices.Contains(whole, true) {
		f.whole = whole
	}
}

// psuColumns finds the ids of every stage, also of those that add nothing.
func (b *builder) psuColumns() (columns []*survey.Variable, ok bool) {
	ok = true
	for _, name := range b.design.PSU {
		v := b.column("PSU", name)
		ok = ok && v != nil
		columns = append(columns, v)
	}
	return columns, ok
}

// addStage counts a stage of some units, which lie in groups, and returns their number.
func (b *builder) addStage(group []int32, groups int, unit []int32, units int) int {
	s := stats.Stage{Group: make([]int32, units), Sampled: make([]int, groups)}
	for i, u := range unit {
		s.Group[u] = group[i]
	}
	for _, g := range s.Group {
		s.Sampled[g]++
	}
	b.add(s, group)
	return units
}

// addRows counts the stage of rows that are units, which has no group for each.
func (b *builder) addRows(group []int32, groups int) int {
	s, all := stats.Stage{Sampled: make([]int, groups)}, 0
	for i, g := range group {
		s.Sampled[g] += b.groups.Lots.Rows[i]
		all += b.groups.Lots.Rows[i]
	}
	b.add(s, group)
	return all
}

func (b *builder) add(s stats.Stage, group []int32) {
	if k := len(b.frame.Stages); k < len(b.design.FPC) {
		s.Fraction = b.fractions(s, group, k)
	}
	b.frame.Stages = append(b.frame.Stages, s)
}

// fractions reads a stage's population sizes, or fractions where all are at most 1.
func (b *builder) fractions(s stats.Stage, group []int32, k int) []float64 {
	v := b.number("population size", b.design.FPC[k])
	if v == nil {
		return nil
	}
	asFraction := true
	for _, x := range v.Numbers.All() {
		asFraction = asFraction && x <= 1
	}
	fraction := make([]float64, s.Groups())
	size := make([]float64, s.Groups())
	for i, g := range group {
		x := v.Numbers.At(i)
		p := survey.Problem{Row: i + 1, Variable: v.Name, Value: survey.FormatNumber(x)}
		switch {
		case math.IsNaN(x) || x <= 0:
			p.Message, p.Remedy = "the population size is not a positive number", "give the number of units in the group, or a fraction in (0, 1]"
		case size[g] != 0 && size[g] != x:
			p.Message, p.Remedy = fmt.Sprintf("the population size differs within a group (%s before)", survey.FormatNumber(size[g])), "give every row of a group the same size"
		case !asFraction && x < float64(s.Sampled[g]):
			p.Message, p.Remedy = fmt.Sprintf("the population size is smaller than the number of units sampled, %d", s.Sampled[g]), "check the column"
		default:
			size[g] = x
			continue
		}
		b.fault(p)
		return nil
	}
	for g, x := range size {
		fraction[g] = x
		if !asFraction {
			fraction[g] = float64(s.Sampled[g]) / x
		}
	}
	return fraction
}

// lonely applies the policy for groups with a single unit.
func (b *builder) lonely() {
	f := b.frame
	f.Lonely = stats.LonelyPSU(b.design.LonelyPSU)
	for _, h := range f.Stages[0].Lonely() {
		f.LonelyStrata = append(f.LonelyStrata, f.StratumNames[h])
	}
	deeper := 0
	for _, s := range f.Stages[1:] {
		deeper += len(s.Lonely())
	}
	if len(f.LonelyStrata)+deeper == 0 {
		return
	}
	what := fmt.Sprintf("%d strata have a single PSU: %s", len(f.LonelyStrata), list(f.LonelyStrata, 20))
	switch {
	case len(f.LonelyStrata) == 0:
		what = fmt.Sprintf("%d units of a later stage have a single sampled unit", deeper)
	case f.LonelyStrata[0] == wholeSample:
		what = wholeSample + " has a single PSU"
	case len(f.LonelyStrata) == 1:
		what = fmt.Sprintf("stratum %s has a single PSU", f.LonelyStrata[0])
	}
	if f.Lonely == "" || f.Lonely == stats.LonelyFail {
		b.fault(survey.Problem{Message: what + ", so the variance between PSUs is unknown there",
			Remedy: "merge strata, or set lonely_psu (--lonely-psu) to certainty, adjust or average (certainty treats it as fully known, adjust centres it at the overall mean, average gives it the mean of the other strata)"})
		return
	}
	f.alone = f.Lonely == stats.LonelyAdjust || f.Lonely == stats.LonelyAverage
	f.Warnings.Note(survey.NoticeLonelyPSU, nil, "%s; treated as %s", what, f.Lonely)
}

// list joins names, at most n of them.
func list(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:n], ", ") + fmt.Sprintf(" and %d more", len(names)-n)
}
