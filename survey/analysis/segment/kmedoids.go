package segment

import (
	"context"
	"math"

	"surveykit/stats/cluster"
	"surveykit/stats/mixture"
)

// KMedoidsMethod finds segments around the person in their middle.
var KMedoidsMethod = &Method{
	Name:  "k-medoids",
	Short: "Weighted k-medoids: segments around real people, by Gower's distance",
	Long: `Segments around the person in their middle, by Gower's distance: the mean over the items that
two people both answered of the difference over the range, or of 0 for equal and 1 for
different answers of a nominal item.`,
	Example: "  surveykit segment k-medoids wave.csv --weight w --psu psu --items trust:ordinal,region --clusters 2-6 --assigned with_segments.csv",
	Formula: "min Σ w_i d(i, m_k(i)) over people m, by Gower's distance d",
	Source:  "Gower 1971; Kaufman & Rousseeuw 1990; Schubert & Rousseeuw 2021",
	ByDistance: &ByDistance{
		words:    func(ClusterOptions) string { return "k-medoids on Gower's distance" },
		find:     func(ClusterOptions) finder { return findKMedoids },
		distance: cluster.Gower,
		units:    cluster.Ranges,
	},
	find: clustered,
	assign: func(m *Model, in []mixture.Item) ([]int32, [][]float64) {
		return m.KMedoids.Assign(clusterItems(in)), nil
	},
	fits: func(m *Model) string {
		if m.KMedoids == nil || len(m.KMedoids.Items) != len(m.Items) {
			return misfit
		}
		return m.eachItem(func(j int) string { return m.Items[j].fitsKMedoids(m.KMedoids.Items[j], len(m.Names)) })
	},
}

func findKMedoids(ctx context.Context, in []cluster.Item, weights []float64, numbers []int, o cluster.Options) ([]clusters, error) {
	var out []clusters
	for _, k := range numbers {
		f, err := cluster.FitKMedoids(ctx, in, weights, k, o)
		if err != nil {
			return nil, err
		}
		out = append(out, clusters{
			member: f.Member, within: f.Within, total: f.Total, starts: f.Starts, reached: f.Reached,
			assign: f.Assign, fill: func(m *Model) { m.KMedoids = &f.KMedoids },
		})
	}
	return out, nil
}

// fitsKMedoids says what is wrong with an item's part of the model.
func (x ModelItem) fitsKMedoids(c cluster.Medoid, segments int) string {
	if !plausible(c.Range) || c.Range <= 0 || len(c.Value) != segments {
		return "it needs a positive range and an answer for each segment's medoid"
	}
	for _, v := range c.Value {
		if v == nil {
			continue
		}
		if !plausible(*v) || len(x.Values) > 0 && (*v < 0 || *v >= float64(len(x.Values)) || *v != math.Trunc(*v)) {
			return "the answer of a medoid is not an answer of the item"
		}
	}
	return ""
}
