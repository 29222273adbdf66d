package reports

import (
	"html"
	"reflect"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
)

// Plain is a report all of whose texts can be seen as they stand, for the formats that show them:
// HTML and XML, which cannot hold some characters at all. JSON keeps the texts as they are, with
// escapes of its own.
func Plain(r *Report) *Report {
	return shown(reflect.ValueOf(r)).Interface().(*Report)
}

// shown copies a value and makes the strings in it printable. Fields that are not exported are
// shared.
func shown(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(printable.Text(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(shown(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(shown(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for it := v.MapRange(); it.Next(); {
				out.SetMapIndex(shown(it.Key()), shown(it.Value()))
			}
		}
	case reflect.Struct:
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(shown(v.Field(i)))
			}
		}
	default:
		out.Set(v)
	}
	return out
}

// Markup is a text within HTML or SVG. Line breaks stay, and a line that would be a command to a CI
// runner does not begin like one.
func Markup(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = html.EscapeString(printable.Line(lines[i]))
		if text := strings.TrimLeft(lines[i], " "); strings.HasPrefix(text, "::") {
			lines[i] = strings.Replace(lines[i], ":", "&#58;", 1)
		}
	}
	return strings.Join(lines, "\n")
}
