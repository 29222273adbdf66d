package driver

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The members of an object are what encoding/json finds in it.
func TestCursorAgreesWithEncodingJSON(t *testing.T) {
	value := rapid.Deferred(func() *rapid.Generator[any] { return jsonValue(3) })
	rapid.Check(t, func(t *rapid.T) {
		object := rapid.MapOf(rapid.String(), value).Draw(t, "object")
		var text []byte
		var err error
		if rapid.Bool().Draw(t, "indent") {
			text, err = json.MarshalIndent(object, " ", "\t")
		} else {
			text, err = json.Marshal(object)
		}
		if err != nil {
			t.Skip(err)
		}
		checkCursor(t, text)
	})
}

func jsonValue(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.String().AsAny(), rapid.Bool().AsAny(), rapid.Int32().AsAny(), rapid.Just[any](nil),
	}
	if depth > 0 {
		inner := rapid.Deferred(func() *rapid.Generator[any] { return jsonValue(depth - 1) })
		leaves = append(leaves, rapid.SliceOfN(inner, 0, 3).AsAny(), rapid.MapOfN(rapid.String(), inner, 0, 3).AsAny())
	}
	return rapid.OneOf(leaves...)
}

// checkCursor compares the cursor with encoding/json on any text.
func checkCursor(t interface{ Errorf(string, ...any) }, text []byte) {
	var want map[string]json.RawMessage
	err := json.Unmarshal(text, &want)
	c, ok := openObject(text)
	if isObject := err == nil && want != nil; ok != isObject {
		t.Errorf("%q: opened %v, encoding/json: %v", text, ok, err)
		return
	}
	got := map[string]json.RawMessage{}
	for ok && c.next() {
		got[unquote(c.name)] = c.value
	}
	if len(got) != len(want) {
		t.Errorf("%q has %d members, want %d", text, len(got), len(want))
	}
	for name, value := range want {
		if string(got[name]) != string(value) {
			t.Errorf("%q: member %q is %s, want %s", text, name, got[name], value)
		}
	}
}

// No line makes the decoders panic, and what they read is what encoding/json reads.
func FuzzDecode(f *testing.F) {
	for _, line := range []string{
		greeting, `{"return":{"running":true},"id":"libvirt-1"}`, `{"event":"STOP","data":{"a":[1,{"b":"}"}]}}`,
		`{"error":{"class":"C","desc":"D\"E"},"id":"x"}`, `{"QMP":null}`, `{"error":{"desc":7}}`, `{"event":""}`,
		`{}`, `[]`, `{"a":1,}`, `{"a" : "\u00e9\\" , "b":-1.5e3}`, `{"":{}}`, "nul", "{\"a\":\x00}",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		checkCursor(t, line)
		if a, err := decodeAnswer(line); err == nil {
			_, _ = a.commandID()
			_, _ = stateOf(a)
			checkKind(t, line, a)
		}
		(&guest{}).answer(line, NoFault)
		(&guest{ready: true}).answer(line, WrongID)
	})
}

// checkKind wants one of the four kinds of answers, and something in it.
func checkKind(t *testing.T, line []byte, a answer) {
	kinds := 0
	for _, is := range []bool{a.QMP != nil, a.Return != nil, a.Error != nil, a.Event != ""} {
		if is {
			kinds++
		}
	}
	if kinds != 1 || a.Error != nil && a.Error.Error() == "" {
		t.Errorf("%q was read as %+v", line, a)
	}
}

