package estimate_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
)

// randomSurvey is a survey made at random: its data as CSV, its design, and what
// is asked of it.
type randomSurvey struct {
	name      string
	data      string
	design    survey.Design
	level     float64
	weighting string
	fitted    fitted
	// lonely says that a stratum or a unit holds a single sampled unit.
	lonely   bool
	requests []request
}

// request is one thing that is asked.
type request struct {
	kind, variable, other, option, domain string
	probability                           float64
}

// fitted is what weights are calibrated to, as R is told it.
type fitted struct {
	margins, distance string
	population        []float64
}

// respondent is a row of a random survey.
type respondent struct {
	stratum, psu, unit int
	weight             float64
	sizes              [2]string
	values             []string
	m, v               int
}

// newRandomSurvey draws the shape of a survey, its rows, and the requests.
func newRandomSurvey(name string, r *rand.Rand) *randomSurvey {
	s := &randomSurvey{name: name, level: []float64{0.95, 0.95, 0.9}[r.IntN(3)]}
	kind := []string{"weights", "strata", "clusters", "clusters", "two stages", "two stages", "replicates", "replicates"}[r.IntN(8)]
	sizes := []string{"", "", "count", "fraction"}[r.IntN(4)]
	if kind == "two stages" && r.IntN(3) > 0 {
		sizes = []string{"count", "fraction"}[r.IntN(2)]
	}
	rows := s.draw(r, kind, sizes)
	s.design.Weight = "w"
	if kind != "weights" {
		s.design.Strata = "h"
	}
	switch kind {
	case "clusters":
		s.design.PSU = []string{"p"}
	case "two stages":
		s.design.PSU = []string{"p", "u"}
	}
	columns := [][]string{}
	if kind == "replicates" {
		columns = s.replicate(r, rows)
	} else {
		if sizes != "" {
			s.design.FPC = []string{"n1", "n2"}[:max(1, len(s.design.PSU))]
		}
		s.design.LonelyPSU = "fail"
		if s.lonely && r.IntN(6) > 0 || r.IntN(8) == 0 {
			s.design.LonelyPSU = []string{"certainty", "remove", "adjust", "average"}[r.IntN(4)]
		}
	}
	if r.IntN(4) == 0 {
		s.fit(r, rows)
	}
	s.write(rows, columns)
	s.ask()
	return s
}

// draw makes the rows: strata and PSUs move the answers, some answers are
// missing, some categories rare, some weights 0.
func (s *randomSurvey) draw(r *rand.Rand, kind, sizes string) []respondent {
	strata := 1 + r.IntN(6)
	if kind == "weights" {
		strata = 1
	}
	missing := []float64{0, 0.05, 0.2}[r.IntN(3)]
	zero := []float64{0, 0, 0.08}[r.IntN(3)]
	equal, rare := r.IntN(8) == 0, 0.02+0.3*r.Float64()
	var rows []respondent
	for h := range strata {
		psus := 2 + r.IntN(7)
		switch {
		case kind == "weights":
			psus = 20 + r.IntN(60)
		case kind == "strata":
			psus = 3 + r.IntN(20)
		}
		if kind != "replicates" && kind != "weights" && r.IntN(8) == 0 {
			psus, s.lonely = 1, true
		}
		first := populationSize(r, sizes, psus)
		effect := 3 * r.NormFloat64()
		for p := range psus {
			shift, units, persons := effect+2*r.NormFloat64(), 1, 1
			switch kind {
			case "clusters", "replicates":
				persons = 1 + r.IntN(9)
			case "two stages":
				units = 1 + r.IntN(4)
				s.lonely = s.lonely || units == 1 && sizes != ""
			}
			second := populationSize(r, sizes, units)
			for u := range units {
				if kind == "two stages" {
					persons = 1 + r.IntN(4)
				}
				for range persons {
					w := math.Round(1e4*math.Exp(0.7*r.NormFloat64())) / 1e4
					if equal {
						w = 1
					}
					if r.Float64() < zero {
						w = 0
					}
					rows = append(rows, respondent{stratum: h + 1, psu: p + 1, unit: u + 1, weight: w, sizes: [2]string{first, second},
						values: drawAnswers(r, shift, missing, rare), m: r.IntN(3), v: r.IntN(2)})
				}
			}
		}
	}
	return rows
}

