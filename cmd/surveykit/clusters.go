package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/stats/cluster"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

// clusterOptions are the flags of the commands that find clusters by distance.
type clusterOptions struct {
	segmentOptions
	segment.ClusterOptions
	choose string
}

// newClusters is the command of a method.
func newClusters(m *segment.Method) *cobra.Command {
	o := &clusterOptions{choose: "silhouette", ClusterOptions: segment.ClusterOptions{Method: m, Resamples: 20, Starts: 20, Linkage: cluster.Average}}
	c := o.command(m, &o.Items, "items")
	f := c.Flags()
	span(f, &o.Clusters, "clusters", "2-6", segment.MostSegments, "number of clusters `K`, or a range such as 2-6, from which one is chosen")
	whole(f, &o.Resamples, "resamples", 0, mostResamples, "resamples of PSUs that show how stable the clusters are; 0 for none")
	f.Uint64Var(&o.Seed, "seed", 1, "seed `N` of all that is drawn at random")
	if m.ByDistance.Hierarchy {
		choice(c, &o.Linkage, "linkage", cluster.Linkages, "how far two clusters are from each other")
	} else {
		whole(f, &o.Starts, "starts", 1, mostStarts, "random starts for each number of clusters")
		choice(c, &o.choose, "choose", []string{"silhouette", "gap"}, "what chooses the number of clusters")
	}
	var note string
	answer(c, &o.sampleOptions, o.check, func(ctx context.Context, s *estimate.Sample, in *reports.Data) ([]segment.Clustering, error) {
		o.Items = in.Items(o.Items)
		records, solution, err := segment.Clusters(ctx, s, o.ClusterOptions)
		if err != nil {
			return nil, err
		}
		note = solution.Note
		return records, o.files.write(c, s.Table(), solution)
	}, func(w io.Writer, r []segment.Clustering) { printClusterings(w, r, note) })
	return c
}

func (o *clusterOptions) check() error {
	o.Gap = o.choose == "gap"
	if o.Method.ByDistance.Hierarchy && o.files.model != "" {
		return usageError{errors.New("--model: a hierarchy cannot assign others; use k-medoids, which has the same distances, or --assigned")}
	}
	return checkItems(o.Items)
}

func printClusterings(w io.Writer, records []segment.Clustering, note string) {
	sorted := slices.Clone(records)
	slices.SortStableFunc(sorted, func(a, b segment.Clustering) int { return cmp.Compare(a.Clusters, b.Clusters) })
	t := newTable(w, "CLUSTERS", "WITHIN", "EXPLAINED", "SILHOUETTE", "SE", "GAP", "SE", "STARTS AT BEST", "")
	for _, r := range sorted {
		chosen, starts := "", "–"
		if r.Chosen {
			chosen = "chosen"
		}
		if r.Starts > 0 {
			starts = fmt.Sprintf("%d of %d", r.Reached, r.Starts)
		}
		t.row(fmt.Sprint(r.Clusters), figure.Number(r.Within.Float(), 4), show(survey.RowShare, r.Explained),
			figure.Number(r.Silhouette.Float(), 3), figure.Number(r.SilhouetteSE.Float(), 3),
			figure.Number(r.Gap.Float(), 3), figure.Number(r.GapSE.Float(), 3), starts, chosen)
	}
	t.flush()
	printSegments(w, records[0].Segments)
	var names []string
	for _, g := range records[0].Segments {
		names = append(names, g.Name)
	}
	printStability(w, records[0].Stability, names)
	fmt.Fprintf(w, "\n%s\n", note)
}

// printStability shows how far segments are found again.
func printStability(w io.Writer, s *segment.Stability, names []string) {
	if s == nil {
		return
	}
	fmt.Fprintf(w, "\nFound again in %d resamples of %s: adjusted Rand index %s, nine tenths of them %s to %s.\n", s.Resamples, s.Of,
		figure.Number(s.AdjustedRand.Float(), 2), figure.Number(s.Low.Float(), 2), figure.Number(s.High.Float(), 2))
	if s.Failed > 0 {
		fmt.Fprintf(w, "%d more resamples had too few different answers.\n", s.Failed)
	}
	t := newTable(w, "SEGMENT", "NAME", "IN COMMON (JACCARD)")
	for k, j := range s.Jaccard {
		t.row(fmt.Sprint(k+1), names[k], figure.Number(j.Float(), 2))
	}
	t.flush()
}
