package change

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports/publish"
	"surveykit/reports/tidy"
	"surveykit/stats"
	"surveykit/survey"
)

// byHand is what arithmetic with rounded inputs leaves.
const byHand = 1e-9

func share(table, row, column string, p, se float64, n int) tidy.Record {
	e := survey.Estimate{Table: table, Statistic: "share", Value: survey.FigureOf(p), SE: survey.FigureOf(se), DF: survey.FigureOf(100), N: n,
		NEffective: survey.FigureOf(float64(n) / 1.6), Quantile: survey.Figure{}, T: survey.Figure{}, P: survey.Figure{}}
	return tidy.Record{Estimate: e, Row: row, Column: column}
}

func run(rows int, records ...tidy.Record) *Run {
	return &Run{Folder: "x", Records: records, Manifest: publish.Manifest{Inputs: []survey.Source{{Rows: rows}}}}
}

func TestCompareByHand(t *testing.T) {
	before := run(1000, share("a", "yes", "Total", 0.30, 0.03, 1000), share("a", "yes", "18-24", 0.50, 0.04, 200), share("b", "x", "Total", 0.1, 0.01, 10))
	after := run(1300, share("a", "yes", "Total", 0.45, 0.04, 1300), share("a", "yes", "18-24", 0.51, 0.04, 210), share("c", "y", "Total", 0.2, 0.01, 10))
	r := Compare(before, after)
	// Difference 0.15, SE √(0.0009+0.0016) = 0.05, t = 3; df by Satterthwaite
	// 0.0025²/(0.0009²/100 + 0.0016²/100) = 185.4599…
	if r.Compared != 2 || len(r.Moved) != 1 {
		t.Fatalf("%d compared, moved %v", r.Compared, r.Moved)
	}
	m := r.Moved[0]
	df := 0.0025 * 0.0025 / ((0.0009*0.0009 + 0.0016*0.0016) / 100)
	if math.Abs(m.Difference.Float()-0.15) > byHand || math.Abs(m.SE.Float()-0.05) > byHand || math.Abs(m.P.Float()-stats.TTwoSided(3, df)) > byHand {
		t.Errorf("move %+v", m)
	}
	// Of two p-values the smaller is doubled.
	if math.Abs(m.PAdjusted.Float()-2*m.P.Float()) > byHand {
		t.Errorf("adjusted p %v of p %v", m.PAdjusted.Float(), m.P.Float())
	}
	if strings.Join(r.Added, ";") != "table c" || strings.Join(r.Gone, ";") != "table b" {
		t.Errorf("added %v, gone %v", r.Added, r.Gone)
	}
	if len(r.Bases) != 1 || r.Bases[0].After != 1300 {
		t.Errorf("bases %v", r.Bases)
	}
}

