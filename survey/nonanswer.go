package survey

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey/pattern"
)

// phrase is a list of ways to say one reason. Those that are certain mean
// nothing else.
type phrase struct {
	why     Reason
	certain bool
	words   func() *regexp.Regexp
}

// phrases say that a code is no answer. Those that are not certain are answers of
// some scales as well, or abbreviations of other words: "Not sure" after "Very
// sure", "Undecided" between for and against.
var phrases = []phrase{
	{DontKnow, true, anyOf(
		`(i )?(do ?n'?t|do not|did not|didn'?t) (really )?(know|remember|recall)`, `(i )?(do ?n'?t|do not) know (enough )?(about (it|this) )?(enough )?(to (say|answer|judge|rate))?`,
		`(i )?(can ?'?t|cannot|can not|could not|couldn'?t) (say|judge|rate|choose|remember|recall|answer)`, `hard to (say|tell)`, `do ?n'?t know not sure`,
		`(ich )?wei(ß|ss) (ich )?(es )?nicht`, `kann (ich )?nicht (sagen|beurteilen|einschätzen|beantworten)`,
		`(je )?(ne )?sais? pas`, `(je )?ne sait pas`, `nsp`, `ns nc`, `ns nr`, `no (lo )?(sé|se|sabe)`, `non (lo )?(so|sa)`, `(eu )?n[ãa]o (sei|sabe)`,
		`(ik )?weet (ik )?(het )?niet`, `(jag )?vet (ej|inte|ikke)`, `(jeg )?ved ikke`, `en osaa sanoa`, `en tiedä`, `nie wiem`, `trudno powiedzieć`, `nevím`, `nem tudom`, `nu știu`,
		`не знаю`, `затрудняюсь ответить`, `трудно сказать`, `bilmiyorum`, `δεν ξέρω`, `tidak tahu`, `không biết`,
		`わからない`, `分からない`, `わかりません`, `不知道`, `说不清`, `說不清`, `모르겠다`, `모르겠음`, `모름`, `잘 모르겠다`, `لا أعرف`, `לא יודע`, `पता नहीं`,
	)},
	{Refused, true, anyOf(
		`refus(ed|al|es)?`, `refus(ed|al|es)? to (answer|say|respond|state|disclose)`, `web blank`,
		`(i )?(would )?(prefer|rather) not( to)?( (say|answer|respond|disclose|state|tell|share))?( this)?`, `declined? to (answer|say|respond|state|disclose)`,
		`(no|without) (answer|response|reply)( given)?`, `non ?response`, `not (answered|stated|ascertained)`, `did not (answer|respond)`, `missing`, `missing (data|value|answer)`,
		`keine angaben?`, `k a`, `keine antwort`, `(antwort )?verweigert`, `möchte (ich )?(dazu )?(nicht|keine)( (sagen|antworten|beantworten|angeben|angaben machen|angabe machen))`, `weiß nicht keine angabe`,
		`refus de répondre`, `(je )?préfère ne pas (répondre|dire|le dire)`, `ne (souhaite|veut) pas répondre`, `ne se prononce pas`, `(sans|pas de|non) réponse`,
		`no (contesta|responde|contestó|respondió)`, `prefiero no (decirlo|decir|responder|contestar)`, `sin respuesta`, `se (niega|rehúsa)( a (contestar|responder))?`, `rehusa( contestar)?`,
		`rifiut[oa]( di rispondere)?`, `non risponde`, `nessuna risposta`, `preferisco non (rispondere|dirlo|dire)`,
		`recus(a|ou|o)( a responder)?`, `n[ãa]o (respond(e|eu)|quer responder)`, `prefiro n[ãa]o (responder|dizer)`, `sem resposta`,
		`geen (antwoord|opgave)`, `geweigerd`, `weigert`, `(dat )?(wil|zeg) (ik )?(liever )?niet( zeggen)?`, `(vill|vil) (ej|inte|ikke) (svara|uppge|säga|svare|oppgi|oplyse)`, `(inget|ej|ikke) (svar|besvart|besvaret)`, `uoplyst`, `ubesvart`,
		`odmowa( odpowiedzi)?`, `brak odpowiedzi`, `odmítl[a]?`, `bez odpovědi`, `отказ( от ответа)?`, `нет ответа`, `cevap yok`, `cevap vermek istemiyorum`,
		`無回答`, `回答しない`, `答えたくない`, `回答拒否`, `拒绝回答`, `拒答`, `拒絕回答`, `不愿回答`, `未回答`, `무응답`, `응답 ?거절`,
	)},
	{NotAsked, true, anyOf(
		`not (asked|applicable|administered)`, `inapplicable`, `inap`, `iap`, `(legitimate|valid) skip`, `not in universe`, `niu`,
		`nicht gefragt`, `entfällt`, `non (concernée?|applicable|applicabile|posée)`, `sans objet`, `no (aplica|aplicable|procede)`, `n[ãa]o se aplica`, `niet van toepassing`, `n ?v ?t`,
		`ej (aktuellt|tillämpligt)`, `ikke (relevant|aktuelt)`, `nie dotyczy`, `非該当`, `不适用`, `不適用`, `비해당`,
	)},
	{DontKnow, false, anyOf(`d ?k`, `.*(don'?t|do not) know`, `(i am |i'm )?(not|un) ?(sure|certain)`, `undecided`, `no opinion`, `unknown`, `keine meinung`, `unsicher`, `unentschieden`, `sans (opinion|avis)`, `sin opinión`, `senza opinione`, `sem opinião`, `geen mening`, `osäker`, `ingen åsikt`, `niezdecydowan[yai]`)},
	{Refused, false, anyOf(`r ?f|ref|refd`, `.*\brefus(ed|al)\b.*`, `prefer not .*`, `no answer .*`, `declined?( .*)?`, `blank`, `left blank`)},
	{NotAsked, false, anyOf(`n ?a`, `(not (asked|applicable)|inapplicable|skipped) .*`, `.* (not (asked|applicable)|inapplicable|skipped)`, `(does not|doesn'?t|do not|don'?t) apply( to me)?`, `skip(ped)?`)},
}

