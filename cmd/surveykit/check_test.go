package main

import (
	"context"
	"encoding/json"
	"testing"

	"surveykit/datasets/reference"
)

// TestReferenceAnswers holds the whole command line against the recorded
// answers of the reference program: every case agrees.
func TestReferenceAnswers(t *testing.T) {
	families, err := reference.Check(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, f := range families {
		cases += f.Cases
		if f.Agree < f.Cases {
			t.Errorf("%s: %d of %d agree; %s", f.Name, f.Agree, f.Cases, f.Fault)
		}
	}
	if cases != 270 {
		t.Errorf("%d cases ran, want 270", cases)
	}
}

// call reads the JSON that this program prints.
func call(ctx context.Context, args []string, into any) error {
	out, err := asked(ctx, args)
	if err != nil {
		return err
	}
	return json.Unmarshal(out, into)
}

// caseRecords are the records that this program prints.
func caseRecords(ctx context.Context, args []string) ([]map[string]any, error) {
	var result struct {
		Results []map[string]any `json:"results"`
	}
	err := call(ctx, append(args, "--json"), &result)
	return result.Results, err
}