// A run differs in nothing from itself, and back is forth with the sign turned.
func TestCompareIsFair(t *testing.T) {
	record := rapid.Custom(func(t *rapid.T) tidy.Record {
		return share(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "table"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "row"), "Total",
			float64(rapid.IntRange(0, 1000).Draw(t, "p"))/1000, rapid.Float64Range(0.001, 0.1).Draw(t, "se"), rapid.IntRange(1, 1000).Draw(t, "n"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a := run(10, rapid.SliceOfN(record, 1, 6).Draw(t, "a")...)
		b := run(20, rapid.SliceOfN(record, 1, 6).Draw(t, "b")...)
		inside := len(slices.DeleteFunc(slices.Clone(a.Records), func(r tidy.Record) bool { return r.Value.Float() == 0 || r.Value.Float() == 1 }))
		same := Compare(a, a)
		if len(same.Moved)+len(same.Added)+len(same.Gone)+len(same.Bases) != 0 || same.Compared != inside {
			t.Fatalf("a run differs from itself: %+v", same)
		}
		forth, back := Compare(a, b), Compare(b, a)
		if len(forth.Moved) != len(back.Moved) || len(forth.Added) != len(back.Gone) {
			t.Fatalf("forth %+v, back %+v", forth, back)
		}
		turned := map[Place]survey.Figure{}
		for _, m := range back.Moved {
			turned[m.Place] = m.Difference
		}
		for _, m := range forth.Moved {
			if !(math.Abs(m.Difference.Float()+turned[m.Place].Float()) <= byHand) {
				t.Fatalf("forth %v, back %v", m, turned[m.Place].Float())
			}
			if !(m.Low.Float() <= m.Difference.Float() && m.Difference.Float() <= m.High.Float()) {
				t.Fatalf("the interval of %v does not hold it", m)
			}
		}
	})
}

// Shares at or near 0% and 100%: 0 of 80 to 80 of 80 moved and is held back, 0 of
// 60 to 12 of 940 did not move, nothing is said of 0% twice.
func TestCompareAtEdges(t *testing.T) {
	record := func(row string, x, n int) tidy.Record {
		p := float64(x) / float64(n)
		r := share("a", row, "Total", p, math.Sqrt(p*(1-p)/float64(n)), n)
		r.NEffective, r.DF = survey.FigureOf(float64(n)), survey.FigureOf(float64(n-1))
		return r
	}
	r := Compare(run(80, record("blank", 0, 80), record("rare", 0, 60), record("none", 0, 80)), run(80, record("blank", 80, 80), record("rare", 12, 940), record("none", 0, 90)))
	if len(r.Moved) != 1 || r.Moved[0].Place.Row != "blank" || r.Compared != 2 || r.Moved[0].SE.Exists() || r.Moved[0].Flags[0] != survey.FlagEdgeTest {
		t.Fatalf("%d compared, moved %+v", r.Compared, r.Moved)
	}
	if m := r.Moved[0]; math.Abs(m.Low.Float()-0.948) > 0.0005 || m.High.Float() != 1 {
		t.Errorf("limits %v to %v", m.Low.Float(), m.High.Float())
	}
	if p := r.all[1].P.Float(); math.Abs(p-0.474) > 0.0005 {
		t.Errorf("0 of 60 to 12 of 940 has p %v", p)
	}
	r.Apply([]Gate{{Moves: limit(5)}})
	if len(r.Held) != 1 || !strings.Contains(r.Held[0], "a: blank | Total moved by +100.0 pts") {
		t.Errorf("held %v", r.Held)
	}
}

// What a rule hides in one of the runs is not compared and holds nothing back.
func TestHiddenFiguresAreNotCompared(t *testing.T) {
	for _, flag := range []string{survey.FlagSuppressed, survey.FlagUnreliable, survey.FlagConfidential} {
		shown, hidden := share("a", "yes", "Total", 0.3, 0.01, 500), share("a", "yes", "Total", 0.9, 0.01, 500)
		hidden.Flags = []string{flag}
		for _, pair := range [][2]tidy.Record{{shown, hidden}, {hidden, shown}, {hidden, hidden}} {
			r := Compare(run(500, pair[0]), run(500, pair[1]))
			r.Apply([]Gate{{Moves: limit(5)}})
			if r.Compared != 0 || len(r.Moved) != 0 || len(r.Held) != 0 {
				t.Errorf("%s: %d compared, moved %v, held %v", flag, r.Compared, r.Moved, r.Held)
			}
		}
	}
}

// Ratios are compared on the log: 2 (SE 0.4) and 4 (SE 0.6), each with 100
// degrees of freedom, have relative errors 0.2 and 0.15, t = ln 2/0.25 = 2.7726
// with 0.0625²/(0.04²/100 + 0.0225²/100) = 185.4599 degrees of freedom.
func TestRatiosAreComparedOnTheLog(t *testing.T) {
	ratio := func(x, se float64) tidy.Record {
		r := share("a", "odds", "Total", x, se, 500)
		r.Statistic, r.Interval = "relative_likelihood", "log"
		return r
	}
	r := Compare(run(500, ratio(2, 0.4)), run(500, ratio(4, 0.6)))
	m := r.all[0]
	df := 0.0625 * 0.0625 / ((0.04*0.04 + 0.0225*0.0225) / 100)
	if p := stats.TTwoSided(math.Log(2)/0.25, df); math.Abs(m.P.Float()-p) > byHand || m.Difference.Float() != 2 {
		t.Errorf("p %v, want %v; difference %v", m.P.Float(), p, m.Difference.Float())
	}
	// 2 exp(∓1.983972·0.2) = 1.344945, 2.974100; 4 exp(∓1.983972·0.15) = 2.970406, 5.386469.
	if math.Abs(m.Low.Float()-(2-math.Hypot(4-2.970406, 2.974100-2))) > 1e-5 || math.Abs(m.High.Float()-(2+math.Hypot(5.386469-4, 2-1.344945))) > 1e-5 {
		t.Errorf("limits %v to %v", m.Low.Float(), m.High.Float())
	}
}

// A change from wave to wave is a difference already: a small one is not a share
// near 0%, and both runs print it in points, as they do a gap.
func TestDifferencesAreComparedAsSuch(t *testing.T) {
	for _, statistic := range []string{"proportion", "paired"} {
		record := func(d float64) tidy.Record {
			r := share("a", "yes", "2011 − 2009", d, 0.01, 500)
			r.Statistic, r.T, r.P = statistic, survey.FigureOf(d/0.01), survey.FigureOf(0.5)
			return r
		}
		r := Compare(run(500, record(-0.002)), run(500, record(0.057)))
		m := r.all[0]
		if want := stats.TTwoSided(0.059/math.Sqrt(0.0002), 200); math.Abs(m.P.Float()-want) > byHand || len(m.Flags) > 0 {
			t.Errorf("%s: p %v, want %v, flags %v", statistic, m.P.Float(), want, m.Flags)
		}
		if l := m.Line(); l.Before != "−0.2 pts" || l.After != "+5.7 pts" || l.Change != "+5.9 pts" {
			t.Errorf("%s: %+v", statistic, l)
		}
	}
}

func limit(x float64) *float64 { return &x }

func TestGates(t *testing.T) {
	base := 150
	before := run(1000, share("a", "yes", "Total", 0.30, 0.03, 1000))
	after := run(1300, share("a", "yes", "Total", 0.36, 0.04, 100), share("a", "no", "Total", 0.64, 0.04, 100))
	after.Weighting = &survey.WeightingReport{Margins: []survey.WeightMargin{{Target: 100, After: 103}, {Target: 50, After: 90, Kept: true}}}
	for _, c := range []struct {
		gate Gate
		want string
	}{
		{Gate{DesignEffect: limit(1.5)}, "the design effect of the weights is 1.60, over 1.5"},
		{Gate{DesignEffect: limit(1.7)}, ""},
		{Gate{Moves: limit(5)}, "a: yes | Total moved by +6.0 pts, more than 5 points"},
		{Gate{Moves: limit(6.5)}, ""},
		{Gate{Moves: limit(5), Tables: []string{"other"}}, ""},
		{Gate{Base: &base}, "the base of a: yes | Total is 100, under 150"},
		{Gate{Margins: limit(0.02)}, "a margin misses its target by 3.0%, more than 2.0%"},
		{Gate{Margins: limit(0.05)}, ""},
		{Gate{Rows: limit(0.2)}, "the number of respondents went from 1,000 to 1,300, a change of more than 20%"},
		{Gate{Rows: limit(0.4)}, ""},
		{Gate{Questions: true}, "1 tables, rows or columns were added and 0 are gone"},
	} {
		r := Compare(before, after)
		r.Apply([]Gate{c.gate})
		if got := strings.Join(r.Held, ";"); got != c.want {
			t.Errorf("%+v: %q, want %q", c.gate, got, c.want)
		}
	}
	first := First(after)
	first.Apply([]Gate{{Moves: limit(0)}, {Rows: limit(0)}, {Questions: true}})
	if len(first.Held) != 0 {
		t.Errorf("the first run is held: %v", first.Held)
	}
	for _, g := range []Gate{{}, {Moves: limit(1), Questions: true}, {Moves: limit(-1)}, {Questions: true, Tables: []string{"a"}}} {
		if g.Check() == "" {
			t.Errorf("%+v is taken for a gate", g)
		}
	}
}

func TestPage(t *testing.T) {
	r := Compare(run(1000, share("a", "<yes>", "Total", 0.30, 0.03, 1000)), run(1300, share("a", "<yes>", "Total", 0.50, 0.03, 1300)))
	r.Apply([]Gate{{Moves: limit(5)}})
	var b bytes.Buffer
	if err := WriteHTML(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h1>Held back</h1>", "a: &lt;yes&gt; | Total", "30.0%", "50.0%", "20.0 pts", "1,000 → 1,300"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page has no %q:\n%s", want, b.String())
		}
	}
	b.Reset()
	if err := WriteJSON(&b, r); err != nil || !strings.Contains(b.String(), `"schema": "surveykit-changes/1"`) {
		t.Errorf("%v: %s", err, b.String())
	}
}
