// Package coverage counts how often confidence intervals of proportions hold
// the truth, and how often the letters of tables are false, over many samples of
// a population where the truth is known.
package coverage

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"surveykit/stats"
	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// Target is a proportion whose truth is known.
type Target struct {
	Name string
	// Share is the expression of the proportion, Where that of its domain, ""
	// for everybody.
	Share, Where string
	// Truth is the population's proportion, 0–1.
	Truth float64
}

// Study says what is sampled and counted. All fields are required.
type Study struct {
	Design survey.Design
	// Samples is how many are drawn; Draw gives sample k and is called from
	// several goroutines at once.
	Samples int
	Draw    func(k int) (*survey.Table, error)
	Targets []Target
	Methods []*stats.IntervalMethod
	// Level is the confidence level, 0–1.
	Level float64
}

// Result is what the samples say of one method for one target.
type Result struct {
	Target Target
	Method *stats.IntervalMethod
	// Samples have been drawn, Answered of them gave an interval: there is none
	// where nobody of the domain was drawn, or no more PSUs than strata.
	Samples, Answered int
	// Left and Right count the intervals that lie wholly above and below the
	// truth: it is missed on their left and on their right.
	Left, Right int
	// Width is the mean width of the intervals, 0–1; NaN without any.
	Width float64
	// Weighting is the mean of Kish's design effect of the weights, n·Σw²/(Σw)², of
	// the rows behind the intervals; NaN without any.
	Weighting float64
}

// Coverage is the share of the intervals that hold the truth; NaN without any.
func (r Result) Coverage() float64 {
	return float64(r.Answered-r.Left-r.Right) / float64(r.Answered)
}

// limits are an interval, with Kish's design effect of its weights; found
// is false where there is none.
type limits struct {
	low, high, weighting float64
	found                bool
}

// Run draws the samples, on all cores, and counts. The result is the same for
// any number of cores. progress, where not nil, hears how many samples are
// done, one call at a time. A sample that cannot be drawn or estimated ends the study.
func (s Study) Run(ctx context.Context, progress func(done int)) ([]Result, error) {
	intervals, err := each(ctx, s.Samples, s.sample, progress)
	if intervals == nil {
		return nil, err
	}
	return s.count(intervals), err
}

// each gives what sample finds in samples 0 to n−1, on all cores, nil where one
// of them fails. Where ctx ends before, those that are not done have nothing.
func each[T any](ctx context.Context, n int, sample func(k int) (T, error), progress func(done int)) ([]T, error) {
	found := make([]T, n)
	errs := make([]error, n)
	var failed atomic.Bool
	var telling sync.Mutex
	done := 0
	ended := parallel.Each(ctx, n, func(k int) {
		if failed.Load() {
			return
		}
		if found[k], errs[k] = sample(k); errs[k] != nil {
			failed.Store(true)
		}
		telling.Lock()
		defer telling.Unlock()
		if done++; progress != nil {
			progress(done)
		}
	})
	for k, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("sample %d: %w", k, err)
		}
	}
	return found, ended
}

// sample gives the interval of every target by every method in sample k.
func (s Study) sample(k int) ([]limits, error) {
	table, err := s.Draw(k)
	if err != nil {
		return nil, err
	}
	frame, err := engine.NewFrame(table, s.Design)
	if err != nil {
		return nil, err
	}
	var out []limits
	for _, target := range s.Targets {
		for _, m := range s.Methods {
			sample, err := estimate.New(table, frame, estimate.Options{Where: target.Where, Level: s.Level, Interval: m})
			if err != nil {
				return nil, err
			}
			records, err := sample.Share(target.Share)
			if err != nil {
				return nil, err
			}
			r := records[0]
			out = append(out, limits{r.Low.Float(), r.High.Float(), float64(r.N) / r.NEffective.Float(), r.Low.Exists()})
		}
	}
	return out, nil
}

// count goes through the samples in order, so that sums round alike every time.
func (s Study) count(intervals [][]limits) []Result {
	var out []Result
	for _, target := range s.Targets {
		for _, m := range s.Methods {
			r := Result{Target: target, Method: m, Samples: s.Samples}
			for _, sample := range intervals {
				if sample != nil {
					l := sample[len(out)]
					if !l.found {
						continue
					}
					r.Answered++
					r.Width += l.high - l.low
					r.Weighting += l.weighting
					switch {
					case r.Target.Truth < l.low:
						r.Left++
					case r.Target.Truth > l.high:
						r.Right++
					}
				}
			}
			r.Width /= float64(r.Answered)
			r.Weighting /= float64(r.Answered)
			out = append(out, r)
		}
	}
	return out
}
