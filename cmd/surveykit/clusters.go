package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/stats/cluster"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// clusterOptions are the flags of the commands that find clusters by distance.
type clusterOptions struct {
	segmentOptions
	segment.ClusterOptions
	method   *segment.ClusterMethod
	clusters string
	choose   string
}

// newClusters is the command of a method.
func newClusters(m *segment.ClusterMethod) *cobra.Command {
	o := &clusterOptions{method: m, ClusterOptions: segment.ClusterOptions{Method: m.Name}}
	c := &cobra.Command{
		Use: string(m.Name) + " DATA", Short: m.Short, Long: m.Long, Example: m.Example, Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.register(c, &o.Items, "items")
	f := c.Flags()
	f.StringVar(&o.clusters, "clusters", "2-6", "number of clusters `K`, or a range such as 2-6 of which one is chosen")
	f.IntVar(&o.Resamples, "resamples", 20, "resamples of PSUs that show how stable the clusters are; 0 for none")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of all that is drawn at random")
	if m.Hierarchy {
		f.StringVar((*string)(&o.Linkage), "linkage", string(cluster.Average), "`average`, complete or ward")
		return c
	}
	f.IntVar(&o.Starts, "starts", 20, "random starts for each number of clusters")
	f.StringVar(&o.choose, "choose", "silhouette", "choose the number of clusters by `silhouette` or gap")
	return c
}

func (o *clusterOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	s, err := o.sample(path, &o.Items)
	if err != nil {
		return err
	}
	records, solution, err := segment.Clusters(c.Context(), s, o.ClusterOptions)
	if err != nil {
		return err
	}
	if err := o.files.write(c, s.Table(), solution); err != nil {
		return err
	}
	return write(c, o.output, s, records, func(w io.Writer, r []segment.Clustering) { printClusterings(w, r, solution.Note) })
}

func (o *clusterOptions) check(c *cobra.Command) (err error) {
	if o.Clusters, err = parseRange("--clusters", "number of clusters", o.clusters, segment.MostSegments); err != nil {
		return err
	}
	o.Gap = o.choose == "gap"
	switch {
	case len(o.Items) == 0:
		return errNoItems
	case o.method.Hierarchy && !slices.Contains(cluster.Linkages, o.Linkage):
		return usageError{fmt.Errorf("--linkage %q is not known; use average, complete or ward", o.Linkage)}
	case o.method.Hierarchy && o.files.model != "":
		return usageError{errors.New("--model: a hierarchy cannot assign others; take k-medoids, which uses the same distances, or --assigned")}
	}
	if err := oneOf("--choose", o.choose, "", "silhouette", "gap"); err != nil {
		return err
	}
	if !o.method.Hierarchy {
		if err := checkStarts(o.Starts); err != nil {
			return err
		}
	}
	return checkSegments(c, &o.design, o.Resamples)
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
		t.row(fmt.Sprint(r.Clusters), figure.Number(float64(r.Within), 4), show(survey.RowShare, r.Explained),
			figure.Number(float64(r.Silhouette), 3), figure.Number(float64(r.SilhouetteSE), 3),
			figure.Number(float64(r.Gap), 3), figure.Number(float64(r.GapSE), 3), starts, chosen)
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
		figure.Number(float64(s.AdjustedRand), 2), figure.Number(float64(s.Low), 2), figure.Number(float64(s.High), 2))
	if s.Failed > 0 {
		fmt.Fprintf(w, "%d more resamples had too few different answers.\n", s.Failed)
	}
	t := newTable(w, "SEGMENT", "NAME", "IN COMMON (JACCARD)")
	for k, j := range s.Jaccard {
		t.row(fmt.Sprint(k+1), names[k], figure.Number(float64(j), 2))
	}
	t.flush()
}
