package survey

// BaseLimits are the unweighted bases under which figures are held back: under
// Minimum none is shown, under Test none is compared, under Caution it is marked.
type BaseLimits struct{ Minimum, Test, Caution int }

// Limits fills the defaults into what a study says: 30, 50 and 100.
func (q QualitySpec) Limits() BaseLimits {
	r := BaseLimits{Minimum: 30, Test: 50, Caution: 100}
	for _, set := range []struct {
		to    *int
		given *int
	}{{&r.Minimum, q.MinimumBase}, {&r.Test, q.TestBase}, {&r.Caution, q.CautionBase}} {
		if set.given != nil {
			*set.to = *set.given
		}
	}
	return r
}
