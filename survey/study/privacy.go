package study

import (
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"

	"surveykit/survey"
	"surveykit/survey/privacy"
)

// opener opens one data file of a study.
type opener = func(survey.DataFile) (*survey.Table, error)

// openPrivately opens the study's data files without what its privacy section
// leaves out, and gives the memory of that back at once.
func openPrivately(study *survey.Study, source *Source, open opener) ([]*survey.Table, error) {
	p := study.Privacy
	if p.Consent == "" && len(p.Drop) == 0 {
		return openAll(study, source, open)
	}
	guard := privacy.NewGuard(p)
	tables, err := openAll(study, source, func(d survey.DataFile) (*survey.Table, error) {
		t, err := open(d)
		if err != nil {
			return nil, unquoted(err, guard)
		}
		kept, err := guard.Apply(t)
		return kept, consentProblems(err, source)
	})
	if err != nil {
		return nil, err
	}
	var problems survey.Problems
	unmatched := guard.Unmatched()
	for _, k := range slices.Sorted(maps.Keys(unmatched)) {
		problems = append(problems, source.Annotate(fmt.Sprintf("$.privacy.drop[%d]", k), unmatched[k]))
	}
	debug.FreeOSMemory()
	return tables, problems.Err()
}

// unquoted takes the values of dropped columns out of a reader's problems.
func unquoted(err error, guard *privacy.Guard) error {
	var problems survey.Problems
	if !errors.As(err, &problems) {
		return err
	}
	problems = slices.Clone(problems)
	for i, p := range problems {
		if guard.Drops(p.Variable) {
			problems[i].Value, problems[i].Excerpt = "", ""
		}
	}
	return problems
}

// consentProblems shows the problems of the consent at their place in the study.
func consentProblems(err error, source *Source) error {
	var problems survey.Problems
	if !errors.As(err, &problems) {
		return err
	}
	problems = slices.Clone(problems)
	for i, p := range problems {
		problems[i] = source.Annotate("$.privacy.consent", p)
	}
	return problems
}
