package estimate_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
	"surveykit/survey/weighting"
)

// How far two programs may be apart, relative to the figure.
const (
	// summed is for what sums and closed formulas give.
	summed = 1e-8
	// iterated is for what is found step by step: models, limits, fitted weights, tails.
	iterated = 1e-6
	// lagged is for standard errors of models that are not linear: their influences
	// have the variance function of the step that settles the fit, and a deviance that
	// is settled to 1e-8 leaves coefficients settled to its root.
	lagged = 1e-4
	// nothing is what rounding may leave of a figure that is 0, rounded of its root.
	nothing = 1e-9
	rounded = 3e-5
)

// TestDifferential makes random surveys and asks R's survey package for every
// figure that this package gives. SURVEYKIT_DESIGNS says how many surveys, two
// by default; SURVEYKIT_SEED where they begin.
//
//	SURVEYKIT_DESIGNS=150 go test ./survey/estimate -run Differential -v
func TestDifferential(t *testing.T) {
	rscript, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("Rscript is not installed: nothing to compare with")
	}
	if exec.Command(rscript, "-e", "library(survey)").Run() != nil {
		t.Skip("R has no package survey: nothing to compare with")
	}
	surveys := make([]*randomSurvey, fromEnvironment("SURVEYKIT_DESIGNS", 2))
	folder := t.TempDir()
	for i := range surveys {
		surveys[i] = newRandomSurvey(fmt.Sprintf("s%03d", i), rand.New(rand.NewPCG(uint64(fromEnvironment("SURVEYKIT_SEED", 1)), uint64(i))))
	}
	writeSurveys(t, folder, surveys)
	if out, err := exec.Command(rscript, "testdata/differential.R", folder).CombinedOutput(); err != nil {
		t.Fatalf("Rscript: %v\n%s", err, out)
	}
	c := comparing{T: t, rAnswers: readRAnswers(t, filepath.Join(folder, "answers.csv")), apart: map[string]int{}}
	for _, s := range surveys {
		c.survey(s)
	}
	t.Logf("%d surveys, %d figures compared, %d differ", len(surveys), c.compared, c.differ)
	for _, name := range slices.Sorted(maps.Keys(c.apart)) {
		t.Logf("%d differ by decision: %s", c.apart[name], name)
	}
	if c.compared < 200*len(surveys) {
		t.Errorf("only %d figures were compared", c.compared)
	}
}