// populationSize is how many units there are of which so many were sampled, or
// the share that was.
func populationSize(r *rand.Rand, sizes string, sampled int) string {
	whole := r.IntN(10) == 0
	switch {
	case sizes == "count" && whole:
		return strconv.Itoa(sampled)
	case sizes == "count":
		return strconv.Itoa(sampled + 1 + r.IntN(40))
	case sizes == "fraction" && whole:
		return "1"
	case sizes == "fraction":
		return fmt.Sprintf("%.3f", 0.05+0.9*r.Float64())
	}
	return ""
}

// drawAnswers makes the answers to y, k, x, b, f, g and z.
func drawAnswers(r *rand.Rand, shift, missing, rare float64) []string {
	y := 20 + shift + 5*r.NormFloat64()
	b := "0"
	if r.Float64() < 1/(1+math.Exp(-(y-20)/4)) {
		b = "1"
	}
	f := []string{"a", "b", "c"}[r.IntN(3)]
	if r.Float64() < rare {
		f = "d"
	}
	g := []string{"v", "w"}[r.IntN(2)]
	if r.Float64() < rare {
		g = "x"
	}
	z := strconv.Itoa(r.IntN(10) / 7)
	answers := []string{fmt.Sprintf("%.1f", y), strconv.Itoa(1 + r.IntN(7)), fmt.Sprintf("%.2f", 1+8*r.Float64()), b, f, g, z}
	for _, k := range []int{0, 1, 3, 4, 5} {
		if r.Float64() < missing {
			answers[k] = ""
		}
	}
	return answers
}

// replicate makes replicate weights of a type at random and gives their columns.
func (s *randomSurvey) replicate(r *rand.Rand, rows []respondent) [][]string {
	type psu struct{ stratum, psu int }
	var psus []psu
	size := map[int]float64{}
	for _, row := range rows {
		if p := (psu{row.stratum, row.psu}); len(psus) == 0 || psus[len(psus)-1] != p {
			psus = append(psus, p)
			size[p.stratum]++
		}
	}
	n := float64(len(psus))
	spec := &survey.ReplicateSpec{Columns: "rep_*", Type: []string{"jk1", "jkn", "brr", "fay", "bootstrap", "sdr", "other"}[r.IntN(7)], MSE: r.IntN(3) == 0}
	combined := r.IntN(3) > 0
	spec.Combined = &combined
	sets := 20 + r.IntN(20)
	switch spec.Type {
	case "jk1", "jkn":
		sets = len(psus)
	case "fay":
		spec.FayRho = 0.3
	case "sdr":
		spec.MSE = true
	case "other":
		scale := 0.01 + r.Float64()
		spec.Scale = &scale
		for range sets {
			spec.RScales = append(spec.RScales, 0.5+r.Float64())
		}
	}
	columns := make([][]string, sets)
	for k := range columns {
		factor := map[psu]float64{}
		for j, p := range psus {
			m := size[p.stratum]
			switch spec.Type {
			case "jk1":
				factor[p] = n / (n - 1)
			case "jkn":
				factor[p] = 1
				if p.stratum == psus[k].stratum {
					factor[p] = m / (m - 1)
				}
			case "brr":
				factor[p] = float64(2 * r.IntN(2))
			case "fay":
				factor[p] = 0.3 + 1.4*float64(r.IntN(2))
			default:
				factor[p] = 0.2 + 1.6*r.Float64()
			}
			if j == k && strings.HasPrefix(spec.Type, "jk") {
				factor[p] = 0
			}
		}
		if spec.Type == "bootstrap" {
			clear(factor)
			for range psus {
				factor[psus[r.IntN(len(psus))]]++
			}
		}
		if spec.Type == "jkn" {
			m := size[psus[k].stratum]
			spec.RScales = append(spec.RScales, (m-1)/m)
		}
		for _, row := range rows {
			x := factor[psu{row.stratum, row.psu}]
			if combined {
				x *= row.weight
			}
			columns[k] = append(columns[k], number17(x))
		}
	}
	s.design = survey.Design{Weight: "w", Replicates: spec}
	return columns
}

