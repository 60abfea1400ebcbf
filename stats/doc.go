// Package stats holds the numerical methods of surveykit: numbers in, numbers
// out. It knows no variable names, no files and no survey designs beyond the
// totals, covariances and degrees of freedom that callers hand it.
//
// Proportions, probabilities and confidence levels are 0–1 throughout. A
// figure that does not exist is NaN; nothing in the package panics on numbers.
package stats
