package notebooks

import (
	"bytes"
	"encoding/json"
	"strings"
)

// notebook is what surveykit keeps of a Jupyter notebook (nbformat 4.5). Its
// JSON has Jupyter's own order of keys.
type notebook struct {
	Cells    []cell   `json:"cells"`
	Metadata metadata `json:"metadata"`
	Format   int      `json:"nbformat"`
	Minor    int      `json:"nbformat_minor"`
}

type metadata struct {
	Kernel struct {
		DisplayName string `json:"display_name"`
		Language    string `json:"language"`
		Name        string `json:"name"`
	} `json:"kernelspec"`
	Language struct {
		Extension string `json:"file_extension"`
		Name      string `json:"name"`
	} `json:"language_info"`
}

type cell struct {
	Type     string   `json:"cell_type"`
	Count    int      `json:"execution_count,omitempty"`
	ID       string   `json:"id"`
	Metadata struct{} `json:"metadata"`
	Outputs  []output `json:"outputs,omitzero"`
	Source   lines    `json:"source"`
}

type output struct {
	Data     map[string]lines `json:"data,omitempty"`
	Error    string           `json:"evalue,omitempty"`
	Metadata *struct{}        `json:"metadata,omitempty"`
	Name     string           `json:"name,omitempty"`
	Type     string           `json:"output_type"`
	Text     lines            `json:"text,omitempty"`
}

// lines is a text that notebooks keep as a list of its lines.
type lines string

// MarshalJSON writes a list of lines, each but the last with its newline.
func (l lines) MarshalJSON() ([]byte, error) {
	parts := strings.SplitAfter(string(l), "\n")
	if parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return plainJSON(parts)
}

// UnmarshalJSON reads a list of lines, or a text.
func (l *lines) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(l))
	}
	var parts []string
	err := json.Unmarshal(b, &parts)
	*l = lines(strings.Join(parts, ""))
	return err
}

// bytes is the notebook's file, laid out as Jupyter does.
func (n *notebook) bytes() ([]byte, error) {
	b, err := plainJSON(n)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", " "); err != nil {
		return nil, err
	}
	return append(bytes.TrimSpace(out.Bytes()), '\n'), nil
}

// plainJSON is JSON in which < > & stay as they are.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// normalize makes two executions alike: cells are counted from 1, and what was
// printed in pieces is one text.
func (n *notebook) normalize() {
	count := 0
	for i := range n.Cells {
		c := &n.Cells[i]
		if c.Type != "code" {
			continue
		}
		count++
		c.Count = count
		c.Outputs = joined(c.Outputs)
	}
	n.Metadata.Language.Extension = ".go"
}

func joined(outputs []output) []output {
	out := []output{}
	for _, o := range outputs {
		if last := len(out) - 1; last >= 0 && o.Type == "stream" && out[last].Type == "stream" && o.Name == out[last].Name {
			out[last].Text += o.Text
			continue
		}
		out = append(out, o)
	}
	return out
}

// withoutPictures is the notebook with every picture cut to its kind.
func (n *notebook) withoutPictures() *notebook {
	out := *n
	out.Cells = nil
	for _, c := range n.Cells {
		var outputs []output
		for _, o := range c.Outputs {
			data := map[string]lines{}
			for kind, text := range o.Data {
				if strings.HasPrefix(kind, "image/") {
					text = ""
				}
				data[kind] = text
			}
			o.Data = data
			outputs = append(outputs, o)
		}
		c.Outputs = outputs
		out.Cells = append(out.Cells, c)
	}
	return &out
}
