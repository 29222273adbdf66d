package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/lockproof/lockproof/checker/linear"
)

// What bounds the reading of a history.
const (
	longestLine = 1 << 20 // bytes
	mostCalls   = 1 << 20
)

// A record is a line as it stands in the file.
type record struct {
	Client  json.RawMessage `json:"c"`
	Op      string          `json:"op"`
	Domain  string          `json:"dom"`
	From    *int64          `json:"t0"`
	To      *int64          `json:"t1"`
	Result  json.RawMessage `json:"res"`
	Failure json.RawMessage `json:"err"`
}

// Recognise reports whether the first bytes of a file are those of a history of calls.
func Recognise(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	for len(head) > 0 {
		line, rest, whole := bytes.Cut(head, []byte("\n"))
		head = rest
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if line[0] != '{' || !whole && !json.Valid(line) {
			return false
		}
		var fields map[string]json.RawMessage
		if json.Unmarshal(line, &fields) != nil {
			return false
		}
		for _, name := range []string{"op", "dom", "t0"} {
			if _, ok := fields[name]; !ok {
				return false
			}
		}
		return true
	}
	return false
}

// Read reads a history. Whatever is wrong in it is a [*linear.Problems], with all of it.
func Read(ctx context.Context, name string, in io.Reader) ([]Call, error) {
	problems := &linear.Problems{}
	lines := bufio.NewReaderSize(in, 1<<16)
	var calls []Call
	names := map[string]string{}
	for number := 1; ; number++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		line, err := readLine(lines)
		switch {
		case errors.Is(err, errTooLong):
			problems.Add(name, number, 1, "the line is longer than %d bytes", longestLine)
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		if text := bytes.TrimSpace(line); len(text) > 0 && !errors.Is(err, errTooLong) {
			if len(calls) == mostCalls {
				problems.Add(name, number, 1, "more than %d calls", mostCalls)
				return nil, problems
			}
			c, column, what := parse(line)
			switch {
			case what != "" && errors.Is(err, io.EOF) && !bytes.HasSuffix(text, []byte("}")):
				problems.Add(name, number, column, "the last line is cut off: send the whole file, or what is before it")
			case what == "" && c.Domain == "" && !everywhere[canonical(c.Op)]:
				problems.Add(name, number, 1, "the call has no domain (\"dom\")")
			case what == "":
				c.Line = number
				c.Client, c.Op, c.Domain = unique(names, c.Client), unique(names, c.Op), unique(names, c.Domain)
				calls = append(calls, c)
			default:
				problems.Add(name, number, column, "%s", what)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	if len(problems.List) > 0 {
		return nil, problems
	}
	return calls, nil
}

func unique(names map[string]string, s string) string {
	if known, ok := names[s]; ok {
		return known
	}
	names[s] = s
	return s
}

var errTooLong = errors.New("line too long")

// readLine reads a line; of one that is too long, nothing.
func readLine(in *bufio.Reader) ([]byte, error) {
	var whole []byte
	tooLong := false
	for {
		part, err := in.ReadSlice('\n')
		if len(whole)+len(part) > longestLine {
			tooLong, whole = true, nil
		} else if !tooLong {
			whole = append(whole, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case tooLong && err == nil:
			return nil, errTooLong
		case tooLong:
			return nil, errors.Join(errTooLong, err)
		}
		return whole, err
	}
}

// parse reads the call on a line, or says what is wrong with it and in which column.
func parse(line []byte) (c Call, column int, what string) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &syntax):
			return c, int(syntax.Offset), "no JSON: " + syntax.Error()
		case errors.As(err, &kind):
			return c, int(kind.Offset), "\"" + kind.Field + "\" is no " + kind.Type.String()
		}
		return c, 1, err.Error()
	}
	switch {
	case r.Op == "":
		return c, 1, "the call has no operation (\"op\")"
	case r.From == nil:
		return c, 1, "the call has no beginning (\"t0\", in nanoseconds)"
	case *r.From < 0 || *r.From > Never>>1:
		return c, 1, "\"t0\" is no time in nanoseconds"
	case r.To != nil && *r.To < *r.From:
		return c, 1, "\"t1\" is before \"t0\""
	case r.To != nil && *r.To > Never>>1:
		return c, 1, "\"t1\" is no time in nanoseconds"
	}
	c = Call{
		Client: clientName(r.Client), Op: r.Op, Domain: r.Domain, From: *r.From, To: Never,
		Result: parseResult(r.Result),
	}
	if r.To != nil {
		c.To = *r.To
	}
	if len(r.Failure) > 0 && string(r.Failure) != "null" {
		e, ok := parseError(r.Failure)
		if !ok {
			return c, 1, "\"err\" is neither null nor [code, from, message]"
		}
		c.Err = &e
	}
	return c, 0, ""
}

func clientName(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// parseError reads [code, from, message]; a text alone is a message.
func parseError(raw json.RawMessage) (e Error, ok bool) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return Error{Message: text}, true
	}
	var all []json.RawMessage
	if json.Unmarshal(raw, &all) != nil || len(all) < 1 || json.Unmarshal(all[0], &e.Code) != nil {
		return e, false
	}
	if len(all) > 1 && json.Unmarshal(all[1], &e.From) != nil {
		return e, false
	}
	if len(all) > 2 && json.Unmarshal(all[2], &e.Message) != nil {
		return e, false
	}
	return e, true
}
