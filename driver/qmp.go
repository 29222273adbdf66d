package driver

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// An answer is what QEMU sends: the greeting, the return of a command, an error, or an event. One
// of QMP, Return, Error and Event is set.
type answer struct {
	QMP    []byte // a JSON object
	Return []byte // JSON
	Error  *QMPError
	Event  string
	ID     string
}

// idPrefix is how libvirt begins the ids of its commands.
const idPrefix = "libvirt-"

// encodeCommand is one command as a line of JSON.
func encodeCommand(name string, arguments any, id uint64) ([]byte, error) {
	line := append(make([]byte, 0, 64), `{"execute":"`...)
	line = append(line, name...)
	if arguments != nil {
		text, err := json.Marshal(arguments)
		if err != nil {
			return nil, err
		}
		line = append(line, `","arguments":`...)
		line = append(line, text...)
		line = append(line, `,"id":"`+idPrefix...)
	} else {
		line = append(line, `","id":"`+idPrefix...)
	}
	line = strconv.AppendUint(line, id, 10)
	return append(line, `"}`...), nil
}

// decodeAnswer reads one line of QEMU's. What a command returns depends on the command, so its
// shape is the caller's affair.
func decodeAnswer(line []byte) (answer, error) {
	var a answer
	c, ok := openObject(line)
	if !ok {
		return a, &ProtocolError{"not a JSON object", line}
	}
	kinds, problem := 0, ""
	for c.next() {
		kinds++
		switch value := c.value; string(c.name) {
		case `"QMP"`:
			if a.QMP = value; value[0] != '{' {
				problem = "a greeting that is not an object"
			}
		case `"return"`:
			a.Return = value
		case `"error"`:
			if a.Error, ok = decodeError(value); !ok {
				problem = "an error that does not say its class and desc"
			}
		case `"event"`:
			if a.Event = unquote(value); a.Event == "" {
				problem = "an event without a name"
			}
		case `"id"`:
			a.ID = unquote(value)
			kinds--
		default:
			kinds--
		}
	}
	if kinds != 1 {
		problem = "not one of greeting, return, error and event"
	}
	if problem != "" {
		return a, &ProtocolError{problem, line}
	}
	return a, nil
}

// decodeError reads a refusal. QEMU always has both strings in it, and an empty one is no class or
// no description.
func decodeError(value []byte) (*QMPError, bool) {
	var class, desc []byte
	c, ok := openObject(value)
	for ok && c.next() {
		switch string(c.name) {
		case `"class"`:
			class = c.value
		case `"desc"`:
			desc = c.value
		}
	}
	if !isString(class) || !isString(desc) {
		return nil, false
	}
	e := &QMPError{unquote(class), unquote(desc)}
	return e, *e != QMPError{}
}

// commandID is the number in the id of an answer.
func (a *answer) commandID() (uint64, error) {
	digits, ok := strings.CutPrefix(a.ID, idPrefix)
	if !ok {
		return 0, errors.New("an id that is not ours")
	}
	return strconv.ParseUint(digits, 10, 64)
}
