package reports

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/search"
)

// The fingerprint of a problem is for ever: a baseline that somebody wrote must not go stale with a new version of the tool.
func TestFingerprint(t *testing.T) {
	id := Identity{"exit-monitor-order", "prose-order-with-rogue", "deadlock", "lock-order", "f in a.c; g in b.c", 1}
	if got := id.Fingerprint(); got != fingerprintOfAll {
		t.Errorf("%s", got)
	}
	for i, other := range []Identity{
		{"exit-monitor-orde", "rprose-order-with-rogue", "deadlock", "lock-order", "f in a.c; g in b.c", 1},
		{"exit-monitor-order", "prose-order-with-rogue", "deadlock", "lock-order", "f in a.c; g in b.c", 2},
		{"exit-monitor-order", "prose-order-with-rogue", "deadlock", "", "f in a.c; g in b.c", 1},
	} {
		if other.Fingerprint() == id.Fingerprint() {
			t.Errorf("%d: the same fingerprint", i)
		}
	}
}

const fingerprintOfAll = "8a666d447c79a0c049b74bb35175fd97"

func TestBaseline(t *testing.T) {
	r := mixed(t)
	var text bytes.Buffer
	if err := WriteBaseline(&text, NewBaseline(r)); err != nil {
		t.Fatal(err)
	}
	golden(t, "baseline.json", text.String())
	b, err := ReadBaseline("b.json", text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	again := mixed(t)
	for i := range again.Results {
		again.Results[i].Line += 7 // code above it was edited
	}
	if repaired := b.Apply(again); len(repaired) > 0 {
		t.Errorf("repaired: %+v", repaired)
	}
	if c := again.Count(); c.Unexpected != 0 || c.Known != 5 || c.Unknown != 1 {
		t.Errorf("%v", c)
	}
	// A second place of the same sort is a new problem.
	again.Findings = append(again.Findings, again.Findings[0])
	b.Apply(again)
	if !again.Findings[0].Known || again.Findings[2].Known {
		t.Errorf("%+v", again.Findings)
	}
	b.Problems = b.Problems[1:]
	if b.Apply(again); again.Results[0].Known || again.Results[0].Outcome() != Unexpected {
		t.Error("an unknown problem is known")
	}
}

func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte(`{"version": 1, "problems": []}`))
	f.Add([]byte(`{"version": 1, "problems": [{"fingerprint": "x", "number": -1}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ReadBaseline("f", text)
		if (err == nil) != (b != nil && len(b.Problems) >= 0 && err == nil) {
			t.Errorf("%v, %v", b, err)
		}
		if err == nil {
			b.Apply(NewReport("x"))
		}
		if err != nil && !strings.HasPrefix(err.Error(), "f:") {
			t.Errorf("no position: %v", err)
		}
	})
}

func FuzzReadReport(f *testing.F) {
	var b bytes.Buffer
	if err := WriteJSON(&b, NewReport("x")); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"tool":{"name":"lockproof","version":"x"},"findings":[],"results":[{"suite":"a","scenario":"b","counterexample":{"steps":[{"thread":9}],"end":[{"thread":-1}]}}]}`))
	head := `{"version":1,"tool":{"name":"lockproof","version":"x"},"findings":[],"results":[{"suite":"a","scenario":"b","verdict":"violation",`
	f.Add([]byte(head + `"load":{}}]}`))
	f.Add([]byte(head + `"counterexample":{"steps":[{"thread":1,"line":1,"file":"` + strings.Repeat("f", 200) + `"}]}}]}`))
	f.Add([]byte(head + `"lock_order":{"order":["c"],"nodes":[{"name":"n","class":"c"}],"edges":[{"from":"n","to":"n"}]}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ReadReport("f", text)
		if err != nil {
			return
		}
		var b bytes.Buffer
		for _, write := range []func() error{
			func() error { return WriteHTML(&b, r) }, func() error { return WriteJUnit(&b, r) }, func() error { return WriteSARIF(&b, r) },
		} {
			if err := write(); err != nil {
				t.Error(err)
			}
		}
	})
}

// What was written is read back without loss.
func TestReadReport(t *testing.T) {
	want := reportOn(t, search.Options{}, "event-loop", "driver-late:alone")
	var a, b bytes.Buffer
	if err := WriteJSON(&a, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadReport("a", a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&b, got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.String(), b.String()); diff != "" {
		t.Error(diff)
	}
}

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
	r := reportOn(t, search.Options{}, "event-loop")
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
	r := reportOn(t, search.Options{}, "event-loop:two-of-them")
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
	before, err := os.ReadFile(filepath.Join(dir, jsonFile))
	if err != nil {
		t.Fatal(err)
	}
	r.Tool.Version = "another"
	if err := write(func(o *Output) { os.Remove(filepath.Join(o.staging, jsonFile)) }); err == nil {
		t.Fatal("no error")
	}
	after, err := os.ReadFile(filepath.Join(dir, jsonFile))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("results.json was replaced, %v", err)
	}
	page, err := os.ReadFile(filepath.Join(dir, htmlFile))
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
	r := reportOn(t, search.Options{}, "exit-monitor-order")
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

func TestShard(t *testing.T) {
	for _, text := range []string{"", "1", "0/1", "2/1", "1/0", "-1/2", "1/2/3", "1/2 ", "01/2", "1/10001", "a/b"} {
		if s, err := ParseShard(text); err == nil {
			t.Errorf("%q is %+v", text, s)
		}
	}
	s, err := ParseShard("2/3")
	if err != nil || s.Takes(0) || !s.Takes(1) || s.Takes(2) || !s.Takes(4) || !(*Shard)(nil).Takes(9) {
		t.Errorf("%+v, %v", s, err)
	}
}
