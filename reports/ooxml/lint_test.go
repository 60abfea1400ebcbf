package ooxml

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// order lists the children of an element in the order of ECMA-376, part 1,
// annex A (dml-chart.xsd and dml-main.xsd), as far as the charts use them.
var order = map[string]string{
	"chartSpace":     "date1904 lang roundedCorners style clrMapOvr pivotSource protection chart spPr txPr externalData printSettings",
	"externalData":   "autoUpdate",
	"chart":          "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs",
	"title":          "tx layout overlay spPr txPr",
	"tx":             "strRef rich v",
	"rich":           "bodyPr lstStyle p",
	"txPr":           "bodyPr lstStyle p",
	"p":              "pPr r endParaRPr",
	"pPr":            "defRPr",
	"r":              "rPr t",
	"rPr":            "ln solidFill latin ea cs",
	"defRPr":         "ln solidFill latin ea cs",
	"plotArea":       "layout barChart lineChart scatterChart catAx valAx dTable spPr",
	"layout":         "manualLayout",
	"manualLayout":   "layoutTarget xMode yMode wMode hMode x y w h",
	"barChart":       "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId",
	"lineChart":      "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId",
	"scatterChart":   "scatterStyle varyColors ser dLbls axId",
	"dPt":            "idx invertIfNegative marker bubble3D explosion spPr",
	"dLbls":          "dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator showLeaderLines",
	"dLbl":           "idx delete layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator",
	"errBars":        "errDir errBarType errValType noEndCap plus minus val spPr",
	"catAx":          "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt auto lblAlgn lblOffset noMultiLvlLbl",
	"valAx":          "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt crossBetween majorUnit minorUnit dispUnits",
	"scaling":        "logBase orientation max min",
	"legend":         "legendPos legendEntry layout overlay spPr txPr",
	"legendEntry":    "idx delete txPr",
	"numRef":         "f numCache",
	"strRef":         "f strCache",
	"numCache":       "formatCode ptCount pt",
	"strCache":       "ptCount pt",
	"pt":             "v",
	"spPr":           "xfrm custGeom prstGeom noFill solidFill gradFill ln",
	"ln":             "noFill solidFill prstDash",
	"solidFill":      "srgbClr",
	"cat":            "numRef strRef",
	"val":            "numRef",
	"xVal":           "numRef strRef",
	"yVal":           "numRef",
	"plus":           "numRef",
	"minus":          "numRef",
	"barSer":         "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat val shape",
	"lineSer":        "idx order tx spPr marker dPt dLbls trendline errBars cat val smooth",
	"scatterSer":     "idx order tx spPr marker dPt dLbls trendline errBars xVal yVal smooth",
	"seriesMarker":   "symbol size spPr",
	"majorGridlines": "spPr",
}

// lint reports the children of a chart part that stand where Excel does not
// take them.
func lint(part string) []string {
	var faults, path []string
	var at []int
	dec := xml.NewDecoder(strings.NewReader(part))
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return faults
		}
		if err != nil {
			return append(faults, err.Error())
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if len(path) > 0 {
				parent := kindOf(path)
				known := strings.Fields(order[parent])
				i := slices.Index(known, name)
				if i < 0 || i < at[len(at)-1] {
					faults = append(faults, fmt.Sprintf("%s in %s", name, strings.Join(path, "/")))
				}
				at[len(at)-1] = max(i, at[len(at)-1])
			}
			path, at = append(path, name), append(at, 0)
		case xml.EndElement:
			path, at = path[:len(path)-1], at[:len(at)-1]
		}
	}
}

// kindOf tells the elements apart that share a name.
func kindOf(path []string) string {
	name := path[len(path)-1]
	switch {
	case name == "ser":
		return strings.TrimSuffix(path[len(path)-2], "Chart") + "Ser"
	case name == "marker" && path[len(path)-2] != "lineChart":
		return "seriesMarker"
	}
	return name
}

func TestLintSeesDisorder(t *testing.T) {
	for _, part := range []string{
		"<chart><plotArea/><title/></chart>",
		"<barChart><ser><cat/><errBars/></ser></barChart>",
		"<chart><unheard/></chart>",
	} {
		if len(lint(part)) != 1 {
			t.Errorf("lint finds %v in %s", lint(part), part)
		}
	}
}
