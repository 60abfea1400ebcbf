package survey

import "slices"

// Origins are the names themselves and the variables that they are made of,
// directly or through others, each once. A set is made of its variables; a name
// that the table does not know is made of itself.
func (t *Table) Origins(names ...string) []string {
	var out []string
	var add func(names []string)
	add = func(names []string) {
		for _, name := range names {
			if name == "" || slices.Contains(out, name) {
				continue
			}
			out = append(out, name)
			if v := t.Lookup(name); v != nil {
				add(v.MadeOf)
			} else if set := t.Set(name); set != nil {
				add(set.Variables)
			}
		}
	}
	add(names)
	return out
}

// Answers are the variables among those of a condition that are its answers:
// all but the wave, which beside others only says under which name a question
// was asked.
func (d Design) Answers(names []string) []string {
	answers := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == d.WaveVariable })
	if len(answers) == 0 {
		return names
	}
	return answers
}
