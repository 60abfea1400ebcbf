package simulate

// questionnaire is the form of one wave: blocks in the order of asking, and the
// names of their columns.
type questionnaire struct {
	year   int
	blocks []block
	names  []string
	// touchpoints is the block on satisfaction.
	touchpoints *touchpoints
}

// item describes a question on a scale: the net's profile in 2011, its gain in
// points since 2008, and the difference of Canada.
type item struct {
	name   string
	net    profile
	gained float64
	canada float64
}

// newQuestionnaire builds the form of a wave. The published figures that it
// keeps are listed in the data card; the rest is plausible invention.
func newQuestionnaire(year int) *questionnaire {
	f := &questionnaire{year: year}
	f.addChoice("gender", concern, 0, flat(0.49), flat(0.51))
	f.addChoice("education", concern, 0,
		profile{0.12, 0.09, 0.10, 0.11, 0.13, 0.20}, profile{0.42, 0.28, 0.29, 0.32, 0.33, 0.36},
		profile{0.32, 0.28, 0.27, 0.27, 0.26, 0.22}, profile{0.14, 0.35, 0.34, 0.30, 0.28, 0.22})

	f.addBattery("identity", item{"", identityConcern, 0.02, -0.02},
		[batteryItems]string{"id_address", "id_number", "id_card", "id_email"},
		[batteryItems]float64{0.42, 0.72, 0.68, 0.38})
	f.addBattery("behavioral", item{"", behavioralConcern, 0.04, 0.02},
		[batteryItems]string{"beh_sites", "beh_purchases", "beh_location", "beh_searches"},
		[batteryItems]float64{0.50, 0.44, 0.60, 0.48})
	f.addBattery("derived", item{"", profile{0.31, 0.34, 0.37, 0.39, 0.41, 0.41}, 0.03, 0.01},
		[batteryItems]string{"der_credit", "der_interests", "der_income", "der_health"},
		[batteryItems]float64{0.64, 0.38, 0.50, 0.60})
	f.addBattery("self", item{"", profile{0.19, 0.22, 0.25, 0.28, 0.31, 0.33}, 0.01, 0},
		[batteryItems]string{"self_hobbies", "self_wishlists", "self_demographics", "self_opinions"},
		[batteryItems]float64{0.34, 0.38, 0.52, 0.48})

	read := f.add(oftenScale, commerce, 0.3, item{"read_statements", readStatements, 0, 0})
	readers := &gate{read, []float64{2, 3, 4}}
	f.add(yesNo, concern, 0.55, item{"abandoned", f.abandoned(), 0, 0}).gate = readers

	f.add(fivePoints, commerce, 0.5,
		item{"willing_identity", profile{0.24, 0.23, 0.20, 0.17, 0.14, 0.12}, -0.01, 0},
		item{"willing_behavioral", profile{0.36, 0.34, 0.29, 0.25, 0.21, 0.18}, -0.02, 0.01},
		item{"willing_derived", profile{0.28, 0.26, 0.22, 0.19, 0.16, 0.15}, -0.01, 0},
		item{"willing_self", profile{0.47, 0.45, 0.41, 0.37, 0.33, 0.29}, 0.02, 0.02})
	f.add(fivePoints, concern, 0.5,
		item{"forced_share", profile{0.44, 0.48, 0.52, 0.55, 0.58, 0.60}, 0.05, 0.01},
		item{"forced_choice", profile{0.40, 0.43, 0.47, 0.51, 0.54, 0.57}, 0.04, 0},
		item{"forced_toomuch", profile{0.51, 0.55, 0.60, 0.64, 0.68, 0.71}, 0.03, 0.02})

	f.addSet("reward_nothing", commerce, 0.45,
		item{"reward_cash", profile{0.34, 0.35, 0.36, 0.37, 0.36, 0.34}, 0.02, 0},
		item{"reward_points", profile{0.31, 0.33, 0.31, 0.28, 0.25, 0.23}, 0.03, 0.06},
		item{"reward_discounts", profile{0.43, 0.40, 0.34, 0.28, 0.24, 0.20}, 0.04, 0.02},
		item{"reward_exclusive", profile{0.35, 0.32, 0.24, 0.18, 0.13, 0.10}, 0.04, 0},
		item{"reward_sweepstakes", profile{0.16, 0.18, 0.17, 0.15, 0.13, 0.11}, -0.01, 0})

	f.addSet("channel_none", commerce, 0.4,
		item{"channel_email", profile{0.58, 0.62, 0.64, 0.65, 0.64, 0.59}, 0.02, 0},
		item{"channel_mail", profile{0.24, 0.28, 0.33, 0.38, 0.43, 0.49}, -0.06, 0},
		item{"channel_phone", profile{0.08, 0.08, 0.09, 0.11, 0.13, 0.16}, -0.03, 0},
		item{"channel_text", profile{0.26, 0.21, 0.15, 0.10, 0.06, 0.03}, 0.02, -0.02},
		item{"channel_social", profile{0.27, 0.22, 0.15, 0.10, 0.07, 0.04}, 0.03, 0},
		item{"channel_website", profile{0.31, 0.34, 0.34, 0.32, 0.28, 0.22}, 0.04, 0})
	f.addChoice("channel_preferred", commerce, 0.3,
		profile{0.44, 0.50, 0.53, 0.54, 0.52, 0.46}, profile{0.12, 0.14, 0.18, 0.23, 0.29, 0.37},
		profile{0.03, 0.03, 0.04, 0.05, 0.06, 0.08}, profile{0.14, 0.11, 0.08, 0.05, 0.03, 0.02},
		profile{0.15, 0.11, 0.07, 0.04, 0.03, 0.02}, profile{0.12, 0.11, 0.10, 0.09, 0.07, 0.05}).noAnswer = true

	use := f.add(yesNo, commerce, 0.35, item{"social_use", profile{0.89, 0.84, 0.71, 0.59, 0.46, 0.29}, 0.25, 0.03})
	users := &gate{use, []float64{1}}
	f.add(oftenScale, concern, 0, item{"social_posts", profile{0.86, 0.80, 0.70, 0.62, 0.55, 0.48}, 0.06, 0}).gate = users
	f.add(yesNo, concern, 0.4, item{"social_settings", profile{0.71, 0.66, 0.55, 0.46, 0.38, 0.30}, 0.15, 0}).gate = users

	rated := func(loading float64, it item) *question { return f.asked(fivePoints, commerce, loading, it) }
	f.touchpoints = &touchpoints{points: []*question{
		rated(0.62, item{"sat_website", profile{0.64, 0.62, 0.60, 0.58, 0.57, 0.55}, 0.03, 0}),
		rated(0.55, item{"sat_store", profile{0.58, 0.60, 0.62, 0.65, 0.68, 0.71}, -0.01, 0.03}),
		rated(0.68, item{"sat_callcenter", profile{0.39, 0.38, 0.37, 0.38, 0.40, 0.43}, -0.02, 0.01}),
		rated(0.35, item{"sat_email", profile{0.46, 0.47, 0.48, 0.49, 0.50, 0.50}, 0.02, 0}),
		rated(0.45, item{"sat_mobile", profile{0.55, 0.51, 0.44, 0.37, 0.31, 0.26}, 0.09, -0.02}),
		rated(0.50, item{"sat_loyalty", profile{0.47, 0.50, 0.52, 0.53, 0.53, 0.52}, 0.02, 0.05}),
	}, overall: rated(0.80, item{"sat_overall", profile{0.59, 0.58, 0.57, 0.58, 0.60, 0.62}, 0.01, 0.02})}
	f.blocks = append(f.blocks, f.touchpoints)

	f.add(fivePoints, concern, -0.45,
		item{"trust_banks", profile{0.48, 0.45, 0.42, 0.41, 0.42, 0.46}, -0.06, 0.09},
		item{"trust_retailers", profile{0.37, 0.35, 0.33, 0.31, 0.30, 0.30}, -0.02, 0.01},
		item{"trust_social", profile{0.26, 0.22, 0.17, 0.13, 0.10, 0.09}, -0.03, 0},
		item{"trust_government", profile{0.33, 0.31, 0.30, 0.30, 0.31, 0.34}, -0.04, 0.08})

	statement := func(it item, loading float64) *question { return f.asked(fourPoints, concern, loading, it) }
	f.blocks = append(f.blocks, &westin{
		control:  statement(item{"westin_control", profile{0.66, 0.69, 0.73, 0.76, 0.79, 0.80}, 0.03, -0.01}, 0.6),
		business: statement(item{"westin_business", profile{0.50, 0.47, 0.44, 0.42, 0.41, 0.42}, -0.02, 0.03}, -0.6),
		law:      statement(item{"westin_law", profile{0.49, 0.46, 0.43, 0.40, 0.39, 0.41}, -0.02, 0.06}, -0.6),
	})
	return f
}

