package reports

import (
	"os"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine/grouped"
	"surveykit/survey/ingest"
)

// streamOf opens a data file whose columns take more memory than they may, to be read a
// block of rows at a time; nil of one that is read as a whole.
func (r *reader) streamOf(d survey.DataFile) (grouped.Source, error) {
	most := d.Memory.Bytes()
	if most == 0 {
		most = quarter()
	}
	o := optionsOf(d)
	o.Notices, o.Progress = r.notices, r.progress
	s, err := ingest.Streamed(r.ctx, d.File, o, most)
	if s == nil || err != nil {
		return nil, err
	}
	return grouped.Streamed(s), nil
}

// quarter is a quarter of the machine's memory, or of what the system lets the process
// have; 1 GiB where neither is known.
func quarter() int64 {
	most := int64(4 << 30)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		_, after, _ := strings.Cut(string(text), "MemTotal:")
		if fields := strings.Fields(after); len(fields) > 0 {
			if kib, err := strconv.ParseInt(fields[0], 10, 53); err == nil {
				most = kib << 10
			}
		}
	}
	if text, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
			most = min(most, limit)
		}
	}
	return most / 4
}
