package scenarios

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
	"go.yaml.in/yaml/v4"
)

// A node is a YAML value with its place. This file is the only one that knows the YAML package.
type node struct {
	kind  nodeKind
	pos   model.Pos
	flow  bool    // written in [] or {}, where commas separate
	items []*node // of a list
	pairs []pair  // of a mapping, in source order, repeated keys included

	scalar  scalarKind
	text    string
	literal bool // a block that begins with |
	offset  int  // bytes from pos to where text stands as it is; -1: nowhere, it is folded or has escapes
}

type pair struct{ key, value *node }

type nodeKind uint8

const (
	mapping nodeKind = iota
	list
	scalar
)

// A scalarKind is what YAML makes of a scalar, as an error message calls it.
type scalarKind string

const (
	text    scalarKind = "text"
	integer scalarKind = "a number"
	boolean scalarKind = "true or false"
	nothing scalarKind = "empty"
	other   scalarKind = "a value of another type"
)

// maxYAMLBytes bounds a suite file.
const maxYAMLBytes = 4 << 20

// A line like `expect: violation: no-job` is what one writes and not YAML: a second colon cannot
// follow on the line. The blank after it is hidden from the parser by a rune that no suite
// contains, which keeps all columns.
const hiddenBlank = '\uE000'

var secondColon = regexp.MustCompile(`\bexpect:[ \t]+[a-z-]+:([ \t]+)[A-Za-z]`)

