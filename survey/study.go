package survey

// Study is a study file: the data, the design, what the variables mean and
// which tables and charts to make. The yaml names are the contract with
// analysts; the comments become the descriptions of the JSON Schema.
type Study struct {
	// Version of the study format.
	Version string `yaml:"surveykit" json:"surveykit" jsonschema:"enum=study/1"`
	// Title of the report.
	Title string `yaml:"title" json:"title"`
	// Subtitle of the report.
	Subtitle string `yaml:"subtitle,omitempty" json:"subtitle,omitempty"`
	// Synthetic is true for simulated data; every output then says so.
	Synthetic bool `yaml:"synthetic,omitempty" json:"synthetic,omitempty"`
	// Data are the files, one for each wave, stacked in this order.
	Data []DataFile `yaml:"data" json:"data" jsonschema:"minItems=1"`
	// Privacy says what of the data files is left out as they are read.
	Privacy PrivacySpec `yaml:"privacy,omitempty" json:"privacy,omitempty"`
	// Design says how the sample was drawn and weighted.
	Design Design `yaml:"design,omitempty" json:"design,omitempty"`
	// Weighting makes the weights before anything is estimated; every interval then knows of it.
	Weighting *Weighting `yaml:"weighting,omitempty" json:"weighting,omitempty"`
	// Weights are further weights for tables of their own, such as a household's beside a person's.
	Weights []FurtherWeight `yaml:"weights,omitempty" json:"weights,omitempty"`
	// Variables overrides labels, codes and missing values of the data files.
	Variables map[string]VariableSpec `yaml:"variables,omitempty" json:"variables,omitempty"`
	// Missing are answers that carry no answer in any variable of the data, by their labels: {Refused: refused, Don't know: don't know}. A variable that lists its own missing values goes by those.
	Missing MissingList `yaml:"missing,omitempty" json:"missing,omitempty"`
	// Recodes make new variables, in this order.
	Recodes []Recode `yaml:"recodes,omitempty" json:"recodes,omitempty"`
	// Models make variables of the respondents, in this order, once the weights are known, each under the key of its analysis.
	Models []Model `yaml:"-" json:"-"`
	// Sets are multiple-response questions.
	Sets []SetSpec `yaml:"sets,omitempty" json:"sets,omitempty"`
	// Groups are named lists of items (such as the categories of personal data).
	Groups []ItemGroup `yaml:"groups,omitempty" json:"groups,omitempty"`
	// Tables of the report, in this order.
	Tables []TableSpec `yaml:"tables" json:"tables" jsonschema:"minItems=1"`
	// Tests says which columns are compared and how; a table may say otherwise.
	Tests TestSpec `yaml:"tests,omitempty" json:"tests,omitempty"`
	// Memory is the most that the columns of a file may take, such as 2 GB. Where they take more, the file is read a block of rows at a time and analyses of rows are refused. A quarter of the machine's memory where none is given; studies of several files and of segments hold all rows.
	Memory Size `yaml:"memory,omitempty" json:"memory,omitempty" jsonschema:"pattern=^[0-9]+([.][0-9]+)? ?[KMGT]i?B$"`
	// Quality sets the minimum bases.
	Quality QualitySpec `yaml:"quality,omitempty" json:"quality,omitempty"`
	// Rounding says with how many decimals figures are shown; results for programs carry full precision.
	Rounding Rounding `yaml:"rounding,omitempty" json:"rounding,omitempty"`
	// Disclosure are the facts that readers need to judge the survey.
	Disclosure Disclosure `yaml:"disclosure,omitempty" json:"disclosure,omitempty"`
	// Output says what is written.
	Output OutputSpec `yaml:"output,omitempty" json:"output,omitempty"`
}

// NeedsRows reports whether the study can only be made of all rows at once: of those of
// several files, which are stacked, and for models that it makes.
func (s *Study) NeedsRows() bool { return len(s.Data) > 1 || len(s.Models) > 0 }

