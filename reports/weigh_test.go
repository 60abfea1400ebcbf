package reports

import "testing"

func TestNamesOfFittedWeights(t *testing.T) {
	for name, want := range map[string]bool{
		"raked": true, "weight_calibrated": true, "W_RAKING": true, "Post-stratification weight": true, "Poststratified": true,
		"weight": false, "brakes": false, "drake": false, "stratum": false, "trakedb": false,
	} {
		if got := fitted().MatchString(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
