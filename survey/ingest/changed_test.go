package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"surveykit/survey"
)

// A file that somebody still writes into is refused: half of it would be
// reported as all.
func TestOpenRefusesWhatChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "grows.csv")
	if err := os.WriteFile(path, []byte("a,b\n"+strings.Repeat("1,2\n", 500_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	end, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			case <-time.After(time.Millisecond):
				fmt.Fprint(file, "3,4\n")
			}
		}
	}()
	_, err = Open(path, Options{})
	close(end)
	<-ended
	if !errors.Is(err, survey.ErrChanged) || !strings.Contains(err.Error(), "grows.csv changed while it was read") {
		t.Errorf("error %v", err)
	}
	if _, err := Open(path, Options{}); err != nil {
		t.Errorf("the complete file: %v", err)
	}
}
