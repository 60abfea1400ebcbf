package chart

import (
	"flag"
	"os"
	"testing"

	"surveykit/reports/chart/draw"
	"surveykit/reports/chart/typeset"
)

var fonts = flag.Bool("fonts", false, "use this machine's fonts, to look at pictures with -look; golden files differ")

// Pictures of tests are the same on machines with other fonts.
func TestMain(m *testing.M) {
	if flag.Parse(); !*fonts {
		draw.Setter = typeset.New(nil)
	}
	os.Exit(m.Run())
}
