package linear

import (
	"fmt"
	"strings"
	"testing"
)

// What a reader may hold by itself is much: names of more than a megabyte, in one piece of a history.
func TestBoundsOfReading(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"history":1}` + "\n")
	const calls = 1200
	for i := range calls {
		fmt.Fprintf(&b, `{"call":"info","domain":"%s%d","client":"c","from":1}`+"\n", strings.Repeat("v", 1000), i)
	}
	b.WriteString(`{"cut":5}` + "\n" + `{"end":5,"complete":false}` + "\n")
	r := NewReader("f", strings.NewReader(b.String()))
	if h, err := r.Next(); err != nil || len(h.Operations) != calls {
		t.Errorf("%d calls, %v", len(h.Operations), err)
	}
	if r.mostRecords != 1<<20 {
		t.Errorf("%d records between two cuts", r.mostRecords)
	}
}

// A mistake is told once.
func TestOneProblemForOneMistake(t *testing.T) {
	for text, want := range map[string]string{
		`{"history":"1"}`: "f:1:12: history is a whole number",
		`{"history":2}`:   "f:1:12: version 2 of the format is not known, only 1",
	} {
		if got, _, _ := strings.Cut(problemsOf(t, NewReader("f", strings.NewReader(text+"\n"))), "\n"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if got := problemsOf(t, NewReader("f", strings.NewReader(text+"\n"+`{"end":0,"complete":true}`+"\n"))); strings.Count(got, "version") > strings.Count(want, "version") {
			t.Errorf("%s: %s", text, got)
		}
	}
}
