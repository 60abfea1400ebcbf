package survey

import "fmt"

// TestSpec says which columns are compared and how. Where a table leaves
// something out, the study's choice stands.
type TestSpec struct {
	// Level of the two-sided tests that capital letters and filled arrows show: the confidence, 0.95 (the default), or the error rate that remains, 0.05, which means the same.
	Level Level `yaml:"level,omitempty" json:"level,omitempty" jsonschema:"exclusiveMinimum=0,exclusiveMaximum=1"`
	// SecondLevel is a weaker level, shown by lower-case letters and open arrows: 0.9, or 0.1, which means the same; none where absent.
	SecondLevel Level `yaml:"second_level,omitempty" json:"second_level,omitempty" jsonschema:"exclusiveMinimum=0,exclusiveMaximum=1"`
	// Adjust corrects p-values for the number of tests: bh (Benjamini–Hochberg, the default), holm, bonferroni or none.
	Adjust string `yaml:"adjust,omitempty" json:"adjust,omitempty" jsonschema:"enum=bh,enum=holm,enum=bonferroni,enum=none"`
	// Against says what a column is compared with: pairs (the other columns of its group, the default), rest (everybody outside the column), previous (the column before it in its group), none, or the label of a column.
	Against string `yaml:"against,omitempty" json:"against,omitempty"`
	// Mimic repeats another program's tests of shares and means on Kish's effective bases, for reconciling. Quantum holds the effective base against test_base.
	Mimic string `yaml:"mimic,omitempty" json:"mimic,omitempty" jsonschema:"enum=spss,enum=quantum"`
}

// Over is the table's choice with the study's where the table makes none.
func (s TestSpec) Over(study TestSpec) TestSpec {
	study.Level, study.SecondLevel = s.Level.Or(study.Level), s.SecondLevel.Or(study.SecondLevel)
	for _, choice := range []struct{ to, given *string }{
		{&study.Adjust, &s.Adjust}, {&study.Against, &s.Against}, {&study.Mimic, &s.Mimic},
	} {
		if *choice.given != "" {
			*choice.to = *choice.given
		}
	}
	return study
}

// CheckLevels finds levels that are not between 0 and 1, and a second one that
// is not weaker than the first.
func (s TestSpec) CheckLevels() (problems Problems) {
	level, second := s.Level.Or(DefaultLevel), s.SecondLevel
	if p := level.Check("the level of the tests"); p != nil {
		problems = append(problems, *p)
	}
	if second == 0 {
		return problems
	}
	if p := second.Check("the second level of the tests"); p != nil {
		return append(problems, *p)
	}
	if second.Error() <= level.Error() {
		problems = append(problems, Problem{Message: fmt.Sprintf("the second level of the tests, %s, is not lower than the first, %s", second, level),
			Remedy: "give a lower second_level, such as 0.9 with a level of 0.95"})
	}
	return problems
}

// DecomposeSpec splits a change into composition and attitude.
type DecomposeSpec struct {
	// By are the variables whose joint mix is held at that of the earlier side: age_bracket, gender.
	By []string `yaml:"by" json:"by" jsonschema:"minItems=1"`
}

// TrendSpec is the linear trend over three or more categories of a variable.
type TrendSpec struct {
	// Variable of the waves, in the order of its codes.
	Variable string `yaml:"variable" json:"variable" jsonschema:"minLength=1"`
	// Label of the column.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
}