// readYAML parses one document. The node is nil when the text is not YAML.
func readYAML(ctx context.Context, name string, src []byte) (*node, syntax.Diagnostics) {
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	r := &yamlReader{name: name, lines: strings.Split(string(src), "\n"), meter: meter.New(ctx)}
	if r.badText(); len(r.ds) > 0 {
		return nil, r.ds
	}
	src = hideColons(src)
	if n := values(src); n > maxYAMLValues {
		r.fail(1, 1, fmt.Sprintf("the file may hold %d values, more than the limit of %d", n, maxYAMLValues), "")
		return nil, r.ds
	}
	var doc, more yaml.Node
	in, err := yaml.NewLoader(&pieces{ctx, src}, yaml.WithUniqueKeys(false))
	if err == nil {
		err = in.Load(&doc)
	}
	if err == nil {
		if err = in.Load(&more); err == nil {
			r.fail(r.lastMarker(), 1, "a second document: a file holds one suite", "")
			return nil, r.ds
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		r.explain(err)
		return nil, r.ds
	}
	if len(doc.Content) == 0 {
		r.fail(1, 1, "the file is empty", "a suite needs at least `suite:` and `scenarios:`")
		return nil, r.ds
	}
	return r.node(doc.Content[0], false), r.ds
}

func hideColons(src []byte) []byte {
	spans := secondColon.FindAllSubmatchIndex(src, -1)
	if len(spans) == 0 {
		return src
	}
	var out []byte
	end := 0
	for _, m := range spans {
		out = append(out, src[end:m[2]]...)
		for range m[3] - m[2] {
			out = utf8.AppendRune(out, hiddenBlank)
		}
		end = m[3]
	}
	return append(out, src[end:]...)
}

// maxYAMLValues bounds the values of a suite file: each takes some hundred bytes while it is read.
// C in the file counts as well, by its punctuation.
const maxYAMLValues = 1 << 20

// values is how many values a text can have, and mostly more than it has: each stands alone, or
// after one of these bytes.
func values(src []byte) int {
	n := 1
	for _, c := range src {
		switch c {
		case '\n', ',', ':', '[', '{', '-', '?':
			n++
		}
	}
	return n
}

// pieces gives a text piece by piece until the context ends, so that whoever parses it meets the
// end soon.
type pieces struct {
	ctx  context.Context
	left []byte
}

func (p *pieces) Read(into []byte) (int, error) {
	switch {
	case p.ctx.Err() != nil:
		return 0, context.Cause(p.ctx)
	case len(p.left) == 0:
		return 0, io.EOF
	}
	n := copy(into[:min(len(into), 16<<10)], p.left)
	p.left = p.left[n:]
	return n, nil
}

type yamlReader struct {
	name  string
	lines []string
	ds    syntax.Diagnostics
	meter *meter.Meter
	// the place that was looked up last: those that follow on its line are counted on from there
	last struct{ line, col, bytes int }
}

// pos turns the YAML package's column, which counts characters, into one that counts bytes, and
// keeps it in the file.
func (r *yamlReader) pos(line, col int) model.Pos {
	line = min(max(line, 1), len(r.lines))
	rest := r.lines[line-1]
	at, n := 1, 0
	if r.last.line == line && r.last.col <= col {
		at, n = r.last.col, r.last.bytes
	}
	for ; at < col && n < len(rest); at++ {
		_, size := utf8.DecodeRuneInString(rest[n:])
		n += size
	}
	r.last.line, r.last.col, r.last.bytes = line, at, n
	return model.Pos{File: r.name, Line: line, Col: n + 1}
}

func (r *yamlReader) fail(line, col int, msg, hint string) { r.ds.Add(r.pos(line, col), msg, hint) }

// badText reports what YAML does not allow or counts as a line where editors do not.
func (r *yamlReader) badText() {
	for i, line := range r.lines {
		col := 0
		line = strings.TrimSuffix(line, "\r")
		for len(line) > 0 {
			c, size := utf8.DecodeRuneInString(line)
			col++
			switch {
			case c == utf8.RuneError && size == 1:
				r.fail(i+1, col, "not UTF-8", "")
				return
			case c < ' ' && c != '\t', c == 0x7f, c == 0x85, c == 0x2028, c == 0x2029, c == hiddenBlank, c == 0xFEFF:
				r.fail(i+1, col, "the character "+strconv.QuoteRuneToASCII(c)+" is not allowed", "")
				return
			}
			line = line[size:]
		}
	}
}

// explain turns what the YAML package says into diagnostics.
func (r *yamlReader) explain(err error) {
	var one *yaml.LoadError
	var many *yaml.LoadErrors
	errs := []*yaml.LoadError{}
	switch {
	case errors.As(err, &many):
		errs = many.Errors
	case errors.As(err, &one):
		errs = append(errs, one)
	}
	for _, e := range errs {
		msg, hint := strings.TrimPrefix(e.Message, "yaml: "), ""
		switch {
		case strings.Contains(msg, "tab character"), strings.Contains(msg, "cannot start any token") && r.tabAt(e.Mark.Line):
			hint = "indent with spaces"
		case strings.Contains(msg, "mapping values are not allowed"):
			hint = "quote the text if it contains a colon followed by a blank"
		case e.ContextMsg != "":
			hint = e.ContextMsg
		}
		r.fail(e.Mark.Line, e.Mark.Column, msg, hint)
	}
	if len(r.ds) == 0 {
		r.fail(1, 1, strings.TrimPrefix(err.Error(), "yaml: "), "")
	}
}

// lastMarker is the line of the last document marker.
func (r *yamlReader) lastMarker() int {
	for i := len(r.lines) - 1; i > 0; i-- {
		if strings.HasPrefix(r.lines[i], "---") {
			return i + 1
		}
	}
	return 1
}

func (r *yamlReader) tabAt(line int) bool {
	return line >= 1 && line <= len(r.lines) && strings.HasPrefix(strings.TrimLeft(r.lines[line-1], " "), "\t")
}

// node copies a value and refuses what a suite has no use for.
func (r *yamlReader) node(y *yaml.Node, flow bool) *node {
	if !r.meter.Work(1) {
		return &node{}
	}
	n := &node{pos: r.pos(y.Line, y.Column), flow: flow, offset: -1}
	switch {
	case y.Kind == yaml.AliasNode:
		r.ds.Add(n.pos, "aliases are not read", "write the value out")
	case y.Anchor != "":
		r.ds.Add(n.pos, "anchors are not read", "write the value out where it is meant")
	case y.Style&yaml.TaggedStyle != 0:
		r.ds.Add(n.pos, "tags are not read", "remove "+y.ShortTag())
	}
	flow = y.Style&yaml.FlowStyle != 0
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = mapping
		for i := 0; i+1 < len(y.Content); i += 2 {
			n.pairs = append(n.pairs, pair{r.node(y.Content[i], flow), r.node(y.Content[i+1], flow)})
		}
	case yaml.SequenceNode:
		n.kind = list
		for _, c := range y.Content {
			n.items = append(n.items, r.node(c, flow))
		}
	default:
		n.kind = scalar
		n.text = strings.ReplaceAll(y.Value, string(hiddenBlank), " ")
		n.literal = y.Style&yaml.LiteralStyle != 0
		n.scalar = scalarKindOf(y.ShortTag())
		rest := r.lines[n.pos.Line-1][n.pos.Col-1:]
		rest = strings.ReplaceAll(rest[:min(len(rest), len(n.text)+1)], "\t", " ")
		for skip := range 2 {
			if len(rest) > skip && strings.HasPrefix(rest[skip:], n.text) && (skip == 1) == (rest[0] == '"' || rest[0] == '\'') {
				n.offset = skip
			}
		}
	}
	return n
}

func scalarKindOf(tag string) scalarKind {
	switch tag {
	case "!!str", "!!merge":
		return text
	case "!!int":
		return integer
	case "!!bool":
		return boolean
	case "!!null":
		return nothing
	}
	return other
}

// at is the place of byte i of a scalar's text, as nearly as it is known.
func (n *node) at(i int) model.Pos {
	p := n.pos
	if n.offset >= 0 {
		p.Col += n.offset + min(i, len(n.text))
	}
	return p
}

// plain is the value as encoding/json would have read it: what a JSON Schema is applied to.
func (n *node) plain() any {
	switch n.kind {
	case mapping:
		m := map[string]any{}
		for _, p := range n.pairs {
			m[p.key.text] = p.value.plain()
		}
		return m
	case list:
		s := []any{}
		for _, i := range n.items {
			s = append(s, i.plain())
		}
		return s
	}
	switch n.scalar {
	case integer:
		if v, err := strconv.ParseInt(n.text, 0, 64); err == nil {
			return float64(v)
		}
	case boolean:
		return n.text == "true" || n.text == "True" || n.text == "TRUE"
	case nothing:
		return nil
	}
	return n.text
}
