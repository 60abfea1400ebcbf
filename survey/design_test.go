package survey_test

import (
	"testing"

	"surveykit/survey"
)

// A design by another weight keeps strata and PSUs, unless the weight brings
// replicates; replicates of the design's own weight go with no other one.
func TestDesignWithWeight(t *testing.T) {
	clusters := survey.Design{Weight: "w", Strata: "h", PSU: []string{"p"}, FPC: []string{"n"}, LonelyPSU: "adjust", WaveVariable: "wave"}
	own := &survey.ReplicateSpec{Columns: "r*", Type: "brr"}
	if d, problem := clusters.With(survey.FurtherWeight{Weight: "v"}); problem != nil || d.Weight != "v" || d.Strata != "h" || len(d.PSU) != 1 || len(d.FPC) != 1 {
		t.Errorf("%+v %v", d, problem)
	}
	d, problem := clusters.With(survey.FurtherWeight{Weight: "v", Replicates: own})
	if problem != nil || d.Replicates != own || d.Strata != "" || d.PSU != nil || d.FPC != nil || d.LonelyPSU != "" || d.WaveVariable != "wave" {
		t.Errorf("%+v %v", d, problem)
	}
	replicated := survey.Design{Weight: "w", Replicates: own}
	if _, problem := replicated.With(survey.FurtherWeight{Weight: "v"}); problem == nil {
		t.Error("another weight takes the replicates of the design's")
	}
	if d, problem := replicated.With(survey.FurtherWeight{Name: "made", Weight: "w", Weighting: "rake.yaml"}); problem != nil || d.Replicates != own {
		t.Errorf("the design's own weight loses its replicates: %+v %v", d, problem)
	}
}
