// Command surveykit turns a survey export into weighted figures with
// design-based intervals, a workbook, charts and data.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(process())
}

// process is the command line as a program: Ctrl-C and the stop of a service
// end it in good order.
func process() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Main(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
