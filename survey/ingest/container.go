package ingest

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/richardlehane/mscfb"

	"surveykit/survey"
	"surveykit/survey/ingest/compound"
	"surveykit/survey/ingest/packed"
)

// zipped is what ZIP files begin with.
const zipped = "PK\x03\x04"

// kind is what a file turned out to be: a format by its first ending, or something that is
// not read, with the way out.
type kind struct{ ending, foreign, remedy string }

// kindOf looks into a file that holds others.
func kindOf(r io.ReaderAt, size int64, start []byte) kind {
	switch {
	case bytes.HasPrefix(start, []byte(zipped)):
		return kindOfZip(r, size)
	case bytes.HasPrefix(start, []byte(compound.Signature)):
		return kindOfCompound(r, size)
	}
	for _, f := range []struct {
		signature string
		kind
	}{
		{"\x1f\x8b", kind{foreign: "a file that was packed twice", remedy: "unpack it once: gunzip FILE"}},
		{"\x28\xb5\x2f\xfd", kind{foreign: "a file that was packed twice", remedy: "unpack it once: unzstd FILE"}},
		{"FEA1", kind{foreign: "a Feather file of version 1", remedy: "write it again as version 2, or as Parquet"}},
		{"%PDF-", kind{foreign: "a PDF document", remedy: "ask for the data from which it was made, as CSV, .sav or .xlsx"}},
		{"X\n\x00\x00\x00", rData}, {"RDX2\n", rData}, {"RDX3\n", rData}, {"RDA2\n", rData}, {"RDA3\n", rData}, {"BZh91AY&SY", rData}, {"\xfd7zXZ", rData},
		{"SQLite format 3\x00", kind{foreign: "an SQLite database", remedy: "give it as sqlite:FILE, with --table or --query"}},
		{"\x00\x01\x00\x00Standard ", kind{foreign: "an Access database", remedy: "export the table from Access as .xlsx or CSV"}},
		{"Rar!\x1a", kind{foreign: "a RAR archive", remedy: unpackIt}}, {"7z\xbc\xaf", kind{foreign: "a 7-Zip archive", remedy: unpackIt}},
		{"\x89HDF", kind{foreign: "an HDF5 or MATLAB file", remedy: "write the table as CSV or Parquet"}},
		{"{\\rtf", kind{foreign: "an RTF document", remedy: saveTable}}, {"\x89PNG", kind{foreign: "a picture", remedy: saveTable}}, {"\xff\xd8\xff", kind{foreign: "a picture", remedy: saveTable}},
	} {
		if bytes.HasPrefix(start, []byte(f.signature)) {
			return f.kind
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n"))
	if bytes.HasPrefix(text, []byte("<html")) || bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<table")) {
		return kind{foreign: "a web page", remedy: inSpreadsheet}
	}
	if bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("<?mso-app")) {
		return kind{foreign: "an XML spreadsheet of Excel 2003", remedy: inSpreadsheet}
	}
	return kind{}
}

const (
	unpackIt  = "unpack it and give the file in it, or pack that as .zip"
	saveTable = "save the table in it as CSV or .xlsx"

	inSpreadsheet = "open it in a spreadsheet program and save the table as .xlsx"
)

var rData = kind{foreign: "a file of R, or one packed by bzip2 or xz", remedy: "in R, write it with haven::write_sav or write.csv; unpack other files first"}