func fromEnvironment(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// exceptions are the figures at which METHODS and R part by decision, and those
// that one of the two programs does not give. What else METHODS decides is asked
// of R in the form that METHODS has: see testdata/differential.R.
var exceptions = []struct {
	reason string
	holds  func(f figureAt) bool
}{
	{"a design with lonely PSUs under fail is refused as a whole, by R only where a figure meets one", func(f figureAt) bool {
		return f.refused && f.survey.design.LonelyPSU == "fail" && f.survey.lonely
	}},
	{"adjust centres at the mean of all PSUs, R 4.1 at 0: another variance where they do not add up to 0, of totals, Wald's tests, which are made of them, and residuals of calibrated weights", func(f figureAt) bool {
		return f.survey.design.LonelyPSU == "adjust" && f.survey.lonely && f.field != "n" && f.field != "df" &&
			(f.kind == "total" && f.field != "est" || f.survey.weighting != "" && f.field != "est" || f.kind == "association" && strings.HasSuffix(strings.ToLower(f.option), "wald"))
	}},
	{"average with a lonely unit of the second stage, of which R makes no number", func(f figureAt) bool {
		return f.survey.design.LonelyPSU == "average" && len(f.survey.design.PSU) > 1 && math.IsNaN(f.theirs)
	}},
	{"association under calibrated weights: R counts the rows outside the domain, which it keeps with a weight of 0", func(f figureAt) bool {
		return f.kind == "association" && f.survey.weighting != ""
	}},
	{"the p of saddlepoint, for which R takes Satterthwaite's where it finds no root", func(f figureAt) bool {
		return f.kind == "association" && f.option == "saddlepoint" && (f.field == "p" || f.failure != "")
	}},
	{"a standard error of 0 gives R an interval without width or none, here it has none and a flag", func(f figureAt) bool {
		return (f.field == "low" || f.field == "high" || f.field == "p" || f.field == "se") && (math.IsNaN(f.ours) || math.IsNaN(f.theirs)) && slices.Contains(f.flags, survey.FlagNoVariance)
	}},
	{"a standard error of 0 without degrees of freedom is none here, or one that says so", func(f figureAt) bool {
		return f.field == "se" && (math.IsNaN(f.ours) || f.ours < rounded) && (math.IsNaN(f.theirs) || math.Abs(f.theirs) < rounded) && slices.Contains(f.flags, survey.FlagNoDF)
	}},
	{"one row has no variance here, in R an infinite one", func(f figureAt) bool {
		return f.kind == "variance" && math.IsNaN(f.ours) && math.IsInf(f.theirs, 1) && slices.Contains(f.flags, survey.FlagOneRow)
	}},
	{"a model that some replicates do not determine has no standard error here; R leaves those replicates out", func(f figureAt) bool {
		return f.kind == "model" && f.field == "se" && f.survey.design.Replicates != nil && math.IsNaN(f.ours) && slices.Contains(f.flags, survey.FlagConvergence)
	}},
	{"a model that some replicates determine in part: R leaves those replicates out of every term", func(f figureAt) bool {
		return f.kind == "model" && f.field == "se" && f.whole["dropped"] > 0
	}},
	{"a standard error of 0 is 0 but for rounding in R", func(f figureAt) bool {
		return f.field == "se" && f.ours == 0 && slices.Contains(f.flags, survey.FlagNoVariance) && math.Abs(f.theirs) < rounded
	}},
	{"a limit of a quantile outside the data is none here and has a flag, in R it is the end of the data", func(f figureAt) bool {
		return f.kind == "quantile" && math.IsNaN(f.ours) && (slices.Contains(f.flags, survey.FlagOneSided) || slices.Contains(f.flags, survey.FlagBeyond))
	}},
	{"a Wald test of more contrasts than PSUs is none here and has a flag, R inverts what rounding leaves or stops", func(f figureAt) bool {
		return f.kind == "association" && (math.IsNaN(f.ours) || strings.Contains(f.failure, "singular")) && (slices.Contains(f.flags, survey.FlagNotEstimable) || slices.Contains(f.flags, survey.FlagNoDF))
	}},
	{"logit limits of replicates one of which is at 0% or 100%, where R's logit is infinite", func(f figureAt) bool {
		return f.kind == "proportion" && f.option == "logit" && f.survey.design.Replicates != nil &&
			(math.IsNaN(f.theirs) || f.field == "low" && f.theirs == 0 || f.field == "high" && f.theirs == 1)
	}},
	{"a table whose shares have no sampling variance is not tested here, R divides by 0", func(f figureAt) bool {
		return f.kind == "association" && math.IsNaN(f.ours) && slices.Contains(f.flags, survey.FlagNoVariance)
	}},
	{"calibrated weights of a sample with rows of weight 0 or with empty replicates, at which R stops", func(f figureAt) bool {
		return f.survey.weighting != "" && slices.ContainsFunc([]string{"foreign function call", "missing value where TRUE/FALSE needed", "subscript out of bounds"},
			func(words string) bool { return strings.Contains(f.failure, words) })
	}},
	{"a model without degrees of freedom, or that does not converge, says so here, and R may stop", func(f figureAt) bool {
		return f.kind == "model" && f.failure != "" && (slices.Contains(f.flags, survey.FlagNoDF) || slices.Contains(f.flags, survey.FlagConvergence))
	}},
	{"a replicate with nobody in it is left out and counted, in R it ends the standard error", func(f figureAt) bool {
		return f.leftOut > 0 && math.IsNaN(f.theirs)
	}},
	{"a separated or aliased model: terms are not estimable, in R large numbers", func(f figureAt) bool {
		return f.kind == "model" && f.separated
	}},
}

// figureAt is one figure under comparison.
type figureAt struct {
	survey *randomSurvey
	request
	term, field  string
	ours, theirs float64
	flags        []string
	leftOut      int
	// refused says that the survey's design is refused here.
	refused bool
	// separated says that R fits means at the end of their range, or has aliased terms.
	separated bool
	// whole are R's figures of a model as a whole, failure its words where it has no answer.
	whole   map[string]float64
	failure string
}

func (f figureAt) String() string {
	return fmt.Sprintf("%s %s %s %s %s where %q: %s %s: %v %v, R %v %s", f.survey.name, f.kind, f.variable, f.other, f.option, f.domain, f.term, f.field, f.ours, f.flags, f.theirs, f.failure)
}

// excepted finds the reason to leave a figure out.
func (f figureAt) excepted() string {
	for _, e := range exceptions {
		if e.holds(f) {
			return e.reason
		}
	}
	return ""
}

func (f figureAt) agrees() bool {
	if math.IsNaN(f.ours) || math.IsNaN(f.theirs) {
		return math.IsNaN(f.ours) && math.IsNaN(f.theirs)
	}
	tolerance := summed
	if f.kind == "model" || f.kind == "association" || f.option == "likelihood" || f.survey.weighting != "" || f.field == "p" {
		tolerance = iterated
	}
	if f.kind == "model" && f.field == "se" && f.option != "gaussian" {
		tolerance = lagged
	}
	return math.Abs(f.ours-f.theirs) <= tolerance*math.Max(math.Abs(f.ours), math.Abs(f.theirs))+nothing
}

// comparing holds the answers of two programs together.
type comparing struct {
	*testing.T
	*rAnswers
	compared, differ int
	apart            map[string]int
}

// survey compares all figures of a survey.
func (c *comparing) survey(s *randomSurvey) {
	samples, err := s.samples(c.T)
	for id, q := range s.requests {
		if err != nil && c.failures[answerKey{s.name, id}] != "" {
			c.compared++ // both refuse
			continue
		}
		if err != nil {
			c.figure(figureAt{survey: s, request: q, field: err.Error(), ours: math.NaN(), theirs: 1, refused: true})
			continue
		}
		ours, err := q.ask(samples[q.sampled()])
		if err != nil {
			c.Logf("%s %s %s: %v", s.name, q.kind, q.variable, err)
		}
		c.request(s, id, ours)
	}
}

// request compares every figure that either program gives.
func (c *comparing) request(s *randomSurvey, id int, ours map[string]record) {
	q, key, theirs := s.requests[id], answerKey{s.name, id}, c.terms[answerKey{s.name, id}]
	whole := theirs[""]
	// Means at the end of their range are those of separated models, which have flags
	// here; or the model fits so well, and then all figures agree.
	separated := q.separated(whole) && slices.ContainsFunc(slices.Collect(maps.Values(ours)), func(r record) bool { return len(r.flags) > 0 })
	_, failed := c.failures[key]
	for term, r := range ours {
		for field, x := range r.figures {
			f := figureAt{survey: s, request: q, term: term, field: field, ours: x, theirs: math.NaN(), flags: r.flags, leftOut: r.leftOut,
				separated: separated, whole: whole, failure: c.failures[key]}
			y, given := theirs[term][field]
			if given {
				f.theirs = y
			} else if !failed || field == "n" || field == "df" {
				continue
			}
			c.figure(f)
		}
	}
	if len(ours) == 0 && !failed {
		c.figure(figureAt{survey: s, request: q, field: "answer", ours: math.NaN(), theirs: 1, separated: separated})
	}
}

func (c *comparing) figure(f figureAt) {
	if f.agrees() {
		c.compared++
	} else if reason := f.excepted(); reason != "" {
		c.apart[reason]++
	} else {
		c.compared++
		c.differ++
		c.Errorf("%v", f)
	}
}

// record is what this package says to a request, for one term of it.
type record struct {
	figures map[string]float64
	flags   []string
	leftOut int
}

// asked are the options of a request: its domain, the interval of a share, the rule
// and the interval of a quantile.
func (q request) asked(level float64) estimate.Options {
	var d survey.Design
	switch q.kind {
	case "proportion":
		d.Interval = q.option
	case "quantile":
		d.QuantileRule, d.QuantileInterval, _ = strings.Cut(q.option, " ")
	}
	o, _ := estimate.Designed(d)
	o.Where, o.Level = q.domain, level
	return o
}

// sampled is what requests that one sample answers have in common.
type sampled struct{ domain, kind, option string }

func (q request) sampled() sampled {
	if q.kind == "proportion" || q.kind == "quantile" {
		return sampled{q.domain, q.kind, q.option}
	}
	return sampled{domain: q.domain}
}

// samples are those of a survey's domains and intervals; the error is of a design
// or of weights that are refused.
func (s *randomSurvey) samples(t *testing.T) (map[sampled]*estimate.Sample, error) {
	t.Helper()
	table := sampletest.Read(t, s.data)
	frame, err := engine.NewFrame(table, s.design)
	if err != nil {
		return nil, err
	}
	if s.weighting != "" {
		spec, err := weighting.Parse([]byte(s.weighting), "weights.yaml", nil)
		if err != nil {
			return nil, err
		}
		if frame, _, err = spec.Frame(table, frame); err != nil {
			return nil, err
		}
	}
	out := map[sampled]*estimate.Sample{}
	for _, q := range s.requests {
		if of := q.sampled(); out[of] == nil {
			out[of] = sampletest.Framed(t, table, frame, q.asked(s.level))
		}
	}
	return out, nil
}

// ask asks a sample.
func (q request) ask(s *estimate.Sample) (map[string]record, error) {
	numerator, denominator, _ := strings.Cut(q.variable, "/")
	switch q.kind {
	case "mean":
		return estimates(s.Means([]string{q.variable}))
	case "total":
		return estimates(s.Totals([]string{q.variable}))
	case "ratio":
		return estimates(s.Ratios(numerator, denominator))
	case "contrast":
		return estimates(s.Contrast(fmt.Sprintf("mean(%s) / mean(%s)", numerator, denominator)))
	case "variance":
		return estimates(s.Variances([]string{q.variable}))
	case "quantile":
		return estimates(s.Quantiles([]string{q.variable}, q.probability))
	case "proportion":
		records, err := s.Proportions([]string{q.variable})
		return estimates(slices.DeleteFunc(records, func(r survey.Estimate) bool { return r.Code.String() != q.other }), err)
	case "association":
		return q.test(s)
	case "difference":
		return q.difference(s)
	default:
		return q.model(s)
	}
}

func estimates(records []survey.Estimate, err error) (map[string]record, error) {
	out := map[string]record{}
	for _, r := range records {
		out[""] = record{leftOut: r.LeftOut, flags: r.Flags, figures: map[string]float64{"est": r.Value.Float(), "se": r.SE.Float(),
			"low": r.Low.Float(), "high": r.High.Float(), "df": r.DF.Float(), "n": float64(r.N)}}
	}
	return out, err
}

func (q request) test(s *estimate.Sample) (map[string]record, error) {
	records, err := s.Association(q.variable, q.other, []stats.AssociationMethod{stats.AssociationMethod(q.option)})
	out := map[string]record{}
	for _, r := range records {
		out[""] = record{flags: r.Flags, figures: map[string]float64{"est": r.Statistic.Float(), "p": r.P.Float(),
			"ndf": r.NDF.Float(), "ddf": r.DDF.Float(), "n": float64(r.N)}}
	}
	return out, err
}

func (q request) difference(s *estimate.Sample) (map[string]record, error) {
	from, to, _ := strings.Cut(q.option, " ")
	records, err := s.Differences([]string{q.variable}, estimate.Between{Variable: q.other, From: from, To: to})
	out := map[string]record{}
	for _, r := range records {
		out[""] = record{leftOut: r.LeftOut, flags: r.Flags, figures: map[string]float64{"est": r.Value.Float(), "se": r.SE.Float(),
			"low": r.Low.Float(), "high": r.High.Float(), "df": r.DF.Float(), "p": r.P.Float()}}
	}
	return out, err
}

// family names R's quasi-likelihoods as they are called here.
func (q request) family() string { return strings.TrimPrefix(q.option, "quasi") }

func (q request) model(s *estimate.Sample) (map[string]record, error) {
	coefficients, err := s.Regress(q.variable, q.family())
	out := map[string]record{}
	for _, r := range coefficients {
		out[r.Term] = record{flags: r.Flags, figures: map[string]float64{"est": r.Value.Float(), "se": r.SE.Float(), "df": r.DF.Float()}}
	}
	return out, err
}

// separated reports whether a model of R's has aliased terms, or fits means at the
// end of their range, where its coefficients run off to infinity.
func (q request) separated(whole map[string]float64) bool {
	const end = 1e-7
	switch {
	case whole["aliased"] > 0:
		return true
	case q.family() == "binomial":
		return whole["smallest"] < end || whole["largest"] > 1-end
	case q.family() == "poisson":
		return whole["smallest"] < end
	}
	return false
}

// answerKey is a request of a survey.
type answerKey struct {
	survey string
	id     int
}

// rAnswers is what R says: to a request, the figures of each term by field, or
// why it has none.
type rAnswers struct {
	terms    map[answerKey]map[string]map[string]float64
	failures map[answerKey]string
}

func readRAnswers(t *testing.T, path string) *rAnswers {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := &rAnswers{map[answerKey]map[string]map[string]float64{}, map[answerKey]string{}}
	for _, line := range lines {
		id, err := strconv.Atoi(line[1])
		if err != nil {
			t.Fatal(err)
		}
		key, term, field := answerKey{line[0], id}, line[2], line[3]
		if field == "error" {
			r.failures[key] = line[4]
			continue
		}
		if r.terms[key] == nil {
			r.terms[key] = map[string]map[string]float64{}
		}
		if r.terms[key][term] == nil {
			r.terms[key][term] = map[string]float64{}
		}
		r.terms[key][term][field] = figureOf(t, line[4])
	}
	return r
}
