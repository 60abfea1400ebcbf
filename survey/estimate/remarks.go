package estimate

import "surveykit/survey"

// RemarkEstimates adds to the warnings of the design what a reader of records has
// to know: how many replicates have nobody in a figure and are left out of it.
func (s *Sample) RemarkEstimates(records []survey.Estimate) {
	most := 0
	for _, r := range records {
		most = max(most, r.LeftOut)
	}
	s.remarkLeftOut(most)
}

// RemarkComparisons is RemarkEstimates for comparisons, and counts those whose t is
// rough because a share rests on very few answers.
func (s *Sample) RemarkComparisons(records []DifferenceRecord) {
	most, near := 0, 0
	for _, r := range records {
		most = max(most, r.LeftOut)
		if r.PCounts != nil {
			near++
		}
	}
	s.remarkLeftOut(most)
	if near > 0 {
		s.frame.Warnings.Note(survey.NoticeNearEdge, nil, "comparisons with fewer than five effective yes or no answers on a side: %d (flag %s); t is rough there, and the p-value by counts, which letters in tables have, is given beside it", near, survey.FlagNearEdge)
	}
}

func (s *Sample) remarkLeftOut(most int) {
	if most > 0 {
		s.frame.Warnings.Note(survey.NoticeReplicates, nil, "%d replicates left out: of %d, they have nobody behind a figure (flag %s)", most, len(s.frame.Replicates.Names), survey.FlagLeftOut)
	}
}
