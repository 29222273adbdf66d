package trial

import (
	"bytes"
	"encoding/json"
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
	test    string  // that failed
	seconds float64 // of the tests, without building them
	output  string  // of what failed
}

// read finds the answer in what `go test -json` printed.
func read(out []byte) answer {
	var a answer
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
		}
	}
	return a
}
