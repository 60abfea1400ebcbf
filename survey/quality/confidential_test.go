package quality_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey/quality"
)

const threshold = 5

// sample makes a question of counts[column][answer] people under a banner of
// disjoint columns, with a column of everybody first and a line an answer; nets
// are lines after these.
func sample(counts [][]int, nets ...[]int) quality.Question {
	q := quality.Question{}
	sheet := quality.Sheet{Points: len(counts) + 1}
	for column, answers := range counts {
		for a, n := range answers {
			if q.Rows += n; n > 0 {
				q.Kinds = append(q.Kinds, quality.Kind{Answer: a, Points: [][]int32{{0, int32(column + 1)}}, People: n})
			}
		}
	}
	var all []int
	for a := range counts[0] {
		all = append(all, a)
	}
	for a := range counts[0] {
		sheet.Lines = append(sheet.Lines, quality.Line{Count: []int{a}, Base: all})
	}
	for _, net := range nets {
		sheet.Lines = append(sheet.Lines, quality.Line{Count: net, Base: all})
	}
	q.Sheets = []quality.Sheet{sheet}
	return q
}

// published is what a line shows of a table of counts in a column, 0 being everybody.
func published(counts [][]int, line quality.Line, point int) int {
	n := 0
	for column, answers := range counts {
		if point == 0 || point == column+1 {
			for _, a := range line.Count {
				n += answers[a]
			}
		}
	}
	return n
}

// eachTable visits every table of counts with the same column bases.
func eachTable(bases []int, answers int, visit func([][]int)) {
	counts := make([][]int, len(bases))
	for c := range counts {
		counts[c] = make([]int, answers)
	}
	var fill func(c, a, left int)
	fill = func(c, a, left int) {
		switch {
		case c == len(bases):
			visit(counts)
		case a == answers-1:
			counts[c][a] = left
			next := 0
			if c+1 < len(bases) {
				next = bases[c+1]
			}
			fill(c+1, 0, next)
		default:
			for n := 0; n <= left; n++ {
				counts[c][a] = n
				fill(c, a+1, left-n)
			}
		}
	}
	fill(0, 0, bases[0])
}

// TestHiddenCountsCannotBeWorkedOut tries every table with the same bases: of
// those that agree with all published counts, some give another number for each
// small count. Three answers, a net, two or three columns, everybody.
func TestHiddenCountsCannotBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 3).Draw(t, "columns")
		cell := rapid.OneOf(rapid.IntRange(0, 2), rapid.IntRange(0, 5))
		counts := make([][]int, columns)
		bases := make([]int, columns)
		for c := range counts {
			counts[c] = rapid.SliceOfN(cell, 3, 3).Draw(t, "answers")
			for _, n := range counts[c] {
				bases[c] += n
			}
		}
		nets := [][]int{{0, 1}}
		if rapid.Bool().Draw(t, "second net") {
			nets = append(nets, []int{1, 2})
		}
		q := sample(counts, nets...)
		hidden := q.Hide(threshold)[0]
		sheet := q.Sheets[0]
		values := map[[2]int]map[int]bool{}
		eachTable(bases, 3, func(other [][]int) {
			for l, line := range sheet.Lines {
				for p := range sheet.Points {
					if !hidden[l][p] && published(other, line, p) != published(counts, line, p) {
						return
					}
				}
			}
			for l, line := range sheet.Lines {
				for p := range sheet.Points {
					at := [2]int{l, p}
					if values[at] == nil {
						values[at] = map[int]bool{}
					}
					values[at][published(other, line, p)] = true
				}
			}
		})
		for l, line := range sheet.Lines {
			for p := range sheet.Points {
				n := published(counts, line, p)
				base := published(counts, quality.Line{Count: line.Base}, p)
				small := n > 0 && n < threshold || base-n > 0 && base-n < threshold
				if small && !hidden[l][p] {
					t.Errorf("line %d under column %d counts %d of %d and is shown", l, p, n, base)
				}
				if small && len(values[[2]int{l, p}]) < 2 {
					t.Errorf("line %d under column %d can only be %d: %v hidden %v", l, p, n, counts, hidden)
				}
			}
		}
	})
}

// TestOneSmallCountTakesThreeMore: the classic corner pattern.
func TestOneSmallCountTakesThreeMore(t *testing.T) {
	hidden := sample([][]int{{2, 50, 60}, {40, 30, 20}, {70, 80, 90}}).Hide(threshold)[0]
	n := 0
	for _, line := range hidden {
		for p, h := range line {
			if h {
				n++
				if p == 0 {
					t.Error("a count of everybody is hidden without need")
				}
			}
		}
	}
	if !hidden[0][1] || n != 4 {
		t.Errorf("hidden %v, want the small count and three more", hidden)
	}
}

func TestNothingSmallHidesNothing(t *testing.T) {
	hidden := sample([][]int{{5, 0, 60}, {40, 30, 20}}, []int{0, 1}).Hide(threshold)
	if slices.ContainsFunc(hidden[0], func(line []bool) bool { return slices.Contains(line, true) }) {
		t.Errorf("hidden %v", hidden)
	}
}

// TestNetInAnotherTableIsHidden: a second table shows only a net of the same
// question under the same columns; it must not give the first answer away.
func TestNetInAnotherTableIsHidden(t *testing.T) {
	q := sample([][]int{{2, 50}, {40, 30}})
	other := q.Sheets[0]
	other.Lines = []quality.Line{{Count: []int{1}, Base: []int{0, 1}}}
	q.Sheets = append(q.Sheets, other)
	for k, kind := range q.Kinds {
		q.Kinds[k].Points = append(kind.Points, kind.Points[0])
	}
	hidden := q.Hide(threshold)
	if !hidden[1][0][1] || !hidden[1][0][2] {
		t.Errorf("the second table gives the hidden count away: %v", hidden)
	}
}
