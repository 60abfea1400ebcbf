package segment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"surveykit/stats/cluster"
	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// ClusterOptions ask for clusters.
type ClusterOptions struct {
	// Method is one by distance. Required.
	Method *Method
	// Items are as Indicators reads them. Required.
	Items []string
	// Clusters are the numbers of clusters that are tried. Required.
	Clusters []int
	// Starts and Seed are those of cluster.Options.
	Starts int
	Seed   uint64
	// Linkage of the hierarchical method. Default cluster.Average.
	Linkage cluster.Linkage
	// Gap takes the number of clusters by the gap statistic (not of a hierarchy),
	// otherwise that of the largest silhouette is taken.
	Gap bool
	// Resamples of PSUs show how stable the clusters are; 0 for none.
	Resamples int
}

// Clustering is one number of clusters with how well it fits.
type Clustering struct {
	Clusters int `json:"clusters"`
	// Chosen marks the number that was taken among those tried.
	Chosen bool `json:"chosen"`
	// Within is cluster.KMeansFit's or cluster.KMedoidsFit's, Explained the share
	// of the distances that clusters save; both missing of a hierarchy.
	Within    survey.Figure `json:"within"`
	Explained survey.Figure `json:"explained"`
	// Silhouette is the mean, −1 to 1, SilhouetteSE its error where only
	// SilhouetteRows were looked at.
	Silhouette     survey.Figure `json:"silhouette"`
	SilhouetteSE   survey.Figure `json:"silhouette_se"`
	SilhouetteRows int           `json:"silhouette_rows"`
	Gap            survey.Figure `json:"gap"`
	GapSE          survey.Figure `json:"gap_se"`
	// Rows have a weight and an answer to some item.
	Rows    int `json:"rows"`
	Starts  int `json:"starts"`
	Reached int `json:"starts_reached"`
	// Shares of the segments, largest first, 0–1.
	Shares []survey.Figure `json:"shares"`
	// Segments describe them, Silhouettes are their own; only of the chosen number.
	Segments    []Segment       `json:"segments,omitempty"`
	Silhouettes []survey.Figure `json:"segment_silhouettes,omitempty"`
	Stability   *Stability      `json:"stability,omitempty"`
}

const (
	// silhouetteRows are looked at, each against all.
	silhouetteRows = 2000
	// gapSets are the reference sets of a gap statistic.
	gapSets = 20
	// resampleStarts are tried on each resample: whether clusters are found again
	// must not hang on many starts.
	resampleStarts = 5
)

// clusters is one solution of a method.
type clusters struct {
	member          []int32
	within, total   float64
	starts, reached int
	// assign finds the clusters of others, fill puts the solution into a model
	// file; nil where the method has neither.
	assign func([]cluster.Item) []int32
	fill   func(*Model)
}

// finder finds a solution for each number of clusters.
type finder func(ctx context.Context, in []cluster.Item, weights []float64, numbers []int, o cluster.Options) ([]clusters, error)

// Clusters finds clusters by distance for each number asked and describes the
// one chosen, which comes first; the others follow in the order asked. Weights
// are those of the sample, rows outside its domain keep out. Ordinal items count
// in equal steps. Sizes and answers have design-based errors that take the
// clusters as given; Stability says how far these are found again. The error is
// survey.Problems: unknown items, fewer different answers than clusters, too many
// rows for a hierarchy.
func Clusters(ctx context.Context, s *estimate.Sample, o ClusterOptions) ([]Clustering, *Solution, error) {
	if o.Method == nil || o.Method.ByDistance == nil {
		return nil, nil, survey.Problems{{Message: "clusters need a method by distance", Remedy: "choose one of Methods that has ByDistance"}}
	}
	if err := s.NeedsRows("a search for clusters"); err != nil {
		return nil, nil, err
	}
	items, err := Indicators(s.Table(), o.Items)
	if err != nil {
		return nil, nil, err
	}
	observed, weights := inputs(s, items)
	r := &clustering{sample: s, options: o, method: o.Method.ByDistance, items: items, observed: observed, in: clusterItems(observed), weights: weights, find: o.Method.ByDistance.find(o)}
	if err := r.fit(ctx); err != nil {
		return nil, nil, problemOf(err)
	}
	out, err := r.records(ctx)
	if err != nil {
		return nil, nil, problemOf(err)
	}
	return out, r.solution(out[0].Segments), nil
}

// problemOf says of a search what can be done about it.
func problemOf(err error) error {
	var large cluster.TooManyRowsError
	switch {
	case errors.Is(err, cluster.ErrTooFew):
		return survey.Problems{{Message: err.Error(), Remedy: "ask for fewer clusters, or check the items, the weight and --where"}}
	case errors.As(err, &large):
		return survey.Problems{{Message: large.Error(), Remedy: "use k-medoids, which has the same distances, or a part of the sample with --where"}}
	}
	return err
}

// clusterItems are items as distances take them: an ordinal one is the place of
// the answer.
func clusterItems(in []mixture.Item) []cluster.Item {
	out := make([]cluster.Item, len(in))
	for j, x := range in {
		if x.Categories == 0 {
			out[j].Value = x.Value
			continue
		}
		if !x.Ordinal {
			out[j].Categories = x.Categories
		}
		out[j].Value = make([]float64, len(x.Code))
		for i, c := range x.Code {
			if out[j].Value[i] = float64(c); c < 0 {
				out[j].Value[i] = noAnswer
			}
		}
	}
	return out
}

