package folder

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/reports/reportstest"
)

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

const whole = "index.html junit.xml lock-order results.json results.sarif"

func TestOutput(t *testing.T) {
	r := reportstest.ReportOn(t, search.Options{}, "event-loop")
	parent := t.TempDir()
	dir := filepath.Join(parent, "report")
	for range 2 {
		o, err := NewOutput(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Write(r); err != nil {
			t.Fatal(err)
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		if got := names(t, dir); got != whole {
			t.Error(got)
		}
		if got := names(t, parent); got != "report" {
			t.Error(got)
		}
	}
	// Given up before Write: nothing is left, and the old report stands.
	for _, d := range []string{dir, filepath.Join(parent, "never")} {
		o, err := NewOutput(d)
		if err != nil {
			t.Fatal(err)
		}
		o.Close()
	}
	if got := names(t, parent) + names(t, dir); got != "report"+whole {
		t.Error(got)
	}
}

// When the parts cannot all be put in place, those that were are taken back.
func TestOutputRollsBack(t *testing.T) {
	r := reportstest.ReportOn(t, search.Options{}, "event-loop:two-of-them")
	dir := t.TempDir()
	write := func(spoil func(o *Output)) error {
		o, err := NewOutput(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if err := o.stage(r); err != nil {
			t.Fatal(err)
		}
		spoil(o)
		return o.replace()
	}
	if err := write(func(*Output) {}); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	r.Tool.Version = "another"
	if err := write(func(o *Output) { os.Remove(filepath.Join(o.staging, "results.json")) }); err == nil {
		t.Fatal("no error")
	}
	after, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("results.json was replaced, %v", err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil || bytes.Contains(page, []byte("lockproof another")) {
		t.Errorf("index.html is the new one, %v", err)
	}
	if got := names(t, dir); got != whole {
		t.Error(got)
	}
}

// A full disk: a clear error, and no part of a report.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("no tmpfs may be mounted here (it takes root): %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	r := reportstest.ReportOn(t, search.Options{}, "exit-monitor-order")
	for _, dir := range []string{disk, filepath.Join(disk, "new")} {
		o, err := NewOutput(dir)
		if err != nil {
			t.Fatal(err)
		}
		err = o.Write(r)
		if err == nil || !strings.Contains(err.Error(), "no space left on device") || !strings.Contains(err.Error(), dir) {
			t.Errorf("%v", err)
		}
		o.Close()
		if got := names(t, disk); got != "" {
			t.Errorf("left behind: %s", got)
		}
	}
}
