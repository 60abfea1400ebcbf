package segment

import (
	"context"
	"fmt"

	"surveykit/stats/cluster"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// ClusterMethod is a way to find clusters by distance. Commands and their help,
// the schema of studies, notes and models are made from the list of them.
type ClusterMethod struct {
	Name Method
	// Short and Long are its help, Example a call.
	Short, Long, Example string
	// Hierarchy is true of a method that grows one tree by a linkage and cuts it:
	// it has neither random starts nor a gap statistic, and assigns nobody else.
	Hierarchy bool

	// words say in a note how clusters are found.
	words func(ClusterOptions) string
	find  func(ClusterOptions) finder
	// distance is the one that the method goes by, units bring items to a common scale.
	distance func(in []cluster.Item, units []float64) cluster.Distance
	units    func(in []cluster.Item, weights []float64) []float64
	// assign gives the cluster of everybody by the method's part of a model file,
	// nil where the model has none; fits says what is wrong with that part.
	assign func(*Model) func([]cluster.Item) []int32
	fits   func(*Model) string
}

// ClusterMethods are all ways to find clusters by distance.
var ClusterMethods = []*ClusterMethod{&kMeans, &kMedoids, &hierarchical}

// clusterMethod is the one of a name, nil where there is none.
func clusterMethod(name Method) *ClusterMethod {
	for _, m := range ClusterMethods {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// StudyMethods are the methods that a study may ask for.
func StudyMethods() []Method {
	out := []Method{LatentClassMethod}
	for _, m := range ClusterMethods {
		out = append(out, m.Name)
	}
	return out
}

// find finds the segments that a study asks for.
func find(ctx context.Context, s *estimate.Sample, spec Spec) (*Solution, error) {
	switch {
	case Method(spec.Method) == LatentClassMethod:
		return latentClasses(ctx, s, spec)
	case clusterMethod(Method(spec.Method)) != nil:
		return clustered(ctx, s, spec)
	}
	return nil, unknownMethod(Method(spec.Method), StudyMethods())
}

func unknownMethod(name Method, known []Method) error {
	var names []string
	for _, m := range known {
		names = append(names, string(m))
	}
	p := survey.UnknownName("method", string(name), names)
	p.Remedy = fmt.Sprintf("use one of %v", names)
	return survey.Problems{p}
}
