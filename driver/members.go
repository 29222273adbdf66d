package driver

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// A cursor goes through the members of a JSON object. Messages on a monitor are short and mostly
// passed on, so decoding them into structures by reflection would be most of the work of a command;
// whether the text is JSON at all is left to encoding/json.
type cursor struct {
	rest        []byte
	name, value []byte // as they stand in the text, quotes included
}

// openObject stands before the first member, or reports that text is no object.
func openObject(text []byte) (cursor, bool) {
	if !json.Valid(text) {
		return cursor{}, false
	}
	if text = skipSpace(text); text[0] != '{' {
		return cursor{}, false
	}
	return cursor{rest: skipSpace(text[1:])}, true
}

// next goes to the next member.
func (c *cursor) next() bool {
	if c.rest[0] == ',' {
		c.rest = skipSpace(c.rest[1:])
	}
	if c.rest[0] != '"' {
		return false
	}
	n := valueLength(c.rest)
	c.name = c.rest[:n]
	c.rest = skipSpace(c.rest[n:])
	c.rest = skipSpace(c.rest[1:]) // the colon
	n = valueLength(c.rest)
	c.value = c.rest[:n]
	c.rest = skipSpace(c.rest[n:])
	return true
}

// skipSpace cuts white space off the front of valid JSON.
func skipSpace(text []byte) []byte {
	for text[0] == ' ' || text[0] == '\t' || text[0] == '\r' || text[0] == '\n' {
		text = text[1:]
	}
	return text
}

// valueLength is the length of the value with which valid JSON begins.
func valueLength(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(text)
}

// isString reports whether a JSON value is a string; nil, the value of a member that is missing, is
// none.
func isString(value []byte) bool { return len(value) > 0 && value[0] == '"' }

// unquote is the string that a JSON value stands for, "" if it is not a string.
func unquote(value []byte) string {
	if !isString(value) {
		return ""
	}
	if bytes.IndexByte(value, '\\') < 0 && utf8.Valid(value) {
		return string(value[1 : len(value)-1])
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}