// clustering is a search with its results.
type clustering struct {
	sample   *estimate.Sample
	options  ClusterOptions
	method   *ByDistance
	items    []Indicator
	observed []mixture.Item
	in       []cluster.Item
	weights  []float64
	find     finder
	found    []clusters
	// silhouettes and gaps are by number of clusters, best is the place of the
	// number that was chosen.
	silhouettes []cluster.Silhouette
	gaps        []cluster.Gap
	best        int
}

func (r *clustering) search() cluster.Options {
	return cluster.Options{Starts: r.options.Starts, Seed: r.options.Seed}
}

func (r *clustering) fit(ctx context.Context) (err error) {
	if r.found, err = r.find(ctx, r.in, r.weights, r.options.Clusters, r.search()); err != nil {
		return err
	}
	members := make([][]int32, len(r.found))
	for n, f := range r.found {
		members[n] = f.member
	}
	r.silhouettes, err = cluster.Silhouettes(ctx, r.method.distance(r.in, r.method.units(r.in, r.weights)), members, r.weights, silhouetteRows, r.options.Seed)
	if err != nil {
		return err
	}
	if !r.method.Hierarchy {
		if err := r.takeGaps(ctx); err != nil {
			return err
		}
	}
	if r.options.Gap && r.gaps != nil {
		r.best = cluster.ChooseByGap(r.gaps)
		return nil
	}
	for n, s := range r.silhouettes {
		if s.Mean > r.silhouettes[r.best].Mean || r.options.Clusters[r.best] == 1 {
			r.best = n
		}
	}
	return nil
}

func (r *clustering) takeGaps(ctx context.Context) (err error) {
	o := cluster.Options{Starts: resampleStarts, Seed: r.options.Seed, Units: r.method.units(r.in, r.weights)}
	within := func(items []cluster.Item, w []float64, k int) (float64, error) {
		found, err := r.find(ctx, items, w, []int{k}, o)
		if err != nil {
			return 0, err
		}
		return found[0].within, nil
	}
	r.gaps, err = cluster.Gaps(ctx, r.in, r.weights, r.options.Clusters, gapSets, r.options.Seed, within)
	if errors.Is(err, cluster.ErrTooFew) {
		r.gaps, err = nil, nil // a sample of few different rows has no gap
	}
	return err
}

// records describes the numbers of clusters, the chosen one first.
func (r *clustering) records(ctx context.Context) ([]Clustering, error) {
	chosen := r.record(r.best)
	chosen.Chosen = true
	f := r.found[r.best]
	chosen.Segments = describe(r.sample, r.items, r.observed, f.member, chosen.Clusters)
	for _, v := range r.silhouettes[r.best].Clusters {
		chosen.Silhouettes = append(chosen.Silhouettes, survey.FigureOf(v))
	}
	var err error
	chosen.Stability, err = stability(ctx, r.sample, r.options.Resamples, r.options.Seed, f.member, r.weights, chosen.Clusters, r.again)
	if err != nil {
		return nil, err
	}
	out := []Clustering{chosen}
	for n := range r.found {
		if n != r.best {
			out = append(out, r.record(n))
		}
	}
	return out, nil
}

// again finds the chosen number of clusters under other weights: the cluster of
// everybody who counts or, of a hierarchy, of those with a weight.
func (r *clustering) again(ctx context.Context, weights []float64) ([]int32, error) {
	found, err := r.find(ctx, r.in, weights, r.options.Clusters[r.best:r.best+1], cluster.Options{Starts: resampleStarts, Seed: r.options.Seed})
	if err != nil {
		return nil, err
	}
	if found[0].assign == nil {
		return found[0].member, nil
	}
	return found[0].assign(r.in), nil
}

func (r *clustering) record(n int) Clustering {
	f, s := r.found[n], r.silhouettes[n]
	c := Clustering{
		Clusters: r.options.Clusters[n], Within: survey.FigureOf(f.within), Explained: survey.FigureOf(1 - f.within/f.total),
		Silhouette: survey.FigureOf(s.Mean), SilhouetteSE: survey.FigureOf(s.Error), SilhouetteRows: s.Looked,
		Starts: f.starts, Reached: f.reached,
	}
	if r.gaps != nil {
		c.Gap, c.GapSE = survey.FigureOf(r.gaps[n].Value), survey.FigureOf(r.gaps[n].Error)
	}
	size, all := make([]float64, c.Clusters), 0.0
	for i, k := range f.member {
		if k >= 0 {
			size[k] += r.weights[i]
			all += r.weights[i]
			c.Rows++
		}
	}
	for _, w := range size {
		c.Shares = append(c.Shares, survey.FigureOf(w/all))
	}
	return c
}

func (r *clustering) solution(segments []Segment) *Solution {
	f := r.found[r.best]
	s := &Solution{Member: slices.Clone(f.member), Note: r.note()}
	for _, g := range segments {
		s.Names = append(s.Names, g.Name)
	}
	if f.fill != nil {
		s.Model = modelOf(r.options.Method, s.Names, r.items)
		f.fill(s.Model)
	}
	return s
}

// note says how the clusters were found.
func (r *clustering) note() string {
	f := r.found[r.best]
	reached := ""
	if f.starts > 0 {
		reached = fmt.Sprintf(", reached by %d of %d starts", f.reached, f.starts)
	}
	return fmt.Sprintf("%d segments found by %s, %d items, weighted; mean silhouette %.2f%s. Intervals take the segments as given.",
		r.options.Clusters[r.best], r.method.words(r.options), len(r.items), r.silhouettes[r.best].Mean, reached)
}
