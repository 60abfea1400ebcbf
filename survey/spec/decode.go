package spec

import (
	"reflect"
	"slices"
	"strings"

	"surveykit/survey"
)

// decode fills a value from a tree that the schema has accepted. Text fields
// take any single value as it is written, so a wave may be 2011 and a label 0.10.
func (f *Format) decode(n *Node, v reflect.Value) {
	if n.Form == Null || decodeOwn(n, v.Addr().Interface()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if kind, ok := v.Addr().Interface().(**survey.TableKind); ok {
			k := slices.IndexFunc(f.Kinds, func(k *survey.TableKind) bool { return k.Name == n.Text })
			if k >= 0 {
				*kind = f.Kinds[k]
			}
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		f.decode(n, v.Elem())
	case reflect.Struct:
		f.decodeStruct(n, v)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
		for i, item := range n.Items {
			f.decode(item, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Entries)))
		for _, e := range n.Entries {
			item := reflect.New(v.Type().Elem()).Elem()
			f.decode(e.Value, item)
			v.SetMapIndex(reflect.ValueOf(e.Key.Text), item)
		}
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

func (f *Format) decodeStruct(n *Node, v reflect.Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case field.Anonymous:
			f.decodeStruct(n, v.Field(i))
		case name == "-":
			f.decodeAdded(n, v.Type(), v.Field(i))
		default:
			if e := n.Find(name); e != nil {
				f.decode(e.Value, v.Field(i))
			}
		}
	}
}

// decodeAdded fills a field of analyses from the keys that they add to a struct: one
// of them, or all that their keys list.
func (f *Format) decodeAdded(n *Node, to reflect.Type, field reflect.Value) {
	for _, a := range f.Added[to] {
		e := n.Find(a.Key())
		if e == nil || e.Value.Form == Null {
			continue
		}
		made := func(n *Node) reflect.Value {
			v := reflect.New(reflect.TypeOf(a)).Elem()
			f.decode(n, v)
			return v
		}
		switch field.Kind() {
		case reflect.Interface:
			field.Set(made(e.Value))
		case reflect.Slice:
			for _, item := range e.Value.Items {
				field.Set(reflect.Append(field, made(item)))
			}
		}
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
