package survey

import "fmt"

// Notice is a remark for people on the data or on how figures were made: nothing
// is wrong, but a reader should know of it. Programs go by its Code, Variables and
// Value, and never by its Text.
type Notice struct {
	Code NoticeCode
	// Variables are the columns that the notice is about, nil where it is about
	// the data as a whole.
	Variables []string
	// Value is the one value that the notice is about, as text, "" if none.
	Value string
	// Text is the remark, without a full stop.
	Text string
}

// NoticeCode says what kind of remark a notice is.
type NoticeCode string

// The kinds of notice. First those of reading and writing files.
const (
	NoticeRemark   NoticeCode = "remark"    // what the makers of a file wrote into it: its label, notes, documents
	NoticeRenamed  NoticeCode = "renamed"   // a column has another name than in the file
	NoticeEncoding NoticeCode = "encoding"  // texts whose encoding was guessed, is not known or does not fit
	NoticeDialect  NoticeCode = "dialect"   // how a text was read: delimiter, quote, decimal comma
	NoticeMissing  NoticeCode = "missing"   // what was read as missing
	NoticeMixed    NoticeCode = "mixed"     // a column of text that is mostly numbers
	NoticeSets     NoticeCode = "sets"      // columns that were read as multiple-response sets, or sets left out
	NoticeLabels   NoticeCode = "labels"    // labels and codes that come from elsewhere, were cut or left out
	NoticeLevels   NoticeCode = "levels"    // records of several levels that were joined
	NoticeInexact  NoticeCode = "inexact"   // values that are not quite what the file holds
	NoticeUnread   NoticeCode = "unread"    // columns, rows or records that were not read
	NoticeNotKept  NoticeCode = "not_kept"  // what a written file does not keep
	NoticeConsent  NoticeCode = "consent"   // rows left out because they have no consent
	NoticeDropped  NoticeCode = "dropped"   // columns left out because the study drops them
	NoticeUnmapped NoticeCode = "unmapped"  // columns left out because the mapping does not name them
	NoticeDiffers  NoticeCode = "differs"   // what the files of a study do not have in common
	NoticeUnseen   NoticeCode = "unseen"    // values that the study names and nobody has
	NoticeRecoded  NoticeCode = "redefined" // where the study's dictionary overrules the file's
	NoticeUnplaced NoticeCode = "unplaced"  // rows that a recode or a segmentation has no place for
	NoticeDoubt    NoticeCode = "doubt"     // answers that count as numbers and hardly should
)

// Those of weights, designs and figures.
const (
	NoticeNoWeight     NoticeCode = "no_weight"     // every row counts 1
	NoticeGuessed      NoticeCode = "guessed"       // a weight that nobody has confirmed
	NoticeFinalWeight  NoticeCode = "final_weight"  // a raked weight is taken for a sampling weight
	NoticeReplicates   NoticeCode = "replicates"    // replicate weights that hardly fit the weight or a figure
	NoticeLonelyPSU    NoticeCode = "lonely_psu"    // strata with a single PSU
	NoticeTargets      NoticeCode = "targets"       // how targets of weighting were understood
	NoticeUnmatched    NoticeCode = "unmatched"     // rows whose like is not in the other part of the sample
	NoticeLargeFactor  NoticeCode = "large_factor"  // a class whose weights are multiplied by much
	NoticeTrim         NoticeCode = "trim"          // what trimming leaves open
	NoticeModelled     NoticeCode = "modelled"      // precision that rests on a model
	NoticeNotEstimable NoticeCode = "not_estimable" // what the data do not determine
	NoticeBeyondModel  NoticeCode = "beyond_model"  // answers outside what a model has seen
	NoticeNearEdge     NoticeCode = "near_edge"     // comparisons of shares with few yes or no answers
	NoticeUndrawable   NoticeCode = "undrawable"    // a chart that could not be drawn
	NoticeFonts        NoticeCode = "fonts"         // letters that no font here has
)

// String is the remark.
func (n Notice) String() string { return n.Text }

// MarshalText makes the notice its remark in JSON.
func (n Notice) MarshalText() ([]byte, error) { return []byte(n.Text), nil }

// UnmarshalText reads a remark, whose kind is not known.
func (n *Notice) UnmarshalText(text []byte) error {
	*n = Notice{Text: string(text)}
	return nil
}

// Notices are remarks in the order in which they were made.
type Notices []Notice

// Note adds a notice about some variables, or none.
func (ns *Notices) Note(code NoticeCode, variables []string, format string, args ...any) {
	*ns = append(*ns, Notice{Code: code, Variables: variables, Text: fmt.Sprintf(format, args...)})
}

// AddNew adds those notices that say what no other says yet.
func (ns *Notices) AddNew(more ...Notice) {
	said := make(map[string]bool, len(*ns))
	for _, n := range *ns {
		said[n.Text] = true
	}
	for _, n := range more {
		if !said[n.Text] {
			*ns, said[n.Text] = append(*ns, n), true
		}
	}
}

// Texts are the remarks; nil where there are none.
func (ns Notices) Texts() []string {
	var out []string
	for _, n := range ns {
		out = append(out, n.Text)
	}
	return out
}
