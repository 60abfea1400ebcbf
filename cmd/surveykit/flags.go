package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// checked is the value of a flag that knows what it may be.
type checked struct {
	kind, text string
	set        func(text string) error
}

func (v *checked) Type() string   { return v.kind }
func (v *checked) String() string { return v.text }

// Set takes a value; the error says what is wrong with it in words that follow the
// name of the flag.
func (v *checked) Set(text string) error {
	if err := v.set(text); err != nil {
		return wrongValue{err}
	}
	v.text = text
	return nil
}

type wrongValue struct{ error }

// choice is a flag whose value is one of some names. What to holds is the default.
func choice[T ~string](c *cobra.Command, to *T, name string, names []T, usage string) {
	oneOf(c, name, names, string(*to), usage, func(text string) (err error) {
		*to, err = known(text, names)
		return err
	})
}

// method is a flag that names a method of statistics, which a study may name, too; the
// first is the default.
func method(c *cobra.Command, to *string, name string, names []string, usage string) {
	choice(c, to, name, names, usage+", by default the study's or "+names[0])
}

// choices is a flag whose value are some of the names, with commas between them.
func choices[T ~string](c *cobra.Command, to *[]T, name string, names []T, usage string) {
	var given []string
	for _, n := range *to {
		given = append(given, string(n))
	}
	oneOf(c, name, names, strings.Join(given, ","), usage, func(text string) error {
		*to = nil
		for part := range strings.SplitSeq(text, ",") {
			n, err := known(strings.TrimSpace(part), names)
			if err != nil {
				return err
			}
			*to = append(*to, n)
		}
		return nil
	})
}

func oneOf[T ~string](c *cobra.Command, name string, names []T, value, usage string, set func(string) error) {
	list := listed(names)
	c.Flags().Var(&checked{kind: "NAME", text: value, set: set}, name, usage+": "+strings.Join(list, "|"))
	c.Flags().Lookup(name).Annotations = map[string][]string{choicesOf: list}
}

// choicesOf is the annotation of a flag that holds the names it takes.
const choicesOf = "choices"

// complete lets shells complete the names that flags take. It is called where a shell
// asks, for cobra keeps what it is told for as long as the process lives.
func complete(c *cobra.Command) {
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if list := f.Annotations[choicesOf]; list != nil {
			if err := c.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)); err != nil {
				panic(err) // the flag is the command's
			}
		}
	})
	for _, sub := range c.Commands() {
		complete(sub)
	}
}

func known[T ~string](text string, names []T) (T, error) {
	if slices.Contains(names, T(text)) {
		return T(text), nil
	}
	return "", fmt.Errorf("%q is not known; use one of %s", text, strings.Join(listed(names), ", "))
}

func listed[T ~string](names []T) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = string(n)
	}
	return list
}

// whole is a flag whose value is a whole number from low to high.
func whole(f *pflag.FlagSet, to *int, name string, low, high int, usage string) {
	f.Var(&checked{kind: "N", text: strconv.Itoa(*to), set: func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > high {
			return fmt.Errorf("%s is not a whole number from %s to %s", text, figure.Count(low), figure.Count(high))
		}
		*to = n
		return nil
	}}, name, usage)
}

// number is a flag whose value is a number that holds; words say which do.
func number(f *pflag.FlagSet, to *float64, name string, in limits, usage string) {
	f.Var(&checked{kind: "NUMBER", text: survey.FormatNumber(*to), set: func(text string) error {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !in.hold(x) {
			return fmt.Errorf("%s is not %s", text, in.words)
		}
		*to = x
		return nil
	}}, name, usage)
}

// numbers is a flag whose value are numbers that hold, with commas between them.
func numbers(f *pflag.FlagSet, to *[]float64, name string, in limits, usage string) {
	var given []string
	for _, x := range *to {
		given = append(given, survey.FormatNumber(x))
	}
	f.Var(&checked{kind: "NUMBER[,NUMBER...]", text: strings.Join(given, ","), set: func(text string) error {
		*to = nil
		for part := range strings.SplitSeq(text, ",") {
			x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
			if err != nil || !in.hold(x) {
				return fmt.Errorf("%s is not %s", part, in.words)
			}
			*to = append(*to, x)
		}
		return nil
	}}, name, usage)
}

// limits are what a number may be.
type limits struct {
	words string
	hold  func(x float64) bool
}

var (
	aboveZero = limits{"a number above zero", func(x float64) bool { return x > 0 }}
	between01 = limits{"between 0 and 1", func(x float64) bool { return x > 0 && x < 1 }}
	finite    = limits{"a number", func(x float64) bool { return x-x == 0 }}
	from0to1  = limits{"from 0 to 1", func(x float64) bool { return x >= 0 && x <= 1 }}
)

// span is a flag whose value is a number from 1 to most, or a range such as 2-6.
func span(f *pflag.FlagSet, to *[]int, name, value string, most int, usage string) {
	set := func(text string) error {
		numbers, ok := survey.ParseRange(text, most)
		if !ok {
			return fmt.Errorf("%q is not a number from 1 to %d or a range such as 2-6", text, most)
		}
		*to = numbers
		return nil
	}
	if value != "" {
		if err := set(value); err != nil {
			panic(err) // a default of the program
		}
	}
	f.Var(&checked{kind: "K", text: value, set: set}, name, usage)
}

// level is a flag of a confidence level. What to holds is the default.
func level(f *pflag.FlagSet, to *survey.Level, name, usage string) {
	text := ""
	if *to != 0 {
		text = survey.FormatNumber(float64(*to))
	}
	f.Var(&checked{kind: "NUMBER", text: text, set: func(text string) error {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", text)
		}
		if p := survey.Level(x).Check(""); p != nil {
			return errors.New(strings.TrimSpace(p.Error()))
		}
		*to = survey.Level(x)
		return nil
	}}, name, usage+"; an error rate such as 0.05 means the same as 0.95")
}

// flagError says what is wrong with a flag, with the nearest names of an unknown one.
func flagError(c *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &invalid) && errors.As(err, new(wrongValue)):
		return usageError{fmt.Errorf("--%s %w", invalid.GetFlag().Name, errors.Unwrap(err))}
	case errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1:
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		p := survey.UnknownName("flag", "--"+unknown.GetSpecifiedName(), names)
		if unknown.GetSpecifiedName() == "by" {
			p.Remedy = "this command answers once: use --where for a part of the sample"
		}
		err = errors.New(p.Error())
	}
	return usageError{fmt.Errorf("%w; see %s --help", err, c.CommandPath())}
}
