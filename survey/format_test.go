package survey_test

import (
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

func TestGuarded(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "-1": "-1", "+1.5": "+1.5", "1e-5": "1e-5", "'quoted'": "'quoted'", "a=b": "a=b",
		"=1+1": "'=1+1", "+x": "'+x", "-1+1": "'-1+1", "@SUM(1)": "'@SUM(1)", "\t=1": "'\t=1", "\r": "'\r", "\n=1": "'\n=1", "＝1": "'＝1", "-": "'-", "'=1+1": "''=1+1", "''": "''",
	} {
		if got := survey.Guarded(text); got != want {
			t.Errorf("Guarded(%q) is %q, want %q", text, got, want)
		}
	}
}

// What was guarded comes back, to the letter, and a number is never touched.
func TestGuardedComesBack(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("'=+-@\t\r\n＝＠1.e a")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		text := letters.Draw(t, "text")
		if back := survey.Unguarded(survey.Guarded(text)); back != text {
			t.Fatalf("%q comes back as %q", text, back)
		}
	})
}
