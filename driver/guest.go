package driver

import (
	"encoding/json"
	"strconv"
	"strings"
)

// A guest is the inside of a pretended QEMU: as much of QMP as the driver uses. One goroutine uses
// it at a time.
type guest struct {
	ready   bool // capabilities are negotiated
	running bool
	memory  int64 // bytes
}

// greeting is the first line of every QMP connection.
const greeting = `{"QMP":{"version":{"qemu":{"micro":0,"minor":2,"major":7},"package":"lockproof"},"capabilities":[]}}` + "\n"

// answerFaults can strike when a command is answered, spawnFaults when QEMU is started.
var (
	answerFaults = []Fault{DomainDeath, Garbage, HalfLine, WrongID, CommandError, ExtraEvent, SlowAnswer, GuestShutdown}
	spawnFaults  = []Fault{SpawnFailure}
)

// A response is what QEMU sends for one command.
type response struct {
	lines []string // with their ends
	last  bool     // the connection ends after them
}

// A guestCommand is a command as QEMU reads it.
type guestCommand struct {
	name, id  string
	arguments balloon
}

func decodeCommand(line []byte) (guestCommand, bool) {
	var g guestCommand
	c, ok := openObject(line)
	if !ok {
		return g, false
	}
	for c.next() {
		switch string(c.name) {
		case `"execute"`:
			g.name = unquote(c.value)
		case `"id"`:
			g.id = unquote(c.value)
		case `"arguments"`:
			var b balloon
			if json.Unmarshal(c.value, &b) != nil {
				return g, false
			}
			g.arguments = b
		}
	}
	return g, true
}

// answer executes one command.
func (g *guest) answer(line []byte, fault Fault) response {
	command, ok := decodeCommand(line)
	if !ok {
		return response{lines: []string{errorLine("GenericError", "Invalid JSON syntax", "")}}
	}
	switch fault {
	case DomainDeath:
		return response{last: true}
	case Garbage:
		return response{lines: []string{"{\"return\": }\n"}}
	case CommandError:
		return response{lines: []string{errorLine("GenericError", "the command did not work out", command.id)}}
	case WrongID:
		wrong := *g
		wrong.running = !g.running
		return wrong.execute(command.name, command.arguments, "libvirt-0")
	}
	r := g.execute(command.name, command.arguments, command.id)
	switch fault {
	case HalfLine:
		end := &r.lines[len(r.lines)-1]
		*end = (*end)[:len(*end)/2]
		r.last = true
	case ExtraEvent:
		r.lines = append([]string{eventLine("RTC_CHANGE")}, r.lines...)
	case GuestShutdown:
		r.lines = append(r.lines, eventLine("SHUTDOWN"))
		r.last = true
	}
	return r
}

func (g *guest) execute(name string, arguments balloon, id string) response {
	if !g.ready && name != "qmp_capabilities" {
		return response{lines: []string{errorLine("CommandNotFound",
			"Expecting capabilities negotiation with 'qmp_capabilities'", id)}}
	}
	result, event := "{}", ""
	switch name {
	case "qmp_capabilities":
		g.ready = true
	case "query-status":
		result = `{"running":` + strconv.FormatBool(g.running) + `,"singlestep":false,"status":"` + g.status() + `"}`
	case "stop":
		if g.running {
			event = "STOP"
		}
		g.running = false
	case "cont":
		if !g.running {
			event = "RESUME"
		}
		g.running = true
	case "balloon":
		g.memory = arguments.Value
	case "query-migrate":
		result = `{"status":"active"}`
	default:
		return response{lines: []string{errorLine("CommandNotFound", "The command "+name+" has not been found", id)}}
	}
	var r response
	if event != "" {
		r.lines = append(r.lines, eventLine(event))
	}
	r.lines = append(r.lines, `{"return":`+result+`,"id":`+quote(id)+"}\n")
	return r
}

func (g *guest) status() string {
	if g.running {
		return "running"
	}
	return "paused"
}

func eventLine(name string) string {
	return `{"timestamp":{"seconds":0,"microseconds":0},"event":` + quote(name) + "}\n"
}

func errorLine(class, desc, id string) string {
	line := `{"error":{"class":` + quote(class) + `,"desc":` + quote(desc) + "}"
	if id != "" {
		line += `,"id":` + quote(id)
	}
	return line + "}\n"
}

// quote is a JSON string.
func quote(s string) string {
	if strings.ContainsAny(s, "\"\\") || strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
		text, _ := json.Marshal(s) // a string always has a JSON form
		return string(text)
	}
	return `"` + s + `"`
}
