// Package formula reads model formulas and makes model matrices:
//
//	trust ~ age + gender + factor(wave)
//	y ~ a * b              a, b and their interaction a:b
//	~ (a + b):c - 1        no response, no constant
//
// Texts are factors, and so is factor(v); any other variable is a number. Terms
// are named, ordered and coded as R's model.matrix does by treatment contrasts.
package formula

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// Formula is a parsed model formula.
type Formula struct {
	// Response is the variable on the left, "" where there is none.
	Response string
	// Intercept is false after - 1 or + 0.
	Intercept bool

	variables []variable
	terms     []term // by degree, then as written
}

// variable is a name of the right side, as a factor or as it is.
type variable struct {
	name   string
	factor bool
}

// term is the set of the variables that it multiplies, a bit for each.
type term uint64

func (t term) has(v int) bool { return t&(1<<v) != 0 }

const (
	longest      = 10_000 // characters of a formula
	mostVariable = 64     // a term is a set of bits
	mostTerms    = 1000   // a * b * … doubles them each time
)

// Parse reads a formula. The error is survey.Problems with an excerpt.
func Parse(text string) (*Formula, error) {
	p := &parser{text: text, formula: &Formula{Intercept: true}}
	if len(text) > longest {
		return nil, survey.Problems{{Message: fmt.Sprintf("the formula has %d characters, more than %d", len(text), longest), Remedy: "recode its variables"}}
	}
	p.scan()
	if t, ok := p.take(name); ok {
		p.formula.Response = t.text
	}
	if _, ok := p.take('~'); !ok {
		p.fail(p.next().at, "there is no ~ after the response", "write response ~ terms, such as trust ~ age + gender")
	}
	terms := p.sum()
	if p.next().kind != end {
		p.unexpected()
	}
	if p.problem != nil {
		return nil, survey.Problems{*p.problem}
	}
	slices.SortStableFunc(terms, func(a, b term) int {
		return bits.OnesCount64(uint64(a)) - bits.OnesCount64(uint64(b))
	})
	p.formula.terms = terms
	return p.formula, p.formula.check(text)
}

// check finds what is well written but no model.
func (f *Formula) check(text string) error {
	if len(f.terms) == 0 && !f.Intercept {
		return survey.Problems{{Value: text, Message: "the formula has no terms and no constant", Remedy: "add a variable"}}
	}
	if slices.Contains(f.Variables(), f.Response) {
		return survey.Problems{{Value: text, Message: fmt.Sprintf("%s is on both sides of the formula", f.Response), Remedy: "remove it from the right side"}}
	}
	return nil
}

// Variables lists the names on the right side, each once, as they first occur;
// those of terms taken out by - too.
func (f *Formula) Variables() []string {
	var names []string
	for _, v := range f.variables {
		if !slices.Contains(names, v.name) {
			names = append(names, v.name)
		}
	}
	return names
}

// kind is what a token is: a name, a number, or the symbol itself.
type kind rune

const (
	end    kind = 0
	name   kind = 'n'
	number kind = '1'
)

type token struct {
	kind kind
	text string
	at   int
}

type parser struct {
	text    string
	tokens  []token
	formula *Formula
	problem *survey.Problem
}

func (p *parser) next() token { return p.tokens[0] }

// take consumes the next token where it is of the kind.
func (p *parser) take(k kind) (token, bool) {
	t := p.next()
	if t.kind != k || k == end {
		return t, false
	}
	p.tokens = p.tokens[1:]
	return t, true
}

// fail notes the first problem and ends the formula there.
func (p *parser) fail(at int, message, remedy string) {
	if p.problem == nil {
		p.problem = &survey.Problem{Message: message, Remedy: remedy, Excerpt: p.text + "\n" + survey.Caret(p.text, len([]rune(p.text[:at])))}
	}
	p.tokens = p.tokens[len(p.tokens)-1:]
}

const grammar = "a formula has names, factor(name), +, -, :, *, brackets and 0 or 1; put a name with other characters in `backquotes`"

func (p *parser) unexpected() {
	t := p.next()
	if t.kind == end {
		p.fail(t.at, "the formula ends too early", grammar)
		return
	}
	p.fail(t.at, fmt.Sprintf("%q is not expected here", t.text), grammar)
}

// sum reads products with + and - between; a constant is noted in the formula.
func (p *parser) sum() (terms []term) {
	for sign := p.sign('+'); sign != end; sign = p.sign(end) {
		if t, ok := p.take(number); ok {
			p.constant(t, sign)
			continue
		}
		product := p.product()
		if sign == '-' {
			terms = slices.DeleteFunc(terms, func(t term) bool { return slices.Contains(product, t) })
			continue
		}
		terms = union(terms, product)
	}
	return terms
}

