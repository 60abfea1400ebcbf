package main

import (
	"github.com/spf13/cobra"

	"surveykit/survey/analysis/segment"
)

func newKMeans() *cobra.Command {
	o := clusterOptions{ClusterOptions: segment.ClusterOptions{Method: segment.KMeansMethod}}
	c := &cobra.Command{
		Use:   "k-means DATA",
		Short: "Weighted k-means: segments around the mean of standardised items",
		Long: `Segments around means. Every item is brought to a variance of 1: numbers and ordered
answers over their standard deviation, the answers of a nominal item as columns of 0 and 1
that together have a variance of 1. Missing answers are left out of distances.`,
		Example: "  surveykit segment k-means wave.csv --weight w --psu psu --items trust:ordinal,age:scale,region --clusters 2-6 --model segments.json",
	}
	o.register(c)
	o.registerStarts(c)
	return c
}
