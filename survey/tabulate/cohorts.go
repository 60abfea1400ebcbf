package tabulate

import (
	"cmp"
	"fmt"
	"math"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// cohorts plans a table with a row for each figure and age group, and five
// columns: the age group in the later wave, people of the same age in the
// earlier one, people of the same years of birth in it, and the changes from
// either. The first change is that of an age group, the second that of people
// who have grown older. Source: Glenn 2005, Cohort Analysis.
func (p *plan) cohorts(spec survey.CohortSpec) {
	w, problems := p.cohortWaves(spec)
	p.fail(p.at+".cohorts", problems...)
	blocks := p.requested()
	var rows []survey.Row
	for _, b := range blocks {
		for _, l := range b.lines {
			for g := range w.brackets {
				rows = append(rows, w.row(l.Row, g))
			}
		}
	}
	title := ""
	if len(blocks) > 0 {
		title = blocks[0].title
	}
	p.outline(title, rows, w.heads(), nil, func() *survey.Tabulation { return p.cohortFigures(title, w, blocks) })
}

// row is a figure's row of an age group.
func (w cohortWaves) row(r survey.Row, g int) survey.Row {
	r.Group, r.Label, r.Indent = heading(r), w.brackets[g].String(), 0
	return r
}

// cohortFigures makes a table of cohorts.
func (t *tabling) cohortFigures(title string, w cohortWaves, blocks []block) *survey.Tabulation {
	byAge := make([][]entry, len(w.brackets))
	for g := range w.brackets {
		byAge[g] = t.stub(blocks, w.banner(g, t.where))
	}
	out := t.start(title)
	out.Columns = w.heads()
	for r := range byAge[0] {
		for g, entries := range byAge {
			e := entries[r]
			out.Rows, out.Cells = append(out.Rows, w.row(e.Row, g)), append(out.Cells, e.cells)
			t.publish(e, e.x.banner, places(e.cells))
		}
	}
	t.remark(fmt.Sprintf("The same cohort are people whose age in %s was %d years less, which the year of birth shows, except for birthdays between the interviews; people who died, moved in or moved out between the waves are part of its change.", w.from, w.years))
	for g, b := range w.brackets {
		if !w.follows(g) {
			out.Notes = append(out.Notes, fmt.Sprintf("No cohort is shown for %s: some of them were under %s in %s, the age of the youngest respondent then.", b, survey.FormatNumber(w.youngest[0]), w.from))
		}
	}
	return t.finished(out)
}

// heading names a figure over its age groups.
func heading(r survey.Row) string {
	if r.Group == "" || r.Group == r.Label {
		return r.Label
	}
	return r.Group + ": " + r.Label
}

// cohortWaves are the two waves of a table of cohorts with its age groups.
type cohortWaves struct {
	variable, age string
	from, to      string
	years         int
	brackets      []survey.Bracket
	// wave are the earlier and the later wave, same the age groups, aged those of
	// people of the same years of birth in the earlier wave.
	wave       engine.Codes
	same, aged engine.Bands
	// origins are what the columns are made of.
	origins map[string]origin
	// youngest is the age of the youngest respondent of either wave.
	youngest [2]float64
}

func (t *tabling) cohortWaves(spec survey.CohortSpec) (w cohortWaves, problems survey.Problems) {
	w.variable, w.age = cmp.Or(spec.Variable, t.Study.Design.WaveVariable), spec.Age
	c, problems := t.classify(w.variable)
	for _, s := range spec.Brackets {
		b, ok := survey.ParseBracket(s)
		if !ok {
			problems = append(problems, survey.Problem{Value: s, Message: "this is not a range of whole numbers", Remedy: "write 18-24, 65+ or under 18"})
		}
		w.brackets = append(w.brackets, b)
	}
	_, ps := t.numbers(spec.Age)
	if problems = append(problems, ps...); len(problems) > 0 {
		return w, problems
	}
	waves, problems := find(c, []survey.Value{spec.From, spec.To}, nil, w.variable)
	if len(problems) > 0 {
		return w, problems
	}
	w.from, w.to = c.Labels[waves[0]], c.Labels[waves[len(waves)-1]]
	years, problem := spec.Span(w.from, w.to)
	if problem != nil {
		return w, survey.Problems{*problem}
	}
	w.years, w.origins = years, originsOf(t.Table, []string{w.variable, w.age})
	w.wave = engine.Codes{Column: w.variable, Values: [][]survey.Value{{c.Values[waves[0]]}, {c.Values[waves[len(waves)-1]]}}}
	w.same, w.aged = engine.Bands{Column: w.age, Bands: w.brackets}, engine.Bands{Column: w.age}
	for _, b := range w.brackets {
		w.aged.Bands = append(w.aged.Bands, b.Less(float64(w.years)))
	}
	ages, err := t.Answering().Categories(t.ctx, w.age)
	if err != nil {
		return w, asProblems(err)
	}
	w.youngest = [2]float64{math.Inf(1), math.Inf(1)}
	v, n := t.Table.Lookup(w.age), len(ages.Values)
	for at, people := range t.counts(t.frame, engine.Query{Cells: []engine.Axis{w.wave, engine.Categories(w.age, ages)}}) {
		if years, ok := v.Score(ages.Values[at%n]); ok && people > 0 {
			w.youngest[at/n] = min(w.youngest[at/n], math.Floor(years))
		}
	}
	return w, t.checkCohorts(w)
}

// follows reports whether everybody of an age group was old enough to be asked
// in the earlier wave.
func (w cohortWaves) follows(g int) bool {
	return max(w.brackets[g].Low, w.youngest[1])-float64(w.years) >= w.youngest[0]
}

// checkCohorts finds ages that are none, and age groups of which none can be
// followed.
func (t *tabling) checkCohorts(w cohortWaves) survey.Problems {
	inside := [2]bool{}
	for at, n := range t.counts(nil, engine.Query{Cells: []engine.Axis{w.wave, w.same}}) {
		if n > 0 {
			inside[at/len(w.brackets)] = true
		}
	}
	if !inside[0] || !inside[1] {
		return survey.Problems{{Variable: w.age, Message: fmt.Sprintf("nobody in %s or nobody in %s is in the age groups", w.from, w.to), Remedy: "give a variable of the age in years, and brackets of it"}}
	}
	for g := range w.brackets {
		if w.follows(g) {
			return nil
		}
	}
	return survey.Problems{{Variable: w.age, Message: fmt.Sprintf("no age group of %s can be followed: the youngest respondent of %s was %s, %d years before", w.to, w.from, survey.FormatNumber(w.youngest[0]), w.years),
		Remedy: fmt.Sprintf("start an age group at %s or later", survey.FormatNumber(w.youngest[0]+float64(w.years)))}}
}

// banner lays out the five columns of an age group.
func (w cohortWaves) banner(g int, where []engine.Condition) banner {
	b := laying{points: []engine.Point{engine.Everyone}}
	inWave := func(wave int, of engine.Axis) int { return b.add(inCell(inCell(engine.Everyone, w.wave, wave), of, g)) }
	later, same, cohort := inWave(1, w.same), inWave(0, w.same), inWave(0, w.aged)
	bracket := w.brackets[g]
	heads := w.heads()
	column := func(k, point int, between *contrast, wave string, ages survey.Bracket) {
		labels := survey.Group{{Variable: w.variable, Value: survey.TextValue(wave)}, {Variable: w.age, Value: survey.TextValue(ages.String())}}
		b.columns = append(b.columns, column{Column: heads[k], point: point, between: between, group: labels, labels: labels, origins: w.origins})
	}
	before := bracket.Less(float64(w.years))
	unknown := &contrast{sides: [][]int{{cohort}}, part: func(*crossing, line) (estimate.Ask, bool) { return estimate.Ask{}, false }}
	follow, change := (*contrast)(nil), changeOf(cohort, later)
	if !w.follows(g) {
		follow, change = unknown, unknown
	}
	column(0, later, nil, w.to, bracket)
	column(1, same, nil, w.from, bracket)
	column(2, cohort, follow, w.from, before)
	column(3, later, changeOf(same, later), w.to, bracket)
	column(4, later, change, w.to, bracket)
	return banner{points: b.points, where: where, columns: b.columns}
}

// heads are the columns' headings.
func (w cohortWaves) heads() []survey.Column {
	change := "Change " + w.from + " to " + w.to
	return []survey.Column{
		{Label: w.to}, {Label: w.from + ", same age"}, {Label: w.from + ", same cohort"},
		{Group: change, Label: "Same age", Change: true}, {Group: change, Label: "Same cohort", Change: true},
	}
}
