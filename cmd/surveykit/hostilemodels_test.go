package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// modelled is a home with the models of segments and of propensities in it, and
// the calls that read each.
func modelled(t *testing.T) (h *home, calls map[string][][]string) {
	t.Helper()
	var data strings.Builder
	data.WriteString("w,q,r,s,t\n")
	for i := range 200 {
		fmt.Fprintf(&data, "%d,%d,%d,%d,%d\n", 1+i%3, 1+i%2, 1+i/2%3, 1+i%2*i%3, i*7%2)
	}
	h = newHome(t, map[string][]byte{"data.csv": []byte(data.String())})
	at := func(name string) string { return filepath.Join(h.dir, name) }
	for _, args := range [][]string{
		{"segment", "latent-class", "data.csv", "--items=q,r,s", "--classes=2", "--starts=2", "--model=" + at("classes.json")},
		{"segment", "k-means", "data.csv", "--items=q,r,s", "--clusters=2", "--starts=2", "--model=" + at("means.json")},
		{"propensity", "data.csv", "--outcome=t", "--predictors=q,r", "--model=" + at("propensity.json")},
	} {
		if status, said := h.watched("model", args...); status != exitDone {
			t.Fatalf("%v: %s", args, said)
		}
	}
	assign := func(model string) []string {
		return []string{"segment", "assign", model, "data.csv", "--output=" + at("out.csv")}
	}
	return h, map[string][][]string{
		"classes.json": {assign("classes.json"), {"segment", "typing", "data.csv", "--model=" + at("classes.json"), "--items=2", "--workbook=" + at("tool.xlsx")}},
		"means.json":   {assign("means.json")}, "propensity.json": {{"score", "propensity.json", "data.csv", "--output=" + at("out.csv")}},
	}
}

// jsonBombs are texts that take a parser's memory, stack or time, or claim what
// is not there.
func jsonBombs() map[string]string {
	model := `{"surveykit":"segments/1","method":"latent-class","names":["a","b"],"items":[{"variable":"q"}],"latent_class":%s}`
	return map[string]string{
		"brackets": strings.Repeat("[", 5_000_000), "braces": strings.Repeat(`{"a":`, 1_000_000), "closed": strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"long": `{"surveykit":"` + strings.Repeat("x", 20_000_000) + `"}`, "number": `{"surveykit":` + strings.Repeat("9", 1_000_000) + `}`, "keys": "{" + strings.Repeat(`"a":1,`, 500_000) + `"a":1}`,
		"infinite": fmt.Sprintf(model, `{"prior":[1e999,0]}`), "none": fmt.Sprintf(model, "null"), "negative": fmt.Sprintf(model, `{"items":[{"codes":[-1]}],"classes":-5}`),
		"many": fmt.Sprintf(model, `{"prior":[`+strings.Repeat("0,", 2_000_000)+`1]}`), "empty": "", "null": "null", "list": "[]", "text": `"x"`, "two": "{}{}", "bytes": "\xff\xfe{}", "nothing": "{}",
	}
}

// Models from somebody else: texts that take memory, stack or time are refused
// wherever a model is read.
func TestModelBombs(t *testing.T) {
	h, calls := modelled(t)
	all := jsonBombs()
	for _, model := range []string{"classes.json", "means.json", "propensity.json"} {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			h.put(model, []byte(all[name]))
			for _, args := range calls[model] {
				if status, said := h.call("bomb "+name, slices.Clone(args)...); status != exitInvalid || len(said) > 10_000 {
					t.Errorf("%s %s: status %d: %.300s", args[1], name, status, said)
				}
			}
		}
	}
}

// Models that are harmed at random, the same in each run, are read or refused.
func TestHostileModels(t *testing.T) {
	cases := 150
	if *full {
		cases = 10_000
	}
	h, calls := modelled(t)
	models := map[string][]byte{}
	for name := range calls {
		models[name] = h.read(name)
	}
	count := map[int]int{}
	for i := range cases {
		r := rand.New(rand.NewPCG(9, uint64(i)))
		name := slices.Sorted(maps.Keys(models))[i%len(models)]
		how, harmed := harm(r, name, models[name])
		h.put(name, harmed)
		status, _ := h.call(fmt.Sprintf("case %d, %s %s", i, name, how), slices.Clone(calls[name][i/len(models)%len(calls[name])])...)
		count[status]++
	}
	t.Logf("%d cases: %d still valid, %d refused", cases, count[exitDone], count[exitInvalid])
	if count[exitInvalid] < cases/4 {
		t.Errorf("of %d cases %d are refused: the harm is too small", cases, count[exitInvalid])
	}
}
