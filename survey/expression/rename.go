package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"surveykit/survey"
)

// Rename writes an expression with another variable in place of one. The error is
// survey.Problems for bad syntax.
func Rename(source, from, to string) (string, error) {
	root, problem := parse(source)
	if problem != nil {
		return "", survey.Problems{*problem}
	}
	places := renamed{name: from}
	ast.Walk(&root, &places)
	slices.Sort(places.at)
	out := []rune(source)
	for _, at := range slices.Backward(slices.Compact(places.at)) {
		out = slices.Replace(out, at, at+len([]rune(from)), []rune(Quote(to))...)
	}
	return string(out), nil
}

// renamed collects where a plain name stands.
type renamed struct {
	name string
	at   []int
}

// Visit takes note of a name.
func (r *renamed) Visit(node *ast.Node) {
	if n, ok := (*node).(*ast.IdentifierNode); ok && n.Value == r.name {
		r.at = append(r.at, n.Location().From)
	}
}
