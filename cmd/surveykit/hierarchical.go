package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"surveykit/stats/cluster"
	"surveykit/survey/analysis/segment"
)

func newHierarchical() *cobra.Command {
	o := clusterOptions{ClusterOptions: segment.ClusterOptions{Method: segment.HierarchicalMethod}}
	c := &cobra.Command{
		Use:   "hierarchical DATA",
		Short: "Hierarchical clusters on Gower's distance, up to 20,000 different rows",
		Long: `Joins the nearest people and groups again and again, by Gower's distance (see k-medoids).
Distances take 4 bytes a pair, 0.8 GB for 20,000 different rows, which is the most.
Others cannot be assigned to such clusters, so there is no model.`,
		Example: "  surveykit segment hierarchical wave.csv --weight w --items trust:ordinal,region --clusters 4 --linkage ward --assigned with_segments.csv",
	}
	o.register(c)
	c.Flags().StringVar((*string)(&o.Linkage), "linkage", string(cluster.Average), "`average`, complete or ward")
	c.PreRunE = func(*cobra.Command, []string) error {
		if !slices.Contains(cluster.Linkages, o.Linkage) {
			return usageError{fmt.Errorf("--linkage %q is not known; use average, complete or ward", o.Linkage)}
		}
		return nil
	}
	return c
}
