package api

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/checker/linear"
)

const line = `{"c": 1, "op": "info", "dom": "vm", "t0": 5, "t1": 7, "res": 3, "err": null}` + "\n"

func TestRead(t *testing.T) {
	calls, err := Read(t.Context(), "f", strings.NewReader("\n"+line+`{"c":"x","op":"start","dom":"vm","t0":8,"err":[55,10,"no"]}`))
	if err != nil || len(calls) != 2 {
		t.Fatal(calls, err)
	}
	if c := calls[0]; c.Line != 2 || c.Client != "1" || c.From != 5 || c.To != 7 || c.String() != "info(vm) = paused" {
		t.Errorf("%+v", c)
	}
	if calls, err := Read(t.Context(), "f", strings.NewReader(`{"op":"start","dom":"vm","t0":8,"t1":9,"err":"domain is already running"}`)); err != nil ||
		calls[0].Err.Message != "domain is already running" {
		t.Error(calls, err)
	}
	if c := calls[1]; c.Line != 3 || c.Client != "x" || c.To != Never || c.Err.Code != 55 || c.String() != "start(vm) has not returned" {
		t.Errorf("%+v", c)
	}
}

// Everything that is wrong is told at once, with its place.
func TestReadProblems(t *testing.T) {
	for text, want := range map[string]string{
		`{"op": }`: `f:1:8: no JSON: invalid character '}' looking for beginning of value`,
		`{"op": "info", "dom": "vm", "t0": 5, "t1": 4}`:                   `f:1:1: "t1" is before "t0"`,
		`{"op": "info", "dom": "vm", "t1": 4}`:                            `f:1:1: the call has no beginning ("t0", in nanoseconds)`,
		`{"dom": "vm", "t0": 4}`:                                          `f:1:1: the call has no operation ("op")`,
		`{"op": "info", "t0": 4}`:                                         `f:1:1: the call has no domain ("dom")`,
		`{"op": "info", "dom": "vm", "t0": -4}`:                           `f:1:1: "t0" is no time in nanoseconds`,
		`{"op": "info", "dom": "vm", "t0": 4, "t1": 9223372036854775807}`: `f:1:1: "t1" is no time in nanoseconds`,
		`{"op": "info", "dom": "vm", "t0": 4, "t1": 5, "err": {}}`:        `f:1:1: "err" is neither null nor [code, from, message]`,
		`{"op": 7}`:                                      `f:1:8: "op" is no string`,
		line + "{\n" + line + "x\n" + line[:20]:          "f:2:2: no JSON: unexpected end of JSON input\nf:4:1: no JSON: invalid character 'x' looking for beginning of value\nf:5:20: the last line is cut off: send the whole file, or what is before it",
		strings.Repeat("x", longestLine+1) + "\n" + line: "f:1:1: the line is longer than 1048576 bytes",
	} {
		_, err := Read(t.Context(), "f", strings.NewReader(text))
		var p *linear.Problems
		if !errors.As(err, &p) || err.Error() != want {
			t.Errorf("%.40s: %v, want %s", text, err, want)
		}
	}
}

func TestRecognise(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, line: true, "\ufeff\n" + line: true, line[:30]: false,
		`{"history":1}` + "\n": false, `{"op":"x"}` + "\n": false, "2031-01-01 x\n" + line: false,
		`{"MESSAGE":"x","op":1,"dom":2}` + "\n": false,
	} {
		if got := Recognise([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(line))
	f.Add(diagnosetest.Content(f, "testdata/sample-small.jsonl.zst"))
	f.Add([]byte(`{"c":"x","op":"start","dom":"vm","t0":8,"err":[55,10,"no"]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		calls, err := Read(t.Context(), "f", bytes.NewReader(text))
		if err != nil {
			return
		}
		if len(calls) > 30 {
			calls = calls[:30]
		}
		r := Check(t.Context(), calls, Options{Patience: 1e8})
		for _, v := range r.API.Violations {
			if len(v.Steps) == 0 {
				t.Error("a piece without calls")
			}
		}
		Timeline("f", calls)
		_, _ = r.Notes(), r.Assumptions()
	})
}
