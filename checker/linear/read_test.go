package linear

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// problemsOf reads a whole file, of which the first line is added.
func readLines(t *testing.T, lines string) (problems string, broken []bool) {
	t.Helper()
	r := NewReader("f", strings.NewReader("{\"history\":1,\"seed\":1}\n"+lines))
	for {
		_, err := r.Next()
		broken = append(broken, r.Broken())
		if err != nil {
			return err.Error(), broken
		}
	}
}

// Times go on from one cut to the next: nothing begins before the cut before it, nor ends after its
// own.
func TestTimesAndCuts(t *testing.T) {
	const call = `{"call":"info","domain":"vm1","client":"c","from":`
	const job = `{"job":"query","domain":"vm1","object":1,"client":"c","asked":`
	for name, tt := range map[string]struct{ lines, want string }{
		"in order": {call + `1,"to":2,"code":"no-domain"}` + "\n{\"cut\":2}\n" + call + `2,"to":3,"code":"no-domain"}` + "\n" +
			job + `2,"begun":3,"ended":3}` + "\n{\"cut\":3}\n{\"end\":3,\"complete\":true}\n", "EOF"},
		"call before the cut": {
			"{\"cut\":5}\n" + call + `4}` + "\n{\"cut\":6}\n{\"end\":6,\"complete\":true}\n", "f:3:51: from is before the cut before it",
		},
		"job before the cut": {
			"{\"cut\":5}\n" + job + `4}` + "\n{\"cut\":6}\n{\"end\":6,\"complete\":true}\n", "f:3:63: asked is before the cut before it",
		},
		"cut before the cut": {"{\"cut\":5}\n{\"cut\":4}\n{\"end\":6,\"complete\":true}\n", "f:3:8: cut is before the cut before it"},
		"end before the cut": {"{\"cut\":5}\n{\"end\":4,\"complete\":true}\n", "f:3:8: end is before the last cut"},
		"call after the cut": {
			call + `1,"to":6,"code":"no-domain"}` + "\n{\"cut\":5}\n{\"end\":5,\"complete\":true}\n",
			"f:3:1: info(vm1) = no-domain of c returns after the cut",
		},
		"job after the cut": {
			job + `1,"begun":2,"ended":6}` + "\n{\"cut\":5}\n{\"end\":5,\"complete\":true}\n", "f:3:1: the query job of c ends after the cut",
		},
		"a cut that is none": {
			call + `1,"to":6,"code":"no-domain"}` + "\n" + job + `1,"begun":2,"ended":6}` + "\n{\"cut\":\"5\"}\n{\"end\":7,\"complete\":true}\n",
			"f:4:8: cut is a whole number",
		},
		"end without a cut":  {call + "1}\n{\"end\":5,\"complete\":true}\n", "f:3:1: 1 records before the end without a cut"},
		"after the end":      {"{\"end\":5,\"complete\":true}\n{\"cut\":5}\n", "f:3:1: a record after the end"},
		"ended before begun": {job + `1,"begun":5,"ended":4}` + "\n{\"cut\":5}\n{\"end\":5,\"complete\":true}\n", "f:2:83: ended is before begun"},
		"refused and begun": {
			job + `1,"begun":2,"refused":4}` + "\n{\"cut\":5}\n{\"end\":5,\"complete\":true}\n", "f:2:1: a job that was refused has not begun",
		},
	} {
		got, _ := readLines(t, tt.lines)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A file is broken from its first problem on: what is read of it is not checked.
func TestBroken(t *testing.T) {
	got, broken := readLines(t, "{\"cut\":1}\n{\"cut\":0}\n{\"cut\":2}\n{\"end\":2,\"complete\":true}\n")
	if want := "f:3:8: cut is before the cut before it"; got != want {
		t.Error(got)
	}
	if diff := cmp.Diff([]bool{false, true, true, true}, broken); diff != "" {
		t.Error(diff)
	}
}

// More problems than anybody reads are counted.
func TestManyProblems(t *testing.T) {
	got, _ := readLines(t, strings.Repeat("nonsense\n", 107)+"{\"end\":1,\"complete\":true}\n")
	lines := strings.Split(got, "\n")
	if len(lines) != 101 || lines[100] != "and 7 more" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

// What is no history, and what is no record of one.
func TestRecords(t *testing.T) {
	const head, end = "{\"history\":1,\"seed\":1}\n", "{\"end\":5,\"complete\":true}\n"
	for text, want := range map[string]string{
		"":                            "f:1:1: the file is empty; a history begins with {\"history\":1}",
		"{\"cut\":5}\n" + end:         "f:1:1: a history begins with {\"history\":1}\nf:1:8: unknown field \"cut\"",
		head + "{}\n" + end:           "f:2:1: the record is empty",
		head + "{\"died\":1}\n" + end: "f:2:1: a record begins with call, job, cut or end, not \"died\"",
		head + head + end:             "f:2:1: a record begins with call, job, cut or end, not \"history\"",
		head:                          "f:2:1: the history is cut off: its last record is not an end",
		head + strings.TrimSpace(end): "EOF",
		head + "\n" + end:             "f:2:1: expected a JSON object",
	} {
		r := NewReader("f", strings.NewReader(text))
		var err error
		for err == nil {
			_, err = r.Next()
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}
