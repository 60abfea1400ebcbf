package segment

import (
	"context"
	"math"

	"surveykit/stats/cluster"
)

func (o ClusterOptions) linkage() cluster.Linkage {
	if o.Linkage == "" {
		return cluster.Average
	}
	return o.Linkage
}

// findTree grows one tree and cuts it at each number of clusters.
func (o ClusterOptions) findTree(ctx context.Context, in []cluster.Item, weights []float64, numbers []int, _ cluster.Options) ([]clusters, error) {
	tree, err := cluster.Agglomerate(ctx, in, weights, o.linkage())
	if err != nil {
		return nil, err
	}
	var out []clusters
	for _, k := range numbers {
		member, err := tree.Cut(k)
		if err != nil {
			return nil, err
		}
		out = append(out, clusters{member: member, within: math.NaN(), total: math.NaN()})
	}
	return out, nil
}
