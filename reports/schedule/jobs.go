// Package schedule runs jobs by themselves: at due times or when new data
// comes, each due run exactly once, remembered in a ledger.
package schedule

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"surveykit/reports/change"
	"surveykit/reports/notify"
	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/pattern"
	"surveykit/survey/spec"
)

// Jobs is a jobs file.
type Jobs struct {
	// Version of the format.
	Version string `yaml:"surveykit" jsonschema:"enum=jobs/1"`
	// Folder holds the ledger and each job's runs, relative to the jobs file.
	Folder string `yaml:"folder" jsonschema:"minLength=1"`
	// Jobs to run.
	Jobs []Job `yaml:"jobs" jsonschema:"minItems=1"`

	path string
}

// JobsVersion is the version of the format of jobs files.
const JobsVersion = "jobs/1"

// Job is a study that is run again and again.
type Job struct {
	// Name of the job: letters, digits, - and _.
	Name string `yaml:"name"`
	// Study is the study file, relative to the jobs file.
	Study string `yaml:"study" jsonschema:"minLength=1"`
	// Schedule is a cron expression; absent where only new data starts a run.
	Schedule string `yaml:"schedule,omitempty"`
	// TimeZone of the schedule, such as Europe/Berlin. Default UTC.
	TimeZone string `yaml:"time_zone,omitempty"`
	// Input starts a run when new data comes.
	Input *Input `yaml:"input,omitempty"`
	// Missed says what happens to due times at which no scheduler ran: catch-up
	// runs each, oldest first; skip (the default) runs the latest
	// if it is not older than an hour, and notes the others as skipped.
	Missed Missed `yaml:"missed,omitempty" jsonschema:"enum=skip,enum=catch-up"`
	// Retries of a run that failed for a reason that may pass; faults of the
	// data or the study are not tried again. Default 0.
	Retries int `yaml:"retries,omitempty" jsonschema:"minimum=0,maximum=100"`
	// Backoff is the pause before the first retry, doubled for each further one.
	// Default one minute.
	Backoff Duration `yaml:"backoff,omitempty"`
	// Deadline of one attempt. Default one hour.
	Deadline Duration `yaml:"deadline,omitempty"`
	// Memory that one attempt may take, such as 2 GB, at least 64 MB; no limit
	// where it is absent. A run that takes more is ended and not tried again.
	// Where the system does not say how much a process takes, as outside of
	// Linux, the run only tries to keep below it.
	Memory survey.Size `yaml:"memory,omitempty"`
	// AllowOutside are folders, relative to the jobs file, that the study may read
	// besides its own.
	AllowOutside []string `yaml:"allow_outside,omitempty"`
	// Gates hold a run back when it fails one of them.
	Gates []change.Gate `yaml:"gates,omitempty"`
	// Notify are the channels that report how a run ended.
	Notify []notify.Channel `yaml:"notify,omitempty"`
	// Keep says how many runs stay; all where it is absent.
	Keep publish.Keep `yaml:"keep,omitempty"`

	cron *Cron
	zone *time.Location
}

// Input is data that starts a run.
type Input struct {
	// Files is a pattern such as incoming/*.sav, relative to the jobs file.
	Files string `yaml:"files" jsonschema:"minLength=1"`
	// AppendTo is a folder, relative to the jobs file, into which each new file is
	// copied whole before the run: the history of waves that the study reads.
	AppendTo string `yaml:"append_to,omitempty"`
	// Settle is how long a file must not have changed to count as complete.
	// Default ten seconds.
	Settle Duration `yaml:"settle,omitempty"`
}

// Missed says what happens to missed due times.
type Missed string

// What happens to missed due times.
const (
	Skip    Missed = "skip"
	CatchUp Missed = "catch-up"
)

// Duration is a length of time written as 90s, 15m or 2h; "" is the default.
type Duration string

// or is the length, or its default where none is given. Jobs that were read have
// lengths that can be parsed.
func (d Duration) or(standard time.Duration) time.Duration {
	if v, err := time.ParseDuration(string(d)); err == nil {
		return v
	}
	return standard
}

const (
	defaultBackoff  = time.Minute
	defaultDeadline = time.Hour
	defaultSettle   = 10 * time.Second
	// mostBackoff ends the doubling of pauses between tries.
	mostBackoff = time.Hour
	// late is how old a due time may be that a skipping job still runs.
	late = time.Hour
)

// Load reads a jobs file. The error is survey.Problems: all faults at once.
func Load(path string) (*Jobs, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, survey.Problems{{File: path, Message: "cannot be read: " + unwrapped(err), Remedy: "check the path"}}
	}
	return Parse(text, path)
}

