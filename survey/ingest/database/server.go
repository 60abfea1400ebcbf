package database

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// lost is what an error of a connection to a server means.
func lost(err error) Failure {
	var e *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return Failure{Message: "the server cannot be found: " + dns.Error(), Remedy: "check the host"}
	case errors.As(err, &e) && e.Op == "dial":
		return Failure{Again: true, Message: "the server cannot be reached: " + e.Error(), Remedy: "check host and port, and that the server runs"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Failure{} // said for all engines
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, net.ErrClosed), errors.Is(err, driver.ErrBadConn), errors.As(err, &e):
		return Failure{Again: true, Message: "the connection to the server was lost", Remedy: "try again once the server runs"}
	}
	return Failure{}
}
