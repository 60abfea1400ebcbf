package segment

import (
	"context"

	"surveykit/stats/cluster"
	"surveykit/stats/mixture"
)

// KMeansMethod finds segments around means.
var KMeansMethod = &Method{
	Name:  "k-means",
	Short: "Weighted k-means: segments around the mean of standardised items",
	Long: `Segments around means. Every item is brought to a variance of 1: numbers and ordered
answers over their standard deviation, the answers of a nominal item as columns of 0 and 1
that together have a variance of 1. Missing answers are left out of distances.`,
	Example: "  surveykit segment k-means wave.csv --weight w --psu psu --items trust:ordinal,age:scale,region --clusters 2-6 --model segments.json",
	Formula: "min Σ w_i ∣x_i − c_k(i)∣² over means c of standardised items",
	Source:  "Lloyd 1982; Arthur & Vassilvitskii 2007",
	ByDistance: &ByDistance{
		words: func(ClusterOptions) string {
			return "k-means on standardised items (each with a variance of 1, categories as columns of 0 and 1)"
		},
		find:     func(ClusterOptions) finder { return findKMeans },
		distance: cluster.Euclidean,
		units:    cluster.Spreads,
	},
	find: clustered,
	assign: func(m *Model, in []mixture.Item) ([]int32, [][]float64) {
		return m.KMeans.Assign(clusterItems(in)), nil
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
