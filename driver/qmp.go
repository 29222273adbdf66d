package driver

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// An answer is what QEMU sends: the greeting, the return of a command, an error, or an event. One of QMP, Return, Error and
// Event is set.
type answer struct {
	QMP    []byte // JSON
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

// decodeAnswer reads one line of QEMU's.
func decodeAnswer(line []byte) (answer, error) {
	var a answer
	c, ok := openObject(line)
	if !ok {
		return a, &ProtocolError{"not a JSON object", line}
	}
	kinds := 0
	for c.next() {
		kinds++
		switch value := c.value; string(c.name) {
		case `"QMP"`:
			a.QMP = value
		case `"return"`:
			a.Return = value
		case `"error"`:
			a.Error = &QMPError{}
			if err := json.Unmarshal(value, a.Error); err != nil {
				return a, &ProtocolError{"an error that is not an object", line}
			}
		case `"event"`:
			a.Event = unquote(value)
		case `"id"`:
			a.ID = unquote(value)
			kinds--
		default:
			kinds--
		}
	}
	if kinds != 1 {
		return a, &ProtocolError{"not one of greeting, return, error and event", line}
	}
	return a, nil
}

// commandID is the number in the id of an answer.
func (a *answer) commandID() (uint64, error) {
	digits, ok := strings.CutPrefix(a.ID, idPrefix)
	if !ok {
		return 0, errors.New("an id that is not ours")
	}
	return strconv.ParseUint(digits, 10, 64)
}
