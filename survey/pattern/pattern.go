// Package pattern has regular expressions that are compiled when they are first
// used, so that a command does not wait for those of others.
package pattern

import (
	"regexp"
	"sync"
)

// Lazy gives the regular expression of a text, which must be one.
func Lazy(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
