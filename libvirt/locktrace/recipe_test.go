package locktrace_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/locktrace"
)

// The recipe of docs/lock-trace.bt on a process that hangs in known ways. It needs bpftrace, and a
// kernel that lets it trace.
func TestRecipe(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	if _, err := os.Stat("/sys/kernel/tracing/uprobe_events"); err != nil || os.Getuid() != 0 {
		t.Skip("no uprobes here")
	}
	for _, tool := range []string{"gcc", "bpftrace"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs the Debian package %s", tool)
		}
	}
	dir := t.TempDir()
	program, script := filepath.Join(dir, "hang"), filepath.Join(dir, "trace.bt")
	if out, err := exec.Command("gcc", "-g", "-O0", "-pthread", "-Wno-cast-function-type", "-o", program, "../stacks/testdata/hang.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile("../../docs/lock-trace.bt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(script, bytes.ReplaceAll(text, []byte("LIBVIRT"), []byte(program)), 0o600); err != nil {
		t.Fatal(err)
	}
	for scenario, want := range map[string]diagnose.Cause{
		"order": diagnose.LockOrder, "self": diagnose.SelfDeadlock, "ring": diagnose.LockOrder, "busy": diagnose.CannotTell, "silent": diagnose.CannotTell,
	} {
		raw := record(t, script, program, scenario)
		d := read(t, raw)
		if d.Cause != want || d.Fault != (want != diagnose.CannotTell) {
			t.Errorf("%s: %s, want %s\n%s", scenario, d.Cause, want, raw)
		}
		if scenario == "order" && (len(d.Waiters) != 2 || !strings.Contains(raw, "virDomainObjList,") || !slices.ContainsFunc(d.Holders, func(h diagnose.Holder) bool { return h.Lock == "domain" })) {
			t.Errorf("%+v\n%s", d, raw)
		}
	}
}

// record traces a scenario from before its start until it hangs.
func record(t *testing.T, script, program, scenario string) string {
	t.Helper()
	var out safe
	trace := exec.Command("bpftrace", script)
	trace.Stdout = &out
	if err := trace.Start(); err != nil {
		t.Fatal(err)
	}
	end := func() {
		_ = trace.Process.Signal(os.Interrupt)
		_ = trace.Wait()
	}
	for range 100 {
		if strings.Contains(out.String(), locktrace.Header) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !strings.Contains(out.String(), locktrace.Header) {
		end()
		t.Skip("bpftrace does not come up here")
	}
	time.Sleep(500 * time.Millisecond) // until all probes are attached
	hang := exec.Command(program, scenario)
	var said safe
	hang.Stdout = &said
	if err := hang.Start(); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if strings.Contains(said.String(), "ready") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond) // until what was traced is printed
	end()
	_ = hang.Process.Kill()
	_ = hang.Wait()
	var lines []string
	for line := range strings.Lines(out.String()) {
		if line[0] >= '0' && line[0] <= '9' {
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(a, b string) int {
		x, _, _ := strings.Cut(a, ",")
		y, _, _ := strings.Cut(b, ",")
		if len(x) != len(y) {
			return len(x) - len(y)
		}
		return strings.Compare(x, y)
	})
	return locktrace.Header + "\n" + strings.Join(lines, "")
}
