package folder

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/reportstest"
)

// A process may be killed between any two renames: what it leaves becomes the old report or the new
// one, whole.
func TestOutputMends(t *testing.T) {
	old, young := reportstest.ReportOn(t, search.Options{}, "event-loop:two-of-them"), reportstest.ReportOn(t, search.Options{}, "event-loop:two-of-them")
	young.Tool.Version = "young"
	isYoung := func(dir string) bool {
		var versions []bool
		for _, name := range []string{"results.json", "index.html", "results.sarif"} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, bytes.Contains(text, []byte("young")))
		}
		if versions[0] != versions[1] || versions[0] != versions[2] {
			t.Errorf("a mixed report: %v", versions)
		}
		return versions[0]
	}
	seen := map[bool]int{}
	for n := 0; ; n++ {
		dir := t.TempDir()
		for _, r := range []*reports.Report{old, young} {
			o, err := NewOutput(dir)
			if err != nil {
				t.Fatal(err)
			}
			if r == old {
				if err := errors.Join(o.Write(r), o.Close()); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := o.stage(r); err != nil {
				t.Fatal(err)
			}
			ended := killedAfter(o, n)
			o.mend(o.staging)
			o.Close()
			seen[isYoung(dir)]++
			if got := names(t, dir); got != whole {
				t.Errorf("after %d renames: %s", n, got)
			}
			if ended {
				if !isYoung(dir) || seen[false] < 5 || seen[true] < 5 {
					t.Errorf("%v", seen)
				}
				return
			}
		}
	}
}

// killedAfter does the first n renames of replace, and reports whether that was all.
func killedAfter(o *Output, n int) bool {
	more, in := n, func(folder, name string) string { return filepath.Join(o.staging, folder, name) }
	rename := func(from, to string) {
		if _, err := os.Lstat(from); err != nil {
			return
		}
		if more--; more >= 0 {
			os.Rename(from, to)
		}
	}
	os.Mkdir(in(leaving, ""), 0o755)
	for _, name := range parts() {
		rename(filepath.Join(o.dir, name), in(leaving, name))
	}
	rename(in(leaving, ""), in(left, ""))
	for _, name := range parts() {
		rename(in("", name), filepath.Join(o.dir, name))
	}
	return more >= 0
}
