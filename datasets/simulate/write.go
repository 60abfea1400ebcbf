package simulate

import (
	"bufio"
	_ "embed"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"text/template"
)

// WriteCSV writes the wave as RFC 4180: a header, a line for each respondent, an
// empty field where a question was not asked.
func (w *Wave) WriteCSV(out io.Writer) error {
	b := bufio.NewWriterSize(out, 1<<16)
	for k, c := range w.Columns {
		separate(b, k)
		b.WriteString(c.Name)
	}
	b.WriteString("\r\n")
	var field []byte
	for i := range w.Rows() {
		for k, c := range w.Columns {
			separate(b, k)
			if x := c.Values[i]; !math.IsNaN(x) {
				field = appendNumber(field[:0], x)
				b.Write(field)
			}
		}
		b.WriteString("\r\n")
	}
	return b.Flush()
}

func separate(b *bufio.Writer, column int) {
	if column > 0 {
		b.WriteByte(',')
	}
}

// appendNumber is strconv's shortest decimal, with a short way for codes.
func appendNumber(to []byte, x float64) []byte {
	if n := int64(x); float64(n) == x {
		return strconv.AppendInt(to, n, 10)
	}
	return strconv.AppendFloat(to, x, 'f', -1, 64)
}

// WriteCSV writes the truth: wave, age, variable, statistic, code, synthetic_value.
// Values have full precision; proportions are 0–1.
func (t Truth) WriteCSV(out io.Writer) error {
	b := bufio.NewWriter(out)
	b.WriteString("wave,age,variable,statistic,code,synthetic_value\r\n")
	for _, f := range t {
		code := ""
		if !math.IsNaN(f.Code) {
			code = string(appendNumber(nil, f.Code))
		}
		for _, field := range []string{strconv.Itoa(f.Wave), f.Age, f.Variable, f.Statistic, code} {
			b.WriteString(field)
			b.WriteByte(',')
		}
		b.Write(appendNumber(nil, f.Value))
		b.WriteString("\r\n")
	}
	return b.Flush()
}

//go:embed card.md
var cardText string

var card = sync.OnceValue(func() *template.Template { return template.Must(template.New("card").Parse(cardText)) })

// WriteCard writes the data card: what the data are, how they were made, which
// published figures they keep and what they must not be used for.
func (s *Sample) WriteCard(out io.Writer) error {
	type wave struct {
		Year, Respondents, Strata, Sites int
		Kish                             string
	}
	var waves []wave
	for _, w := range s.Waves {
		strata, sites := w.units()
		waves = append(waves, wave{w.Year, w.Rows(), strata, sites, strconv.FormatFloat(w.kish(), 'f', 2, 64)})
	}
	return card().Execute(out, map[string]any{"Seed": s.Options.Seed, "Waves": waves})
}

// units counts the wave's strata and sites.
func (w *Wave) units() (strata, sites int) {
	return distinct(w.Column("stratum")), distinct(w.Column("psu"))
}

func distinct(values []float64) int {
	seen := map[float64]bool{}
	for _, x := range values {
		seen[x] = true
	}
	return len(seen)
}

// kish is the design effect of the weights, n·Σw²/(Σw)².
func (w *Wave) kish() float64 {
	sum, squares := 0.0, 0.0
	for _, x := range w.Column("weight") {
		sum += x
		squares += x * x
	}
	return float64(w.Rows()) * squares / (sum * sum)
}

// Save writes wave2008.csv, wave2011.csv, truth.csv and the data card
// README.md into a folder that exists. Each file appears whole or not at all.
func (s *Sample) Save(folder string) error {
	files := map[string]func(io.Writer) error{
		"truth.csv": TruthOf().WriteCSV,
		"README.md": s.WriteCard,
	}
	for _, w := range s.Waves {
		files["wave"+strconv.Itoa(w.Year)+".csv"] = w.WriteCSV
	}
	for name, write := range files {
		if err := save(filepath.Join(folder, name), write); err != nil {
			return err
		}
	}
	return nil
}

// save writes a file next to its place and moves it there when it is whole.
func save(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".simulate-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // where it was not moved
	if err := errors.Join(write(file), file.Sync(), file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
