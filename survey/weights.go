package survey

// WeightingReport says what weighting did and what it cost.
type WeightingReport struct {
	// Steps say in words what was done, in order.
	Steps []string `json:"steps"`
	// Inputs are the files that say how: the spec, and the population files and
	// reference surveys that it names.
	Inputs []Source `json:"inputs"`
	// Modelled is true where the weights rest on a model of who takes part, and
	// precision with them.
	Modelled bool `json:"modelled"`
	// Assumption says what has to hold for the weights to take the bias out.
	Assumption string `json:"assumption"`

	Sum float64 `json:"sum"`
	// KishDeff is n Σw²/(Σw)² = 1 + CV², KishDeffSample the same with the variance
	// of divisor n − 1, as some panels publish it; NEffective is (Σw)²/Σw². All
	// over the rows with a weight.
	KishDeff       float64 `json:"kish_deff"`
	KishDeffSample Figure  `json:"kish_deff_n_minus_1"`
	NEffective     float64 `json:"n_effective"`
	// Iterations are those of all steps.
	Iterations int `json:"iterations"`
	// Misfit is the largest |after − target|/(1 + |target|) of all margins, 0
	// without margins.
	Misfit float64 `json:"misfit"`

	Distribution WeightDistribution `json:"distribution"`
	// Trim are the bounds of the last trim, in weights as they are after all
	// steps; nil without a trim, and where groups have bounds of their own.
	Trim *WeightBounds `json:"trim,omitempty"`
	// Margins compare each total with its target.
	Margins []WeightMargin `json:"margins"`
	// Thin are categories of few rows; Groups the cost by groups that were asked
	// for; Moved the answers that weighting moved most.
	Thin     []ThinCell    `json:"thin"`
	Groups   []WeightGroup `json:"groups"`
	Moved    []MovedItem   `json:"moved"`
	Warnings Notices       `json:"warnings"`
}

// WeightDistribution are figures of the weights other than 0; percentiles are
// interpolated.
type WeightDistribution struct {
	N      int    `json:"n"`
	Zero   int    `json:"zero"`
	Min    Figure `json:"min"`
	P1     Figure `json:"p1"`
	P5     Figure `json:"p5"`
	Median Figure `json:"median"`
	P95    Figure `json:"p95"`
	P99    Figure `json:"p99"`
	Max    Figure `json:"max"`
	CV     Figure `json:"cv"`
	// Bins count the weights over their mean: in steps of equal width, and of
	// equal ratio where the largest is ten times the smallest or more.
	Bins []WeightBin `json:"bins"`
}

// WeightBounds are the smallest and the largest weight that a trim leaves; one
// that was not asked for does not exist.
type WeightBounds struct {
	Lower Figure `json:"lower"`
	Upper Figure `json:"upper"`
}

// WeightBin counts the weights from From up to but not at To, both in multiples
// of the mean weight; the last bin has its end in it.
type WeightBin struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	N    int     `json:"n"`
}

// WeightMargin is one total before and after weighting. A column of a model has
// no category; the variables and the categories of a cell are joined by ×.
type WeightMargin struct {
	Variable string `json:"variable"`
	Category string `json:"category"`
	// Group is the part of the sample that was weighted on its own, "" for all of it.
	Group  string  `json:"group,omitempty"`
	Before float64 `json:"before"`
	Target float64 `json:"target"`
	After  float64 `json:"after"`
	// Kept marks a category without a target, which keeps its share.
	Kept bool `json:"kept,omitempty"`
}

// ThinCell is a category whose few rows carry much.
type ThinCell struct {
	Variable string `json:"variable"`
	Category string `json:"category"`
	Group    string `json:"group,omitempty"`
	Rows     int    `json:"rows"`
	// Factor is what its weights were multiplied by, over that of all rows.
	Factor float64 `json:"factor"`
	// Collapse names the category to collect it with, "" where there is none.
	Collapse string `json:"collapse"`
}

// WeightGroup is the cost of weighting in one category.
type WeightGroup struct {
	Variable   string  `json:"variable"`
	Category   string  `json:"category"`
	N          int     `json:"n"`
	Sum        float64 `json:"sum"`
	KishDeff   float64 `json:"kish_deff"`
	NEffective float64 `json:"n_effective"`
}

// MovedItem is a share (0–1) or, without a category, a mean before and after
// weighting; Size is the change in standard deviations of the answer.
type MovedItem struct {
	Variable string  `json:"variable"`
	Category string  `json:"category"`
	Before   float64 `json:"before"`
	After    float64 `json:"after"`
	Size     float64 `json:"size"`
}
