package schedule

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"surveykit/survey"
)

// A scheduler learns by a code what the machine did to a study, whatever the study
// says: its words may hold an answer of a respondent.
func TestEndingOf(t *testing.T) {
	for _, c := range []struct {
		err   error
		fault Fault
		words string
	}{
		{&fs.PathError{Op: "write", Path: "results.json", Err: syscall.ENOSPC}, "no_space", syscall.ENOSPC.Error()},
		{fmt.Errorf("d.csv %w", survey.ErrChanged), "input_changed", survey.ErrChanged.Error()},
		{errors.New("an answer: " + syscall.ENOSPC.Error()), "", ""},
		{nil, "", ""},
	} {
		if end := EndingOf(c.err, 1); end.Fault != c.fault || end.Status != 1 || end.Fault.words() != c.words {
			t.Errorf("%v: %+v, %q", c.err, end, end.Fault.words())
		}
	}
}
