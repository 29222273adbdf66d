package planted

import (
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/cmd/mutants/schemata"
)

// waits are the mistakes that show when a test has waited for some seconds: planted with -all.
var waits = []string{"KillAsks", "NoDescriptorToTake", "QEMULeft"}

// Each mistake fails the test of the driver that it names, and none of these fails without one.
func TestOwnTests(t *testing.T) {
	if planted() != "" {
		t.Skip("this is a process with a defect")
	}
	needsGo(t)
	mistakes = readDefects(t, "mistakes.txt", true)
	b := own()
	if b.err != nil {
		t.Fatal(b.err)
	}
	// A mistake may make a test hang, which is noticed as well: each takes a tenth of a second.
	run := func(t *testing.T, test string, env ...string) (string, error) {
		t.Helper()
		var parts []string
		for part := range strings.SplitSeq(test, "/") {
			parts = append(parts, "^("+part+")$")
		}
		cmd := exec.CommandContext(t.Context(), b.binary, "-test.run="+strings.Join(parts, "/"), "-test.v", "-test.timeout=10s", "-test.failfast")
		cmd.Dir = driverDir
		cmd.Env = append(os.Environ(), env...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	var tests []string
	for i, m := range mistakes {
		if !*all && slices.Contains(waits, m.name) {
			continue
		}
		top, _, _ := strings.Cut(m.test, "/")
		tests = append(tests, top)
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			out, err := run(t, m.test, schemata.Variable+"="+strconv.Itoa(i+1))
			if !strings.Contains(out, "=== RUN   "+m.test+"\n") {
				t.Fatalf("there is no %s:\n%s", m.test, out)
			}
			if err == nil {
				t.Errorf("%s does not notice that %s", m.test, m.says)
			}
		})
	}
	slices.Sort(tests)
	if out, err := run(t, strings.Join(slices.Compact(tests), "|")); err != nil {
		t.Errorf("without a mistake: %v\n%s", err, out)
	}
}
