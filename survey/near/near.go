// Package near finds the names that a misspelt one may mean.
package near

import (
	"sort"
	"strings"
)

// Names returns up to n of the names that are close to name, closest first:
// by edit distance without regard to case, at most a third of the longer
// name's length, then names that contain it.
func Names(name string, names []string, n int) []string {
	type scored struct {
		name string
		d    int
	}
	var found []scored
	low := strings.ToLower(name)
	for _, s := range names {
		other := strings.ToLower(s)
		d := editDistance(low, other)
		switch {
		case d <= max(len(low), len(other))/3 || d <= 1:
			found = append(found, scored{s, d})
		case len(low) >= 3 && (strings.Contains(other, low) || strings.Contains(low, other) && len(other) >= 3):
			found = append(found, scored{s, 100 + d})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].d < found[j].d })
	if len(found) > n {
		found = found[:n]
	}
	out := make([]string, len(found))
	for i, f := range found {
		out[i] = f.name
	}
	return out
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours (optimal string alignment).
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	two, one, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return one[len(y)]
}
