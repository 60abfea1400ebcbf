package xlsx

import "github.com/xuri/excelize/v2"

// rows walks over a sheet's values and, where dates are possible, in step over
// the marks of those that look like dates: the iterator shows either.
type rows struct {
	values *excelize.Rows
	marked *excelize.Rows // nil where no cell can look like a date
	mac    bool           // the days are counted from 1904
}

func (b *workbook) openRows(sheet string) (r *rows, err error) {
	r = &rows{mac: b.mac}
	if r.values, err = b.Rows(sheet); err == nil && b.dated {
		r.marked, err = b.Rows(sheet)
	}
	return r, err
}

func (r *rows) close() {
	r.values.Close()
	if r.marked != nil {
		r.marked.Close()
	}
}

func (r *rows) next() bool {
	if r.marked != nil {
		r.marked.Next()
	}
	return r.values.Next()
}

// cells are the row's values in full precision, dates in ISO 8601.
func (r *rows) cells() ([]string, error) {
	cells, err := r.values.Columns(excelize.Options{RawCellValue: true})
	if err != nil || r.marked == nil {
		return cells, err
	}
	shown, err := r.marked.Columns()
	for j := range min(len(shown), len(cells)) {
		if len(shown[j]) == 0 || shown[j][0] != marks[date][0] {
			continue
		}
		if text, ok := iso(cells[j], shown[j], r.mac); ok {
			cells[j] = text
		}
	}
	return cells, err
}
