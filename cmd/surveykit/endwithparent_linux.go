package main

import (
	"os/exec"
	"syscall"
)

// endWithParent lets the system kill a child when this process dies, however it
// dies: a study without a scheduler would write into a folder that the next one
// has taken over.
func endWithParent(c *exec.Cmd) {
	if c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	c.SysProcAttr.Pdeathsig = syscall.SIGKILL
}
