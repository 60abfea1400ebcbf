//go:build benchmark && duckdb

// Package benchmark measures the program beside DuckDB and writes BENCHMARKS.md:
//
//	CGO_ENABLED=1 go test -tags benchmark,duckdb -timeout 5h ./cmd/benchmark -rows 100000,1000000,10000000
//
// Each figure is of a whole process on the same rows, from its start to its end: time, and
// the largest memory. The memory of a server is not in it.
package benchmark

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver

	"surveykit/survey"
	"surveykit/survey/ingest/database/servertest"
)

var (
	sizes  = flag.String("rows", "100000,1000000", "numbers of rows, with commas between")
	output = flag.String("output", "../../BENCHMARKS.md", "the page to write")
)

// asked is the variable of the environment by which this program is DuckDB: it runs the
// statement and ends.
const asked = "BENCHMARK_STATEMENT"

func TestMain(m *testing.M) {
	if statement := os.Getenv(asked); statement != "" {
		if err := duckdb(statement); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func duckdb(statement string) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec("SET threads = " + strconv.Itoa(runtime.NumCPU())); err != nil {
		return err
	}
	rows, err := db.Query(statement)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return rows.Err()
}

const items = 10

// simulate writes answers to a file, cluster by cluster.
func simulate(path string, rows int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	out.WriteString("stratum,psu,country,sex,age,education,weight")
	for k := range items {
		fmt.Fprintf(out, ",q%d", k+1)
	}
	const clusters = 1500
	random := rand.New(rand.NewPCG(1, uint64(rows)))
	var line []byte
	for i := range rows {
		psu := i * clusters / rows
		line = append(line[:0], '\n')
		for _, x := range []int{psu / 50, psu, psu % 28, random.IntN(2), random.IntN(6), random.IntN(4)} {
			line = append(strconv.AppendInt(line, int64(x), 10), ',')
		}
		line = strconv.AppendFloat(line, 0.2+float64(random.IntN(4800))/1000, 'f', 3, 64)
		for k := range items {
			line = append(line, ',', "1234512345234334"[(random.IntN(16)+psu*k)%16])
		}
		out.Write(line)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// cost is what a process took.
type cost struct {
	time   time.Duration
	memory int64 // bytes
	failed bool
}

func (c cost) String() string {
	if c.failed {
		return "–"
	}
	return fmt.Sprintf("%.2f s, %s MB", c.time.Seconds(), survey.FormatCount(int(c.memory>>20)))
}

// longest is after how long a command is given up.
const longest = 5 * time.Minute

// measure runs a command and keeps the fastest of some runs, the first where it is slow.
func measure(t *testing.T, statement string, command ...string) (best cost) {
	t.Helper()
	for run := range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), longest)
		defer cancel()
		c := exec.CommandContext(ctx, command[0], command[1:]...)
		c.Env = append(os.Environ(), asked+"="+statement)
		begin := time.Now()
		words, err := c.CombinedOutput()
		took := time.Since(begin)
		if err != nil {
			t.Logf("%s: %v\n%s", strings.Join(command, " "), err, words)
			return cost{failed: true}
		}
		if run == 0 || took < best.time {
			best = cost{time: took, memory: c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10}
		}
		if took > 10*time.Second {
			break
		}
	}
	return best
}

// task is a question to all engines.
type task struct {
	name  string
	flags []string
	// columns are grouped by DuckDB, in one statement each.
	columns [][]string
}

func tasks() []task {
	all := make([]string, items)
	for k := range all {
		all[k] = fmt.Sprintf("q%d", k+1)
	}
	by := func(banner string, design ...string) (columns [][]string) {
		for _, q := range all {
			columns = append(columns, append([]string{banner, q}, design...))
		}
		return columns
	}
	weight := []string{"--weight", "weight"}
	design := append(weight, "--strata", "stratum", "--psu", "psu")
	return []task{
		{"one item by country", append(weight, "--proportion", "q1", "--by", "country"), [][]string{{"country", "q1"}}},
		{"ten items by country", append(weight, "--proportion", strings.Join(all, ","), "--by", "country"), by("country")},
		{"ten items by age, clusters", append(design, "--proportion", strings.Join(all, ","), "--by", "age"), by("age", "stratum", "psu")},
	}
}

