package grouped

import (
	"context"
	"slices"
	"sync"
)

// Asked is a question that a source answered.
type Asked struct {
	// Statement is the question in the source's words, such as SQL; "" where it has none.
	Statement string `json:"statement,omitempty"`
	// Columns are what was grouped by, Groups the number of groups that left the source.
	Columns []string `json:"columns"`
	Groups  int      `json:"groups"`
}

// Recorder is a source that keeps what it was asked.
type Recorder struct {
	Source
	mu    sync.Mutex
	asked []Asked
}

// Group asks the source, and keeps the question.
func (r *Recorder) Group(ctx context.Context, request Request) (*Groups, error) {
	groups, err := r.Source.Group(ctx, request)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, Asked{groups.Statement, slices.Concat([]string{}, request.Columns), groups.Table.Rows})
	return groups, nil
}

// Close closes the source.
func (r *Recorder) Close() error { return Close(r.Source) }

// Asked are the questions so far.
func (r *Recorder) Asked() []Asked {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.asked)
}
