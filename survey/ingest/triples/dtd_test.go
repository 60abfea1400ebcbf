package triples

import (
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// element is what the document type definition says of an element: what may stand
// in it and which attributes it has, with "!" those that it must have.
type element struct{ content, attributes string }

// published are the rules of sss_v20.dtd and sss_v30.dtd, which differ only in
// the attribute encoding, for the elements that are written.
var published = map[string]element{
	"sss":      {"(date )?(time )?(origin )?(user )?(hierarchy |survey )", "version!"},
	"origin":   {"", ""},
	"survey":   {"(name )?(version )?(title )?record ", ""},
	"record":   {"(variable )+", "ident! href format encoding skip"},
	"variable": {"name label position (filter )?((spread )?(values )?|size )?", "ident! type! use format"},
	"name":     {"", ""},
	"label":    {"((br )|(text ))*", ""},
	"position": {"", "start! finish"},
	"spread":   {"", "subfields! width"},
	"size":     {"", ""},
	"values":   {"((value )+|range (value )*)", ""},
	"value":    {"((br )|(text ))*", "code! score"},
	"range":    {"", "from! to!"},
}

// Any definition that is written is valid by the published rules. Definitions of
// the shared data sets were held against the files themselves by xmllint 2.9.
func TestValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, definition, _ := saved(t, drawTable(t), Options{Fixed: rapid.Bool().Draw(t, "fixed")})
		valid(t, definition)
	})
}

// valid reads the definition and checks each element where it ends.
func valid(t rapid.TB, definition string) {
	t.Helper()
	in := xml.NewDecoder(strings.NewReader(definition))
	children := []string{""}
	for {
		token, err := in.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			checkAttributes(t, e)
			children[len(children)-1] += e.Name.Local + " "
			children = append(children, "")
		case xml.EndElement:
			got, rule := children[len(children)-1], published[e.Name.Local].content
			if !regexp.MustCompile("^(" + rule + ")$").MatchString(got) {
				t.Fatalf("%s holds %q, and may hold %s:\n%s", e.Name.Local, got, rule, definition)
			}
			children = children[:len(children)-1]
		}
	}
}

func checkAttributes(t rapid.TB, e xml.StartElement) {
	t.Helper()
	rule, known := published[e.Name.Local]
	if !known {
		t.Fatalf("there is no element %s", e.Name.Local)
	}
	may := strings.Fields(rule.attributes)
	for _, a := range e.Attr {
		k := slices.IndexFunc(may, func(name string) bool { return strings.TrimSuffix(name, "!") == a.Name.Local })
		if k < 0 {
			t.Fatalf("%s has no attribute %s", e.Name.Local, a.Name.Local)
		}
		may = slices.Delete(may, k, k+1)
	}
	for _, name := range may {
		if strings.HasSuffix(name, "!") {
			t.Fatalf("%s lacks the attribute %s", e.Name.Local, name)
		}
	}
}
