// Package draft writes a study file to begin with for a data file: it guesses weight,
// banner and age brackets, puts the items of one question together, names who was asked,
// and lists what it makes no table of, with the reason.
package draft

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/expression"
	"surveykit/survey/pattern"
	"surveykit/survey/privacy"
	"surveykit/survey/screen"
	"surveykit/survey/spec"
)

// Options say what a draft is for.
type Options struct {
	// Data are the data file, with paths as they are to be in the study.
	Data survey.DataFile
	// All asks for a table of every question, not only of the first ones.
	All bool
}

// Draft is a study file in the making, and what is to be said of it.
type Draft struct {
	// Text is the study file.
	Text []byte
	// Tables counts those that the study asks for, Waiting those that stand in comments.
	Tables, Waiting int
	// Weight is the weight, "" without one; Guessed is true where it is not the file's own.
	Weight  string
	Guessed bool
	// Banner are the variables of the columns.
	Banner []string
}

// SchemaFile is the name under which the first line of a draft looks for the JSON Schema.
const SchemaFile = "surveykit.schema.json"

// most tables that a draft asks for unless all are wanted; the others are comments.
const most = 40

// New drafts a study for a table. It runs as it is: what is guessed says so, and what is
// less certain (strata, clusters, tables beyond forty) stands in comments. No answer of a
// respondent is in it, only names, labels and the answers of closed questions.
func New(t *survey.Table, o Options) *Draft {
	d := newDraft(t)
	title := strings.TrimSuffix(filepath.Base(o.Data.File), filepath.Ext(o.Data.File))
	from := "file: " + spec.WriteText(filepath.ToSlash(o.Data.File))
	if o.Data.SQL != "" {
		title, from = cmp.Or(o.Data.Table, "Survey"), "sql: "+spec.WriteText(o.Data.SQL)
	}
	d.printf(`# yaml-language-server: $schema=%s
# A study to begin with, written by surveykit init. Read every line: what is
# guessed says so, and lines behind a # are suggestions. Then: surveykit run
surveykit: study/1
title: %s

data:
  - %s
`, SchemaFile, spec.WriteText(title), from)
	d.print(dataText(o.Data))
	d.writePrivacy()
	d.writeDesign()
	d.writeMissing()
	d.writeRecodes()
	d.writeBatteries()
	out := d.writeTables(o.All)
	d.writeReasons()
	d.writeVariables()
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
	out.Text, out.Banner = []byte(d.text.String()), d.banner
	if d.weight != nil {
		out.Weight, out.Guessed = d.weight.Name, d.weight.Name != t.Weight
	}
	return out
}

// draft is what is known of a table, and the study file in the making.
type draft struct {
	table    *survey.Table
	profiles []*profile
	// weights look like weights; weight is the one that is taken, nil without one.
	weights []*profile
	weight  *profile
	// missing are the labels of answers that are none.
	missing survey.MissingList
	age     *profile
	bracket string // the name of the age brackets, "" without an age
	banner  []string
	// used are the variables that no topic of their own is made of: those of sets, of the
	// banner and of the design.
	used   map[string]bool
	topics []topic
	// counting are the variables whose answers count as numbers in a table.
	counting map[string]bool
	routes   map[string]screen.Route
	names    map[string]bool // of variables, sets and groups
	spelt    bool            // the banner is
	text     strings.Builder
}

