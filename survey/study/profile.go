package study

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// maxCategories is how many answers a question for a table may have.
const maxCategories = 20

// profile is what Init looks at in a variable.
type profile struct {
	*survey.Variable
	// words are the name's parts in lower case with blanks between: "weight w 49".
	words string
	// categories counts the different answers, up to maxCategories+1.
	categories int
	// min, max, mean and whole are over the valid answers without a label, NaN without any.
	min, max, mean float64
	whole          bool
	// empty counts the rows without a valid value.
	empty int
}

// profileOf looks through a variable once.
func profileOf(v *survey.Variable) profile {
	p := profile{Variable: v, words: splitName(v.Name), min: math.NaN(), max: math.NaN(), mean: math.NaN(), whole: true}
	seen, labelled := map[survey.Value]bool{}, map[survey.Value]bool{}
	for _, c := range v.Codes {
		labelled[c.Value] = true
	}
	var sum, n float64
	for i, valid := range v.Valid() {
		if !valid {
			p.empty++
			continue
		}
		x, _ := v.At(i)
		if len(seen) <= maxCategories {
			seen[x] = true
		}
		if !v.IsText() && !labelled[x] {
			if !(p.min <= x.Number) {
				p.min = x.Number
			}
			if !(p.max >= x.Number) {
				p.max = x.Number
			}
			p.whole = p.whole && x.Number == math.Trunc(x.Number)
			sum, n = sum+x.Number, n+1
		}
	}
	p.categories = len(seen)
	if n > 0 {
		p.mean = sum / n
	}
	return p
}

// splitName parts a name at signs, digits and capitals: FinalWeight_2 becomes
// "final weight 2".
func splitName(name string) string {
	var b strings.Builder
	last := ' '
	for _, r := range name {
		if unicode.IsDigit(r) != unicode.IsDigit(last) || unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var (
	weightName  = pattern.Lazy(`weight|wgt|\b\w*wts?\b|\bwt[a-z]+\b|\bpw\b`)
	bodyWeight  = pattern.Lazy(`(?i)\b(pounds|lbs|kilos?|kilograms?|kg|body|birth)\b|weigh\b`)
	strataName  = pattern.Lazy(`strat`)
	clusterName = pattern.Lazy(`psu|cluster`)
	ageName     = pattern.Lazy(`\b(pp)?age\b`)
	ageLabel    = pattern.Lazy(`(?i)^\W*age\b|your (current )?age\b|\bhow old are you|\bage of (the )?respondent`)
)

// isWeight guesses by the name and by positive values; two of them are a flag.
func (p profile) isWeight() bool {
	return p.Kind == survey.Number && weightName().MatchString(p.words) && !bodyWeight().MatchString(p.Name+" "+p.Label) &&
		p.min >= 0 && p.mean > 0 && p.categories != 2
}

// gap warns of rows without a value: a weight must have one everywhere.
func (p profile) gap() string {
	if p.empty == 0 {
		return ""
	}
	return fmt.Sprintf("; %s rows have none and must get one", survey.FormatCount(p.empty))
}

// isStrata and isCluster guess by the name alone.
func (p profile) isStrata() bool  { return strataName().MatchString(p.words) }
func (p profile) isCluster() bool { return clusterName().MatchString(p.words) }

// isAge guesses that a number is an age in years.
func (p profile) isAge() bool {
	return p.Kind == survey.Number && (ageName().MatchString(p.words) || ageLabel().MatchString(p.Label)) && p.whole && p.categories > 12 &&
		len(p.Codes) <= 5 && p.min >= 0 && p.max <= maxAge
}

// isQuestion says whether a table of the variable's answers makes sense.
func (p profile) isQuestion() bool {
	if p.Kind != survey.Number && p.Kind != survey.Text {
		return false
	}
	few := 10
	if len(p.Codes) >= 2 {
		few = maxCategories
	}
	return p.categories >= 2 && p.categories <= few && (p.IsText() || p.whole || len(p.Codes) >= 2)
}

// topics are what banners usually show, one variable each.
var topics = []func() *regexp.Regexp{
	pattern.Lazy(`\b(gender|sex)\b`),
	pattern.Lazy(`\bage ?(cat\w*|gr\w*|br\w*|band\w*|class\w*)?\b`),
	pattern.Lazy(`region\b`),
	pattern.Lazy(`\b(race\w*|ethn\w*|hisp\w*)\b`),
	pattern.Lazy(`\beduc\w*\b`),
	pattern.Lazy(`\b(inc|income\w*)\b`),
	pattern.Lazy(`\bparty\w*\b`),
}

// suitsBanner says whether the variable has few enough categories to head columns.
func (p profile) suitsBanner() bool {
	const maxBannerPoints = 8
	return p.isQuestion() && p.categories <= maxBannerPoints
}

// named and labelled say whether the name, or a label of a few words, has the topic.
func (p profile) named(topic *regexp.Regexp) bool { return topic.MatchString(p.words) }
func (p profile) labelled(topic *regexp.Regexp) bool {
	return len(p.Label) <= 30 && topic.MatchString(strings.ToLower(p.Label))
}

// maxAge is the highest number that can be an age in years.
const maxAge = 120

// nonAnswers lists the codes that look like refusals and don't knows and are
// not declared missing: by label (any label on what is too high for an age),
// or 98 and 99 far above all other answers.
func (p profile) nonAnswers() survey.MissingList {
	var out survey.MissingList
	age := p.isAge()
	for _, c := range p.Codes {
		why := survey.ReasonOf(c.Label)
		if (why != survey.ReasonUnknown || age && c.Value.Number > maxAge) && !p.IsMissing(c.Value) {
			out = append(out, survey.MissingValue(c.Value, why))
		}
	}
	if len(p.Codes) > 0 || p.IsText() || !p.isQuestion() {
		return out
	}
	classes := survey.Classify(p.Variable)
	for _, x := range classes.Values {
		if x.Number == 98 || x.Number == 99 {
			out = append(out, survey.MissingNumber(x.Number, survey.ReasonUnknown))
		} else if x.Number >= 90 {
			return nil
		}
	}
	return out
}
