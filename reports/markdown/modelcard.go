package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/propensity"
)

// Card is the content of a model card.
type Card struct {
	Result *propensity.Result
	// Sources are the data of the model, Design its weights and clusters in words.
	Sources []survey.Source
	Design  string
	// Program is the name and version of the program.
	Program string
}

// ModelCard writes the card of a model of propensities: what it may be used
// for and what not, its data, and how well it predicts people outside its data,
// overall and by group. After Mitchell et al. 2019, Model cards for model reporting.
func ModelCard(w io.Writer, c Card) error {
	p := &printer{bufio.NewWriter(w)}
	p.purpose(c)
	p.data(c)
	for _, r := range c.Result.Reports {
		p.outcome(r)
	}
	r := c.Result.Reports[0]
	p.print("\n## How it was made\n\n")
	p.print("Weighted logistic models with an elastic net (mix %s), its penalty chosen by the log loss out of %d parts of whole PSUs. "+
		"The figures above are nested: the penalty of the model that predicts a part was chosen without that part. %s\n", survey.FormatNumber(r.Mix), r.Folds, escape(c.Program))
	return p.Flush()
}

func (p *printer) purpose(c Card) {
	var names []string
	for _, r := range c.Result.Reports {
		names = append(names, escape(r.Outcome))
	}
	outcome := "have the outcome"
	if len(names) > 1 {
		outcome = "have each outcome"
	}
	p.print("# Model card: propensity to %s\n\n## What it is for\n\n", strings.Join(names, "; "))
	p.print("Shares of groups, sizes of audiences, and the order of groups: how many people with such answers %s. "+
		"A propensity is a share among people with the same answers, not a fact about one person.\n\n", outcome)
	p.print("## What it may not be used for\n\n")
	for _, limit := range c.Result.Model.Limits {
		p.print("- %s\n", escape(limit))
	}
	p.print("\nWhat people say in a survey and what they do differ; attitudes to privacy above all (what is called the privacy paradox). A propensity to say something is not a propensity to do it.\n")
}

func (p *printer) data(c Card) {
	p.print("\n## Data and weights\n\n")
	for _, s := range c.Sources {
		sum := ""
		if s.SHA256 != "" { // else a database
			sum = ", SHA-256 " + s.SHA256
		}
		p.print("- %s (%s, %s rows%s)\n", escape(s.Path), escape(s.Format), figure.Count(s.Rows), escape(sum))
	}
	p.print("- Design: %s\n\n", escape(c.Design))
	p.print("| Predictor | Used as | Missing answers |\n| --- | --- | --- |\n")
	for _, x := range c.Result.Model.Predictors {
		taken := fmt.Sprintf("number, %s to %s", survey.FormatNumber(x.Low), survey.FormatNumber(x.High))
		if x.Values != nil {
			taken = fmt.Sprintf("%d categories", len(x.Values))
		}
		missing := "none in the data; the usual answer for others"
		if x.Missing {
			missing = "a coefficient of their own"
		}
		p.print("| %s | %s | %s |\n", escape(x.Variable), escape(taken), missing)
	}
}

func (p *printer) outcome(r *propensity.Report) {
	p.print("\n## %s\n\n", escape(r.Outcome))
	p.print("%s people. All figures are about people in PSUs that the model was not fitted to, with design-based intervals.\n\n", figure.Count(r.N))
	p.print("| Figure | Estimate | Interval | |\n| --- | ---: | ---: | --- |\n")
	for _, row := range []struct {
		name  string
		r     survey.Estimate
		share bool
		says  string
	}{
		{"Share with the outcome", r.BaseRate, true, "the base rate"},
		{"Mean propensity", r.Predicted, true, ""},
		{"AUC", r.AUC, false, "0.5 is chance, 1 perfect order"},
		{"Brier score", r.Brier, false, "mean squared distance, 0 is best"},
		{"Brier skill", r.Skill, false, "0 is the base rate alone, 1 is best"},
		{"Log loss", r.LogLoss, false, ""},
		{"Accuracy", r.Accuracy, true, "the likelier outcome is the prediction"},
		{"Accuracy of the base rate", r.BaseAccuracy, true, "the same answer for everybody"},
		{"Gain over the base rate", r.Gain, true, verdict(r.Gain)},
	} {
		p.print("| %s | %s | %s | %s |\n", row.name, cardValue(row.r.Value, row.share), cardInterval(row.r, row.share), row.says)
	}
	p.print("| Calibration slope | %s | ± %s (SE) | 1 is right, below it propensities are too extreme |\n", cardValue(r.Slope.Value, false), cardValue(r.Slope.SE, false))
	p.print("\n### Calibration\n\n| Propensity | Mean | Observed | Interval | n |\n| --- | ---: | ---: | ---: | ---: |\n")
	for _, b := range r.Calibration {
		p.print("| %s to %s | %s | %s | %s | %s |\n", cardValue(b.Low, true), cardValue(b.High, true), cardValue(b.Predicted.Value, true),
			cardValue(b.Observed.Value, true), cardInterval(b.Observed, true), figure.Count(b.Observed.N))
	}
	p.groups(r)
	p.print("\n### Coefficients\n\n%d of %d are not zero. They are shrunk towards zero and have no intervals: they describe the model, not the world.\n\n| Term | On the logit |\n| --- | ---: |\n", r.Kept, r.Columns)
	for _, t := range r.Terms {
		p.print("| %s | %s |\n", escape(t.Term), figure.Number(t.Value, 3))
	}
}

// verdict says what an interval of a gain means.
func verdict(gain survey.Estimate) string {
	switch {
	case gain.Low.Float() > 0:
		return "better than the base rate"
	case gain.High.Float() < 0:
		return "worse than the base rate"
	}
	return "not distinguishable from the base rate"
}

func (p *printer) groups(r *propensity.Report) {
	p.print("\n### Groups\n\n")
	if len(r.Groups) == 0 {
		p.print("The model was not checked in groups: where it is worse is not known.\n")
		return
	}
	p.print("| Group | Observed | Observed − predicted | Interval | AUC | Interval | n | |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n")
	for _, g := range r.Groups {
		p.print("| %s | %s | %s | %s | %s | %s | %s | %s |\n", escape(g.Variable+": "+g.Category), cardValue(g.Observed.Value, true), cardValue(g.Gap.Value, true),
			cardInterval(g.Gap, true), cardValue(g.AUC.Value, false), cardInterval(g.AUC, false), figure.Count(g.Observed.N), strings.Join(g.Worse, ", "))
	}
	p.print("\nAn empty last cell means that nothing worse was found, not that the model is fair there; one group in twenty differs by chance.\n")
}

func cardKind(share bool) (survey.RowKind, int) {
	if share {
		return survey.RowShare, 1
	}
	return survey.RowMean, 3
}

func cardValue(x survey.Figure, share bool) string {
	kind, decimals := cardKind(share)
	return figure.Value(kind, x.Float(), decimals)
}

func cardInterval(r survey.Estimate, share bool) string {
	kind, decimals := cardKind(share)
	return figure.Interval(kind, r.Low.Float(), r.High.Float(), decimals)
}
