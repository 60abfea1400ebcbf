package ingest

import (
	"surveykit/survey"
	"surveykit/survey/ingest/multiple"
)

// split finds the multiple questions of formats that know no sets: columns
// whose cells hold several codes, unless the codebook says that they hold text.
func (o Options) split(t *survey.Table, err error) (*survey.Table, error) {
	if err != nil {
		return nil, err
	}
	return multiple.Split(t, o.isText()), nil
}