// fit has the weights raked, or calibrated linearly, to totals near their own.
func (s *randomSurvey) fit(r *rand.Rand, rows []respondent) {
	var m [3]float64
	var v [2]float64
	var sum float64
	for _, row := range rows {
		if row.weight == 0 && s.design.Replicates != nil {
			return // R divides replicate weights by the weight
		}
		m[row.m] += row.weight
		v[row.v] += row.weight
		sum += row.weight
	}
	if min(m[0], m[1], m[2], v[0], v[1]) == 0 {
		return
	}
	near := func(x float64) float64 { return math.Round(1000*x*(0.9+0.2*r.Float64())) / 1000 }
	m[1], m[2], v[1] = near(m[1]), near(m[2]), near(v[1])
	s.fitted = fitted{margins: "m + v", distance: "raking", population: []float64{sum, m[1], m[2], v[1]}}
	if r.IntN(2) == 0 {
		s.fitted.distance = "linear"
		s.weighting = fmt.Sprintf("{method: calibrate, formula: ~ m + v, distance: linear, population: {(Intercept): %s, mm1: %s, mm2: %s, vv1: %s}}",
			number17(sum), number17(m[1]), number17(m[2]), number17(v[1]))
		return
	}
	s.weighting = fmt.Sprintf("{method: rake, margins: {m: {m0: %s, m1: %s, m2: %s}, v: {v0: %s, v1: %s}}}",
		number17(sum-m[1]-m[2]), number17(m[1]), number17(m[2]), number17(sum-v[1]), number17(v[1]))
}

func number17(x float64) string { return strconv.FormatFloat(x, 'g', 17, 64) }

// write makes the CSV.
func (s *randomSurvey) write(rows []respondent, replicates [][]string) {
	header := strings.Split("h p u w n1 n2 y k x b f g z m v", " ")
	for k := range replicates {
		header = append(header, fmt.Sprintf("rep_%03d", k+1))
	}
	lines := [][]string{header}
	for i, row := range rows {
		line := []string{strconv.Itoa(row.stratum), strconv.Itoa(row.psu), strconv.Itoa(row.unit), number17(row.weight), row.sizes[0], row.sizes[1]}
		line = append(line, row.values...)
		line = append(line, fmt.Sprintf("m%d", row.m), fmt.Sprintf("v%d", row.v))
		for _, column := range replicates {
			line = append(line, column[i])
		}
		lines = append(lines, line)
	}
	s.data = csvText(lines)
}

func csvText(lines [][]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.WriteAll(lines)
	return b.String()
}

