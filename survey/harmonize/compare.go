package harmonize

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Compare fits the codebooks of two or more files together, each to those before
// it. Variables are assigned one to one, the pairs of highest confidence first, equal
// ones in the order of their names, so that the same files give the same mapping. A
// pair in doubt is not merged: both stay separate variables.
func Compare(files []File) *Mapping {
	w := &wordings{in: map[string]int{}, known: map[string]cut{}}
	for _, f := range files {
		for _, v := range f.Table.Variables {
			if v.Label == "" {
				continue
			}
			w.labels++
			for _, g := range w.cut(v.Label).grams {
				w.in[g.signs]++
			}
		}
	}
	c := &comparer{wordings: w}
	for k, f := range files {
		c.mapping.Files = append(c.mapping.Files, survey.DataFile{File: f.Path})
		c.add(k, f)
	}
	m := &c.mapping
	m.Version = Version
	waves(m, files)
	m.Design = c.design(files)
	for _, r := range c.rows {
		v := r.Variable
		for len(v.From) < len(files) {
			v.From = append(v.From, "")
		}
		m.Variables = append(m.Variables, v)
	}
	return m
}

// comparer has the stacked variables while they are made.
type comparer struct {
	*wordings
	mapping Mapping
	rows    []*row
}

// row is a variable of the stacked data while it is made.
type row struct {
	Variable
	model *model
	roles []string
}

// candidate is a pair that was judged.
type candidate struct {
	row   *row
	other *model
	judgement
}

// add fits a file to those before it.
func (c *comparer) add(k int, f File) {
	roles := rolesOf(f)
	suffix := suffixOf(f.Table.Names())
	var others []*model
	for _, v := range f.Table.Variables {
		others = append(others, &model{Variable: v, stem: strings.TrimSuffix(v.Name, suffix), unlabelled: unlabelled(v)})
	}
	labels := map[string]int{}
	for _, r := range c.rows {
		labels[c.cut(r.model.Label).folded]++
	}
	for _, v := range others {
		labels[c.cut(v.Label).folded]++
	}
	var found []candidate
	for _, r := range c.rows {
		for _, v := range others {
			role := slices.ContainsFunc(r.roles, func(s string) bool { return roles[s] == v.Name })
			alone := labels[c.cut(v.Label).folded] == 2
			if j, related := c.judge(r.model, v, role, alone); related {
				found = append(found, candidate{r, v, j})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.confidence, a.confidence), cmp.Compare(a.row.Name, b.row.Name), cmp.Compare(a.other.Name, b.other.Name))
	})
	c.merge(k, found)
	for _, x := range found {
		if x.other.merged || len(x.row.From) > k || x.row.model.doubted == k || x.other.doubted == k {
			continue
		}
		x.row.model.doubted, x.other.doubted = k, k
		d := Doubt{Variable: x.row.Name, File: k + 1, Other: x.other.Name, Confidence: x.confidence, Why: x.why}
		for _, change := range x.changes {
			change.File = k + 1
			d.Changes = append(d.Changes, change)
		}
		c.mapping.Doubts = append(c.mapping.Doubts, d)
	}
	c.append(k, others, roles)
}

// merge joins the pairs that are not in doubt, each variable once.
func (c *comparer) merge(k int, found []candidate) {
	for _, x := range found {
		if !x.judgement.merge || x.other.merged || len(x.row.From) > k {
			continue
		}
		x.other.merged = true
		r := x.row
		r.From = append(padded(r.From, k), x.other.Name)
		r.Confidence = min(r.Confidence, x.confidence)
		for _, change := range x.changes {
			change.File = k + 1
			r.Changes = append(r.Changes, change)
		}
		if len(x.answers.recode) > 0 {
			r.Recodes = append(r.Recodes, Recode{File: k + 1, Values: x.answers.recode})
		}
		r.model.join(x.other, x.answers)
	}
}

// append adds the file's own variables.
func (c *comparer) append(k int, others []*model, roles map[string]string) {
	taken := map[string]bool{}
	for _, r := range c.rows {
		taken[r.Name] = true
	}
	for _, v := range others {
		if v.merged {
			continue
		}
		name := v.Name
		for n := k + 1; taken[name]; n++ {
			name = fmt.Sprintf("%s_%d", v.Name, n)
		}
		taken[name] = true
		r := &row{Variable: Variable{Name: name, From: append(padded(nil, k), v.Name), Confidence: 1}, model: v}
		for role, column := range roles {
			if column == v.Name {
				r.roles = append(r.roles, role)
			}
		}
		c.rows = append(c.rows, r)
	}
}

func padded(from []string, n int) []string {
	for len(from) < n {
		from = append(from, "")
	}
	return from
}

// rolesOf are the parts of the design that a file declares, with their columns.
func rolesOf(f File) map[string]string {
	roles := map[string]string{}
	set := func(role, column string) {
		if column != "" {
			roles[role] = column
		}
	}
	set("weight", cmp.Or(f.Design.Weight, f.Table.Weight))
	set("strata", f.Design.Strata)
	for i, name := range f.Design.PSU {
		set("psu"+strconv.Itoa(i), name)
	}
	return roles
}

// design names the parts of the design that every file has.
func (c *comparer) design(files []File) Design {
	var d Design
	d.Weight, d.Strata = c.part("weight", files), c.part("strata", files)
	for i := 0; ; i++ {
		name := c.part("psu"+strconv.Itoa(i), files)
		if name == "" {
			break
		}
		d.PSU = append(d.PSU, name)
	}
	for _, f := range files {
		if f.Design.Waves == "panel" {
			d.Waves = "panel"
		}
	}
	return d
}

// part is the stacked variable that has a role in all files, "" without one.
func (c *comparer) part(role string, files []File) string {
	for _, r := range c.rows {
		all := len(r.From) == len(files)
		for k := range r.From {
			all = all && r.From[k] != "" && rolesOf(files[k])[role] == r.From[k]
		}
		if all {
			return r.Name
		}
	}
	return ""
}

// waves finds the variable that is one number in each file, another in each,
// and called wave or year; else the files are numbered.
func waves(m *Mapping, files []File) {
	for _, name := range []string{"wave", "year"} {
		values := constants(files, name)
		if values == nil {
			continue
		}
		m.WaveVariable = files[0].Table.Lookup(name).Name
		for k := range m.Files {
			m.Files[k].Wave = values[k]
		}
		return
	}
	m.WaveVariable = "wave"
	for k := range m.Files {
		m.Files[k].Wave = strconv.Itoa(k + 1)
	}
}

// constants are a variable's values where it has one a file and all differ.
func constants(files []File, name string) []string {
	var out []string
	for _, f := range files {
		v := f.Table.Lookup(name)
		if v == nil || v.Len() == 0 {
			return nil
		}
		first, ok := v.At(0)
		for i := range v.Len() {
			if x, present := v.At(i); !present || x != first {
				return nil
			}
		}
		if !ok || slices.Contains(out, first.String()) {
			return nil
		}
		out = append(out, first.String())
	}
	return out
}