func unwrapped(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// Parse reads a jobs file's text; path names it in problems. The error is
// survey.Problems, every fault with line, column and excerpt.
func Parse(text []byte, path string) (*Jobs, error) {
	j := &Jobs{path: path}
	source, err := jobsFile.Decode(text, path, j)
	if err != nil {
		return nil, err
	}
	var problems survey.Problems
	add := func(at, message, remedy string) {
		p := source.Annotate(at, survey.Problem{Message: message, Remedy: remedy})
		if strings.Contains(at, ".notify[") {
			p.Excerpt = "" // an address can be a secret
		}
		problems = append(problems, p)
	}
	seen := map[string]bool{}
	for i := range j.Jobs {
		job, at := &j.Jobs[i], fmt.Sprintf("$.jobs[%d]", i)
		// The name becomes a folder's name, and on some systems capitals do not count.
		folder := strings.ToLower(job.Name)
		if seen[folder] {
			add(at+".name", fmt.Sprintf("the name %q is given twice", job.Name), "name each job differently, and not by capitals alone")
		}
		seen[folder] = true
		for _, c := range job.Notify {
			c.Resolve(j.resolved)
		}
		job.check(func(key, message, remedy string) { add(at+key, message, remedy) })
	}
	return j, problems.Err()
}

// Schema is the JSON Schema of jobs files.
//
//go:embed schema.json
var Schema []byte

//go:generate go test -run TestSchemaIsGenerated -update

var jobsFile = &spec.Format{Name: "jobs file", Begin: "begin with surveykit: " + JobsVersion, Schema: Schema}

var jobName = pattern.Lazy(`^[A-Za-z0-9_-]{1,64}$`)

func (j *Job) check(add func(key, message, remedy string)) {
	if !jobName().MatchString(j.Name) || strings.EqualFold(j.Name, "holders") {
		add(".name", fmt.Sprintf("%q cannot be the name of a job", j.Name), "use letters, digits, - and _, and not the name holders, which the ledger uses")
	}
	j.checkTimes(add)
	for i, g := range j.Gates {
		if why := g.Check(); why != "" {
			add(fmt.Sprintf(".gates[%d]", i), why, "write one limit for each gate, such as - design_effect: 2.5")
		}
	}
	for i, c := range j.Notify {
		if why := c.Check(); why != "" {
			add(fmt.Sprintf(".notify[%d]", i), why, "")
		}
	}
	if j.Input == nil {
		return
	}
	if _, err := filepath.Match(j.Input.Files, ""); err != nil {
		add(".input", fmt.Sprintf("%q is not a pattern of files", j.Input.Files), "write files: incoming/*.sav")
	}
}

// checkTimes looks at all that says when a job runs and for how long.
func (j *Job) checkTimes(add func(key, message, remedy string)) {
	if j.Schedule == "" && j.Input == nil {
		add("", "schedule and input are missing", "say when the job runs: schedule: 0 6 * * 1-5, or input: with the files that start it")
	}
	if j.Schedule != "" {
		c, err := ParseCron(j.Schedule)
		if err != nil {
			add(".schedule", err.Error(), "write minute, hour, day of the month, month and day of the week, such as 0 6 * * 1-5")
		}
		j.cron = &c
	}
	if j.TimeZone == "" {
		j.TimeZone = "UTC"
	}
	zone, err := time.LoadLocation(j.TimeZone)
	if err != nil || j.TimeZone == "Local" {
		add(".time_zone", fmt.Sprintf("the time zone %q is not known", j.TimeZone), "write a name of the IANA database, such as Europe/Berlin")
	}
	j.zone = zone
	if tooLittle(j.Memory) {
		add(".memory", fmt.Sprintf("%q is not an amount of memory, or too little for a study", j.Memory), "write 64 MB or more, such as 500 MB or 2 GB")
	}
	lengths := map[string]Duration{".backoff": j.Backoff, ".deadline": j.Deadline}
	if j.Input != nil {
		lengths[".input.settle"] = j.Input.Settle
	}
	for _, key := range slices.Sorted(maps.Keys(lengths)) {
		d := lengths[key]
		if v, err := time.ParseDuration(string(d)); d != "" && (err != nil || v <= 0) {
			add(key, fmt.Sprintf("%q is not a length of time", d), "write 90s, 15m or 2h")
		}
	}
}

// resolved is a path of the jobs file, which is relative to the file's folder.
func (j *Jobs) resolved(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(j.path), path)
}

// Root is the folder of the ledger and the runs.
func (j *Jobs) Root() string { return j.resolved(j.Folder) }

// Folders are what runs write to: the folder of the ledger and the runs, and the
// folders of histories.
func (j *Jobs) Folders() []string {
	out := []string{j.Root()}
	for i := range j.Jobs {
		if in := j.Jobs[i].Input; in != nil && in.AppendTo != "" {
			out = append(out, j.resolved(in.AppendTo))
		}
	}
	return out
}

// StudyOf is a job's study file.
func (j *Jobs) StudyOf(job *Job) string { return j.resolved(job.Study) }

// AllowedOf are the folders that a job's study may read besides its own.
func (j *Jobs) AllowedOf(job *Job) []string {
	out := make([]string, len(job.AllowOutside))
	for i, folder := range job.AllowOutside {
		out[i] = j.resolved(folder)
	}
	return out
}

// Find is the job of a name; the error gives similar names.
func (j *Jobs) Find(name string) (*Job, error) {
	for i := range j.Jobs {
		if j.Jobs[i].Name == name {
			return &j.Jobs[i], nil
		}
	}
	p := survey.UnknownName("job", name, j.Names())
	p.File = j.path
	return nil, survey.Problems{p}
}

// Names lists the jobs.
func (j *Jobs) Names() []string {
	out := make([]string, len(j.Jobs))
	for i := range j.Jobs {
		out[i] = j.Jobs[i].Name
	}
	return out
}

// Next is when a job is due next; zero where only new data starts it.
func (j *Job) Next(after time.Time) time.Time {
	if j.cron == nil {
		return time.Time{}
	}
	return j.cron.Next(after, j.zone)
}

// leastMemory is about what a study of a few rows takes.
const leastMemory = 64_000_000

func tooLittle(s survey.Size) bool { return s != "" && s.Bytes() < leastMemory }
