package tidy

import (
	"bytes"
	"encoding/json"
	"io"
	"surveykit/survey"
	"surveykit/survey/harmonize"
)

// mappingEntry is the JSON of a mapping.
type mappingEntry struct {
	Schema string `json:"schema"`
	*harmonize.Mapping
	Files     []fileEntry     `json:"files"`
	Variables []variableEntry `json:"variables"`
}

type fileEntry struct {
	File string `json:"file"`
	Wave string `json:"wave"`
}

type variableEntry struct {
	harmonize.Variable
	Recodes []recodeEntry `json:"recode"`
}

type recodeEntry struct {
	File   int           `json:"file"`
	Values []recodedCode `json:"values"`
}

type recodedCode struct {
	From survey.Value `json:"from"`
	To   survey.Value `json:"to"`
}

// WriteMapping writes a mapping of files as JSON, with lists that are empty as [].
func WriteMapping(w io.Writer, m *harmonize.Mapping) error {
	out := mappingEntry{Schema: Schema, Mapping: m, Files: []fileEntry{}, Variables: []variableEntry{}}
	for _, f := range m.Files {
		out.Files = append(out.Files, fileEntry{f.File, f.Wave})
	}
	for _, v := range m.Variables {
		e := variableEntry{Variable: v, Recodes: []recodeEntry{}}
		for _, r := range v.Recodes {
			codes := recodeEntry{File: r.File}
			for _, code := range r.Values {
				codes.Values = append(codes.Values, recodedCode{code.Value, harmonize.Target(code)})
			}
			e.Recodes = append(e.Recodes, codes)
		}
		out.Variables = append(out.Variables, e)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte(":null"), []byte(":[]")))
	return err
}
