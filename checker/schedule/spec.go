package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A ThreadSpec is a thread of a driver program: what it does, one after the other.
type ThreadSpec struct {
	Name  string
	Calls []Action
}

// An Action is a call, or something that is done to QEMU.
type Action struct {
	Call driver.Call
	// Crash kills the domain's QEMU and Event lets it send an event, instead of the call. Shutdown
	// closes the driver, and has no domain.
	Crash    bool
	Event    string
	Shutdown bool
}

// aliases are the names of the thread bodies of the model for the calls that have their pattern.
var aliases = map[string]driver.Op{
	"modify":  driver.OpSuspend,
	"relock":  driver.OpSetMemory,
	"wdriver": driver.OpLongJob,
}

// defaults are the arguments of the calls that need one.
var defaults = map[driver.Op]int64{
	driver.OpDefine:    1024,
	driver.OpSetMemory: 2048,
	driver.OpLongJob:   1,
}

// ParseThreads reads threads as "query(vm1) x2, modify(vm1), destroy(vm1)+start(vm1),
// set-memory(vm1, 4096)": names of calls, or of the model's thread bodies, or crash and event, or
// shutdown(). A plus joins calls of one thread; xN repeats a thread.
func ParseThreads(text string) ([]ThreadSpec, error) {
	var specs []ThreadSpec
	seen := map[string]int{}
	for _, part := range splitOutside(text, ',') {
		part = strings.TrimSpace(part)
		body, times, err := repetition(part)
		if err != nil {
			return nil, err
		}
		spec := ThreadSpec{Name: body}
		for _, call := range splitOutside(body, '+') {
			a, err := parseAction(strings.TrimSpace(call))
			if err != nil {
				return nil, err
			}
			spec.Calls = append(spec.Calls, a)
		}
		for range times {
			one := spec
			if seen[body]++; seen[body] > 1 {
				one.Name += "#" + strconv.Itoa(seen[body])
			}
			specs = append(specs, one)
			if len(specs) > maxThreads/2 {
				return nil, fmt.Errorf("more than %d threads", maxThreads/2)
			}
		}
	}
	return specs, nil
}

// splitOutside splits at a separator that is not in parentheses.
func splitOutside(text string, separator byte) []string {
	var parts []string
	depth, from := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		case separator:
			if depth == 0 {
				parts = append(parts, text[from:i])
				from = i + 1
			}
		}
	}
	return append(parts, text[from:])
}

// repetition cuts the xN off a thread.
func repetition(part string) (body string, times int, err error) {
	i := strings.LastIndexByte(part, ')')
	rest := strings.TrimSpace(part[i+1:])
	if i < 0 || rest == "" {
		return part, 1, nil
	}
	digits, ok := strings.CutPrefix(rest, "x")
	times, err = strconv.Atoi(digits)
	if !ok || err != nil || times < 1 || times > maxThreads {
		return "", 0, fmt.Errorf("%q after a thread: a repetition is x2 to x%d", rest, maxThreads)
	}
	return part[:i+1], times, nil
}

func parseAction(text string) (Action, error) {
	name, rest, ok := strings.Cut(text, "(")
	inside, closed := strings.CutSuffix(rest, ")")
	if !ok || !closed {
		return Action{}, fmt.Errorf("%q is not a call such as query(vm1)", text)
	}
	if name == shutdown && inside == "" {
		return Action{Shutdown: true}, nil
	}
	domain, argument, hasArgument := strings.Cut(inside, ",")
	domain = strings.TrimSpace(domain)
	if !isName(domain) {
		return Action{}, fmt.Errorf("%s: %q is not the name of a domain", text, domain)
	}
	a := Action{Call: driver.Call{Domain: domain}}
	switch name {
	case "crash":
		a.Crash = true
	case "event":
		a.Event = "RTC_CHANGE"
	default:
		op, known := aliases[name]
		if !known {
			op, known = driver.ParseOp(name)
		}
		if !known || op == driver.OpDied {
			return a, fmt.Errorf("%s: there is no call %q; the calls are %s", text, name, strings.Join(callNames(), ", "))
		}
		a.Call.Op = op
		a.Call.Arg = defaults[op]
	}
	if hasArgument {
		n, err := strconv.ParseInt(strings.TrimSpace(argument), 10, 32)
		if err != nil || n < 0 || defaults[a.Call.Op] == 0 || a.Crash || a.Event != "" {
			return a, fmt.Errorf("%s: %q is not an argument of %s", text, strings.TrimSpace(argument), name)
		}
		a.Call.Arg = n
	}
	return a, nil
}

// shutdown is the name of the action that closes the driver.
const shutdown = "shutdown"

func isName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return s != ""
}

func callNames() []string {
	var names []string
	for op := driver.OpDefine; op < driver.OpDied; op++ {
		names = append(names, op.String())
	}
	return append(names, "crash", "event", "modify", "relock", "wdriver", shutdown+"()")
}

// ParseStarts reads how domains begin, as "vm1=transient,vm2=stopped".
func ParseStarts(text string) (map[string]Start, error) {
	if text == "" {
		return nil, nil
	}
	starts := map[string]Start{}
	for part := range strings.SplitSeq(text, ",") {
		name, start, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || !isName(name) {
			return nil, fmt.Errorf("%q is not like vm1=stopped", part)
		}
		if !slices.Contains([]Start{Up, Down, Undefined, Absent}, Start(start)) {
			return nil, fmt.Errorf("%s: a domain begins running, stopped, transient or absent, not %q", name, start)
		}
		if _, twice := starts[name]; twice {
			return nil, fmt.Errorf("%s begins in two ways", name)
		}
		starts[name] = Start(start)
	}
	return starts, nil
}
