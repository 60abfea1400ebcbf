package survey

// RowForm is a way to ask for rows: one key of RowSpec. The schema of studies, its
// checks and the messages about rows are made from the list of them; package tabulate
// lays each of them out.
type RowForm struct {
	// Key is the key of a request of this form, With are those that go only with it.
	Key  string
	With []string
	// Split is true where the rows can be split by a variable.
	Split bool
	// Given reports whether a request has the key.
	Given func(RowSpec) bool
	// Names lists what such a request names; nil where that is checked in another way.
	Names func(RowSpec) []RowName
}

// RowName is a name or a condition in a request for rows, "" where it is not given.
type RowName struct {
	// Path is its place in the request: ".gap.minus".
	Path string
	What RowNameKind
	Text string
}

// RowNameKind says what a RowName must be.
type RowNameKind int

// What a request for rows may name.
const (
	RowCondition RowNameKind = iota // an expression
	RowNumbers                      // a variable whose answers count as numbers
	RowTexts                        // a variable of texts
)

// RowForms lists the forms. A new one is a key of RowSpec, an entry here, and its
// layout in package tabulate.
var RowForms = []*RowForm{
	{Key: "variable", With: []string{"nets", "top", "bottom", "categories", "base"}, Given: func(r RowSpec) bool { return r.Variable != "" }},
	{Key: "group", With: []string{"values", "correlation"}, Given: func(r RowSpec) bool { return r.Group != "" },
		Names: func(r RowSpec) []RowName { return []RowName{{".correlation", RowNumbers, r.Correlation}} }},
	{Key: "share", With: []string{"among"}, Split: true, Given: func(r RowSpec) bool { return r.Share != "" },
		Names: func(r RowSpec) []RowName {
			return []RowName{{".share", RowCondition, r.Share}, {".among", RowCondition, r.Among}}
		}},
	{Key: "gap", Split: true, Given: func(r RowSpec) bool { return r.Gap != nil },
		Names: func(r RowSpec) []RowName {
			return []RowName{{".gap.share", RowCondition, r.Gap.Share}, {".gap.minus", RowCondition, r.Gap.Minus}}
		}},
	{Key: "mean", Split: true, Given: func(r RowSpec) bool { return r.Mean != "" },
		Names: func(r RowSpec) []RowName { return []RowName{{".mean", RowNumbers, r.Mean}} }},
	{Key: "total", Split: true, Given: func(r RowSpec) bool { return r.Total != "" },
		Names: func(r RowSpec) []RowName { return []RowName{{".total", RowNumbers, r.Total}} }},
	{Key: "ratio", Split: true, Given: func(r RowSpec) bool { return r.Ratio != nil },
		Names: func(r RowSpec) []RowName {
			return []RowName{{".ratio.share", RowCondition, r.Ratio.Share}, {".ratio.over", RowCondition, r.Ratio.Over}}
		}},
	{Key: "summary", Given: func(r RowSpec) bool { return r.Summary != "" },
		Names: func(r RowSpec) []RowName { return []RowName{{".summary", RowNumbers, r.Summary}} }},
	{Key: "verbatim", With: []string{"limit", "at_least"}, Given: func(r RowSpec) bool { return r.Verbatim != "" },
		Names: func(r RowSpec) []RowName { return []RowName{{".verbatim", RowTexts, r.Verbatim}} }},
}

// RowKeys are the keys of the forms, or only of those that can be split.
func RowKeys(split bool) (keys []string) {
	for _, f := range RowForms {
		if f.Split || !split {
			keys = append(keys, f.Key)
		}
	}
	return keys
}
