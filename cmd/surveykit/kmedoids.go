package main

import (
	"github.com/spf13/cobra"

	"surveykit/survey/analysis/segment"
)

func newKMedoids() *cobra.Command {
	o := clusterOptions{ClusterOptions: segment.ClusterOptions{Method: segment.KMedoidsMethod}}
	c := &cobra.Command{
		Use:   "k-medoids DATA",
		Short: "Weighted k-medoids: segments around real people, by Gower's distance",
		Long: `Segments around the person in their middle, by Gower's distance: the mean over the items that
two people both answered of the difference over the range, or of 0 for equal and 1 for
different answers of a nominal item.`,
		Example: "  surveykit segment k-medoids wave.csv --weight w --psu psu --items trust:ordinal,region --clusters 2-6 --assigned with_segments.csv",
	}
	o.register(c)
	o.registerStarts(c)
	return c
}
