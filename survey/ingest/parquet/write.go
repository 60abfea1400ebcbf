package parquet

import (
	"io"
	"math"

	"github.com/parquet-go/parquet-go"

	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
)

// rowsPerGroup is how many rows are packed together: a writer keeps no more of them in
// memory, and readers can read groups in parallel.
const rowsPerGroup = 1 << 17

// valuesAtOnce is how many values are written together.
const valuesAtOnce = 1 << 10

// Write writes the table as Parquet, packed by Snappy: whole numbers as integers,
// other numbers as doubles, dates, times and dates with times as such to the microsecond,
// texts with dictionaries, missing values as nulls. Labels, codes, missing rules,
// measures, sets and the weight are in the metadata, where Read finds them, and where
// pandas finds the attributes of a DataFrame (attrs["surveykit"]). The same
// table gives the same bytes.
//
// The notices name what is changed: days with fractions, times outside a day and times
// finer than microseconds are written as numbers, and Read makes dates and times of
// them again. A table without variables, a repeated
// name, and an infinite code or missing value are survey.Problems.
func Write(w io.Writer, t *survey.Table) (notices survey.Notices, err error) {
	described, err := columnar.Dictionary(t)
	if err != nil {
		return nil, survey.Problems{{Message: "the codes cannot be written: " + err.Error(), Remedy: "recode infinite values"}}
	}
	schema := columns{Group: parquet.Group{}}
	plans := make([]plan, len(t.Variables))
	for j, v := range t.Variables {
		if _, twice := schema.Group[v.Name]; twice || v.Name == "" {
			return nil, survey.Problems{{Variable: v.Name, Message: "two variables have this name, or it is empty", Remedy: "rename one"}}
		}
		plans[j] = planOf(v)
		schema.Group[v.Name] = parquet.Optional(plans[j].node)
		schema.names = append(schema.names, v.Name)
		if plans[j].bare {
			notices.Note(survey.NoticeNotKept, []string{v.Name}, "%s is written as a number, because it is not whole or is outside the range of a %s of Parquet", v.Name, v.Kind)
		}
	}
	if len(plans) == 0 {
		return nil, survey.Problems{{Message: "the table has no variables", Remedy: "keep at least one"}}
	}
	out := parquet.NewWriter(w, parquet.NewSchema("survey", schema), parquet.Compression(&parquet.Snappy), parquet.DataPageVersion(1),
		parquet.CreatedBy("surveykit", "1", ""), parquet.KeyValueMetadata(columnar.Key, described))
	for start := 0; start < t.Rows; start += rowsPerGroup {
		for j, c := range out.ColumnWriters() {
			if err := plans[j].write(c, start, min(t.Rows, start+rowsPerGroup)); err != nil {
				return nil, err
			}
		}
		if err := out.Flush(); err != nil {
			return nil, err
		}
	}
	return notices, out.Close()
}

// columns is a schema whose columns keep their order.
type columns struct {
	parquet.Group
	names []string
}

// Fields are the columns in their order.
func (c columns) Fields() []parquet.Field {
	byName := map[string]parquet.Field{}
	for _, f := range c.Group.Fields() {
		byName[f.Name()] = f
	}
	fields := make([]parquet.Field, len(c.names))
	for j, name := range c.names {
		fields[j] = byName[name]
	}
	return fields
}

// plan is how a variable is stored.
type plan struct {
	*survey.Variable
	node  parquet.Node
	value func(x float64) parquet.Value // nil for texts
	texts []parquet.Value               // in the order of the variable's values
	bare  bool                          // a date or time that is stored as a number
}

// maxExact is 2^53: a float64 holds every integer up to it.
const maxExact = 1 << 53

// planOf decides how a variable is stored: as compactly as all its values allow.
func planOf(v *survey.Variable) plan {
	const second, dayMicros, mostMicros, mostCodes = 1e6, 86400e6, 9e18, 1 << 12
	p := plan{Variable: v, bare: v.Kind != survey.Number}
	switch {
	case v.IsText():
		p.bare, p.node = false, parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		for _, s := range v.Texts.Values {
			p.texts = append(p.texts, parquet.ByteArrayValue([]byte(s)))
		}
	case v.Kind == survey.Date && every(v, 1, math.MinInt32, math.MaxInt32):
		p.bare, p.node, p.value = false, parquet.Date(), int32s
	case v.Kind == survey.DateTime && every(v, second, -mostMicros, mostMicros):
		p.bare, p.node, p.value = false, parquet.TimestampAdjusted(parquet.Microsecond, false), micros
	case v.Kind == survey.TimeOfDay && every(v, second, 0, dayMicros-1):
		p.bare, p.node, p.value = false, parquet.TimeAdjusted(parquet.Microsecond, false), micros
	case every(v, 1, -mostCodes, mostCodes):
		p.node, p.value = parquet.Encoded(parquet.Int(32), &parquet.RLEDictionary), int32s
	case every(v, 1, math.MinInt32, math.MaxInt32):
		p.node, p.value = parquet.Int(32), int32s
	case every(v, 1, -maxExact, maxExact):
		p.node, p.value = parquet.Int(64), func(x float64) parquet.Value { return parquet.Int64Value(int64(x)) }
	default:
		p.node, p.value = parquet.Leaf(parquet.DoubleType), parquet.DoubleValue
	}
	return p
}

func int32s(x float64) parquet.Value { return parquet.Int32Value(int32(x)) }

func micros(x float64) parquet.Value { return parquet.Int64Value(int64(math.Round(x * 1e6))) }

// every reports whether all values are whole in units of 1/perOne, are between low and
// high, and are read back unchanged.
func every(v *survey.Variable, perOne, low, high float64) bool {
	for _, x := range v.Numbers.All() {
		n := math.Round(x * perOne)
		if !math.IsNaN(x) && (!(low <= n && n <= high) || n/perOne != x || x == 0 && math.Signbit(x)) {
			return false
		}
	}
	return true
}

// write writes the rows from start to end.
func (p plan) write(c *parquet.ColumnWriter, start, end int) error {
	const present = 1
	buffer := make([]parquet.Value, 0, valuesAtOnce)
	for from := start; from < end; from += valuesAtOnce {
		buffer = buffer[:0]
		for i := from; i < min(end, from+valuesAtOnce); i++ {
			switch x, ok := p.At(i); {
			case !ok:
				buffer = append(buffer, parquet.NullValue())
			case p.value == nil:
				buffer = append(buffer, p.texts[p.Texts.Index.At(i)].Level(0, present, 0))
			default:
				buffer = append(buffer, p.value(x.Number).Level(0, present, 0))
			}
		}
		if _, err := c.WriteRowValues(buffer); err != nil {
			return err
		}
	}
	return nil
}