// DataFile is one file of respondents, or one table of a database.
type DataFile struct {
	// File is the path, relative to the study file; a pattern such as waves/*.csv means all files that it fits, in the order of their names.
	File string `yaml:"file,omitempty" json:"file,omitempty" jsonschema:"minLength=1"`
	// SQL is a database in place of a file: sqlite:FILE, with the path relative to the study file, or the address of a server. Variables of the environment named ${SURVEYKIT_...} in an address are replaced, so that no password stands here.
	SQL string `yaml:"sql,omitempty" json:"sql,omitempty" jsonschema:"minLength=1"`
	// Shards are databases that have more rows of the same table and do not know each other, named as under sql. The groups of all are added up.
	Shards []string `yaml:"shards,omitempty" json:"shards,omitempty" jsonschema:"minItems=1"`
	// Table of the database, or a view.
	Table string `yaml:"table,omitempty" json:"table,omitempty" jsonschema:"minLength=1"`
	// Query is a SELECT in place of a table.
	Query string `yaml:"query,omitempty" json:"query,omitempty" jsonschema:"minLength=1"`
	// Rows says that rows may leave the database, for what cannot be computed of groups of rows.
	Rows RowsOf `yaml:"rows,omitempty" json:"rows,omitempty" jsonschema:"enum=allow"`
	// Wave is the value that the wave variable gets in these rows; "*" is what the star of the file's pattern is in its name.
	Wave string `yaml:"wave,omitempty" json:"wave,omitempty"`
	// Codebook is a file of names, labels, codes, code labels and missing values (CSV or XLSX), relative to the study file; what it says replaces what the data file says.
	Codebook string `yaml:"codebook,omitempty" json:"codebook,omitempty"`
	// Sheet of a workbook, by its name or its place from 1; the one with the table where none is given.
	Sheet string `yaml:"sheet,omitempty" json:"sheet,omitempty"`
	// Catalog is a SAS catalog of value labels, relative to the study file; the one of the data's name where none is given.
	Catalog string `yaml:"catalog,omitempty" json:"catalog,omitempty"`
	// Options of delimited text files.
	Options *DelimitedOptions `yaml:"options,omitempty" json:"options,omitempty"`
	// Columns mention the columns that are read: names of variables or of sets,
	// expressions of them, patterns such as w_*. Figures of other columns are refused.
	// Nil reads all. A study names its columns wherever it uses them.
	Columns []string `yaml:"-" json:"-"`
	// Weights are names and patterns of columns that are weights only, so that values of
	// them are not listed where the rows are in a database.
	Weights []string `yaml:"-" json:"-"`
	// Memory is the most that the rows may take where they are held: see Study.Memory.
	Memory Size `yaml:"-" json:"-"`
}

// RowsOf says whether the rows of a database may be read.
type RowsOf string

// RowsAllowed lets rows be read. Default: only sums over groups of rows.
const RowsAllowed RowsOf = "allow"

// ReadRows is the remedy where something needs rows that stay where they are.
const ReadRows = "read the data into memory (--allow-rows, or rows: allow in a study; a larger --memory for a file)"

// DelimitedOptions override what is sniffed from a delimited text file.
type DelimitedOptions struct {
	// Delimiter between fields: one character, or tab.
	Delimiter string `yaml:"delimiter,omitempty" json:"delimiter,omitempty"`
	// Quote around fields: one character, or none.
	Quote string `yaml:"quote,omitempty" json:"quote,omitempty"`
	// Escape is the character before a quote that is part of a cell, such as \\, or none; quotes that are doubled need none.
	Escape string `yaml:"escape,omitempty" json:"escape,omitempty"`
	// Skip is the number of lines at the top that are left out.
	Skip int `yaml:"skip,omitempty" json:"skip,omitempty" jsonschema:"minimum=1"`
	// HeaderRow is the line, from 1, with the names of the columns; those above it are left out.
	HeaderRow int `yaml:"header_row,omitempty" json:"header_row,omitempty" jsonschema:"minimum=1"`
	// HeaderRows is the number of rows with names and labels: 1 where the row after the names is a respondent, 2 where it has the labels.
	HeaderRows int `yaml:"header_rows,omitempty" json:"header_rows,omitempty" jsonschema:"minimum=1"`
	// Encoding of the text, of SPSS, Stata and SAS files, too: utf-8, utf-16, windows-1252 or any WHATWG name.
	Encoding string `yaml:"encoding,omitempty" json:"encoding,omitempty"`
	// DecimalComma is true where 1,5 means one and a half.
	DecimalComma *bool `yaml:"decimal_comma,omitempty" json:"decimal_comma,omitempty"`
	// DateOrder is the order of day, month and year in dates such as 3/4/2021 or 3/4/21, where no day is over 12.
	DateOrder string `yaml:"date_order,omitempty" json:"date_order,omitempty" jsonschema:"enum=dmy,enum=mdy,enum=ymd"`
	// Missing are the cells that mean "no value", besides the empty one; where they are not given, NA, N/A, NULL, - and the like are.
	Missing []string `yaml:"missing,omitempty" json:"missing,omitempty"`
}

