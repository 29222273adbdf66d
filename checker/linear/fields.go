package linear

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A record takes the fields of one line apart; a field that nobody asked for is unknown.
type record struct {
	reader *Reader
	fields []field
	used   uint64
	bad    bool
}

// find takes a field of a kind, and notes a problem if it has another.
func (c *record) find(name string, kind byte) *field {
	for i := range c.fields {
		f := &c.fields[i]
		if f.name != name {
			continue
		}
		if i < 64 {
			c.used |= 1 << i
		}
		if f.kind != kind {
			c.fail(f.column, "%s is %s", name, map[byte]string{
				textField: "a string", numberField: "a whole number", flagField: "true or false",
			}[kind])
			return nil
		}
		if f.large && name != "seed" {
			c.fail(f.column, "%s is too large", name)
			return nil
		}
		return f
	}
	return nil
}

// has reports whether a field is there, of whatever kind.
func (c *record) has(name string) bool {
	for i := range c.fields {
		if c.fields[i].name == name {
			return true
		}
	}
	return false
}

// need takes a field that must be there.
func (c *record) need(name string, kind byte) *field {
	f := c.find(name, kind)
	if f == nil {
		if !c.has(name) {
			c.fail(1, "the record has no %q", name)
		}
		return &field{column: 1, kind: kind}
	}
	return f
}

func (c *record) fail(column int, format string, args ...any) {
	c.bad = true
	c.reader.problem(column, format, args...)
}

// unknown notes the fields that nobody took.
func (c *record) unknown() {
	for i, f := range c.fields {
		if i >= 64 || c.used&(1<<i) == 0 {
			c.fail(f.column, "unknown field %s", quote(f.name))
		}
	}
}

// latest is the last time of a history, so that there is something between it and [Never].
const latest = Never >> 1

// time takes a time that is not before another.
func (c *record) time(name string, notBefore int64, other string) int64 {
	f := c.need(name, numberField)
	switch {
	case f.name == "": // it is not there, or is no number
	case f.number < 0:
		c.fail(f.column, "%s is negative", name)
	case f.number < notBefore:
		c.fail(f.column, "%s is before %s", name, other)
	case f.number > latest:
		c.fail(f.column, "%s is too late", name)
	}
	return f.number
}

// name takes a string that is not empty.
func (c *record) name(name string) string {
	f := c.need(name, textField)
	switch {
	case f.name != "" && f.text == "":
		c.fail(f.column, "%s is empty", name)
	case len(f.text) > longestName:
		c.fail(f.column, "%s is longer than %d bytes", name, longestName)
		return ""
	}
	return c.reader.name(f.text, f.column)
}

// quote is a text from a file in a message, which it must not fill.
func quote(text string) string {
	const most = 60
	if len(text) <= most {
		return strconv.Quote(text)
	}
	return strconv.Quote(strings.ToValidUTF8(text[:most], "")) + "..."
}

// parse takes a word of a vocabulary.
func parse[T any](c *record, name string, known func(string) (T, bool)) T {
	f := c.need(name, textField)
	v, ok := known(f.text)
	if f.name != "" && !ok {
		c.fail(f.column, "unknown %s %s", name, quote(f.text))
	}
	return v
}

func (c *record) header(h *Header) {
	if f := c.need("history", numberField); f.name != "" && f.number != 1 {
		c.fail(f.column, "version %d of the format is not known, only 1", f.number)
	}
	if f := c.find("seed", numberField); f != nil {
		h.Seed = uint64(f.number)
	}
	if f := c.find("replay", textField); f != nil {
		h.Replay = f.text
	}
}

func (c *record) operation() {
	var o Operation
	o.Call.Op = parse(c, "call", driver.ParseOp)
	if c.bad { // what else belongs to the record cannot be told
		c.used = ^uint64(0)
		return
	}
	o.Call.Domain, o.Client = c.name("domain"), c.name("client")
	o.From = c.time("from", c.reader.last, "the cut before it")
	if takesArgument(o.Call.Op) {
		o.Call.Arg = c.need("arg", numberField).number
	}
	o.To = Never
	if c.has("to") || c.has("code") {
		o.To = c.time("to", o.From, "from")
		o.Code = parse(c, "code", driver.ParseCode)
		state, memory, persistent := resultFields(o.Call.Op, o.Code)
		if state {
			o.Info.State = parse(c, "state", driver.ParseState)
		}
		if memory {
			o.Info.Memory = c.need("memory", numberField).number
		}
		if persistent {
			o.Info.Persistent = c.need("persistent", flagField).flag
		}
	}
	if c.bad {
		return
	}
	c.reader.full()
	c.reader.chunk.Operations = append(c.reader.chunk.Operations, o)
}

func (c *record) job() {
	j := Job{Begun: Never, Ended: Never}
	j.Type = parse(c, "job", ParseJobType)
	j.Domain, j.Client = c.name("domain"), c.name("client")
	j.Object = int(c.need("object", numberField).number)
	j.Asked = c.time("asked", c.reader.last, "the cut before it")
	if c.has("begun") {
		j.Begun = c.time("begun", j.Asked, "asked")
	}
	switch {
	case c.has("refused"):
		if c.has("begun") {
			c.fail(1, "a job that was refused has not begun")
		}
		j.Ended, j.Refused = c.time("refused", j.Asked, "asked"), true
	case c.has("ended"):
		since, other := j.Asked, "asked"
		if j.Begun != Never {
			since, other = j.Begun, "begun"
		}
		j.Ended = c.time("ended", since, other)
	}
	if c.bad {
		return
	}
	c.reader.full()
	c.reader.chunk.Jobs = append(c.reader.chunk.Jobs, j)
}

// cut ends a chunk, unless something ends after it.
func (c *record) cut() {
	at := c.time("cut", c.reader.last, "the cut before it")
	h := &c.reader.chunk
	for i := range h.Operations {
		if o := &h.Operations[i]; !c.bad && !o.pending() && o.To > at {
			c.fail(1, "%s of %s returns after the cut", &h.Operations[i], o.Client)
		}
	}
	for i := range h.Jobs {
		if j := &h.Jobs[i]; !c.bad && j.Ended != Never && j.Ended > at {
			c.fail(1, "the %s job of %s ends after the cut", j.Type, j.Client)
		}
	}
	h.Cut = max(at, 0)
	c.reader.last = h.Cut
}

func (c *record) end() {
	c.time("end", c.reader.last, "the last cut")
	c.reader.complete = c.need("complete", flagField).flag
	c.reader.ended = true
	if h := &c.reader.chunk; len(h.Operations)+len(h.Jobs) > 0 {
		c.fail(1, "%s before the end without a cut", fmt.Sprint(len(h.Operations)+len(h.Jobs), " records"))
	}
}