func anyOf(phrases ...string) func() *regexp.Regexp {
	return pattern.Lazy(`^(?:` + strings.Join(phrases, `|`) + `)$`)
}

var (
	// asides are what interviewers' labels add, codes in front of a label among them.
	asides = pattern.Lazy(`^[-\d.: =]+|\b(vol|volunteered|spontaneous|do not read|dnr|spontan|spontané|net)\b\.?`)
	// cuts part a label into what it joins.
	cuts = pattern.Lazy(`[/|,;:()\[\]{}。、・／（）]+|\s[-–—]+\s|\s(?:or|and|oder|und|ou|et|o|y|e|of|en|eller|och|og|lub|i)\s`)
	// signs are between words and after them.
	signs = pattern.Lazy(`[^\pL\pN\pM']+`)
	// shared are what a scale's other answers and a phrase of it have in common.
	shared = pattern.Lazy(`sure|certain|appl|decid|opinion|meinung|sicher|entschieden|avis|mening|säker|known|skip`)
)

// ReasonOf is the reason that a label gives for carrying no answer, such as
// "Refused", "(VOL.) Don't know" or "keine Angabe"; ReasonUnknown where it gives none.
// It is certain where the label means nothing else. A label may join several, as
// "Don't know/Refused" does; two reasons are certain, whatever their words.
func ReasonOf(label string) (why Reason, certain bool) {
	text := strings.NewReplacer("’", "'", "‘", "'", "´", "'", "n/a", "na", "ns/n", "ns n").Replace(strings.ToLower(label))
	text = asides().ReplaceAllString(text, " ")
	all := true
	for _, part := range cuts().Split(text, -1) {
		part = strings.TrimSpace(signs().ReplaceAllString(part, " "))
		if part == "" {
			continue
		}
		k := slices.IndexFunc(phrases, func(p phrase) bool { return p.words().MatchString(part) })
		if k < 0 {
			all = false
			continue
		}
		if why == ReasonUnknown {
			why = phrases[k].why
		}
		certain = certain || phrases[k].certain || why != phrases[k].why
	}
	return why, certain && all
}

// NonAnswers are the codes among some values of a variable that look like no
// answer though they are not declared missing and count as numbers: by their
// labels, or because they are one of 95 to 99, 77, 88 and the like, or of -1,
// -7 to -9 and the like, far off a short scale. Codes with a score are meant to
// count, and of what a recode makes only labels are read: its sources have the
// numbers. The order is that of the values.
func (v *Variable) NonAnswers(among []Value) []Code {
	if v.IsText() {
		return nil
	}
	var certain, doubtful, numbered, answers []Value
	for _, x := range among {
		_, scored := v.Scores[x]
		why, sure := ReasonOf(v.LabelOf(x))
		switch {
		case scored || v.IsMissing(x):
			if scored {
				answers = append(answers, x)
			}
		case sure:
			certain = append(certain, x)
		case why != ReasonUnknown:
			doubtful = append(doubtful, x)
		case isReserved(x.Number):
			numbered = append(numbered, x)
		default:
			answers = append(answers, x)
		}
	}
	out := certain
	for _, x := range doubtful {
		if v.isApart(x, answers) {
			out = append(out, x)
		}
	}
	if v.Kind == Number && v.MadeOf == nil {
		for _, x := range numbered {
			if isFarOff(x.Number, answers) {
				out = append(out, x)
			}
		}
	}
	var codes []Code
	for _, x := range among {
		if slices.Contains(out, x) {
			codes = append(codes, Code{Value: x, Label: v.LabelOf(x)})
		}
	}
	return codes
}

