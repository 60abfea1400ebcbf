package survey

import "fmt"

// MembershipName is the name of the variable that holds the probability, 0–1,
// that a row belongs to the k-th segment, from 1, of a variable: NAME_k.
func MembershipName(variable string, k int) string { return fmt.Sprintf("%s_%d", variable, k) }
