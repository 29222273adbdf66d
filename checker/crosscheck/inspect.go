package crosscheck

import (
	"fmt"
	"maps"
	"strings"
)

// A dialect is what a model of ours is made of. It leaves out what the languages have besides,
// embedded C and strings among it.
type dialect struct {
	open, close string          // of a block comment
	line        string          // begins a comment that ends with its line; "" where there is none
	symbols     []string        // longer ones before their beginnings
	words       map[string]bool // all but locations and comments
	quoted      map[string]bool // words that stand in quotes
}

var promelaWords = strings.Fields(
	`active assert begun bit byte d_step do else end err FAIL false fi finished goto if int kind od
	proctype RUN short skip true waiting watch _pid`)

func (o *promela) dialect() *dialect {
	d := &dialect{
		open: "/*", close: "*/",
		symbols: strings.Fields("#define :: -> == != <= >= && || ++ -- + - * < > = ! ( ) [ ] { } ; :"),
		words:   o.names.words(promelaWords),
	}
	for _, m := range macros {
		d.words[string(m)] = true
	}
	return d
}

var tlaWords = strings.Fields(
	`A ASSUME AllFinished At CASE E ELSE ENABLED EXCEPT EXTENDS FALSE Fail Finished Go IF Init Integers
	MODULE Move Next NoBrokenRule NoJobLeak NoLockLeak NoReferenceLeak Note Observed PrintT Stuck THEN TLC TLCGet TLCSet TRUE Threads
	UNCHANGED VARIABLES Wake err i in is kind l lock pc t var vars w what`)

func (o *tla) dialect() *dialect {
	d := &dialect{
		open: "(*", close: "*)", line: `\*`,
		symbols: append([]string{string(repeated("-", 4)), string(repeated("=", 4))},
			strings.Fields(`/\ \/ \ |-> -> => == <= >= << >> .. [] + - * < > = # ~ ! @ ' ( ) [ ] { } , . :`)...),
		words:  o.names.words(append(tlaWords, string(o.name))),
		quoted: map[string]bool{`"lockproof"`: true, `"deadlock"`: true},
	}
	for _, q := range quoted {
		d.quoted[string(q)] = true
	}
	return d
}

// words are all identifiers, and others.
func (n *names) words(others []string) map[string]bool {
	m := map[string]bool{}
	for id := range maps.Keys(n.used) {
		m[string(id)] = true
	}
	for _, w := range others {
		m[w] = true
	}
	return m
}

// inspect looks at every word of a model before anybody else does. It fails at the first that none
// of our writers writes, and where a comment is not plain: a second lock behind [code] and [quote],
// for what runs a model also compiles it.
func inspect(text string, d *dialect) error {
	if len(text) > maxModel {
		return fmt.Errorf("crosscheck: the model has more than %d MB", maxModel>>20)
	}
	for at := 0; at < len(text); {
		n := d.token(text[at:], at == 0 || text[at-1] == '\n')
		if n == 0 {
			line := 1 + strings.Count(text[:at], "\n")
			return fmt.Errorf("crosscheck: line %d of the model has something that does not belong there: %.40q",
				line, text[at:])
		}
		at += n
	}
	return nil
}

// token is the length of what a text begins with: a comment, a space or a token. It is 0 where that
// is none of ours.
func (d *dialect) token(text string, begins bool) int {
	c := text[0]
	switch {
	case strings.HasPrefix(text, d.open):
		return comment(text, len(d.open), d.close)
	case d.line != "" && strings.HasPrefix(text, d.line):
		return comment(text, len(d.line), "\n")
	case c == ' ' || c == '\t' || c == '\n':
		return 1
	case c >= '0' && c <= '9':
		return len(text) - len(strings.TrimLeft(text, "0123456789"))
	case c == '"':
		if end := strings.IndexByte(text[1:], '"') + 2; d.quoted[text[:end]] {
			return end
		}
		return 0
	case wordLength(text) > 0:
		n := wordLength(text)
		if w := text[:n]; d.words[w] || isLocation.MatchString(w) {
			return n
		}
		return 0
	}
	for _, s := range d.symbols {
		if strings.HasPrefix(text, s) && (s != "#define" || begins) {
			return len(s)
		}
	}
	return 0
}

// comment is the length of a comment, 0 where it is not plain, that is, might be none for somebody.
func comment(text string, open int, end string) int {
	n := strings.Index(text[open:], end)
	if n < 0 {
		return 0
	}
	body := text[open : open+n]
	space := func(i int) bool { return i < 0 || i == len(body) || body[i] == ' ' || body[i] == '\n' }
	for i := range len(body) {
		c := body[i]
		alone := space(i-1) && space(i+1)
		if c == '*' && !alone || c != '\n' && (c < ' ' || c > '~') || strings.IndexByte("\\#$'\"", c) >= 0 {
			return 0
		}
	}
	return open + n + len(end)
}

func wordLength(text string) int {
	n := 0
	for n < len(text) && (text[n] == '_' || text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z' ||
		n > 0 && text[n] >= '0' && text[n] <= '9') {
		n++
	}
	return n
}
