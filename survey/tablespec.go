package survey

// TableSpec asks for one table.
type TableSpec struct {
	// ID names the table in files and links: letters, digits, - and _.
	ID string `yaml:"id" json:"id" jsonschema:"pattern=^[A-Za-z0-9_-]+$"`
	// Title of the table; the row variable's label stands in.
	Title string `yaml:"title,omitempty" json:"title,omitempty"`
	// Question is the wording asked.
	Question string `yaml:"question,omitempty" json:"question,omitempty"`
	// Rows of the table.
	Rows []RowSpec `yaml:"rows" json:"rows" jsonschema:"minItems=1"`
	// Columns are the banner variables.
	Columns []string `yaml:"columns,omitempty" json:"columns,omitempty"`
	// Total is false where no column of everybody shall stand first.
	Total *bool `yaml:"total,omitempty" json:"total,omitempty"`
	// Changes are columns that compare two categories of a variable, within everybody and within each other banner column.
	Changes []ChangeSpec `yaml:"changes,omitempty" json:"changes,omitempty"`
	// Filter keeps rows of respondents for which it holds; a domain, so the design stays whole.
	Filter string `yaml:"filter,omitempty" json:"filter,omitempty"`
	// Base says in words who was asked.
	Base string `yaml:"base,omitempty" json:"base,omitempty"`
	// Notes are printed under the table.
	Notes []string `yaml:"notes,omitempty" json:"notes,omitempty"`
	// Chart asks for a drawing of the table.
	Chart *ChartSpec `yaml:"chart,omitempty" json:"chart,omitempty"`
}

// RowSpec asks for rows of one kind. A plain name is short for {variable: name}.
type RowSpec struct {
	// Variable gives a row for each category, or for each item of a multiple-response set.
	Variable string `yaml:"variable,omitempty" json:"variable,omitempty"`
	// Nets are added below the categories of the variable.
	Nets NetList `yaml:"nets,omitempty" json:"nets,omitempty"`
	// Categories keeps only these labels or codes of the variable.
	Categories []Value `yaml:"categories,omitempty" json:"categories,omitempty"`
	// Group gives a row for each item of a group: the share of items' answers among values.
	Group string `yaml:"group,omitempty" json:"group,omitempty"`
	// Values that a row of a group counts.
	Values []Value `yaml:"values,omitempty" json:"values,omitempty"`
	// Share is an expression: the proportion of rows for which it holds among those where its variables are answered.
	Share string `yaml:"share,omitempty" json:"share,omitempty"`
	// Mean gives the mean of a variable.
	Mean string `yaml:"mean,omitempty" json:"mean,omitempty"`
	// Total gives the population total of a variable.
	Total string `yaml:"total,omitempty" json:"total,omitempty"`
	// Ratio compares the shares of two expressions.
	Ratio *RatioSpec `yaml:"ratio,omitempty" json:"ratio,omitempty"`
	// By splits a share, mean, total or ratio into a row for each category of a variable.
	By string `yaml:"by,omitempty" json:"by,omitempty"`
	// Label of the row (or of the block of rows).
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
}

// RatioSpec is a relative likelihood: the share of one expression over the share of another.
type RatioSpec struct {
	// Share is the expression above the line.
	Share string `yaml:"share" json:"share"`
	// Over is the expression below the line.
	Over string `yaml:"over" json:"over"`
}

// ChangeSpec compares two categories of a variable, to minus from.
type ChangeSpec struct {
	// Variable whose categories are compared.
	Variable string `yaml:"variable" json:"variable"`
	// From is the label or code that is taken away.
	From Value `yaml:"from" json:"from"`
	// To is the label or code that it is taken from.
	To Value `yaml:"to" json:"to"`
	// Label of the column.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
}

// ChartSpec asks for a drawing of a table.
type ChartSpec struct {
	// Kind of drawing; the table's shape decides where it is absent: a whole scale is stacked, waves are lines, all else dots.
	Kind ChartKind `yaml:"kind,omitempty" json:"kind,omitempty" jsonschema:"enum=dots,enum=bars,enum=stacked,enum=diverging,enum=slope,enum=line,enum=heat,enum=multiples,enum=reach,enum=quadrant"`
	// Title states the finding. {row|column} stands for that cell's figure, so that no figure is ever typed.
	Title string `yaml:"title,omitempty" json:"title,omitempty"`
	// Subtitle gives unit and base; they stand in where it is absent.
	Subtitle string `yaml:"subtitle,omitempty" json:"subtitle,omitempty"`
	// Rows and Columns to draw, by label; all where absent.
	Rows    []string `yaml:"rows,omitempty" json:"rows,omitempty"`
	Columns []string `yaml:"columns,omitempty" json:"columns,omitempty"`
	// SeriesByRow draws one series for each row.
	SeriesByRow bool `yaml:"series_by_row,omitempty" json:"series_by_row,omitempty"`
}
