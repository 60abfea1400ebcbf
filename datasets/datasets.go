// Package datasets ships the studies that come with surveykit, each with its
// data card: the founding example, whose data the package simulate makes, and
// studies whose data the analyst brings: Pew's wave 49, and an experiment in
// sharing purchase data, weighted to the census.
package datasets

import (
	"embed"
	"io/fs"
)

// Files holds a folder for each dataset with its study.yaml and README.md.
//
//go:embed founding/study.yaml founding/README.md pew_w49/study.yaml pew_w49/README.md
//go:embed amazon_privacy/study.yaml amazon_privacy/README.md amazon_privacy/weighting.yaml
var Files embed.FS

// Dataset is one shipped study.
type Dataset struct {
	// Name is the folder's name in Files.
	Name string
	// Title for people.
	Title string
	// Synthetic is true where nobody was interviewed.
	Synthetic bool
	// Data are the files that the study reads, beside its study.yaml. They are
	// not shipped: Origin says where they come from.
	Data   []string
	Origin string
}

// List describes all shipped studies.
func List() []Dataset {
	return []Dataset{
		{Name: "founding", Title: "Personal data and privacy, 2008 and 2011", Synthetic: true,
			Data: []string{"wave2008.csv", "wave2011.csv"}, Origin: "made by surveykit simulate"},
		{Name: "pew_w49", Title: "Americans and privacy, 2019 (Pew American Trends Panel, wave 49)",
			Data: []string{"atp_w49.sav"}, Origin: "downloaded from Pew Research Center"},
		{Name: "amazon_privacy", Title: "Would you share your purchase history? (2022–2023)",
			Data: []string{"survey.csv"}, Origin: "published by Berke and others, 2024"},
	}
}

// FoundingStudy is the study file of the founding example.
func FoundingStudy() []byte { return List()[0].Study() }

// Study is the study file.
func (d Dataset) Study() []byte { return d.read("study.yaml") }

// Weighting is the weighting spec that the study names, nil where it names none.
func (d Dataset) Weighting() []byte { return d.read("weighting.yaml") }

// Card is the data card, in Markdown.
func (d Dataset) Card() []byte { return d.read("README.md") }

// read returns an embedded file. It is there: a test holds List to Files.
func (d Dataset) read(file string) []byte {
	text, _ := fs.ReadFile(Files, d.Name+"/"+file)
	return text
}
