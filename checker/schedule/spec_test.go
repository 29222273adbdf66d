package schedule

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/driver"
)

func TestParseThreads(t *testing.T) {
	got, err := ParseThreads(" query(vm1) x2,set-memory(vm-2, 4096) + info(vm-2) , crash(vm1),event(vm1), modify(vm1)")
	if err != nil {
		t.Fatal(err)
	}
	query := []Action{{Call: driver.Call{Op: driver.OpQuery, Domain: "vm1"}}}
	want := []ThreadSpec{
		{"query(vm1)", query},
		{"query(vm1)#2", query},
		{"set-memory(vm-2, 4096) + info(vm-2)", []Action{
			{Call: driver.Call{Op: driver.OpSetMemory, Domain: "vm-2", Arg: 4096}}, {Call: driver.Call{Op: driver.OpInfo, Domain: "vm-2"}},
		}},
		{"crash(vm1)", []Action{{Call: driver.Call{Domain: "vm1"}, Crash: true}}},
		{"event(vm1)", []Action{{Call: driver.Call{Domain: "vm1"}, Event: "RTC_CHANGE"}}},
		{"modify(vm1)", []Action{{Call: driver.Call{Op: driver.OpSuspend, Domain: "vm1"}}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for text, want := range map[string]string{
		"":                    `"" is not a call such as query(vm1)`,
		"query":               `"query" is not a call`,
		"query(vm1":           "is not a call",
		"query()":             `"" is not the name of a domain`,
		"query(a b)":          `"a b" is not the name of a domain`,
		"qeury(vm1)":          `there is no call "qeury"; the calls are define, undefine`,
		"died(vm1)":           "there is no call",
		"query(vm1) x0":       `"x0" after a thread`,
		"query(vm1) twice":    `"twice" after a thread`,
		"query(vm1, 3)":       `"3" is not an argument of query`,
		"set-memory(vm1, -1)": `"-1" is not an argument of set-memory`,
		"query(vm1) x17":      "more than 16 threads",
	} {
		if _, err := ParseThreads(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestParseStarts(t *testing.T) {
	got, err := ParseStarts("vm1=transient, vm2=stopped")
	if d := cmp.Diff(map[string]Start{"vm1": Undefined, "vm2": Down}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	for _, text := range []string{"vm1", "=running", "vm1=asleep", "vm1=running,"} {
		if _, err := ParseStarts(text); err == nil {
			t.Errorf("%q is no error", text)
		}
	}
}

func FuzzParseThreads(f *testing.F) {
	for _, s := range []string{"query(vm1) x2, modify(vm1)", "a(b,c)+d(e) x3", "((", "x(y))x2", ","} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		specs, err := ParseThreads(text)
		if err == nil && len(specs) == 0 {
			t.Error("no threads and no error")
		}
	})
}
