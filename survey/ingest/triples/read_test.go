package triples

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// readFiles writes the files into a new folder and reads the one named s.sss.
func readFiles(t testing.TB, files map[string]string) (*survey.Table, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Read(strings.NewReader(files["s.sss"]), int64(len(files["s.sss"])), filepath.Join(dir, "s.sss"))
}

// one is a definition with a record of these attributes and variables.
func one(attributes, variables string) string {
	return `<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE sss PUBLIC "x" "http://nowhere.test/sss.dtd">
<sss version="2.0"><survey><title>T<br/>U</title><record ident="V" ` + attributes + `>` + variables + `</record></survey></sss>`
}

const variables = `
<variable ident="1" type="quantity" use="serial"><name>id</name><label>Number</label><position start="1" finish="3"/></variable>
<variable ident="2" type="date"><name>day</name><label>Day</label><position start="4" finish="11"/></variable>
<variable ident="3" type="time"><name>at</name><label>At</label><position start="12" finish="17"/></variable>
<variable ident="4" type="SINGLE"><name>q1</name><label>Plain <text mode="interview">Asked?</text><text mode="analysis">Tabled</text></label><position start="18"/>
 <filter>id</filter><values><value code="0" score="1">None &eacute;</value><value code="1">Some<br/>more</value></values></variable>
<variable ident="5" type="multiple"><name>q2</name><label>Which?</label><position start="19" finish="22"/>
 <values><value code="1">One</value><value code="2">Two</value><value code="4">Four</value></values></variable>
<variable ident="6" type="multiple"><name>q3</name><label>Two of</label><position start="23" finish="26"/><spread subfields="2"/>
 <values><value code="1">One</value><value code="12">Twelve</value></values></variable>
<variable ident="7" type="single" format="literal"><name>q4</name><label/><position start="27"/><values><value code="A">Ay</value></values></variable>
<variable ident="8" type="quantity"><name>q5</name><label>Miles</label><position start="28" finish="30"/><values><range from="1" to="500"/><value code="999">Not stated</value><value code="DK">Don't know</value></values></variable>
<variable ident="9" type="quantity" use="weight"><name>w</name><label>Weight</label><position start="31" finish="34"/></variable>
<variable ident="10" type="character"><name>says</name><label>Says</label><position start="35" finish="40"/></variable>`

// fixed are three records of the variables; the third lacks all but the number.
const fixed = "00120180228101000010010112A 12 0.5a \xe9\r\n" + "00200000000      1    1200 DK 1\n" + "003\n"

func TestFixed(t *testing.T) {
	table, err := readFiles(t, map[string]string{"s.sss": one("", variables), "s.asc": fixed})
	if err != nil {
		t.Fatal(err)
	}
	want := "id|day|at|q1|q2_1|q2_2|q2_4|q3_1|q3_2|q4|q5|w|says\n" +
		"1|17590|36600|0|1|0|1|1|12|A|12|0.5|a é\n" + "2|||1||||12||||1|\n" + "3||||||||||||\n"
	if diff := cmp.Diff(want, damagetest.Shown(table)); diff != "" {
		t.Error(diff)
	}
	counted := survey.NumberValue(1)
	sets := []survey.MultipleResponse{{Name: "q2", Label: "Which?", Variables: []string{"q2_1", "q2_2", "q2_4"}, Counted: &counted},
		{Name: "q3", Label: "Two of", Variables: []string{"q3_1", "q3_2"}}}
	if diff := cmp.Diff(sets, table.Sets); diff != "" {
		t.Error(diff)
	}
	q1 := table.Lookup("q1")
	codes := []survey.Code{{Value: survey.NumberValue(0), Label: "None é"}, {Value: survey.NumberValue(1), Label: "Some more"}}
	if diff := cmp.Diff(codes, q1.Codes); diff != "" || q1.Label != "Tabled" || table.Lookup("q2_4").Label != "Four" {
		t.Errorf("label %q, codes %s", q1.Label, diff)
	}
	if table.Weight != "w" || table.Lookup("day").Kind != survey.Date || table.Lookup("at").Kind != survey.TimeOfDay {
		t.Errorf("weight %q", table.Weight)
	}
	told := strings.Join(table.Notices.Texts(), "\n")
	for _, words := range []string{"filters of 1 variables", "scores of 1 answers", "q5: the code DK (Don't know) is not a number and is read as missing in 1 records"} {
		if !strings.Contains(told, words) {
			t.Errorf("%q is not told: %s", words, told)
		}
	}
	if s := table.Sources; len(s) != 1 || filepath.Base(s[0].Path) != "s.asc" || s[0].Bytes != int64(len(fixed)) {
		t.Errorf("sources %+v", s)
	}
}

