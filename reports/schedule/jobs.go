// Package schedule runs jobs by themselves: at due times or when new data
// comes, each due run exactly once, remembered in a ledger.
package schedule

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/goccy/go-yaml"

	"surveykit/reports/change"
	"surveykit/reports/notify"
	"surveykit/reports/publish"
	"surveykit/survey"
)

// Jobs is a jobs file.
type Jobs struct {
	// Version of the format.
	Version string `yaml:"surveykit"`
	// Folder holds the ledger and each job's runs, relative to the jobs file.
	Folder string `yaml:"folder"`
	// Jobs to run.
	Jobs []Job `yaml:"jobs"`

	path string
}

// JobsVersion is the version of the format of jobs files.
const JobsVersion = "jobs/1"

// Job is a study that is run again and again.
type Job struct {
	// Name of the job: letters, digits, - and _.
	Name string `yaml:"name"`
	// Study is the study file, relative to the jobs file.
	Study string `yaml:"study"`
	// Schedule is a cron expression; absent where only new data starts a run.
	Schedule string `yaml:"schedule,omitempty"`
	// TimeZone of the schedule, such as Europe/Berlin. Default UTC.
	TimeZone string `yaml:"time_zone,omitempty"`
	// Input starts a run when new data comes.
	Input *Input `yaml:"input,omitempty"`
	// Missed says what happens to due times at which nothing was there to run
	// them: catch-up runs each, oldest first; skip (the default) runs the latest
	// if it is not older than an hour, and notes the others as skipped.
	Missed Missed `yaml:"missed,omitempty"`
	// Retries of a run that failed for a reason that may pass; faults of the
	// data or the study are not tried again. Default 0.
	Retries int `yaml:"retries,omitempty"`
	// Backoff is the pause before the first retry, doubled for each further one.
	// Default one minute.
	Backoff Duration `yaml:"backoff,omitempty"`
	// Deadline of one attempt. Default one hour.
	Deadline Duration `yaml:"deadline,omitempty"`
	// Gates hold a run back when it fails one of them.
	Gates []change.Gate `yaml:"gates,omitempty"`
	// Notify are the channels that are told how a run ended.
	Notify []notify.Channel `yaml:"notify,omitempty"`
	// Keep says how many runs stay; all where it is absent.
	Keep publish.Keep `yaml:"keep,omitempty"`

	cron *Cron
	zone *time.Location
}

