package schedule

import (
	"errors"
	"fmt"
	"io"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"unicode"
)

// hardening are the lines that keep a service to its own folders, whatever its
// studies do.
const hardening = `User={{.User}}
WorkingDirectory={{plain .Folder}}
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectControlGroups=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=yes
SystemCallArchitectures=native
CapabilityBoundingSet=
ReadWritePaths={{range $i, $path := .Written}}{{if $i}} {{end}}{{quoted $path}}{{end}}
`

// units is the template of what WriteUnits writes: the administrator decides where
// it goes.
const units = `# Either a line for crontab -e:
*/5 * * * * {{shell .Binary}} schedule run {{shell .Jobs}} --due

# or a systemd service with its timer. The folders that it writes to must be there:
# {{range .Written}} {{.}}{{end}}
# Secrets of the jobs are files, or go into a drop-in that only root reads.
# /etc/systemd/system/surveykit.service
[Unit]
Description=surveykit: what is due in {{plain .Jobs}}

[Service]
Type=oneshot
ExecStart={{command .Binary}} schedule run {{command .Jobs}} --due
# 4: some runs failed or were held back, and the messages of the jobs have said so.
SuccessExitStatus=4
` + hardening + `
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
Description=surveykit: {{plain .Jobs}}

[Service]
ExecStart={{command .Binary}} schedule serve {{command .Jobs}}
Restart=on-failure
KillSignal=SIGTERM
` + hardening + `
[Install]
WantedBy=multi-user.target
`

// forCron is a word of a crontab's line: quoted for the shell, and without a
// bare %, which ends the line.
func forCron(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._-+:,@", r)
	}) {
		return word
	}
	return "'" + strings.NewReplacer("'", `'\''`, "%", `\%`).Replace(word) + "'"
}

// specified is a text in a unit file, where % begins a specifier.
func specified(text string) string { return strings.ReplaceAll(text, "%", "%%") }

// forSystemd is a word of a unit file's list.
func forSystemd(word string) string {
	if !strings.ContainsAny(word, " \t'\"\\;") {
		return specified(word)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(specified(word)) + `"`
}

// forCommand is a word of a command in a unit file, where $ begins a variable.
func forCommand(word string) string { return strings.ReplaceAll(forSystemd(word), "$", "$$") }

// WriteUnits writes a line for a crontab and the units of systemd that run the jobs
// of a file by a program, as the user who calls it. The error names a path
// that such a line cannot hold.
func WriteUnits(w io.Writer, program, path string) error {
	jobs, err := Load(path)
	if err != nil {
		return err
	}
	file, err1 := filepath.Abs(path)
	me, err2 := user.Current()
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	// Jobs write to the jobs file's own folder, and to those outside of it.
	own := filepath.Dir(file)
	written := []string{own}
	for _, folder := range jobs.Folders() {
		path, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		if rel, err := filepath.Rel(own, path); (err != nil || !filepath.IsLocal(rel)) && !slices.Contains(written, path) {
			written = append(written, path)
		}
	}
	for _, name := range append([]string{program, file}, written...) {
		if strings.ContainsFunc(name, unicode.IsControl) {
			return fmt.Errorf("%q has characters that a line of a crontab or a unit cannot hold; move it to a path without them", name)
		}
	}
	words := template.FuncMap{"shell": forCron, "quoted": forSystemd, "plain": specified, "command": forCommand}
	return template.Must(template.New("units").Funcs(words).Parse(units)).Execute(w, map[string]any{"Binary": program, "Jobs": file, "Folder": filepath.Dir(file), "Written": written, "User": me.Username})
}
