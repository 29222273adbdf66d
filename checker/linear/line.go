package linear

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// A field is a member of the object on a line.
type field struct {
	name   string
	column int // of the value, from 1
	kind   byte
	text   string
	number int64
	large  bool // number is a bit pattern: the value is 2^63 or more
	flag   bool
}

// The kinds of fields.
const (
	textField   = 's'
	numberField = 'n'
	flagField   = 'b'
)

// A lineParser reads one line: a JSON object of strings, whole numbers, true and false. Nothing
// else occurs in a history.
type lineParser struct {
	line []byte
	at   int
}

// parseLine gives the fields of a line, or the column of a mistake and what it is.
func parseLine(line []byte, fields []field) ([]field, int, string) {
	p := &lineParser{line: line}
	if !utf8.Valid(line) {
		return fields, 1, "the line is not UTF-8"
	}
	if !p.accept('{') {
		return fields, p.column(), "expected a JSON object"
	}
	for !p.accept('}') {
		if len(fields) > 0 && !p.accept(',') {
			return fields, p.column(), "expected a comma or the end of the object"
		}
		f, problem := p.member()
		if problem != "" {
			return fields, p.column(), problem
		}
		for i := range fields {
			if fields[i].name == f.name {
				return fields, f.column, "field " + quote(f.name) + " stands here twice"
			}
		}
		if len(fields) == mostFields {
			return fields, f.column, "more than " + strconv.Itoa(mostFields) + " fields"
		}
		fields = append(fields, f)
	}
	if p.space(); p.at < len(p.line) {
		return fields, p.column(), "text after the object"
	}
	return fields, 0, ""
}

func (p *lineParser) column() int { return p.at + 1 }

func (p *lineParser) space() {
	for p.at < len(p.line) && (p.line[p.at] == ' ' || p.line[p.at] == '\t' || p.line[p.at] == '\r') {
		p.at++
	}
}

func (p *lineParser) accept(c byte) bool {
	p.space()
	if p.at < len(p.line) && p.line[p.at] == c {
		p.at++
		return true
	}
	return false
}

// member reads a name and a value.
func (p *lineParser) member() (f field, problem string) {
	p.space()
	name, ok := p.quoted()
	if !ok {
		return f, "expected the name of a field"
	}
	f.name = name
	if !p.accept(':') {
		return f, "expected a colon"
	}
	p.space()
	f.column = p.column()
	start := p.at
	if text, ok := p.quoted(); ok {
		f.kind, f.text = textField, text
		return f, ""
	}
	for p.at < len(p.line) && isWord(p.line[p.at]) {
		p.at++
	}
	word := string(p.line[start:p.at])
	switch word {
	case "true", "false":
		f.kind, f.flag = flagField, word == "true"
		return f, ""
	}
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		var u uint64
		if u, err = strconv.ParseUint(word, 10, 64); err == nil {
			n, f.large = int64(u), true
		}
	}
	if err != nil || !json.Valid(p.line[start:p.at]) {
		p.at = start
		return f, "expected a string, a whole number, true or false"
	}
	f.kind, f.number = numberField, n
	return f, ""
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
}

// quoted reads a string.
func (p *lineParser) quoted() (string, bool) {
	if p.at >= len(p.line) || p.line[p.at] != '"' {
		return "", false
	}
	for i := p.at + 1; i < len(p.line); i++ {
		switch c := p.line[i]; {
		case c == '\\':
			i++
		case c < ' ':
			return "", false
		case c == '"':
			var s string
			raw := p.line[p.at : i+1]
			if json.Unmarshal(raw, &s) != nil {
				return "", false
			}
			p.at = i + 1
			return s, true
		}
	}
	return "", false
}
