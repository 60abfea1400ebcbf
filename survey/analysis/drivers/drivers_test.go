package drivers

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

const (
	// summed is what sums over a few hundred rows keep.
	summed = 1e-9
	// jackknifed is how far a jackknife of 60 PSUs lies from linearisation.
	jackknifed = 0.15
)

// population draws people in PSUs: three touchpoints that share a mood of the
// PSU and of the person, a gender that does not matter, an outcome.
func population(seed uint64, psus, each int) *survey.Table {
	r := rand.New(rand.NewPCG(seed, 7))
	n := psus * each
	names := []string{"psu", "stratum", "w", "app", "shop", "phone", "overall"}
	t := &survey.Table{Rows: n}
	column := map[string][]float64{}
	for _, name := range names {
		v := &survey.Variable{Name: name, Kind: survey.Number, Measure: survey.Scale}
		column[name] = make([]float64, n)
		t.Variables = append(t.Variables, v)
	}
	gender := &survey.Variable{Name: "gender", Kind: survey.Text, Texts: &survey.TextColumn{Values: []string{"female", "male"}, Index: survey.NewPlaces(make([]int32, n))}}
	t.Variables = append(t.Variables, gender)
	for i := range n {
		psu := i / each
		column["psu"][i], column["stratum"][i] = float64(psu), float64(psu%2)
		column["w"][i] = 0.5 + r.Float64()
		gender.Texts.Index.Set(i, int32(r.IntN(2)))
		mood := r.NormFloat64()
		for _, name := range []string{"app", "shop", "phone"} {
			column[name][i] = mood + r.NormFloat64()
		}
		column["overall"][i] = 0.6*column["app"][i] + 0.3*column["shop"][i] + 0.1*column["phone"][i] + 1.5*r.NormFloat64()
	}
	for name, x := range column {
		t.Lookup(name).Numbers = survey.NewNumbers(x)
	}
	return t
}

var touchpoints = []string{"app", "shop", "phone", "gender"}

var clustered = survey.Design{Weight: "w", PSU: []string{"psu"}, Strata: "stratum"}

func analyse(t *testing.T, s *estimate.Sample, o Options) *Analysis {
	t.Helper()
	a, err := Analyse(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func near(t *testing.T, what string, got survey.Figure, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got.Float()-want) <= tolerance*(1e-6+math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got.Float(), want)
	}
}

// TestPartsAddUp holds the figures to each other, in both families.
func TestPartsAddUp(t *testing.T) {
	s := sampletest.Of(t, population(1, 40, 8), clustered)
	for family, outcome := range map[string]string{"gaussian": "overall", "binomial": "overall > 1"} {
		a := analyse(t, s, Options{Outcome: outcome, Drivers: touchpoints, Family: family, Seed: 1})
		var shapley, johnson, shares, unique float64
		for _, d := range a.Drivers {
			shapley += d.Shapley.Value.Float()
			johnson += d.Johnson.Value.Float()
			shares += d.ShapleyShare.Value.Float()
			unique += d.Unique.Value.Float()
			near(t, "alone", d.Alone.Value, d.Unique.Value.Float()+d.Common.Value.Float(), summed)
		}
		near(t, family+" Shapley", a.R2.Value, shapley, summed)
		near(t, family+" Johnson", a.R2.Value, johnson, summed)
		near(t, "shares", survey.FigureOf(1), shares, summed)
		near(t, "unique", a.Unique.Value, unique, summed)
		near(t, "common", a.Common.Value, a.R2.Value.Float()-unique, summed)
		if a.Best != "app" {
			t.Errorf("the best single driver is %s", a.Best)
		}
		near(t, "beyond the best", a.BeyondBest.Value, a.R2.Value.Float()-a.Drivers[0].Alone.Value.Float(), summed)
	}
}

