package reports

import (
	"fmt"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// ReplicateKind is a way to make replicate weights.
type ReplicateKind string

// ReplicateKinds are all of them: the jackknife without and with strata, balanced
// half samples without and with Fay's factor, the bootstraps of Canty and Davison
// and of Rao and Wu.
var ReplicateKinds = []ReplicateKind{"jk1", "jkn", "brr", "fay", "bootstrap", "rao-wu"}

// ReplicateOptions say which replicate weights are made.
type ReplicateOptions struct {
	// Kind is required.
	Kind ReplicateKind
	// Rho is Fay's rho, for fay.
	Rho float64
	// Number is the replicates of a bootstrap, Seed that of its random numbers.
	Number int
	Seed   uint64
	// Prefix begins the names of the new columns.
	Prefix string
}

// Replicate adds replicate weights, made from the strata and the first stage's PSUs
// of the design, each times the weight. The replication has their scales. The
// warnings are of the design. The error is survey.Problems.
func (d *Data) Replicate(o ReplicateOptions) (*survey.Table, stats.Replication, survey.Notices, error) {
	var none stats.Replication
	if err := d.NeedsRows("making replicate weights"); err != nil {
		return nil, none, nil, err
	}
	f, err := engine.NewFrame(d.Table, d.Design)
	if err != nil {
		return nil, none, nil, err
	}
	r, err := o.make(f)
	if err != nil {
		return nil, none, nil, survey.Problems{{File: d.Path, Message: err.Error()}}
	}
	digits := len(fmt.Sprint(len(r.Factors)))
	columns := make([]*survey.Variable, len(r.Factors))
	for k, factors := range r.Factors {
		v := &survey.Variable{Name: fmt.Sprintf("%s%0*d", o.Prefix, digits, k+1), Kind: survey.Number, Numbers: survey.MissingNumbers(f.Rows)}
		for i, w := range f.ByRow.Weights {
			v.Numbers.Set(i, w*factors[f.ByRow.PSU[i]])
		}
		columns[k] = v
	}
	return d.Table.With(columns...), r, f.Warnings, nil
}

func (o ReplicateOptions) make(f *engine.Frame) (stats.Replication, error) {
	stage := f.Stages[0]
	switch o.Kind {
	case "jk1":
		return stage.Jackknife()
	case "jkn":
		return stage.StratifiedJackknife(f.Lonely)
	case "brr":
		return stage.BalancedHalves(0, f.Lonely)
	case "fay":
		return stage.BalancedHalves(o.Rho, f.Lonely)
	case "bootstrap":
		return stage.Bootstrap(o.Number, o.Seed, f.Lonely)
	case "rao-wu":
		return stage.RaoWu(o.Number, o.Seed, f.Lonely)
	}
	return stats.Replication{}, survey.UnknownName("kind of replicates", string(o.Kind), names(ReplicateKinds))
}

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}