// sign takes a + or -, or is the one assumed.
func (p *parser) sign(assumed kind) kind {
	for _, k := range []kind{'+', '-'} {
		if _, ok := p.take(k); ok {
			return k
		}
	}
	return assumed
}

func (p *parser) constant(t token, sign kind) {
	if t.text != "0" && t.text != "1" {
		p.fail(t.at, fmt.Sprintf("%q is not a variable", t.text), "the only numbers in a formula are 0 and 1, for the constant")
		return
	}
	p.formula.Intercept = (t.text == "1") == (sign == '+')
}

// product reads a * b: both and their interaction.
func (p *parser) product() []term {
	terms := p.interaction()
	for {
		t, ok := p.take('*')
		if !ok {
			return terms
		}
		other := p.interaction()
		terms = union(union(terms, other), p.cross(t, terms, other))
	}
}

// interaction reads a:b.
func (p *parser) interaction() []term {
	terms := p.atom()
	for {
		t, ok := p.take(':')
		if !ok {
			return terms
		}
		terms = p.cross(t, terms, p.atom())
	}
}

func (p *parser) cross(at token, a, b []term) (out []term) {
	if len(a)*len(b) > mostTerms {
		p.fail(at.at, fmt.Sprintf("this makes more than %d terms", mostTerms), "name the interactions that you want")
		return nil
	}
	for _, x := range a {
		for _, y := range b {
			out = union(out, []term{x | y})
		}
	}
	return out
}

func union(a, b []term) []term {
	for _, t := range b {
		if !slices.Contains(a, t) {
			a = append(a, t)
		}
	}
	return a
}

// atom reads a name, factor(name) or a sum in brackets.
func (p *parser) atom() (terms []term) {
	if _, ok := p.take('('); ok {
		terms = p.sum()
		p.expect(')')
		return terms
	}
	t, ok := p.take(name)
	if !ok {
		p.unexpected()
		return nil
	}
	v := variable{name: t.text}
	if open, ok := p.take('('); ok {
		if v.factor = t.text == "factor"; !v.factor {
			p.fail(open.at, fmt.Sprintf("there is no function %s", t.text), "the only function is factor(name); recode the variable")
		}
		v.name = p.expect(name).text
		p.expect(')')
	}
	k := slices.Index(p.formula.variables, v)
	if k < 0 {
		k = len(p.formula.variables)
		p.formula.variables = append(p.formula.variables, v)
	}
	if k >= mostVariable {
		p.fail(t.at, fmt.Sprintf("the formula has more than %d variables", mostVariable), "leave some out")
		return nil
	}
	return []term{1 << k}
}

func (p *parser) expect(k kind) token {
	t, ok := p.take(k)
	if !ok {
		p.unexpected()
	}
	return t
}

// scan cuts the text into tokens; the last one is the end.
func (p *parser) scan() {
	for at := 0; at < len(p.text); {
		rest := p.text[at:]
		r, size := utf8.DecodeRuneInString(rest)
		t := token{kind: kind(r), text: rest[:size], at: at}
		switch {
		case unicode.IsSpace(r):
			at += size
			continue
		case r == '`':
			t.kind = name
			quoted, _, closed := strings.Cut(rest[1:], "`")
			t.text, size = quoted, len(quoted)+2
			if !closed {
				t.kind, t.text, size = '`', "`", len(rest)
			}
		case unicode.IsDigit(r):
			t.kind = number
			size = span(rest, func(r rune) bool { return unicode.IsDigit(r) || r == '.' })
			t.text = rest[:size]
		case startsName(r):
			t.kind = name
			size = span(rest, func(r rune) bool { return startsName(r) || unicode.IsDigit(r) || unicode.IsMark(r) })
			t.text = rest[:size]
		}
		p.tokens = append(p.tokens, t)
		at += size
	}
	p.tokens = append(p.tokens, token{at: len(p.text)})
}

// startsName reports whether a name may begin so: also as SPSS allows it.
func startsName(r rune) bool {
	return unicode.IsLetter(r) || strings.ContainsRune("._@#$", r)
}

// span is the length of the characters that fit.
func span(s string, fits func(rune) bool) int {
	n := strings.IndexFunc(s, func(r rune) bool { return !fits(r) })
	if n < 0 {
		return len(s)
	}
	return n
}

var syntactic = pattern.Lazy(`^(\p{L}|\.[\p{L}_.]|\.$)[\p{L}\p{N}._]*$`)

// label is the variable as R writes it in the names of terms.
func (v variable) label() string {
	s := v.name
	if !syntactic().MatchString(s) {
		s = "`" + s + "`"
	}
	if v.factor {
		s = "factor(" + s + ")"
	}
	return s
}