// TestAloneIsACorrelation squares the weighted correlation of one driver.
func TestAloneIsACorrelation(t *testing.T) {
	s := sampletest.Of(t, population(14, 60, 10), clustered)
	r, err := s.Correlations("app", "overall")
	if err != nil {
		t.Fatal(err)
	}
	alone := analyse(t, s, Options{Outcome: "overall", Drivers: touchpoints, Family: "gaussian"}).Drivers[0].Alone
	near(t, "alone", alone.Value, r[0].Value.Float()*r[0].Value.Float(), summed)
	// The second-order term adds next to nothing to a part as large as this.
	near(t, "its error", alone.SE, 2*r[0].Value.Float()*r[0].SE.Float(), 0.02)
}

// TestErrorsAgreeWithTheJackknife compares two ways to standard errors.
func TestErrorsAgreeWithTheJackknife(t *testing.T) {
	const psus = 60
	table := population(2, psus, 10)
	replicated, design := sampletest.Jackknife(table, clustered)
	for family, outcome := range map[string]string{"gaussian": "overall", "binomial": "overall > 1"} {
		o := Options{Outcome: outcome, Drivers: touchpoints, Family: family, Seed: 1}
		a := analyse(t, sampletest.Of(t, table, clustered), o)
		b := analyse(t, sampletest.Of(t, replicated, design), o)
		near(t, family+" R2", a.R2.SE, b.R2.SE.Float(), jackknifed)
		near(t, "common", a.Common.SE, b.Common.SE.Float(), jackknifed)
		for j, d := range a.Drivers[:2] {
			near(t, "value", d.Shapley.Value, b.Drivers[j].Shapley.Value.Float(), summed)
			near(t, "Shapley", d.Shapley.SE, b.Drivers[j].Shapley.SE.Float(), jackknifed)
			near(t, "Johnson", d.Johnson.SE, b.Drivers[j].Johnson.SE.Float(), jackknifed)
			near(t, "share", d.ShapleyShare.SE, b.Drivers[j].ShapleyShare.SE.Float(), jackknifed)
		}
	}
}

// TestIntervalsCover draws samples of a population whose parts are known, one of
// them next to nothing. Among 300 samples a true 95% misses fewer than 273 once
// in 500 times.
func TestIntervalsCover(t *testing.T) {
	// Var(overall) = 2(0.36 + 0.09 + 0.01) + 2(0.18 + 0.06 + 0.03) + 2.25 = 3.71;
	// the variance of phone given the other two is 4/3.
	const r2, unique = 1.46 / 3.71, 0.01 * 4 / 3 / 3.71
	const samples, least = 300, 273
	covered, small := 0, 0
	for seed := range uint64(samples) {
		s := sampletest.Of(t, population(100+seed, 50, 6), clustered)
		a := analyse(t, s, Options{Outcome: "overall", Drivers: []string{"app", "shop", "phone"}, Family: "gaussian", Seed: seed})
		if a.R2.Low.Float() <= r2 && r2 <= a.R2.High.Float() {
			covered++
		}
		if u := a.Drivers[2].Unique; u.Low.Float() <= unique && unique <= u.High.Float() {
			small++
		}
	}
	if covered < least || small < least {
		t.Errorf("of %d intervals %d cover R², %d a part near zero", samples, covered, small)
	}
}

// TestDomain: a domain's figures are those of its rows, and PSUs outside count
// for nothing but the design.
func TestDomain(t *testing.T) {
	table := population(3, 40, 8)
	a := analyse(t, sampletest.In(t, table, clustered, estimate.Options{Where: "stratum == 1"}), Options{Outcome: "overall", Drivers: touchpoints, Family: "gaussian", Seed: 1})
	w := *table.Lookup("w")
	w.Numbers = survey.NewNumbers(append([]float64{}, w.Numbers.Slice()...))
	for i, h := range table.Lookup("stratum").Numbers.All() {
		if h != 1 {
			w.Numbers.Set(i, 0)
		}
	}
	b := analyse(t, sampletest.Of(t, table.With(&w), clustered), Options{Outcome: "overall", Drivers: touchpoints, Family: "gaussian", Seed: 1})
	near(t, "R2", a.R2.Value, b.R2.Value.Float(), summed)
	near(t, "SE", a.R2.SE, b.R2.SE.Float(), summed)
	if a.R2.N != table.Rows/2 {
		t.Errorf("the model has %d rows", a.R2.N)
	}
}