// PrivacySpec says what of the data files is left out as they are read, before
// anything is counted: nothing of it reaches an output.
type PrivacySpec struct {
	// Drop are columns, by name or by a pattern such as ip_*, or multiple-response sets.
	Drop []string `yaml:"drop,omitempty" json:"drop,omitempty"`
	// Consent is a condition such as consent == 1. Rows of which it does not hold, or is missing, leave the sample. It sees the files' own codes and labels, and may read a column that is dropped.
	Consent string `yaml:"consent,omitempty" json:"consent,omitempty"`
}

// VariableSpec overrides a variable's dictionary.
type VariableSpec struct {
	// Label of the variable, usually the question's wording.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Measure is the level of measurement.
	Measure Measure `yaml:"measure,omitempty" json:"measure,omitempty" jsonschema:"enum=nominal,enum=ordinal,enum=scale"`
	// Polarity of an ordinal scale: one-sided (never … always), rising from a negative to a positive answer, or falling.
	Polarity Polarity `yaml:"polarity,omitempty" json:"polarity,omitempty" jsonschema:"enum=one-sided,enum=rising,enum=falling"`
	// Codes labels values, in questionnaire order.
	Codes CodeList `yaml:"codes,omitempty" json:"codes,omitempty"`
	// Values are what answers count as in means, boxes and indices, by label or code: {Never: 0, Sometimes: 2.5}. Those without one count as their codes.
	Values ScoreList `yaml:"values,omitempty" json:"values,omitempty"`
	// Empty says who has no value: people who were not asked (the default), or who were asked and gave no answer, as where an export leaves unanswered questions empty.
	Empty EmptyCells `yaml:"empty,omitempty" json:"empty,omitempty" jsonschema:"enum=not asked,enum=asked"`
	// Missing maps values that carry no answer to their reason.
	Missing MissingList `yaml:"missing,omitempty" json:"missing,omitempty"`
}

// EmptyCells says what rows without a value of a variable are.
type EmptyCells string

// The kinds of row without a value.
const (
	EmptyNotAsked EmptyCells = "not asked"
	EmptyAsked    EmptyCells = "asked"
)

// ScoreList gives answers, by label or code, the numbers that they count as, in
// the order of the file.
type ScoreList []Score

// Score is the number that an answer counts as.
type Score struct {
	Answer Value
	Number float64
}

// CodeList labels values in the order of the file: {1: Yes, 2: No}.
type CodeList []Code

// MissingList declares missing values: [98, 99], or {98: don't know, 99: refused}.
type MissingList []Missing

// Recode makes one new variable. Exactly one way of making it is given.
type Recode struct {
	// Name of the new variable.
	Name string `yaml:"name" json:"name" jsonschema:"minLength=1"`
	// Label of the new variable.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// From is the variable that brackets, map and reverse read.
	From string `yaml:"from,omitempty" json:"from,omitempty"`
	// Brackets cut a number into closed ranges of whole numbers: ["18-24", "25-34", "65+"].
	Brackets []string `yaml:"brackets,omitempty" json:"brackets,omitempty"`
	// Map collects codes into new categories, in this order: {Concerned: [4, 5], Not concerned: [1, 2, 3]}.
	Map NetList `yaml:"map,omitempty" json:"map,omitempty"`
	// Reverse turns a scale around: the lowest code becomes the highest.
	Reverse bool `yaml:"reverse,omitempty" json:"reverse,omitempty"`
	// Count counts the items whose value is among values; missing where no item was answered.
	Count *CountSpec `yaml:"count,omitempty" json:"count,omitempty"`
	// Mean averages the answered items; missing where no item was answered.
	Mean []string `yaml:"mean,omitempty" json:"mean,omitempty"`
	// Expression is 1 where it holds, 0 where it does not, missing where its variables are.
	Expression string `yaml:"expression,omitempty" json:"expression,omitempty"`
	// Rules are segments by conditions, numbered 1, 2 … in this order: the first that holds counts.
	Rules []Rule `yaml:"rules,omitempty" json:"rules,omitempty"`
	// Analysis makes the variable, under the key of the analysis.
	Analysis Analysis `yaml:"-" json:"-"`
	// Codes labels the values of the new variable.
	Codes CodeList `yaml:"codes,omitempty" json:"codes,omitempty"`
	// Values are what the new variable's categories count as in means, boxes and indices, by label or code. Without them a label that is a number, such as the 20 of {10: [1], 20: [2]}, is its category's value, and all others count as their codes.
	Values ScoreList `yaml:"values,omitempty" json:"values,omitempty"`
}

