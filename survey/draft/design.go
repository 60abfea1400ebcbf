package draft

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/pattern"
	"surveykit/survey/screen"
	"surveykit/survey/spec"
)

var (
	weightName  = pattern.Lazy(`weight|wgt|\b\w*wts?\b|\bwt[a-z]+\b|\bpw\b|gewicht`)
	bodyWeight  = pattern.Lazy(`(?i)\b(pounds|lbs?|kilos?|kilograms?|kg|body|birth|height|k(ö|oe)rpergewicht)\b|weigh\b|_kg\b|_lbs?\b`)
	bodyHeight  = pattern.Lazy(`\b(height|bmi|waist|hip|stature|gr(ö|oe)sse|größe|k(ö|oe)rpergr)\b`)
	strataName  = pattern.Lazy(`strat`)
	clusterName = pattern.Lazy(`psu|cluster`)
)

// isWeight guesses by the name and by positive values; two of them are a flag.
func (p *profile) isWeight() bool {
	return p.Kind == survey.Number && weightName().MatchString(p.words) && !bodyWeight().MatchString(p.Name+" "+p.Label) &&
		p.min >= 0 && p.mean > 0 && len(p.counts) != 2
}

// isStrata and isCluster guess by the name alone. One that begins with n is their number.
func (p *profile) isStrata() bool { return strataName().MatchString(p.words) }
func (p *profile) isCluster() bool {
	return clusterName().MatchString(p.words) && !strings.HasPrefix(p.words, "n ")
}

// doubt says why a column that is named like a weight is hardly the weight; "" where it
// may be: all rows have one, and they average about 1 or are many people each, or it is
// the file's own.
func (d *draft) doubt(p *profile) string {
	own := p.Name == d.table.Weight
	w := screen.DescribeWeight(p.Variable)
	mean := w.Mean.Float()
	switch {
	case max(w.Missing, p.empty) > 0:
		return fmt.Sprintf("%s rows have none", survey.FormatCount(max(w.Missing, p.empty)))
	case w.Negative > 0:
		return fmt.Sprintf("%s rows have a negative one", survey.FormatCount(w.Negative))
	case w.N == 0 || math.IsNaN(mean):
		return "no row has one above 0"
	case mean >= 0.5 && mean <= 2, own:
		return ""
	case mean < leastGrossing || p.whole && p.max <= mostNumbers:
		return fmt.Sprintf("its mean is %.3g, neither about 1 nor a number of people", mean)
	}
	return ""
}

const (
	// leastGrossing is the least mean of weights that add up to a population.
	leastGrossing = 5
	// mostBody is the highest mean of people's weights in any unit.
	mostBody = 1000
)

// findBodies finds columns of people's weights: those that say so, and those of that size
// beside people's height.
func (d *draft) findBodies() {
	tall := slices.ContainsFunc(d.profiles, func(p *profile) bool { return bodyHeight().MatchString(p.words + " " + strings.ToLower(p.text)) })
	for _, p := range d.profiles {
		p.body = weightName().MatchString(p.words) && (bodyWeight().MatchString(p.Name+" "+p.Label) || tall && p.mean > 2 && p.mean < mostBody)
	}
}

// findWeights lists the columns that look like weights, the likeliest first: the file's
// own, one that is called just weight, then in file order. Replicates are not among
// them, nor is a plain name beside people's height.
func (d *draft) findWeights() (found []*profile) {
	families := d.families()
	for _, p := range d.profiles {
		switch {
		case p.Name == d.table.Weight:
		case !p.isWeight() || families[numberless(p.Name)] >= minReplicates && numberless(p.Name) != p.Name:
			continue
		case p.body:
			continue
		}
		found = append(found, p)
	}
	rank := func(p *profile) int {
		switch {
		case p.Name == d.table.Weight:
			return 0
		case p.words == "weight":
			return 1
		}
		return 2
	}
	slices.SortStableFunc(found, func(a, b *profile) int { return rank(a) - rank(b) })
	return found
}

// numberless is a name without the number at its end.
func numberless(name string) string { return strings.TrimRight(name, "0123456789") }

// minReplicates is the least number of columns that are taken for replicate weights.
const minReplicates = 8

// families counts the weights that differ only in the number at their end.
func (d *draft) families() map[string]int {
	out := map[string]int{}
	for _, p := range d.profiles {
		if p.isWeight() && numberless(p.Name) != p.Name {
			out[numberless(p.Name)]++
		}
	}
	return out
}

// writeDesign writes the weight, and the rest of the design as suggestions.
func (d *draft) writeDesign() {
	var keys []string
	switch {
	case d.weight == nil:
	case d.weight.Name == d.table.Weight:
		keys = append(keys, fmt.Sprintf("weight: %s # the file's own", spec.WriteText(d.weight.Name)))
	default:
		keys = append(keys, fmt.Sprintf("weight: %s # guessed from its name: please check", spec.WriteText(d.weight.Name)), "guessed: true # run warns until this line is taken out")
	}
	if d.table.Rows == 1 && d.table.Groups == nil {
		keys = append(keys, "lonely_psu: certainty # one row has no variance")
	}
	if d.weight == nil {
		d.print("\n# No weight was found: every row counts 1.\n")
	} else {
		d.print("\n")
	}
	mark := "  # "
	if len(keys) == 0 {
		mark = "#   "
		d.print("# design:\n")
	} else {
		d.print("design:\n  " + strings.Join(keys, "\n  ") + "\n")
	}
	if len(d.weights) == 0 {
		d.print(mark + "weight: NAME\n")
	}
	for _, w := range d.weights {
		if w == d.weight {
			continue
		}
		why := d.doubt(w)
		if why == "" {
			why = onOneLine(w.Label)
		}
		d.printf("%sweight: %s%s\n", mark, spec.WriteText(w.Name), remark(why))
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

// Weights lists the columns that look like weights, the likeliest first: the
// file's own, then those whose name says so and whose values are positive.
// Replicate weights are not among them.
func Weights(t *survey.Table) []string {
	d := &draft{table: t}
	for _, v := range t.Variables {
		if words := splitName(v.Name); v.Name == t.Weight || weightName().MatchString(words) {
			d.profiles = append(d.profiles, profileOf(v, nil))
		} else if bodyHeight().MatchString(words) {
			d.profiles = append(d.profiles, &profile{Variable: v, words: words})
		}
	}
	d.findBodies()
	var names []string
	for _, p := range d.findWeights() {
		names = append(names, p.Name)
	}
	return names
}
