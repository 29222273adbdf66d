package backtrace

import (
	"iter"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/libvirt/lazy"
)

var (
	hashed  = lazy.New(`^\s*#(\d{1,5})\s+(\S.*)$`)
	bare    = lazy.New(`^\s*(\d{1,5})\s+(0x[0-9a-fA-F]{4,16}\s+(?:in\s+|- 1 )?[\w?<][^ ]*.*)$`)
	address = lazy.New(`^0x[0-9a-fA-F]+(?:\s+|$)`)
	suffix  = lazy.New(`(?:@@?[A-Z]+[\w.]*|@plt|\[abi:\w+\]|\.(?:isra|part|constprop|cold|lto_priv|llvm)(?:\.\d+)*)+$`)
	name    = lazy.New(`^(?:n/a|[A-Za-z_~][\w:.~@$]*(?:\[abi:\w+\])?|\?\?|<signal handler called>)`)
	value   = lazy.New(`^(?:-?\d+|0x[0-9a-fA-F]+|[A-Z][A-Z0-9_]+|true|false)\b`)
)

// frameStart splits a line that begins a frame into its level and the rest.
func frameStart(line string) (level int, rest string, ok bool) {
	m := hashed.FindStringSubmatch(line)
	if m == nil {
		m = bare.FindStringSubmatch(line)
	}
	if m == nil {
		return 0, "", false
	}
	level, err := strconv.Atoi(m[1])
	return level, m[2], err == nil
}

// open reports whether a text lacks closing parentheses, outside of strings.
func open(text string) bool {
	last := 0
	for _, depth := range parentheses(text) {
		last = depth
	}
	return last > 0
}

// parentheses are the places of parentheses in a text, outside of strings, each with how many are
// open after it.
func parentheses(text string) iter.Seq2[int, int] {
	return func(yield func(at, depth int) bool) {
		depth, quoted := 0, false
		for i := 0; i < len(text); i++ {
			switch c := text[i]; {
			case quoted && c == '\\':
				i++
				continue
			case c == '"':
				quoted = !quoted
				continue
			case quoted || c != '(' && c != ')':
				continue
			case c == '(':
				depth++
			default:
				depth--
			}
			if !yield(i, depth) {
				return
			}
		}
	}
}

// parseFrame reads what stands behind the level.
func parseFrame(level int, text string, line int) (Frame, bool) {
	f := Frame{Level: level, Line: line}
	text = strings.TrimSpace(text)
	pc := address.FindString(text)
	text = strings.TrimPrefix(strings.TrimSpace(text[len(pc):]), "- 1 ")
	in := strings.HasPrefix(text, "in ")
	text = strings.TrimSpace(strings.TrimPrefix(text, "in "))
	f.Function = name.FindString(text)
	text = strings.TrimSpace(text[len(f.Function):])
	switch {
	case f.Function == "" && pc == "":
		return f, false
	case f.Function == "??" || f.Function == "n/a":
		f.Function = ""
	case f.Function == "" && text != "" && text[0] != '(' && text[0] != '-':
		return f, false // a number and an address of something else
	}
	f.Function = PlainName(f.Function)
	args, rest := parenthesised(text)
	switch module := strings.TrimSpace(args); {
	// of coredumpctl: a library, perhaps with an offset
	case pc != "" && !in && args != "" && !strings.ContainsAny(module, "=,"):
		f.Library, _, _ = strings.Cut(module, " ")
	default:
		f.Args = parseArgs(args)
	}
	rest = strings.TrimSpace(rest)
	switch {
	case strings.HasPrefix(rest, "at "):
		f.File = firstWord(rest[3:])
	case strings.HasPrefix(rest, "from "):
		f.Library = firstWord(rest[5:])
	case rest == "- 1": // of eu-stack too, which so says that the address is one to return to
	case strings.HasPrefix(rest, "- "):
		f.Library = firstWord(rest[2:])
	}
	return f, true
}

func firstWord(s string) string {
	if w := strings.Fields(s); len(w) > 0 {
		return w[0]
	}
	return ""
}

// PlainName strips what linkers, compilers and glibc add to the name of a function.
func PlainName(n string) string {
	if n == "<signal handler called>" {
		return n
	}
	n = suffix.ReplaceAllString(n, "")
	return strings.TrimPrefix(n, "__GI_")
}

// parenthesised splits (a=1, b=0x7f "x)") at file into what is in the parentheses, and the rest.
func parenthesised(text string) (in, rest string) {
	if text == "" || text[0] != '(' {
		return "", text
	}
	for i, depth := range parentheses(text) {
		if depth == 0 {
			return text[1:i], text[i+1:]
		}
	}
	return text[1:], ""
}

// mostArgs bounds the arguments that are kept of one frame.
const mostArgs = 32

// parseArgs reads a=1, b=b@entry=0x7f "x", c=<optimized out>.
func parseArgs(text string) []Arg {
	var out []Arg
	for text != "" && len(out) < mostArgs {
		one := text[:argEnd(text)]
		text = strings.TrimPrefix(text[len(one):], ",")
		n, v, ok := strings.Cut(strings.TrimSpace(one), "=")
		if !ok {
			continue
		}
		v = strings.TrimSpace(v)
		if entry, ok := strings.CutPrefix(v, n+"@entry="); ok {
			v = strings.TrimSpace(entry)
		}
		if n = strings.TrimSuffix(strings.TrimSpace(n), "@entry"); n == "" || len(n) > 64 {
			continue
		}
		v = strings.TrimSpace(cast.ReplaceAllString(v, ""))
		out = append(out, Arg{Name: n, Value: value.FindString(v)})
	}
	return out
}

var cast = lazy.New(`^\([\w *]+\)\s*`)

// argEnd is where the first argument of a list ends.
func argEnd(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '{' || c == '[':
			depth++
		case c == ')' || c == '}' || c == ']':
			depth--
		case c == ',' && depth <= 0:
			return i
		}
	}
	return len(text)
}
