package database

import (
	"context"
	"fmt"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
)

// Table reads all rows of the columns that were picked, in the order in which the engine
// gives them.
func (s *Source) Table(ctx context.Context) (*survey.Table, error) {
	return again(ctx, s, func() (*survey.Table, error) { return s.table(ctx) })
}

func (s *Source) table(ctx context.Context) (*survey.Table, error) {
	var fillers []*filler
	var terms []string
	for _, v := range s.dictionary.Variables {
		c := s.columns[v.Name]
		fillers, terms = append(fillers, newFiller(c)), append(terms, c.Value)
	}
	if len(terms) == 0 {
		terms = append(terms, "1")
	}
	t := *s.dictionary
	t.Rows, t.Variables = 0, nil
	err := s.each(ctx, "SELECT "+strings.Join(terms, ", ")+" FROM "+s.from, func(values []any) error {
		t.Rows++
		for k, f := range fillers {
			if err := f.add(values[k]); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && t.Rows != s.rows {
		err = s.moved(fmt.Sprintf("there were %s rows and are %s now", survey.FormatCount(s.rows), survey.FormatCount(t.Rows)))
	}
	if err != nil {
		return nil, err
	}
	for _, f := range fillers {
		t.Variables = append(t.Variables, f.filled(s.dictionary))
	}
	return &t, nil
}

// bookSuffix ends the name of the table that describes another: T_codebook.
const bookSuffix = "_codebook"

// bookOrder is the column by which the rows of a codebook are in order.
const bookOrder = "row"

// codebook reads a table that Write made beside the data.
func (s *Source) codebook(ctx context.Context, p Place) (*codebook.Book, error) {
	t := &survey.Table{}
	var fillers []*filler
	var terms []string
	for _, name := range codebook.Columns {
		fillers, terms = append(fillers, newFiller(Column{Name: name, Kind: survey.Text})), append(terms, s.dialect.Quote(name))
		t.Variables = append(t.Variables, &survey.Variable{Name: name, Kind: survey.Text})
	}
	err := s.each(ctx, "SELECT "+strings.Join(terms, ", ")+" FROM "+s.name(p.Table)+" ORDER BY "+s.dialect.Quote(bookOrder), func(values []any) error {
		t.Rows++
		for k, f := range fillers {
			if err := f.add(values[k]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for k, f := range fillers {
		t.Variables[k] = f.filled(t)
	}
	return codebook.Read(t, p.String())
}
