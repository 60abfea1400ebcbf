package study

import (
	"reflect"
	"strings"

	"surveykit/survey"
)

// decode fills a value from a tree that the schema has accepted. Text fields
// take any single value as it is written, so a wave may be 2011 and a label 0.10.
func decode(n *node, v reflect.Value) {
	if n.form == null || decodeOwn(n, v.Addr().Interface()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		decode(n, v.Elem())
	case reflect.Struct:
		decodeStruct(n, v)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
		for i, item := range n.items {
			decode(item, v.Index(i))
		}
	case reflect.Map:
		decodeMap(n, v)
	case reflect.String:
		v.SetString(n.text)
	case reflect.Bool:
		v.SetBool(isTrue(n.text))
	case reflect.Int:
		x, _ := float(n.text)
		v.SetInt(int64(x))
	case reflect.Float64:
		x, _ := float(n.text)
		v.SetFloat(x)
	}
}

// decodeOwn fills the types that have a notation of their own.
func decodeOwn(n *node, target any) bool {
	switch out := target.(type) {
	case *survey.Value:
		*out = value(n)
	case *survey.CodeList:
		*out = codes(n)
	case *survey.NetList:
		*out = nets(n)
	case *survey.MissingList:
		*out = missing(n)
	case *survey.RowSpec:
		if !n.isScalar() {
			return false
		}
		out.Variable = n.text
	case *survey.ColumnSpec:
		if !n.isScalar() {
			return false
		}
		*out = survey.ParseColumn(n.text)
	case *survey.SortSpec:
		if !n.isScalar() {
			return false
		}
		out.Order = n.text
	default:
		return false
	}
	return true
}

func decodeStruct(n *node, v reflect.Value) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if e := n.find(name); e != nil {
			decode(e.value, v.Field(i))
		}
	}
}

func decodeMap(n *node, v reflect.Value) {
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.entries)))
	for _, e := range n.entries {
		item := reflect.New(v.Type().Elem()).Elem()
		decode(e.value, item)
		v.SetMapIndex(reflect.ValueOf(e.key.text), item)
	}
}

// value is a number where the scalar is written as one, else text.
func value(n *node) survey.Value {
	if n.form == number {
		x, _ := float(n.text)
		return survey.NumberValue(x)
	}
	return survey.TextValue(n.text)
}

func codes(n *node) survey.CodeList {
	out := make(survey.CodeList, len(n.entries))
	for i, e := range n.entries {
		out[i] = survey.Code{Value: value(e.key), Label: e.value.text}
	}
	return out
}

func nets(n *node) survey.NetList {
	out := make(survey.NetList, len(n.entries))
	for i, e := range n.entries {
		values := make([]survey.Value, len(e.value.items))
		for j, item := range e.value.items {
			values[j] = value(item)
		}
		out[i] = survey.Net{Label: e.key.text, Values: values}
	}
	return out
}

func missing(n *node) survey.MissingList {
	var out survey.MissingList
	for _, item := range n.items {
		out = append(out, missingValue(value(item), survey.ReasonUnknown))
	}
	for _, e := range n.entries {
		out = append(out, missingValue(value(e.key), survey.Reason(e.value.text)))
	}
	return out
}

func missingValue(v survey.Value, why survey.Reason) survey.Missing {
	if v.IsText {
		return survey.MissingText(v.Text, why)
	}
	return survey.MissingNumber(v.Number, why)
}