func newDraft(t *survey.Table) *draft {
	d := &draft{table: t, missing: missingLabels(t), used: map[string]bool{}, names: map[string]bool{}, counting: map[string]bool{}, routes: map[string]screen.Route{}}
	identifier := map[string]bool{}
	for _, f := range privacy.Scan(t) {
		identifier[f.Variable] = identifier[f.Variable] || f.Share >= 0.5
	}
	for _, v := range t.Variables {
		d.profiles = append(d.profiles, profileOf(v, d.missing))
		d.names[v.Name] = true
	}
	d.findBodies()
	for _, p := range d.profiles {
		p.why = p.reason(identifier[p.Name])
	}
	if t.Groups == nil {
		for _, r := range screen.Routes(t) {
			d.routes[r.Question] = r
		}
	}
	d.weights = d.findWeights()
	for _, p := range d.weights {
		d.used[p.Name] = true
		if d.weight == nil && d.doubt(p) == "" {
			d.weight = p
		}
	}
	families := d.families()
	for _, p := range d.profiles {
		if p.isStrata() || p.isCluster() || p.isWeight() && families[numberless(p.Name)] >= minReplicates {
			d.used[p.Name] = true
		}
	}
	for _, s := range t.Sets {
		for _, name := range s.Variables {
			d.used[name] = true
		}
	}
	batteries := d.batteries()
	for _, t := range batteries {
		for _, p := range t.items {
			d.used[p.Name] = true
		}
	}
	d.findBanner()
	d.findTopics(batteries)
	for _, t := range d.topics {
		for _, p := range t.items {
			d.counting[p.Name] = t.kind == rating || t.kind == means || t.kind == measure
		}
	}
	if d.age != nil {
		d.counting[d.age.Name] = true
	}
	return d
}

func (d *draft) printf(format string, args ...any) { fmt.Fprintf(&d.text, format, args...) }
func (d *draft) print(s string)                    { d.text.WriteString(s) }

// missingLabels are the labels that certainly mean no answer, wherever they occur. A
// label that is an item of a set, too, is none of them.
func missingLabels(t *survey.Table) (out survey.MissingList) {
	items := map[string]bool{}
	why := map[string]survey.Reason{}
	var labels []string
	see := func(label string) {
		if reason, certain := survey.ReasonOf(label); certain && why[label] == "" {
			why[label] = reason
			labels = append(labels, label)
		}
	}
	for _, v := range t.Variables {
		few := v.IsText() && len(v.Texts.Values) <= mostTexts
		if few && len(v.Texts.Values) == 1 {
			items[v.Texts.Values[0]] = true
		}
		if f, ok := formOf(profileOf(&survey.Variable{Kind: v.Kind, Codes: v.Codes, Missing: v.Missing, Numbers: survey.NewNumbers(nil), Texts: &survey.TextColumn{}}, nil)); ok && f.set && f.option != "" {
			items[f.option] = true
		}
		for _, c := range v.Codes {
			if !v.IsMissing(c.Value) {
				see(c.Label)
			}
		}
		for k := 0; few && k < len(v.Texts.Values); k++ {
			if !v.IsMissing(survey.TextValue(v.Texts.Values[k])) {
				see(v.Texts.Values[k])
			}
		}
	}
	for _, label := range labels {
		if !items[label] {
			out = append(out, survey.MissingText(label, why[label]))
		}
	}
	return out
}

// findBanner takes a variable for each topic of banners, five at most. An age in years is
// cut into brackets where the file has none.
func (d *draft) findBanner() {
	const mostBanner = 5
	for _, lazy := range topics {
		topic := lazy()
		name := d.find(topic)
		if i := slices.IndexFunc(d.profiles, (*profile).isAge); i >= 0 && name == "" && topic.MatchString("age") {
			d.age, d.bracket = d.profiles[i], d.free("age_bracket")
			name = d.bracket
		}
		if name != "" && !d.used[name] && len(d.banner) < mostBanner {
			d.banner = append(d.banner, name)
			d.used[name] = true
		}
	}
}

// find is the first variable that a banner could show for a topic: one whose
// name says so, else one whose label does; "" where there is none.
func (d *draft) find(topic *regexp.Regexp) string {
	for _, says := range []func(*profile, *regexp.Regexp) bool{(*profile).named, (*profile).labelled} {
		for _, p := range d.profiles {
			if says(p, topic) && p.suitsBanner() && !d.used[p.Name] {
				return p.Name
			}
		}
	}
	return ""
}

// free is a name that no variable, set or group has.
func (d *draft) free(name string) string {
	base := name
	for n := 2; d.names[name]; n++ {
		name = fmt.Sprintf("%s_%d", base, n)
	}
	d.names[name] = true
	return name
}

