package trial

import (
	"fmt"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		lines   []string
		verdict Verdict
		test    string
	}{
		"passes":   {[]string{`{"Action":"pass","Test":"TestA"}`, `{"Action":"pass","Elapsed":1.5}`}, Survived, ""},
		"no tests": {[]string{`{"Action":"skip"}`}, Survived, ""},
		"innermost test first": {
			[]string{`{"Action":"fail","Test":"TestA/b"}`, `{"Action":"fail","Test":"TestA"}`, `{"Action":"fail"}`}, Noticed, "TestA/b",
		},
		"no test fails, but the package": {[]string{`{"Action":"pass","Test":"TestA"}`, `{"Action":"fail"}`}, Noticed, ""},
		"timed out": {
			[]string{`{"Action":"output","Test":"TestA","Output":"panic: test timed out after 1s\n"}`, `{"Action":"fail","Test":"TestA"}`, `{"Action":"fail"}`},
			TimedOut, "TestA",
		},
		"does not build": {[]string{`{"Action":"build-fail","ImportPath":"a"}`, `{"Action":"fail","FailedBuild":"a"}`}, Broken, ""},
		"says nothing":   {[]string{"go: no such tool"}, "", ""},
	} {
		a := read([]byte(strings.Join(c.lines, "\n")))
		if a.verdict != c.verdict || a.test != c.test {
			t.Errorf("%s: %q %q, want %q %q", name, a.verdict, a.test, c.verdict, c.test)
		}
	}
	if a := read([]byte(`{"Action":"pass","Elapsed":1.5}`)); a.seconds != 1.5 {
		t.Error(a.seconds, "seconds")
	}
}

// A test is slow by what it takes of the time of all; what takes hardly any is not.
func TestSlow(t *testing.T) {
	for seconds, want := range map[string]string{"10": "map[TestA:4]", "2": "map[TestA:4 TestB:0.4]"} {
		a := read([]byte(`{"Action":"pass","Test":"TestA","Elapsed":4}
{"Action":"pass","Test":"TestA/part","Elapsed":4}
{"Action":"pass","Test":"TestB","Elapsed":0.4}
{"Action":"pass","Test":"TestC","Elapsed":0.2}
{"Action":"pass","Elapsed":` + seconds + `}
`))
		if got := fmt.Sprint(a.slow()); got != want {
			t.Errorf("of %s seconds: %s, want %s", seconds, got, want)
		}
	}
}
