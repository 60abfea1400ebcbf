package study

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/pattern"
	"surveykit/survey/privacy"
	"surveykit/survey/screen"
	"surveykit/survey/spec"
)

// maxTables is how many tables a new study asks for; the others are comments.
const maxTables = 30

// Init writes a study file for a table that was read from data, whose paths are
// as they are to stand in the study. It runs as it is: the weight, an age in
// brackets and the banner are guessed and say so; what is less certain
// (strata, clusters, refusals, tables beyond thirty) stands in comments. No
// answer of a respondent is in it, only names, labels and codes.
func Init(t *survey.Table, data survey.DataFile) []byte {
	d := newDraft(t)
	title := strings.TrimSuffix(filepath.Base(data.File), filepath.Ext(data.File))
	from := "file: " + spec.WriteText(filepath.ToSlash(data.File))
	if data.SQL != "" {
		title, from = cmp.Or(data.Table, "Survey"), "sql: "+spec.WriteText(data.SQL)
	}
	d.printf(`# A study to begin with, written by surveykit init. Read every line: what is
# guessed says so, and lines behind a # are suggestions. Then: surveykit run
surveykit: study/1
title: %s

data:
  - %s
`, spec.WriteText(title), from)
	d.print(dataText(data))
	d.privacy()
	d.design()
	d.recodes()
	d.tables()
	d.variables()
	d.print(`
# What readers need to judge the survey; every output shows it.
# disclosure:
#   sponsor: who paid
#   conductor: who asked
#   mode: web
#   dates: 3 to 17 June 2019
#   universe: adults 18 and over
#   sample_source: where the respondents came from
#   weighting: how the weights were made, and to which totals
`)
	return []byte(d.text.String())
}

// draft is a study file in the making.
type draft struct {
	table    *survey.Table
	profiles []profile
	weights  []profile
	age      *profile
	bracket  string // the name of the age brackets, "" without an age
	banner   []string
	text     strings.Builder
}

func newDraft(t *survey.Table) *draft {
	d := &draft{table: t}
	for _, v := range t.Variables {
		d.profiles = append(d.profiles, profileOf(v))
	}
	d.weights = d.findWeights()
	if i := slices.IndexFunc(d.profiles, profile.isAge); i >= 0 {
		d.age = &d.profiles[i]
		d.bracket = "age_bracket"
		for d.table.Lookup(d.bracket) != nil {
			d.bracket += "_"
		}
	}
	// A variable for each topic of banners, five at most.
	const maxBanner = 5
	var banner []string
	for _, lazy := range topics {
		topic := lazy()
		if d.age != nil && topic.MatchString("age") {
			banner = append(banner, d.bracket)
		} else if name := d.find(topic); name != "" && !slices.Contains(banner, name) {
			banner = append(banner, name)
		}
	}
	d.banner = banner[:min(len(banner), maxBanner)]
	return d
}

func (d *draft) printf(format string, args ...any) { fmt.Fprintf(&d.text, format, args...) }
func (d *draft) print(s string)                    { d.text.WriteString(s) }

// findWeights lists the weights, the likeliest first: the file's own, one that
// is called just weight, then in file order. Replicates are not among them.
func (d *draft) findWeights() []profile {
	families := d.families()
	var found []profile
	for _, p := range d.profiles {
		if p.Name == d.table.Weight || p.isWeight() && (families[stem(p.Name)] < minReplicates || stem(p.Name) == p.Name) {
			found = append(found, p)
		}
	}
	rank := func(p profile) int {
		switch {
		case p.Name == d.table.Weight:
			return 0
		case p.words == "weight":
			return 1
		}
		return 2
	}
	slices.SortStableFunc(found, func(a, b profile) int { return rank(a) - rank(b) })
	return found
}

// stem is a name without the number at its end.
func stem(name string) string { return strings.TrimRight(name, "0123456789") }

// minReplicates is the least number of columns that are taken for replicate weights.
const minReplicates = 8

// families counts the weights that differ only in the number at their end.
func (d *draft) families() map[string]int {
	out := map[string]int{}
	for _, p := range d.profiles {
		if p.isWeight() && stem(p.Name) != p.Name {
			out[stem(p.Name)]++
		}
	}
	return out
}

// find is the first variable that a banner could show for a topic: one whose
// name says so, else one whose label does; "" where there is none.
func (d *draft) find(topic *regexp.Regexp) string {
	for _, says := range []func(profile, *regexp.Regexp) bool{profile.named, profile.labelled} {
		for _, p := range d.profiles {
			if says(p, topic) && p.suitsBanner() {
				return p.Name
			}
		}
	}
	return ""
}