// findTopics finds what there is to tabulate in the order of the file: questions, batteries
// and the file's sets, each at its first variable. Where there is none, it takes what is left.
func (d *draft) findTopics(batteries []topic) {
	first := map[string][]topic{}
	for _, s := range d.table.Sets {
		t := topic{kind: set, name: s.Name, title: withoutHead(onOneLine(s.Label), s.Name)}
		for _, name := range s.Variables {
			if d.table.Lookup(name) != nil {
				t.items = append(t.items, d.profileNamed(name))
			}
		}
		if len(t.items) > 0 {
			d.label(&t)
			first[t.items[0].Name] = append(first[t.items[0].Name], t)
		}
	}
	for _, t := range batteries {
		first[t.items[0].Name] = append(first[t.items[0].Name], t)
	}
	for _, p := range d.profiles {
		d.topics = append(d.topics, first[p.Name]...)
		if !d.used[p.Name] && p.why == "" {
			d.topics = append(d.topics, d.single(p))
		}
	}
	for _, p := range d.profiles {
		inBanner := slices.Contains(d.banner, p.Name) || p == d.age && d.bracket != ""
		if len(d.topics) == 0 && (inBanner || p.why == sameEverywhere) && p.rows > 0 {
			d.topics = append(d.topics, d.single(p))
		}
	}
	if len(d.topics) > 0 || len(d.profiles) == 0 {
		return
	}
	last := d.single(slices.MaxFunc(d.profiles, func(p, q *profile) int { return cmp.Compare(p.rows, q.rows) }))
	if i := slices.IndexFunc(d.profiles, func(p *profile) bool {
		return p.IsText() && p.rows > 0 && !slices.Contains([]string{recorded, identifies}, p.why)
	}); i >= 0 {
		last = topic{kind: verbatim, name: d.profiles[i].Name, title: d.profiles[i].text, items: d.profiles[i : i+1]}
	}
	d.topics = append(d.topics, last)
}

func (d *draft) profileNamed(name string) *profile {
	return d.profiles[slices.IndexFunc(d.profiles, func(p *profile) bool { return p.Name == name })]
}

// label shortens the labels of a set of the file to what differs.
func (d *draft) label(t *topic) {
	texts := make([]string, len(t.items))
	for k, p := range t.items {
		texts[k] = p.text
	}
	if len(texts) < 2 || slices.Contains(texts, "") {
		return
	}
	if s, ok := stemOf(texts); ok && s.sure {
		t.labels = s.items
		t.title = cmp.Or(t.title, s.text)
	}
}

// single is the topic of one variable.
func (d *draft) single(p *profile) topic {
	t := topic{kind: question, name: p.Name, title: p.text, items: []*profile{p}}
	switch {
	case p.isMeasure():
		t.kind = measure
	case p.isRating():
		t.kind = rating
	}
	return t
}

// writePrivacy suggests to drop what looks like a direct identifier.
func (d *draft) writePrivacy() {
	var names, why []string
	for _, f := range privacy.Scan(d.table) {
		why = append(why, fmt.Sprintf("#   %s: %s, %s", onOneLine(f.Variable), f.Kind, f.Reason))
		if name := spec.WriteText(f.Variable); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		d.printf("\n# These columns look like direct identifiers. Dropped, they reach no output:\n%s\n# privacy:\n#   drop: [%s]\n#   consent: NAME == 1 # keeps only people who agreed\n", strings.Join(why, "\n"), strings.Join(names, ", "))
	}
}

// writeMissing declares the answers that are none. What only looks like one is a suggestion.
func (d *draft) writeMissing() {
	var suggested []string
	seen := map[string]bool{}
	for _, p := range d.profiles {
		for _, m := range p.nonAnswers() {
			label := p.LabelOf(survey.NumberValue(m.Low))
			if m.Reason == survey.ReasonUnknown || d.counting[p.Name] || seen[label] {
				continue
			}
			seen[label] = true
			suggested = append(suggested, fmt.Sprintf("%s: %s\n", spec.WriteText(label), spec.WriteText(string(m.Reason))))
		}
	}
	mark := "  # "
	switch {
	case len(d.missing)+len(suggested) == 0:
		return
	case len(d.missing) == 0:
		mark = "#   "
		d.print("\n# These look like no answer. They count until they are declared missing.\n# missing:\n")
	default:
		d.print("\n# These answers count as none, wherever they occur. Take one out, and it is a row\n# of its table and in the base of the percentages.\nmissing:\n")
		for _, m := range d.missing {
			d.printf("  %s: %s\n", spec.WriteText(m.Text), spec.WriteText(string(m.Reason)))
		}
	}
	for _, line := range suggested {
		d.print(mark + line)
	}
}

