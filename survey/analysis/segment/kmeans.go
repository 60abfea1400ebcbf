package segment

import (
	"context"

	"surveykit/stats/cluster"
)

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
		return "a spread above 0 and a centre of each segment are needed"
	}
	for _, mean := range c.Mean {
		if len(mean) != columns {
			return "a centre has not a share for each value"
		}
		for _, v := range mean {
			if !plausible(v) {
				return "a centre is no number"
			}
		}
	}
	return ""
}
