package tabulate

import "testing"

func TestEqualListsAreOne(t *testing.T) {
	var l lists
	for k, list := range [][]int{{1, 2, 4}, nil, {1, 3, 4}, {0}, {1, 2, 4}, {}, {1, 3, 4}} {
		if want := []int{0, 1, 2, 3, 0, 1, 2}[k]; l.number(list) != want {
			t.Errorf("%v is not list %d", list, want)
		}
	}
}
