package tabulate

import (
	"context"
	"slices"
	"sync"

	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/quality"
)

// Analysis makes a table in place of rows.
type Analysis interface {
	survey.Analysis
	// Tabulate makes the table of a sample: the rows that the table's filter keeps,
	// by its weight. The error is survey.Problems where there can be none.
	Tabulate(ctx context.Context, s *estimate.Sample, study *survey.Study, spec survey.TableSpec) (*Made, error)
}

// Made is a table that an analysis makes of everybody.
type Made struct {
	// Tabulation has the title, the rows, the one column, the cells and the notes, and
	// as its chart how it is drawn where the study does not say.
	*survey.Tabulation
	// Undrawable says why the chart that the study asks for cannot be drawn.
	Undrawable error
	// Reads are the variables that the table shows something of.
	Reads []string
	// RestsOn has for each row the row of an ordinary table that its figure rests on:
	// it is hidden with all other tables' figures of the same answers. Nil rests on
	// no count of people.
	RestsOn []*survey.RowSpec
}

// analysis plans a table of an analysis, under the study's rules of what may be
// shown. Only the analysis itself shows whether there can be one.
func (p *plan) analysis(asked survey.Analysis) {
	key := "." + asked.Key()
	if !p.sound(key, ".filter", ".weight") {
		return
	}
	made, err := p.once(p.spec.ID, func() (*Made, error) {
		own, ok := asked.(Analysis)
		if !ok {
			return nil, survey.Problems{{Value: asked.Key(), Message: "is not an analysis that makes a table", Remedy: "use one that package analysis lists for tables"}}
		}
		o := p.options
		o.Where = p.spec.Filter
		s, err := estimate.New(p.Table, p.frame, o)
		if err != nil {
			return nil, err
		}
		return own.Tabulate(p.ctx, s, p.Study, p.spec)
	})
	if err != nil {
		p.fail(p.at+key, asProblems(err)...)
		return
	}
	p.read(made.Reads...)
	guarded := make([][]block, len(made.Rows))
	for r, row := range made.RestsOn {
		if row != nil && p.Study.Quality.Confidential > 0 {
			blocks, problems := p.blocks(*row)
			guarded[r] = blocks
			p.fail(p.at+key, problems...)
		}
	}
	p.fail(p.at+".chart.kind", asProblems(made.Undrawable)...)
	everybody, faults := p.bannerOf(survey.TableSpec{Filter: p.spec.Filter}, nil)
	p.within(faults)
	p.Exclusive = true
	p.outline(made.Title, made.Rows, made.Columns, made.Chart, func() *survey.Tabulation { return p.analysisFigures(made, guarded, everybody) })
}

// once makes what an analysis shows in the table of an id once.
func (m *Maker) once(id string, make func() (*Made, error)) (*Made, error) {
	m.mu.Lock()
	if m.made == nil {
		m.made = map[string]func() (*Made, error){}
	}
	once, ok := m.made[id]
	if !ok {
		once = sync.OnceValues(make)
		m.made[id] = once
	}
	m.mu.Unlock()
	return once()
}

func (t *tabling) analysisFigures(made *Made, guarded [][]block, everybody banner) *survey.Tabulation {
	out := t.start(made.Title)
	out.Rows, out.Columns, out.Chart = slices.Clone(made.Rows), slices.Clone(made.Columns), made.Chart
	out.Notes = slices.Concat(made.Notes, out.Notes)
	for r := range made.Rows {
		cells := slices.Clone(made.Cells[r])
		out.Cells = append(out.Cells, cells)
		cells[0].Flags = append(slices.Clone(cells[0].Flags), t.judged(cells[0].Estimate)...)
		if entries := t.stub(guarded[r], everybody); len(entries) > 0 {
			t.publish(entries[len(entries)-1], everybody, places(cells))
		}
	}
	return t.finished(out)
}

// judged are the flags of a figure by the study's standard. Those that are no
// proportions of people, such as parts of R², have the house rules.
func (t *tabling) judged(e survey.Estimate) []string {
	if e.Statistic == estimate.TopBox.Name && t.Study.Quality.Standard == standardNCHS {
		return nchsShare(e, t.options.Level)
	}
	return quality.House(e.N, t.Study.Quality.Limits())
}
