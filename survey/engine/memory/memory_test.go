package memory_test

import (
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/memory"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *survey.Table) engine.Engine { return memory.New(t) })
}
