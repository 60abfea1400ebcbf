package draft

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/pattern"
	"surveykit/survey/screen"
)

// profile is what a draft looks at in a variable.
type profile struct {
	*survey.Variable
	// words are the name's parts in lower case with blanks between: "weight w 49".
	words string
	// text is the question's wording on one line, without the number or name before it;
	// "" where the file has none.
	text string
	// rows counts those with an answer, empty those without.
	rows, empty int
	// counts are the rows of each answer; those of the first mostAnswers+1 only,
	// unless all rows differ.
	counts map[survey.Value]int
	// min, max, mean and whole are over the answers without a label, NaN without any.
	min, max, mean float64
	whole          bool
	// none are the values that the draft declares missing.
	none map[survey.Value]bool
	// declared are those of them that only this variable has.
	declared survey.MissingList
	// body is true of people's weights in kilograms or pounds.
	body bool
	// why says why no table is made of the variable; "" where one may be.
	why string
}

// A variable with more different answers than mostAnswers has no table of its
// answers, nor has one without labels that has more than mostNumbers or mostTexts.
const (
	mostAnswers = 100
	mostNumbers = 11
	mostTexts   = 60
)

// profileOf looks through a variable once. Answers with one of the labels that the
// draft declares missing are none.
func profileOf(v *survey.Variable, missing survey.MissingList) *profile {
	p := &profile{Variable: v, words: splitName(v.Name), text: wordingOf(v), min: math.NaN(), max: math.NaN(), mean: math.NaN(), whole: true, counts: map[survey.Value]int{}, none: map[survey.Value]bool{}}
	for _, m := range missing {
		if v.IsText() {
			p.none[survey.TextValue(m.Text)] = true
		}
		for _, x := range v.Labelled(m.Text) {
			p.none[x] = true
		}
	}
	labelled := map[survey.Value]bool{}
	for _, c := range v.Codes {
		labelled[c.Value] = true
	}
	var sum, n float64
	for i := range v.Len() {
		x, ok := v.At(i)
		rows := v.Count(i)
		if !ok || v.IsMissing(x) || p.none[x] {
			p.empty += rows
			continue
		}
		if _, known := p.counts[x]; known || len(p.counts) <= mostAnswers || len(p.counts) == p.rows {
			p.counts[x] += rows
		}
		p.rows += rows
		if !v.IsText() && !labelled[x] {
			if !(p.min <= x.Number) {
				p.min = x.Number
			}
			if !(p.max >= x.Number) {
				p.max = x.Number
			}
			p.whole = p.whole && x.Number == math.Trunc(x.Number)
			sum, n = sum+x.Number*float64(rows), n+float64(rows)
		}
	}
	if n > 0 {
		p.mean = sum / n
	}
	return p
}

