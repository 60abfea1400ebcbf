package parallel_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"surveykit/stats/parallel"
)

func TestEveryJobRunsOnce(t *testing.T) {
	for _, n := range []int{0, 1, runtime.GOMAXPROCS(0) + 1, 1000} {
		ran := make([]int, n)
		if err := parallel.Each(context.Background(), n, func(i int) { ran[i]++ }); err != nil {
			t.Fatal(err)
		}
		for i, times := range ran {
			if times != 1 {
				t.Errorf("job %d of %d ran %d times", i, n, times)
			}
		}
	}
}

// As many jobs as there are processors wait for each other here.
func TestJobsRunTogether(t *testing.T) {
	n := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	all.Add(n)
	parallel.Each(context.Background(), n, func(int) {
		all.Done()
		all.Wait()
	})
}

func TestNoJobBeginsOnceTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var ran atomic.Int64
	err := parallel.Each(ctx, 1000, func(int) {
		ran.Add(1)
		cancel()
	})
	if most := int64(runtime.GOMAXPROCS(0) + 1); err != context.Canceled || ran.Load() > most {
		t.Errorf("%d jobs ran, error %v", ran.Load(), err)
	}
}
