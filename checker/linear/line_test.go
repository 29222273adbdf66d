package linear

import (
	"fmt"
	"strings"
	"testing"
)

// One line of a file, taken apart; and the column and name of what is wrong with it.
func TestParseLine(t *testing.T) {
	for line, want := range map[string]string{
		`{}`: "",
		"\t{ \"a\" : \"x\" ,\r \"b\":-7, \"c\" : true , \"d\":false } ": `a@10="x" b@21=-7 c@31=true d@42=false`,
		`{"a":"\"}\\\u00e9,"}`:       `a@6="\"}\\é,"`,
		`{"a":18446744073709551615}`: `a@6=-1 large`,
		`{"a":9223372036854775807}`:  `a@6=9223372036854775807`,
		`{"a":18446744073709551616}`: `6: expected a string, a whole number, true or false`,
		`{"a":01}`:                   `6: expected a string, a whole number, true or false`,
		`{"a":+1}`:                   `6: expected a string, a whole number, true or false`,
		`{"a":1.5}`:                  `6: expected a string, a whole number, true or false`,
		`{"a":1E5}`:                  `6: expected a string, a whole number, true or false`,
		`{"a":TRUE}`:                 `6: expected a string, a whole number, true or false`,
		`{"a":Zz}`:                   `6: expected a string, a whole number, true or false`,
		`{"a":null}`:                 `6: expected a string, a whole number, true or false`,
		`{"a":}`:                     `6: expected a string, a whole number, true or false`,
		`{"a":"x`:                    `6: expected a string, a whole number, true or false`,
		`{"a":"x\`:                   `6: expected a string, a whole number, true or false`,
		`{"a":"\x"}`:                 `6: expected a string, a whole number, true or false`,
		"{\"a\":\"\x01\"}":           `6: expected a string, a whole number, true or false`,
		`{"a`:                        `2: expected the name of a field`,
		`{`:                          `2: expected the name of a field`,
		`{a:1}`:                      `2: expected the name of a field`,
		`{"a" 1}`:                    `6: expected a colon`,
		`{"a":1 "b":2}`:              `8: expected a comma or the end of the object`,
		`{"a":1,"b":2,"a":3}`:        `18: field "a" stands here twice`,
		`{"a":1}}`:                   `8: text after the object`,
		`["a"]`:                      `1: expected a JSON object`,
		``:                           `1: expected a JSON object`,
		"{\"\xff\":1}":               `1: the line is not UTF-8`,
	} {
		fields, column, problem := parseLine([]byte(line), nil)
		var parts []string
		for _, f := range fields {
			text := fmt.Sprintf("%s@%d=", f.name, f.column)
			switch f.kind {
			case textField:
				text += `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(f.text) + `"`
			case numberField:
				text += fmt.Sprint(f.number)
			case flagField:
				text += fmt.Sprint(f.flag)
			}
			if f.large {
				text += " large"
			}
			parts = append(parts, text)
		}
		got := strings.Join(parts, " ")
		if problem != "" {
			got = fmt.Sprintf("%d: %s", column, problem)
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", line, got, want)
		}
	}
}

// What a field is not is a problem at its value.
func TestKindsOfFields(t *testing.T) {
	call := func(fields string) string { return `{"call":"info","domain":"vm1","client":"c",` + fields + "}\n" }
	const rest = "{\"cut\":9}\n{\"end\":9,\"complete\":true}\n"
	for fields, want := range map[string]string{
		`"from":1`:                    "EOF",
		`"from":"1"`:                  "f:2:51: from is a whole number",
		`"from":18446744073709551615`: "f:2:51: from is too large",
		`"from":1,"more":2`:           `f:2:60: unknown field "more"`,
		`"to":1,"code":"no-domain"`:   `f:2:1: the record has no "from"`,
		`"from":-1`:                   "f:2:51: from is negative",
	} {
		if got, _ := readLines(t, call(fields)+rest); got != want {
			t.Errorf("%s: got %s, want %s", fields, got, want)
		}
	}
}
