// Package parallel runs independent jobs on all processors.
package parallel

import (
	"context"
	"runtime"
	"sync"
)

// Each runs job(0) … job(n−1), each once, on all processors, and waits for them.
// Jobs begin in order and may end in any. Once ctx ends no more begin; the error
// is the context's.
func Each(ctx context.Context, n int, job func(i int)) error {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				job(i)
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	workers.Wait()
	return ctx.Err()
}
