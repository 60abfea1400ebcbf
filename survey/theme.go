package survey

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
	// Logo is a PNG or SVG file in the study's folder or below, for charts, cover, page and title slide; one in SVG stands on the page and in SVG charts only.
	Logo string `yaml:"logo,omitempty" json:"logo,omitempty"`
	// LogoData is the content of the logo's file.
	LogoData []byte `yaml:"-" json:"-"`
}