// TestOrderOfRows: figures and their errors are the same for any order of rows, of
// which PSUs and strata take theirs.
func TestOrderOfRows(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		table := population(rapid.Uint64Range(0, 20).Draw(r, "seed"), 20, 5)
		rows := make([]int, table.Rows)
		for i := range rows {
			rows[i] = i
		}
		rows = rapid.Permutation(rows).Draw(r, "rows")
		design := rapid.SampledFrom([]survey.Design{clustered, {Weight: "w"}, {PSU: []string{"psu"}}}).Draw(r, "design")
		o := Options{Outcome: rapid.SampledFrom([]string{"overall", "overall > 1"}).Draw(r, "outcome"), Drivers: touchpoints, Seed: 3}
		before := analyse(t, sampletest.Of(t, table, design), o)
		after := analyse(t, sampletest.Of(t, reordered(table, rows), design), o)
		same := func(what string, a, b survey.Estimate) {
			for figure, pair := range map[string][2]survey.Figure{"value": {a.Value, b.Value}, "SE": {a.SE, b.SE}, "low": {a.Low, b.Low}, "high": {a.High, b.High}} {
				if d := math.Abs(pair[0].Float() - pair[1].Float()); !(d <= 1e-12) {
					r.Fatalf("%s of %s: %v, in another order %v", figure, what, pair[0].Float(), pair[1].Float())
				}
			}
		}
		same("R2", before.R2, after.R2)
		same("common", before.Common, after.Common)
		for j, d := range before.Drivers {
			same("Shapley", d.Shapley, after.Drivers[j].Shapley)
			same("Johnson", d.JohnsonShare, after.Drivers[j].JohnsonShare)
			same("unique", d.Unique, after.Drivers[j].Unique)
			same("effect", d.Effects[0], after.Drivers[j].Effects[0])
		}
	})
}

// reordered are the rows of a table in another order.
func reordered(table *survey.Table, rows []int) *survey.Table {
	out := &survey.Table{Rows: table.Rows}
	for _, v := range table.Variables {
		w := *v
		if v.IsText() {
			w.Texts = &survey.TextColumn{Values: v.Texts.Values, Index: survey.NewPlaces(make([]int32, len(rows)))}
			for k, i := range rows {
				w.Texts.Index.Set(k, v.Texts.Index.At(i))
			}
		} else {
			w.Numbers = survey.NewNumbers(make([]float64, len(rows)))
			for k, i := range rows {
				w.Numbers.Set(k, v.Numbers.At(i))
			}
		}
		out.Variables = append(out.Variables, &w)
	}
	return out
}

