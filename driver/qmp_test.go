package driver

import (
	"encoding/json"
	"testing"

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
		`{"error":{"class":"C","desc":"D\"E"},"id":"x"}`, `{}`, `[]`, `{"a":1,}`, `{"a" : "\u00e9\\" , "b":-1.5e3}`, `{"":{}}`, "nul", "{\"a\":\x00}",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		checkCursor(t, line)
		if a, err := decodeAnswer(line); err == nil {
			_, _ = a.commandID()
			stateOf(a)
		}
		(&guest{}).answer(line, NoFault)
		(&guest{ready: true}).answer(line, WrongID)
	})
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