// in is a profile in the form's year.
func (f *questionnaire) in(net profile, gained float64) profile {
	if f.year == Year2008 {
		p := net
		points := -gained
		for b := range p {
			p[b] += points
		}
		return p
	}
	return net
}

// column reserves the next column and returns its index.
func (f *questionnaire) column(name string) int {
	f.names = append(f.names, name)
	return len(f.names) - 1
}

// question makes a question on a scale without adding it to the form's blocks.
func (f *questionnaire) question(s scale, it item, t trait, loading float64) *question {
	q := &question{name: it.name, codes: s.codes, ordered: s.ordered, trait: t, loading: loading}
	// Canada differs by the given points; the United States differ the other way, so that
	// both together have exactly the profile.
	net := f.in(it.net, it.gained)
	var out cells[[]float64]
	for c := range out {
		for b := range out[c] {
			p := net[b] - it.canada*countryShare[canada]
			if c == canada {
				p += it.canada
			}
			for _, part := range s.below {
				out[c][b] = append(out[c][b], (1-p)*part)
			}
			for _, part := range s.net {
				out[c][b] = append(out[c][b], p*part)
			}
		}
	}
	q.shares = out
	q.cuts = cutsOf(q.shares)
	return q
}

// add asks questions of one scale and trait, where people may have no answer.
func (f *questionnaire) add(s scale, t trait, loading float64, items ...item) (last *question) {
	for _, it := range items {
		last = f.asked(s, t, loading, it)
		f.blocks = append(f.blocks, last)
	}
	return last
}

