package trial

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
)

// A Verdict is what became of a mutant.
type Verdict string

// The verdicts.
const (
	Noticed    Verdict = "noticed"
	TimedOut   Verdict = "timed out" // noticed as well: no test may take that long
	Survived   Verdict = "survived"
	Equivalent Verdict = "equivalent" // known to be; no test was run
	Broken     Verdict = "broken"     // does not build after all, and does not count
)

// An event is one line of `go test -json`.
type event struct {
	Action, Test, Output, FailedBuild string
	Elapsed                           float64
}

// An answer is what the tests of a package said. Its verdict is "" if they said nothing.
type answer struct {
	verdict Verdict
	test    string             // that failed
	seconds float64            // of the tests, without building them
	output  string             // of what failed
	tests   map[string]float64 // how many seconds each took that passed
}

// slow are the tests that took more than a twentieth of the time of all.
func (a answer) slow() map[string]float64 {
	slow := maps.Clone(a.tests)
	maps.DeleteFunc(slow, func(_ string, seconds float64) bool { return seconds <= max(0.2, a.seconds/20) })
	return slow
}

// read finds the answer in what `go test -json` printed.
func read(out []byte) answer {
	a := answer{tests: map[string]float64{}}
	var output strings.Builder
	for line := range bytes.Lines(out) {
		var e event
		if json.Unmarshal(line, &e) != nil {
			continue
		}
		output.WriteString(e.Output)
		switch {
		case strings.HasPrefix(e.Output, "panic: test timed out after "):
			a.verdict = TimedOut
		case e.Action == "fail" && e.FailedBuild != "":
			return answer{verdict: Broken, output: output.String()}
		case e.Action == "fail":
			if a.verdict == "" {
				a.verdict = Noticed
			}
			// The innermost test fails first.
			if a.test == "" {
				a.test = e.Test
			}
			a.seconds, a.output = e.Elapsed, output.String()
		case e.Action == "pass" && e.Test == "", e.Action == "skip" && e.Test == "":
			if a.verdict == "" {
				a.verdict = Survived
			}
			a.seconds = e.Elapsed
		case e.Action == "pass" && !strings.Contains(e.Test, "/"):
			a.tests[e.Test] = e.Elapsed
		}
	}
	return a
}