// TestSeparated: where a driver gives outcomes away in a category, or all of them, what
// the drivers explain is no figure, and the coefficients that are left are those of the others.
func TestSeparated(t *testing.T) {
	table := population(8, 30, 5)
	liked := *table.Lookup("overall")
	liked.Name, liked.Numbers = "liked", survey.NewNumbers(slices.Clone(liked.Numbers.Slice()))
	men := 0
	for i, x := range liked.Numbers.All() {
		if liked.Numbers.Set(i, 0); x > 0 || table.Lookup("gender").Texts.Index.At(i) == 1 {
			liked.Numbers.Set(i, 1)
		}
		men += int(table.Lookup("gender").Texts.Index.At(i))
	}
	table = table.With(&liked)
	for outcome, want := range map[string]string{
		"liked == 1": fmt.Sprintf("factor(gender)male is not estimable: all %d rows with gender = male fulfil liked == 1; ", men),
		"2*app > 1":  "are not estimable: app parts the outcomes, with at most one value in common; ",
	} {
		drivers := touchpoints
		if outcome != "liked == 1" {
			copied := *table.Lookup("app")
			copied.Name = "again"
			table, drivers, outcome = table.With(&copied), []string{"app", "gender"}, "again > 0.5"
		}
		s := sampletest.Of(t, table, clustered)
		a := analyse(t, s, Options{Outcome: outcome, Drivers: drivers})
		for _, e := range []survey.Estimate{a.R2, a.Unique, a.Common, a.BeyondBest, a.Drivers[0].Shapley, a.Drivers[1].JohnsonShare, a.Drivers[0].Alone} {
			if e.Value.Exists() || e.SE.Exists() || !slices.Equal(e.Flags, []string{survey.FlagNotEstimable}) || e.N != table.Rows {
				t.Errorf("%s: %+v", outcome, e)
			}
		}
		if a.Best != "" || a.Drivers[0].Quadrant != "" || len(s.Warnings()) != 1 || !strings.Contains(s.Warnings()[0].Text, want) {
			t.Errorf("%s: best %q, warnings %q", outcome, a.Best, s.Warnings())
		}
		made := a.Tabulation()
		if !strings.Contains(strings.Join(made.Notes, " "), want) || strings.Contains(strings.Join(made.Notes, " "), "{") {
			t.Errorf("%s: notes %q", outcome, made.Notes)
		}
		if _, err := a.Plane(); err == nil || !strings.Contains(err.Error(), "cannot be estimated") {
			t.Errorf("%s: %v", outcome, err)
		}
		if outcome == "liked == 1" && (!a.Drivers[0].Effects[0].Value.Exists() || a.Drivers[3].Effects[0].Value.Exists()) {
			t.Errorf("effects %+v, %+v", a.Drivers[0].Effects, a.Drivers[3].Effects)
		}
	}
}

// TestProcessors: the same figures to the last bit for any number of cores.
func TestProcessors(t *testing.T) {
	s := sampletest.Of(t, population(4, 30, 6), clustered)
	o := Options{Outcome: "overall", Drivers: touchpoints, Family: "gaussian", Seed: 5}
	before := runtime.GOMAXPROCS(1)
	one := analyse(t, s, o)
	runtime.GOMAXPROCS(4)
	four := analyse(t, s, o)
	runtime.GOMAXPROCS(before)
	if one.R2.SE.Float() != four.R2.SE.Float() || one.Drivers[3].Johnson.SE.Float() != four.Drivers[3].Johnson.SE.Float() {
		t.Error("figures depend on the number of processors")
	}
}

