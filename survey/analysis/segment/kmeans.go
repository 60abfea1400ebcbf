package segment

import (
	"context"

	"surveykit/stats/cluster"
)

var kMeans = ClusterMethod{
	Name:  "k-means",
	Short: "Weighted k-means: segments around the mean of standardised items",
	Long: `Segments around means. Every item is brought to a variance of 1: numbers and ordered
answers over their standard deviation, the answers of a nominal item as columns of 0 and 1
that together have a variance of 1. Missing answers are left out of distances.`,
	Example: "  surveykit segment k-means wave.csv --weight w --psu psu --items trust:ordinal,age:scale,region --clusters 2-6 --model segments.json",
	words: func(ClusterOptions) string {
		return "k-means on standardised items (each with a variance of 1, categories as columns of 0 and 1)"
	},
	find:     func(ClusterOptions) finder { return findKMeans },
	distance: cluster.Euclidean,
	units:    cluster.Spreads,
	assign: func(m *Model) func([]cluster.Item) []int32 {
		if m.KMeans == nil {
			return nil
		}
		return m.KMeans.Assign
	},
	fits: func(m *Model) string {
		if m.KMeans == nil || len(m.KMeans.Items) != len(m.Items) {
			return misfit
		}
		return m.eachItem(func(j int) string { return m.Items[j].fitsKMeans(m.KMeans.Items[j], len(m.Names)) })
	},
}

func findKMeans(ctx context.Context, in []cluster.Item, weights []float64, numbers []int, o cluster.Options) ([]clusters, error) {
	var out []clusters
	for _, k := range numbers {
		f, err := cluster.FitKMeans(ctx, in, weights, k, o)
		if err != nil {
			return nil, err
		}
		out = append(out, clusters{
			member: f.Member, within: f.Within, total: f.Total, starts: f.Starts, reached: f.Reached,
			assign: f.Assign, fill: func(m *Model) { m.KMeans = &f.KMeans },
		})
	}
	return out, nil
}

// fitsKMeans says what is wrong with an item's part of the model.
func (x ModelItem) fitsKMeans(c cluster.Centre, segments int) string {
	columns := 1
	if x.nominal() {
		columns = len(x.Values)
	}
	if !plausible(c.Spread) || c.Spread <= 0 || len(c.Mean) != segments {
		return "it needs a positive spread and a centre for each segment"
	}
	for _, mean := range c.Mean {
		if len(mean) != columns {
			return "a centre does not have a share for each value"
		}
		for _, v := range mean {
			if !plausible(v) {
				return "a centre is not a number"
			}
		}
	}
	return ""
}