// privacy suggests to drop what looks like a direct identifier.
func (d *draft) privacy() {
	var names, why []string
	for _, f := range privacy.Scan(d.table) {
		why = append(why, fmt.Sprintf("#   %s: %s, %s", f.Variable, f.Kind, f.Reason))
		if name := spec.WriteText(f.Variable); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		d.printf("\n# These columns look like direct identifiers. Dropped, they reach no output:\n%s\n# privacy:\n#   drop: [%s]\n#   consent: NAME == 1 # keeps only people who agreed\n", strings.Join(why, "\n"), strings.Join(names, ", "))
	}
}

// design writes the weight, and the rest of the design as suggestions.
func (d *draft) design() {
	mark := "  # "
	if len(d.weights) == 0 {
		mark = "#   "
		d.print("\n# No weight was found: every row counts 1.\n# design:\n#   weight: NAME\n")
	}
	for i, w := range d.weights {
		switch {
		case i > 0:
			d.printf("%sweight: %s%s\n", mark, spec.WriteText(w.Name), remark(w.Label))
		case w.Name == d.table.Weight:
			d.printf("\ndesign:\n  weight: %s # the file's own%s\n", spec.WriteText(w.Name), w.gap())
		default:
			d.printf("\ndesign:\n  weight: %s # guessed from its name: please check%s\n", spec.WriteText(w.Name), w.gap())
		}
	}
	for _, p := range d.profiles {
		switch {
		case p.isStrata():
			d.printf("%sstrata: %s%s\n", mark, spec.WriteText(p.Name), remark(p.Label))
		case p.isCluster():
			d.printf("%spsu: [%s]%s\n", mark, spec.WriteText(p.Name), remark(p.Label))
		}
	}
	families := d.families()
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if families[name] >= minReplicates {
			d.printf("%sreplicates: {columns: %s, type: brr} # %d columns; look up their type\n", mark, spec.WriteText(name+"*"), families[name])
		}
	}
	d.printf("%ssample: probability # or opt-in panel\n", mark)
}

// variables suggests which codes carry no answer. Only those of the age are
// declared: they would fall into a bracket.
func (d *draft) variables() {
	declared := ""
	var suggestions []string
	for _, p := range d.profiles {
		list := p.nonAnswers()
		if len(list) == 0 {
			continue
		}
		line := fmt.Sprintf("%s: {missing: %s}\n", spec.WriteText(p.Name), missingText(list))
		if d.age != nil && p.Name == d.age.Name {
			declared = "variables:\n  " + line
			continue
		}
		suggestions = append(suggestions, line)
	}
	if declared == "" && len(suggestions) == 0 {
		return
	}
	mark := "  # "
	d.print("\n# Codes that look like no answer count in the bases, as in many published\n# figures, until they are declared missing here.\n" + declared)
	if declared == "" {
		mark = "#   "
		d.print("# variables:\n")
	}
	for _, line := range suggestions {
		d.print(mark + line)
	}
}

// recodes cuts the age into the usual brackets.
func (d *draft) recodes() {
	if d.age == nil {
		return
	}
	brackets := []string{"18-24", "25-34", "35-44", "45-54", "55-64", "65+"}
	if d.age.min < 18 {
		brackets = slices.Insert(brackets, 0, "under 18")
	}
	note := ""
	if d.age.max >= 97 {
		note = "; are 97 to 99 ages, or do they mean no answer?"
	}
	d.printf("\nrecodes:\n  - name: %s # guessed%s\n    label: Age\n    from: %s\n    brackets: [%s]\n",
		d.bracket, note, spec.WriteText(d.age.Name), strings.Join(brackets, ", "))
}

// request is a table that the study may ask for.
type request struct{ rows, title string }

// requests lists the tables: multiple-response sets, then questions, then what the
// fieldwork recorded.
func (d *draft) requests() []request {
	var out, fieldwork []request
	skip := map[string]bool{}
	for _, s := range d.table.Sets {
		out = append(out, request{s.Name, strings.TrimSpace(s.Label)})
		for _, name := range s.Variables {
			skip[name] = true
		}
	}
	for _, name := range d.banner {
		skip[name] = true
	}
	for _, w := range d.weights {
		skip[w.Name] = true
	}
	for _, p := range d.profiles {
		switch ask := (request{p.Name, strings.TrimSpace(p.Label)}); {
		case !p.isQuestion() || skip[p.Name] || p.isStrata() || p.isCluster():
		case screen.Fieldwork(p.Variable):
			fieldwork = append(fieldwork, ask)
		default:
			out = append(out, ask)
		}
	}
	out = append(out, fieldwork...)
	if len(out) == 0 {
		for _, name := range d.banner {
			out = append(out, request{name, ""})
		}
	}
	return out
}