// Rule is one segment of a recode by rules.
type Rule struct {
	// Label of the segment.
	Label string `yaml:"label" json:"label" jsonschema:"minLength=1"`
	// Where is the condition of the segment. The first rule that holds counts; where one cannot be judged because its variables are missing, the person is not classed. The last rule may do without: everybody else.
	Where string `yaml:"where,omitempty" json:"where,omitempty"`
}

// CountSpec counts answers over items.
type CountSpec struct {
	// Items are variables, or the name of a group.
	Items []string `yaml:"items" json:"items"`
	// Values that count.
	Values []Value `yaml:"values" json:"values"`
}

// NetList collects codes under names, in order.
type NetList []Net

// Net is one named collection of codes.
type Net struct {
	Label  string
	Values []Value
}

// SetSpec is a multiple-response question.
type SetSpec struct {
	// Name of the set, with or without a leading $.
	Name string `yaml:"name" json:"name" jsonschema:"minLength=1"`
	// Label is the question's wording.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Variables of the set, in order.
	Variables []string `yaml:"variables" json:"variables" jsonschema:"minItems=1"`
	// Counted is the value that means "chosen"; without it the variables hold chosen codes.
	Counted *Value `yaml:"counted,omitempty" json:"counted,omitempty"`
}

// ItemGroup is a named list of items.
type ItemGroup struct {
	// Name that rows and counts use.
	Name string `yaml:"name" json:"name" jsonschema:"minLength=1"`
	// Label for people.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Items are variables, in order.
	Items []string `yaml:"items" json:"items" jsonschema:"minItems=1"`
}

// QualitySpec sets the unweighted bases under which figures are held back.
type QualitySpec struct {
	// MinimumBase: no figure is shown under it (default 30).
	MinimumBase *int `yaml:"minimum_base,omitempty" json:"minimum_base,omitempty" jsonschema:"minimum=0,maximum=1000000000"`
	// TestBase: no letters under it (default 50).
	TestBase *int `yaml:"test_base,omitempty" json:"test_base,omitempty" jsonschema:"minimum=0,maximum=1000000000"`
	// CautionBase: figures are marked under it (default 100).
	CautionBase *int `yaml:"caution_base,omitempty" json:"caution_base,omitempty" jsonschema:"minimum=0,maximum=1000000000"`
	// Standard is house (the bases above, the default) or nchs: the presentation standards of the US National Center for Health Statistics in place of the minimum base.
	Standard string `yaml:"standard,omitempty" json:"standard,omitempty" jsonschema:"enum=house,enum=nchs"`
	// Confidential is the unweighted count under which a cell could give somebody away: such cells are hidden, and others with them so that they cannot be worked out. 0 hides nothing.
	Confidential int `yaml:"confidential,omitempty" json:"confidential,omitempty" jsonschema:"minimum=0,maximum=1000000000"`
}

// Rounding counts the decimals with which people see figures.
type Rounding struct {
	// Percent are the decimals of percentages (default 0).
	Percent *int `yaml:"percent,omitempty" json:"percent,omitempty" jsonschema:"minimum=0,maximum=4"`
	// Mean are the decimals of means, medians, standard deviations, correlations and ratios (default 2).
	Mean *int `yaml:"mean,omitempty" json:"mean,omitempty" jsonschema:"minimum=0,maximum=6"`
}

// Decimals are those of a kind of row's figures.
func (r Rounding) Decimals(kind RowKind) int {
	percent, mean := 0, 2
	if r.Percent != nil {
		percent = *r.Percent
	}
	if r.Mean != nil {
		mean = *r.Mean
	}
	switch kind {
	case RowMean, RowRatio:
		return mean
	case RowShare, RowNet, RowGap:
		return percent
	}
	return 0
}