// brackets are the usual ones that somebody of the sample is in.
func (d *draft) brackets() []string {
	limits := []int{0, 18, 25, 35, 45, 55, 65, maxAge + 1}
	names := []string{"under 18", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"}
	var out []string
	for k, name := range names {
		if slices.ContainsFunc(d.ages(), func(age float64) bool { return age >= float64(limits[k]) && age < float64(limits[k+1]) }) {
			out = append(out, name)
		}
	}
	return out
}

// ages are those that occur.
func (d *draft) ages() (out []float64) {
	none := d.age.nonAnswers()
	for x := range d.age.Values() {
		if !d.age.IsMissing(x) && !d.age.none[x] && !slices.ContainsFunc(none, func(m survey.Missing) bool { return m.Low == x.Number }) {
			out = append(out, x.Number)
		}
	}
	return out
}

// writeRecodes cuts the age into the usual brackets, and makes items of sets whose
// answers have words of their own.
func (d *draft) writeRecodes() {
	var b strings.Builder
	if d.age != nil {
		note := ""
		if d.age.max >= 97 {
			note = "; are 97 to 99 ages, or do they mean no answer?"
		}
		fmt.Fprintf(&b, "  - name: %s # guessed%s\n    label: Age\n    from: %s\n    brackets: [%s]\n",
			spec.WriteText(d.bracket), note, spec.WriteText(d.age.Name), strings.Join(d.brackets(), ", "))
	}
	for _, t := range d.topics {
		for k, p := range t.items {
			if t.negative == "" {
				break
			}
			label := p.Name
			if t.labels != nil {
				label = t.labels[k]
			}
			fmt.Fprintf(&b, "  - {name: %s, label: %s, expression: %s}\n", spec.WriteText(d.member(t, p)), spec.WriteText(shortened(label, longest)),
				spec.WriteText(fmt.Sprintf("%s != %q", expression.Quote(p.Name), t.negative)))
		}
	}
	if b.Len() > 0 {
		d.print("\nrecodes:\n" + b.String())
	}
}

// member is the name of a topic's item: that of its recode where it needs one.
func (d *draft) member(t topic, p *profile) string {
	if t.negative == "" {
		return p.Name
	}
	return p.Name + "_chosen"
}

// longest is the most letters of a title or label in a draft.
const longest = 200

// writeBatteries declares sets and groups.
func (d *draft) writeBatteries() {
	var sets, groups strings.Builder
	for _, t := range d.topics {
		names := make([]string, len(t.items))
		for k, p := range t.items {
			names[k] = spec.WriteText(d.member(t, p))
		}
		b, key := &sets, "variables"
		switch {
		case t.kind == question, t.kind == measure, t.kind == rating, t.kind == verbatim, t.kind == set && !t.declared:
			continue
		case t.kind != set:
			b, key = &groups, "items"
		}
		fmt.Fprintf(b, "  - name: %s\n", spec.WriteText(t.name))
		if t.title != "" {
			fmt.Fprintf(b, "    label: %s\n", spec.WriteText(shortened(t.title, longest)))
		}
		fmt.Fprintf(b, "    %s: [%s]\n", key, strings.Join(names, ", "))
		if x := t.counts(); t.kind == set && x != nil {
			fmt.Fprintf(b, "    counted: %s\n", spec.WriteValue(*x))
		}
	}
	if sets.Len() > 0 {
		d.print("\n# Questions with several answers, found by the names, labels and codes of their items.\nsets:\n" + sets.String())
	}
	if groups.Len() > 0 {
		d.print("\n# Items of one question, found by their names, labels and codes.\ngroups:\n" + groups.String())
	}
}

// counts is the value of an item that was chosen; nil where its variables hold the choices.
func (t topic) counts() *survey.Value {
	if t.negative != "" {
		one := survey.NumberValue(1)
		return &one
	}
	return t.counted
}

// request is a table that the study may ask for.
type request struct {
	id, title, layout, base string
	banner                  bool
	chart                   string
}

// requests are the tables of a topic.
func (d *draft) requests(t topic) []request {
	r := request{id: t.name, title: t.title, layout: "rows: [" + spec.WriteText(t.name) + "]", banner: true, base: d.base(t.items)}
	if len(t.items) > 0 && len(t.items) <= mostDrawn {
		r.chart = "{columns: [Total]}"
	}
	switch t.kind {
	case question:
		if n := max(len(t.items[0].counts), len(t.items[0].codes())); n == 0 || n > mostDrawn {
			r.chart = ""
		}
	case verbatim:
		r.layout, r.chart = "rows: [{verbatim: "+spec.WriteText(t.name)+"}]", ""
	case measure:
		r.layout, r.chart = "rows: [{summary: "+spec.WriteText(t.name)+"}]", ""
	case rating:
		r.layout, r.chart = ratingRows(t.items[0]), ""
	case shares:
		r.layout = fmt.Sprintf("rows: [{group: %s, values: [%s]}]", spec.WriteText(t.name), spec.WriteValue(*t.counts()))
		if label := t.items[0].LabelOf(*t.counts()); t.negative == "" && label != "1" {
			r.title = cmp.Or(r.title, t.name) + " – " + onOneLine(label)
		}
	case means:
		r.layout, r.chart = "rows: [{group: "+spec.WriteText(t.name)+"}]", ""
	case grid:
		r.layout, r.banner, r.chart = "grid: {group: "+spec.WriteText(t.name)+"}", false, "{}"
		if len(t.items) > mostDrawn {
			r.chart = ""
		}
	}
	out := []request{r}
	if t.kind == grid || t.kind == means {
		for k, p := range t.items {
			one := d.requests(d.single(p))[0]
			one.chart = ""
			if t.labels != nil && t.title != "" {
				one.title = t.title + " – " + t.labels[k]
			}
			out = append(out, one)
		}
	}
	return out
}

// mostDrawn is the most rows of a table with a chart.
const mostDrawn = 40

// ratingRows are the rows of a scale from 0 to 10.
func ratingRows(p *profile) string {
	name, q := spec.WriteText(p.Name), expression.Quote(p.Name)
	var nets []string
	for _, n := range []struct {
		label    string
		from, to float64
	}{{"Promoters (9–10)", 9, 10}, {"Passives (7–8)", 7, 8}, {"Detractors (0–6)", 0, 6}} {
		var values []string
		for x := n.from; x <= n.to; x++ {
			v := survey.NumberValue(x)
			if _, occurs := p.counts[v]; occurs || slices.ContainsFunc(p.codes(), func(c survey.Code) bool { return c.Value == v }) {
				values = append(values, survey.FormatNumber(x))
			}
		}
		if len(values) > 0 {
			nets = append(nets, spec.WriteText(n.label)+": ["+strings.Join(values, ", ")+"]")
		}
	}
	score := fmt.Sprintf("{label: Net promoter score, gap: {share: %s, minus: %s}}", spec.WriteText(q+" >= 9"), spec.WriteText(q+" <= 6"))
	if p.recommends() {
		return fmt.Sprintf("rows:\n      - {variable: %s, nets: {%s}, statistics: [mean]}\n      - %s", name, strings.Join(nets, ", "), score)
	}
	return fmt.Sprintf("rows:\n      - {variable: %s, statistics: [mean]}\n      # - %s", name, score)
}

// base says who was asked, where all items were asked of the same people.
func (d *draft) base(items []*profile) string {
	if len(items) == 0 {
		return ""
	}
	r, ok := d.routes[items[0].Name]
	for _, p := range items[1:] {
		other := d.routes[p.Name]
		ok = ok && other.By == r.By && other.Asked == r.Asked && slices.Equal(other.If, r.If)
	}
	if !ok || d.used[r.By] && d.weights != nil && slices.ContainsFunc(d.weights, func(p *profile) bool { return p.Name == r.By }) {
		return ""
	}
	by := d.profileNamed(r.By)
	words, codes := "if", r.If
	if len(r.Unless) < len(r.If) {
		words, codes = "unless", r.Unless
	}
	labels := make([]string, len(codes))
	for k, c := range codes {
		labels[k] = onOneLine(c.Label)
	}
	if last := len(labels) - 1; last > 0 {
		labels = []string{strings.Join(labels[:last], ", ") + " or " + labels[last]}
	}
	name := onOneLine(by.Name)
	if by.text != "" {
		name = "“" + shortened(by.text, 80) + "”"
	}
	return shortened(fmt.Sprintf("Asked %s %s is %s", words, name, labels[0]), longest)
}

var notID = pattern.Lazy(`[^A-Za-z0-9_-]+`)

// identify makes an id of a name: it names files, so capitals do not distinguish it.
func identify(name string, taken map[string]bool) string {
	const longestID = 60
	id := strings.Trim(notID().ReplaceAllString(name, "_"), "_")
	id = cmp.Or(strings.TrimRight(id[:min(len(id), longestID)], "_"), "table")
	base := id
	for n := 2; taken[strings.ToLower(id)]; n++ {
		id = fmt.Sprintf("%s_%d", base, n)
	}
	taken[strings.ToLower(id)] = true
	return id
}

// writeTables asks for the first tables, and lists the others.
func (d *draft) writeTables(all bool) *Draft {
	var out Draft
	var waiting strings.Builder
	ids := map[string]bool{}
	d.print("\ntables:\n")
	for _, t := range d.topics {
		requests := d.requests(t)
		if out.Tables > 0 && !all && (out.Waiting > 0 || out.Tables+len(requests) > most) {
			for _, r := range requests {
				fmt.Fprintf(&waiting, "  # - {id: %s, %s%s}%s\n", spec.WriteText(identify(r.id, ids)), flowed(r.layout), d.columns(r), remark(r.title))
				out.Waiting++
			}
			continue
		}
		for _, r := range requests {
			d.printf("  - id: %s\n", spec.WriteText(identify(r.id, ids)))
			if r.title != "" {
				d.printf("    title: %s\n", spec.WriteText(shortened(r.title, longest)))
			}
			if len([]rune(r.title)) > longest {
				d.printf("    question: %s\n", spec.WriteText(shortened(r.title, 5*longest)))
			}
			d.printf("    %s\n", r.layout)
			if c := d.columns(r); c != "" {
				d.printf("    %s\n", strings.TrimPrefix(c, ", "))
			}
			if r.base != "" {
				d.printf("    base: %s\n", spec.WriteText(r.base))
			}
			if r.chart != "" {
				d.printf("    chart: %s\n", r.chart)
			}
			out.Tables++
		}
	}
	if out.Waiting > 0 {
		d.printf("  # %s more tables wait; surveykit init --all asks for all of them:\n%s", survey.FormatCount(out.Waiting), waiting.String())
	}
	return &out
}

// flowed is a layout on one line.
func flowed(layout string) string {
	lines := strings.Split(layout, "\n")
	if len(lines) == 1 {
		return layout
	}
	var rows []string
	for _, line := range lines[1:] {
		if row, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok {
			rows = append(rows, row)
		}
	}
	return lines[0] + " [" + strings.Join(rows, ", ") + "]"
}

// columns names the banner; the first table that has it spells it out, the others point
// to it.
func (d *draft) columns(r request) string {
	if len(d.banner) == 0 || !r.banner {
		return ""
	}
	if d.spelt {
		return ", columns: *banner"
	}
	d.spelt = true
	names := make([]string, len(d.banner))
	for i, name := range d.banner {
		names[i] = spec.WriteText(name)
		if strings.Contains(name, survey.Nested) {
			names[i] = "{variable: " + names[i] + "}"
		}
	}
	return ", columns: &banner [" + strings.Join(names, ", ") + "]"
}

// writeReasons lists the variables that have no table, by the reason.
func (d *draft) writeReasons() {
	var lines strings.Builder
	for _, why := range reasons {
		var names []string
		for _, p := range d.profiles {
			if p.why == why && !d.used[p.Name] && !slices.ContainsFunc(d.topics, func(t topic) bool { return t.name == p.Name }) {
				names = append(names, shortened(onOneLine(p.Name), 60))
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&lines, "#   %s: %s\n", why, strings.Join(names, ", "))
		}
	}
	if lines.Len() > 0 {
		d.print("\n# No tables are made of these:\n" + lines.String())
	}
}