// ask lists the requests: every statistic, in the whole sample and in domains.
func (s *randomSurvey) ask() {
	for _, domain := range []string{"", "z == 1", "g == 'v'", "g == 'x'"} {
		// the header may hold the letter, too
		if _, code, ok := strings.Cut(domain, "'"); ok && strings.Count(s.data, ","+code[:1]+",") < 2 {
			continue
		}
		add := func(kind, variable, other, option string) {
			s.requests = append(s.requests, request{kind: kind, variable: variable, other: other, option: option, domain: domain})
		}
		for _, kind := range []string{"mean", "total", "variance"} {
			add(kind, "y", "", "")
		}
		add("ratio", "y/x", "", "")
		add("contrast", "z/x", "", "")
		for _, m := range stats.IntervalMethods {
			if m.R == "" || m == stats.Likelihood && s.design.Replicates != nil {
				continue
			}
			for _, category := range []string{"a", "d"} {
				if !strings.Contains(s.data, ","+category+",") {
					continue
				}
				add("proportion", "f", category, m.Name)
			}
		}
		for _, option := range []string{"math mean", "math beta", "math xlogit", "math asin", "school mean", "hf3 mean", "hf4 mean", "hf5 mean", "hf6 mean", "hf7 mean", "hf8 mean", "hf9 mean"} {
			for _, p := range []float64{0.1, 0.5, 0.75} {
				s.requests = append(s.requests, request{kind: "quantile", variable: "y", option: option, domain: domain, probability: p})
			}
		}
		for _, method := range []string{"F", "Chisq", "Wald", "adjWald", "saddlepoint"} {
			add("association", "f", "b", method)
		}
		add("difference", "y", "b", "0 1")
		add("difference", "k", "f", "a d")
		add("model", "y ~ x + factor(f)", "", "gaussian")
		add("model", "b ~ x + k", "", "quasibinomial")
		add("model", "b ~ factor(f) * x", "", "quasibinomial")
		add("model", "k ~ x + factor(f)", "", "quasipoisson")
	}
}

// types are the names that R has for the types of replicates.
var types = map[string]string{"jk1": "JK1", "jkn": "JKn", "brr": "BRR", "fay": "Fay", "bootstrap": "bootstrap", "sdr": "successive-difference", "other": "other"}

// writeSurveys writes what testdata/differential.R reads.
func writeSurveys(t *testing.T, folder string, surveys []*randomSurvey) {
	t.Helper()
	lines := [][]string{strings.Split("name ids strata fpc lonely level type combined mse scale rscales rho margins distance population", " ")}
	for _, s := range surveys {
		d := s.design
		line := []string{s.name, strings.Join(d.PSU, "+"), d.Strata, strings.Join(d.FPC, "+"), d.LonelyPSU, number17(s.level)}
		line = append(line, replicatesForR(d.Replicates, s.data)...)
		line = append(line, s.fitted.margins, s.fitted.distance, joined(s.fitted.population))
		lines = append(lines, line)
		requests := [][]string{strings.Split("survey id kind variable other option domain probability", " ")}
		for id, q := range s.requests {
			requests = append(requests, []string{s.name, strconv.Itoa(id), q.kind, q.variable, q.other, q.option, q.domain, number17(q.probability)})
		}
		writeFile(t, folder, s.name+".csv", s.data)
		writeFile(t, folder, s.name+".requests.csv", csvText(requests))
	}
	writeFile(t, folder, "surveys.csv", csvText(lines))
}

// replicatesForR are the fields type to rho of a survey. R has no scale of its own for jk1.
func replicatesForR(spec *survey.ReplicateSpec, data string) []string {
	if spec == nil {
		return []string{"", "", "", "", "", ""}
	}
	scale, rho := "", ""
	header, _, _ := strings.Cut(data, "\n")
	switch n := float64(strings.Count(header, "rep_")); {
	case spec.Scale != nil:
		scale = number17(*spec.Scale)
	case spec.Type == "jk1":
		scale = number17((n - 1) / n)
	case spec.Type == "jkn":
		scale = "1"
	case spec.Type == "bootstrap":
		scale = number17(1 / (n - 1))
	}
	if spec.FayRho != 0 {
		rho = number17(spec.FayRho)
	}
	upper := func(b bool) string { return strings.ToUpper(strconv.FormatBool(b)) }
	return []string{types[spec.Type], upper(*spec.Combined), upper(spec.MSE), scale, joined(spec.RScales), rho}
}

func joined(x []float64) string {
	var out []string
	for _, v := range x {
		out = append(out, number17(v))
	}
	return strings.Join(out, " ")
}

func writeFile(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
