package locktrace_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/libvirt/locktrace"
)

func read(t testing.TB, text string) *diagnose.Diagnosis {
	t.Helper()
	d, err := locktrace.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: strings.NewReader(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// trace writes steps like "1 lockreq vm1" of threads, a millisecond apart.
func trace(steps string) string {
	classes := map[string]string{"list": "virDomainObjList", "vm1": "virDomainObj", "vm2": "virDomainObj", "mon": "qemuMonitor", "agent": "qemuAgent"}
	out := locktrace.Header + "\n"
	i := 0
	for step := range strings.SplitSeq(steps, ";") {
		f := strings.Fields(step)
		if len(f) == 0 {
			continue
		}
		i++
		arg := "site-" + f[2]
		if strings.HasSuffix(f[1], "_ret") {
			arg = "0"
		}
		out += fmt.Sprintf("%d,%d,%s,%s,%s,0x%s,%s\n", i, 1795352957678041303+int64(i)*1_000_000, f[0], f[1], classes[f[2]], f[2], arg)
	}
	return out
}

func TestTraces(t *testing.T) {
	t.Parallel()
	take := func(thread, lock string) string {
		return thread + " lockreq " + lock + ";" + thread + " locked " + lock + ";"
	}
	leave := func(thread, lock string) string { return thread + " unlock " + lock + ";" }
	for name, c := range map[string]struct {
		steps string
		cause diagnose.Cause
		fault bool
		rules string
		holds string
		waits string
	}{
		"in order": {take("1", "list") + take("1", "vm1") + leave("1", "list") + leave("1", "vm1") + take("2", "vm1") + take("2", "mon"), diagnose.CannotTell, false, "[]", "2:domain 2:monitor", ""},
		"both orders, no hang": {
			take("1", "list") + take("1", "vm1") + leave("1", "vm1") + leave("1", "list") + take("2", "vm1") + take("2", "list") + leave("2", "list") + leave("2", "vm1"),
			diagnose.LockOrder, true, "[lock-order]", "", "",
		},
		"deadlock":          {take("1", "list") + take("2", "vm1") + "1 lockreq vm1;2 wrreq list", diagnose.LockOrder, true, "[lock-order]", "1:list 2:domain", "1:lock:domain 2:lock:list"},
		"three":             {take("1", "vm1") + take("2", "vm2") + take("3", "mon") + "1 lockreq vm2;2 lockreq mon;3 lockreq vm1", diagnose.LockOrder, true, "[lock-order]", "1:domain 2:domain 3:monitor", "1:lock:domain 2:lock:monitor 3:lock:domain"},
		"self":              {take("1", "vm1") + "1 lockreq vm1", diagnose.SelfDeadlock, true, "[self-deadlock]", "1:domain", "1:lock:domain"},
		"waits":             {take("1", "vm1") + "2 lockreq vm1", diagnose.CannotTell, false, "[]", "1:domain", "2:lock:domain"},
		"readers":           {"1 rdreq list;1 rdlocked list;2 rdreq list;2 rdlocked list;1 rdreq list;1 rdlocked list", diagnose.CannotTell, false, "[]", "1:list 1:list 2:list", ""},
		"against the order": {take("1", "mon") + take("1", "vm1") + leave("1", "vm1") + leave("1", "mon"), diagnose.CannotTell, false, "[lock-order]", "", ""},
		"sleeps alone":      {take("1", "vm1") + take("1", "mon") + "1 condwait_release mon;1 condwait_reacquired mon;" + leave("1", "mon") + leave("1", "vm1"), diagnose.CannotTell, false, "[]", "", ""},
		"sleeps, others wait": {
			take("1", "vm1") + take("1", "mon") + "1 condwait_release mon;2 lockreq vm1;1 condwait_reacquired mon;" + leave("1", "mon") + leave("1", "vm1") + "2 locked vm1;" + leave("2", "vm1"),
			diagnose.CannotTell, false, "[block-under-lock]", "", "",
		},
		"job":                  {"1 BeginJob vm1;1 BeginJob_ret vm1;2 BeginJob vm1", diagnose.CannotTell, false, "[]", "1:", "2:job"},
		"ends":                 {"1 BeginAsyncJob vm1;1 BeginAsyncJob_ret vm1;2 EndAsyncJob vm1", diagnose.CannotTell, false, "[]", "", ""},
		"begins in the middle": {leave("1", "vm1") + take("1", "vm1") + leave("1", "vm1"), diagnose.CannotTell, false, "[]", "", ""},
	} {
		d := read(t, trace(c.steps))
		holds, waits := []string{}, []string{}
		for _, h := range d.Holders {
			holds = append(holds, fmt.Sprintf("%d:%s", h.Thread, h.Lock))
		}
		for _, w := range d.Waiters {
			waits = append(waits, fmt.Sprintf("%d:%s", w.Thread, w.For))
		}
		if d.Cause != c.cause || d.Fault != c.fault || fmt.Sprint(d.Rules) != c.rules || strings.Join(holds, " ") != c.holds || strings.Join(waits, " ") != c.waits {
			t.Errorf("%s: %s %v %v, holds %v, waits %v", name, d.Cause, d.Fault, d.Rules, holds, waits)
		}
	}
}

// A finding has both places in the code.
func TestSites(t *testing.T) {
	t.Parallel()
	d := read(t, trace("1 lockreq list;1 locked list;1 lockreq vm1;1 locked vm1;1 unlock vm1;1 unlock list;2 lockreq vm1;2 locked vm1;2 lockreq list"))
	text := fmt.Sprint(d.Findings)
	for _, want := range []string{"asked for at site-vm1 under the list lock taken at site-list", "asked for at site-list under the domain lock taken at site-vm1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// Who waits stands behind who holds, the jobs have libvirt's names, and each line is one of its own
// file.
func TestWhoWaits(t *testing.T) {
	t.Parallel()
	text := locktrace.Header + `
1,1000000000,10,BeginJob,virDomainObj,0xd1,4
2,1000001000,10,BeginJob_ret,virDomainObj,0xd1,0
3,1000001400,11,BeginJob,virDomainObj,0xd1,query
4,1000001600,12,BeginAsyncJob,virDomainObj,0xd2,4
5,1000001700,12,BeginAsyncJob_ret,virDomainObj,0xd2,0
6,1000001800,12,BeginNestedJob,virDomainObj,0xd2,4
7,1000001801,12,BeginNestedJob_ret,virDomainObj,0xd2,0
8,1000001900,13,BeginAgentJob,virDomainObj,0xd2,2
9,1000001901,13,BeginAgentJob_ret,virDomainObj,0xd2,0
10,1000002000,14,BeginAsyncJob,virDomainObj,0xd1,6
11,1000002100,14,BeginAgentJob,virDomainObj,0xd2,7
12,1000003000,15,lockreq,qemuMonitor,0xe1,f
13,1000003001,15,locked,qemuMonitor,0xe1,
14,1000003002,16,lockreq,qemuMonitor,0xe1,g
`
	cut := strings.Index(text, "10,1000002000")
	d, err := locktrace.Reader{}.Read(context.Background(), []diagnose.Input{
		{Name: "a", Reader: strings.NewReader(text[:cut])}, {Name: "b", Reader: strings.NewReader(text[cut:])},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, h := range d.Holders {
		got += fmt.Sprintf("%d %s/%s/%s/%s %v\n", h.Thread, h.Job, h.Async, h.Agent, h.Lock, h.At)
	}
	for _, w := range d.Waiters {
		got += fmt.Sprintf("%d wants %q for %s behind %d %v\n", w.Thread, w.Wants, w.For, w.Behind, w.At)
	}
	want := `15 ///monitor [{b 4}]
10 modify/// [{a 3}]
12 /dump// [{a 6}]
12 async nested/dump// [{a 8}]
13 //modify/ [{a 10}]
11 wants "query" for job behind 2 [{a 4}]
14 wants "start" for job behind 2 [{b 1}]
14 wants "" for agent behind 5 [{b 2}]
16 wants "" for lock:monitor behind 1 [{b 5}]
`
	if got != want || d.Fault || !strings.Contains(fmt.Sprint(d.Why), "4 threads wait") {
		t.Errorf("got\n%swant\n%s%v", got, want, d.Why)
	}
}

// Of a deadlock the side is named that asks against libvirt's order.
func TestWrongSide(t *testing.T) {
	t.Parallel()
	d := read(t, trace("1 lockreq vm1;1 locked vm1;2 lockreq mon;2 locked mon;1 lockreq mon;2 lockreq vm1"))
	if f := d.Findings[0]; f.At.Line != 7 || !strings.Contains(fmt.Sprint(d.Why), "the wrong side is thread 2: it asks for the domain lock while it holds the monitor lock") {
		t.Errorf("%+v %v", f, d.Why)
	}
	if d = read(t, trace("1 lockreq vm1;1 locked vm1;1 lockreq vm1")); strings.Contains(fmt.Sprint(d.Why), "wrong side") {
		t.Errorf("%v", d.Why)
	}
}

// The beginning of a real trace, of libvirt 9.0.0 under load. What is counted is counted here in
// another way.
func TestRealTrace(t *testing.T) {
	t.Parallel()
	text := diagnosetest.Content(t, "testdata/excerpt.csv.zst")
	d := read(t, string(text))
	if d.Cause != diagnose.CannotTell || d.Fault || len(d.Rules) > 1 {
		t.Errorf("%s %v %v", d.Cause, d.Fault, d.Rules)
	}
	notes := fmt.Sprint(d.Notes)
	if !strings.Contains(notes, "the order of locks that was seen: list, domain, monitor") {
		t.Error(notes)
	}
	for class, short := range map[string]string{"virDomainObj": "domain", "qemuMonitor": "monitor", "virDomainObjList": "list"} {
		want := 0
		for _, op := range []string{"locked", "rdlocked", "wrlocked", "condwait_reacquired"} {
			want += bytes.Count(text, []byte(","+op+","+class+","))
		}
		m := regexp.MustCompile(short + `, taken (\d+) times: held`).FindStringSubmatch(notes)
		if m == nil {
			t.Fatalf("nothing about the %s in %s", short, notes)
		}
		if n, _ := strconv.Atoi(m[1]); n != want || n == 0 {
			t.Errorf("the %s was taken %d times, want %d", short, n, want)
		}
	}
	if n := d.Counts[0].N; n != int64(bytes.Count(text, []byte("\n"))-1) {
		t.Errorf("%d records", n)
	}
	if fmt.Sprint(d.Counts) != fmt.Sprint(read(t, string(text)).Counts) || strings.Contains(fmt.Sprint(d.Counts), "at once") {
		t.Errorf("%v", d.Counts)
	}
	// A lost unlock is seen: another thread has the lock too, or its owner has it still.
	lines := strings.SplitAfter(string(text), "\n")
	lost := 0
	for i, line := range lines {
		if !strings.Contains(line, ",unlock,virDomainObj,") {
			continue
		}
		if lost++; lost%10 != 0 {
			continue
		}
		x := read(t, strings.Join(lines[:i], "")+strings.Join(lines[i+1:], ""))
		if !strings.Contains(fmt.Sprint(x.Counts), "at once") && len(x.Holders) == len(d.Holders) {
			t.Errorf("a lost unlock in line %d is not seen", i+1)
		}
	}
	if lost < 70 {
		t.Errorf("only %d unlocks", lost)
	}
}

func TestForeign(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a,b,c\n", "seq,ns\n1,2\n", "1,2,3,4,5,6,7,8\n"} {
		if r := (locktrace.Reader{}).Recognise([]byte(text)); r != diagnose.Foreign {
			t.Errorf("%q is taken for a trace", text)
		}
		if _, err := (locktrace.Reader{}).Read(context.Background(), []diagnose.Input{{Name: "x", Reader: strings.NewReader(text)}}); !diagnose.IsUnreadable(err) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if r := (locktrace.Reader{}).Recognise([]byte(trace("1 lockreq vm1"))); r != diagnose.Certain {
		t.Error("a trace is not recognised")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(trace("1 lockreq vm1;1 locked vm1;2 lockreq vm1;1 condwait_release vm1;2 locked vm1;1 BeginJob vm1;1 BeginJob_ret vm1"))
	f.Add(trace("1 rdreq list;1 rdlocked list;1 unlock list;1 EndJob vm1;1 new vm1"))
	f.Fuzz(func(t *testing.T, text string) {
		d, err := locktrace.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: strings.NewReader(text)}})
		if err != nil && !diagnose.IsUnreadable(err) || err == nil && d.Cause == "" {
			t.Fatalf("%+v, %v", d, err)
		}
	})
}
