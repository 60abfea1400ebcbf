package segment

import (
	"context"
	"slices"
	"strings"

	"surveykit/stats/cluster"
	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// Method is a way to find segments. Commands and their help, the schema of
// studies, METHODS.md and the reader of model files are made from the list of them.
type Method struct {
	Name string
	// Short and Long are its help, Example calls of it.
	Short, Long, Example string
	// Formula is what it looks for, Source who described it.
	Formula, Source string
	// ByDistance are the parts of a method that finds clusters by distance, nil of others.
	ByDistance *ByDistance

	// find finds the segments that a study asks for; nil where the keys of Spec do not
	// hold what the method needs.
	find func(context.Context, *estimate.Sample, *Method, Spec) (*Solution, error)
	// fits says what is wrong with the method's part of a model file, "" where nothing
	// is. By that part assign finds everybody's segment and, where membership is uncertain,
	// the probabilities of all segments. Both are nil where the method has no model.
	fits   func(*Model) string
	assign func(*Model, []mixture.Item) (member []int32, membership [][]float64)
}

// ByDistance are the parts of a method that finds clusters by distance.
type ByDistance struct {
	// Hierarchy is true of a method that grows one tree by a linkage and cuts it:
	// it has neither random starts nor a gap statistic, and assigns nobody else.
	Hierarchy bool

	// words say in a note how clusters are found.
	words func(ClusterOptions) string
	find  func(ClusterOptions) finder
	// distance is the one that the method goes by, units bring items to a common scale.
	distance func(in []cluster.Item, units []float64) cluster.Distance
	units    func(in []cluster.Item, weights []float64) []float64
}

// Methods are all ways to find segments.
var Methods = []*Method{LatentClassMethod, KMeansMethod, KMedoidsMethod, HierarchicalMethod, CHAIDMethod}

// modelMethod is the method of a model file, nil where no model has it.
func modelMethod(name string) *Method {
	for _, m := range append(slices.Clip(Methods), knownMethod) {
		if m.Name == name && m.assign != nil {
			return m
		}
	}
	return nil
}

// StudyMethods are the names of the methods that a study may ask for.
func StudyMethods() (names []string) {
	for _, m := range Methods {
		if m.find != nil {
			names = append(names, m.Name)
		}
	}
	return names
}

// method is the method that the study asks for.
func (s Spec) method() (*Method, *survey.Problem) {
	for _, m := range Methods {
		if m.Name == s.Method && m.find != nil {
			return m, nil
		}
	}
	p := survey.UnknownName("method", s.Method, StudyMethods())
	p.Remedy = "use one of " + strings.Join(StudyMethods(), ", ")
	return nil, &p
}
