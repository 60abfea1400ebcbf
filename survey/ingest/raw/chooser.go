package raw

import "surveykit/survey"

// Chooser picks the columns of a file that are read, once its dictionary is known: a
// table without rows, with the codes that the file has before its rows. It names
// them; nil means all. A nil Chooser picks all.
type Chooser func(dictionary *survey.Table) []string

// Columns are the names that the chooser picks of a dictionary, nil for all, and
// whether a column is among them.
func (c Chooser) Columns(dictionary *survey.Table) (names []string, picked func(name string) bool) {
	if c != nil {
		for _, v := range dictionary.Variables {
			if v.IsText() && v.Texts == nil {
				v.Texts = &survey.TextColumn{}
			}
		}
		names = c(dictionary)
	}
	if names == nil {
		return nil, func(string) bool { return true }
	}
	among := make(map[string]bool, len(names))
	for _, name := range names {
		among[name] = true
	}
	return names, func(name string) bool { return among[name] }
}
