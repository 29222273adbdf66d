package reports_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/page"
	"github.com/lockproof/lockproof/reports/reportstest"
)

// The fingerprint of a problem is for ever: a baseline that somebody wrote must not go stale with a
// new version of the tool.
func TestFingerprint(t *testing.T) {
	id := reports.Identity{Suite: "exit-monitor-order", Scenario: "prose-order-with-rogue", Verdict: "deadlock", Kind: "lock-order", Place: "f in a.c; g in b.c", Number: 1}
	if got := id.Fingerprint(); got != fingerprintOfAll {
		t.Errorf("%s", got)
	}
	for i, other := range []reports.Identity{
		{Suite: "exit-monitor-orde", Scenario: "rprose-order-with-rogue", Verdict: "deadlock", Kind: "lock-order", Place: "f in a.c; g in b.c", Number: 1},
		{Suite: "exit-monitor-order", Scenario: "prose-order-with-rogue", Verdict: "deadlock", Kind: "lock-order", Place: "f in a.c; g in b.c", Number: 2},
		{Suite: "exit-monitor-order", Scenario: "prose-order-with-rogue", Verdict: "deadlock", Kind: "", Place: "f in a.c; g in b.c", Number: 1},
	} {
		if other.Fingerprint() == id.Fingerprint() {
			t.Errorf("%d: the same fingerprint", i)
		}
	}
}

const fingerprintOfAll = "8a666d447c79a0c049b74bb35175fd97"

func TestBaseline(t *testing.T) {
	r := reportstest.Mixed(t)
	var text bytes.Buffer
	if err := reports.WriteBaseline(&text, reports.NewBaseline(r)); err != nil {
		t.Fatal(err)
	}
	reportstest.Golden(t, "baseline.json", text.String())
	b, err := reports.ReadBaseline("b.json", text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	again := reportstest.Mixed(t)
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
	if b.Apply(again); again.Results[0].Known || again.Results[0].Outcome() != reports.Unexpected {
		t.Error("an unknown problem is known")
	}
}

func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte(`{"version": 1, "problems": []}`))
	f.Add([]byte(`{"version": 1, "problems": [{"fingerprint": "x", "number": -1}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := reports.ReadBaseline("f", text)
		if (err == nil) != (b != nil && len(b.Problems) >= 0 && err == nil) {
			t.Errorf("%v, %v", b, err)
		}
		if err == nil {
			b.Apply(reports.NewReport("x"))
		}
		if err != nil && !strings.HasPrefix(err.Error(), "f:") {
			t.Errorf("no position: %v", err)
		}
	})
}

func FuzzReadReport(f *testing.F) {
	var b bytes.Buffer
	if err := formats.WriteJSON(&b, reports.NewReport("x")); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"tool":{"name":"lockproof","version":"x"},"findings":[],"results":[{"suite":"a","scenario":"b","counterexample":{"steps":[{"thread":9}],"end":[{"thread":-1}]}}]}`))
	head := `{"version":1,"tool":{"name":"lockproof","version":"x"},"findings":[],"results":[{"suite":"a","scenario":"b","verdict":"violation",`
	f.Add([]byte(head + `"load":{}}]}`))
	f.Add([]byte(head + `"counterexample":{"steps":[{"thread":1,"line":1,"file":"` + strings.Repeat("f", 200) + `"}]}}]}`))
	f.Add([]byte(head + `"lock_order":{"order":["c"],"nodes":[{"name":"n","class":"c"}],"edges":[{"from":"n","to":"n"}]}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := reports.ReadReport("f", text)
		if err != nil {
			return
		}
		var b bytes.Buffer
		for _, write := range []func() error{
			func() error { return page.WriteHTML(&b, r) }, func() error { return formats.WriteJUnit(&b, r) }, func() error { return formats.WriteSARIF(&b, r) },
		} {
			if err := write(); err != nil {
				t.Error(err)
			}
		}
	})
}

// What was written is read back without loss.
func TestReadReport(t *testing.T) {
	want := reportstest.ReportOn(t, search.Options{}, "event-loop", "driver-late:alone")
	var a, b bytes.Buffer
	if err := formats.WriteJSON(&a, want); err != nil {
		t.Fatal(err)
	}
	got, err := reports.ReadReport("a", a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := formats.WriteJSON(&b, got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.String(), b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestShard(t *testing.T) {
	for _, text := range []string{"", "1", "0/1", "2/1", "1/0", "-1/2", "1/2/3", "1/2 ", "01/2", "1/10001", "a/b"} {
		if s, err := reports.ParseShard(text); err == nil {
			t.Errorf("%q is %+v", text, s)
		}
	}
	s, err := reports.ParseShard("2/3")
	if err != nil || s.Takes(0) || !s.Takes(1) || s.Takes(2) || !s.Takes(4) || !(*reports.Shard)(nil).Takes(9) {
		t.Errorf("%+v, %v", s, err)
	}
}
