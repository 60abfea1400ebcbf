package survey

// TestSpec says which columns are compared and how. Where a table leaves
// something out, the study's choice stands.
type TestSpec struct {
	// Level is the two-sided error that capital letters and filled arrows stand for (default 0.05).
	Level *float64 `yaml:"level,omitempty" json:"level,omitempty" jsonschema:"minimum=0,exclusiveMaximum=1"`
	// SecondLevel is a weaker level, shown by lower-case letters and open arrows; none where absent.
	SecondLevel *float64 `yaml:"second_level,omitempty" json:"second_level,omitempty" jsonschema:"minimum=0,exclusiveMaximum=1"`
	// Adjust corrects p-values for the number of tests: bh (Benjamini–Hochberg, the default), holm, bonferroni or none.
	Adjust string `yaml:"adjust,omitempty" json:"adjust,omitempty" jsonschema:"enum=bh,enum=holm,enum=bonferroni,enum=none"`
	// Against says what a column is compared with: pairs (the other columns of its group, the default), rest (everybody outside the column), previous (the column before it in its group), none, or the label of a column.
	Against string `yaml:"against,omitempty" json:"against,omitempty"`
	// Mimic repeats another program's test on Kish's effective bases, for reconciling.
	Mimic string `yaml:"mimic,omitempty" json:"mimic,omitempty" jsonschema:"enum=spss,enum=quantum"`
}

// Over is the table's choice with the study's where the table makes none.
func (s TestSpec) Over(study TestSpec) TestSpec {
	if s.Level != nil {
		study.Level = s.Level
	}
	if s.SecondLevel != nil {
		study.SecondLevel = s.SecondLevel
	}
	for _, choice := range []struct{ to, given *string }{
		{&study.Adjust, &s.Adjust}, {&study.Against, &s.Against}, {&study.Mimic, &s.Mimic},
	} {
		if *choice.given != "" {
			*choice.to = *choice.given
		}
	}
	return study
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
