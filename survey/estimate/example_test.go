package estimate_test

import (
	"fmt"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/ingest"
)

// must stops an example that fails.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// open reads a shipped synthetic sample and prepares it for figures of a domain.
func open(in estimate.Options) *estimate.Sample {
	table := must(ingest.Open("../../datasets/reference/twostage.csv", ingest.Options{}))
	frame := must(engine.NewFrame(table, survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}))
	return must(estimate.New(table, frame, in))
}

// Domains keep the whole design: 58 degrees of freedom, not those of a file cut to one gender.
func ExampleSample_Means() {
	records := must(open(estimate.Options{By: []string{"gender"}}).Means([]string{"trust"}))
	for _, r := range records {
		fmt.Printf("%s %.3f (%.3f to %.3f), df %g, n %d\n", r.Group[0].Value, r.Value.Float(), r.Low.Float(), r.High.Float(), r.DF.Float(), r.N)
	}
	// Output:
	// female 4.688 (4.465 to 4.910), df 58, n 717
	// male 4.963 (4.772 to 5.154), df 58, n 773
}

// Any condition has a share.
func ExampleSample_Share() {
	records := must(open(estimate.Options{Where: "wave == 2011"}).Share("concern_identity >= 4 and trust <= 3"))
	fmt.Printf("%.1f%% ± %.1f, by %s\n", 100*records[0].Value.Float(), 100*records[0].SE.Float(), records[0].Interval)
	// Output:
	// 17.6% ± 1.9, by logit
}

// The waves share clusters; their covariance is in the standard error.
func ExampleSample_Differences() {
	between := estimate.Between{Variable: "wave", From: "2008", To: "2011"}
	records := must(open(estimate.Options{}).Differences([]string{"opted_out"}, between))
	d := records[0]
	fmt.Printf("%.3f to %.3f: %+.3f (%.3f to %.3f), p = %.3f\n", d.FromMean.Float(), d.ToMean.Float(), d.Value.Float(), d.Low.Float(), d.High.Float(), d.P.Float())
	// Output:
	// 0.239 to 0.336: +0.098 (0.038 to 0.157), p = 0.002
}

// How much likelier are people to be concerned about one kind of data than about another?
func ExampleSample_Contrast() {
	records := must(open(estimate.Options{}).Contrast("share(concern_identity >= 4) / share(concern_behavioral >= 4) - 1"))
	fmt.Printf("%.0f%% likelier (%.0f%% to %.0f%%)\n", 100*records[0].Value.Float(), 100*records[0].Low.Float(), 100*records[0].High.Float())
	// Output:
	// 68% likelier (50% to 85%)
}

// Rao and Scott's test of independence.
func ExampleSample_Association() {
	records := must(open(estimate.Options{}).Association("trust", "gender", []stats.AssociationMethod{stats.RaoScottF}))
	fmt.Printf("F = %.2f, p = %.2f\n", records[0].Statistic.Float(), records[0].P.Float())
	// Output:
	// F = 1.37, p = 0.21
}