// Disclosure are the facts that readers need to judge a survey.
type Disclosure struct {
	// Sponsor paid for the survey.
	Sponsor string `yaml:"sponsor,omitempty" json:"sponsor,omitempty"`
	// Conductor did the fieldwork.
	Conductor string `yaml:"conductor,omitempty" json:"conductor,omitempty"`
	// Mode of interview: web, telephone, face to face, mail.
	Mode string `yaml:"mode,omitempty" json:"mode,omitempty"`
	// Dates of the fieldwork.
	Dates string `yaml:"dates,omitempty" json:"dates,omitempty"`
	// Universe is the population that the survey speaks for.
	Universe string `yaml:"universe,omitempty" json:"universe,omitempty"`
	// Coverage names the countries or regions that were covered.
	Coverage string `yaml:"coverage,omitempty" json:"coverage,omitempty"`
	// SampleSource says where the respondents came from.
	SampleSource string `yaml:"sample_source,omitempty" json:"sample_source,omitempty"`
	// Incentives says what people got for taking part.
	Incentives string `yaml:"incentives,omitempty" json:"incentives,omitempty"`
	// Weighting says how the weights were made and to which totals.
	Weighting string `yaml:"weighting,omitempty" json:"weighting,omitempty"`
	// ResponseRate with the definition that it follows.
	ResponseRate string `yaml:"response_rate,omitempty" json:"response_rate,omitempty"`
	// Languages of the interviews.
	Languages string `yaml:"languages,omitempty" json:"languages,omitempty"`
	// Contact for questions.
	Contact string `yaml:"contact,omitempty" json:"contact,omitempty"`
	// KnownLimits of the data in the words of their makers.
	KnownLimits string `yaml:"known_limits,omitempty" json:"known_limits,omitempty"`
	// Questionnaire says where to find the full wording.
	Questionnaire string `yaml:"questionnaire,omitempty" json:"questionnaire,omitempty"`
	// Processing says how answers were checked, edited and imputed.
	Processing string `yaml:"processing,omitempty" json:"processing,omitempty"`
	// Published says where to find the full results.
	Published string `yaml:"published,omitempty" json:"published,omitempty"`
}

// OutputSpec says what a run writes.
type OutputSpec struct {
	// Folder for the results, relative to the study file.
	Folder string `yaml:"folder,omitempty" json:"folder,omitempty"`
	// Theme is how charts, workbook, page and slides look; the house's look where it is absent.
	Theme Theme `yaml:"theme,omitempty" json:"theme,omitempty"`
	// Workbook is laid out for reading as a tab book (default), to the rules for accessible spreadsheets, or there is one of each.
	Workbook WorkbookProfile `yaml:"workbook,omitempty" json:"workbook,omitempty" jsonschema:"enum=tabbook,enum=accessible,enum=both"`
}

// WorkbookProfile is a way to lay out a workbook.
type WorkbookProfile string

// The layouts of a workbook; the zero value is the tab book.
const (
	WorkbookTabbook    WorkbookProfile = "tabbook"
	WorkbookAccessible WorkbookProfile = "accessible"
	WorkbookBoth       WorkbookProfile = "both"
)

// BaseLimits are the unweighted bases under which figures are held back: under
// Minimum none is shown, under Test none is compared, under Caution it is marked.
type BaseLimits struct{ Minimum, Test, Caution int }

// Limits fills the defaults into what a study says: 30, 50 and 100.
func (q QualitySpec) Limits() BaseLimits {
	r := BaseLimits{Minimum: 30, Test: 50, Caution: 100}
	for _, set := range []struct {
		to    *int
		given *int
	}{{&r.Minimum, q.MinimumBase}, {&r.Test, q.TestBase}, {&r.Caution, q.CautionBase}} {
		if set.given != nil {
			*set.to = *set.given
		}
	}
	return r
}

// Theme is how charts, workbook, page and slides look. Whatever it leaves out is the house's.
type Theme struct {
	// Colours of the series, up to four, the main one first: #RRGGBB, each with a contrast of 3:1 or more against white. Headings take the main one, in a shade that can be read.
	Colours []string `yaml:"colours,omitempty" json:"colours,omitempty"`
	// Positive is the colour of the positive end of a two-sided scale; the main colour where it is absent.
	Positive string `yaml:"positive,omitempty" json:"positive,omitempty"`
	// Negative is the colour of the negative end of a two-sided scale.
	Negative string `yaml:"negative,omitempty" json:"negative,omitempty"`
	// Font is the name of the typeface; readers without it see their own, PNG and PDF charts are in Liberation Sans.
	Font string `yaml:"font,omitempty" json:"font,omitempty" jsonschema:"pattern=^[A-Za-z0-9][A-Za-z0-9 -]*$"`
	// Logo is a PNG or SVG file in the study's folder or below, for charts, cover, page and title slide; one in SVG is on the page and in SVG charts only.
	Logo string `yaml:"logo,omitempty" json:"logo,omitempty"`
	// LogoData is the content of the logo's file.
	LogoData []byte `yaml:"-" json:"-"`
}
