package sas

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// utf8Code is the encoding code of UTF-8.
const utf8Code = 20

// encodings are the encodings by the code in the header.
var encodings = map[byte]encoding.Encoding{
	28: charmap.Windows1252, // ASCII
	29: charmap.ISO8859_1, 30: charmap.ISO8859_2, 31: charmap.ISO8859_3, 32: charmap.ISO8859_4, 33: charmap.ISO8859_5,
	34: charmap.ISO8859_6, 35: charmap.ISO8859_7, 36: charmap.ISO8859_8, 37: charmap.ISO8859_9, 38: charmap.ISO8859_10,
	39: charmap.Windows874, 40: charmap.ISO8859_15,
	41: charmap.CodePage437, 42: charmap.CodePage850, 43: charmap.CodePage852, 45: charmap.CodePage858,
	46: charmap.CodePage862, 48: charmap.CodePage865, 49: charmap.CodePage866, 51: charmap.Windows874,
	60: charmap.Windows1250, 61: charmap.Windows1251, 62: charmap.Windows1252, 63: charmap.Windows1253, 64: charmap.Windows1254,
	65: charmap.Windows1255, 66: charmap.Windows1256, 67: charmap.Windows1257, 68: charmap.Windows1258,
	118: traditionalchinese.Big5, 123: traditionalchinese.Big5, 125: simplifiedchinese.GBK, 126: simplifiedchinese.GBK, 205: simplifiedchinese.GB18030,
	134: japanese.EUCJP, 136: japanese.ShiftJIS, 138: japanese.ShiftJIS, 140: korean.EUCKR, 141: korean.EUCKR,
}

// decoder is the decoder for the encoding that the header names.
func (f *dataFile) decoder() raw.Decoder {
	if f.encoding == utf8Code {
		return raw.Decoder{}
	}
	if e, ok := encodings[f.encoding]; ok {
		return raw.Decoder{Encoding: e}
	}
	f.Note(survey.NoticeEncoding, nil, "the file's character encoding %d is not known: read as UTF-8 or windows-1252", f.encoding)
	return guessing()
}

// guessing is the decoder for text of which nothing is known.
func guessing() raw.Decoder { return raw.Decoder{Encoding: charmap.Windows1252, Guess: true} }
