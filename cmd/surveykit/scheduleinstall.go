package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/template"

	"github.com/spf13/cobra"

	"surveykit/reports/schedule"
)

// units is what schedule install prints: whoever runs the machine decides where
// it goes.
var units = template.Must(template.New("units").Parse(`# Either a line for crontab -e:
*/5 * * * * {{.Binary}} schedule run {{.Jobs}} --due

# or a systemd service with its timer:
# /etc/systemd/system/surveykit.service
[Unit]
Description=surveykit: what is due in {{.Jobs}}

[Service]
Type=oneshot
WorkingDirectory={{.Folder}}
ExecStart={{.Binary}} schedule run {{.Jobs}} --due
# 4: some runs failed or were held back, and the messages of the jobs have said so.
SuccessExitStatus=4
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={{.Folder}} {{.Root}}

# /etc/systemd/system/surveykit.timer
[Unit]
Description=surveykit: every five minutes

[Timer]
OnCalendar=*:0/5
Persistent=yes

[Install]
WantedBy=timers.target

# or one long process:
# /etc/systemd/system/surveykit-serve.service
[Unit]
Description=surveykit: {{.Jobs}}

[Service]
WorkingDirectory={{.Folder}}
ExecStart={{.Binary}} schedule serve {{.Jobs}}
Restart=on-failure
KillSignal=SIGTERM
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={{.Folder}} {{.Root}}

[Install]
WantedBy=multi-user.target
`))

func newScheduleInstall() *cobra.Command {
	var show bool
	c := &cobra.Command{
		Use:   "install JOBS --print",
		Short: "A crontab line and systemd units that run the jobs",
		Args:  oneJobsFile(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !show {
				return usageError{errors.New("nothing is installed by itself: give --print and put what is printed in its place")}
			}
			return printUnits(c, args[0])
		},
	}
	c.Flags().BoolVar(&show, "print", false, "print them")
	return c
}

func printUnits(c *cobra.Command, path string) error {
	jobs, err := schedule.Load(path)
	if err != nil {
		return err
	}
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	file, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(jobs.Root())
	if err != nil {
		return err
	}
	for _, name := range []string{binary, file, root} {
		if filepath.ToSlash(name) != name || hasBlank(name) {
			return fmt.Errorf("%q has characters that crontab and systemd would misread; move it to a plain path", name)
		}
	}
	return units.Execute(c.OutOrStdout(), map[string]string{"Binary": binary, "Jobs": file, "Folder": filepath.Dir(file), "Root": root})
}

// hasBlank reports characters that end a word or mean something else in unit
// files and crontabs.
func hasBlank(name string) bool {
	for _, r := range name {
		if r <= ' ' || r == '%' || r == '$' || r == '"' || r == '\'' || r == '\\' {
			return true
		}
	}
	return false
}