// isApart reports whether a code is beyond all answers, and its label has no
// word in common with theirs.
func (v *Variable) isApart(x Value, answers []Value) bool {
	word := shared().FindString(strings.ToLower(v.LabelOf(x)))
	below, above := len(answers) > 0, len(answers) > 0
	for _, a := range answers {
		score, _ := v.Score(a)
		below, above = below && x.Number < score, above && x.Number > score
		if word != "" && strings.Contains(strings.ToLower(v.LabelOf(a)), word) {
			return false
		}
	}
	return below || above
}

// isReserved reports whether questionnaires use a number for what is no answer.
func isReserved(x float64) bool {
	if x < 0 {
		x = -x
		if x == 1 || x == 7 || x == 8 || x == 9 {
			return true
		}
	}
	switch x {
	case 77, 88, 777, 888, 7777, 8888:
		return true
	}
	return x == math.Trunc(x) && (95 <= x && x <= 99 || 995 <= x && x <= 999 || 9995 <= x && x <= 9999)
}

// isFarOff reports whether a number is so far from all answers that it is hardly
// a point of their scale: they are whole numbers from 1 or less, within a span of
// ten and without large holes, and it is more than twice their span from them;
// a negative one is below 0 to 5 or more, or not next to the lowest of them.
func isFarOff(x float64, answers []Value) bool {
	low, high := math.Inf(1), math.Inf(-1)
	for _, a := range answers {
		if a.Number != math.Trunc(a.Number) {
			return false
		}
		low, high = min(low, a.Number), max(high, a.Number)
	}
	span := high - low
	if len(answers) < 2 || low > 1 || span > 10 || span > 2*float64(len(answers)-1) {
		return false
	}
	if x < 0 {
		return low >= 0 && (low-x > 1 || span >= 5)
	}
	return x-high > 2*span
}

// Doubts warn of values of a variable that count as numbers in a figure and hardly
// should, each with its remedy: those that look like no answer, and categories
// that count as their codes where others have values of their own. Without a list
// the values are those that occur.
func (v *Variable) Doubts(among ...Value) Notices {
	if among == nil {
		among = v.Occurring()
	}
	var out Notices
	found := v.NonAnswers(among)
	if len(found) > 0 {
		count, looks, it := "counts as a number", "looks", "it is"
		if len(found) > 1 {
			count, looks, it = "count as numbers", "look", "they are"
		}
		out.Note(NoticeDoubt, []string{v.Name}, "%s: %s %s but %s like no answer: if %s none, %s", v.Name, codeNames(found), count, looks, it, v.undeclared(found))
	}
	var unscored []Code
	for _, x := range among {
		_, scored := v.Scores[x]
		label := v.LabelOf(x)
		_, err := strconv.ParseFloat(strings.TrimSpace(label), 64)
		if !scored && err != nil && !v.IsMissing(x) && !slices.ContainsFunc(found, func(c Code) bool { return c.Value == x }) {
			unscored = append(unscored, Code{Value: x, Label: label})
		}
	}
	if len(v.Scores) > 0 && len(unscored) > 0 && !v.IsText() {
		count := "counts as its code"
		if len(unscored) > 1 {
			count = "count as their codes"
		}
		out.Note(NoticeDoubt, []string{v.Name}, "%s: %s %s, while other categories have values: give values for all of them", v.Name, codeNames(unscored), count)
	}
	return out
}

// undeclared says how codes are declared missing, beside those that are already.
func (v *Variable) undeclared(found []Code) string {
	if v.MadeOf != nil {
		return fmt.Sprintf("leave %s out of the recode, or declare it missing in what it reads", found[0].Label)
	}
	var list []string
	for _, m := range v.Missing {
		x := Value{Number: m.Low, Text: m.Text, IsText: m.IsText}
		if !m.IsText && m.Low != m.High {
			return fmt.Sprintf("add to variables.%s.missing what they are", v.Name)
		}
		list = append(list, x.String())
	}
	for _, c := range found {
		list = append(list, c.Value.String())
	}
	return fmt.Sprintf("put this into the study: variables: {%s: {missing: [%s]}}", v.Name, strings.Join(list, ", "))
}

// codeNames lists codes with their labels: "98 (Don't know) and 99 (Refused)".
func codeNames(codes []Code) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = c.Value.String()
		if c.Label != names[i] {
			names[i] += " (" + c.Label + ")"
		}
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return names[0]
}

// Occurring are the different answers of a variable of numbers, in the order of
// its rows; nil for texts. Of many without a label only the first are listed: a
// variable that has them holds measurements, not categories.
func (v *Variable) Occurring() []Value {
	const most = 30
	if v.IsText() {
		return nil
	}
	labelled, seen := map[float64]bool{}, map[float64]bool{}
	for _, c := range v.Codes {
		labelled[c.Value.Number] = true
	}
	var out []Value
	last, unlabelled := math.NaN(), 0
	for value := range v.Values() {
		x := value.Number
		if x == last || !labelled[x] && unlabelled > most || seen[x] {
			continue
		}
		last, seen[x] = x, true
		if v.IsMissing(NumberValue(x)) {
			continue
		}
		if !labelled[x] {
			unlabelled++
		}
		out = append(out, NumberValue(x))
	}
	return out
}