// kindOfZip tells workbooks and documents, which are ZIP files, from archives.
func kindOfZip(r io.ReaderAt, size int64) kind {
	files, err := zip.NewReader(r, size)
	if err != nil {
		return kind{ending: ".xlsx"} // whose reader says what is wrong
	}
	has := func(name string) bool {
		return slices.ContainsFunc(files.File, func(f *zip.File) bool {
			return strings.HasPrefix(strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")), name)
		})
	}
	switch {
	case has("xl/workbook.bin"):
		return kind{foreign: "a binary Excel workbook (.xlsb)", remedy: "save it in Excel as .xlsx"}
	case has("word/document.xml"):
		return kind{foreign: "a Word document", remedy: saveTable}
	case has("ppt/presentation.xml"):
		return kind{foreign: "a PowerPoint presentation", remedy: saveTable}
	case has("index/document.iwa"), has("index.zip"):
		return kind{foreign: "a document of Apple's Numbers, Pages or Keynote", remedy: "export it there as .xlsx or CSV"}
	case has("[content_types].xml"), has("xl/"):
		return kind{ending: ".xlsx"}
	case has("content.xml") && has("meta-inf/manifest.xml"):
		return kind{ending: ".ods"}
	}
	return kind{ending: archiveEnding}
}

// kindOfCompound tells the files of old Office programs apart.
func kindOfCompound(r io.ReaderAt, size int64) kind {
	k := kind{foreign: "a file of an old Office program, or a damaged one", remedy: saveTable}
	// Of a damaged file no more is known than was seen.
	_ = compound.Entries(r, size, func(f *mscfb.File) bool {
		switch f.Name {
		case "EncryptedPackage":
			k = kind{foreign: "a workbook that is protected by a password", remedy: "open it and save it without a password"}
		case "Workbook", "Book":
			k = kind{ending: ".xls"}
		case "WordDocument":
			k = kind{foreign: "a Word document", remedy: saveTable}
		case "PowerPoint Document":
			k = kind{foreign: "a PowerPoint presentation", remedy: saveTable}
		default:
			return true
		}
		return false
	})
	return k
}

// archiveEnding is that of archives, and parts the path of one from the name of a file in it.
const archiveEnding = ".zip"

// inArchive parts the path of a file in an archive, ARCHIVE.zip:FILE; member is "" where the
// path is that of a file of its own.
func inArchive(name string) (archive, member string) {
	k := strings.Index(strings.ToLower(name), archiveEnding+":")
	if k < 0 {
		return name, ""
	}
	if _, err := os.Stat(name); err == nil {
		return name, ""
	}
	k += len(archiveEnding)
	return name[:k], name[k+1:]
}

// readArchive reads the file of an archive that its path names, or the only table there is.
func readArchive(r io.ReaderAt, size int64, name string, o Options) (*survey.Table, error) {
	files, err := zip.NewReader(r, size)
	if err != nil {
		return nil, problem(name, "the archive is damaged: "+err.Error(), "copy it again")
	}
	archive, member := inArchive(name)
	var tables []*zip.File
	var names []string
	for _, f := range files.File {
		base := path.Base(f.Name)
		if f.FileInfo().IsDir() || strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(base, ".") || member != "" && f.Name != member {
			continue
		}
		if member != "" || slices.ContainsFunc(formats(), func(f format) bool {
			return f.name != archiveName && slices.Contains(f.endings, ending(packed.Name(base)))
		}) {
			tables, names = append(tables, f), append(names, f.Name)
		}
	}
	switch {
	case len(tables) == 0 && member != "":
		return nil, problem(archive, "the archive has no file "+member, "give the name that the file has in it, with its folders")
	case len(tables) == 0:
		return nil, problem(archive, "the archive has no table", "pack one of "+formatsRead())
	case len(tables) > 1:
		return nil, survey.Problems{{File: archive, Value: strings.Join(names[:min(len(names), 10)], ", "), Message: "the archive has several tables",
			Remedy: "name one of them: " + archive + ":" + names[0]}}
	}
	content, err := unzipped(tables[0], size)
	if err != nil {
		return nil, problem(archive, "the file "+names[0]+" of the archive cannot be read: "+err.Error(), "unpack it and give the file, or pack it again")
	}
	inside := archive + ":" + names[0]
	inner, length, f, err := recognise(bytes.NewReader(content), int64(len(content)), inside)
	if err == nil && f.name == archiveName {
		err = problem(inside, "this is an archive within an archive", "unpack it")
	}
	if err != nil {
		return nil, err
	}
	t, err := f.table(inner, length, inside, o)
	if err != nil {
		return nil, err
	}
	told := *t
	told.Notices = slices.Clone(t.Notices)
	if member == "" && len(files.File) > 1 {
		told.Notices.Note(survey.NoticeUnread, nil, "%s was read, the table of the archive (%s)", names[0], f.program)
	}
	return &told, nil
}

// unzipped is the content of a file of an archive of size bytes, bounded as packed files are.
func unzipped(f *zip.File, size int64) ([]byte, error) {
	if f.Flags&1 != 0 {
		return nil, errors.New("it is protected by a password")
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	limit := packed.Limit(size)
	content, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(content)) > limit:
		return nil, errors.New("it unpacks to far more than survey data")
	case len(content) == 0:
		return nil, errors.New("it is empty")
	}
	return content, nil
}
