package delimited

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

// However many processors read a text, the table is the same: the texts' order,
// what was taken for missing, and columns that turn out to be text late.
func TestProcessorsDoNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var b bytes.Buffer
	b.WriteString("id,town,note,late,score,early\n")
	const rows = 150_007 // several pieces
	for id := range rows {
		town, score, late, early := fmt.Sprint("town ", random.IntN(1+id/100)), fmt.Sprint(random.IntN(9)), fmt.Sprint(id), ""
		switch {
		case id%97 == 0:
			town, score = "", "NA"
		case id == rows*3/4:
			late = "none"
		case id == 300:
			early = "word"
		}
		fmt.Fprintf(&b, "%d,%s,\"a, \"\"%d\"\"\",%s,%s,%s\n", id, town, id%5000, late, score, early)
	}
	read := func(processors int) *survey.Table {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		table, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()), "made.csv", nil)
		if err != nil {
			t.Fatal(err)
		}
		return table
	}
	one := read(1)
	for _, v := range one.Variables {
		if want := v.Name == "town" || v.Name == "note" || v.Name == "late" || v.Name == "early"; v.IsText() != want {
			t.Errorf("%s is %s", v.Name, v.Kind)
		}
	}
	for _, n := range []int{2, 3, 4} {
		if diff := cmp.Diff(one, read(n), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("with %d processors: %.2000s", n, diff)
		}
	}
}
