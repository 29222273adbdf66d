package crosscheck

import (
	"fmt"
	"regexp"
	"strings"
)

// A reader turns a model into its tokens, as one of the programs that may see it does. It shares
// nothing with inspect.
type reader struct {
	open, close string // of a block comment
	line        string // begins a comment to the end of the line; "" where there is none
	nests       bool
	splices     bool   // a backslash at the end of a line joins it with the next, a trigraph before that
	inside      string // quotes that are looked at even inside comments
	directives  bool   // a number sign at the beginning of a line takes the line
}

// readers are those of Promela, and of TLA+. A model must mean the same to each of its readers.
var readers = map[string]map[string]reader{
	".pml": {
		"cpp":      {open: "/*", close: "*/", line: "//", splices: true, directives: true},
		"old cpp":  {open: "/*", close: "*/", directives: true},
		"spin":     {open: "/*", close: "*/", inside: "'\"$", directives: true},
		"a nester": {open: "/*", close: "*/", line: "//", nests: true, directives: true},
	},
	".tla": {
		"sany":    {open: "(*", close: "*)", line: `\*`, nests: true},
		"a child": {open: "(*", close: "*)", line: `\*`},
		"spliced": {open: "(*", close: "*)", line: `\*`, nests: true, splices: true, inside: `"`},
	},
}

var (
	splice   = regexp.MustCompile(`(\\|\?\?/)[ \t]*(\r\n|\n|\r)`)
	oneToken = regexp.MustCompile(`^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|::|->|\|->|==|=>|<=|>=|!=|&&|\|\||\+\+|--+|<<|>>|/\\|\\/|\.\.|[^ ])`)
)

// tokens reads a text to its end.
func (r reader) tokens(text string) ([]string, error) {
	if r.splices {
		text = splice.ReplaceAllString(text, "")
	}
	var out []string
	begins := true // of a line
	for text != "" {
		c := text[0]
		switch {
		case strings.HasPrefix(text, r.open):
			rest, err := r.skip(text[len(r.open):])
			if err != nil {
				return out, err
			}
			text = rest
			continue
		case r.line != "" && strings.HasPrefix(text, r.line):
			end := strings.IndexAny(text, "\n\r")
			if end < 0 {
				end = len(text)
			}
			text = text[end:]
			continue
		case c == '\n' || c == '\r':
			begins, text = true, text[1:]
			continue
		case strings.ContainsRune(" \t\f\v", rune(c)):
			text = text[1:]
			continue
		case r.directives && begins && c == '#':
			// the directive is a token, and what follows is read as usual: a comment may begin
			// there
			out = append(out, "#")
			text = text[1:]
		case c == '"':
			end := strings.IndexByte(text[1:], '"')
			if end < 0 {
				return out, fmt.Errorf("a string does not end: %.40q", text)
			}
			out = append(out, text[:end+2])
			text = text[end+2:]
		default:
			t := oneToken.FindString(text)
			if t == "" {
				return out, fmt.Errorf("what is %.40q", text)
			}
			out = append(out, t)
			text = text[len(t):]
		}
		begins = false
	}
	return out, nil
}

// skip leaves out the rest of a block comment.
func (r reader) skip(text string) (string, error) {
	for depth := 1; depth > 0; {
		switch {
		case text == "":
			return "", fmt.Errorf("a comment does not end")
		case strings.HasPrefix(text, r.close):
			depth--
			text = text[len(r.close):]
		case r.nests && strings.HasPrefix(text, r.open):
			depth++
			text = text[len(r.open):]
		case text[0] == '\'' && strings.Contains(r.inside, "'"): // a character, and another quote
			text = text[min(3, len(text)):]
		case strings.IndexByte(r.inside, text[0]) >= 0:
			end := strings.IndexAny(text[1:], text[:1]+"\n")
			if end < 0 || text[1+end] == '\n' {
				return "", fmt.Errorf("a string in a comment does not end: %.40q", text)
			}
			text = text[end+2:]
		default:
			text = text[1:]
		}
	}
	return text, nil
}

// renamed numbers identifiers of a suite by their first occurrence, so that models can be compared
// in which things are called otherwise.
func renamed(tokens []string) []string {
	number := map[string]int{}
	out := make([]string, len(tokens))
	for i, t := range tokens {
		if len(t) > 1 && strings.HasSuffix(t, "_") {
			if _, ok := number[t]; !ok {
				number[t] = len(number)
			}
			t = fmt.Sprintf("name %d", number[t])
		}
		out[i] = t
	}
	return out
}
