package main

import "flag"

// full makes the long forms of tests: go test ./cmd/surveykit -run TestFault -full -timeout 3h.
var full = flag.Bool("full", false, "run the long forms of tests")
