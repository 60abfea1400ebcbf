package grouped_test

import (
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/grouped"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *survey.Table) engine.Engine { return grouped.New(grouped.Local(t), nil) })
}