// Input is data that starts a run.
type Input struct {
	// Files is a pattern such as incoming/*.sav, relative to the jobs file.
	Files string `yaml:"files"`
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

// Duration is a length of time written as 90s, 15m or 2h.
type Duration time.Duration

// UnmarshalYAML reads a length of time.
func (d *Duration) UnmarshalYAML(text []byte) error {
	var s string
	if err := yaml.Unmarshal(text, &s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return fmt.Errorf("%q is no length of time; write 90s, 15m or 2h", s)
	}
	*d = Duration(v)
	return nil
}

// or is the duration, or its default where none is given.
func (d Duration) or(standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return time.Duration(d)
}

const (
	defaultBackoff  = time.Minute
	defaultDeadline = time.Hour
	defaultSettle   = 10 * time.Second
	// mostBackoff ends the doubling of pauses between tries.
	mostBackoff = time.Hour
	// late is how old a due time may be that a skipping job still runs.
	late = time.Hour
	// longestJobs is longer than any jobs file, in bytes.
	longestJobs = 1 << 20
)

// Load reads a jobs file. The error is survey.Problems: all faults at once.
func Load(path string) (*Jobs, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, survey.Problems{{File: path, Message: "cannot be read: " + unwrapped(err), Remedy: "check the path"}}
	}
	if info.Size() > longestJobs {
		return nil, survey.Problems{{File: path, Message: "is too long for a jobs file", Remedy: "give a jobs file, not a data file"}}
	}
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

// Parse reads a jobs file's text; path names it in problems.
func Parse(text []byte, path string) (*Jobs, error) {
	j := &Jobs{path: path}
	if err := yaml.UnmarshalWithOptions(text, j, yaml.Strict()); err != nil {
		p := survey.Problem{File: path, Message: err.Error(), Remedy: "see surveykit schedule --help for what a jobs file holds"}
		var at yaml.Error
		if errors.As(err, &at) {
			p.Message = at.GetMessage()
			if token := at.GetToken(); token != nil {
				p.Line, p.Column = token.Position.Line, token.Position.Column
			}
		}
		return nil, survey.Problems{p}
	}
	if err := j.check(); err != nil {
		return nil, err
	}
	return j, nil
}

var jobName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// check finds what is wrong with the jobs and readies their times.
func (j *Jobs) check() error {
	var problems survey.Problems
	add := func(job, key, value, message, remedy string) {
		what := key + " "
		if job != "" {
			what = "job " + job + ": " + what
		}
		if value != "" {
			what += fmt.Sprintf("%q ", value)
		}
		problems = append(problems, survey.Problem{File: j.path, Message: what + message, Remedy: remedy})
	}
	if j.Version != JobsVersion {
		add("", "surveykit", j.Version, "is not "+JobsVersion, "begin the file with surveykit: "+JobsVersion)
	}
	if j.Folder == "" {
		add("", "folder", "", "is missing", "say where the ledger and the reports go, such as folder: reports")
	}
	if len(j.Jobs) == 0 {
		add("", "jobs", "", "is empty", "list at least one job")
	}
	seen := map[string]bool{}
	for i := range j.Jobs {
		job := &j.Jobs[i]
		if seen[job.Name] {
			add(job.Name, "name", job.Name, "is given twice", "name each job differently")
		}
		seen[job.Name] = true
		for _, c := range job.Notify {
			c.Resolve(j.beside)
		}
		job.check(func(key, value, message, remedy string) { add(job.Name, key, value, message, remedy) })
	}
	return problems.Err()
}

func (j *Job) check(add func(key, value, message, remedy string)) {
	if !jobName.MatchString(j.Name) {
		add("name", j.Name, "is no name of a job", "use letters, digits, - and _")
	}
	if j.Study == "" {
		add("study", "", "is missing", "name the study file that the job runs")
	}
	if j.Schedule == "" && j.Input == nil {
		add("schedule", "", "is missing, and so is input", "say when the job runs: schedule: 0 6 * * 1-5, or input: with the files that start it")
	}
	if j.Schedule != "" {
		c, err := ParseCron(j.Schedule)
		if err != nil {
			add("schedule", j.Schedule, err.Error(), "write minute, hour, day of the month, month and day of the week, such as 0 6 * * 1-5")
		}
		j.cron = &c
	}
	if j.TimeZone == "" {
		j.TimeZone = "UTC"
	}
	zone, err := time.LoadLocation(j.TimeZone)
	if err != nil || j.TimeZone == "Local" {
		add("time_zone", j.TimeZone, "is not known", "write a name of the IANA database, such as Europe/Berlin")
	}
	j.zone = zone
	if j.Missed != "" && j.Missed != Skip && j.Missed != CatchUp {
		add("missed", string(j.Missed), "is not known", "write skip or catch-up")
	}
	if j.Retries < 0 || j.Retries > 100 {
		add("retries", fmt.Sprint(j.Retries), "is not from 0 to 100", "give a number of retries")
	}
	for _, g := range j.Gates {
		if why := g.Check(); why != "" {
			add("gates", "", "are wrong: "+why, "write one limit for each gate, such as - design_effect: 2.5")
		}
	}
	for i, c := range j.Notify {
		if why := c.Check(); why != "" {
			add("notify", fmt.Sprint(i+1), why, "see the description of jobs files")
		}
	}
	if j.Keep.Runs < 0 || j.Keep.Days < 0 {
		add("keep", "", "is under 0", "say how many runs or days stay")
	}
	if j.Input == nil {
		return
	}
	if _, err := filepath.Match(j.Input.Files, ""); err != nil || j.Input.Files == "" {
		add("input: files", j.Input.Files, "is no pattern", "write a pattern such as incoming/*.sav")
	}
}

// beside is a path of the jobs file, which is relative to it.
func (j *Jobs) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(j.path), path)
}

// Root is the folder of the ledger and the runs.
func (j *Jobs) Root() string { return j.beside(j.Folder) }

// StudyOf is a job's study file.
func (j *Jobs) StudyOf(job *Job) string { return j.beside(job.Study) }

// Find is the job of a name; the error names those that are near.
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