// statement has the sums that a table needs, of all items in one pass.
func (k task) statement(from string) string {
	var sets []string
	var names []string
	for _, columns := range k.columns {
		sets = append(sets, "("+strings.Join(columns, ", ")+")")
		for _, name := range columns {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return fmt.Sprintf("SELECT %s, COUNT(*), SUM(weight), SUM(weight * weight) FROM %s GROUP BY GROUPING SETS (%s)", strings.Join(names, ", "), from, strings.Join(sets, ", "))
}

// source is where the program finds the rows.
type source struct {
	name string
	data []string // DATA of a command, with flags
	// load makes it of a file; nil where it is one.
	load func(t *testing.T, file string)
}

func TestBenchmark(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "surveykit")
	must(t, exec.Command("go", "build", "-tags", "duckdb", "-o", program, "surveykit/cmd/surveykit"))
	file := func(name string) string { return filepath.Join(dir, name) }
	convert := func(to ...string) func(*testing.T, string) {
		return func(t *testing.T, from string) {
			must(t, exec.Command(program, append([]string{"convert", from, "--force"}, to...)...))
		}
	}
	sources := []source{
		{"Parquet", []string{file("a.parquet")}, convert(file("a.parquet"))},
		{"CSV", []string{file("a.csv")}, nil},
	}
	for _, dsn := range []string{"sqlite:" + file("a.sqlite"), "duckdb:" + file("a.duckdb")} {
		name, _, _ := strings.Cut(dsn, ":")
		sources = append(sources, source{name, []string{dsn, "--table", "answers"}, convert(dsn, "--table", "answers")})
	}
	postgres := servertest.PostgresDSN(servertest.Postgres(t, 1)[0])
	sources = append(sources, source{"PostgreSQL", []string{postgres, "--table", "answers"}, convert(postgres, "--table", "answers")})
	shards := servertest.ClickHouse(t)
	clickhouse := servertest.ClickHouseDSN(shards[0], servertest.User)
	sources = append(sources, source{"ClickHouse, one server", []string{clickhouse, "--table", "answers"}, convert(clickhouse, "--table", "answers")})

	var page strings.Builder
	for _, size := range strings.Split(*sizes, ",") {
		rows, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		if err := simulate(file("a.csv"), rows); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&page, "\n## %s rows\n\n|", survey.FormatCount(rows))
		for _, k := range tasks() {
			fmt.Fprintf(&page, " | %s", k.name)
		}
		fmt.Fprintf(&page, " |\n|%s\n", strings.Repeat(" --- |", 1+len(tasks())))
		row := func(name string, of func(k task) cost) {
			fmt.Fprintf(&page, "| %s |", name)
			for _, k := range tasks() {
				c := of(k)
				t.Logf("%s rows, %s, %s: %s", size, name, k.name, c)
				fmt.Fprintf(&page, " %s |", c)
			}
			page.WriteString("\n")
		}
		for _, s := range sources {
			if s.load != nil {
				s.load(t, file("a.csv"))
			}
			row(s.name, func(k task) cost {
				return measure(t, "", append(append([]string{program, "estimate"}, s.data...), append(k.flags, "--json")...)...)
			})
			if from := map[string]string{"Parquet": "read_parquet('" + s.data[0] + "')", "CSV": "read_csv('" + s.data[0] + "')"}[s.name]; from != "" {
				row("DuckDB, "+s.name, func(k task) cost { return measure(t, k.statement(from), os.Args[0]) })
			}
		}
	}
	if err := os.WriteFile(*output, []byte(fmt.Sprintf(head, runtime.NumCPU(), processor(), memory())+page.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if words, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", c, err, words)
	}
}

// fact is what follows a word at the beginning of a line of a file of Linux.
func fact(path, word string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == word {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func processor() string { return fact("/proc/cpuinfo", "model name") }

func memory() string { return fact("/proc/meminfo", "MemTotal") }

const head = `# Benchmarks

Time and largest memory of whole processes, the fastest of three runs, or one where it takes over ten seconds (– after five minutes): ` + "`surveykit estimate`" + `
with standard errors and intervals, and DuckDB with the grouped sums that the same tables
need (n, Σw and Σw² of each cell), without standard errors. The memory of a server is not in it.

Machine: %d cores (%s), %s of memory. Data: simulated answers of 1,500 clusters in 30 strata,
17 columns. The page is written by

    CGO_ENABLED=1 go test -tags benchmark,duckdb -timeout 5h ./cmd/benchmark -rows 100000,1000000,10000000
`