// asked is a question with a column, to which people may have no answer.
func (f *questionnaire) asked(s scale, t trait, loading float64, it item) *question {
	q := f.question(s, it, t, loading)
	q.noAnswer = true
	q.at = f.column(it.name)
	return q
}

// addChoice asks for one of several codes, whose profiles add to 1 at every age.
func (f *questionnaire) addChoice(name string, t trait, loading float64, profiles ...profile) *question {
	q := &question{name: name, at: f.column(name), trait: t, loading: loading}
	for k, p := range profiles {
		q.codes = append(q.codes, float64(k+1))
		for c := range q.shares {
			for b := range p {
				q.shares[c][b] = append(q.shares[c][b], p[b])
			}
		}
	}
	q.cuts = cutsOf(q.shares)
	f.blocks = append(f.blocks, q)
	return q
}

// addSet asks a multiple-response question.
func (f *questionnaire) addSet(none string, t trait, loading float64, items ...item) {
	s := &set{at: len(f.names), none: none}
	for _, it := range items {
		s.items = append(s.items, f.question(chosen, it, t, loading))
		f.column(it.name)
	}
	f.column(none)
	f.blocks = append(f.blocks, s)
}

// addBattery asks concern about a category's items.
func (f *questionnaire) addBattery(category string, concerned item, names [batteryItems]string, appeal [batteryItems]float64) {
	b := &battery{category: category, names: names, at: len(f.names), patterns: newPatterns(appeal)}
	b.concerned = f.question(chosen, concerned, concern, 0.65)
	for _, name := range names {
		f.column(name)
	}
	f.blocks = append(f.blocks, b)
}

// behavioralConcern rises from 33% at 18–24 to 47% at 55–64; identityConcern is 24%
// more frequent overall, and more than that among the young.
var (
	behavioralConcern = profile{0.33, 0.36, 0.40, 0.44, 0.47, 0.48}
	identityConcern   = profile{0.46, 0.48, 0.50, 0.53, 0.55, 0.55}.
				scaledTo(1.24*behavioralConcern.overall(flat(1)), flat(1))
)

// Reading privacy statements is the gate of abandoning because of one.
var (
	readStatements = profile{0.52, 0.56, 0.60, 0.64, 0.68, 0.70}
	// abandoned2011 rises with age; the two brackets over 55 together make 25%.
	abandoned2011 = profile{0.11, 0.15, 0.18, 0.21, 0.24, 0}.over55(0.25, readStatements)
	// abandoned2008Shape has a larger gap between the under-25s and the others than 2011.
	abandoned2008Shape = profile{0.04, 0.09, 0.13, 0.16, 0.19, 0.20}
)

// over55 sets the last bracket so that it has, together with 55–64 and among the
// people of base, the wanted proportion.
func (p profile) over55(wanted float64, base profile) profile {
	a, b := bracketShare[4]*base[4], bracketShare[5]*base[5]
	p[5] = (wanted*(a+b) - p[4]*a) / b
	return p
}

// sixPoints is the gain of abandoning overall since 2008.
const sixPoints = 0.06

func (f *questionnaire) abandoned() profile {
	if f.year == Year2008 {
		return abandoned2008Shape.scaledTo(abandoned2011.overall(readStatements)-sixPoints, readStatements)
	}
	return abandoned2011
}
