package survey

import "slices"

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
	d.Weight = w.Weight
	if w.Replicates != nil {
		d.Strata, d.PSU, d.FPC, d.LonelyPSU, d.Replicates = "", nil, nil, "", w.Replicates
	}
	return d, nil
}