// few are variables of CSV.
const few = `<variable ident="1" type="time"><name>at</name><position start="1"/></variable>
<variable ident="2" type="multiple"><name>q</name><position start="2"/><spread subfields="2"/><values><value code="1">a</value><value code="0">none</value></values></variable>
<variable ident="3" type="character"><name>s</name><position start="3"/></variable>
<variable ident="4" type="multiple"><name>m</name><position start="4" finish="5"/><spread subfields="2" width="2"/></variable>`

// The data may have another name, be in UTF-8, and be CSV with headings.
func TestCSV(t *testing.T) {
	table, err := readFiles(t, map[string]string{
		"s.sss": one(`format="csv" skip="1" encoding="UTF-8" href="d.txt"`, few), "d.txt": "at,q,s,m,m\n93000,10,\"ü, \"\"x\"\"\",12,0\n,0,,,7\n"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("at|q_1|q_2|s|m_1|m_2\n34200|1|0|ü, \"x\"|12|\n|0||||7\n", damagetest.Shown(table)); diff != "" {
		t.Error(diff)
	}
}

const (
	homes  = `<variable ident="1" type="quantity"><name>home</name><position start="1"/></variable><variable ident="2" type="character"><name>town</name><position start="2" finish="4"/></variable>`
	people = `<variable ident="1" type="quantity"><name>home</name><position start="1"/></variable><variable ident="2" type="quantity"><name>town</name><position start="2"/></variable>`
	levels = `<sss version="2.0"><hierarchy><level ident="h" href="h.sss"/><level ident="p" href="p.sss"><parent level="h" linkvar="home"/></level></hierarchy></sss>`
)

func TestHierarchy(t *testing.T) {
	table, err := readFiles(t, map[string]string{"s.sss": levels, "h.sss": one("", homes), "h.asc": "1Ulm\n2Rom\n",
		"p.sss": one("", people), "p.asc": "27\n13\n28\n99\n"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("home|town|town_3\n2|7|Rom\n1|3|Ulm\n2|8|Rom\n9|9|\n", damagetest.Shown(table)); diff != "" {
		t.Error(diff)
	}
	told := strings.Join(table.Notices.Texts(), "\n")
	if !strings.Contains(told, `the level "p" was read, of the levels h, p`) || !strings.Contains(told, "1 records have no record of the level h") {
		t.Error(told)
	}
	if len(table.Sources) != 4 {
		t.Errorf("%d sources", len(table.Sources))
	}
}

func TestRefused(t *testing.T) {
	const q = `<variable ident="1" type="quantity"><name>q</name><position start="1" finish="2"/></variable>`
	for what, c := range map[string]struct {
		files map[string]string
		words string
	}{
		"not XML":     {map[string]string{"s.sss": "id,a\n1,2\n"}, "cannot be read"},
		"cut":         {map[string]string{"s.sss": one("", q)[:150]}, "cannot be read"},
		"no data":     {map[string]string{"s.sss": one("", q)}, "there is no file s.asc"},
		"outside":     {map[string]string{"s.sss": one(`href="../secret.asc"`, q)}, "outside its folder"},
		"absolute":    {map[string]string{"s.sss": one(`href="/etc/passwd"`, q)}, "outside its folder"},
		"level":       {map[string]string{"s.sss": strings.Replace(levels, "h.sss", "../h.sss", 1)}, "outside its folder"},
		"no level":    {map[string]string{"s.sss": levels}, "there is no file h.sss"},
		"itself":      {map[string]string{"s.sss": strings.Replace(levels, "h.sss", "s.sss", 1)}, "has no survey"},
		"upside down": {map[string]string{"s.sss": strings.Replace(levels, `level="h"`, `level="x"`, 1), "h.sss": one("", homes), "h.asc": "", "p.sss": one("", people), "p.asc": ""}, "must be defined before"},
		"twins":       {map[string]string{"s.sss": levels, "h.sss": one("", homes), "h.asc": "1Ulm\n1Rom\n", "p.sss": one("", people), "p.asc": "11\n"}, "row 2, column home, value \"1\": two records"},
		"type":        {map[string]string{"s.sss": one("", strings.Replace(q, "quantity", "essay", 1))}, `column q: there is no type "essay"`},
		"position":    {map[string]string{"s.sss": one("", strings.Replace(q, `finish="2"`, `finish="2000000000"`, 1))}, "does not exist"},
		"nowhere":     {map[string]string{"s.sss": one("", strings.Replace(q, `<position start="1" finish="2"/>`, "", 1))}, "no position"},
		"subfields":   {map[string]string{"s.sss": one("", strings.Replace(strings.Replace(q, "quantity", "multiple", 1), "</v", `<spread subfields="3"/></v`, 1))}, "2 columns cannot hold 3 subfields"},
		"bit":         {map[string]string{"s.sss": one("", strings.Replace(strings.Replace(q, "quantity", "multiple", 1), "</v", `<values><value code="3">c</value></values></v`, 1))}, `there is no bit for the code "3"`},
		"number":      {map[string]string{"s.sss": one("", q), "s.asc": "12\n1,\n1x\n"}, "s.asc:2: row 2, column q, value \"1,\": this is not a quantity"},
		"short CSV":   {map[string]string{"s.sss": one(`format="csv"`, q), "s.csv": "1\n"}, "the record has 1 fields"},
		"quotes":      {map[string]string{"s.sss": one(`format="csv"`, q), "s.csv": "1,2\n\"1,2\n"}, "this is not CSV"},
		"bits":        {map[string]string{"s.sss": one("", variables), "s.asc": strings.Replace(fixed, "1001", "1002", 1)}, "a bit is neither 0 nor 1"},
		"day":         {map[string]string{"s.sss": one("", variables), "s.asc": strings.Replace(fixed, "0228", "0230", 1)}, "this is not a date"},
	} {
		table, err := readFiles(t, c.files)
		var found survey.Problems
		if !errors.As(err, &found) || table != nil || !strings.Contains(err.Error(), c.words) || found[0].Remedy == "" {
			t.Errorf("%s: got %v, want %q", what, err, c.words)
		}
	}
}

// A link in the folder that leads out of it is not followed.
func TestLinksStayInside(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.asc")
	if err := os.WriteFile(secret, []byte("42\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(secret, filepath.Join(dir, "s.asc")); err != nil {
		t.Skip("links cannot be made here: ", err)
	}
	text := one("", `<variable ident="1" type="quantity"><name>q</name><position start="1" finish="2"/></variable>`)
	if table, err := Read(strings.NewReader(text), int64(len(text)), filepath.Join(dir, "s.sss")); err == nil {
		t.Errorf("read %s", damagetest.Shown(table))
	}
}

// A few bytes that define a million columns for many short records are refused.
func TestBound(t *testing.T) {
	few := one("", strings.Repeat(`<variable ident="1" type="multiple"><name>q</name><position start="1" finish="100000"/><spread subfields="100000"/></variable>`, 1))
	_, err := readFiles(t, map[string]string{"s.sss": few, "s.asc": strings.Repeat("1\n", 10000)})
	if err == nil || !strings.Contains(err.Error(), "100000 columns for 10001 short records") {
		t.Errorf("got %v", err)
	}
}

// The standard's own examples: the same survey in fixed columns and as CSV, and
// households, persons and trips.
func TestExamplesOfTheStandard(t *testing.T) {
	dir := "../../../../shared/data/formats/triples/"
	read := func(name string) *survey.Table {
		content, err := os.ReadFile(dir + name)
		if err != nil {
			t.Skipf("shared survey data not there: %v", err)
		}
		table, err := Read(bytes.NewReader(content), int64(len(content)), dir+name)
		if err != nil {
			t.Fatal(err)
		}
		return table
	}
	want := "RESPONDENT_ID|Q1.a|Q1.b|Q2|Q3_1|Q3_2|Q3_3|Q3_4|Q3_5|Q3_9|Q3.a|Q4|Q5_1|Q5_2|Q6|Q7|Q8|WT\n" +
		"520001|12907|40800|0|1|0|1|0|1|1|Nottingham Goose Fair|2|5|1|25|1|A|1.131\n" +
		"520002|12909|49380|2|0|1|0|0|0|0||9|2||100|0||0.9921\n" +
		"520003|12906|65100|1|1|1|0|0|0|1|\"Heritage\" Zone|1|9|2|999|1|C|1.0089\n"
	for _, name := range []string{"example1.sss", "example2.sss"} {
		if diff := cmp.Diff(want, damagetest.Shown(read(name))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	trips := read("hierarchyDefinition.sss")
	if trips.Rows != 12 || strings.Join(trips.Names(), " ") != "pnumber tpurpose tmode hnumber pgender page htype hlocation" {
		t.Errorf("%d rows of %v", trips.Rows, trips.Names())
	}
	if got := strings.Split(damagetest.Shown(trips), "\n")[7]; got != "1000201|2|1|10002|1|4|3|2" {
		t.Errorf("got %s", got)
	}
}
