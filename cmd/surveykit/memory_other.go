//go:build !linux

package main

// taken is 0: it is not known how much memory a process takes here.
func taken(int) int64 { return 0 }
