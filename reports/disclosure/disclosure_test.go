package disclosure

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// Every field of a Disclosure is an item, and no item is without its field.
func TestEveryDisclosureIsAnItem(t *testing.T) {
	var fields, keys []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[survey.Disclosure]()) {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		fields = append(fields, name)
	}
	labels := map[string]bool{}
	for _, item := range Items() {
		keys = append(keys, item.Key)
		labels[item.Label] = true
		if item.Label == "" || item.Asks == "" || len(item.Codes) == 0 {
			t.Errorf("the item %+v is not whole", item)
		}
	}
	slices.Sort(fields)
	slices.Sort(keys)
	if !slices.Equal(fields, keys) {
		t.Errorf("fields %v, items %v", fields, keys)
	}
	if len(labels) != len(keys) {
		t.Errorf("%d labels for %d items", len(labels), len(keys))
	}
}

func TestDisclosureFactsAndMissing(t *testing.T) {
	d := survey.Disclosure{Mode: "Web", Sponsor: "A foundation", Contact: "  "}
	facts := Facts(d)
	if want := []survey.Fact{{Label: "Sponsor", Text: "A foundation"}, {Label: "Mode", Text: "Web"}}; !slices.Equal(facts, want) {
		t.Errorf("facts %v, want %v", facts, want)
	}
	missing := Missing(d)
	if len(missing)+len(facts) != len(Items()) || missing[len(missing)-1].Key != "contact" {
		t.Errorf("missing %v: a contact of blanks is none", missing)
	}
}
