package spec

import (
	"reflect"
	"strings"

	"surveykit/survey"
)

// decode fills a value from a tree that the schema has accepted. Text fields
// take any single value as it is written, so a wave may be 2011 and a label 0.10.
func decode(n *Node, v reflect.Value) {
	if n.Form == Null || decodeOwn(n, v.Addr().Interface()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		decode(n, v.Elem())
	case reflect.Struct:
		decodeStruct(n, v)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
		for i, item := range n.Items {
			decode(item, v.Index(i))
		}
	case reflect.Map:
		decodeMap(n, v)
	case reflect.String:
		v.SetString(n.Text)
	case reflect.Bool:
		v.SetBool(n.Bool())
	case reflect.Int:
		v.SetInt(int64(n.Float()))
	case reflect.Float64:
		v.SetFloat(n.Float())
	}
}

// decodeOwn fills the types that have a notation of their own.
func decodeOwn(n *Node, target any) bool {
	switch out := target.(type) {
	case **Node:
		*out = n
	case *survey.Value:
		*out = value(n)
	case *survey.CodeList:
		*out = codes(n)
	case *survey.ScoreList:
		*out = scores(n)
	case *survey.NetList:
		*out = nets(n)
	case *survey.MissingList:
		*out = missing(n)
	case *survey.RowSpec:
		if !n.IsScalar() {
			return false
		}
		out.Variable = n.Text
	case *survey.ColumnSpec:
		if !n.IsScalar() {
			return false
		}
		*out = survey.ParseColumn(n.Text)
	case *survey.SortSpec:
		if !n.IsScalar() {
			return false
		}
		out.Order = n.Text
	default:
		return false
	}
	return true
}

func decodeStruct(n *Node, v reflect.Value) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if v.Type().Field(i).Anonymous {
			decodeStruct(n, v.Field(i))
		} else if e := n.Find(name); e != nil {
			decode(e.Value, v.Field(i))
		}
	}
}

func decodeMap(n *Node, v reflect.Value) {
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Entries)))
	for _, e := range n.Entries {
		item := reflect.New(v.Type().Elem()).Elem()
		decode(e.Value, item)
		v.SetMapIndex(reflect.ValueOf(e.Key.Text), item)
	}
}

// value is a number where the scalar is written as one, else text.
func value(n *Node) survey.Value {
	if n.Form == Number {
		return survey.NumberValue(n.Float())
	}
	return survey.TextValue(n.Text)
}

func codes(n *Node) survey.CodeList {
	out := make(survey.CodeList, len(n.Entries))
	for i, e := range n.Entries {
		out[i] = survey.Code{Value: value(e.Key), Label: e.Value.Text}
	}
	return out
}

func scores(n *Node) survey.ScoreList {
	out := make(survey.ScoreList, len(n.Entries))
	for i, e := range n.Entries {
		out[i] = survey.Score{Answer: value(e.Key), Number: e.Value.Float()}
	}
	return out
}

func nets(n *Node) survey.NetList {
	out := make(survey.NetList, len(n.Entries))
	for i, e := range n.Entries {
		values := make([]survey.Value, len(e.Value.Items))
		for j, item := range e.Value.Items {
			values[j] = value(item)
		}
		out[i] = survey.Net{Label: e.Key.Text, Values: values}
	}
	return out
}

func missing(n *Node) survey.MissingList {
	var out survey.MissingList
	for _, item := range n.Items {
		out = append(out, survey.MissingValue(value(item), survey.ReasonUnknown))
	}
	for _, e := range n.Entries {
		out = append(out, survey.MissingValue(value(e.Key), survey.Reason(e.Value.Text)))
	}
	return out
}
