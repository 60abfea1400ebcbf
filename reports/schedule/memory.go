package schedule

import (
	"fmt"
	"os/exec"
	"sync/atomic"
	"time"
)

// overMemory is the end of a process that took more than it may.
type overMemory struct{ limit Size }

func (o overMemory) Error() string {
	return fmt.Sprintf("the study took more than %s of memory and was ended; give it more by memory: in the jobs file, or fewer data", o.limit)
}

const (
	// glance is how often the memory of a process is looked at.
	glance = 10 * time.Millisecond
	// thrift is the share of the limit beyond which the process collects garbage
	// as hard as it can.
	thrift = 0.85
)

// runBelow runs a command as c.Run does, and kills it once it takes more than
// limit; the error is overMemory then. Without a limit it may take all.
func runBelow(c *exec.Cmd, limit Size) error {
	most := limit.Bytes()
	if most == 0 {
		return c.Run()
	}
	c.Env = append(c.Environ(), fmt.Sprintf("GOMEMLIMIT=%.0f", thrift*float64(most)))
	if err := c.Start(); err != nil {
		return err
	}
	var over atomic.Bool
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(glance)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			if taken(c.Process.Pid) > most {
				over.Store(true)
				c.Process.Kill()
				return
			}
		}
	}()
	err := c.Wait()
	close(done)
	if err != nil && over.Load() {
		return overMemory{limit}
	}
	return err
}
