package survey

import (
	"fmt"
	"math"
	"slices"
)

// Design is the sample design: what the variance has to know.
type Design struct {
	// Weight is the sampling weight; without it every row counts 1.
	Weight string `yaml:"weight,omitempty" json:"weight,omitempty"`
	// Guessed is true where the weight was chosen by its name, as init does, and nobody has confirmed it: every run warns until the line is taken out.
	Guessed bool `yaml:"guessed,omitempty" json:"guessed,omitempty"`
	// Strata is the stratum variable.
	Strata string `yaml:"strata,omitempty" json:"strata,omitempty"`
	// PSU are the cluster ids of each stage, first stage first, nested in the stratum.
	PSU []string `yaml:"psu,omitempty" json:"psu,omitempty"`
	// FPC are the population sizes of each stage; a value in (0,1] is a sampling fraction.
	FPC []string `yaml:"fpc,omitempty" json:"fpc,omitempty"`
	// LonelyPSU says what a stratum with one PSU does.
	LonelyPSU string `yaml:"lonely_psu,omitempty" json:"lonely_psu,omitempty" jsonschema:"enum=fail,enum=certainty,enum=remove,enum=adjust,enum=average"`
	// Replicates are replicate weights, in place of strata and PSUs.
	Replicates *ReplicateSpec `yaml:"replicates,omitempty" json:"replicates,omitempty"`
	// WaveVariable holds the wave of each row; strata are taken as nested in it where waves are independent samples.
	WaveVariable string `yaml:"wave_variable,omitempty" json:"wave_variable,omitempty"`
	// Waves says whether waves are independent samples (the default) or a panel, in which a PSU or a person of several waves counts as one: then the PSU ids must be the same in all waves.
	Waves string `yaml:"waves,omitempty" json:"waves,omitempty" jsonschema:"enum=independent,enum=panel"`
	// Sample kind decides how precision is worded.
	Sample string `yaml:"sample,omitempty" json:"sample,omitempty" jsonschema:"enum=probability,enum=opt-in panel"`
	// Level is the confidence level of intervals, 0.95 (the default), or the error rate that remains, 0.05, which means the same.
	Level Level `yaml:"level,omitempty" json:"level,omitempty" jsonschema:"exclusiveMinimum=0,exclusiveMaximum=1"`
	// Interval is the method for the intervals of shares, logit by default.
	Interval string `yaml:"interval,omitempty" json:"interval,omitempty"`
	// QuantileRule is the definition of medians and percentiles, math by default: the smallest answer that so many are at or under.
	QuantileRule string `yaml:"quantile_rule,omitempty" json:"quantile_rule,omitempty"`
	// QuantileInterval is the method for the intervals of medians and percentiles, mean by default.
	QuantileInterval string `yaml:"quantile_interval,omitempty" json:"quantile_interval,omitempty"`
}

// Confidence is the level of the design's intervals, as confidence.
func (d Design) Confidence() float64 { return d.Level.Or(DefaultLevel).Confidence() }

// Columns are the variables that say how the sample was drawn, not what it
// answered; "" where the design has none.
func (d Design) Columns() []string {
	return slices.Concat([]string{d.Weight, d.Strata}, d.PSU, d.FPC)
}

// ReplicateSpec describes replicate weights.
type ReplicateSpec struct {
	// Columns is a pattern such as pwgtp*; the weight itself is never one of them.
	Columns string `yaml:"columns" json:"columns" jsonschema:"minLength=1"`
	// Type of the replicates.
	Type string `yaml:"type" json:"type" jsonschema:"enum=brr,enum=fay,enum=jk1,enum=jkn,enum=bootstrap,enum=sdr,enum=other"`
	// Scale multiplies the sum of squares; the type gives it where it is absent.
	Scale *float64 `yaml:"scale,omitempty" json:"scale,omitempty"`
	// RScales multiply each replicate's square: one number or one for each.
	RScales []float64 `yaml:"rscales,omitempty" json:"rscales,omitempty"`
	// FayRho is Fay's rho.
	FayRho float64 `yaml:"fay_rho,omitempty" json:"fay_rho,omitempty"`
	// Combined says whether the columns are weights, already times the weight (the default), or factors that are not: then write false.
	Combined *bool `yaml:"combined,omitempty" json:"combined,omitempty"`
	// MSE centres at the estimate rather than at the replicates' mean.
	MSE bool `yaml:"mse,omitempty" json:"mse,omitempty"`
}

