//go:build !lockproof_defects

package schedule_test

import (
	"os/exec"
	"testing"
)

// The planted defects are compiled in under a build tag only, so that nothing of them can reach a
// binary that ships: this test builds itself again with the tag. `go test -tags lockproof_defects
// ./checker/schedule` is the same, with more to see.
func TestSeededDefects(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is not here")
	}
	out, err := exec.CommandContext(t.Context(), goTool, "test", "-tags", "lockproof_defects", "-run", "^TestSeededDefects$", "-v", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
