package sav

import (
	"fmt"
	"strings"

	"surveykit/survey"
)

// System files declare missing values without a reason. Write adds it in an
// attribute of the variable, a list of VALUE=REASON, which PSPP shows beside the
// others and saves again:
//
//	NAME:MissingReasons('98=don't know'<newline>'99=refused'<newline>)/NAME2:…
const reasonsAttribute = "MissingReasons"

// ruleKey names a missing rule by the values that the file holds: 99, 90..99 or a text.
func ruleKey(kind survey.Kind, m survey.Missing) string {
	if m.IsText {
		return strings.TrimRight(strings.ReplaceAll(m.Text, "\n", " "), " ")
	}
	key := survey.FormatNumber(toFile(kind, m.Low))
	if m.Low != m.High {
		key += ".." + survey.FormatNumber(toFile(kind, m.High))
	}
	return key
}

// reasons writes the attributes of those variables that know why values are missing.
func (p *layout) reasons(b *recordBuffer) {
	for _, f := range p.fields {
		var known []string
		for _, m := range f.Missing {
			if m.Reason != survey.ReasonUnknown {
				known = append(known, fmt.Sprintf("'%s=%s'\n", ruleKey(f.Kind, m), m.Reason))
			}
		}
		if len(known) == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		fmt.Fprintf(b, "%s:%s(%s)", f.name, reasonsAttribute, strings.Join(known, ""))
	}
}

// readReasons gives missing values the reasons that Write left. Other attributes
// are passed over, and so are reasons of values that are missing no more.
func (d *dictionary) readReasons() {
	rest := d.text(d.extensions[extAttributes].data)
	for rest != "" {
		name, attributes, ok := strings.Cut(rest, ":")
		if rest = attributes; !ok {
			return
		}
		c := d.byName[strings.ToUpper(name)]
		for rest != "" && rest[0] != '/' {
			var attribute string
			var values []string
			if attribute, values, rest, ok = cutAttribute(rest); !ok {
				return
			}
			if c != nil && attribute == reasonsAttribute {
				c.giveReasons(values)
			}
		}
		rest = strings.TrimPrefix(rest, "/")
	}
}

// cutAttribute parts an attribute and its values from what follows.
func cutAttribute(s string) (name string, values []string, rest string, ok bool) {
	name, rest, ok = strings.Cut(s, "(")
	for ok && !strings.HasPrefix(rest, ")") {
		var value string
		value, rest, ok = strings.Cut(rest, "\n")
		values = append(values, strings.TrimSuffix(strings.TrimPrefix(value, "'"), "'"))
	}
	return name, values, strings.TrimPrefix(rest, ")"), ok
}

func (c *column) giveReasons(values []string) {
	for _, value := range values {
		at := strings.LastIndexByte(value, '=')
		if at < 0 {
			continue
		}
		switch why := survey.Reason(value[at+1:]); why {
		case survey.DontKnow, survey.Refused, survey.NotAsked:
			for i, m := range c.Missing {
				if ruleKey(c.Kind, m) == value[:at] {
					c.Missing[i].Reason = why
				}
			}
		}
	}
}
