package triples

import (
	"testing"
	"testing/fstest"

	"surveykit/survey/ingest/damagetest"
)

// Any definition and data give a sound table or problems, never a panic.
func FuzzRead(f *testing.F) {
	f.Add(one("", variables), fixed)
	f.Add(one(`format="csv"`, variables), "1,2,3\n")
	f.Add(levels, "1Ulm\n")
	f.Fuzz(func(t *testing.T, definition, data string) {
		soundOrRefused(t, definition, map[string]string{"s.asc": data, "s.csv": data, "h.sss": one("", homes), "h.asc": data, "p.sss": one("", people), "p.asc": data})
	})
}

// Any data for a definition with a variable of every type.
func FuzzData(f *testing.F) {
	f.Add(false, fixed)
	f.Add(true, "93000,10,\"ü, \"\"x\"\"\",12,0\n,0,,,7\n")
	f.Fuzz(func(t *testing.T, csv bool, data string) {
		definition := one("", variables)
		if csv {
			definition = one(`format="csv" encoding="UTF-8"`, few)
		}
		soundOrRefused(t, definition, map[string]string{"s.asc": data, "s.csv": data})
	})
}

func soundOrRefused(t *testing.T, definition string, files map[string]string) {
	t.Helper()
	kept := fstest.MapFS{}
	for name, content := range files {
		kept[name] = &fstest.MapFile{Data: []byte(content)}
	}
	table, err := (&folder{FS: kept}).read([]byte(definition), "s.sss")
	damagetest.SoundOrProblems(t, table, err)
}