func TestDecodeAnswer(t *testing.T) {
	const (
		greetingShape = "a greeting that is not an object"
		errorShape    = "an error that does not say its class and desc"
		eventShape    = "an event without a name"
		noKind        = "not one of greeting, return, error and event"
	)
	for _, tt := range []struct {
		name, line string
		want       answer
		problem    string
	}{
		{name: "greeting", line: `{"QMP": {}}`, want: answer{QMP: []byte("{}")}},
		{name: "greeting is null", line: `{"QMP":null}`, problem: greetingShape},
		{name: "greeting is a list", line: `{"QMP":[{}]}`, problem: greetingShape},
		{name: "return of any shape", line: `{"return": 5, "id": "x"}`, want: answer{Return: []byte("5"), ID: "x"}},
		{name: "error", line: `{"error":{"class":"C","desc":"D","data":{}}}`, want: answer{Error: &QMPError{"C", "D"}}},
		{name: "error of no class", line: `{"error":{"class":"","desc":"D"}}`, want: answer{Error: &QMPError{"", "D"}}},
		{name: "error is null", line: `{"error":null}`, problem: errorShape},
		{name: "error is a string", line: `{"error":"D"}`, problem: errorShape},
		{name: "error is empty", line: `{"error":{}}`, problem: errorShape},
		{name: "error says nothing", line: `{"error":{"class":"","desc":""}}`, problem: errorShape},
		{name: "error without desc", line: `{"error":{"class":"C"}}`, problem: errorShape},
		{name: "error whose class is a number", line: `{"error":{"class":7,"desc":"D"}}`, problem: errorShape},
		{name: "error whose desc is null", line: `{"error":{"class":"C","desc":null}}`, problem: errorShape},
		{name: "event", line: `{"event":"STOP","data":{}}`, want: answer{Event: "STOP"}},
		{name: "event is empty", line: `{"event":""}`, problem: eventShape},
		{name: "event is a number", line: `{"event":7}`, problem: eventShape},
		{name: "event is null", line: `{"event":null}`, problem: eventShape},
		{name: "two kinds, one of them wrong", line: `{"event":7,"return":{}}`, problem: noKind},
		{name: "no kind", line: `{"id":"x"}`, problem: noKind},
		{name: "a list", line: `[]`, problem: "not a JSON object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decodeAnswer([]byte(tt.line))
			if tt.problem == "" {
				if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
					t.Error(err, diff)
				}
				return
			}
			checkProblem(t, err, tt.problem, tt.line)
		})
	}
}

func TestStateOf(t *testing.T) {
	const problem = "a status that does not say whether the guest is running"
	for text, want := range map[string]State{
		`{"status":"running","running":true}`: Running, `{"running" : false}`: Paused,
		`{}`: Shutoff, `null`: Shutoff, `5`: Shutoff, `[true]`: Shutoff, `{"running":null}`: Shutoff,
		`{"running":"true"}`: Shutoff, `{"Running":true}`: Shutoff,
	} {
		got, err := stateOf(answer{Return: []byte(text)})
		if got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
		if want != Shutoff {
			must(t, err)
			continue
		}
		checkProblem(t, err, problem, text)
	}
}

// checkProblem wants a ProtocolError.
func checkProblem(t *testing.T, err error, problem, line string) {
	t.Helper()
	var p *ProtocolError
	if !errors.As(err, &p) || p.Problem != problem || string(p.Line) != line {
		t.Errorf("%s: %v, want %s", line, err, problem)
	}
}

// What QEMU says cannot play tricks on a terminal.
func TestQMPErrorText(t *testing.T) {
	for _, tt := range []struct {
		err  QMPError
		want string
	}{
		{QMPError{"GenericError", `no "déjà vu" \ here`}, `no "déjà vu" \ here (GenericError)`},
		{QMPError{"GenericError", ""}, "GenericError"},
		{QMPError{"", "broken"}, "broken"},
		{QMPError{"C\r", "\x1b[31mred\nnext\u009b\u202e\x00"}, `\x1b[31mred\nnext\u009b\u202e\x00 (C\r)`},
		{QMPError{"C", "\x9b31m"}, "\ufffd31m (C)"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestEncodeCommand(t *testing.T) {
	for _, tt := range []struct {
		name      string
		arguments any
		want      string
	}{
		{"stop", nil, `{"execute":"stop","id":"libvirt-7"}`},
		{"balloon", balloon{1 << 30}, `{"execute":"balloon","arguments":{"value":1073741824},"id":"libvirt-7"}`},
	} {
		got, err := encodeCommand(tt.name, tt.arguments, 7)
		if string(got) != tt.want || err != nil {
			t.Errorf("%s, %v; want %s", got, err, tt.want)
		}
	}
	if _, err := encodeCommand("x", make(chan int), 1); err == nil {
		t.Error("a channel was encoded")
	}
}
