package draw

import (
	"os"
	"testing"

	"surveykit/reports/chart/typeset"
)

// Pictures of tests are the same on machines with other fonts.
func TestMain(m *testing.M) {
	Setter = typeset.New(nil)
	os.Exit(m.Run())
}
