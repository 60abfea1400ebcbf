package choice

import "slices"

// Estimable are the items whose utilities the choices determine, in rising order.
//
// The best of a choice wins against the other items of it, the worst loses. Where one
// group of items never loses to another, the likelihood rises without end as the two
// move apart, and no difference between them is finite. The items fall into groups in
// which each item loses to each other one through a chain of choices: the largest
// group is estimable, of equal ones the one with more choices among its items; none
// is where no group has two items. The condition is Ford's (American Mathematical Monthly 64, 1957),
// for several items at a time.
func Estimable(tasks []Task, items int) []int {
	beats, wins := make([][]bool, items), make([][]int, items)
	for j := range beats {
		beats[j], wins[j] = make([]bool, items), make([]int, items)
		beats[j][j] = true
	}
	win := func(a, b int) {
		beats[a][b] = true
		wins[a][b]++
	}
	for _, t := range tasks {
		for _, j := range t.Shown {
			if t.Best != None && j != t.Best {
				win(t.Best, j)
			}
			if t.Worst != None && j != t.Worst && j != t.Best {
				win(j, t.Worst)
			}
		}
	}
	for via := range items { // chains of choices: the closure by Warshall
		for a := range items {
			for b := range items {
				beats[a][b] = beats[a][b] || beats[a][via] && beats[via][b]
			}
		}
	}
	var best []int
	most := 0
	for a := range items {
		var group []int
		for b := range items {
			if beats[a][b] && beats[b][a] {
				group = append(group, b)
			}
		}
		choices := 0
		for _, b := range group {
			for _, c := range group {
				choices += wins[b][c]
			}
		}
		if len(group) > 1 && (len(group) > len(best) || len(group) == len(best) && choices > most) {
			best, most = group, choices
		}
	}
	return best
}

// Among are the tasks with some of the items only, numbered by their position among
// them; choices of other items are left out. In the limit of utilities that are not
// finite, the likelihood of all choices is the likelihood of these.
func Among(tasks []Task, items []int) []Task {
	at := func(j int) int { return slices.Index(items, j) }
	var out []Task
	for _, t := range tasks {
		part := Task{Person: t.Person, Best: None, Worst: None}
		for _, j := range t.Shown {
			if k := at(j); k >= 0 {
				part.Shown = append(part.Shown, k)
			}
		}
		if t.Best != None {
			part.Best = at(t.Best)
		}
		if t.Worst != None {
			part.Worst = at(t.Worst)
		}
		out = append(out, part)
	}
	return out
}
