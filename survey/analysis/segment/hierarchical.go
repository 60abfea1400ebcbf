package segment

import (
	"context"
	"math"

	"surveykit/stats/cluster"
)

// HierarchicalMethod joins people and groups to a tree and cuts it.
var HierarchicalMethod = &Method{
	Name:  "hierarchical",
	Short: "Hierarchical clusters on Gower's distance, up to 20,000 different rows",
	Long: `Joins the nearest people and groups again and again, by Gower's distance (see k-medoids).
Distances take 4 bytes a pair, 0.8 GB for 20,000 different rows, which is the most.
Others cannot be assigned to such clusters, so there is no model.`,
	Example: "  surveykit segment hierarchical wave.csv --weight w --items trust:ordinal,region --clusters 4 --linkage ward --assigned with_segments.csv",
	Formula: "joins the two nearest clusters by Gower's distance d: by its average or maximum, or by Ward's growth of a sum of squares",
	Source:  "Gower 1971; Ward 1963; Lance & Williams 1967",
	ByDistance: &ByDistance{
		Hierarchy: true,
		words:     func(o ClusterOptions) string { return string(o.linkage()) + " linkage on Gower's distance" },
		find:      func(o ClusterOptions) finder { return o.findTree },
		distance:  cluster.Gower,
		units:     cluster.Ranges,
	},
	find: clustered,
}

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
