package ooxmltest

import (
	"strings"
	"testing"
)

func TestFaultsSeesDisorder(t *testing.T) {
	spaces := ""
	for space, prefix := range prefixes {
		spaces += ` xmlns:` + prefix + `="` + space + `"`
	}
	for part, want := range map[string]int{
		`<c:chart%><c:title/><c:plotArea/></c:chart>`:                             0,
		`<c:chart%><c:plotArea/><c:title/></c:chart>`:                             1,
		`<c:barChart%><c:ser><c:cat/><c:errBars/></c:ser></c:barChart>`:           1,
		`<c:chart%><c:unheard/></c:chart>`:                                        1,
		`<x:worksheet%><x:sheetData/><x:cols/></x:worksheet>`:                     1,
		`<x:worksheet%><x:cols/><x:sheetData/></x:worksheet>`:                     0,
		`<p:spTree%><p:nvGrpSpPr/><p:grpSpPr/><p:pic/><p:sp/><p:pic/></p:spTree>`: 0,
		`<p:sp%><p:txBody/><p:spPr/></p:sp>`:                                      1,
		`<xdr:oneCellAnchor%><xdr:pic/><xdr:from/></xdr:oneCellAnchor>`:           1,
		`<c:title%><c:tx><a:rich/></c:tx></c:title>`:                              1,
		`<c:title%><c:tx>`: 1,
	} {
		if got := Faults(strings.Replace(part, "%", spaces, 1)); len(got) != want {
			t.Errorf("%s: %v, want %d", part, got, want)
		}
	}
}
