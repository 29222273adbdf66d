package api

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Never is the end of a call that did not return.
const Never = math.MaxInt64

// A Call is what one client saw of one call.
type Call struct {
	Line     int // of the file
	Client   string
	Op       string
	Domain   string
	From, To int64  // nanoseconds of the clients' clock; To is Never if it did not return
	Result   result // of a call without an error
	Err      *Error // nil: it did what it should
}

// A result is what a call returned, as far as models look at it.
type result struct {
	text    string // as it stands in the file
	numbers []int64
}

// An Error is libvirt's: its code, where it comes from, and its message.
type Error struct {
	Code, From int
	Message    string
}

// Codes of libvirt's errors.
const (
	internalError     = 1
	operationFailed   = 9
	systemError       = 38
	rpcError          = 39
	noDomain          = 42
	operationInvalid  = 55
	unsupportedConfig = 67
	operationTimeout  = 68
	operationAborted  = 78
	agentUnresponsive = 86
	deviceMissing     = 99
)

// connectionLost is what is said of a lost connection to the daemon.
var connectionLost = []string{
	"client socket", "socket closed", "connection closed", "connection was reset", "due to keepalive",
}

// open reports whether nobody knows if the call took effect, or when: it has not returned, gave up,
// or lost its connection.
func (c *Call) open() bool {
	switch {
	case c.To == Never:
		return true
	case c.Err == nil:
		return false
	case c.Err.Code == operationTimeout, c.Err.Code == rpcError:
		return true
	}
	return c.Err.is("timed out", "timeout") ||
		(c.Err.Code == systemError || c.Err.Code == internalError) && c.Err.is(connectionLost...)
}

// is reports whether the message has one of some texts, in small letters.
func (e *Error) is(texts ...string) bool {
	m := strings.ToLower(e.Message)
	for _, t := range texts {
		if strings.Contains(m, t) {
			return true
		}
	}
	return false
}

// String is the call with its result.
func (c *Call) String() string {
	text := c.Op + "(" + c.Domain + ")"
	switch {
	case c.To == Never:
		return text + " has not returned"
	case c.Err != nil:
		return fmt.Sprintf("%s = error %d: %s", text, c.Err.Code, shorten(c.Err.Message, 100))
	}
	switch {
	case c.Op == "info" && len(c.Result.numbers) == 1:
		return text + " = " + showText(show(c.Result.numbers[0]), 0)
	case c.Op == "state" && len(c.Result.numbers) == 2:
		return text + " = " + showText(show(c.Result.numbers[0]), uint8(c.Result.numbers[1]))
	case c.Result.text == "0", c.Result.text == "null", c.Result.text == "true":
		return text + " = ok"
	}
	return text + " = " + shorten(c.Result.text, 80)
}

func shorten(s string, most int) string {
	s = strings.TrimRight(s, "\r\n")
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// number is a result that is one number.
func (r *result) number() (int64, bool) {
	if len(r.numbers) != 1 {
		return 0, false
	}
	return r.numbers[0], true
}

// parseResult takes what models may ask for.
func parseResult(raw json.RawMessage) result {
	r := result{text: string(raw)}
	var n int64
	if json.Unmarshal(raw, &n) == nil && r.text != "null" {
		r.numbers = []int64{n}
		return r
	}
	var all []int64
	if len(raw) < 256 && json.Unmarshal(raw, &all) == nil {
		r.numbers = all
		return r
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		r.text = text
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			r.numbers = []int64{n}
		}
	}
	return r
}
