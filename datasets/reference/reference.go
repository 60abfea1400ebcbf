// Package reference ships synthetic samples and the answers that the reference
// program gives on them, so that anyone can hold surveykit against them.
package reference

import (
	"embed"
	"encoding/json"
	"strings"
)

//go:embed *.csv survey.json
var files embed.FS

// Source names the program and version that made the answers.
const Source = "R 4.2.2, survey 4.5, or the definition where R departs from it"

// File is a shipped data file by name.
func File(name string) ([]byte, error) { return files.ReadFile(name) }

// Case is one request with the answers that the reference gives.
type Case struct {
	ID       string          `json:"id"`
	Data     string          `json:"data"`
	Design   Design          `json:"design"`
	Request  Request         `json:"request"`
	Expected json.RawMessage `json:"expected"`
}

// Family is the part of the id that says which kind of case it is.
func (c Case) Family() string {
	return strings.SplitN(c.ID, "/", 2)[0] + " " + c.Request.Statistic
}

// Design is the sample design of a case.
type Design struct {
	Weight     string      `json:"weight"`
	Strata     string      `json:"strata"`
	PSU        Strings     `json:"psu"`
	FPC        Strings     `json:"fpc"`
	LonelyPSU  string      `json:"lonely_psu"`
	Replicates *Replicates `json:"replicates"`
}

// Replicates are the replicate weights of a case.
type Replicates struct {
	Prefix  string   `json:"prefix"`
	Type    string   `json:"type"`
	Scale   *float64 `json:"scale"`
	RScales Numbers  `json:"rscales"`
	Rho     *float64 `json:"rho"`
	MSE     bool     `json:"mse"`
}

// Request is what a case asks for.
type Request struct {
	Statistic   string             `json:"statistic"`
	Variables   Strings            `json:"variables"`
	By          Strings            `json:"by"`
	Where       string             `json:"where"`
	Level       float64            `json:"level"`
	Deff        bool               `json:"deff"`
	Denominator string             `json:"denominator"`
	CI          string             `json:"ci"`
	Quantiles   Numbers            `json:"quantiles"`
	Rule        string             `json:"rule"`
	Interval    string             `json:"interval"`
	Statistics  Strings            `json:"statistics"`
	Contrast    Contrast           `json:"contrast"`
	Formula     string             `json:"formula"`
	Family      string             `json:"family"`
	Codes       bool               `json:"codes"`
	Method      string             `json:"method"`
	Margins     []Margin           `json:"margins"`
	Cells       []map[string]any   `json:"cells"`
	Population  map[string]float64 `json:"population"`
	Distance    string             `json:"distance"`
	Bounds      []float64          `json:"bounds"`
	Lower       float64            `json:"lower"`
	Upper       float64            `json:"upper"`
	ThenMean    Strings            `json:"then_mean"`
}

// Contrast compares two levels of a variable.
type Contrast struct {
	Variable string  `json:"variable"`
	Levels   Strings `json:"levels"`
}

// Margin is one margin of a raking case.
type Margin struct {
	Variable string             `json:"variable"`
	Targets  map[string]float64 `json:"targets"`
}

// Strings is a list that the file may write as one text.
type Strings []string

// UnmarshalJSON reads one text or a list of them.
func (s *Strings) UnmarshalJSON(b []byte) error { return oneOrMany(b, (*[]string)(s)) }

// Numbers is a list that the file may write as one number.
type Numbers []float64

// UnmarshalJSON reads one number or a list of them.
func (n *Numbers) UnmarshalJSON(b []byte) error { return oneOrMany(b, (*[]float64)(n)) }

func oneOrMany[T any](b []byte, to *[]T) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, to)
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*to = []T{one}
	return nil
}

// Cases are all cases in order.
func Cases() ([]Case, error) {
	b, err := files.ReadFile("survey.json")
	if err != nil {
		return nil, err
	}
	var all struct {
		Cases []Case `json:"cases"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	return all.Cases, nil
}