var notID = pattern.Lazy(`[^A-Za-z0-9_-]+`)

// tables asks for the first thirty tables and lists the others.
func (d *draft) tables() {
	all := d.requests()
	if len(all) == 0 && len(d.profiles) > 0 {
		all = []request{{d.profiles[0].Name, d.profiles[0].Label}}
	}
	d.print("\ntables:\n")
	ids := map[string]bool{}
	for i, r := range all {
		// Ids name files, so capitals do not distinguish them.
		base := strings.Trim(notID().ReplaceAllString(r.rows, "_"), "_")
		if base == "" {
			base = "table"
		}
		id := base
		for n := 2; ids[strings.ToLower(id)]; n++ {
			id = fmt.Sprintf("%s_%d", base, n)
		}
		ids[strings.ToLower(id)] = true
		if i >= maxTables {
			d.printf("  # - {id: %s, rows: [%s]%s}%s\n", spec.WriteText(id), spec.WriteText(r.rows), d.columns(i), remark(r.title))
			continue
		}
		d.printf("  - id: %s\n", spec.WriteText(id))
		if r.title != "" {
			d.printf("    title: %s\n", spec.WriteText(r.title))
		}
		d.printf("    rows: [%s]\n", spec.WriteText(r.rows))
		if c := d.columns(i); c != "" {
			d.printf("    %s\n", strings.TrimPrefix(c, ", "))
		}
		d.print("    chart: {columns: [Total]}\n")
	}
}

// columns names the banner; the first table spells it out, the others point to it.
func (d *draft) columns(table int) string {
	if len(d.banner) == 0 {
		return ""
	}
	if table > 0 {
		return ", columns: *banner"
	}
	names := make([]string, len(d.banner))
	for i, name := range d.banner {
		names[i] = spec.WriteText(name)
		if strings.Contains(name, survey.Nested) {
			names[i] = "{variable: " + names[i] + "}"
		}
	}
	return ", columns: &banner [" + strings.Join(names, ", ") + "]"
}

// missingText writes missing values: with reasons where all have one.
func missingText(list survey.MissingList) string {
	open, end := "{", "}"
	for _, m := range list {
		if m.Reason == survey.ReasonUnknown {
			open, end = "[", "]"
		}
	}
	parts := make([]string, len(list))
	for i, m := range list {
		parts[i] = spec.WriteValue(survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText})
		if open == "{" {
			parts[i] += ": " + spec.WriteText(string(m.Reason))
		}
	}
	return open + strings.Join(parts, ", ") + end
}

// dataText are the keys of a data file behind its path.
func dataText(data survey.DataFile) string {
	out := keyText("    table: ", data.Table) + keyText("    query: ", data.Query) + keyText("    rows: ", string(data.Rows)) +
		keyText("    codebook: ", filepath.ToSlash(data.Codebook)) + keyText("    sheet: ", data.Sheet) +
		keyText("    catalog: ", filepath.ToSlash(data.Catalog))
	if o := data.Options; o != nil {
		out += "    options:\n" + keyText("      delimiter: ", o.Delimiter) + keyText("      quote: ", o.Quote) +
			keyText("      encoding: ", o.Encoding)
		if o.DecimalComma != nil {
			out += "      decimal_comma: " + strconv.FormatBool(*o.DecimalComma) + "\n"
		}
		if o.Missing != nil {
			parts := make([]string, len(o.Missing))
			for i, s := range o.Missing {
				parts[i] = spec.WriteText(s)
			}
			out += "      missing: [" + strings.Join(parts, ", ") + "]\n"
		}
	}
	return out
}

// keyText is a line with a key and its text, nothing where there is no text.
func keyText(key, text string) string {
	if text == "" {
		return ""
	}
	return key + spec.WriteText(text) + "\n"
}

// remark is a label as a comment at the end of a line, "" without a label.
func remark(label string) string {
	const width = 80
	clean := strings.Join(strings.FieldsFunc(label, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r)
	}), " ")
	if clean == "" {
		return ""
	}
	if letters := []rune(clean); len(letters) > width {
		clean = string(letters[:width]) + "…"
	}
	return " # " + clean
}

// Weights lists the columns that look like weights, the likeliest first: the
// file's own, then those whose name says so and whose values are positive.
// Replicate weights are not among them.
func Weights(t *survey.Table) []string {
	d := &draft{table: t}
	for _, v := range t.Variables {
		if v.Name == t.Weight || weightName().MatchString(splitName(v.Name)) {
			d.profiles = append(d.profiles, profileOf(v))
		}
	}
	var names []string
	for _, p := range d.findWeights() {
		names = append(names, p.Name)
	}
	return names
}
