package stats

import (
	"fmt"
	"slices"
	"strings"
)

// Names are the names of a list of methods, such as IntervalMethods.
func Names[T fmt.Stringer](list []T) []string {
	names := make([]string, len(list))
	for k, x := range list {
		names[k] = x.String()
	}
	return names
}

// Named returns the method of a list that has a name, the first one, which is the
// default, for "", or an error that lists the names; what says what the list holds.
func Named[T fmt.Stringer](what, name string, list []T) (T, error) {
	if name == "" {
		return list[0], nil
	}
	k := slices.IndexFunc(list, func(x T) bool { return x.String() == name })
	if k < 0 {
		var none T
		return none, fmt.Errorf("unknown %s %q: use one of %s", what, name, strings.Join(Names(list), ", "))
	}
	return list[k], nil
}