func TestQuadrants(t *testing.T) {
	a := Analysis{Drivers: []Driver{{Driver: "a"}, {Driver: "b"}, {Driver: "c"}, {Driver: "d"}, {Driver: "factor", Factor: true}}}
	for j, x := range [][2]float64{{0.4, 2}, {0.3, 5}, {0.1, 1}, {0.05, 4}} {
		a.Drivers[j].ShapleyShare.Value = survey.FigureOf(x[0])
		a.Drivers[j].Performance = &survey.Estimate{Value: survey.FigureOf(x[1])}
	}
	a.place()
	var got []Quadrant
	for _, d := range a.Drivers {
		got = append(got, d.Quadrant)
	}
	if diff := cmp.Diff([]Quadrant{Concentrate, KeepUp, LowPriority, Overkill, ""}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPerformance(t *testing.T) {
	table := population(5, 20, 5)
	for i := range table.Rows {
		for _, name := range []string{"app", "shop", "phone"} {
			v := table.Lookup(name).Numbers
			v.Set(i, math.Max(1, math.Min(5, math.Round(3+v.At(i)))))
		}
	}
	s := sampletest.Of(t, table, clustered)
	a := analyse(t, s, Options{Outcome: "overall", Drivers: touchpoints, Family: "gaussian", Top: 2})
	box, err := s.Share("app >= 4")
	if err != nil {
		t.Fatal(err)
	}
	near(t, "top box", a.Drivers[0].Performance.Value, box[0].Value.Float(), summed)
	near(t, "its error", a.Drivers[0].Performance.SE, box[0].SE.Float(), summed)
	if a.Drivers[3].Performance != nil || a.Drivers[0].Quadrant == "" {
		t.Error("a factor has a performance, or a scale no quadrant")
	}
}

func TestProblems(t *testing.T) {
	table := population(6, 20, 5)
	twice := *table.Lookup("app")
	twice.Name = "again"
	third := twice
	third.Name = "third"
	one := &survey.Variable{Name: "one", Kind: survey.Number, Measure: survey.Scale, Numbers: survey.NewNumbers(slices.Repeat([]float64{1}, table.Rows))}
	single := &survey.Variable{Name: "single", Kind: survey.Number, Measure: survey.Ordinal, Numbers: survey.NewNumbers(slices.Repeat([]float64{2}, table.Rows))}
	app, last := table.Lookup("app").Numbers, table.Rows-1
	app.Set(last, math.NaN())
	single.Numbers.Set(last, 3) // another answer, but not among the rows of the model
	s := sampletest.Of(t, table.With(&twice).With(&third).With(one).With(single), clustered)
	for _, c := range []struct {
		name string
		o    Options
		want []string
	}{
		{"everything", Options{Outcome: "overal", Drivers: []string{"ap"}, Family: "poisson"}, []string{"overall", `"ap"`, "two drivers", `"poisson"`}},
		{"the same", Options{Outcome: "overall", Drivers: []string{"app", "again"}, Family: "gaussian"}, []string{"column again", "already determined"}},
		{"no share", Options{Outcome: "overall", Drivers: touchpoints, Family: "binomial"}, []string{"row ", "0 and 1"}},
		{"constant", Options{Outcome: "overall > 1000", Drivers: touchpoints, Family: "gaussian"}, []string{"same outcome"}},
		{"itself", Options{Outcome: "app > 0", Drivers: []string{"app", "shop"}}, []string{"column app", "the outcome is among its drivers"}},
		{"flat", Options{Outcome: "overall", Drivers: []string{"app", "one", "single", "shop"}}, []string{"column one", "column single", "same answer"}},
		{"three times", Options{Outcome: "overall", Drivers: []string{"app", "again", "third"}}, []string{"column again", "column third"}},
	} {
		_, err := Analyse(context.Background(), s, c.o)
		problems, ok := err.(survey.Problems)
		if !ok {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(problems.Error(), want) {
				t.Errorf("%s: %v does not tell of %s", c.name, problems, want)
			}
		}
	}
	few := sampletest.In(t, table, clustered, estimate.Options{Where: "psu == 0"})
	if _, err := Analyse(context.Background(), few, Options{Outcome: "overall", Drivers: touchpoints, Family: "gaussian"}); err == nil || !strings.Contains(err.Error(), "5 rows") {
		t.Errorf("five rows for five coefficients: %v", err)
	}
}

// TestTabulation: the table holds the analysis, the most important driver first.
func TestTabulation(t *testing.T) {
	s := sampletest.Of(t, population(12, 20, 5), clustered)
	for family, heading := range map[string]string{"gaussian": "Coefficient", "binomial": "Odds ratio"} {
		outcome := map[string]string{"gaussian": "overall", "binomial": "overall > 0"}[family]
		a := analyse(t, s, Options{Outcome: outcome, Drivers: touchpoints, Rank: Johnson, Top: 2})
		if a.Family != family {
			t.Errorf("%s is taken as %s", outcome, a.Family)
		}
		table := a.Tabulation()
		at := func(group, label string) survey.Estimate {
			r := slices.IndexFunc(table.Rows, func(r survey.Row) bool { return r.Group == group && r.Label == label })
			if r < 0 {
				t.Fatalf("no row %s: %s", group, label)
			}
			return table.Cells[r][0].Estimate
		}
		for _, d := range a.Drivers[:3] {
			for group, want := range map[string]survey.Estimate{importances: d.JohnsonShare, "Performance: share in the 2 highest codes": *d.Performance, heading: d.Effects[0], "Explained by the driver alone": d.Alone} {
				got := at(group, d.Label)
				if got.Value.Float() != want.Value.Float() || got.SE.Float() != want.SE.Float() || got.High.Float() != want.High.Float() || got.Statistic != want.Statistic {
					t.Errorf("%s of %s: %+v, want %+v", group, d.Driver, got, want)
				}
			}
		}
		if at(heading, "gender: male").N != a.R2.N || at("Explained by the model", together).Value.Float() != a.R2.Value.Float() {
			t.Error("the levels of a factor or the model as a whole are not in the table")
		}
		for r := 1; r < len(touchpoints); r++ {
			if table.Cells[r][0].Value.Float() > table.Cells[r-1][0].Value.Float() {
				t.Error("the drivers do not stand in the order of their importance")
			}
		}
	}
}

// TestPlane: the chart has the drivers whose performance compares.
func TestPlane(t *testing.T) {
	s := sampletest.Of(t, population(12, 20, 5), clustered)
	c, err := analyse(t, s, Options{Outcome: "overall", Drivers: touchpoints, Top: 2}).Plane()
	if err != nil || len(c.Rows) != 3 || slices.Contains(c.Rows, "gender") {
		t.Errorf("%v, %v", c, err)
	}
	if _, err := analyse(t, s, Options{Outcome: "overall", Drivers: []string{"app", "psu"}}).Plane(); err == nil || !strings.Contains(err.Error(), "--top") {
		t.Errorf("means of different scales: %v", err)
	}
}

// TestEffects: coefficients are those of the regression, and an odds ratio is
// the exponential of one.
func TestEffects(t *testing.T) {
	s := sampletest.Of(t, population(15, 40, 8), clustered)
	a := analyse(t, s, Options{Outcome: "overall > 0", Drivers: touchpoints})
	b := a.Coefficients[1]
	e := a.Drivers[0].Effects[0]
	near(t, "odds ratio", e.Value, math.Exp(b.Value.Float()), summed)
	near(t, "its error", e.SE, math.Exp(b.Value.Float())*b.SE.Float(), summed)
	half := stats.TCritical(0.95, b.DF.Float()) * b.SE.Float()
	near(t, "its limit", e.High, math.Exp(b.Value.Float()+half), summed)
	linear := analyse(t, s, Options{Outcome: "overall", Drivers: touchpoints})
	e, b = linear.Drivers[3].Effects[0], linear.Coefficients[4]
	near(t, "coefficient", e.Value, b.Value.Float(), summed)
	near(t, "its limit", e.Low, b.Value.Float()-stats.TCritical(0.95, b.DF.Float())*b.SE.Float(), summed)
	if e.Category != "male" || e.Variable != "gender" {
		t.Errorf("the level of a factor is %q of %q", e.Category, e.Variable)
	}
}

// TestSampledOrders: with more drivers than can be taken in all orders the parts
// still add up, and the chance of the draw is in the errors.
func TestSampledOrders(t *testing.T) {
	table := population(13, 40, 10)
	var names []string
	r := rand.New(rand.NewPCG(1, 2))
	for j := range 16 {
		v := &survey.Variable{Name: fmt.Sprintf("x%d", j), Kind: survey.Number, Measure: survey.Scale, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, table.Lookup("app").Numbers.At(i)+r.NormFloat64())
		}
		table, names = table.With(v), append(names, v.Name)
	}
	a := analyse(t, sampletest.Of(t, table, clustered), Options{Outcome: "overall", Drivers: names, Family: "gaussian", Orders: 50, Seed: 1})
	sum := 0.0
	for _, d := range a.Drivers {
		sum += d.Shapley.Value.Float()
		if !(d.SamplingError.Float() > 0) || d.Shapley.SE.Float() <= d.SamplingError.Float() {
			t.Errorf("%s: error %v, of which %v from the orders", d.Driver, d.Shapley.SE.Float(), d.SamplingError.Float())
		}
	}
	near(t, "sum", survey.FigureOf(sum), a.R2.Value.Float(), summed)
	if a.Orders != 50 || !strings.Contains(strings.Join(a.Notes, " "), "50 orders") {
		t.Errorf("%d orders, notes %q", a.Orders, a.Notes)
	}
}