// Weighting says how the weights of the design are made.
type Weighting struct {
	// Spec is the path of the weighting spec, relative to the study file: rake, poststratify, calibrate, trim, nonresponse, propensity, or several steps. They begin from the design's weight, or from 1.
	Spec string `yaml:"spec" json:"spec" jsonschema:"minLength=1"`
	// By are variables for whose categories the cost of weighting is told.
	By []string `yaml:"by,omitempty" json:"by,omitempty"`
}

// FurtherWeight is a further weight of a study, with what the variance has to know
// of it. Tables name it in place of the design's.
type FurtherWeight struct {
	// Name by which tables ask for the weight; no variable's name.
	Name string `yaml:"name" json:"name" jsonschema:"minLength=1"`
	// Weight is the sampling weight.
	Weight string `yaml:"weight" json:"weight" jsonschema:"minLength=1"`
	// Replicates are replicate weights of its own, in place of strata and PSUs.
	Replicates *ReplicateSpec `yaml:"replicates,omitempty" json:"replicates,omitempty"`
	// Weighting is the path of a weighting spec, relative to the study file, by which weights are made from it; the intervals of its tables know of it.
	Weighting string `yaml:"weighting,omitempty" json:"weighting,omitempty"`
}

// WeightColumns are the names and patterns of the columns of weights.
func (s *Study) WeightColumns() []string {
	columns := []string{s.Design.Weight}
	replicates := []*ReplicateSpec{s.Design.Replicates}
	for _, w := range s.Weights {
		columns, replicates = append(columns, w.Weight), append(replicates, w.Replicates)
	}
	for _, r := range replicates {
		if r != nil {
			columns = append(columns, r.Columns)
		}
	}
	return columns
}

// OwnWeight is the further weight of a name, nil where the study declares none.
func (s *Study) OwnWeight(name string) *FurtherWeight {
	k := slices.IndexFunc(s.Weights, func(w FurtherWeight) bool { return w.Name == name })
	if k < 0 {
		return nil
	}
	return &s.Weights[k]
}

// With is the design by another weight: its own replicate weights take the
// place of strata and PSUs, and without any strata and PSUs stay. The problem
// is that of replicate weights that belong to the design's own weight.
func (d Design) With(w FurtherWeight) (Design, *Problem) {
	if d.Replicates != nil && w.Replicates == nil && w.Weight != d.Weight {
		return d, &Problem{Variable: w.Weight, Message: "the design's replicate weights belong to another weight",
			Remedy: "name it under weights, with its own replicates"}
	}
	d.Guessed = d.Guessed && w.Weight == d.Weight
	d.Weight = w.Weight
	if w.Replicates != nil {
		d.Strata, d.PSU, d.FPC, d.LonelyPSU, d.Replicates = "", nil, nil, "", w.Replicates
	}
	return d, nil
}

// Level is a level of confidence as people write it: from 0.5 up the confidence
// itself, below it the error rate that remains. 0.95 and 0.05 are the same
// level. The zero Level is one that nobody gave.
type Level float64

// DefaultLevel is the level of intervals and tests where none is given.
const DefaultLevel Level = 0.95

// Or is the level, or another where none is given.
func (l Level) Or(other Level) Level {
	if l == 0 {
		return other
	}
	return l
}

// Check finds a level that is not between 0 and 1; name is what people call it.
func (l Level) Check(name string) *Problem {
	if l > 0 && l < 1 {
		return nil
	}
	return &Problem{
		Message: fmt.Sprintf("%s %s is not between 0 and 1", name, FormatNumber(float64(l))),
		Remedy:  "write 0.95 for 95% confidence, or the error rate 0.05, which means the same",
	}
}

// Confidence is the level as confidence, from 0.5 up: 0.95.
func (l Level) Confidence() float64 {
	if l >= 0.5 {
		return float64(l)
	}
	return complement(l)
}

// Error is the level as the error rate, up to 0.5: 0.05.
func (l Level) Error() float64 {
	if l < 0.5 {
		return float64(l)
	}
	return complement(l)
}

// complement is 1 − l without what binary fractions add to a decimal.
func complement(l Level) float64 { return math.Round((1-float64(l))*1e12) / 1e12 }

// String is the confidence in percent: 95%.
func (l Level) String() string {
	return FormatNumber(math.Round(l.Confidence()*1e14)/1e12) + "%"
}
