// Package stats has the numerical methods of surveykit: numbers in, numbers out. It
// knows no variable names, no files and no survey designs other than the totals,
// covariances and degrees of freedom of its arguments.
//
// Proportions, probabilities and confidence levels are 0–1 throughout. A
// figure that does not exist is NaN; nothing in the package panics on numbers.
package stats
