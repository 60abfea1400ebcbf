package tabulate_test

import (
	"math"
	"strings"
	"testing"

	"surveykit/survey"
)

// TestMimicsOfMeans by hand: groups of 50 with answers 1, 2, 3 and 4, 6, 8 in
// turn and a third of 2 and 6, equal weights.
func TestMimicsOfMeans(t *testing.T) {
	columns := map[string][]float64{}
	for g, answers := range [][]float64{{1, 2, 3}, {4, 6, 8}, {2, 6}} {
		for i := range 60 {
			columns["group"] = append(columns["group"], float64(g+1))
			columns["y"] = append(columns["y"], answers[i%len(answers)])
		}
	}
	mean := func(tests survey.TestSpec) *survey.Tabulation {
		tests.Adjust = "none"
		return made(t, people(columns), &survey.Study{Tests: tests, Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Mean: "y"}}, Columns: names("group")}}})
	}
	squares := []float64{60 * 2.0 / 3, 60 * 8.0 / 3, 60 * 4}
	for _, c := range []struct {
		program      string
		variance, df float64
	}{
		{"quantum", (squares[0] + squares[1]) / 118, 118},
		{"spss", (squares[0] + squares[1] + squares[2]) / 177, 177},
	} {
		out := mean(survey.TestSpec{Mimic: c.program})
		got := out.Comparisons[0]
		closeTo(t, c.program+" difference", got.Difference, -4, sumTolerance)
		closeTo(t, c.program+" se", got.SE, math.Sqrt(c.variance*2/60), sumTolerance)
		closeTo(t, c.program+" df", got.DF, c.df, 1e-9)
		if got := letters(out); got != ",,AC,A" {
			t.Errorf("%s: letters %q", c.program, got)
		}
	}
	rest := mean(survey.TestSpec{Mimic: "quantum", Against: "rest"}).Comparisons[0]
	outside := squares[1] + squares[2] + 60 // means 6 and 4 around 5
	closeTo(t, "se against the rest", rest.SE, math.Sqrt((squares[0]+outside+60)/178*(1.0/60+1.0/120)), sumTolerance)
}

// TestQuantumHoldsTheEffectiveBase: 60 people a group, of whom a few weigh so
// much that they are worth fewer than 50, are not compared by Quantum; SPSS looks
// at the people.
func TestQuantumHoldsTheEffectiveBase(t *testing.T) {
	columns := map[string][]float64{}
	for g := range 2 {
		for i := range 60 {
			w, y := 1.0, float64((i+g)%2)
			if i < 6 {
				w = 5
			}
			if g == 0 && i%10 > 0 {
				y = 1
			}
			columns["group"], columns["y"], columns["w"] = append(columns["group"], float64(g+1)), append(columns["y"], y), append(columns["w"], w)
		}
	}
	for program, want := range map[string]int{"quantum": 0, "spss": 1, "": 1} {
		out := made(t, people(columns), &survey.Study{Design: survey.Design{Weight: "w"}, Tests: survey.TestSpec{Mimic: program},
			Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Share: "y == 1"}}, Columns: names("group")}}})
		if e := out.Cells[0][1].NEffective; e.Float() >= 50 || out.Cells[0][1].N != 60 {
			t.Fatalf("n %d, effective %v", out.Cells[0][1].N, e.Float())
		}
		if len(out.Comparisons) != want {
			t.Errorf("%q compares %d pairs, want %d: %s", program, len(out.Comparisons), want, strings.Join(out.Legend, " "))
		}
	}
}