// declare takes values out of the answers.
func (p *profile) declare(none []survey.Value) {
	for _, x := range none {
		p.none[x] = true
		p.declared = append(p.declared, survey.MissingValue(x, survey.ReasonUnknown))
		p.rows, p.empty = p.rows-p.counts[x], p.empty+p.counts[x]
		delete(p.counts, x)
	}
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

// codes are the labelled answers that count as answers.
func (p *profile) codes() []survey.Code {
	return slices.DeleteFunc(slices.Clone(p.Codes), func(c survey.Code) bool { return p.IsMissing(c.Value) || p.none[c.Value] })
}

// unlabelled counts the different answers without a label.
func (p *profile) unlabelled() int {
	n := len(p.counts)
	for _, c := range p.Codes {
		if _, occurs := p.counts[c.Value]; occurs {
			n--
		}
	}
	return n
}

// differs reports whether every row has an answer of its own.
func (p *profile) differs() bool { return p.rows > 1 && len(p.counts) == p.rows }

var (
	otherName  = pattern.Lazy(`(?i)([0-9a-z]oe|[_.\-#]?(text|other|oth|sp|spec|specify|open|verbatim)[a-z0-9]?)$`)
	otherLabel = pattern.Lazy(`(?i)\b(please|bitte|pl(ea)?se) (specify|describe|explain|state|angeben|nennen)|\(specify\)|\bspecify\b.{0,3}$|\bother\b.{0,20}\btext\b|- text$|sonstiges.{0,3}und zwar|autre.{0,20}précis`)
	// listName is of numbers that are codes of a long list.
	listName = pattern.Lazy(`\b(state|region|area|county|country|fips|zip|plz|postal|province|district|municipality|occupation|isco|nace|naics|code)\b`)
	idName   = pattern.Lazy(`\b(id|uuid|guid|uid|key|qkey|serial|token|case|record|respondent|caseid|respid|index|hash)\b`)
	// paradata are what platforms add to the answers, by the name or the heading.
	paradata = pattern.Lazy(`(?i)^_?(start|end|today|device ?id|instance ?id|_?submission.*|_?validation_status|_?notes|_?status|_?tags|_?index|_?version_?|status|response ?type|progress|finished|recorded ?date|start ?date.*|end ?date.*|submit ?date.*|submitted.*|completed.*|started.*|(ip|ip ?address)|recipient.*|external ?(data )?ref.*|(data ?)?(location)?(latitude|longitude)|distribution ?channel|user ?language|(response|respondent|network|collector|session|collection|panel|contact|form|survey|user) ?_?id|collector|collector ?nm|date ?(created|modified)|last ?page|seed|qtime|vdate|vos|vbrowser|vmobile.*|list|record|date|time ?zone|browser.*|operating ?system|user ?agent.*|referer|referrer|country ?(auto|code)|language|submit.*date|time ?stamp|.*_timestamp|zeitstempel|horodateur|markers?|.*\bpage submit|.*(first|last) click|.*click count|redcap_.*|complete\?|.*_complete)(_w[0-9]+)?$`)
)

// Why a draft has no table of a variable.
const (
	noAnswer          = "nobody has an answer"
	identifies        = "looks like a direct identifier"
	recorded          = "recorded by the fieldwork"
	otherText         = "other, please specify"
	differsEverywhere = "different in every row"
	ownWords          = "answers in the respondents' own words"
	sameEverywhere    = "the same in every row"
	tooMany           = "too many different answers"
	unlimited         = "has infinite numbers"
)

// reasons are all of them, in the order in which a draft lists them.
var reasons = []string{ownWords, otherText, recorded, differsEverywhere, identifies, sameEverywhere, noAnswer, tooMany, unlimited}

// reason says why no table is made of a variable; "" where one makes sense.
// identifier is true where it looks like a direct identifier.
func (p *profile) reason(identifier bool) string {
	text := p.IsText()
	switch {
	case p.rows == 0:
		return noAnswer
	case identifier:
		return identifies
	case screen.Fieldwork(p.Variable) && !p.body || paradata().MatchString(strings.TrimSpace(p.Name)) || p.text != "" && len(p.Codes) == 0 && paradata().MatchString(p.text):
		return recorded
	case text && (otherName().MatchString(p.Name) || otherLabel().MatchString(p.text+" "+p.Name)) && len(p.Codes) == 0:
		return otherText
	case len(p.Codes) == 0 && p.differs() && (text || p.whole) && (p.rows > 20 || p.rows > 3 && text || idName().MatchString(p.words)):
		return differsEverywhere
	case text && len(p.Codes) == 0 && !p.isClosed():
		return ownWords
	case len(p.counts) == 1 && len(p.Codes) < 2:
		return sameEverywhere
	case text && len(p.counts) > mostAnswers, !text && !p.isMeasure() && len(p.counts) > mostAnswers:
		return tooMany
	case !text && math.IsInf(p.max-p.min, 0):
		return unlimited
	}
	return ""
}

// isClosed reports whether texts are the answers of a closed question: few, short,
// and given again and again.
func (p *profile) isClosed() bool {
	const longest, again, word, fewWords = 150, 4, 20, 3
	long := 0
	for x := range p.counts {
		long = max(long, len([]rune(x.Text)))
	}
	n := len(p.counts)
	return long <= longest && (n <= mostNumbers && n < p.rows || n <= mostTexts && n*again <= p.rows || n <= fewWords && long <= word)
}

// isMeasure reports whether a number is shown by its mean and not by its answers.
func (p *profile) isMeasure() bool {
	switch {
	case p.IsText():
		return false
	case p.unlabelled() == 0, p.whole && listName().MatchString(p.words) && len(p.counts) <= mostAnswers:
		return false
	case len(p.counts)-p.unlabelled() > 2 && p.unlabelled() <= mostNumbers:
		return false
	}
	return !p.whole || p.unlabelled() > mostNumbers
}

// isRating reports whether the answers are a scale from 0 to 10.
func (p *profile) isRating() bool {
	if p.IsText() || len(p.counts) > mostNumbers {
		return false
	}
	lowest, highest := math.Inf(1), math.Inf(-1)
	see := func(x float64) bool {
		lowest, highest = min(lowest, x), max(highest, x)
		return x >= 0 && x <= 10 && x == math.Trunc(x)
	}
	for x := range p.counts {
		if !see(x.Number) {
			return false
		}
	}
	for _, c := range p.codes() {
		if c.Value.Number >= 0 && c.Value.Number <= 10 {
			see(c.Value.Number)
		}
	}
	// An end that nobody chose is still an end where most others were chosen.
	return lowest <= 1 && highest == 10 && (lowest == 0 || len(p.counts) >= 8 && p.recommends())
}

var recommends = pattern.Lazy(`(?i)recommend|empfehl|recommand|recomend|raccomand|consigli|aanbevel|\bnps\b|net ?promoter|推荐|推薦|おすすめ|추천`)

// recommends reports whether the question asks for a recommendation.
func (p *profile) recommends() bool { return recommends().MatchString(p.text + " " + p.words) }

var (
	ageName  = pattern.Lazy(`\b(pp)?age\b|\balter\b`)
	ageLabel = pattern.Lazy(`(?i)^\W*age\b|your (current )?age\b|\bhow old are you|\bage of (the )?respondent|\bwie alt sind`)
)

// maxAge is the highest number that can be an age in years.
const maxAge = 120

// isAge guesses that a number is an age in years.
func (p *profile) isAge() bool {
	return p.Kind == survey.Number && (ageName().MatchString(p.words) || ageLabel().MatchString(p.Label)) && p.whole && len(p.counts) > 12 &&
		len(p.Codes) <= 5 && p.min >= 0 && p.max <= maxAge
}

// topics are what banners usually show, one variable each.
var topics = []func() *regexp.Regexp{
	pattern.Lazy(`\b(gender|sex|geschlecht)\b`),
	pattern.Lazy(`\bage ?(cat\w*|gr\w*|br\w*|band\w*|class\w*)?\b`),
	pattern.Lazy(`region\b`),
	pattern.Lazy(`\b(race\w*|ethn\w*|hisp\w*)\b`),
	pattern.Lazy(`\beduc\w*\b`),
	pattern.Lazy(`\b(inc|income\w*)\b`),
	pattern.Lazy(`\bparty\w*\b`),
}

// suitsBanner says whether the variable has few enough answers to head columns, most rows
// have one, and numbers are codes.
func (p *profile) suitsBanner() bool {
	const mostPoints = 8
	if !p.IsText() && len(p.Codes) == 0 && p.min > mostPoints {
		return false
	}
	return p.why == "" && !p.isMeasure() && len(p.counts) >= 2 && len(p.counts) <= mostPoints && p.rows >= p.empty
}

// named and labelled say whether the name, or a wording of a few words, has the topic.
func (p *profile) named(topic *regexp.Regexp) bool { return topic.MatchString(p.words) }
func (p *profile) labelled(topic *regexp.Regexp) bool {
	return len(p.text) <= 30 && topic.MatchString(strings.ToLower(p.text))
}

// nonAnswers lists the numbers that look like no answer and are neither declared
// missing by the file nor by the draft's rule: those such as 98 and 99 on a short scale,
// and labelled ones that are no age.
func (p *profile) nonAnswers() survey.MissingList {
	if p.IsText() || p.why != "" {
		return nil
	}
	among := slices.DeleteFunc(p.Occurring(), func(x survey.Value) bool { return p.none[x] })
	var out survey.MissingList
	for _, c := range p.NonAnswers(among) {
		why, _ := survey.ReasonOf(c.Label)
		out = append(out, survey.MissingValue(c.Value, why))
	}
	for _, c := range p.codes() {
		if p.isAge() && c.Value.Number > maxAge && !slices.ContainsFunc(out, func(m survey.Missing) bool { return m.Low == c.Value.Number }) {
			out = append(out, survey.MissingValue(c.Value, survey.ReasonUnknown))
		}
	}
	return out
}
