package segment

import (
	"context"
	"math"

	"surveykit/stats/cluster"
)

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
		return "a range above 0 and an answer of each segment's medoid are needed"
	}
	for _, v := range c.Value {
		if v == nil {
			continue
		}
		if !plausible(*v) || len(x.Values) > 0 && (*v < 0 || *v >= float64(len(x.Values)) || *v != math.Trunc(*v)) {
			return "the answer of a medoid is none of the item's"
		}
	}
	return ""
}
