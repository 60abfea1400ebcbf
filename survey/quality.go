package survey

// Rules are the unweighted bases under which figures are held back: under
// Minimum none is shown, under Test none is compared, under Caution it is marked.
type Rules struct{ Minimum, Test, Caution int }

// Rules fills the defaults into what a study says: 30, 50 and 100.
func (q QualitySpec) Rules() Rules {
	r := Rules{Minimum: 30, Test: 50, Caution: 100}
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
