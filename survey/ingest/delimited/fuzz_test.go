package delimited

import (
	"bytes"
	"testing"

	"surveykit/survey"
)

// Any bytes give problems or a table that holds together and can be written.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a;b\r\n\"1,5\";\"x\"\"y\"\r\n", "a\tb\r1\t\r", "'a'|'b'\n1|'2'\n", "a,b\n\"1\n", "a,b\n1,2,3\n\n4",
		"\xef\xbb\xbfa\n1\n", "\xff\xfea\x00\n\x001\x00", "a\n\xfc\n", "a,b\n2021-01-01,10:00:00\nNA,.\n", "a\n007\n1e999\n", ",x\n1,\n",
		"Q1\nHow?\n\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\n1\n",
	} {
		f.Add([]byte(s), "", "")
	}
	f.Add([]byte("a:b\n1:2\n"), ":", "none")
	f.Add([]byte("a b\n'1' 2\n"), " ", "'")
	f.Fuzz(func(t *testing.T, data []byte, delimiter, quote string) {
		o := &survey.DelimitedOptions{Delimiter: delimiter, Quote: quote}
		table, err := Read(bytes.NewReader(data), int64(len(data)), "f.csv", o)
		if problems, ok := err.(survey.Problems); ok && len(problems) > 0 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, v := range table.Variables {
			if v.Name == "" || names[v.Name] || v.Len() != table.Rows || (v.Texts != nil) != v.IsText() {
				t.Fatalf("variable %q: %d of %d rows", v.Name, v.Len(), table.Rows)
			}
			names[v.Name] = true
			for i := range table.Rows {
				if value, ok := v.At(i); ok && value.IsText && value.Text == "" {
					t.Fatalf("%q, row %d: an empty text", v.Name, i+1)
				}
			}
		}
		if err := Write(&bytes.Buffer{}, table); err != nil {
			t.Fatal(err)
		}
	})
}
